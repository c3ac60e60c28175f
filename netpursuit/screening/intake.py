"""Takes what comes of the chunks of a file, in its order, and notices persons that are repeated, in whatever chunk they
stood before; and cuts a file into chunks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from netpursuit.audit.receipts import REPEATED
from netpursuit.ports.blocks import Block
from netpursuit.records import MatchSet, Rejected, RunCounts
from netpursuit.screening.row_task import Fate, PersonKey, RawChunk, ReadChunk, Screened


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What a chunk adds to a run: who matches or has leads already, what to quarantine, what to count, what became of
    its rows."""

    found: list[tuple[Screened, MatchSet]]
    rejected: tuple[Rejected, ...]
    counts: RunCounts
    marks: list[str]


class Intake:
    """Takes the chunks of one file in order.

    Remembers, in memory only, a hash of every person's key, to notice those that are repeated, and which of the leads
    known before have their registration or their person in this file.
    """

    def __init__(self, file: str, file_digest: str) -> None:
        self._file, self._file_digest = file, file_digest
        self._seen: set[int] = set()
        self.registrations_again: set[str] = set()
        self.persons_again: set[PersonKey] = set()
        self.rekeyed: set[PersonKey] = set()

    def take(self, chunk: ReadChunk) -> Taken:
        """Who of a chunk counts: a person named before is not screened a second time, its row is quarantined."""
        self.registrations_again |= chunk.registrations_again
        self.persons_again |= chunk.persons_again
        self.rekeyed |= chunk.rekeyed
        tally = Counter(chunk.counts)
        places = chunk.places
        repeated = self._repeated(places.shorts)
        counts = np.ones(len(places.shorts), np.bool_)
        counts[repeated] = False
        fates = np.bincount(places.fates[counts], minlength=len(Fate)).tolist()
        tally["screened"] += fates[Fate.SCREENED]
        tally["unscreened_role"] += fates[Fate.UNSCREENED_ROLE]
        tally["candidates"] += int(places.candidates[counts].sum())
        tally["candidates_cut"] += int(places.cut[counts].sum())
        lines = dict.fromkeys(places.lines[repeated].tolist())
        rejected = [*chunk.rejected, *map(self._rejected, lines)]
        rejected.sort(key=lambda item: item.line)
        rows_rejected = len(rejected) - tally["unscreened_unnamed"]
        return Taken(
            found=[(person, matches) for at, person, matches in chunk.found if counts[at]],
            rejected=tuple(rejected),
            counts=RunCounts(rejected=rows_rejected, **tally),
            marks=_marked_repeated(chunk, repeated),
        )

    def _repeated(self, shorts: list[int]) -> list[int]:
        """The places of those who were named before."""
        new = set(shorts)
        if len(new) == len(shorts) and self._seen.isdisjoint(new):
            self._seen |= new
            return []
        repeated = []
        for at, short in enumerate(shorts):
            if short in self._seen:
                repeated.append(at)
            self._seen.add(short)
        return repeated

    def _rejected(self, line: int) -> Rejected:
        return Rejected(
            file_digest=self._file_digest,
            file=self._file,
            line=line,
            column="registration_id",
            reason="repeated-key",
            expected="another registration id, role or person id than the rows before",
        )


def _marked_repeated(chunk: ReadChunk, repeated: list[int]) -> list[str]:
    """The marks of a chunk's rows where some of their people stood in earlier rows; nobody of those is screened."""
    marks, rows = chunk.marks, chunk.places.rows.tolist() if repeated else []
    for at in repeated:
        row = rows[at]
        position = 0  # among the people of the row
        while position < at and rows[at - position - 1] == row:
            position += 1
        said = marks[row].split(" ")
        said[position] = f"{said[position].partition(':')[0]}:{REPEATED}"
        marks[row] = " ".join(said)
    return marks


def raw_chunks(rows: Iterable[Any], *, size: int, done: int) -> Iterator[RawChunk]:
    """Chunks of at most ``size`` rows; the first ``done`` rows come marked ``again``, in chunks of their own."""
    waiting: list[Any] = []
    held = count = 0
    for item in rows:
        rest = item
        while rest is not None:
            piece, rest = _parted(rest, min(size - held, done - count) if count < done else size - held)
            more = len(piece) if isinstance(piece, Block) else 1
            waiting.append(piece)
            held, count = held + more, count + more
            if held == size or count == done:
                yield RawChunk(waiting, count, count <= done)
                waiting, held = [], 0
    if waiting:
        yield RawChunk(waiting, count, count <= done)


def _parted(item: Any, most: int) -> tuple[Any, Any]:
    """At most so many rows of a block, and the others; of anything else itself."""
    if not isinstance(item, Block) or len(item) <= most:
        return item, None
    return item.part(0, most), item.part(most, len(item))


def add_counts(left: RunCounts, right: RunCounts) -> RunCounts:
    """The counters of two parts of a run together."""
    return RunCounts(**{item.name: getattr(left, item.name) + getattr(right, item.name) for item in fields(RunCounts)})
