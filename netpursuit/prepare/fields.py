"""Dates, numbers, telephones, e-mails, addresses, sex and nationality into columns."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any

import numpy as np

from netpursuit.ids.documents import PreparedNumber, prepare_number
from netpursuit.ids.emails import prepare_email
from netpursuit.ids.phones import prepare_phone
from netpursuit.prepare.columns import TextColumn
from netpursuit.prepare.hashes import hash_text, hash_texts
from netpursuit.records import Address, AddressKind, Person, Sex

if TYPE_CHECKING:
    from netpursuit.ids.addresses import PreparedAddress

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


def _variants(address: Address) -> tuple[PreparedAddress, ...]:
    from netpursuit.ids.addresses import prepare_variants  # a query seldom has an address

    return prepare_variants(address)


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


_FAMILY_CODES = {family: code for code, family in enumerate(FAMILIES)}
_OWNED = ("date", "number", "phone", "email", "address", "nation")  # what a record has any number of
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
    """Collects everything but names, a tuple a row; ``columns`` gives the batch's columns."""

    def __init__(self) -> None:
        self._dates: list[tuple[int, int, int, int, bool, bool]] = []
        self._numbers: list[tuple[str, str, int, int, int]] = []
        self._phones: list[str] = []
        self._emails: list[str] = []
        self._addresses: list[tuple[str, int, str, tuple[int, ...]]] = []
        self._nations: list[int] = []
        self._sex: list[int] = []
        self._ends: list[tuple[int, ...]] = [(0,) * len(_OWNED)]

    def add(self, person: Person) -> None:
        """The fields of the next record."""
        numbers = [prepare_number(document) for document in person.documents[:MAX_ROWS]]
        self._add_dates(person, numbers)
        for document, number in zip(person.documents, numbers, strict=False):
            if number.canonical:
                family, country = _FAMILY_CODES.get(number.family, 0), country_code(number.country)
                self._numbers.append((number.canonical, document.number, family, country, _flags_of(number)))
        if person.phones:
            self._add_phones(person)
        for email in person.emails[:MAX_ROWS]:
            if text := prepare_email(email):
                self._emails.append(text)
        for address in person.addresses[:MAX_ROWS]:
            for parts in _variants(address):
                place = f"{parts.street}, {parts.city}" if parts.street and parts.city else ""
                hashes = tuple(map(hash_text, _address_parts(parts)))
                self._addresses.append((address.text, ADDRESS_KINDS[address.kind], place, hashes))
        for nation in person.nationalities[:MAX_ROWS]:
            if alpha2 := country_code(nation):
                self._nations.append(alpha2)
        sex = person.sex or next((number.sex for number in numbers if number.sex), None)
        self._sex.append(0 if sex is None else 1 if sex is Sex.MALE else 2)
        rows = self._dates, self._numbers, self._phones, self._emails, self._addresses, self._nations
        self._ends.append(tuple(len(field) for field in rows))

    def _add_dates(self, person: Person, numbers: list[PreparedNumber]) -> None:
        """Stated dates, and a date that only a number holds where the record states none."""
        dates, in_number = person.birth_dates[:MAX_ROWS], False
        if not dates:
            held = dict.fromkeys(number.birth_date for number in numbers if number.birth_date and not number.fake)
            dates, in_number = tuple(date for date in held if date), True
        for date in dates:
            day = (date.day or 0) if date.month else 0
            self._dates.append((date.year, date.month or 0, day, date.last_year or 0, date.circa, in_number))

    def _add_phones(self, person: Person) -> None:
        home = next((address.country for address in person.addresses if address.country), "")
        region = home or (person.nationalities[0] if person.nationalities else "")
        for phone in person.phones[:MAX_ROWS]:
            prepared = prepare_phone(phone, region)
            # Without a country the zero before an area code is no part of the number.
            text = prepared.e164 or (prepared.digits.lstrip("0") if len(prepared.digits) > 7 else prepared.digits)
            if text and not prepared.fake:
                self._phones.append(text)

    def columns(self) -> dict[str, Any]:
        """Every column of ``PreparedBatch`` that is not about names."""
        dates = np.array(self._dates, np.int32).reshape(-1, 6).T
        numbers: list[Any] = list(zip(*self._numbers, strict=True)) or [()] * 5
        addresses: list[Any] = list(zip(*self._addresses, strict=True)) or [()] * 4
        ends = np.array(self._ends, np.int32).T
        return {f"{field}_start": end for field, end in zip(_OWNED, ends.copy(), strict=True)} | {
            "date_year": dates[0].astype(np.int16),
            "date_month": dates[1].astype(np.int8),
            "date_day": dates[2].astype(np.int8),
            "date_last": dates[3].astype(np.int16),
            "date_circa": dates[4].astype(np.bool_),
            "date_in_number": dates[5].astype(np.bool_),
            "number_text": TextColumn.of(numbers[0]),
            "number_raw": TextColumn.of(numbers[1]),
            "number_family": np.array(numbers[2], np.int8),
            "number_country": np.array(numbers[3], np.int16),
            "number_flags": np.array(numbers[4], np.uint8),
            "phone_text": TextColumn.of(self._phones),
            "phone_hash": hash_texts(self._phones),
            "email_text": TextColumn.of(self._emails),
            "email_hash": hash_texts(self._emails),
            "address_text": TextColumn.of(addresses[0]),
            "address_kind": np.array(addresses[1], np.int8),
            "address_place": TextColumn.of(addresses[2]),
            "address_parts": np.array(addresses[3], np.uint64).reshape(-1, len(AddressPart)),
            "nation_code": np.array(self._nations, np.int16),
            "sex": np.array(self._sex, np.int8),
        }
