"""Rows of one chunk, read, decided upon and matched a column at a time, wherever an engine puts them.

Records are made of those who match or about whom there are leads, and, one at a time and forgotten at once, of rows
that are known by what they say because they carry no id. Nothing of the others is kept.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from xxhash import xxh3_64_intdigest

from netpursuit.audit.receipts import (
    OUT_OF_PERIOD,
    REJECTED,
    ROLE_NOT_SCREENED,
    SCREENED,
    STAY_ENDED,
    UNNAMED,
    RowSeals,
)
from netpursuit.gate.feeds import in_period
from netpursuit.gate.lead_keys import content_ref, is_content_ref, person_ref_of, registration_ref
from netpursuit.ports.keys import Digests
from netpursuit.ports.matching import Matching
from netpursuit.records import (
    EntryKey,
    Feed,
    MatchSet,
    RegisteredPerson,
    Registration,
    Rejected,
    UnnamedPerson,
)
from netpursuit.records.columns import Bools, Ints
from netpursuit.records.register import RegisteredColumns, RegisterRows


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

    rows: Ints  # of their chunk, from 0
    lines: Ints
    shorts: list[int]  # hashes of their keys, of this run's process only
    fates: Ints  # as ``Fate``
    candidates: Ints
    cut: Ints


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


@dataclass(frozen=True, slots=True)
class _Named:
    """The people of the registrations that count. ``ids``: of every registration; ``numbers``: those that count;
    ``owner``: the registration of each person; ``position``: which of its people; ``refs``: as ``person_ref``."""

    ids: list[str]
    numbers: Ints
    owner: Ints
    position: Ints
    persons: RegisteredColumns
    refs: list[str]

    @classmethod
    def of(cls, read: RegisterRows, ids: list[str], counts: Bools) -> _Named:
        owner = np.arange(len(ids)).repeat(np.diff(read.person_start))
        chosen = np.flatnonzero(counts[owner])
        owner, persons = owner[chosen], read.persons.pick(chosen)
        position = chosen - read.person_start[owner]
        refs = list(map(person_ref_of, persons.person_ids.rows(), persons.positions.tolist()))
        return cls(ids, np.flatnonzero(counts), owner, position, persons, refs)

    def __len__(self) -> int:
        return len(self.owner)

    def places_of(self, registrations: set[str]) -> list[int]:
        """The places of the people of some registrations."""
        numbers = [number for number in self.numbers.tolist() if self.ids[number] in registrations]
        return np.flatnonzero(np.isin(self.owner, numbers)).tolist() if numbers else []

    def key(self, place: int) -> PersonKey:
        return PersonKey(self.ids[self.owner[place]], self.persons.roles[place], self.refs[place])

    def shorts(self, seed: int) -> list[int]:
        """A hash of each key. 64 bits; two of ten million keys agree by chance once in 370,000 files. Of this run only,
        never stored."""
        roles = self.persons.roles.map(lambda role: role.value).rows()
        ids = map(self.ids.__getitem__, self.owner.tolist())
        texts = map("\0".join, zip(ids, roles, self.refs, strict=True))
        return [xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"), seed) for text in texts]

    def screened(self, read: RegisterRows, place: int) -> Screened:
        """One of them as a record, with the row."""
        registration = read.registration(int(self.owner[place]))
        registered = registration.persons[self.position[place]]
        return Screened(key=self.key(place), registered=registered, registration=registration)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTask:
    """Reads and matches the rows of one chunk; picklable where reader, digests and matcher are.

    ``running_on``: only stays that have not ended before this day are read, and registrations about which there were
    leads before the run (``kept``); None: all. ``seed``: of the hashes by which repeated persons are told, so that
    nobody can choose rows whose hashes agree.
    """

    read: Callable[[Sequence[Any]], RegisterRows]
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
        read = self.read(chunk.rows)
        known_registrations = {key.registration_id for key in self.known}
        ids = [
            stated or registration_ref(self.digests, read.registration(number))
            for number, stated in enumerate(read.ids)
        ]
        over, within = self._are_over(read, ids), self._are_within(read)
        named = _Named.of(read, ids, ~over)
        fates = self._fates(named, within)
        known = {place for place in named.places_of(known_registrations) if named.key(place) in self.known}
        unnamed = self._unnamed(read, within & ~over)
        candidates, cut = np.zeros((2, len(named)), np.int64)
        found: list[tuple[int, Screened, MatchSet]] = []
        if not chunk.again:
            places = np.flatnonzero(fates == Fate.SCREENED)
            for place, matches in zip(places.tolist(), self._match(named, places), strict=True):
                candidates[place], cut[place] = matches.candidates, matches.cut
                if matches.matches or place in known:
                    found.append((place, named.screened(read, place), matches))
        return ReadChunk(
            rows_done=chunk.rows_done,
            again=chunk.again,
            places=Places(
                rows=read.rows[named.owner],
                lines=read.lines[named.owner],
                shorts=named.shorts(self.seed),
                fates=fates,
                candidates=candidates,
                cut=cut,
            ),
            found=found,
            rejected=[
                *(read.rejected[row] for row in sorted(read.rejected)),
                *(_set_aside(read, number, nobody) for number, some in unnamed.items() for nobody in some),
            ],
            counts=Counter(
                read=read.size,
                stays_ended=int(over.sum()),
                without_id=sum([not read.ids[number] for number in named.numbers.tolist()]),
                persons=len(named),
                out_of_period=int((~within[named.numbers]).sum()),
                truncated_numbers=int(named.persons.truncated_numbers().sum()),
                unscreened_unnamed=sum(map(len, unnamed.values())),
            ),
            registrations_again=known_registrations.intersection([ids[number] for number in named.numbers.tolist()]),
            persons_again={named.key(place) for place in known},
            rekeyed=self._rekeyed(read, named, fates, known_registrations),
            bodies=self.seals.bodies(max(0, chunk.rows_done - read.size), self.canonical(chunk.rows)),
            marks=_marks(read, over, named, fates, unnamed),
        )

    def of_rows(self, rows: list[Any], rows_done: int, again: bool) -> ReadChunk:
        """As a call with a chunk, where chunks are made elsewhere."""
        return self(RawChunk(rows, rows_done, again))

    def _are_over(self, read: RegisterRows, ids: list[str]) -> Bools:
        """Whose stay has ended before the day from which on stays are read."""
        if self.running_on is None:
            return np.zeros(len(ids), np.bool_)
        ends = read.stays.end_date
        before = self.running_on
        over = ends.mask(lambda end: end is not None and end < before)
        return over & ~np.array([registration_id in self.kept for registration_id in ids], np.bool_)

    def _are_within(self, read: RegisterRows) -> Bools:
        return read.stays.start_date.mask(lambda day: in_period(self.feed, day))

    def _fates(self, named: _Named, within: Bools) -> Ints:
        asked = named.persons.roles.mask(lambda role: role in self.feed.screened_roles)
        by_period = np.where(within[named.owner], int(Fate.SCREENED), int(Fate.OUT_OF_PERIOD))
        return np.where(asked, by_period, int(Fate.UNSCREENED_ROLE))

    def _unnamed(self, read: RegisterRows, count: Bools) -> dict[int, list[UnnamedPerson]]:
        """Those who should be screened and cannot, by registration."""
        asked = {
            number: [nobody for nobody in read.unnamed[number] if nobody.role in self.feed.screened_roles]
            for number in sorted(read.unnamed)
            if count[number]
        }
        return {number: some for number, some in asked.items() if some}

    def _match(self, named: _Named, places: Ints) -> list[MatchSet]:
        if not len(places):
            return []
        people = named.persons.people.pick(places)
        return self.matcher.match(people, min_band=self.feed.min_band, limit=None, held_out=self.held_out)

    def _rekeyed(self, read: RegisterRows, named: _Named, fates: Ints, known_registrations: set[str]) -> set[PersonKey]:
        """Who was known by what the row says, which has an id now."""
        contents = set(filter(is_content_ref, known_registrations))
        if not contents:
            return set()
        by_number = {
            number: content_ref(self.digests, read.registration(number))
            for number in named.numbers.tolist()
            if read.ids[number]
        }
        return {
            named.key(place)._replace(registration_id=by_number[number])
            for place, number in enumerate(named.owner.tolist())
            if fates[place] == Fate.SCREENED and by_number.get(number) in contents
        }


def _marks(
    read: RegisterRows, over: Bools, named: _Named, fates: Ints, unnamed: dict[int, list[UnnamedPerson]]
) -> list[str]:
    """What became of every row; equal marks are one object, so that they travel lightly."""
    roles = named.persons.roles
    said = [f"{role}:{_SAID[fate]}" for role in roles.values for fate in Fate]  # in the order of their numbers
    place = len(Fate) * roles.array(np.arange(len(roles.values))) + fates
    of_people = list(map(said.__getitem__, place.tolist()))
    start = np.searchsorted(named.owner, np.arange(len(over) + 1)).tolist()
    marks = [STAY_ENDED] * read.size
    for row, rejected in read.rejected.items():
        marks[row] = REJECTED + rejected.reason
    met: dict[str, str] = {}
    rows = read.rows.tolist()
    for number, (first, last) in enumerate(pairwise(start)):
        if first < last:
            parts = of_people[first:last]
            parts += [f"{nobody.role}:{UNNAMED}" for nobody in unnamed.get(number, ())]
            mark = " ".join(parts)
            marks[rows[number]] = met.setdefault(mark, mark)
    return marks


def _set_aside(read: RegisterRows, number: int, nobody: UnnamedPerson) -> Rejected:
    """What the quarantine keeps of somebody who cannot be screened; the others of the row are."""
    return Rejected(
        file_digest=read.file_digest,
        file=read.file,
        line=int(read.lines[number]),
        column=nobody.column,
        reason="unnamed-person",
        expected="a name or a document number",
    )
