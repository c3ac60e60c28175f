"""From the cells of some rows to the people they name, a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice, repeat
from typing import NamedTuple, TypeVar

from netpursuit.ids.dates import parse_date
from netpursuit.ids.documents import cut_by_spreadsheet
from netpursuit.ports.blocks import Block
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
from netpursuit.sources.registrations.columns import LANDLORD_COLUMNS, PERSON_FIELDS, numbered
from netpursuit.sources.registrations.values import (
    clean,
    clean_date,
    clean_name,
    clean_number,
    countries_of,
    country_of,
    document_kind_of,
    document_word,
    join_parts,
    role_of,
    sex_of,
    split_names,
    split_phones,
    stay_of,
)
from netpursuit.sources.tables import Row

_SHEET_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's serial dates (ECMA-376 part 1, 18.17.4)
_LAST_SERIAL = 80_000  # the year 2119
_DATE_EXPECTED = "a date as 1985-04-03"
_NAMING = frozenset(("name", "native_name", "id_number"))
_OTHER_NAMES = (("native_name", NameKind.NATIVE), ("former_names", NameKind.FORMER), ("aliases", NameKind.ALIAS))
_OF_NUMBERS = ("id_type", "id_country", "nationality")  # what says whose a number is
_ROLES_EXPECTED = "tenant, co-tenant, occupant, landlord or guest"


class UnreadableCellError(ValueError):
    """A cell that makes its row unusable: the program's column, the reason, what was expected; never the value."""

    def __init__(self, column: str, reason: str, expected: str) -> None:
        self.column, self.reason, self.expected = column, reason, expected
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the columns of one file are read under one feed.

    ``headers``: program's column -> the headers whose cells make up its value; ``defaults``: values for columns that
    are missing or empty.
    """

    headers: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, str]
    country: str
    date_order: str


class Stay(NamedTuple):
    """What a row says about unit and time."""

    address: str
    unit: str
    unit_code: str
    kind: StayKind | None
    start: date | None
    end: date | None


@lru_cache(1 << 16)  # a night has some twenty thousand birth dates and a few days on which people moved in
def _parsed(text: str, order: str) -> PartialDate | None:
    return parse_date(text, order=order)


def _day(found: BirthDate) -> date | UnreadableCellError | None:
    return date(found.year, found.month or 1, found.day or 1) if isinstance(found, PartialDate) else found


Text = TypeVar("Text", str, tuple[str, str, str])  # a cell, or several that count together
Value = TypeVar("Value")
BirthDate = PartialDate | UnreadableCellError | None


def _each(read: Callable[[Text], Value], texts: Sequence[Text]) -> list[Value]:
    """``read`` of each text, called once for each distinct one."""
    values = {text: read(text) for text in set(texts)}
    return [values[text] for text in texts]


def _where(texts: Sequence[str], made: Iterable[Value]) -> list[tuple[Value, ...]]:
    """The next of what was ``made`` for each text that says something; nothing for the others."""
    following = iter(made)
    return [(next(following),) if text else () for text in texts]


def _phones(text: str) -> tuple[str, ...]:
    return tuple(split_phones(text)) if text else ()


def _emails(text: str) -> tuple[str, ...]:
    return tuple(text.replace(";", " ").replace(",", " ").split())


class Cells:
    """The values of some rows by the program's column names."""

    __slots__ = ("_length", "_reading", "_rows")

    def __init__(self, rows: Sequence[Row | Block], reading: Reading) -> None:
        self._rows, self._reading = rows, reading
        self._length = sum(len(row) if isinstance(row, Block) else 1 for row in rows)

    def __len__(self) -> int:
        return self._length

    def lines(self) -> list[int]:
        """Where each row begins."""
        found: list[int] = []
        for row in self._rows:
            if isinstance(row, Block):
                found += row.lines
            else:
                found.append(row.line)
        return found

    def _column(self, header: str) -> list[str]:
        found: list[str] = []
        for row in self._rows:
            if isinstance(row, Block):
                found += row.column(header)
            else:
                found.append(row.values.get(header, ""))
        return found

    def texts(self, column: str, cleaned: Callable[[str], str] = clean) -> list[str]:
        """The values of a column, cleaned; the default where a row says nothing."""
        default = self._reading.defaults.get(column, "")
        found = self.stated(column, cleaned)
        return [text or default for text in found] if default else found

    def stated(self, column: str, cleaned: Callable[[str], str] = clean) -> list[str]:
        """The same without the default."""
        headers = self._reading.headers.get(column)
        if headers is None:
            return [""] * len(self)
        parts = [_each(cleaned, self._column(header)) for header in headers]
        return parts[0] if len(parts) == 1 else [join_parts(list(cells)) for cells in zip(*parts, strict=True)]

    def numeric(self, column: str) -> list[bool]:
        """Which rows have a number, not text, in a column."""
        headers = self._reading.headers.get(column, ())
        found: list[bool] = []
        for row in self._rows:
            if isinstance(row, Block):
                found += [False] * len(row)
            else:
                found.append(len(headers) == 1 and headers[0] in row.numeric)
        return found

    def partial_dates(self, column: str, on: Sequence[date | None] | None = None) -> list[BirthDate]:
        """Dates, or the years that ages mean ``on`` the days of the rows; an error in the place of any other text."""
        texts = self.texts(column, clean_date)
        order = self._reading.date_order
        found: list[BirthDate] = list(_each(lambda text: _parsed(text, order) if text else None, texts))
        numeric = self.numeric(column)
        for row, text in enumerate(texts):
            if text and (found[row] is None or numeric[row]):
                found[row] = self._odd_date(column, text, numeric[row], on[row] if on else None)
        return found

    def _odd_date(self, column: str, text: str, is_number: bool, on: date | None) -> BirthDate:
        """The day of a number that a spreadsheet means, or the year that an age means."""
        if is_number and len(text) == 5 and text.isdecimal() and int(text) < _LAST_SERIAL:
            day = _SHEET_EPOCH + timedelta(days=int(text))
            return PartialDate(year=day.year, month=day.month, day=day.day)
        order = self._reading.date_order
        found = _parsed(text, order)
        if found is None and on is not None:
            found = parse_date(text, order=order, on=PartialDate(year=on.year, month=on.month, day=on.day))
        return UnreadableCellError(column, "bad-date", _DATE_EXPECTED) if found is None else found

    def days(self, column: str) -> list[date | UnreadableCellError | None]:
        """Whole dates. A month or a year alone begins on its first day: enough to judge the feed's period."""
        dates = self.partial_dates(column)
        days = {id(found): _day(found) for found in dates}  # most are one object: few texts, each read once
        return [days[id(found)] for found in dates]


def read_stays(cells: Cells) -> list[Stay | UnreadableCellError]:
    """What each row says about unit and time; an error where a start or end date cannot be read."""
    texts = [cells.texts(column) for column in ("address", "unit", "unit_code")]
    kinds = _each(stay_of, cells.texts("stay_kind"))
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
            sex=of_named(_each(sex_of, self._texts(cells, "sex"))),
            nationalities=of_named(_each(countries_of, self._texts(cells, "nationality"))),
            documents=of_named(self._documents(cells, numbers)),
            phones=of_named(_each(_phones, self._texts(cells, "phone", clean_number))),
            emails=of_named(_each(_emails, self._texts(cells, "email"))),
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
        kinds = _each(self._kind, [said[row] for row in rows])
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
