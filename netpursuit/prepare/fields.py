"""Dates, numbers, telephones, e-mails, addresses, sex and nationality into columns."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.ids.addresses import PreparedAddress, prepare_variants
from netpursuit.ids.documents import PreparedNumber, prepare_number
from netpursuit.ids.emails import prepare_email
from netpursuit.ids.phones import prepare_phone
from netpursuit.prepare.columns import TextColumn
from netpursuit.prepare.hashes import hash_text
from netpursuit.records import AddressKind, PartialDate, Person, Sex

FAMILIES = (
    "other",
    "cn-resident",
    "cn-hmt-resident",
    "cn-foreign-permanent",
    "cn-travel-permit",
    "passport",
    "national-id",
    "tax",
    "driving",
    "social-security",
    "residence-permit",
)
MAX_ROWS = 64  # dates, numbers, phones ... of one record


class NumberFlag(IntFlag):
    LIFELONG = 1
    PARTIAL = 2  # masked, or cut by a spreadsheet: has unknown positions
    FAKE = 4
    HOLDS_BIRTH_DATE = 8
    HOLDS_SEX = 16
    RIGHT_CHECK = 32
    WRONG_CHECK = 64


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


def country_code(alpha2: str) -> int:
    """Two letters as one small number; 0 for anything else.

    >>> country_code("CN")
    95
    """
    if len(alpha2) == 2 and alpha2.isascii() and alpha2.isalpha():
        return (ord(alpha2[0].upper()) - 64) * 27 + ord(alpha2[1].upper()) - 64
    return 0


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


# As plain numbers: an enumeration takes longer to add up than the number itself to prepare.
_LIFELONG, _PARTIAL, _FAKE, _BIRTH, _SEX, _RIGHT, _WRONG = (int(flag) for flag in NumberFlag)


def _flags_of(number: PreparedNumber) -> int:
    flags = _LIFELONG if number.lifelong else 0
    flags |= _PARTIAL if "?" in number.canonical else 0
    flags |= _FAKE if number.fake else 0
    flags |= _BIRTH if number.birth_date else 0
    flags |= _SEX if number.sex else 0
    if number.valid is not None:
        flags |= _RIGHT if number.valid else _WRONG
    return flags


class FieldColumns:
    """Collects everything but names; ``arrays`` become the batch's columns."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Any]] = {}
        self._starts: dict[str, list[int]] = {
            key: [0] for key in ("date", "number", "phone", "email", "address", "nation")
        }
        self._sex: list[int] = []

    def add(self, person: Person) -> None:
        """The fields of the next record."""
        numbers = [prepare_number(document) for document in person.documents[:MAX_ROWS]]
        self._add_dates(person, numbers)
        self._add_numbers(person, numbers)
        home = next((address.country for address in person.addresses if address.country), "")
        region = home or (person.nationalities[0] if person.nationalities else "")
        for phone in person.phones[:MAX_ROWS]:
            prepared = prepare_phone(phone, region)
            # Without a country the zero before an area code is no part of the number.
            text = prepared.e164 or (prepared.digits.lstrip("0") if len(prepared.digits) > 7 else prepared.digits)
            if text and not prepared.fake:
                self._push("phone_text", text)
                self._push("phone_hash", hash_text(text))
        for email in person.emails[:MAX_ROWS]:
            if text := prepare_email(email):
                self._push("email_text", text)
                self._push("email_hash", hash_text(text))
        for address in person.addresses[:MAX_ROWS]:
            for parts in prepare_variants(address):
                self._push("address_text", address.text)
                self._push("address_kind", ADDRESS_KINDS[address.kind])
                self._push("address_place", f"{parts.street}, {parts.city}" if parts.street and parts.city else "")
                self._push("address_parts", tuple(map(hash_text, _address_parts(parts))))
        for nation in person.nationalities[:MAX_ROWS]:
            if alpha2 := country_code(nation):
                self._push("nation_code", alpha2)
        sexes = [person.sex] if person.sex else [number.sex for number in numbers if number.sex]
        self._sex.append(0 if not sexes else 1 if sexes[0] is Sex.MALE else 2)
        for key, column in (("date", "date_year"), ("number", "number_text"), ("phone", "phone_text")):
            self._starts[key].append(len(self._rows.get(column, ())))
        for key, column in (("email", "email_text"), ("address", "address_text"), ("nation", "nation_code")):
            self._starts[key].append(len(self._rows.get(column, ())))

    def _push(self, column: str, value: Any) -> None:
        self._rows.setdefault(column, []).append(value)

    def _add_dates(self, person: Person, numbers: list[PreparedNumber]) -> None:
        """Stated dates, and a date that only a number holds where the record states none."""
        dates: list[tuple[PartialDate, bool]] = [(date, False) for date in person.birth_dates[:MAX_ROWS]]
        if not dates:
            held = dict.fromkeys(number.birth_date for number in numbers if number.birth_date and not number.fake)
            dates = [(date, True) for date in held]
        for date, in_number in dates:
            self._push("date_year", date.year)
            self._push("date_month", date.month or 0)
            self._push("date_day", (date.day or 0) if date.month else 0)
            self._push("date_last", date.last_year or 0)
            self._push("date_circa", date.circa)
            self._push("date_in_number", in_number)

    def _add_numbers(self, person: Person, numbers: list[PreparedNumber]) -> None:
        for document, number in zip(person.documents, numbers, strict=False):
            if not number.canonical:
                continue
            self._push("number_flags", _flags_of(number))
            self._push("number_text", number.canonical)
            self._push("number_raw", document.number)
            self._push("number_family", FAMILIES.index(number.family) if number.family in FAMILIES else 0)
            self._push("number_country", country_code(number.country))

    def columns(self) -> dict[str, Any]:
        """Every column of ``PreparedBatch`` that is not about names."""

        def array(column: str, kind: npt.DTypeLike) -> npt.NDArray[Any]:
            return np.array(self._rows.get(column, []), kind)

        def text(column: str) -> TextColumn:
            return TextColumn.of(self._rows.get(column, []))

        kinds: dict[str, npt.DTypeLike] = {
            "date_year": np.int16,
            "date_month": np.int8,
            "date_day": np.int8,
            "date_last": np.int16,
            "date_circa": np.bool_,
            "date_in_number": np.bool_,
            "number_family": np.int8,
            "number_country": np.int16,
            "number_flags": np.uint8,
            "phone_hash": np.uint64,
            "email_hash": np.uint64,
            "address_kind": np.int8,
            "nation_code": np.int16,
        }
        columns: dict[str, Any] = {column: array(column, kind) for column, kind in kinds.items()}
        for column in ("number_text", "number_raw", "phone_text", "email_text", "address_text", "address_place"):
            columns[column] = text(column)
        for key, start in self._starts.items():
            columns[f"{key}_start"] = np.array(start, np.int32)
        columns["address_parts"] = array("address_parts", np.uint64).reshape(-1, len(AddressPart))
        columns["sex"] = np.array(self._sex, np.int8)
        return columns
