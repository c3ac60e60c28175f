"""Days of other calendars as ours: Buddhist (พ.ศ.), Persian, Hijri, 民国, Japanese eras, Chinese lunar (农历).

Persian days follow the 33-year rule, which gives the official calendar from 1799 to 2123. Hijri days follow the tabular
calendar, which may be a day or two from the one observed: such a day is given as its month, or its year. Source: N.
Dershowitz and E. Reingold, Calendrical Calculations, chapters 7, 15 and 19.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date

from netpursuit.ids.lunar import solar_dates
from netpursuit.records import PartialDate
from netpursuit.text.patterns import regex

Ymd = tuple[int, int, int]  # month, day 0 where unknown

_ERAS = {"民国": 1911, "民國": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "大正": 1911, "明治": 1867}
_ERAS |= {"ROC": 1911, "MINGUO": 1911, "SHOWA": 1925, "HEISEI": 1988, "REIWA": 2018}
_ERA = regex(
    rf"^(?:中华|中華)?({'|'.join(_ERAS)})\s*(\d{{1,3}}|元)\s*(?:年|[-./ ]|$)"
    r"\s*(?:(\d{1,2})\s*(?:月|[-./]|$)\s*(?:(\d{1,2})\s*[日号號]?)?)?$",
    re.IGNORECASE,
)
_MARKS = (
    ("buddhist", regex(r"พ\.?\s?ศ\.?|(?<![A-Z])B\.?\s?E\.?(?![A-Z])|佛历|佛曆")),
    (
        "persian",
        regex(r"ه\s?\.?\s?ش\.?|شمسی|(?<![A-Z])(?:A\.?\s?P\.?|S\.?\s?H\.?|SOLAR HIJRI|SHAMSI|JALALI)(?![A-Z])"),
    ),
    ("hijri", regex(r"هـ|ه\s?\.?\s?ق\.?|قمری|هجري|هجری|(?<![A-Z])(?:A\.?\s?H\.?|HIJRI|H\.?)(?![A-Z])")),
)
_LUNAR = regex(r"^(?:农历|農曆|阴历|陰曆|旧历|舊曆|LUNAR(?: DATE)?)\s*[:：]?\s*", re.IGNORECASE)
_LUNAR_TEXT = regex(
    r"^(\d{4})年(闰|閏)?(正|冬|腊|臘|\d{1,2})月(?:初)?(廿|卅)?(\d{1,2})?[日号號]?$|^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$"
)
_MONTH_WORDS = {"正": 1, "冬": 11, "腊": 12, "臘": 12}
_PERSIAN_MONTHS = "farvardin ordibehesht khordad tir mordad shahrivar mehr aban azar dey bahman esfand"
_HIJRI_MONTHS = "muharram safar rabi1 rabi2 jumada1 jumada2 rajab shaban ramadan shawwal dhualqadah dhualhijjah"
_MONTH_NAMES = {name: ("persian", number) for number, name in enumerate(_PERSIAN_MONTHS.split(), 1)}
_MONTH_NAMES |= {name: ("hijri", number) for number, name in enumerate(_HIJRI_MONTHS.split(), 1)}
_MONTH_NAMES |= {"amordad": ("persian", 5), "sharivar": ("persian", 6), "esphand": ("persian", 12)}
_MONTH_NAMES |= {"ramadhan": ("hijri", 9), "ramazan": ("hijri", 9), "shaaban": ("hijri", 8), "shawal": ("hijri", 10)}
_MONTH_NAMES |= {"rabialawwal": ("hijri", 3), "rabialthani": ("hijri", 4), "jumadaalawwal": ("hijri", 5)}
_MONTH_NAMES |= {"jumadaalthani": ("hijri", 6), "dhulqadah": ("hijri", 11), "dhulhijjah": ("hijri", 12)}
_THAI_MONTHS = (
    "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.",
)
_THAI = {name: number for names in _THAI_MONTHS for number, name in enumerate(names.split(), 1)}
_NUMBERS = regex(r"^(\d{4})(?:\s*[-./ ]\s*(\d{1,2})(?:\s*[-./ ]\s*(\d{1,2}))?)?$")
_NUMBERS_BACK = regex(r"^(\d{1,2})\s*[-./ ]\s*(?:(\d{1,2})\s*[-./ ]\s*)?(\d{4})$")
_NAMED = regex(r"^(?:(\d{1,2})\s+)?([^\d\s][^\d]*?)\s*,?\s+(\d{4})$")
_BUDDHIST_YEARS = range(2400, 2600)
_FARSI_DIGITS = regex("[۰-۹]")
_ARABIC_DIGITS = regex("[٠-٩]")


def read_other_calendar(text: str) -> PartialDate | None:
    """A day that says by a mark, an era, a month's name, its digits or its year that it is of another calendar.

    ``text`` is width folded. None for anything else, and for what cannot be.

    >>> [str(read_other_calendar(t)) for t in ("พ.ศ. 2528", "1364/05/12 SH", "1405 AH", "农历1985年正月十五")]
    ['1985', '1985-08-03', '1984/1985', '1985-03-06']
    """
    digits = _plain_digits(text)
    if match := _ERA.match(digits):
        year = _ERAS[match[1].upper()] + (1 if match[2] == "元" else int(match[2]))
        return _checked(year, int(match[3] or 0), int(match[4] or 0))
    if match := _LUNAR.match(digits):
        return _lunar(digits[match.end() :])
    kind, bare = _mark(digits)
    if not kind and _FARSI_DIGITS.search(text):
        kind = "persian"
    elif not kind and _ARABIC_DIGITS.search(text):
        kind = "hijri"
    for year, month, day, named in _readings(bare):
        calendar_of = named or kind or ("buddhist" if year in _BUDDHIST_YEARS else "")
        # Digits alone do not tell: a Persian or an Arab may write our years with theirs.
        if calendar_of in ("persian", "hijri") and not 1200 <= year <= 1500:
            calendar_of = "" if 1800 <= year <= 2199 and not _mark(digits)[0] else "none"
        match calendar_of:
            case "buddhist":
                return _checked(year - 543, month, day)
            case "persian":
                return _covering(*_span((year, month, day), persian_day, _persian_length))
            case "hijri":
                first, last = _span((year, month, day), hijri_day, _hijri_length)
                return _covering(first - 1, last + 2) if day and last >= first else _covering(first, last)
            case "" if text != digits:
                return _checked(year, month, day)
    return None


def _plain_digits(text: str) -> str:
    """Every script's digits as ASCII ones."""
    return "".join(str(unicodedata.decimal(char, char)) for char in text)


