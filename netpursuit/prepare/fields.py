"""Dates, numbers, telephones, e-mails, addresses, sex and nationality into columns, each value of a column once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate, chain
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from netpursuit.ids.emails import prepare_email
from netpursuit.ids.phones import prepare_phone
from netpursuit.prepare.columns import TextColumn
from netpursuit.prepare.hashes import hash_text, hash_texts
from netpursuit.prepare.numbers import NumberColumns, NumberFlag, country_code, number_columns, sex_code
from netpursuit.prepare.ragged import expand
from netpursuit.records import Address, AddressKind, Document, PartialDate, Sex
from netpursuit.records.columns import Coded, Ints, PersonColumns

if TYPE_CHECKING:
    from netpursuit.ids.addresses import PreparedAddress

Array = npt.NDArray[Any]
Value = TypeVar("Value")
Row = TypeVar("Row")

Columns = dict[str, Any]

MAX_ROWS = 64  # dates, numbers, phones ... of one record
_DATE_COLUMNS = 6
_FAKE = int(NumberFlag.FAKE)


class AddressPart(IntEnum):
    """Columns of ``address_parts``. Unit, house and street stand without the city, which a side often leaves out.

    ``FLAT`` and ``NUMBER`` are the flat and the house number by themselves, to tell another one from none.
    """

    UNIT = 0
    UNIT_CODE = 1
    HOUSE = 2
    STREET = 3
    CITY = 4
    DISTRICT = 5
    FLAT = 6
    NUMBER = 7
    POSTCODE = 8


ADDRESS_KINDS = {AddressKind.OTHER: 0, AddressKind.REGISTERED: 1, AddressKind.RESIDENCE: 2}


def _address_parts(parts: PreparedAddress) -> tuple[str, ...]:
    """The parts that are compared, in the order of ``AddressPart``."""
    numbered = parts.street and (parts.house or parts.building) and not parts.lodging
    return (
        parts.unit_key,
        parts.unit_key if parts.unit_key.startswith("code:") else "",
        f"{parts.street}|{parts.house}|{parts.building}" if numbered else "",
        parts.street,
        parts.city,
        parts.district,
        f"{parts.entrance}|{parts.unit}" if parts.unit else "",
        f"{parts.house}|{parts.building}" if parts.house or parts.building else "",
        parts.postcode,
    )


def field_columns(people: PersonColumns) -> Columns:
    """Every column of ``PreparedBatch`` that is not about names."""
    numbers = _Numbers.of(people.documents)
    columns = {**_NOTHING, **_dates(people, numbers), **numbers.of_records()}
    for field, column, columns_of in _OTHERS:
        if any(getattr(people, column).values):
            columns |= columns_of(people)
        else:
            columns[f"{field}_start"] = np.zeros(len(people) + 1, np.int32)
    columns["sex"] = _sexes(people.sex, numbers)
    return columns


def _listed(values: Sequence[tuple[Value, ...]]) -> tuple[Ints, list[Value]]:
    """The rows of each value, at most ``MAX_ROWS``, ragged: value ``i`` has ``rows[start[i]:start[i + 1]]``."""
    counts = list(map(len, values))
    if counts and max(counts) > MAX_ROWS:
        values = [value[:MAX_ROWS] for value in values]
        counts = list(map(len, values))
    start = np.fromiter(accumulate(counts, initial=0), np.int64, len(counts) + 1)
    return start, list(chain.from_iterable(values))


def _made(values: Sequence[tuple[Value, ...]], make: Callable[[Value], Sequence[Row]]) -> tuple[Ints, list[Row]]:
    """The same of what ``make`` makes of each row: none, one or several."""
    start, rows = _listed(values)
    made = list(map(make, rows))
    ends = np.fromiter(accumulate(map(len, made), initial=0), np.int64, len(made) + 1)
    return ends[start], list(chain.from_iterable(made))


def _of_records(start: Ints, codes: Ints | None) -> tuple[Array, Ints | None]:
    """Rows of values as rows of records: the records' offsets, and the row for each; None: all, as they are."""
    if codes is None:
        return start.astype(np.int32), None
    ends = np.zeros(len(codes) + 1, np.int32)
    if not start[-1]:
        return ends, None
    np.cumsum(np.diff(start)[codes], out=ends[1:])
    return ends, expand(start, codes)[1]


