"""From the cells of some rows to the people they name, a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import repeat
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


Value = TypeVar("Value")
BirthDate = PartialDate | UnreadableCellError | None


def _each(read: Callable[[str], Value], texts: Sequence[str]) -> list[Value]:
    """``read`` of each text, called once for each distinct one."""
    values = {text: read(text) for text in set(texts)}
    return [values[text] for text in texts]


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
        if not any(texts):
            return [None] * len(self)
        order = self._reading.date_order
        return [
            self._partial_date(column, text, is_number, day, order) if text else None
            for text, is_number, day in zip(texts, self.numeric(column), on or repeat(None, len(self)), strict=True)
        ]

    def _partial_date(self, column: str, text: str, is_number: bool, on: date | None, order: str) -> BirthDate:
        if is_number and len(text) == 5 and text.isdecimal() and int(text) < _LAST_SERIAL:
            day = _SHEET_EPOCH + timedelta(days=int(text))
            return PartialDate(year=day.year, month=day.month, day=day.day)
        found = _parsed(text, order)
        if found is None and on is not None:
            found = parse_date(text, order=order, on=PartialDate(year=on.year, month=on.month, day=on.day))
        return UnreadableCellError(column, "bad-date", _DATE_EXPECTED) if found is None else found

    def days(self, column: str) -> list[date | UnreadableCellError | None]:
        """Whole dates. A month or a year alone begins on its first day: enough to judge the feed's period."""
        return [
            date(found.year, found.month or 1, found.day or 1) if isinstance(found, PartialDate) else found
            for found in self.partial_dates(column)
        ]


def read_stays(cells: Cells) -> list[Stay | UnreadableCellError]:
    """What each row says about unit and time; an error where a start or end date cannot be read."""
    columns = (
        cells.texts("address"),
        cells.texts("unit"),
        cells.texts("unit_code"),
        _each(stay_of, cells.texts("stay_kind")),
        cells.days("start_date"),
        cells.days("end_date"),
    )
    stays: list[Stay | UnreadableCellError] = []
    for address, unit, unit_code, kind, start, end in zip(*columns, strict=True):
        if isinstance(start, UnreadableCellError):
            stays.append(start)
        elif isinstance(end, UnreadableCellError):
            stays.append(end)
        else:
            stays.append(Stay(address, unit, unit_code, kind, start, end))
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
    found: list[People | UnreadableCellError] = []
    for stay, *places in zip(stays, *columns, strict=True):
        error = next((one for one in (stay, *places) if isinstance(one, UnreadableCellError)), None)
        if error is not None:
            found.append(error)
            continue
        named = _registered([one for one in places if isinstance(one, Read)])
        found.append(People(named, tuple([one for one in places if isinstance(one, UnnamedPerson)])))
    return found


def _registered(people: list[Read]) -> tuple[RegisteredPerson, ...]:
    roles: list[Role] = []
    found = []
    for role, person_id, person in people:
        cut = sum(document.note == "truncated" for document in person.documents) if person.documents else 0
        found.append(
            RegisteredPerson(
                role=role, position=roles.count(role), person_id=person_id, person=person, truncated_numbers=cut
            )
        )
        roles.append(role)
    return tuple(found)


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
        starts = [stay.start if isinstance(stay, Stay) else None for stay in stays]
        born = cells.partial_dates(self.columns["birth_date"], starts) if "birth_date" in self.columns else None
        always = self.role is None and not _NAMING.isdisjoint(self.columns)
        rows = zip(
            stays,
            self._roles(cells, stays),
            self._names(cells),
            self._texts(cells, "id_number", clean_number),
            born or repeat(None, len(cells)),
            _each(countries_of, self._texts(cells, "nationality")),
            self._texts(cells, "phone", clean_number),
            self._texts(cells, "email"),
            _each(sex_of, self._texts(cells, "sex")),
            self._texts(cells, "person_id"),
            self._texts(cells, "registered_address"),
            self._kinds(cells),
            [True] * len(cells) if always else self._is_someone(cells),
            strict=True,
        )
        found: list[Read | UnnamedPerson | UnreadableCellError | None] = []
        for stay, role, names, number, birth, nations, phone, email, sex, person_id, home, kind, there in rows:
            if isinstance(stay, UnreadableCellError):
                found.append(None)
            elif isinstance(role, UnreadableCellError):
                found.append(role)
            elif not names and not number:
                found.append(UnnamedPerson(role=role, column=f"{self.prefix}name") if there else None)
            elif isinstance(birth, UnreadableCellError):
                found.append(birth)
            else:
                person = Person(
                    names=names,
                    birth_dates=() if birth is None else (birth,),
                    sex=sex,
                    nationalities=nations,
                    documents=(self._document(number, nations, *kind),) if number else (),
                    phones=tuple(split_phones(phone)) if phone else (),
                    emails=tuple(email.replace(";", " ").replace(",", " ").split()) if email else (),
                    addresses=self._addresses(home, role, stay),
                )
                found.append(Read(role, person_id, person))
        return found

    def _is_someone(self, cells: Cells) -> list[bool]:
        """In which rows the slot's own cells, beside kind and country of a number, say anything of a person."""
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
        names: list[tuple[Name, ...]] = [(Name(text=text),) if text else () for text in primary]
        for field, kind in _OTHER_NAMES:
            if field not in self.columns:
                continue
            for row, text in enumerate(self._texts(cells, field, str.strip)):
                if text:
                    parts = [clean_name(text)] if kind is NameKind.NATIVE else split_names(text)
                    names[row] += tuple(Name(text=one, kind=kind) for one in parts if one and one != primary[row])
        return names

    def _kinds(self, cells: Cells) -> list[tuple[tuple[DocumentKind, str] | None, str, bool]]:
        """What each row states about its number: kind, issuing country, whether its cell was a number."""
        stated = _each(lambda text: document_kind_of(text) if text else None, self._texts(cells, "id_type"))
        issued = _each(country_of, self._texts(cells, "id_country"))
        numeric = cells.numeric(self.columns.get("id_number", ""))
        return list(zip(stated, issued, numeric, strict=True))

    def _document(
        self,
        number: str,
        nationalities: tuple[str, ...],
        stated: tuple[DocumentKind, str] | None,
        issued: str,
        is_numeric: bool,
    ) -> Document:
        kind, country = stated or self.implied
        if issued:
            country = issued
        elif not country and kind is DocumentKind.PASSPORT:
            # A passport without an issuer is the holder's country's, not that of the place of registration.
            country = nationalities[0] if len(nationalities) == 1 else ""
        elif not country and kind is not DocumentKind.MRZ:
            country = self.country
        cut = cut_by_spreadsheet(number, is_numeric)
        return Document(number=number, kind=kind, country=country, note="truncated" if cut else "")

    def _addresses(self, registered: str, role: Role, stay: Stay) -> tuple[Address, ...]:
        """Registered address and, of whoever stays in the unit, the unit's; a landlord does not live there."""
        homes = (Address(text=registered, kind=AddressKind.REGISTERED),) if registered else ()
        if role is Role.LANDLORD or not (stay.address or stay.unit_code):
            return homes
        unit = Address(
            text=stay.address,
            kind=AddressKind.RESIDENCE,
            unit=stay.unit,
            unit_code=stay.unit_code,
            country=self.country,
        )
        return (*homes, unit)


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
