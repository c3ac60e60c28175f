"""Candidate generation: every pair that could reach the band, and a count of what a cap cut.

A pair reaches a band only if its evidence makes up for the prior. Evidence that weighs much by itself (a number, a
telephone, an e-mail, a unit, a house, a whole date) has a look-up of its own. What has none (a bare year, a street,
sex, nationality) can add only so much; the rest must come from the names, of which only the rare parts are walked:
what the common parts could add together stays below what is needed. Each pair found is then held against
an upper bound of its whole sum, and only what could reach the band is scored.

People and entries without any name, and those whose names agree by initials alone, are found by look-ups alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.index.bounds import (
    INITIAL_MILLIBITS,
    NameBounds,
    RowRanges,
    disagreement,
    expand_ranges,
    unkeyed_millibits,
)
from netpursuit.index.compiled import CompiledList
from netpursuit.index.keyed import Keyed, keyed_pairs, keyed_ranges, look_ups
from netpursuit.index.walk import bound_natively, name_ranges, undamped
from netpursuit.kernel.native import Found, find_candidates, is_native
from netpursuit.kernel.native_bounds import Bounded
from netpursuit.kernel.ragged import counts_of, distinct
from netpursuit.kernel.relate import Relations
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import NAME_CAP, NAME_DAMP_FROM, NAME_DAMP_PERCENT
from netpursuit.prepare.columns import PreparedBatch

Array = npt.NDArray[Any]

CANDIDATES_PER_PERSON = 2_000  # scored for one person, those of the highest bound first
ROWS_AT_ONCE = 2_000_000  # looked up together, so that memory stays bounded
SMALL_LIST = 256  # in a list this short a few agreeing fields may reach a band without any name


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to be scored, sorted by person then record; ``cut`` counts per person what a cap left out."""

    person: Array
    record: Array
    cut: Array


def generate(
    query: PreparedBatch, compiled: CompiledList, relations: Relations, floor: int, policy: Policy
) -> Candidates:
    """Candidates for every person of ``query``.

    ``floor`` is the sum of evidence, prior left out, below which nobody asks, in thousandths of a bit.
    """
    persons, size = len(query), max(1, len(compiled))
    cut = np.zeros(persons, np.int64)
    if not persons or not len(compiled):
        return Candidates(np.zeros(0, np.int64), np.zeros(0, np.int64), cut)
    unkeyed = unkeyed_millibits(query, policy)
    ranges, pairs = keyed_ranges(query, compiled, cut), keyed_pairs(query, compiled)
    if len(compiled) <= SMALL_LIST:
        everybody = np.flatnonzero(unkeyed + 2 * INITIAL_MILLIBITS >= floor)
        whole = RowRanges(everybody, np.zeros_like(everybody), np.full(len(everybody), size), np.arange(size))
        ranges.append((-1, whole))
    needed = undamped(floor - unkeyed)
    if is_native():
        bounded = bound_natively(query, compiled, relations, needed)
        cut += bounded.cut
        found = _walk_natively(query, compiled, bounded, ranges, pairs, look_ups(policy), unkeyed, floor, policy)
    else:
        bounds = NameBounds.of(query, compiled, relations, policy)
        ranges.append((-1, name_ranges(query, compiled, bounds, needed, cut)))
        found = _walk(persons, size, compiled, bounds, ranges, pairs, look_ups(policy), unkeyed, floor)
    person, record, bound = found
    strong = _strongest(person, record, bound, cut)
    return Candidates(person[strong], record[strong], cut)


Ranges = list[tuple[int, RowRanges]]
Pairs = list[tuple[int, Array, Array]]


