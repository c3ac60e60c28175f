"""Upper bounds of what a pair's fields can weigh, so that only pairs that could reach the band are scored."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.index.compiled import NO_LETTER, CompiledList, first_letters
from netpursuit.kernel.agreements import weigh
from netpursuit.kernel.ragged import counts_of, expand, owners_of
from netpursuit.kernel.relate import COSTS, Relations
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import (
    INITIAL_RARITY,
    NAME_CAP,
    NAME_DAMP_FROM,
    NAME_DAMP_PERCENT,
    TokenLevel,
    codes,
)
from netpursuit.prepare.columns import PreparedBatch

Array = npt.NDArray[Any]

# The levels that a look-up finds; whatever other levels weigh may stand in pairs that no look-up of the field finds.
LOOKED_UP = {
    "birth-date": ("same-day", "same-day-conventional", "same-month", "day-month-swapped"),
    "address": ("same-unit", "same-house"),
    "phone": ("same", "consistent"),
    "email": ("same", "similar", "same-name-elsewhere"),
    "sex": (),
    "nationality": (),
}
INITIAL_MILLIBITS = INITIAL_RARITY - int(COSTS[TokenLevel.INITIAL])


@dataclass(frozen=True, slots=True)
class RowRanges:
    """For ``person[i]`` the rows ``low[i]:high[i]`` of ``records``."""

    person: Array
    low: Array
    high: Array
    records: Array


def expand_ranges(ranges: RowRanges, first: int, last: int) -> tuple[Array, Array]:
    """(person, record) of every row of the ranges of the persons ``first`` to ``last - 1``."""
    inside = np.flatnonzero((ranges.person >= first) & (ranges.person < last) & (ranges.high > ranges.low))
    low, counts = ranges.low[inside], ranges.high[inside] - ranges.low[inside]
    ends = np.cumsum(counts)
    rows = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(ends - counts - low, counts)
    return np.repeat(ranges.person[inside].astype(np.int64), counts), ranges.records[rows].astype(np.int64)


@lru_cache
def unkeyed_most(policy: Policy, table: str) -> int:
    """The most that a field may weigh in pairs that no look-up of that field finds."""
    found = [code for level, code in codes(table).items() if level not in LOOKED_UP[table]]
    return max(0, int(policy.weights[table][found].max()))


def unkeyed_millibits(query: PreparedBatch, policy: Policy) -> Array:
    """What each person's fields could add without a look-up of theirs: only fields that the person states."""
    total = np.where(query.sex > 0, unkeyed_most(policy, "sex"), 0).astype(np.int64)
    for start, table in (
        (query.date_start, "birth-date"),
        (query.address_start, "address"),
        (query.phone_start, "phone"),
        (query.email_start, "email"),
        (query.nation_start, "nationality"),
    ):
        total += np.where(counts_of(start) > 0, unkeyed_most(policy, table), 0)
    return total


@lru_cache
def disagreement(policy: Policy) -> int:
    """What names cost at least of which no part agrees."""
    return max(policy.weight("name", level) for level in ("near", "differs"))


def _bits(letters: Array) -> Array:
    """A bit for each letter; none for what is no initial."""
    return np.where(letters == NO_LETTER, 0, np.int64(1) << np.minimum(letters, 26).astype(np.int64))


