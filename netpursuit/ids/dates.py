"""Dates as people and registers write them, as precise as they are.

ISO 8601, European and American order, month names, Chinese dates (年月日, Chinese numerals), bare years, spans and
circa, an age at a stated day, and other calendars (``calendars``). A date that is impossible or unreadable is None;
nothing is guessed beyond the stated order.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import replace

from netpursuit.ids.calendars import read_other_calendar
from netpursuit.records import PartialDate
from netpursuit.text.patterns import regex

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
_CIRCA = regex(
    r"^(?:circa|ca\.?|c\.|approximately|approx\.?|about|around|est\.?|estimated|early|late|mid|约|大约)[\s-]*",
    re.IGNORECASE,
)
_SPANS = (
    regex(r"^(\d{4})\s*[-/]\s*(\d{4})$"),
    regex(r"^(?:between|from)\s+(.+?)\s+(?:and|to)\s+(.+)$", re.IGNORECASE),
    regex(r"^(.+?)\s*(?:\bto\b|\band\b|\bor\b|–|—|~|至|\s-\s)\s*(.+)$", re.IGNORECASE),
)
_DECADE = regex(r"^(\d{3}0)'?s$")
_ISO = regex(r"^(\d{4})[-./](\d{1,2})(?:[-./](\d{1,2}))?(?:[T ].*)?$")
_COMPACT = regex(r"^(\d{4})(\d{2})(\d{2})$")
_CHINESE = regex(r"^(?:公元|西元)?\s*(\d{2}|\d{4})\s*[年년](?:\s*(\d{1,2})\s*[月월](?:\s*(\d{1,2})\s*[日号號일]?)?)?$")
_YEAR_FIRST = regex(r"^(\d{2})[-./](\d{1,2})[-./](\d{1,2})$")
_AGE = regex(
    r"^(?:aged?|age:|年龄|年齡|现年|現年)?\s*:?\s*(\d{1,3})\s*(周岁|岁|歲|虚岁|虛歲|y(?:ea)?rs?(?: old)?|y\.?o\.?)?"
    r"(?:\s*,?\s*\(?(?:in|as of|as at|on|at|于|截至)?\s*(\d{4}(?:[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?)?年?)\)?)?$",
    re.IGNORECASE,
)
_NOMINAL_AGE = regex(r"^(虚岁|虛歲)\s*(\d{1,3})岁?")
_NOMINAL = ("虚岁", "虛歲")  # one at birth, one more at each New Year
_NUMERIC = regex(r"^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})(?:\s\d{1,2}:.*)?$")
_DAY_MONTH = regex(r"^(\d{1,2})(?:st|nd|rd|th)?[-\s.]+([A-Za-z]+)\.?[-,\s]+(\d{4}|\d{2})$")
_MONTH_DAY = regex(r"^([A-Za-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})$")
_MONTH_YEAR = regex(r"^([A-Za-z]+)\.?[-,\s]+(\d{4})$|^(\d{1,2})[-/.](\d{4})$")
_PIVOT = 25  # two-digit years up to this one belong to this century


def parse_date(text: str, *, order: str = "ymd", on: PartialDate | None = None) -> PartialDate | None:
    """A date, or None for what is none. ``order`` (``ymd``, ``dmy``, ``mdy``) reads 03/04/1985.

    ``on`` is the day of the record, against which an age (``45岁``) is a span of birth years; without it an age is a
    date only where it names its day (``aged 45 in 2020``).

    A value above twelve decides by itself; zeros for month and day mean unknown; two-digit years up to 25 are 20xx.
    Spans (``1958 to 1962``, ``1950s``) keep first and last year; within one year they keep what both ends share.

    >>> str(parse_date("1958年7月3日")), str(parse_date("circa 1958 to 1962")), str(parse_date("31/12/1990"))
    ('1958-07-03', 'circa 1958/1962', '1990-12-31')
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if not text or len(text) > 80:
        return None
    if text[:2] in ("18", "19", "20") and (match := _ISO.match(text) or _COMPACT.match(text)):
        return _date(int(match[1]), int(match[2]), int(match[3] or 0))
    if (age := _AGE.match(_NOMINAL_AGE.sub(r"\2\1", text))) and (age[2] or not age[0][0].isdigit()):
        return _born(int(age[1]), age[2] or "", parse_date(age[3]) if age[3] else on)
    bare = _CIRCA.sub("", text)
    circa = bare != text or bare.endswith("?")
    bare = bare.rstrip("? ")
    found = read_other_calendar(_han_numerals(bare)) or _parse(bare, order)
    return replace(found, circa=True) if found is not None and circa else found


def other_reading(text: str) -> PartialDate | None:
    """The date as which a text of two readings is not read: of ``05/06/1970`` 6 May; None where there is one only.

    >>> str(parse_date("05/06/1970")), str(other_reading("05/06/1970")), other_reading("31/12/1990")
    ('1970-06-05', '1970-05-06', None)
    """
    day_first, month_first = parse_date(text, order="dmy"), parse_date(text, order="mdy")
    return month_first if day_first == parse_date(text) and day_first != month_first else None


def _born(age: int, word: str, on: PartialDate | None) -> PartialDate | None:
    """The years in which somebody of such an age was born: about, since ages are rounded and grow old on paper."""
    if on is None or age > 120:
        return None
    last = on.year - age
    first = last if word in _NOMINAL else last - 1
    return PartialDate(year=first, last_year=last + (word in _NOMINAL), circa=True)


def _parse(text: str, order: str) -> PartialDate | None:
    if decade := _DECADE.match(text):
        return PartialDate(year=int(decade[1]), last_year=int(decade[1]) + 9) if _date(int(decade[1]), 0, 0) else None
    single = _single(text, order)
    if single is not None:
        return single
    for pattern in _SPANS:
        if match := pattern.match(text):
            return _span(*(_single(_CIRCA.sub("", part.strip()), order) for part in match.groups()))
    return None


def _span(first: PartialDate | None, last: PartialDate | None) -> PartialDate | None:
    if first is None or last is None or last.year < first.year:
        return None
    if first.year != last.year:
        return PartialDate(year=first.year, last_year=last.year)
    month = first.month if first.month == last.month else None
    return PartialDate(year=first.year, month=month, day=first.day if month and first.day == last.day else None)


def _single(text: str, order: str) -> PartialDate | None:
    if text.isascii() and text.isdigit() and len(text) == 4:
        return _date(int(text), 0, 0)
    if match := _ISO.match(text) or _COMPACT.match(text):  # the ends of a span, and what is no year of ours
        return _date(int(match[1]), int(match[2]), int(match[3] or 0))
    if match := _CHINESE.match(_han_numerals(text)):
        return _date(_whole_year(match[1]), int(match[2] or 0), int(match[3] or 0))
    if order == "ymd" and (match := _YEAR_FIRST.match(text)) and int(match[1]) > 31:
        return _date(_whole_year(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.match(text):
        return _numeric(int(match[1]), int(match[2]), _whole_year(match[3]), order)
    if match := _DAY_MONTH.match(text):
        return _named(match[2], int(match[1]), _whole_year(match[3]))
    if match := _MONTH_DAY.match(text):
        return _named(match[1], int(match[2]), int(match[3]))
    if match := _MONTH_YEAR.match(text):
        return _named(match[1], 0, int(match[2])) if match[1] else _date(int(match[4]), int(match[3]), 0)
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
    if not (1800 <= year <= 2199 and 0 <= month <= 12):
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
