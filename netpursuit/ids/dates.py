"""Dates as people and registers write them, as precise as they are.

ISO 8601, European and American order, month names, Chinese dates (年月日, Chinese numerals, 民国 years), bare
years, spans and circa. A date that is impossible or unreadable is None; nothing is guessed beyond the stated order.
"""

from __future__ import annotations

import calendar
import re
import unicodedata

from netpursuit.records import PartialDate

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_CIRCA = re.compile(r"^(?:circa|approximately|approx\.?|about|ca?\.|约|大约)\s*", re.IGNORECASE)
_SPAN = re.compile(r"^(\d{4})\s*(?:-|–|to|/|至|~)\s*(\d{4})$", re.IGNORECASE)
_ISO = re.compile(r"^(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?(?:[T ].*)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_CHINESE = re.compile(r"^(民国|民國)?\s*(\d{1,4})\s*年(?:\s*(\d{1,2})\s*月(?:\s*(\d{1,2})\s*[日号號]?)?)?$")
_NUMERIC = re.compile(r"^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})$")
_DAY_MONTH = re.compile(r"^(\d{1,2})(?:st|nd|rd|th)?[-\s.]+([A-Za-z]+)\.?[-,\s]+(\d{4}|\d{2})$")
_MONTH_DAY = re.compile(r"^([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_MONTH_YEAR = re.compile(r"^([A-Za-z]+)\.?[-,\s]+(\d{4})$")
_PIVOT = 25  # two-digit years up to this one belong to this century


def parse_date(text: str, *, order: str = "ymd") -> PartialDate | None:
    """A date, or None for what is none. ``order`` (``ymd``, ``dmy``, ``mdy``) reads 03/04/1985.

    A value above twelve decides by itself; zeros for month and day mean unknown; two-digit years up to 25 are 20xx.

    >>> str(parse_date("1958年7月3日")), str(parse_date("circa 1958")), str(parse_date("31/12/1990"))
    ('1958-07-03', 'circa 1958', '1990-12-31')
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if not text or len(text) > 60:
        return None
    shorter = _CIRCA.sub("", text)
    circa = shorter != text
    found = _parse(shorter, order)
    if found is None or not circa:
        return found
    return PartialDate(year=found.year, month=found.month, day=found.day, circa=True, last_year=found.last_year)


def _parse(text: str, order: str) -> PartialDate | None:
    if text.isascii() and text.isdigit() and len(text) == 4:
        return _date(int(text), 0, 0)
    if span := _SPAN.match(text):
        first, last = int(span[1]), int(span[2])
        if not (1800 <= first <= last <= 2200):
            return None
        return PartialDate(year=first, last_year=last if last > first else None)
    if match := _ISO.match(text) or _COMPACT.match(text):
        return _date(int(match[1]), int(match[2]), int(match[3] or 0))
    if match := _CHINESE.match(_han_numerals(text)):
        year = int(match[2]) + (1911 if match[1] else 0)
        return _date(_whole_year(match[2]) if not match[1] else year, int(match[3] or 0), int(match[4] or 0))
    if match := _NUMERIC.match(text):
        return _numeric(int(match[1]), int(match[2]), _whole_year(match[3]), order)
    if match := _DAY_MONTH.match(text):
        return _named(match[2], int(match[1]), _whole_year(match[3]))
    if match := _MONTH_DAY.match(text):
        return _named(match[1], int(match[2]), int(match[3]))
    if match := _MONTH_YEAR.match(text):
        return _named(match[1], 0, int(match[2]))
    return None


def _numeric(one: int, two: int, year: int, order: str) -> PartialDate | None:
    month_first = order == "mdy"
    if one > 12 >= two:
        month_first = False
    elif two > 12 >= one:
        month_first = True
    return _date(year, one if month_first else two, two if month_first else one)


def _named(name: str, day: int, year: int) -> PartialDate | None:
    month = _MONTHS.get(name.casefold())
    return _date(year, month, day) if month else None


def _whole_year(text: str) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if year <= _PIVOT else 1900)


def _date(year: int, month: int, day: int) -> PartialDate | None:
    """A checked date; 0 means unknown. A day without a month is dropped."""
    if not (1800 <= year <= 2200 and 0 <= month <= 12):
        return None
    if month == 0:
        return PartialDate(year=year)
    if day > calendar.monthrange(year, month)[1]:
        return None
    return PartialDate(year=year, month=month, day=day or None)


def _han_numerals(text: str) -> str:
    """一九五八年十二月三十一日 -> 1958年12月31日."""

    def small(match: re.Match[str]) -> str:
        tens, ones = match[1], match[2]
        head = int(tens.translate(_DIGITS)) if tens else 1
        return str(head * 10 + (int(ones.translate(_DIGITS)) if ones else 0))

    text = re.sub("([一二三四五六七八九])?十([一二三四五六七八九])?", small, text)
    return text.translate(_DIGITS)