@dataclass(frozen=True, slots=True)
class NameBounds:
    """What the names of a pair can weigh at most, by its tokens alone.

    ``key`` = person * tokens of the list + token of the list, sorted, with the most that this token adds (``weight``).
    """

    right: PreparedBatch
    right_size: int
    key: Array
    weight: Array
    named: npt.NDArray[np.bool_]
    initials: Array  # per person the letters that stand alone
    firsts: Array  # per person the letters that its parts begin with
    letters: npt.NDArray[np.uint8]  # of the list's tokens, as ``first_letters`` gives them
    lone: npt.NDArray[np.bool_]  # tokens of the list that are one letter
    has_initials: bool  # whether there are any
    row_at: Array  # agreeing pairs: row of the query's slots
    row_token: Array  # and the token of the list
    disagreement: int  # what names cost of which no part agrees

    @classmethod
    def of(cls, query: PreparedBatch, compiled: CompiledList, relations: Relations, policy: Policy) -> NameBounds:
        right = compiled.batch
        size = max(1, relations.right_size)
        slot_person = owners_of(query.name_start)[owners_of(query.slot_start)]
        low = np.searchsorted(relations.key, query.slot_token.astype(np.int64) * size)
        high = np.searchsorted(relations.key, (query.slot_token.astype(np.int64) + 1) * size)
        counts = high - low
        at = np.repeat(np.arange(len(slot_person), dtype=np.int64), counts)
        row = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts - low, counts)
        token = relations.key[row] % size
        left_rarity = query.tokens.rarity[query.slot_token[at], query.slot_role[at]]
        asked = query.slot_token[at]
        consonants = np.minimum(query.tokens.consonants[asked], right.tokens.consonants[token]).astype(np.int64)
        listed_rarity = np.maximum.reduce([np.maximum(column[token], 0) for column in right.tokens.rarity.T])
        letters = np.minimum(query.tokens.length[asked], right.tokens.length[token])
        most = weigh(left_rarity, listed_rarity, relations.level[row], consonants, letters)
        useful = most > 0
        at, token, most = at[useful], token[useful], most[useful]
        key = slot_person[at] * size + token
        order = np.argsort(key, kind="stable")  # of runs in order, a slot each
        key, most = key[order], most[order]
        first = np.flatnonzero(np.diff(key, prepend=-1))
        persons = len(query)
        letters = first_letters(query.tokens)
        alone = np.where(query.tokens.length == 1, letters, NO_LETTER)
        initials, firsts = np.zeros(persons, np.int64), np.zeros(persons, np.int64)
        np.bitwise_or.at(initials, slot_person, _bits(alone)[query.slot_token])
        np.bitwise_or.at(firsts, slot_person, _bits(letters)[query.slot_token])
        return cls(
            right=right,
            right_size=size,
            key=key[first],
            weight=np.maximum.reduceat(most, first) if len(first) else most,
            named=counts_of(query.name_start) > 0,
            initials=initials,
            firsts=firsts,
            letters=compiled.letters,
            lone=compiled.lone,
            has_initials=compiled.has_initials,
            row_at=at,
            row_token=token,
            disagreement=disagreement(policy),
        )

    def of_pairs(self, person: Array, record: Array) -> Array:
        """The most that the names of each pair can weigh; where no part agrees, what that costs."""
        right = self.right
        pair, name = expand(right.name_start, record)
        row, slot = expand(right.slot_start, name)
        token = right.slot_token[slot].astype(np.int64)
        who = person[pair][row]
        wanted = who * self.right_size + token
        place = np.minimum(np.searchsorted(self.key, wanted), max(0, len(self.key) - 1))
        most = np.where(self.key[place] == wanted, self.weight[place], 0) if len(self.key) else np.zeros_like(wanted)
        if self.has_initials or self.initials.any():
            letter = _bits(self.letters[token])
            fits = (self.initials[who] & letter) > 0
            fits |= self.lone[token] & ((self.firsts[who] & letter) > 0)
            most = np.where(fits, np.maximum(most, INITIAL_MILLIBITS), most)
        by_name = np.bincount(row, most, len(name)).astype(np.int64)
        total = np.zeros(len(person), np.int64)
        np.maximum.at(total, pair, by_name)
        beyond = np.maximum(total - NAME_DAMP_FROM, 0)
        damped = np.minimum(np.minimum(total, NAME_DAMP_FROM) + beyond * NAME_DAMP_PERCENT // 100 + 1, NAME_CAP)
        both = self.named[person] & (right.name_start[record + 1] > right.name_start[record])
        return np.where(total > 0, damped, np.where(both, self.disagreement, 0))
