"""From the cells of a row to the people it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from netpursuit.ids.dates import parse_date
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


@dataclass(frozen=True, slots=True)
class Stay:
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


class Cells:
    """The values of one row by the program's column names."""

    __slots__ = ("_defaults", "_headers", "_numeric", "_order", "_values")

    def __init__(self, row: Row, reading: Reading) -> None:
        self._values, self._numeric = row.values, row.numeric
        self._headers, self._defaults, self._order = reading.headers, reading.defaults, reading.date_order

    def text(self, column: str, cleaned: Callable[[str], str] = clean) -> str:
        """The value of a column, cleaned; the default where it says nothing."""
        headers = self._headers.get(column)
        if headers is not None:
            values = self._values
            text = (
                cleaned(values.get(headers[0], ""))
                if len(headers) == 1
                else join_parts([cleaned(values.get(header, "")) for header in headers])
            )
            if text:
                return text
        return self._defaults.get(column, "") if self._defaults else ""

    def is_numeric(self, column: str) -> bool:
        if not self._numeric:
            return False
        headers = self._headers.get(column, ())
        return len(headers) == 1 and headers[0] in self._numeric

    def partial_date(self, column: str, on: date | None = None) -> PartialDate | None:
        """A date, or the years an age means ``on`` a day. Raises ``UnreadableCellError`` for any other text."""
        text = self.text(column, clean_date)
        if not text:
            return None
        if self.is_numeric(column) and len(text) == 5 and text.isdecimal() and int(text) < _LAST_SERIAL:
            day = _SHEET_EPOCH + timedelta(days=int(text))
            return PartialDate(year=day.year, month=day.month, day=day.day)
        found = _parsed(text, self._order)
        if found is None and on is not None:
            day_of = PartialDate(year=on.year, month=on.month, day=on.day)
            found = parse_date(text, order=self._order, on=day_of)
        if found is None:
            raise UnreadableCellError(column, "bad-date", _DATE_EXPECTED)
        return found

    def day(self, column: str) -> date | None:
        """A whole date. A month or a year alone begins on its first day: enough to judge the feed's period."""
        found = self.partial_date(column)
        return None if found is None else date(found.year, found.month or 1, found.day or 1)


def read_stay(cells: Cells) -> Stay:
    """Raises ``UnreadableCellError`` for a bad start or end date."""
    return Stay(
        cells.text("address"),
        cells.text("unit"),
        cells.text("unit_code"),
        stay_of(cells.text("stay_kind")),
        cells.day("start_date"),
        cells.day("end_date"),
    )


def read_persons(cells: Cells, stay: Stay, slots: tuple[Slot, ...]) -> tuple[RegisteredPerson, ...]:
    """Everybody a row names, the main person first; a slot without name and number names nobody."""
    found: list[RegisteredPerson] = []
    for slot in slots:
        role = slot.role or _main_role(cells, stay)
        person = slot.read(cells, role, stay)
        if person is None:
            continue
        found.append(
            RegisteredPerson(
                role=role,
                position=sum(other.role is role for other in found),
                person_id=slot.text(cells, "person_id"),
                person=person,
                truncated_numbers=sum(document.note == "truncated" for document in person.documents),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one person in a row. ``role`` None: the main person, whose role stands in a column of its own.

    ``columns``: field of a person -> program's column, only those that the file or the defaults have.
    """

    role: Role | None
    columns: Mapping[str, str]
    country: str
    implied: tuple[DocumentKind, str]  # what the number's own header says: 房东身份证号

    def read(self, cells: Cells, role: Role, stay: Stay) -> Person | None:
        """None where neither a name nor a number stands. Raises ``UnreadableCellError`` for a bad birth date."""
        names = self._names(cells)
        number = self.text(cells, "id_number", clean_number)
        if not names and not number:
            return None
        born = cells.partial_date(self.columns["birth_date"], stay.start) if "birth_date" in self.columns else None
        nationalities = countries_of(self.text(cells, "nationality"))
        phone, email = self.text(cells, "phone", clean_number), self.text(cells, "email")
        return Person(
            names=names,
            birth_dates=() if born is None else (born,),
            sex=sex_of(self.text(cells, "sex")),
            nationalities=nationalities,
            documents=(self._document(cells, number, nationalities),) if number else (),
            phones=tuple(split_phones(phone)) if phone else (),
            emails=tuple(email.replace(";", " ").replace(",", " ").split()) if email else (),
            addresses=self._addresses(cells, role, stay),
        )

    def text(self, cells: Cells, field: str, cleaned: Callable[[str], str] = clean) -> str:
        column = self.columns.get(field)
        return "" if column is None else cells.text(column, cleaned)

    def _names(self, cells: Cells) -> tuple[Name, ...]:
        names = []
        if primary := self.text(cells, "name", clean_name):
            names.append(Name(text=primary))
        for field, kind in _OTHER_NAMES:
            if text := self.text(cells, field, str.strip):
                parts = [clean_name(text)] if kind is NameKind.NATIVE else split_names(text)
                names.extend(Name(text=part, kind=kind) for part in parts if part and part != primary)
        return tuple(names)

    def _document(self, cells: Cells, number: str, nationalities: tuple[str, ...]) -> Document:
        kind, country = self.implied
        if stated := self.text(cells, "id_type"):
            kind, country = document_kind_of(stated)
        if issued := country_of(self.text(cells, "id_country")):
            country = issued
        elif not country and kind is DocumentKind.PASSPORT:
            # A passport without an issuer is the holder's country's, not that of the place of registration.
            country = nationalities[0] if len(nationalities) == 1 else ""
        elif not country and kind is not DocumentKind.MRZ:
            country = self.country
        cut = cut_by_spreadsheet(number, cells.is_numeric(self.columns["id_number"]))
        return Document(number=number, kind=kind, country=country, note="truncated" if cut else "")

    def _addresses(self, cells: Cells, role: Role, stay: Stay) -> tuple[Address, ...]:
        """Registered address and, of whoever stays in the unit, the unit's; a landlord does not live there."""
        addresses = []
        if registered := self.text(cells, "registered_address"):
            addresses.append(Address(text=registered, kind=AddressKind.REGISTERED))
        if role is not Role.LANDLORD and (stay.address or stay.unit_code):
            addresses.append(
                Address(
                    text=stay.address,
                    kind=AddressKind.RESIDENCE,
                    unit=stay.unit,
                    unit_code=stay.unit_code,
                    country=self.country,
                )
            )
        return tuple(addresses)


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
    return Slot(role, columns, reading.country, document_kind_of(document_word(header)))


def _main_role(cells: Cells, stay: Stay) -> Role:
    stated = cells.text("role")
    if not stated:
        return Role.GUEST if stay.kind is StayKind.HOTEL else Role.TENANT
    role = role_of(stated)
    if role is None:
        raise UnreadableCellError("role", "unknown-role", _ROLES_EXPECTED)
    return role