def _array(of: Array, rows: Ints | None) -> Array:
    return of if rows is None else of[rows]


def _text(of: TextColumn, rows: Ints | None) -> TextColumn:
    return of if rows is None else of.pick(rows)


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of each value of the column of documents, without those of which nothing is readable."""

    codes: Ints | None
    start: Ints
    rows: NumberColumns

    @classmethod
    def of(cls, column: Coded[tuple[Document, ...]]) -> _Numbers:
        start, documents = _listed(column.values)
        numbers = number_columns(documents)
        if not all(numbers.text):
            readable = np.array(list(map(bool, numbers.text)))
            start = np.concatenate([[0], np.cumsum(readable)])[start]
            numbers = numbers.pick(np.flatnonzero(readable))
        return cls(column.codes, start, numbers)

    def of_records(self) -> Columns:
        """The records' offsets and columns."""
        ends, rows = _of_records(self.start, self.codes)
        raw = _text(TextColumn.of(self.rows.raw), rows)
        text = raw if self.rows.text == self.rows.raw else _text(TextColumn.of(self.rows.text), rows)
        return {
            "number_start": ends,
            "number_text": text,
            "number_raw": raw,
            "number_family": _array(self.rows.family, rows),
            "number_country": _array(self.rows.country, rows),
            "number_flags": _array(self.rows.flags, rows),
        }

    def values_of(self, records: int) -> Ints:
        """The value of each record."""
        return np.arange(records) if self.codes is None else self.codes

    def births(self) -> tuple[Ints, Array]:
        """The dates that the numbers of each value hold, each once and none of a fake: offsets, and YYYYMMDD."""
        rows = ((self.rows.birth > 0) & ((self.rows.flags & _FAKE) == 0)).nonzero()[0]
        owners, birth = self.start.searchsorted(rows, "right") - 1, self.rows.birth[rows]
        first = np.sort(np.unique(owners.astype(np.int64) * 10**8 + birth, return_index=True)[1])
        return owners[first].searchsorted(np.arange(len(self.start))), birth[first]

    def sexes(self) -> Array:
        """The sex that the first number of each value that holds one holds, 0 where none does; of some that do."""
        begin, end = self.start[:-1], self.start[1:]
        rows = self.rows.sex.nonzero()[0]
        first = rows.take(rows.searchsorted(begin), mode="clip")
        return self.rows.sex[first] * ((begin <= first) & (first < end))


def _dates(people: PersonColumns, numbers: _Numbers) -> Columns:
    """Stated dates, and a date that only a number holds where the record states none."""
    start, stated = _listed(people.birth_dates.values)
    said = chain.from_iterable(map(_date_row, stated))
    dates = np.fromiter(said, np.int32, len(stated) * _DATE_COLUMNS).reshape(-1, _DATE_COLUMNS).T
    codes = people.birth_dates.codes
    if not all(people.birth_dates.values) and np.count_nonzero(numbers.rows.birth):
        held_start, births = numbers.births()
        held = np.zeros((_DATE_COLUMNS, len(births)), np.int32)
        held[0], held[1], held[2], held[5] = births // 10_000, births // 100 % 100, births % 100, 1
        values = np.arange(len(people)) if codes is None else codes
        states = np.diff(start)[values] > 0
        codes = np.where(states, values, len(start) - 1 + numbers.values_of(len(people)))
        start = np.concatenate([start, start[-1] + held_start[1:]])
        dates = np.concatenate([dates, held], 1)
    ends, rows = _of_records(start, codes)
    year, month, day, last, circa, in_number = dates if rows is None else dates[:, rows]
    return {
        "date_start": ends,
        "date_year": year.astype(np.int16),
        "date_month": month.astype(np.int8),
        "date_day": day.astype(np.int8),
        "date_last": last.astype(np.int16),
        "date_circa": circa.astype(np.bool_),
        "date_in_number": in_number.astype(np.bool_),
    }


