"""From the cells of some rows to the people they name, a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, repeat
from typing import NamedTuple

from netpursuit.ids.documents import cut_by_spreadsheet
from netpursuit.records import (
    Address,
    AddressKind,
    Document,
    DocumentKind,
    Name,
    NameKind,
    PartialDate,
    Person,
    RegisteredPerson,
    Role,
    StayKind,
    UnnamedPerson,
)
from netpursuit.records.packing import of_columns
from netpursuit.sources.registrations.cells import BirthDate, Cells, Reading, UnreadableCellError, Value, each
from netpursuit.sources.registrations.columns import LANDLORD_COLUMNS, PERSON_FIELDS, numbered
from netpursuit.sources.registrations.values import (
    clean,
    clean_name,
    clean_number,
    countries_of,
    country_of,
    document_kind_of,
    document_word,
    role_of,
    sex_of,
    split_names,
    split_phones,
    stay_of,
)

_NAMING = frozenset(("name", "native_name", "id_number"))
_OTHER_NAMES = (("native_name", NameKind.NATIVE), ("former_names", NameKind.FORMER), ("aliases", NameKind.ALIAS))
_OF_NUMBERS = ("id_type", "id_country", "nationality")  # what says whose a number is
_ROLES_EXPECTED = "tenant, co-tenant, occupant, landlord or guest"


class Stay(NamedTuple):
    """What a row says about unit and time."""

    address: str
    unit: str
    unit_code: str
    kind: StayKind | None
    start: date | None
    end: date | None


def _where(texts: Sequence[str], made: Iterable[Value]) -> list[tuple[Value, ...]]:
    """The next of what was ``made`` for each text that says something; nothing for the others."""
    following = iter(made)
    return [(next(following),) if text else () for text in texts]


def _phones(text: str) -> tuple[str, ...]:
    return tuple(split_phones(text)) if text else ()


def _emails(text: str) -> tuple[str, ...]:
    return tuple(text.replace(";", " ").replace(",", " ").split())


def read_stays(cells: Cells) -> list[Stay | UnreadableCellError]:
    """What each row says about unit and time; an error where a start or end date cannot be read."""
    texts = [cells.texts(column) for column in ("address", "unit", "unit_code")]
    kinds = each(stay_of, cells.texts("stay_kind"))
    starts, ends = cells.days("start_date"), cells.days("end_date")
    stays: list[Stay | UnreadableCellError] = list(map(Stay._make, zip(*texts, kinds, starts, ends, strict=True)))
    for column in (ends, starts):  # of two errors the first column's counts
        for row, day in enumerate(column):
            if isinstance(day, UnreadableCellError):
                stays[row] = day
    return stays


class Read(NamedTuple):
    """A person as one place of a row names it."""

    role: Role
    person_id: str
    person: Person


class People(NamedTuple):
    """Who stands in a row, the main person first, and those of whom neither a name nor a number does."""

    named: tuple[RegisteredPerson, ...]
    unnamed: tuple[UnnamedPerson, ...]


def read_persons(
    cells: Cells, stays: Sequence[Stay | UnreadableCellError], slots: tuple[Slot, ...]
) -> list[People | UnreadableCellError]:
    """The people of each row; a slot without name and number names nobody.

    An error where the stay is one, where nobody knows a role, or where somebody's birth date cannot be read.
    """
    columns = [slot.read(cells, stays) for slot in slots]
    reads: list[Read] = []
    positions: list[int] = []
    rows: list[tuple[int, tuple[UnnamedPerson, ...]] | UnreadableCellError] = []
    for stay, *places in zip(stays, *columns, strict=True):
        named = [one for one in places if isinstance(one, Read)]
        if len(named) == len(places) == 1:
            positions.append(0)
            rows.append((1, ()))
        elif error := next((one for one in (stay, *places) if isinstance(one, UnreadableCellError)), None):
            rows.append(error)
            continue
        else:
            roles = [one.role for one in named]
            positions += [roles[:place].count(role) for place, role in enumerate(roles)]
            rows.append((len(named), tuple([one for one in places if isinstance(one, UnnamedPerson)])))
        reads += named
    people = iter(_registered(reads, positions))
    return [
        row if isinstance(row, UnreadableCellError) else People(tuple(islice(people, row[0])), row[1]) for row in rows
    ]


def _registered(reads: list[Read], positions: list[int]) -> list[RegisteredPerson]:
    return of_columns(
        RegisteredPerson,
        len(reads),
        role=[one.role for one in reads],
        position=positions,
        person_id=[one.person_id for one in reads],
        person=[one.person for one in reads],
        truncated_numbers=[sum([document.note == "truncated" for document in one.person.documents]) for one in reads],
    )


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one person in a row. ``role`` None: the main person, whose role stands in a column of its own.

    ``columns``: field of a person -> program's column, only those that the file or the defaults have; ``prefix`` is
    what all of them begin with.
    """

    role: Role | None
    prefix: str
    columns: Mapping[str, str]
    country: str
    implied: tuple[DocumentKind, str]  # what the number's own header says: 房东身份证号

    def read(
        self, cells: Cells, stays: Sequence[Stay | UnreadableCellError]
    ) -> list[Read | UnnamedPerson | UnreadableCellError | None]:
        """The person of each row; None where the stay is an error and where the slot of a further person is empty.

        A registration has a main person: where neither name nor number stands, it is unnamed. Of the others something
        has to stand, as a phone.
        """
        born = self._births(cells, stays)
        roles, names, there = self._roles(cells, stays), self._names(cells), self._is_someone(cells)
        numbers = self._texts(cells, "id_number", clean_number)
        found: list[Read | UnnamedPerson | UnreadableCellError | None] = [None] * len(cells)
        named: list[int] = []
        whose: list[tuple[Role, Stay]] = []
        for row, (stay, role, name, number, birth) in enumerate(zip(stays, roles, names, numbers, born, strict=True)):
            if isinstance(stay, UnreadableCellError):
                continue
            if isinstance(role, UnreadableCellError):
                found[row] = role
            elif not name and not number:
                found[row] = UnnamedPerson(role=role, column=f"{self.prefix}name") if there[row] else None
            elif isinstance(birth, UnreadableCellError):
                found[row] = birth
            else:
                named.append(row)
                whose.append((role, stay))

        def of_named(column: Sequence[Value]) -> Sequence[Value]:
            return column if len(named) == len(cells) else [column[row] for row in named]

        people = of_columns(
            Person,
            len(named),
            names=of_named(names),
            birth_dates=[(birth,) if isinstance(birth, PartialDate) else () for birth in of_named(born)],
            sex=of_named(each(sex_of, self._texts(cells, "sex"))),
            nationalities=of_named(each(countries_of, self._texts(cells, "nationality"))),
            documents=of_named(self._documents(cells, numbers)),
            phones=of_named(each(_phones, self._texts(cells, "phone", clean_number))),
            emails=of_named(each(_emails, self._texts(cells, "email"))),
            addresses=self._addresses(of_named(self._texts(cells, "registered_address")), whose),
        )
        ids = of_named(self._texts(cells, "person_id"))
        for row, (role, _), person_id, person in zip(named, whose, ids, people, strict=True):
            found[row] = Read(role, person_id, person)
        return found

    def _births(self, cells: Cells, stays: Sequence[Stay | UnreadableCellError]) -> Sequence[BirthDate]:
        if "birth_date" not in self.columns:
            return [None] * len(cells)
        starts = [stay.start if isinstance(stay, Stay) else None for stay in stays]
        return cells.partial_dates(self.columns["birth_date"], starts)

    def _is_someone(self, cells: Cells) -> list[bool]:
        """In which rows the slot's own cells, beside kind and country of a number, say anything of a person."""
        if self.role is None and not _NAMING.isdisjoint(self.columns):
            return [True] * len(cells)
        fields = [field for field in self.columns if field not in ("id_type", "id_country")]
        said = [[bool(text) for text in cells.stated(self.columns[field])] for field in fields]
        return [any(row) for row in zip(*said, strict=True)] if said else [False] * len(cells)

    def _texts(self, cells: Cells, field: str, cleaned: Callable[[str], str] = clean) -> list[str]:
        column = self.columns.get(field)
        return [""] * len(cells) if column is None else cells.texts(column, cleaned)

    def _roles(self, cells: Cells, stays: Sequence[Stay | UnreadableCellError]) -> Sequence[Role | UnreadableCellError]:
        if self.role is not None:
            return [self.role] * len(cells)
        texts = cells.texts("role")
        if not any(texts):
            return list(map(_unstated_role, stays))
        return [_main_role(text, stay) for text, stay in zip(texts, stays, strict=True)]

    def _names(self, cells: Cells) -> list[tuple[Name, ...]]:
        primary = self._texts(cells, "name", clean_name)
        names: list[tuple[Name, ...]] = _where(
            primary, of_columns(Name, len(primary) - primary.count(""), text=filter(None, primary))
        )
        for field, kind in _OTHER_NAMES:
            if field not in self.columns:
                continue
            for row, text in enumerate(self._texts(cells, field, str.strip)):
                if text:
                    parts = [clean_name(text)] if kind is NameKind.NATIVE else split_names(text)
                    names[row] += tuple(Name(text=one, kind=kind) for one in parts if one and one != primary[row])
        return names

    def _documents(self, cells: Cells, numbers: Sequence[str]) -> list[tuple[Document, ...]]:
        """The document of each row; none where no number stands."""
        rows = [row for row, number in enumerate(numbers) if number]
        if not rows:
            return [()] * len(numbers)
        said = list(zip(*[self._texts(cells, field) for field in _OF_NUMBERS], strict=True))
        kinds = each(self._kind, [said[row] for row in rows])
        numeric = cells.numeric(self.columns.get("id_number", ""))
        cut = [cut_by_spreadsheet(numbers[row], numeric[row]) for row in rows]
        made = of_columns(
            Document,
            len(rows),
            number=[numbers[row] for row in rows],
            kind=[kind for kind, _ in kinds],
            country=[country for _, country in kinds],
            note=["truncated" if is_cut else "" for is_cut in cut],
        )
        return _where(numbers, made)

    def _kind(self, said: tuple[str, str, str]) -> tuple[DocumentKind, str]:
        """The kind and the issuing country that the cells for kind, issuer and nationality mean."""
        word, issuer, nations = said
        kind, country = document_kind_of(word) if word else self.implied
        if issued := country_of(issuer):
            return kind, issued
        if not country and kind is DocumentKind.PASSPORT:
            # A passport without an issuer is the holder's country's, not that of the place of registration.
            nationalities = countries_of(nations)
            return kind, nationalities[0] if len(nationalities) == 1 else ""
        if not country and kind is not DocumentKind.MRZ:
            return kind, self.country
        return kind, country

    def _addresses(self, homes: Sequence[str], whose: Sequence[tuple[Role, Stay]]) -> list[tuple[Address, ...]]:
        """Registered address and, of whoever stays in the unit, the unit's; a landlord does not live there."""
        registered = of_columns(
            Address, len(homes) - homes.count(""), text=filter(None, homes), kind=repeat(AddressKind.REGISTERED)
        )
        stays = [stay for role, stay in whose if (stay.address or stay.unit_code) and role is not Role.LANDLORD]
        units = iter(
            of_columns(
                Address,
                len(stays),
                text=[stay.address for stay in stays],
                kind=repeat(AddressKind.RESIDENCE),
                unit=[stay.unit for stay in stays],
                unit_code=[stay.unit_code for stay in stays],
                country=repeat(self.country),
            )
        )
        found = _where(homes, registered)
        for row, (role, stay) in enumerate(whose):
            if (stay.address or stay.unit_code) and role is not Role.LANDLORD:
                found[row] += (next(units),)
        return found


