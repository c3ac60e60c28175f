"""From raw rows of a file to the persons who match, chunk by chunk; nothing of the others is kept.

``RowTask`` runs wherever an engine puts it, several chunks at once: it reads the rows of a chunk, decides who is to be
screened, and matches them. ``Intake`` sees what comes of the chunks, in the order of the file, and notices persons that
are repeated, in whatever chunk they stood before.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import IntEnum
from typing import Any, NamedTuple

from xxhash import xxh3_64_intdigest

from netpursuit.audit.receipts import (
    OUT_OF_PERIOD,
    REJECTED,
    REPEATED,
    ROLE_NOT_SCREENED,
    SCREENED,
    STAY_ENDED,
    UNNAMED,
    RowSeals,
)
from netpursuit.gate.feeds import in_period
from netpursuit.gate.lead_keys import content_ref, is_content_ref, person_ref, registration_ref
from netpursuit.ports.blocks import Block
from netpursuit.ports.keys import Digests
from netpursuit.ports.matching import Matching
from netpursuit.records import (
    EntryKey,
    Feed,
    MatchSet,
    RegisteredPerson,
    Registration,
    Rejected,
    RunCounts,
    UnnamedPerson,
)


class PersonKey(NamedTuple):
    """Which person of which registration, whatever the entry."""

    registration_id: str
    role: str
    person_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """A person who was screened and the row it stands in."""

    key: PersonKey
    registered: RegisteredPerson
    registration: Registration


@dataclass(frozen=True, slots=True)
class RawChunk:
    """Some rows of a file as they stand, single ones or in blocks. ``rows_done`` counts from the file's first row;
    ``again`` says that an earlier run of the same work has done these rows already."""

    rows: list[Any]
    rows_done: int
    again: bool


class Fate(IntEnum):
    """What becomes of a person that a row names, unless it is repeated."""

    SCREENED = 0
    UNSCREENED_ROLE = 1
    OUT_OF_PERIOD = 2


_SAID = {Fate.SCREENED: SCREENED, Fate.UNSCREENED_ROLE: ROLE_NOT_SCREENED, Fate.OUT_OF_PERIOD: OUT_OF_PERIOD}


class Places(NamedTuple):
    """Where people stand and what became of them, a column each, in order: nothing that says who they are."""

    rows: Sequence[int]  # of their chunk, from 0
    lines: Sequence[int]
    shorts: Sequence[int]  # hashes of their keys, of this run's process only
    fates: Sequence[int]  # as ``Fate``
    candidates: Sequence[int]
    cut: Sequence[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChunk:
    """What comes of a chunk: ``places`` of everybody named, and those ``found``, by their number there: persons who
    match, and persons about whom there are leads. ``counts`` has what holds whoever is repeated. ``rekeyed``: those
    known before by what their row says, which now has an id. ``bodies`` and ``marks``: of every row, for the receipt.
    """

    rows_done: int
    again: bool
    places: Places
    found: list[tuple[int, Screened, MatchSet]]
    rejected: list[Rejected]
    counts: Counter[str]
    registrations_again: set[str]
    persons_again: set[PersonKey]
    rekeyed: set[PersonKey]
    bodies: bytes
    marks: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTask:
    """Reads and matches the rows of one chunk; picklable where reader, digests and matcher are.

    ``running_on``: only stays that have not ended before this day are read, and registrations about which there were
    leads before the run (``kept``); None: all. ``seed``: of the hashes by which repeated persons are told, so that
    nobody can choose rows whose hashes agree.
    """

    read: Callable[[Sequence[Any]], list[Registration | Rejected]]
    canonical: Callable[[Sequence[Any]], list[bytes]]
    seals: RowSeals
    feed: Feed
    digests: Digests
    known: frozenset[PersonKey]
    matcher: Matching
    held_out: frozenset[EntryKey]
    running_on: date | None = None
    kept: frozenset[str] = frozenset()
    seed: int = field(default_factory=lambda: secrets.randbits(64), repr=False)

    def __call__(self, chunk: RawChunk) -> ReadChunk:
        known_registrations = {key.registration_id for key in self.known}
        known_contents = set(filter(is_content_ref, known_registrations))
        read = self.read(chunk.rows)
        counts: Counter[str] = Counter(read=len(read))
        places: list[tuple[int, int, int, int]] = []
        screened: list[tuple[int, Screened]] = []
        rejected: list[Rejected] = []
        registrations_again: set[str] = set()
        persons_again: set[PersonKey] = set()
        rekeyed: set[PersonKey] = set()
        marks = Marks()
        for number, row in enumerate(read):
            if isinstance(row, Rejected):
                rejected.append(row)
                marks.add(REJECTED + row.reason)
                continue
            registration_id = registration_ref(self.digests, row)
            if self._is_over(row) and registration_id not in self.kept:
                counts["stays_ended"] += 1
                marks.add(STAY_ENDED)
                continue
            if registration_id in known_registrations:
                registrations_again.add(registration_id)
            within = in_period(self.feed, row)
            counts["without_id"] += not row.registration_id
            content = content_ref(self.digests, row) if known_contents and row.registration_id else ""
            counts["persons"] += len(row.persons)
            counts["out_of_period"] += not within
            said: list[str] = []
            for someone in row.persons:
                counts["truncated_numbers"] += someone.truncated_numbers
                key = PersonKey(registration_id, someone.role, person_ref(someone))
                if key in self.known:
                    persons_again.add(key)
                fate = Fate.SCREENED if within else Fate.OUT_OF_PERIOD
                if someone.role not in self.feed.screened_roles:
                    fate = Fate.UNSCREENED_ROLE
                elif within:
                    if content in known_contents:
                        rekeyed.add(key._replace(registration_id=content))
                    screened.append((len(places), Screened(key=key, registered=someone, registration=row)))
                places.append((number, row.line, self._short(key), int(fate)))
                said.append(f"{someone.role}:{_SAID[fate]}")
            for nobody in row.unnamed if within else ():
                if nobody.role in self.feed.screened_roles:
                    counts["unscreened_unnamed"] += 1
                    rejected.append(_unnamed(row, nobody))
                    said.append(f"{nobody.role}:{UNNAMED}")
            marks.add(" ".join(said))
        found: list[tuple[int, Screened, MatchSet]] = []
        candidates, cut = [0] * len(places), [0] * len(places)
        if not chunk.again:
            for (place, person), matches in zip(screened, self._match(screened), strict=True):
                candidates[place], cut[place] = matches.candidates, matches.cut
                if matches.matches or person.key in self.known:
                    found.append((place, person, matches))
        rows, lines, shorts, fates = zip(*places, strict=True) if places else ((),) * 4
        return ReadChunk(
            rows_done=chunk.rows_done,
            again=chunk.again,
            places=Places(rows, lines, shorts, fates, candidates, cut),
            found=found,
            rejected=rejected,
            counts=counts,
            registrations_again=registrations_again,
            persons_again=persons_again,
            rekeyed=rekeyed,
            bodies=self.seals.bodies(max(0, chunk.rows_done - len(read)), self.canonical(chunk.rows)),
            marks=marks.of_rows,
        )

    def of_rows(self, rows: list[Any], rows_done: int, again: bool) -> ReadChunk:
        """As a call with a chunk, where chunks are made elsewhere."""
        return self(RawChunk(rows, rows_done, again))

    def _is_over(self, row: Registration) -> bool:
        return self.running_on is not None and row.end_date is not None and row.end_date < self.running_on

    def _match(self, screened: list[tuple[int, Screened]]) -> list[MatchSet]:
        if not screened:
            return []
        persons = [person.registered.person for _, person in screened]
        return self.matcher.match(persons, min_band=self.feed.min_band, limit=None, held_out=self.held_out)

    def _short(self, key: PersonKey) -> int:
        # 64 bits; two of ten million keys agree by chance once in 370,000 files. Of this run only, never stored.
        text = f"{key.registration_id}\0{key.role}\0{key.person_ref}"
        return xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"), self.seed)


class Marks:
    """What became of the rows of a chunk; equal marks are one object, so that they travel lightly."""

    def __init__(self) -> None:
        self.of_rows: list[str] = []
        self._met: dict[str, str] = {}

    def add(self, mark: str) -> None:
        self.of_rows.append(self._met.setdefault(mark, mark))


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
        repeated: set[int] = set()
        lines: dict[int, None] = {}
        places = chunk.places
        for at, short in enumerate(places.shorts):
            if short in self._seen:
                repeated.add(at)
                lines[places.lines[at]] = None
            else:
                self._seen.add(short)
        fates = Counter(places.fates)
        fates.subtract([places.fates[at] for at in repeated])
        tally["screened"] += fates[Fate.SCREENED]
        tally["unscreened_role"] += fates[Fate.UNSCREENED_ROLE]
        tally["candidates"] += sum(places.candidates) - sum([places.candidates[at] for at in repeated])
        tally["candidates_cut"] += sum(places.cut) - sum([places.cut[at] for at in repeated])
        rejected = [*chunk.rejected, *map(self._repeated, lines)]
        rejected.sort(key=lambda item: item.line)
        rows_rejected = len(rejected) - tally["unscreened_unnamed"]
        return Taken(
            found=[(person, matches) for at, person, matches in chunk.found if at not in repeated],
            rejected=tuple(rejected),
            counts=RunCounts(rejected=rows_rejected, **tally),
            marks=_marked_repeated(chunk, repeated),
        )

    def _repeated(self, line: int) -> Rejected:
        return Rejected(
            file_digest=self._file_digest,
            file=self._file,
            line=line,
            column="registration_id",
            reason="repeated-key",
            expected="another registration id, role or person id than the rows before",
        )


def _marked_repeated(chunk: ReadChunk, repeated: set[int]) -> list[str]:
    """The marks of a chunk's rows where some of their people stood in earlier rows; nobody of those is screened."""
    marks, rows = chunk.marks, chunk.places.rows
    for at in repeated:
        row = rows[at]
        position = 0  # among the people of the row
        while position < at and rows[at - position - 1] == row:
            position += 1
        said = marks[row].split(" ")
        said[position] = f"{said[position].partition(':')[0]}:{REPEATED}"
        marks[row] = " ".join(said)
    return marks


def _unnamed(row: Registration, nobody: UnnamedPerson) -> Rejected:
    """What the quarantine keeps of somebody who cannot be screened; the others of the row are."""
    return Rejected(
        file_digest=row.file_digest,
        file=row.file,
        line=row.line,
        column=nobody.column,
        reason="unnamed-person",
        expected="a name or a document number",
    )


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
