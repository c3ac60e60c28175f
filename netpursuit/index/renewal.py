"""What an index need not do again: entries that the index before it already holds, prepared by the same code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from netpursuit.index.compiled import MATCHED_KINDS, CompiledList, seal
from netpursuit.index.merge import join_batches, take_records
from netpursuit.kernel.ragged import distinct
from netpursuit.prepare import PreparedBatch, Preparer, TextColumn
from netpursuit.prepare.hashes import hash_text
from netpursuit.records import Entry, Person

Rows = npt.NDArray[np.int64]
PERSONS_AT_ONCE = 10_000
Spread = Callable[[Callable[[list[Person]], PreparedBatch], Iterable[list[Person]]], Iterable[PreparedBatch]]


class Mark(NamedTuple):
    """An entry that is to be in the index, and the digest of what it says."""

    list_id: str
    entry_id: str
    digest: str


class Lists(Protocol):
    """The lists to be compiled: their marks in order, and the entries behind some of them."""

    def marks(self) -> Iterator[Mark]: ...

    def read(self, places: Sequence[int]) -> Iterator[Entry]:
        """The entries at these ascending places of ``marks``, in order."""
        ...


def renewed(lists: Lists, preparer: Preparer, before: CompiledList | None = None, spread: Spread = map) -> CompiledList:
    """Compile the people among the entries, array for array as if nothing had been there before.

    ``before`` is an index of the same policy and code; what its entries are worth is taken from there. ``spread``
    prepares the others, as ``map`` does or over processes.
    """
    marks = list(lists.marks())
    versions = np.fromiter((hash_text("\0".join(mark)) for mark in marks), np.uint64, len(marks))
    record, passed = _known(before, marks, versions)
    missing = np.flatnonzero((record < 0) & ~passed)
    matched: list[int] = []

    def people() -> Iterator[Person]:
        for place, entry in zip(missing.tolist(), lists.read(missing.tolist()), strict=True):
            if entry.kind in MATCHED_KINDS:
                matched.append(place)
                yield entry.person

    batches = list(spread(preparer.prepare, _chunks(people())))
    if before is not None:
        batches.insert(0, before.batch)
    record[matched] = np.arange(len(matched)) + (0 if before is None else len(before))
    kept = np.flatnonzero(record >= 0)
    batch = join_batches(batches or [preparer.prepare([])])
    del batches
    if before is not None:
        batch = take_records(batch, record[kept])
    others = np.ones(len(marks), np.bool_)
    others[kept] = False
    return seal(
        batch,
        list_id=TextColumn.of(marks[place].list_id for place in kept.tolist()),
        entry_id=TextColumn.of(marks[place].entry_id for place in kept.tolist()),
        version=versions[kept],
        passed=distinct(versions[others]),
    )


def _known(before: CompiledList | None, marks: list[Mark], versions: Any) -> tuple[Rows, npt.NDArray[np.bool_]]:
    """(record of ``before`` or -1, looked at before and not of a kind that is matched) of each mark."""
    record = np.full(len(marks), -1, np.int64)
    if before is None:
        return record, np.zeros(len(marks), np.bool_)
    order = np.argsort(before.version, kind="stable")
    ordered = before.version[order]
    place = np.searchsorted(ordered, versions)
    for at in np.flatnonzero(place < len(ordered)).tolist():
        found = int(order[place[at]])
        if ordered[place[at]] == versions[at] and before.entry_id[found] == marks[at].entry_id:
            record[at] = found
    return record, np.isin(versions, before.passed)


def _chunks(people: Iterator[Person]) -> Iterator[list[Person]]:
    while chunk := list(islice(people, PERSONS_AT_ONCE)):
        yield chunk