def _date_row(date: PartialDate) -> tuple[int, ...]:
    day = (date.day or 0) if date.month else 0
    return date.year, date.month or 0, day, date.last_year or 0, date.circa, False


def _phones(people: PersonColumns) -> Columns:
    """Numbers in the plan of the country that the record's address, else its nationality names."""
    homes = people.addresses.map(_home).rows()
    nations = people.nationalities.map(lambda codes: codes[0] if codes else "").rows()
    asked = Coded.of(list(zip(map(tuple, people.phones.rows()), homes, nations, strict=True)))
    found = asked.map(
        lambda said: tuple(filter(None, [_phone(phone, said[1] or said[2]) for phone in said[0][:MAX_ROWS]]))
    )
    start, texts = _listed(found.values)
    ends, rows = _of_records(start, found.codes)
    return {
        "phone_start": ends,
        "phone_text": _text(TextColumn.of(texts), rows),
        "phone_hash": _array(hash_texts(texts), rows),
    }


def _home(addresses: tuple[Address, ...]) -> str:
    return next((address.country for address in addresses if address.country), "")


def _phone(typed: str, region: str) -> str:
    """The number by which a telephone is compared, empty where there is none."""
    prepared = prepare_phone(typed, region)
    if prepared.fake:
        return ""
    # Without a country the zero before an area code is no part of the number.
    return prepared.e164 or (prepared.digits.lstrip("0") if len(prepared.digits) > 7 else prepared.digits)


def _emails(people: PersonColumns) -> Columns:
    start, texts = _made(people.emails.values, lambda email: (text,) if (text := prepare_email(email)) else ())
    ends, rows = _of_records(start, people.emails.codes)
    return {
        "email_start": ends,
        "email_text": _text(TextColumn.of(texts), rows),
        "email_hash": _array(hash_texts(texts), rows),
    }


def _addresses(people: PersonColumns) -> Columns:
    start, forms = _made(people.addresses.values, _forms)
    texts, kinds, places, parts = zip(*forms, strict=True) if forms else ((), (), (), ())
    ends, rows = _of_records(start, people.addresses.codes)
    return {
        "address_start": ends,
        "address_text": _text(TextColumn.of(texts), rows),
        "address_kind": _array(np.array(kinds, np.int8), rows),
        "address_place": _text(TextColumn.of(places), rows),
        "address_parts": _array(np.array(parts, np.uint64).reshape(-1, len(AddressPart)), rows),
    }


def _forms(address: Address) -> list[tuple[str, int, str, tuple[int, ...]]]:
    """A row for each form in which an address is compared."""
    from netpursuit.ids.addresses import prepare_variants  # a query seldom has an address

    kind = ADDRESS_KINDS[address.kind]
    return [
        (
            address.text,
            kind,
            f"{parts.street}, {parts.city}" if parts.street and parts.city else "",
            tuple(map(hash_text, _address_parts(parts))),
        )
        for parts in prepare_variants(address)
    ]


def _nations(people: PersonColumns) -> Columns:
    start, nations = _made(
        people.nationalities.values, lambda nation: (code,) if (code := country_code(nation)) else ()
    )
    ends, rows = _of_records(start, people.nationalities.codes)
    return {"nation_start": ends, "nation_code": _array(np.array(nations, np.int16), rows)}


def _sexes(column: Coded[Sex | None], numbers: _Numbers) -> Array:
    """The stated sex, else that which a number holds."""
    stated = column.array(np.array(list(map(sex_code, column.values)), np.int8))
    if np.count_nonzero(stated) == len(stated) or not np.count_nonzero(numbers.rows.sex):
        return stated
    held = _array(numbers.sexes(), numbers.codes)
    return np.where(stated > 0, stated, held) if np.count_nonzero(stated) else held


# The columns that many a register lacks: field, column of the people, and what is made of it.
_OTHERS: tuple[tuple[str, str, Callable[[PersonColumns], Columns]], ...] = (
    ("phone", "phones", _phones),
    ("email", "emails", _emails),
    ("address", "addresses", _addresses),
    ("nation", "nationalities", _nations),
)
_NOTHING = {name: made for _, _, columns_of in _OTHERS for name, made in columns_of(PersonColumns.of(())).items()}
