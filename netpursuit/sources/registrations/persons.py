"""From the cells of a row to the people it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

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


class Cells:
    """The values of one row by the program's column names."""

    __slots__ = ("_reading", "_row")

    def __init__(self, row: Row, reading: Reading) -> None:
        self._row, self._reading = row, reading

    def text(self, column: str, cleaned: Callable[[str], str] = clean) -> str:
        """The value of a column, cleaned; the default where it says nothing."""
        headers = self._reading.headers.get(column)
        if headers is not None:
            values = self._row.values
            text = (
                cleaned(values.get(headers[0], ""))
                if len(headers) == 1
                else join_parts([cleaned(values.get(header, "")) for header in headers])
            )
            if text:
                return text
        return self._reading.defaults.get(column, "")

    def is_numeric(self, column: str) -> bool:
        headers = self._reading.headers.get(column, ())
        return len(headers) == 1 and headers[0] in self._row.numeric

    def partial_date(self, column: str) -> PartialDate | None:
        """Raises ``UnreadableCellError`` for a text that is no date."""
        text = self.text(column, clean_date)
        if not text:
            return None
        if self.is_numeric(column) and len(text) == 5 and text.isdecimal() and int(text) < _LAST_SERIAL:
            day = _SHEET_EPOCH + timedelta(days=int(text))
            return PartialDate(year=day.year, month=day.month, day=day.day)
        found = parse_date(text, order=self._reading.date_order)
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
        person = slot.read(cells, stay)
        if person is None:
            continue
        role = slot.role or _main_role(cells, stay)
        position = sum(other.role is role for other in found)
        found.append(
            RegisteredPerson(
                role=role,
                position=position,
                person_id=cells.text(slot.column("person_id")),
                person=_with_unit(person, role, stay),
                truncated_numbers=sum(document.note == "truncated" for document in person.documents),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Slot:
    """A place for one person in a row. ``role`` None: the main person, whose role stands in a column of its own."""

    role: Role | None
    prefix: str
    reading: Reading

    def column(self, field: str) -> str:
        return self.prefix + field

    def read(self, cells: Cells, stay: Stay) -> Person | None:
        """None where neither a name nor a number stands. Raises ``UnreadableCellError`` for a bad birth date."""
        reading = self.reading
        names = self._names(cells)
        number = cells.text(self.column("id_number"), clean_number)
        if not names and not number:
            return None
        born = cells.partial_date(self.column("birth_date"))
        nationalities = countries_of(cells.text(self.column("nationality")))
        registered = cells.text(self.column("registered_address"))
        return Person(
            names=names,
            birth_dates=() if born is None else (born,),
            sex=sex_of(cells.text(self.column("sex"))),
            nationalities=nationalities,
            documents=(self._document(cells, number, nationalities),) if number else (),
            phones=tuple(split_phones(cells.text(self.column("phone"), clean_number))),
            emails=tuple(filter(None, cells.text(self.column("email")).replace(";", " ").replace(",", " ").split())),
            addresses=(Address(text=registered, kind=AddressKind.REGISTERED, country=reading.country),)
            if registered
            else (),
        )

    def _names(self, cells: Cells) -> tuple[Name, ...]:
        names = []
        if primary := cells.text(self.column("name"), clean_name):
            names.append(Name(text=primary))
        for field, kind in (
            ("native_name", NameKind.NATIVE),
            ("former_names", NameKind.FORMER),
            ("aliases", NameKind.ALIAS),
        ):
            if text := cells.text(self.column(field), str.strip):
                parts = [clean_name(text)] if kind is NameKind.NATIVE else split_names(text)
                names.extend(Name(text=part, kind=kind) for part in parts if part and part != primary)
        return tuple(names)

    def _document(self, cells: Cells, number: str, nationalities: tuple[str, ...]) -> Document:
        kind, country = DocumentKind.OTHER, ""
        if stated := cells.text(self.column("id_type")):
            kind, country = document_kind_of(stated)
        if issued := country_of(cells.text(self.column("id_country"))):
            country = issued
        elif not country and kind is DocumentKind.PASSPORT:
            # A passport without an issuer is the holder's country's, not that of the place of registration.
            country = nationalities[0] if len(nationalities) == 1 else ""
        elif not country and kind is not DocumentKind.MRZ:
            country = self.reading.country
        cut = cut_by_spreadsheet(number, cells.is_numeric(self.column("id_number")))
        return Document(number=number, kind=kind, country=country, note="truncated" if cut else "")


def slots_of(reading: Reading) -> tuple[Slot, ...]:
    """The places for people that a file's columns give: main person, co-tenants, occupants, landlord."""
    slots = []
    if any(field in reading.headers for field in PERSON_FIELDS):
        slots.append(Slot(None, "", reading))
    parts = sorted({found[:2] for column in reading.headers if (found := numbered(column))})
    roles = {"co_tenant": Role.CO_TENANT, "occupant": Role.OCCUPANT}
    slots += [Slot(roles[part], f"{part}_{number}_", reading) for part, number in parts]
    if any(column in reading.headers for column in LANDLORD_COLUMNS):
        slots.append(Slot(Role.LANDLORD, "landlord_", reading))
    return tuple(slots)


def _main_role(cells: Cells, stay: Stay) -> Role:
    stated = cells.text("role")
    if not stated:
        return Role.GUEST if stay.kind is StayKind.HOTEL else Role.TENANT
    role = role_of(stated)
    if role is None:
        raise UnreadableCellError("role", "unknown-role", _ROLES_EXPECTED)
    return role


def _with_unit(person: Person, role: Role, stay: Stay) -> Person:
    """Whoever stays in the unit lives at its address; a landlord does not."""
    if role is Role.LANDLORD or not (stay.address or stay.unit_code):
        return person
    unit = Address(text=stay.address, kind=AddressKind.RESIDENCE, unit=stay.unit, unit_code=stay.unit_code)
    return Person(
        names=person.names,
        birth_dates=person.birth_dates,
        sex=person.sex,
        nationalities=person.nationalities,
        documents=person.documents,
        phones=person.phones,
        emails=person.emails,
        addresses=(*person.addresses, unit),
    )
