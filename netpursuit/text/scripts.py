"""Which writing system a piece of text is in."""

from __future__ import annotations

from bisect import bisect_right
from enum import IntEnum
from functools import lru_cache


class Script(IntEnum):
    """The scripts that names are compared in; the numbers are stored in compiled indexes and never change."""

    LATIN = 0
    HAN = 1
    CYRILLIC = 2
    ARABIC = 3
    HANGUL = 4
    KANA = 5
    GREEK = 6
    HEBREW = 7
    OTHER = 8


# First code point, last code point, script. Blocks of the Unicode Standard 15 (Blocks.txt), ascending.
_BLOCKS: tuple[tuple[int, int, Script], ...] = (
    (0x0041, 0x005A, Script.LATIN),
    (0x0061, 0x007A, Script.LATIN),
    (0x00C0, 0x024F, Script.LATIN),
    (0x0250, 0x02AF, Script.LATIN),
    (0x0370, 0x03FF, Script.GREEK),
    (0x0400, 0x052F, Script.CYRILLIC),
    (0x0590, 0x05FF, Script.HEBREW),
    (0x0600, 0x06FF, Script.ARABIC),
    (0x0750, 0x077F, Script.ARABIC),
    (0x0870, 0x08FF, Script.ARABIC),
    (0x1100, 0x11FF, Script.HANGUL),
    (0x1C80, 0x1C8F, Script.CYRILLIC),
    (0x1E00, 0x1EFF, Script.LATIN),
    (0x1F00, 0x1FFF, Script.GREEK),
    (0x2C60, 0x2C7F, Script.LATIN),
    (0x2DE0, 0x2DFF, Script.CYRILLIC),
    (0x3005, 0x3007, Script.HAN),
    (0x3041, 0x30FF, Script.KANA),
    (0x3131, 0x318F, Script.HANGUL),
    (0x31F0, 0x31FF, Script.KANA),
    (0x3400, 0x4DBF, Script.HAN),
    (0x4E00, 0x9FFF, Script.HAN),
    (0xA640, 0xA69F, Script.CYRILLIC),
    (0xA720, 0xA7FF, Script.LATIN),
    (0xA960, 0xA97F, Script.HANGUL),
    (0xAB30, 0xAB6F, Script.LATIN),
    (0xAC00, 0xD7FF, Script.HANGUL),
    (0xF900, 0xFAFF, Script.HAN),
    (0xFB00, 0xFB06, Script.LATIN),
    (0xFB1D, 0xFB4F, Script.HEBREW),
    (0xFB50, 0xFDFF, Script.ARABIC),
    (0xFE70, 0xFEFF, Script.ARABIC),
    (0xFF21, 0xFF3A, Script.LATIN),
    (0xFF41, 0xFF5A, Script.LATIN),
    (0xFF66, 0xFF9F, Script.KANA),
    (0x20000, 0x323AF, Script.HAN),
)
_SCRIPTS = tuple(Script)  # in the order of their numbers
_LETTERS_KEPT = 1 << 14
_STARTS = [first for first, _, _ in _BLOCKS]


@lru_cache(_LETTERS_KEPT)
def script_of_letter(char: str) -> Script | None:
    """The script of one character; None for what is not a letter (digits, marks, punctuation)."""
    if char.isascii():
        return Script.LATIN if char.isalpha() else None
    if not char.isalpha() and char not in "々〇":
        return None
    point = ord(char)
    at = bisect_right(_STARTS, point) - 1
    if at >= 0 and point <= _BLOCKS[at][1]:
        return _BLOCKS[at][2]
    # Modifier letters (ʼ, ʿ) belong to whatever they stand beside.
    return None if 0x02B0 <= point <= 0x02FF else Script.OTHER


def script_of(text: str) -> Script:
    """The script of most letters of a text; ``OTHER`` for a text without letters.

    Equal counts go to the script with the lower number. Japanese text of Han and Kana is judged like any other.
    """
    if text.isascii():
        return Script.LATIN if any(map(str.isalpha, text)) else Script.OTHER
    if max(text) < "\u02b0" and any(map(str.isalpha, text)):  # Latin letters with diacritics
        return Script.LATIN
    counts = [0] * len(_SCRIPTS)
    for char in text:
        script = script_of_letter(char)
        if script is not None:
            counts[script] += 1
    best = max(counts)
    return _SCRIPTS[counts.index(best)] if best else Script.OTHER
