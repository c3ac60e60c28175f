"""Names: the best alignment over all spellings of both sides."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.evidence.residues import Rest, compare_residues, rules_of_residues
from netpursuit.kernel import native_name_levels
from netpursuit.kernel.agreements import find_agreements, rules_of_agreements
from netpursuit.kernel.align import align
from netpursuit.kernel.native import is_native
from netpursuit.kernel.ragged import best_first, first_that_holds, pair_rows
from netpursuit.kernel.relate import Relations
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import (
    NAME_CAP,
    NAME_CAP_DIFFERING,
    NAME_CAP_NEAR,
    NAME_DAMP_FROM,
    NAME_DAMP_PERCENT,
    TOKEN_COSTS,
    WEAK_ALIAS_PERCENT,
    TokenLevel,
    codes,
)
from netpursuit.prepare.columns import PreparedBatch

Array = npt.NDArray[Any]
LEVEL = codes("name")
_COMBOS_AT_ONCE = 40_000
_MOST_OPEN = 2  # parts of names that agree in none and are still compared letter by letter
# The level of the first test that holds (``_score_combos``), and of none.
_LEVELS = (
    *("near", "differs", "similar", "order-differs", "generation-differs", "part-near", "part-two-near", "part-alike"),
    *("part-differs", "turned-within", "only-part", "part-missing", "same", "same-other-script", "similar"),
)


@dataclass(frozen=True, slots=True)
class NameComparison:
    """One row per pair: level, thousandths of a bit, and the names that agree best (-1 where not compared).

    ``weak`` tells that the best name is a low-quality alias.
    """

    level: npt.NDArray[np.int8]
    millibits: npt.NDArray[np.int32]
    left_name: Array
    right_name: Array
    weak: npt.NDArray[np.bool_]


def damp(millibits: Array) -> Array:
    """Bits beyond the eighth count three quarters; no name counts more than the cap.

    >>> damp(np.array([6_000, 12_000, 90_000])).tolist()
    [6000, 11000, 22000]
    """
    beyond = np.maximum(millibits - NAME_DAMP_FROM, 0)
    damped: Array = np.minimum(np.minimum(millibits, NAME_DAMP_FROM) + beyond * NAME_DAMP_PERCENT // 100, NAME_CAP)
    return damped


def _score_combos(
    left: PreparedBatch,
    right: PreparedBatch,
    left_names: Array,
    right_names: Array,
    relations: Relations,
    policy: Policy,
) -> tuple[Array, Array]:
    """Level and thousandths of a bit of each pair of names."""
    size = len(left_names)
    found = find_agreements(left, right, left_names, right_names, relations)
    chosen, used_left, used_right = align(
        found.combo, found.weight, left.slot_mask[found.left_slot], right.slot_mask[found.right_slot], size
    )
    combo = found.combo[chosen]
    matched = np.zeros(size, np.int64)
    np.add.at(matched, combo, found.weight[chosen])
    worst = np.zeros(size, np.int8)
    np.maximum.at(worst, combo, found.level[chosen])
    left_open = left.name_size[left_names] - np.bitwise_count(used_left)
    right_open = right.name_size[right_names] - np.bitwise_count(used_right)
    differing = np.minimum(left_open, right_open).astype(np.int64)
    missing = np.abs(left_open - right_open).astype(np.int64)
    agreeing = np.where(differing > 0, np.minimum(damp(matched), NAME_CAP_DIFFERING), damp(matched))
    left_slots, right_slots = left.slot_mask[found.left_slot[chosen]], right.slot_mask[found.right_slot[chosen]]
    turned = _turns(combo, left_slots, right_slots, size)
    reversed_ = (turned > 0) & left.name_ordered[left_names] & right.name_ordered[right_names]
    asked = (differing > 0) & ((matched > 0) | (np.maximum(left_open, right_open) <= _MOST_OPEN))
    rest = compare_residues(left, right, left_names, right_names, used_left, used_right, asked)
    agreeing = np.where(rest.slip, damp(matched), agreeing)
    agreeing = np.where(rest.near, np.minimum(damp(matched), NAME_CAP_NEAR), agreeing)
    differing, missing = np.where(rest.slip, 0, differing), np.where(rest.slip, 0, missing)
    cost = policy.weights["name"].astype(np.int64)
    differ_cost = first_that_holds(
        [rest.near, rest.two_near, rest.alike],
        [cost[LEVEL[level]] for level in ("part-near", "part-two-near", "part-alike")],
        differing * cost[LEVEL["part-differs"]],
    )
    total = agreeing - differ_cost - missing * cost[LEVEL["part-missing"]]
    one, other = left.name_generation[left_names], right.name_generation[right_names]
    generations = (one > 0) & (other > 0) & (one != other)
    total -= generations * cost[LEVEL["generation-differs"]]
    # Written family name first or last, a name is turned as a whole; Hoa Nghia within it is not Nghia Hoa.
    within = turned > 1
    total -= within * cost[LEVEL["turned-within"]]
    only = ~rest.slip & (np.minimum(left.name_size[left_names], right.name_size[right_names]) == 1)
    total -= reversed_ * cost[LEVEL["order-differs"]] + only * cost[LEVEL["only-part"]]
    floor = cost[LEVEL["differs"]]
    total = np.where(matched > 0, np.maximum(total, floor), np.where(rest.alone, cost[LEVEL["near"]], floor))
    # A weak alias supports half as much, and never speaks against anybody more than the other names do.
    weak = left.name_weak[left_names] | right.name_weak[right_names]
    total = np.where(weak & (total > 0), total * WEAK_ALIAS_PERCENT // 100, total)
    tests = [
        (matched == 0) & rest.alone,
        matched == 0,
        rest.slip,
        reversed_,
        generations,
        rest.near,
        rest.two_near,
        rest.alike,
        differing > 0,
        within,
        only,
        missing > 0,
        worst <= TokenLevel.FOLDED,
        worst <= TokenLevel.READING,
    ]
    *levels, otherwise = (LEVEL[level] for level in _LEVELS)
    level = first_that_holds(tests, levels, otherwise)
    return level, total


def _turns(combo: Array, left_mask: Array, right_mask: Array, size: int) -> npt.NDArray[np.int64]:
    """How the agreeing parts of a combination stand on the other side: 0 in the same order, 1 turned as a whole (the
    last parts come first), 2 and more turned within."""
    order = np.lexsort((left_mask, combo))
    combo, right_mask = combo[order], right_mask[order].astype(np.int64)
    down = (combo[1:] == combo[:-1]) & (right_mask[1:] < right_mask[:-1])
    turns = np.bincount(combo[1:][down], minlength=size)
    first, last = np.zeros(size, np.int64), np.zeros(size, np.int64)
    last[combo] = right_mask
    first[combo[::-1]] = right_mask[::-1]
    return turns + ((turns > 0) & (last > first))


def compare_names(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    relations: Relations,
    policy: Policy,
) -> NameComparison:
    """The best pair of names of each pair of records."""
    compare = _compare_natively if is_native() else _compare
    return compare(left, right, left_rows, right_rows, relations, policy)


@lru_cache
def _rules(policy: Policy) -> native_name_levels.Rules:
    """All that names are weighed by, for the compiled kernel."""
    cost = {key.replace("-", "_"): int(policy.weights["name"][code]) for key, code in LEVEL.items()}
    levels = {
        *("part_near", "part_two_near", "part_alike", "part_differs", "part_missing", "generation_differs"),
        *("turned_within", "order_differs", "only_part", "near", "differs"),
    }
    tables, numbers = rules_of_agreements()
    more_tables, more_numbers = rules_of_residues()
    level = np.array([LEVEL[key] for key in (*_LEVELS, "not-compared")])
    return native_name_levels.rules_of(
        {**tables, **more_tables, "level": level},
        {
            **{key: cost[key] for key in levels},
            **numbers,
            **more_numbers,
            "folded_level": TokenLevel.FOLDED,
            "reading_level": TokenLevel.READING,
            "damp_from": NAME_DAMP_FROM,
            "damp_percent": NAME_DAMP_PERCENT,
            "cap": NAME_CAP,
            "cap_near": NAME_CAP_NEAR,
            "cap_differing": NAME_CAP_DIFFERING,
            "weak_percent": WEAK_ALIAS_PERCENT,
            "most_open": _MOST_OPEN,
        },
    )


def _compare_natively(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    relations: Relations,
    policy: Policy,
) -> NameComparison:
    """As ``_compare``, two names at a time in the compiled kernel."""

    def tell(asked: Array) -> npt.NDArray[np.uint8]:
        flags = np.zeros(len(asked), np.uint8)
        for begin in range(0, len(flags), _COMBOS_AT_ONCE):
            some = asked[begin : begin + _COMBOS_AT_ONCE]
            names, used = (some["left_name"], some["right_name"]), (some["used_left"], some["used_right"])
            rest = compare_residues(left, right, *names, *used, np.ones(len(some), bool))
            flags[begin : begin + len(some)] = sum(flag.astype(np.uint8) << bit for bit, flag in enumerate(rest))
        return flags

    found = native_name_levels.compare(left, right, left_rows, right_rows, relations, _rules(policy), tell)
    return NameComparison(*(found[field.name] for field in fields(NameComparison)))


def _compare(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    relations: Relations,
    policy: Policy,
) -> NameComparison:
    pairs = len(left_rows)
    pair, left_names, right_names = pair_rows(left.name_start, left_rows, right.name_start, right_rows)
    levels, totals = np.zeros(len(pair), np.int8), np.zeros(len(pair), np.int64)
    for begin in range(0, len(pair), _COMBOS_AT_ONCE):
        part = slice(begin, begin + _COMBOS_AT_ONCE)
        levels[part], totals[part] = _score_combos(left, right, left_names[part], right_names[part], relations, policy)
    best = best_first(pair, totals, pairs)
    there = best >= 0
    at = np.where(there, best, 0)
    if not len(pair):
        nothing = np.full(pairs, -1, np.int64)
        level = np.full(pairs, LEVEL["not-compared"], np.int8)
        return NameComparison(level, np.zeros(pairs, np.int32), nothing, nothing, np.zeros(pairs, np.bool_))
    weak = right.name_weak[right_names[at]] | left.name_weak[left_names[at]]
    return NameComparison(
        level=np.where(there, levels[at], LEVEL["not-compared"]).astype(np.int8),
        millibits=np.where(there, totals[at], 0).astype(np.int32),
        left_name=np.where(there, left_names[at], -1),
        right_name=np.where(there, right_names[at], -1),
        weak=there & weak,
    )


def explain_names(
    left: PreparedBatch, right: PreparedBatch, left_name: int, right_name: int, relations: Relations
) -> str:
    """How the parts of two names agree and what is left of them, for people.

    ``wei=伟 reading 5.1; zhang=张 reading 3.0``, then ``li≠wang`` for what differs or ``+ming`` for what only one side
    has, then what the sum is damped to.
    """
    if left_name < 0 or right_name < 0:
        return ""
    found = find_agreements(left, right, np.array([left_name]), np.array([right_name]), relations)
    masks = left.slot_mask[found.left_slot], right.slot_mask[found.right_slot]
    chosen, used_left, used_right = align(found.combo, found.weight, *masks, 1)
    parts = []
    for row in np.flatnonzero(chosen):
        one = left.tokens.folded[left.slot_token[found.left_slot[row]]]
        other = right.tokens.folded[right.slot_token[found.right_slot[row]]]
        parts.append(f"{one}={other} {TOKEN_COSTS[found.level[row]].key} {found.weight[row] / 1000:.1f}")
    rests = [
        " ".join(batch.tokens.folded.take(Rest.of(batch, np.array([name]), used).token.tolist()))
        for batch, name, used in ((left, left_name, used_left), (right, right_name, used_right))
    ]
    matched = found.weight[chosen].sum()
    notes = sorted(parts)
    if any(rests):
        notes.append("≠".join(rests) if all(rests) else f"+{''.join(rests)}")
    if damp(matched) < matched:
        notes.append(f"{matched / 1000:.1f} damped to {damp(matched) / 1000:.1f}")
    return "; ".join(notes)
