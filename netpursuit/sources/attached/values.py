"""Cells of a case's own tables: instants, lengths, telephones, days. Each answers None for what cannot be read."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from netpursuit.ids.dates import parse_date
from netpursuit.links.keys import MIN_DIGITS, phone_key

LONGEST_SECONDS = 10 * 86_400  # of a call; what is longer was written in another unit
_MOST_DIGITS = 17  # of a telephone number with its prefixes
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d):(\d\d):(\d\d)")
_COMPACT = re.compile(r"(\d{8})[T ]?(\d\d)(\d\d)(\d\d)")
_PARTED = re.compile(
    r"(?P<day>.+?)(?:[T ]\s*|(?<=[日号]))(?P<hour>\d{1,2})[:时時点](?P<minute>\d{1,2})(?:[:分](?P<second>\d{1,2})"
    r"(?:\.\d+|秒)?)?分?\s*(?P<half>[ap]\.?m\.?)?\s*(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d):([0-5]\d)")
_SECONDS = re.compile(r"(\d{1,9})(?:\.\d+)?\s*(?:s|sec|seconds?|秒)?", re.IGNORECASE)
_MASK = re.compile(r"[*•＊#xX?●]")
_WORDS = re.compile(
    r"tel(?:ephone)?|phone|mob(?:ile)?|cell|fax|ext|x|转|轉|分机|分機|电话|電話|手机|手機|总机", re.IGNORECASE
)
_NOBODY = re.compile(
    r"(?:anonymous|unknown|withheld|private|restricted|unavailable|no number|(?:隐藏|未知|匿名)(?:号码)?)",
    re.IGNORECASE,
)

Instant = tuple[str, int | None]  # ISO date; second of the day


@lru_cache(maxsize=4096)
def day_of(text: str, order: str) -> str:
    """A whole day as an ISO date, or empty."""
    found = parse_date(text, order=order)
    if found is None or found.day is None or found.circa or found.last_year is not None:
        return ""
    return str(found)


def instant_of(text: str, order: str, zone: ZoneInfo | None) -> Instant | None:
    """A day, with the time of day where the text has one.

    One with an offset is turned into ``zone``, where that is given; all others stand as they are.
    """
    text = " ".join(unicodedata.normalize("NFKC", text).split())
    if match := _ISO.fullmatch(text) or _COMPACT.fullmatch(text):
        return _joined(match[1], order, (match[2], match[3], match[4]))
    match = _PARTED.fullmatch(text)
    if match is None:
        day = day_of(text, order)
        return (day, None) if day else None
    hour = match["hour"]
    if match["half"]:
        if not 1 <= int(hour) <= 12:
            return None
        hour = str(int(hour) % 12 + (12 if match["half"][0] in "pP" else 0))
    found = _joined(match["day"].strip(), order, (hour, match["minute"], match["second"] or "0"))
    if found is None or not match["offset"] or zone is None:
        return found
    offset = match["offset"].upper()
    stated = f"{found[0]}T{_clock(found[1] or 0)}{'+00:00' if offset in ('Z', 'UTC') else offset}"
    turned = datetime.fromisoformat(stated).astimezone(zone)
    return turned.date().isoformat(), turned.hour * 3600 + turned.minute * 60 + turned.second


def _joined(day_text: str, order: str, clock: tuple[str, str, str]) -> Instant | None:
    day = day_of(day_text, order)
    hour, minute, second = map(int, clock)
    if not day or hour > 23 or minute > 59 or second > 59:
        return None
    return day, hour * 3600 + minute * 60 + second


def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def seconds_of(text: str) -> int | None:
    """A length in seconds, or as hours, minutes and seconds (1:02:03); at most ten days."""
    text = unicodedata.normalize("NFKC", text).strip()
    if match := _CLOCK.fullmatch(text):
        found = int(match[1]) * 3600 + int(match[2]) * 60 + int(match[3])
    elif match := _SECONDS.fullmatch(text):
        found = int(match[1])
    else:
        return None
    return found if found <= LONGEST_SECONDS else None


def telephone_of(text: str, country: str) -> tuple[str, str]:
    """(the telephone's key, or empty; why there is none).

    ``withheld``: nothing or a word for it; ``short``: a service or an extension; ``masked``: digits are hidden;
    ``wrong``: no telephone number.
    """
    if not text or _NOBODY.fullmatch(text):
        return "", "withheld"
    digits = sum(char.isdecimal() for char in text)
    if digits > _MOST_DIGITS or not digits or any(char.isalpha() for char in _WORDS.sub("", text)):
        return "", "wrong"
    if key := phone_key(text, country):
        return key, ""
    return "", "masked" if _MASK.search(text) else "short" if digits < MIN_DIGITS else "wrong"
