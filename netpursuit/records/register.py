"""Rows of a register that were read together, column by column; a registration is made where one is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from netpursuit.records.columns import Coded, Ints, PersonColumns
from netpursuit.records.registrations import (
    RegisteredPerson,
    Registration,
    Rejected,
    Role,
    StayKind,
    UnnamedPerson,
)

_CUT = "truncated"  # the note of a number that a spreadsheet has cut


class StayColumns(NamedTuple):
    """What rows say about unit and time, a column for each field of ``Registration``."""

    address: Coded[str]
    unit: Coded[str]
    unit_code: Coded[str]
    stay_kind: Coded[StayKind | None]
    start_date: Coded[date | None]
    end_date: Coded[date | None]

    def pick(self, rows: Ints) -> StayColumns:
        """Those of some rows, in this order."""
        return StayColumns._make(column.pick(rows) for column in self)


class RegisteredColumns(NamedTuple):
    """Registered people, a column for each field of ``RegisteredPerson``."""

    roles: Coded[Role]
    positions: Ints
    person_ids: Coded[str]
    people: PersonColumns

    def pick(self, rows: Ints) -> RegisteredColumns:
        """Some of them, in this order."""
        return RegisteredColumns(
            self.roles.pick(rows), self.positions[rows], self.person_ids.pick(rows), self.people.pick(rows)
        )

    def truncated_numbers(self) -> Ints:
        """How many numbers of each a spreadsheet has cut."""
        documents = self.people.documents
        of = [number for number, some in enumerate(documents.values) for one in some if one.note == _CUT]
        return documents.array(np.bincount(of, minlength=len(documents.values)))

    def person(self, number: int) -> RegisteredPerson:
        """One of them, counted from 0."""
        person = self.people[number]
        return RegisteredPerson(
            role=self.roles[number],
            position=int(self.positions[number]),
            person_id=self.person_ids[number],
            person=person,
            truncated_numbers=sum([one.note == _CUT for one in person.documents]),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RegisterRows:
    """``size`` rows that follow one another, counted from 0: ``rows`` those that became registrations, ascending, and
    ``rejected`` the others. A column each for the registrations: ``ids``, the ``lines`` where they begin, ``stays``;
    ``unnamed`` by their numbers, which count from 0 like rows; registration ``n`` has the registered persons
    ``person_start[n]:person_start[n + 1]``, the main person first.
    """

    file: str
    file_digest: str
    size: int
    rejected: Mapping[int, Rejected]
    rows: Ints
    ids: Sequence[str]
    lines: Ints
    stays: StayColumns
    unnamed: Mapping[int, tuple[UnnamedPerson, ...]]
    person_start: Ints
    persons: RegisteredColumns

    def registration(self, number: int) -> Registration:
        """One registration, counted from 0."""
        first, last = self.person_start[number : number + 2].tolist()
        stays = self.stays
        return Registration(
            registration_id=self.ids[number],
            file_digest=self.file_digest,
            file=self.file,
            line=int(self.lines[number]),
            persons=tuple(map(self.persons.person, range(first, last))),
            address=stays.address[number],
            unit=stays.unit[number],
            unit_code=stays.unit_code[number],
            stay_kind=stays.stay_kind[number],
            start_date=stays.start_date[number],
            end_date=stays.end_date[number],
            unnamed=self.unnamed.get(number, ()),
        )

    def records(self) -> list[Registration | Rejected]:
        """What became of every row, in order."""
        found: dict[int, Registration | Rejected] = dict(self.rejected)
        found.update((row, self.registration(number)) for number, row in enumerate(self.rows.tolist()))
        return [found[row] for row in range(self.size)]
