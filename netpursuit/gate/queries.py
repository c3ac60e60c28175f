"""Whether a query asks for a person or for a group (promise A10). Pure.

A query needs a name, a full number, a full phone, or a mask whose visible part carries enough bits by itself. Sex,
nationality, region, birth date and place, address and e-mail may narrow such a query and are never one.
"""

from __future__ import annotations

import re
import unicodedata

from netpursuit.errors import RefusedError
from netpursuit.policy.limits import (
    BITS_OF_DIGIT,
    BITS_OF_LETTER,
    CITIZEN_LENGTHS,
    LONGEST_OTHER_NUMBER,
    MASK_CHARACTERS,
    MASK_MIN_BITS,
    MRZ_MIN_CHARACTERS,
    NUMBER_MIN_CHARACTERS,
    PHONE_MIN_DIGITS,
    PHONE_OWN_DIGITS,
    PROVINCES,
    TITLES,
    WILDCARD_CHARACTERS,
)
from netpursuit.records import Document, DocumentKind, Person
from netpursuit.text.patterns import regex

_HIDDEN = "*"
_STAND_IN = regex(r"[\u3400-\u9fff]{1,2}(某{1,2}|[XxOo]{1,3})")
_DATE = r"(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
_BIRTH = regex(_DATE)
_REGION_AND_BIRTH = regex(rf"^\d{{2,6}}(\**{_DATE}|\d{{0,8}})")
_CUT_DIGITS = 15  # a spreadsheet keeps fifteen digits of a number and writes zeros for the rest


OF_A_GROUP = frozenset(
    (
        *("wildcard-name", "number-mask", "number-short", "phone-mask", "single-character"),
        *("email-alone", "building-query", "group-query"),
    )
)
"""The codes of what ``check_query`` refuses."""


def check_query(person: Person) -> None:
    """Raise ``RefusedError`` where the query would be one for a group; the message never repeats a value.

    Codes: ``wildcard-name``, ``single-character``, ``number-mask``, ``number-short``, ``phone-mask``, ``group-query``,
    ``email-alone``, ``building-query``.
    """
    names = [unicodedata.normalize("NFKC", name.text) for name in person.names]
    if any(_has_wildcard(raw.text) or _has_wildcard(text) for raw, text in zip(person.names, names, strict=True)):
        raise RefusedError("wildcard-name", "a name with wildcards asks for a group: write the name out")
    if (
        any(_letters(text) >= 2 for text in names)
        or any(_number_bits(document) is None for document in person.documents)
        or any(_phone_bits(phone) is None for phone in person.phones)
    ):
        return
    bits = [*map(_number_bits, person.documents), *map(_phone_bits, person.phones)]
    if any(found is not None and found >= MASK_MIN_BITS for found in bits):
        return
    _refuse(person)


def _refuse(person: Person) -> None:
    if person.documents:
        if any(_hidden(document) for document in person.documents):
            raise RefusedError(
                "number-mask",
                "beside region and birth date this masked number shows too little: give four digits more or a name",
            )
        raise RefusedError("number-short", "a part of a number asks for a group: give the full number or a name")
    if person.phones:
        raise RefusedError("phone-mask", "a part of a phone number asks for a group: give the full number or a name")
    if person.names:
        raise RefusedError("single-character", "one character of a name asks for a group: give the full name")
    if person.emails:
        raise RefusedError(
            "email-alone", "an e-mail address only narrows a query: add a name, a full number or a full phone number"
        )
    if person.addresses:
        raise RefusedError("building-query", "an address alone asks for everyone in a building: add a name or a number")
    raise RefusedError(
        "group-query", "this asks for a group, not for a person: give a name, a full number or a full phone number"
    )


def _has_wildcard(name: str) -> bool:
    """Wildcards as typed, and what stands for a given name in press reports: 张某, 王某某, 李XX."""
    return not WILDCARD_CHARACTERS.isdisjoint(name) or _STAND_IN.fullmatch(name.strip()) is not None


