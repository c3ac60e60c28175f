"""Telephone numbers in E.164 (ITU-T), by Google's metadata through ``phonenumbers``; masked ones as they are."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from netpursuit.text.patterns import regex

_MASK = regex(r"[*•＊#xX?●]")
_RUNS = "01234567890123456789"
_CHINESE_MOBILE = regex(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class PreparedPhone:
    """``e164`` with its plus sign, or empty; ``digits`` as typed, ``*`` for each hidden digit.

    ``fake``: the last seven digits are one digit repeated or a run, as a form is filled with.
    """

    e164: str
    digits: str
    masked: bool
    fake: bool = False


def prepare_phone(text: str, country: str = "") -> PreparedPhone:
    """A telephone number; ``country`` (alpha-2) is where a number without a country code belongs.

    Without a country only numbers with ``+`` or ``00`` and Chinese mobile numbers become E.164. Never raises.

    >>> prepare_phone("138 0013 8000").e164, prepare_phone("138****8000").digits
    ('+8613800138000', '138****8000')
    """
    text = unicodedata.normalize("NFKC", text[:100])
    text = re.split(r"(?:ext\.?|转|轉|分机)", text, maxsplit=1, flags=re.IGNORECASE)[0]
    if _MASK.search(text):
        digits = _MASK.sub("*", re.sub(r"[^0-9*•＊#xX?●]", "", text))
        digits = re.sub(r"^(?:\+?86)(?=1)", "", digits)
        return PreparedPhone("", digits if sum(c.isdigit() for c in digits) >= 4 else "", True)
    digits = re.sub(r"\D", "", text)
    if not 5 <= len(digits) <= 17:
        return PreparedPhone("", digits if len(digits) >= 5 else "", False)
    return PreparedPhone(_e164(text.strip(), digits, country), digits, False, _is_fake(digits))


def _is_fake(digits: str) -> bool:
    tail = digits[-7:]
    return len(tail) == 7 and (len(set(tail)) == 1 or tail in _RUNS or tail in _RUNS[::-1])


def _e164(text: str, digits: str, country: str) -> str:
    import phonenumbers

    if _CHINESE_MOBILE.fullmatch(digits) and country in ("", "CN"):
        return f"+86{digits}"
    attempts: list[tuple[str, str | None]] = [(f"+{digits}", None)] if text.startswith("+") else []
    attempts += [(f"+{digits[2:]}", None)] if digits.startswith("00") else []
    if country:
        attempts.append((digits, country.upper()))
    if not text.startswith("+") and len(digits) >= 11:
        attempts.append((f"+{digits}", None))  # many lists leave the plus sign out
    for number, region in attempts:
        try:
            parsed = phonenumbers.parse(number, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(parsed):
            return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return ""