def _mark(text: str) -> tuple[str, str]:
    """The calendar that a mark names, and the text without it."""
    shown = text.upper()
    for kind, pattern in _MARKS:
        if match := pattern.search(shown):
            return kind, (text[: match.start()] + " " + text[match.end() :]).strip(" ./-,()")
    return "", text


def _readings(text: str) -> Iterator[tuple[int, int, int, str]]:
    """Year, month, day (0 where unknown) and the calendar that the month's name is of."""
    text = re.sub("[年月]", "-", " ".join(text.split())).strip("-日号號 ")
    if match := _NUMBERS.match(text):
        yield int(match[1]), int(match[2] or 0), int(match[3] or 0), ""
    elif match := _NUMBERS_BACK.match(text):
        month, day = (int(match[2]), int(match[1])) if match[2] else (int(match[1]), 0)
        yield int(match[3]), month, day, ""
    elif match := _NAMED.match(text):
        name = match[2].strip(" ,")
        if number := _THAI.get(name):
            yield int(match[3]), number, int(match[1] or 0), "buddhist" if int(match[3]) > 2200 else ""
        key = re.sub(r"[^a-z]", "", name.casefold().replace(" ii", "2").replace(" i", "1"))
        key += next((digit for digit, mark in (("2", " ii"), ("1", " i")) if name.casefold().endswith(mark)), "")
        if found := _MONTH_NAMES.get(key):
            yield int(match[3]), found[1], int(match[1] or 0), found[0]


def _checked(year: int, month: int, day: int) -> PartialDate | None:
    if not (1800 <= year <= 2199 and 0 <= month <= 12):
        return None
    if not month:
        return PartialDate(year=year)
    if day > calendar.monthrange(year, month)[1]:
        return None
    return PartialDate(year=year, month=month, day=day or None)


def persian_day(year: int, month: int, day: int) -> int:
    """The ordinal (``date.toordinal``) of a Persian day; 1 Farvardin 1364 is 21 March 1985."""
    return 226_894 + 365 * (year - 1) + (8 * year + 21) // 33 + 31 * min(month - 1, 6) + 30 * max(month - 7, 0) + day


def _persian_length(year: int, month: int) -> int:
    return persian_day(year + month // 12, month % 12 + 1, 1) - persian_day(year, month, 1)


def hijri_day(year: int, month: int, day: int) -> int:
    """The ordinal of a day of the tabular Hijri calendar; a day or two from the one observed."""
    return 227_013 + 354 * (year - 1) + (3 + 11 * year) // 30 + 29 * (month - 1) + month // 2 + day


def _hijri_length(year: int, month: int) -> int:
    return hijri_day(year + month // 12, month % 12 + 1, 1) - hijri_day(year, month, 1)


def _span(asked: Ymd, ordinal: Callable[[int, int, int], int], length: Callable[[int, int], int]) -> tuple[int, int]:
    """First and last day of a year, a month or a day; (1, 0) where there is none."""
    year, month, day = asked
    if month > 12 or (month and day > length(year, month)):
        return 1, 0
    if day:
        return ordinal(year, month, day), ordinal(year, month, day)
    last = month or 12
    return ordinal(year, month or 1, 1), ordinal(year, last, length(year, last))


def _covering(first: int, last: int) -> PartialDate | None:
    """The most precise date that covers both days."""
    if last < first:
        return None
    one, other = date.fromordinal(first), date.fromordinal(last)
    if one.year < 1800 or other.year > 2199:
        return None
    if one.year != other.year:
        return PartialDate(year=one.year, last_year=other.year)
    if one.month != other.month:
        return PartialDate(year=one.year)
    return PartialDate(year=one.year, month=one.month, day=one.day if one.day == other.day else None)


def _lunar(text: str) -> PartialDate | None:
    """``1985年正月十五`` or ``1985-01-15`` by the Chinese lunar calendar; bare years and months stay spans."""
    match = _LUNAR_TEXT.match(text.strip())
    if not match:
        return None
    if match[6]:
        year, month, day, leap = int(match[6]), int(match[7]), int(match[8]), False
    else:
        year, month, leap = int(match[1]), _MONTH_WORDS.get(match[3]) or int(match[3]), bool(match[2])
        day = {"廿": 20, "卅": 30}.get(match[4], 0) + int(match[5] or 0)
    found = int(solar_dates([year], [month], [day])[0, int(leap)])
    if found:
        return PartialDate(year=found // 10_000, month=found // 100 % 100, day=found % 100)
    return PartialDate(year=year, last_year=year + 1) if not day and 1 <= month <= 12 else None
