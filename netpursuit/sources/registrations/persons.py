"""From the cells of some rows to the people they name, a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from netpursuit.ids.documents import cut_by_spreadsheet
from netpursuit.records import (
    Address,
    AddressKind,
    Document,
    DocumentKind,
    Name,
    NameKind,
    PartialDate,
    Role,
    StayKind,
    UnnamedPerson,
)
from netpursuit.records.columns import Bools, Coded, Ints, PersonColumns
from netpursuit.records.packing import of_columns
from netpursuit.records.register import RegisteredColumns, StayColumns
from netpursuit.sources.registrations.cells import (
    BirthDate,
    Cells,
    Errors,
    Reading,
    UnreadableCellError,
    errors_in,
)
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


def _phones(text: str) -> tuple[str, ...]:
    return tuple(split_phones(text)) if text else ()


def _emails(text: str) -> tuple[str, ...]:
    return tuple(text.replace(";", " ").replace(",", " ").split())


class Stays(NamedTuple):
    """What each row says about unit and time, and the rows whose dates cannot be read."""

    columns: StayColumns
    errors: Errors


def read_stays(cells: Cells) -> Stays:
    """The columns about unit and time; of two dates that cannot be read the first one's error counts."""
    start, wrong_start = cells.days("start_date")
    end, wrong_end = cells.days("end_date")
    address, unit, unit_code = (cells.texts(column) for column in ("address", "unit", "unit_code"))
    kind = cells.texts("stay_kind").map(stay_of)
    return Stays(StayColumns(address, unit, unit_code, kind, start, end), wrong_end | wrong_start)


class People(NamedTuple):
    """The people of some rows, by row, in each the main person first. ``named`` counts those of each row; ``unnamed``
    are those of whom neither a name nor a number stands, by row."""

    errors: Errors
    named: Ints
    unnamed: dict[int, tuple[UnnamedPerson, ...]]
    persons: RegisteredColumns


def read_persons(cells: Cells, stays: Stays, slots: tuple[Slot, ...]) -> People:
    """The people of each row; a slot without name and number names nobody.

    A row has an error, and nobody, where its stay has one, where nobody knows a role, or where somebody's birth date
    cannot be read.
    """
    places = [slot.read(cells, stays) for slot in slots]
    errors: Errors = {}
    for found in (*(place.errors for place in reversed(places)), stays.errors):  # the first one counts
        errors |= found
    there = np.stack([place.named for place in places], axis=1)
    there[list(errors)] = False
    rows, slot = np.nonzero(there)
    chosen = slot * len(cells) + rows
    everybody = RegisteredColumns(
        Coded.joined([place.roles for place in places]),
        _positions(there, places).reshape(-1, order="F"),
        Coded.joined([place.person_ids for place in places]),
        PersonColumns.joined([place.people for place in places]),
    )
    unnamed: dict[int, tuple[UnnamedPerson, ...]] = {}
    for place in places:
        for row in np.flatnonzero(place.unnamed).tolist():
            if row not in errors:
                nobody = UnnamedPerson(role=place.roles[row], column=place.column)
                unnamed[row] = (*unnamed.get(row, ()), nobody)
    return People(errors, there.sum(axis=1), unnamed, everybody.pick(chosen))


def _positions(there: Bools, places: Sequence[Place]) -> Ints:
    """(rows, places) how many before each place have its role in its row."""
    positions = np.zeros(there.shape, np.int64)
    number = {role: at for at, role in enumerate(Role)}
    roles = [place.roles.array(np.array([number[role] for role in place.roles.values])) for place in places]
    for at, role in enumerate(roles):
        for before in range(at):
            positions[:, at] += there[:, before] & (roles[before] == role)
    return positions