def slots_of(reading: Reading) -> tuple[Slot, ...]:
    """The places for people that a file's columns give: main person, co-tenants, occupants, landlord."""
    slots = []
    if any(field in reading.headers for field in PERSON_FIELDS):
        slots.append(_slot(None, "", reading))
    parts = sorted({found[:2] for column in reading.headers if (found := numbered(column))})
    roles = {"co_tenant": Role.CO_TENANT, "occupant": Role.OCCUPANT}
    slots += [_slot(roles[part], f"{part}_{number}_", reading) for part, number in parts]
    if any(column in reading.headers for column in LANDLORD_COLUMNS):
        slots.append(_slot(Role.LANDLORD, "landlord_", reading))
    return tuple(slots)


def _slot(role: Role | None, prefix: str, reading: Reading) -> Slot:
    header = " ".join(reading.headers.get(f"{prefix}id_number", ()))
    names = {field: f"{prefix}{field}" for field in PERSON_FIELDS}
    columns = {field: name for field, name in names.items() if name in reading.headers or name in reading.defaults}
    return Slot(role, prefix, columns, reading.country, document_kind_of(document_word(header)))


def _main_role(stated: str, stay: Stay | UnreadableCellError) -> Role | UnreadableCellError:
    if not stated:
        return _unstated_role(stay)
    return role_of(stated) or UnreadableCellError("role", "unknown-role", _ROLES_EXPECTED)


def _unstated_role(stay: Stay | UnreadableCellError) -> Role:
    return Role.GUEST if isinstance(stay, Stay) and stay.kind is StayKind.HOTEL else Role.TENANT
