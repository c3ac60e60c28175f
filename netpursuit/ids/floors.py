"""The floor of a rental unit, as its address says it, or as the number of the room does by custom.

The floor stands in words (5楼, 负一层, 3rd floor, ground floor, B1) or in a room number of three or four digits, whose
last two count the rooms of a floor (501, 1203). Other numbers (3, 12, A, 10203) say no floor: none is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from netpursuit.ids.addresses import prepare_address
from netpursuit.ids.chinese_addresses import fold_numerals
from netpursuit.records import Address
from netpursuit.text.patterns import regex

_HAN = regex(r"(?<!\d)(?:第)?(负|地下|B)?(\d{1,3})(?:楼(?!\d)|层)")
_LATIN = regex(r"\b(?:(\d{1,3})(?:st|nd|rd|th)?\s*(?:floor|fl\.?|/f)\b|(?:floor|level|fl\.?|lvl\.?)\s*(\d{1,3})\b)")
_GROUND = regex(r"\bground\s+floor\b|\bg/f\b")
_BELOW = regex(r"\b(?:basement|lower\s+ground)\b")
_ROOM = regex(r"(\d{1,2})(\d{2})")


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """The number of a unit as its address has it (``2-501``; empty where none is told) and its floor; 0: ground floor,
    below it negative; None: unknown."""

    number: str
    floor: int | None


def unit_place(text: str, unit_code: str = "") -> UnitPlace:
    """Where in its house a unit is. ``unit_code`` is its number where the address names none.

    >>> unit_place("虚构路12号3栋2单元1203室"), unit_place("Flat 3, 12 Mill Lane, Oxford").floor
    (UnitPlace(number='3-2-1203', floor=12), None)
    """
    parts = prepare_address(Address(text=text))
    number = "-".join(filter(None, (parts.building, parts.entrance, parts.unit))) or unit_code
    return UnitPlace(number, _floor(text, parts.unit))


def _floor(text: str, room: str) -> int | None:
    folded = fold_numerals(unicodedata.normalize("NFKC", text)).casefold()
    if found := _HAN.search(folded.upper()):
        return -int(found[2]) if found[1] else int(found[2])
    if found := _LATIN.search(folded):
        return int(found[1] or found[2])
    if _GROUND.search(folded):
        return 0
    if _BELOW.search(folded):
        return -1
    if (numbered := _ROOM.fullmatch(re.split("[/A-Za-z]", room)[0])) and int(numbered[1]):
        return int(numbered[1])
    return None