class Place(NamedTuple):
    """What the rows say of one place for a person. ``named``: where somebody stands; ``unnamed``: where somebody stands
    of whom neither name nor number does, under the header ``column``."""

    named: Bools
    unnamed: Bools
    column: str
    errors: Errors
    roles: Coded[Role]
    person_ids: Coded[str]
    people: PersonColumns


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

    def read(self, cells: Cells, stays: Stays) -> Place:
        """The person of each row.

        A registration has a main person: where neither name nor number stands, it is unnamed. Of the others something
        has to stand, as a phone.
        """
        births = self._births(cells, stays)
        roles, wrong_roles = self._roles(cells, stays)
        numbers, names = self._texts(cells, "id_number", clean_number), self._names(cells)
        named = names.mask(bool) | numbers.mask(bool)
        wrong_births = {row: error for row, error in errors_in(births).items() if named[row]}
        people = PersonColumns(
            names=names,
            birth_dates=births.map(lambda birth: (birth,) if isinstance(birth, PartialDate) else ()),
            sex=self._texts(cells, "sex").map(sex_of),
            nationalities=self._texts(cells, "nationality").map(countries_of),
            documents=self._documents(cells, numbers),
            phones=self._texts(cells, "phone", clean_number).map(_phones),
            emails=self._texts(cells, "email").map(_emails),
            addresses=self._addresses(self._texts(cells, "registered_address"), roles, stays.columns),
        )
        return Place(
            named=named,
            unnamed=np.zeros(len(cells), np.bool_) if named.all() else ~named & self._is_someone(cells),
            column=f"{self.prefix}name",
            errors=wrong_births | wrong_roles,
            roles=roles,
            person_ids=self._texts(cells, "person_id"),
            people=people,
        )

    def _births(self, cells: Cells, stays: Stays) -> Coded[BirthDate]:
        if "birth_date" not in self.columns:
            return Coded.constant(None, len(cells))
        return cells.partial_dates(self.columns["birth_date"], stays.columns.start_date)

    def _is_someone(self, cells: Cells) -> Bools:
        """In which rows the slot's own cells, beside kind and country of a number, say anything of a person."""
        if self.role is None and not _NAMING.isdisjoint(self.columns):
            return np.ones(len(cells), np.bool_)
        found = np.zeros(len(cells), np.bool_)
        for field, column in self.columns.items():
            if field not in ("id_type", "id_country"):
                found |= cells.stated(column).mask(bool)
        return found

    def _texts(self, cells: Cells, field: str, cleaned: Callable[[str], str] = clean) -> Coded[str]:
        column = self.columns.get(field)
        return Coded.constant("", len(cells)) if column is None else cells.texts(column, cleaned)

    def _roles(self, cells: Cells, stays: Stays) -> tuple[Coded[Role], Errors]:
        if self.role is not None:
            return Coded.constant(self.role, len(cells)), {}
        texts, kinds = cells.texts("role"), stays.columns.stay_kind
        if not any(texts.values):
            return kinds.map(_unstated_role), {}
        found = Coded.of(list(zip(texts.rows(), kinds.rows(), strict=True))).map(_main_role)
        return found.map(lambda role: role if isinstance(role, Role) else Role.TENANT), errors_in(found)

    def _names(self, cells: Cells) -> Coded[tuple[Name, ...]]:
        primary = self._texts(cells, "name", clean_name)
        others = [(field, kind) for field, kind in _OTHER_NAMES if field in self.columns]
        if not others:
            texts = list(filter(None, primary.values))
            names = iter(of_columns(Name, len(texts), text=texts))
            return primary.map(lambda text: (next(names),) if text else ())
        columns = [primary, *(self._texts(cells, field, str.strip) for field, _ in others)]
        kinds = [kind for _, kind in others]

        def names_of(texts: tuple[str, ...]) -> tuple[Name, ...]:
            first, *more = texts
            found: tuple[Name, ...] = (Name(text=first),) if first else ()
            for text, kind in zip(more, kinds, strict=True):
                parts = [clean_name(text)] if kind is NameKind.NATIVE else split_names(text) if text else []
                found += tuple(Name(text=one, kind=kind) for one in parts if one and one != first)
            return found

        return Coded.of(list(zip(*(column.rows() for column in columns), strict=True))).map(names_of)

    def _documents(self, cells: Cells, texts: Coded[str]) -> Coded[tuple[Document, ...]]:
        """The document of each row; none where no number stands."""
        rows = np.flatnonzero(texts.mask(bool))
        if not len(rows):
            return Coded.constant((), len(texts))
        said = [self._texts(cells, field) for field in _OF_NUMBERS]
        kinds = Coded.of(list(zip(*(column.pick(rows).rows() for column in said), strict=True))).map(self._kind).rows()
        numbers = texts.pick(rows).rows()
        numeric = cells.numeric(self.columns.get("id_number", ""))[rows].tolist()
        made = of_columns(
            Document,
            len(rows),
            number=numbers,
            kind=[kind for kind, _ in kinds],
            country=[country for _, country in kinds],
            note=list(map(_cut_note, numbers, numeric)),
        )
        found: list[tuple[Document, ...]] = [()] * len(texts)
        for row, document in zip(rows.tolist(), made, strict=True):
            found[row] = (document,)
        return Coded(found)

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

    def _addresses(self, homes: Coded[str], roles: Coded[Role], stays: StayColumns) -> Coded[tuple[Address, ...]]:
        """Registered address and, of whoever stays in the unit, the unit's; a landlord does not live there."""
        parts: tuple[Coded[Any], ...] = (homes, stays.address, stays.unit, stays.unit_code)
        if not any(any(part.values) for part in parts):
            return Coded.constant((), len(homes))
        return Coded.of(list(zip(*(part.rows() for part in (*parts, roles)), strict=True))).map(self._addresses_of)

    def _addresses_of(self, said: tuple[str, str, str, str, Role]) -> tuple[Address, ...]:
        home, address, unit, unit_code, role = said
        found: tuple[Address, ...] = (Address(text=home, kind=AddressKind.REGISTERED),) if home else ()
        if (address or unit_code) and role is not Role.LANDLORD:
            kind = AddressKind.RESIDENCE
            found += (Address(text=address, kind=kind, unit=unit, unit_code=unit_code, country=self.country),)
        return found


def _cut_note(number: str, is_numeric: bool) -> str:
    may_be = is_numeric or number.endswith("000") or "E" in number.upper()
    return "truncated" if may_be and cut_by_spreadsheet(number, is_numeric) else ""


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


def _main_role(said: tuple[str, StayKind | None]) -> Role | UnreadableCellError:
    stated, stay = said
    if not stated:
        return _unstated_role(stay)
    return role_of(stated) or UnreadableCellError("role", "unknown-role", _ROLES_EXPECTED)


def _unstated_role(stay: StayKind | None) -> Role:
    return Role.GUEST if stay is StayKind.HOTEL else Role.TENANT