def _letters(name: str) -> int:
    """Letters of a name without a title behind it; 王先生 counts one."""
    text = name.strip()
    title = next((title for title in TITLES if text.endswith(title) and len(text) > len(title)), "")
    return sum(1 for character in text.removesuffix(title) if unicodedata.category(character) in _LETTERS)


_LETTERS = frozenset(("Lu", "Ll", "Lt", "Lo", "Nl"))  # without modifiers and marks: they are no letters by themselves


def _visible(text: str) -> str:
    """A number without separators, hidden characters as ``*``; three X in a row hide too."""
    folded = unicodedata.normalize("NFKC", re.sub(f"[{re.escape(''.join(MASK_CHARACTERS))}]", _HIDDEN, text)).upper()
    kept = "".join(character for character in folded if character.isalnum() or character == _HIDDEN)
    return re.sub(r"X{3,}", lambda run: _HIDDEN * len(run.group()), kept)


def _hidden(document: Document) -> bool:
    return _HIDDEN in _visible(document.number) or document.note == "truncated"


def _is_citizen(document: Document) -> bool:
    return document.country in ("", "CN") and document.kind in (
        DocumentKind.NATIONAL_ID,
        DocumentKind.RESIDENCE_PERMIT,
        DocumentKind.DRIVING_LICENCE,
        DocumentKind.OTHER,
    )


def _number_bits(document: Document) -> float | None:
    """Bits of the visible part without region and birth date; None for a full number."""
    text = _visible(document.number)
    if document.kind is DocumentKind.MRZ:
        # A line of which a part is hidden says of whom only what its beginning says: the state.
        return None if len(text) >= MRZ_MIN_CHARACTERS and _HIDDEN not in text else 0.0
    masked = _hidden(document)
    if masked and document.note == "truncated":
        text = text[:_CUT_DIGITS] + _HIDDEN * (CITIZEN_LENGTHS[1] - _CUT_DIGITS)
    if not masked:
        if len(text) < NUMBER_MIN_CHARACTERS or not any(character.isdigit() for character in text):
            return 0.0
        if not (_is_citizen(document) and _begins_citizen_number(text, document)):
            return None
        if len(text) in CITIZEN_LENGTHS:
            return None
        text += _HIDDEN * (CITIZEN_LENGTHS[1] - len(text))
    # Whatever it is called: fifteen or eighteen digits begin with region and birth date.
    if len(text) in CITIZEN_LENGTHS and re.fullmatch(r"[\d*]*[\dX*]", text):
        return _bits(text[14:] if len(text) == CITIZEN_LENGTHS[1] else text[12:])
    if _HIDDEN in text and (_is_citizen(document) or len(text) > LONGEST_OTHER_NUMBER):
        # Fewer or more stars than digits are hidden make no other number of it: 650102****** asks for a region.
        return _bits(
            _REGION_AND_BIRTH.sub("", text, count=1) if text[:2] in PROVINCES else _BIRTH.sub("", text, count=1)
        )
    return _bits(text)


def _begins_citizen_number(text: str, document: Document) -> bool:
    """Whether an unmasked number is a citizen number or its beginning: region, or region and birth date."""
    if not text[:-1].isdigit() or len(text) > CITIZEN_LENGTHS[1]:
        return False
    if document.country == "CN" and document.kind is not DocumentKind.OTHER:
        return True
    if text[:2] not in PROVINCES:
        return False
    return len(text) == 6 or (len(text) > 7 and text[6:8] in ("19", "20"))


def _phone_bits(phone: str) -> float | None:
    """Bits of the subscriber's visible digits; None for a full number."""
    text = "".join(character for character in _visible(phone) if character.isdigit() or character == _HIDDEN)
    if _HIDDEN not in text and len(text) >= PHONE_MIN_DIGITS:
        return None
    return _bits(text[-PHONE_OWN_DIGITS:]) if len(text) >= PHONE_MIN_DIGITS else 0.0


def _bits(text: str) -> float:
    return sum(
        0.0 if character == _HIDDEN else BITS_OF_DIGIT if character.isdigit() else BITS_OF_LETTER for character in text
    )