def _walk_natively(
    query: PreparedBatch,
    compiled: CompiledList,
    bounded: Bounded,
    ranges: Ranges,
    pairs: Pairs,
    keyed_by: tuple[Keyed, ...],
    unkeyed: Array,
    floor: int,
    policy: Policy,
) -> tuple[Array, Array, Array]:
    """As ``_walk``, pair by pair in the compiled kernel."""
    fields = {field: number for number, field in enumerate(sorted({keyed.field for keyed in keyed_by}))}
    single = [
        (source, RowRanges(who, np.arange(len(who)), np.arange(len(who)) + 1, what)) for source, who, what in pairs
    ]
    found = [Found(bounded.person, bounded.low, bounded.high, compiled.posting_record, -1, 0, False)]
    for source, some in (*ranges, *single):
        rows = np.flatnonzero(some.high > some.low)
        if not len(rows):
            continue
        if len(query) > 1:
            rows = rows[some.person[rows].argsort(kind="stable")]
        by = keyed_by[source] if source >= 0 else Keyed("", 0)
        number = fields.get(by.field, -1)
        spans = some.person[rows], some.low[rows], some.high[rows]
        found.append(Found(*spans, some.records, number, by.millibits, by.exact))
    return find_candidates(
        found,
        compiled.part_start,
        compiled.parts,
        {
            "agreement_start": bounded.start,
            "agreement_token": bounded.token,
            "agreement_weight": bounded.weight,
            "named": counts_of(query.name_start) > 0,
            "initials": bounded.initials,
            "firsts": bounded.firsts,
            "unkeyed": unkeyed,
        },
        {
            "floor": floor,
            "disagreement": disagreement(policy),
            "damp_from": NAME_DAMP_FROM,
            "damp_percent": NAME_DAMP_PERCENT,
            "name_cap": NAME_CAP,
            "initial": INITIAL_MILLIBITS,
        },
    )


def _walk(
    persons: int,
    size: int,
    compiled: CompiledList,
    bounds: NameBounds,
    ranges: Ranges,
    pairs: Pairs,
    keyed_by: tuple[Keyed, ...],
    unkeyed: Array,
    floor: int,
) -> tuple[Array, Array, Array]:
    """(person, record, bound) of every pair found whose bound reaches the floor, by person and record."""
    kept = [np.zeros((3, 0), np.int64)]
    for first, last in _portions(ranges, persons):
        key, keyed, exact = _gather(ranges, pairs, first, last, size, keyed_by)
        person, record = np.divmod(key, size)
        name = bounds.of_pairs(person, record)
        # The same lifelong number with another name is a level of its own, in which the name costs nothing.
        bound = keyed + np.where(exact, np.maximum(name, 0), name) + unkeyed[person]
        enough = bound >= floor
        kept.append(np.stack([person[enough], record[enough], bound[enough]]))
    person, record, bound = np.concatenate(kept, axis=1)
    return person, record, bound


def _portions(ranges: Ranges, persons: int) -> Iterator[tuple[int, int]]:
    """Runs of persons (first, last + 1) whose look-ups together stay within ``ROWS_AT_ONCE``."""
    load = np.zeros(persons, np.int64)
    for _, some in ranges:
        np.add.at(load, some.person, some.high - some.low)
    total, first = np.cumsum(load), 0
    while first < persons:
        before = int(total[first - 1]) if first else 0
        last = max(first + 1, int(np.searchsorted(total, before + ROWS_AT_ONCE, "right")))
        yield first, min(last, persons)
        first = last


def _gather(
    ranges: Ranges,
    pairs: Pairs,
    first: int,
    last: int,
    size: int,
    keyed_by: tuple[Keyed, ...],
) -> tuple[Array, Array, Array]:
    """(person * size + record, what the look-ups that found it may weigh, found by a whole number), each pair once."""
    found: list[tuple[int, Array]] = []
    for source, some in ranges:
        person, record = expand_ranges(some, first, last)
        found.append((source, person * size + record))
    for source, person, record in pairs:
        inside = (person >= first) & (person < last)
        found.append((source, person[inside] * size + record[inside]))
    key = distinct(np.concatenate([rows for _, rows in found]))
    keyed, exact = np.zeros(len(key), np.int64), np.zeros(len(key), bool)
    for field in sorted({keyed_by[source].field for source, _ in found if source >= 0}):
        most = np.zeros(len(key), np.int64)
        for source, rows in found:
            if source >= 0 and keyed_by[source].field == field:
                at = np.searchsorted(key, rows)
                most[at] = np.maximum(most[at], keyed_by[source].millibits)
                exact[at] |= keyed_by[source].exact
        keyed += most
    return key, keyed, exact


def _strongest(person: Array, record: Array, bound: Array, cut: Array) -> Array:
    """Rows within the cap of each person, the highest bound first; order of rows is kept, the rest is counted."""
    counts = np.bincount(person, minlength=len(cut))
    if not len(person) or counts.max() <= CANDIDATES_PER_PERSON:
        return np.arange(len(person))
    order = np.lexsort((record, -bound, person))
    place = np.arange(len(person)) - np.searchsorted(person[order], person[order])
    cut += np.maximum(counts - CANDIDATES_PER_PERSON, 0)
    return np.sort(order[place < CANDIDATES_PER_PERSON])
