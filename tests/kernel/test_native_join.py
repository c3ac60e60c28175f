"""The compiled join finds the pairs of name parts that NumPy finds, each at the same level, and stops at damage."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.errors import StorageError
from netpursuit.kernel import relate
from netpursuit.kernel.native import is_native
from netpursuit.kernel.relate import SortedKeys, sort_keys
from netpursuit.kernel.together import slips_in_joined
from netpursuit.policy.model import Policy
from netpursuit.prepare import Preparer
from netpursuit.prepare.columns import TextColumn, TokenTable
from netpursuit.records import Name, Person
from tests.conftest import leave_out
from tests.matching.test_lossless import people

PREPARER = Preparer(Policy.shipped().frequencies)
NAMES = (
    *("Friedrich Buchenberg", "Fridrichbuchenberg", "Abd al-Rahman Yusuf", "ABDURRAHMAN Yousef", "Ng Tze-Kwan", "Mina"),
    *("Tina", "Bo Li", "Александр Иванов", "Aleksandr Ivanoff", "محمد عبد الله", "Mohammed Abdullah", "משה כהן"),
    *("欧阳志远", "歐陽志遠", "Ouyang Zhiyuan", "张伟", "章伟", "Zhang Wei", "김민준", "Kim Min-jun"),
    *("やまだ たろう", "José Ñuñez", "O'Brien"),
)
ALPHABET = "abdehimnorstuy -'áñ王伟张志ваинм"


@pytest.fixture(autouse=True)
def _compiled_here() -> None:
    if not is_native():
        leave_out("the native kernel is not compiled (it needs a C compiler while the package is installed)")


def tokens_of(names: list[str]) -> TokenTable:
    return PREPARER.prepare([Person(names=(Name(text=name),)) for name in names]).tokens


def both(left: TokenTable, right: TokenTable, keys: SortedKeys) -> tuple[relate.Relations, relate.Relations]:
    more = slips_in_joined(left, right, keys.hash, keys.deletion_hash, keys.deletion_token)
    return relate._relate(left, right, keys, more), relate._relate_natively(left, right, keys, more)


def assert_alike(left: TokenTable, right: TokenTable) -> int:
    reference, native = both(left, right, sort_keys(right))
    np.testing.assert_array_equal(native.key, reference.key)
    np.testing.assert_array_equal(native.level, reference.level)
    assert native.level.dtype == reference.level.dtype
    return len(native.key)


@st.composite
def names(draw: st.DrawFn) -> str:
    """One of the names, most often with a few letters put in, left out, changed or swapped."""
    text = draw(st.sampled_from(NAMES))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, max(0, len(text) - 1)))
        change = draw(st.sampled_from(("in", "out", "other", "swap", "again")))
        letter = draw(st.sampled_from(ALPHABET)) if change in ("in", "other") else ""
        rest = text[place + 1 :]
        text = (
            text[:place]
            + {
                "in": letter + text[place : place + 1] + rest,
                "out": rest,
                "other": letter + rest,
                "swap": rest[:1] + text[place : place + 1] + rest[1:],
                "again": text[place : place + 1] * 2 + rest,
            }[change]
        )
    return text


@settings(max_examples=150, deadline=None)
@given(st.lists(names(), max_size=12), st.lists(names(), max_size=12))
def test_names_with_slips_agree_alike(left: list[str], right: list[str]) -> None:
    assert_alike(tokens_of(left), tokens_of(right))


@pytest.mark.parametrize(("seed", "listed", "asked"), [(1, 40, 300), (2, 3_000, 800), (3, 3_000, 1)])
def test_invented_people_agree_alike(seed: int, listed: int, asked: int) -> None:
    left, right = (PREPARER.prepare(people(at, size)).tokens for at, size in ((seed + 10, asked), (seed, listed)))
    assert assert_alike(left, right) > (100 if asked > 1 else 0)


def test_words_longer_than_what_is_hashed_agree_alike() -> None:
    word = "abcdefghijklmnopqrst" * 20
    others = [word[:-1], word[:45] + "x" + word[46:], f"x{word}", word[::-1], word[:39], word[:41]]
    assert assert_alike(tokens_of([word]), tokens_of([word, *others])) >= 3


def damaged(table: TokenTable, keys: SortedKeys) -> dict[str, tuple[TokenTable, SortedKeys]]:
    astray = np.full(len(keys.token), len(table), np.int32)
    start = table.folded.start.copy()
    start[1::2] = 1 << 40
    return {
        "token of a key": (table, replace(keys, token=astray)),
        "token below nought": (table, replace(keys, token=-astray - 1)),
        "token of a form": (table, replace(keys, deletion_token=np.full_like(keys.deletion_token, 1 << 30))),
        "text behind the end": (replace(table, folded=TextColumn(start, table.folded.data)), keys),
        "column too short": (replace(table, length=table.length[:-1]), keys),
        "hashes without tokens": (table, replace(keys, token=keys.token[:-1])),
    }


@pytest.mark.parametrize("what", list(damaged(tokens_of(["Ivan"]), sort_keys(tokens_of(["Ivan"])))))
def test_an_index_that_leads_astray_is_damage(what: str) -> None:
    listed = ["Friedrich Buchenberg", "Aleksandr Ivanov", "Yusuf Rahman"]
    table = tokens_of(listed)
    right, keys = damaged(table, sort_keys(table))[what]
    left = tokens_of(["Fridrich Buchenberg", "Alexandr Ivanow", "Yusuf Rahmann"])
    with pytest.raises(StorageError, match="the index is damaged"):
        relate._relate_natively(left, right, keys, np.zeros((2, 0), np.int64))
