"""Fields of published lists as people type them: nulls, dates in free text, sex, countries. Pure.

Every function answers "not stated" (empty text or None) for what it cannot read; whether that is a fault of the record
is the reader's to say.
"""

from __future__ import annotations

import calendar
import hashlib
import re
import unicodedata
from datetime import date
from pathlib import Path

from netpursuit.ids.dates import parse_date
from netpursuit.records import PartialDate, Sex
from netpursuit.sources.lists.countries import country_code

__all__ = [
    "clean",
    "country_code",
    "digest_file",
    "is_latin",
    "parse_day",
    "parse_partial_date",
    "parse_sex",
    "partial_date",
]

# What publishers write for "nothing". Words that are also surnames (Null, None) are left alone.
_NULLS = frozenset({"", "-0-", "-", "--", "n/a", "nil", "not known", "unknown", "not available", "无", "不详"})
_SPACES = re.compile(r"[\s\u00a0\u3000]+")

_SEXES = {
    **dict.fromkeys(("male", "m", "man", "男", "男性", "1"), Sex.MALE),  # 1 and 2: ISO/IEC 5218, GB/T 2261.1
    **dict.fromkeys(("female", "f", "woman", "女", "女性", "2"), Sex.FEMALE),
}


def clean(text: str | None) -> str:
    """Text in NFC with single spaces and no control characters; a word for "nothing" becomes empty.

    >>> clean("-0- "), clean(" AL\\u00a0 ZAYDI,\\x1a")
    ('', 'AL ZAYDI,')
    """
    if not text:
        return ""
    spaced = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
    if not spaced.isprintable():
        # Zero-width joiners shape Persian and Indic names; other unprintable characters are leftovers of systems.
        spaced = "".join(char for char in spaced if char.isprintable() or char in "\u200c\u200d")
        spaced = _SPACES.sub(" ", spaced)
    spaced = spaced.strip()
    return "" if spaced.casefold() in _NULLS else spaced


def partial_date(
    year: int, month: int | None = None, day: int | None = None, *, circa: bool = False
) -> PartialDate | None:
    """A date with 0 read as "not stated"; None where month, day or year (1800-2199) is impossible."""
    if not 1800 <= year <= 2199:
        return None
    if not month:
        return PartialDate(year=year, circa=circa)
    if not 1 <= month <= 12:
        return None
    if not day:
        return PartialDate(year=year, month=month, circa=circa)
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        return None
    return PartialDate(year=year, month=month, day=day, circa=circa)


def parse_partial_date(text: str | None, *, order: str = "dmy") -> PartialDate | None:
    """A date as precise as its words: ``12 Mar 1958``, ``Mar 1958``, ``circa 1958``, ``1958 to 1962``, ``00/07/1958``,
    ``1958-07-12``, ``1958年7月``, ``1950s``.

    ``order`` (``dmy`` or ``mdy``) reads ``03/04/1985``. A span within one year keeps what both ends share. None where
    nothing of the kind is stated, or where it is impossible.

    >>> str(parse_partial_date("12 Mar 1958")), str(parse_partial_date("circa 1958 to 1962"))
    ('1958-03-12', 'circa 1958/1962')
    """
    return parse_date(clean(text).rstrip(".;, "), order=order)


def parse_day(text: str | None, *, order: str = "dmy") -> date | None:
    """A calendar day, or None where the text states none (a year or month alone is no day)."""
    found = parse_partial_date(text, order=order)
    if found is None or found.month is None or found.day is None or found.circa:
        return None
    return date(found.year, found.month, found.day)


def parse_sex(text: str | None) -> Sex | None:
    """The sex stated in English or Chinese or by ISO/IEC 5218, else None.

    >>> parse_sex("Male"), parse_sex("女"), parse_sex("unknown")
    (<Sex.MALE: 'male'>, <Sex.FEMALE: 'female'>, None)
    """
    return _SEXES.get(clean(text).rstrip(".").casefold())


def is_latin(text: str) -> bool:
    """Whether all letters of a text are Latin; true without letters."""
    return all(unicodedata.name(char, "").startswith("LATIN") for char in text if char.isalpha() and not char.isascii())


def digest_file(path: Path) -> str:
    """SHA-256 of a file's bytes, 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
