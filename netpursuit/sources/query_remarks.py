"""What becomes of the fields of a query that are not simply compared: said to whoever asked.

A value that says nothing comparable is left out by the comparison without a word; here it gets one. Values are judged
by the functions that prepare them for the comparison, so that the two cannot come apart.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from netpursuit.errors import InputError
from netpursuit.ids.dates import other_reading, parse_date
from netpursuit.ids.documents import prepare_number
from netpursuit.ids.emails import prepare_email
from netpursuit.ids.mrz import is_zone, parse_mrz
from netpursuit.ids.phones import prepare_phone
from netpursuit.policy.limits import MASK_CHARACTERS, NUMBER_MIN_CHARACTERS, WILDCARD_CHARACTERS
from netpursuit.records import Address, PartialDate, Person
from netpursuit.text.patterns import regex

ZONES = "two lines of 44 or 36 characters, or three of 30 (ICAO Doc 9303)"
_MASKED = regex(f"[{re.escape(''.join(MASK_CHARACTERS))}]|[0-9][Xx]{{3,}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """``kind`` is a word of the catalogue (``remark.<kind>``), ``field`` a field of a person.

    ``not-compared``: nothing in ``value`` can be compared. ``short-number``: fewer characters than any full number.
    ``read-as``: a date of two readings; ``read_as`` is the one compared, ``other`` the one that is not.
    ``not-used``: a piece of a line that could not be placed. ``check-digit``: of a machine-readable zone, wrong.
    """

    kind: str
    field: str
    value: str
    read_as: str = ""
    other: str = ""


def remarks_on(person: Person, birth_texts: Iterable[str] = (), *, today: date, where: str = "") -> tuple[Remark, ...]:
    """Remarks on a person asked for; ``birth_texts`` are the birth dates as typed, ``where`` is the record's place.

    Raises ``InputError`` for a birth date in the future, for a broken machine-readable zone, and where names, numbers
    and phones are marks without letters and digits and there is nothing else. A part of a number, or a wildcard, is no
    such thing: it asks for a group, which the gate refuses and records.
    """
    for born in person.birth_dates:
        if is_future(born, today):
            raise InputError(f"the birth date {born} lies in the future", where=where, expected="a day up to today")
    for text in (*(name.text for name in person.names), *(document.number for document in person.documents)):
        refuse_broken_zone(text, where)
    if person != Person() and _without_blanks(person) == Person():
        raise InputError(
            "nothing that can be compared", where=where, expected="a name, a full number or a full telephone number"
        )
    return (*_readings(birth_texts), *_not_compared(person))


def refuse_broken_zone(text: str, where: str) -> None:
    """Raise ``InputError`` for what is evidently a machine-readable zone and cannot be read as one."""
    if is_zone(text) and parse_mrz(text) is None:
        length = len("".join(text.split()))
        raise InputError(f"a machine-readable zone of {length} characters cannot be read", where=where, expected=ZONES)


def is_future(born: PartialDate, today: date) -> bool:
    """Whether a birth date, or the first year of a span, is still to come."""
    return (born.year, born.month or 1, born.day or 1) > (today.year, today.month, today.day)


def _readings(texts: Iterable[str]) -> Iterator[Remark]:
    for text in texts:
        read, other = parse_date(text), other_reading(text)
        if read is not None and other is not None:
            yield Remark(kind="read-as", field="birth-date", value=text, read_as=str(read), other=str(other))


def _not_compared(person: Person) -> Iterator[Remark]:
    def lost(field: str, value: str) -> Remark:
        return Remark(kind="not-compared", field=field, value=value)

    for name in person.names:
        if _is_blank(name.text, "L"):
            yield lost("name", name.text)
    for document in person.documents:
        number = prepare_number(document)
        if not number.canonical or number.fake:
            yield lost("document", document.number)
        elif not number.masked and (number.visible < NUMBER_MIN_CHARACTERS or not _has_digit(number.canonical)):
            yield Remark(kind="short-number", field="document", value=document.number)
    for phone in person.phones:
        prepared = prepare_phone(phone)
        if not _MASKED.search(phone) and (prepared.fake or not (prepared.e164 or prepared.digits)):
            yield lost("phone", phone)
    yield from (lost("email", text) for text in person.emails if not prepare_email(text))
    yield from (lost("address", address.text) for address in person.addresses if not _says_a_place(address))


def _says_a_place(address: Address) -> bool:
    from netpursuit.ids.addresses import prepare_variants  # a query seldom has an address

    return any(any((form.unit_key, form.street, form.city, form.postcode)) for form in prepare_variants(address))


def _without_blanks(person: Person) -> Person:
    """The person without names, numbers and phones that say nothing at all."""
    return replace(
        person,
        names=tuple(name for name in person.names if not _is_blank(name.text, "LN")),
        documents=tuple(item for item in person.documents if not _is_blank(item.number, "LN")),
        phones=tuple(phone for phone in person.phones if not _is_blank(phone, "N")),
    )


def _is_blank(text: str, categories: str) -> bool:
    """Whether a text has neither a character of these categories nor one that hides or stands for others."""
    marks = MASK_CHARACTERS | WILDCARD_CHARACTERS
    return not any(character in marks or unicodedata.category(character)[0] in categories for character in text)


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
