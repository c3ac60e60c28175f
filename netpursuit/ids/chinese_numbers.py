"""The citizen identity number of the People's Republic of China, GB 11643-1999, and its 15-digit form before 1999.

Six digits of region, eight of birth date, three of sequence (odd: male), one check character (ISO 7064 MOD 11-2).
Regions are abolished and renamed, so a region never makes a number invalid.
"""

from __future__ import annotations

from functools import lru_cache
from operator import mul

from netpursuit.ids.dates import parse_date
from netpursuit.records import PartialDate, Sex
from netpursuit.text.patterns import regex

LENGTH = 18
BIRTH = slice(6, 14)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
_ZEROS = ord("0") * sum(WEIGHTS)  # what is summed of seventeen zeros as they are written
_SHAPE = regex(r"[0-9?]{17}[0-9X?]")
_OLD_SHAPE = regex(r"[0-9]{15}")
HMT_REGIONS = ("81", "82", "83")  # residence permits for Hong Kong, Macao and Taiwan residents (2018)


def check_character(body: str) -> str:
    """The check character of the first seventeen digits. Raises ``ValueError`` for anything else.

    >>> check_character("11010519491231002")
    'X'
    """
    if len(body) != LENGTH - 1 or not (body.isascii() and body.isdigit()):
        raise ValueError("expected seventeen digits")
    return CHECKS[(sum(map(mul, body.encode(), WEIGHTS)) - _ZEROS) % 11]


def is_shape(text: str) -> bool:
    """Eighteen characters of digits and ``?``, the last perhaps X, whose visible birth date is possible."""
    return bool(_SHAPE.fullmatch(text)) and _plausible_birth(text[BIRTH]) and text[0] in "123456789?"


def is_old_shape(text: str) -> bool:
    """Fifteen digits whose birth date (in 19xx) is possible."""
    return bool(_OLD_SHAPE.fullmatch(text)) and text[0] in "12345689" and _plausible_birth("19" + text[6:12])


@lru_cache(1 << 16)  # a night has some thirty thousand birth dates, each in many numbers
def _birth(text: str) -> PartialDate | None:
    return parse_date(text)


def _plausible_birth(text: str) -> bool:
    if "?" not in text:
        return _birth(text) is not None and text[:2] in ("18", "19", "20")
    allowed = ("12", "089", "0123456789", "0123456789", "01")
    return all(character in "?" + digits for character, digits in zip(text, allowed, strict=False))


def expand_old(text: str) -> str:
    """The 18-character form of a 15-digit number.

    >>> expand_old("110105491231002")
    '11010519491231002X'
    """
    body = f"{text[:6]}19{text[6:]}"
    return body + check_character(body)


def has_right_check(text: str) -> bool | None:
    """Whether the check character is right; None where positions are unknown."""
    return None if "?" in text else check_character(text[:17]) == text[17]


def birth_date_of(text: str) -> PartialDate | None:
    """The birth date that an 18-character number holds; None where hidden or impossible."""
    return None if "?" in text[BIRTH] else _birth(text[BIRTH])


def sex_of(text: str) -> Sex | None:
    """Odd sequence numbers are male."""
    if text[16] == "?":
        return None
    return Sex.MALE if int(text[16]) % 2 else Sex.FEMALE


def family_of(text: str) -> str:
    """``cn-hmt-resident`` for 81, 82, 83, else ``cn-resident``; a 9 alone does not tell a foreigner's permit."""
    return "cn-hmt-resident" if text[:2] in HMT_REGIONS else "cn-resident"
