"""The hot loops against textbook definitions."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from netpursuit.kernel.align import align
from netpursuit.kernel.deletions import deletion_keys
from netpursuit.kernel.ragged import best_first, expand, join_sorted, pair_rows

counts = st.lists(st.integers(0, 4), min_size=1, max_size=8)


def starts(sizes: list[int]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)


@given(counts, st.data())
def test_expansion_lists_every_row_of_every_owner_in_order(sizes: list[int], data: st.DataObject) -> None:
    start = starts(sizes)
    owners = np.array(data.draw(st.lists(st.integers(0, len(sizes) - 1), max_size=10)), np.int64)
    position, rows = expand(start, owners)
    expected = [(i, row) for i, owner in enumerate(owners) for row in range(start[owner], start[owner + 1])]
    assert list(zip(position.tolist(), rows.tolist(), strict=True)) == expected


@given(counts, counts, st.data())
def test_pairing_is_the_cross_product(left: list[int], right: list[int], data: st.DataObject) -> None:
    ls, rs = starts(left), starts(right)
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, len(left) - 1), st.integers(0, len(right) - 1)), min_size=1, max_size=6)
    )
    one, other = (np.array(side, np.int64) for side in zip(*pairs, strict=True))
    position, lr, rr = pair_rows(ls, one, rs, other)
    expected = [
        (at, a, b) for at, (i, j) in enumerate(pairs) for a in range(ls[i], ls[i + 1]) for b in range(rs[j], rs[j + 1])
    ]
    assert list(zip(position.tolist(), lr.tolist(), rr.tolist(), strict=True)) == expected


@given(st.lists(st.integers(0, 9), max_size=12), st.lists(st.integers(0, 9), max_size=12))
def test_a_join_finds_all_equal_pairs(left: list[int], right: list[int]) -> None:
    keys = np.sort(np.array(right, np.uint64))
    at, found = join_sorted(np.array(left, np.uint64), keys)
    expected = {(i, j) for i, a in enumerate(left) for j, b in enumerate(keys.tolist()) if a == b}
    assert set(zip(at.tolist(), found.tolist(), strict=True)) == expected


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(-9, 9)), max_size=15))
def test_the_best_of_a_group_is_the_first_of_the_largest(rows: list[tuple[int, int]]) -> None:
    groups = np.array([group for group, _ in rows], np.int64)
    weights = np.array([weight for _, weight in rows], np.int64)
    best = best_first(groups, weights, 5)
    for group in range(5):
        members = [i for i, (owner, _) in enumerate(rows) if owner == group]
        expected = min(members, key=lambda i: (-rows[i][1], i)) if members else -1
        assert best[group] == expected


@given(st.text("abcdé", min_size=1, max_size=9), st.text("abcdé", min_size=1, max_size=9))
def test_tokens_within_one_edit_always_share_a_deletion_form(left: str, right: str) -> None:
    owners, keys = deletion_keys([left, right])
    shared = set(keys[owners == 0].tolist()) & set(keys[owners == 1].tolist())
    if OSA.distance(left, right) <= 1:
        assert shared


def test_tokens_without_a_common_letter_share_no_deletion_form() -> None:
    owners, keys = deletion_keys(["abcdef", "uvwxyz"])
    assert not set(keys[owners == 0].tolist()) & set(keys[owners == 1].tolist())


def test_alignment_uses_each_part_once_and_takes_the_best_first() -> None:
    # Two parts on each side; part 0 agrees with both, best with right 1; part 1 only with right 1.
    combo = np.zeros(3, np.int64)
    weight = np.array([5, 9, 7])
    left = np.array([0b01, 0b01, 0b10], np.uint16)
    right = np.array([0b01, 0b10, 0b10], np.uint16)
    chosen, used_left, used_right = align(combo, weight, left, right, 1)
    assert chosen.tolist() == [False, True, False]
    assert (used_left[0], used_right[0]) == (0b01, 0b10)
