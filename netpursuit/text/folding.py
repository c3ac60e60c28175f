"""Text as it is compared: cleaning once for the surface form, folding once for the comparison key.

Fixed order. ``clean``: NFKC, casefold, NFKC again (casefolding can undo it), then characters one by one: zero-width,
bidirectional and control characters vanish, separators become one of ``space - · . , ( )`` and apostrophes ``'``.
``fold``: what belongs to the script of the word. Both are idempotent.
"""

from __future__ import annotations

import unicodedata
from typing import Literal

from anyascii import anyascii

from netpursuit.text.han import simplify
from netpursuit.text.patterns import regex
from netpursuit.text.scripts import Script

_HYPHENS = "-‐‑‒–—―−﹣－~"
_DOTS = "·•‧・∙⋅･᛫●"
_APOSTROPHES = "'’‘‛ʼʻʽʾʿˈʹ`´′＇ʔˀʕˁ"
_COMMAS = ",，،、﹐︐;；؛"
_INVISIBLE = "\u115f\u1160\u3164\uffa0\u034f\u180b\u180c\u180d\u00ad"


class _Cleaner(dict[int, str]):
    """Maps a code point to its cleaned text, and learns each one on first sight (a plain function of the point)."""

    def __missing__(self, point: int) -> str:
        self[point] = kept = _cleaned(chr(point))
        return kept


def _cleaned(char: str) -> str:
    if char in _INVISIBLE or 0xFE00 <= ord(char) <= 0xFE0F or 0xE0100 <= ord(char) <= 0xE01EF:
        return ""
    for members, kept in ((_HYPHENS, "-"), (_DOTS, "·"), (_APOSTROPHES, "'"), (_COMMAS, ","), (".。．｡", ".")):
        if char in members:
            return kept
    category = unicodedata.category(char)
    if category[0] in "LM" or category in ("Nd", "Nl") or char == "〇":
        return char
    if category in ("Ps", "Pi") or char == "<":
        return "("
    if category in ("Pe", "Pf") or char == ">":
        return ")"
    if category[0] == "C" and char not in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85":
        return ""
    return " "


_CLEANER = _Cleaner()
_KEEP_BEFORE_NFKC = {0x00B4: "'", 0x2018: "'", 0x2019: "'"}  # NFKC would make a space and a combining accent of ´


def clean(text: str) -> str:
    """The surface form of a text: NFKC casefold without what cannot be seen, diacritics and forms kept."""
    if text.isascii():
        return text.lower().translate(_CLEANER)
    text = unicodedata.normalize("NFKC", text.translate(_KEEP_BEFORE_NFKC)).casefold()
    return unicodedata.normalize("NFKC", text).translate(_CLEANER)


# Letters that NFKD does not take apart. ð and þ as in passports (ICAO 9303 part 3, section 6), ı after Turkish use.
_LATIN = str.maketrans(
    {
        "ß": "ss", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ħ": "h",
        "ŋ": "ng", "ə": "a", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ŧ": "t", "ɛ": "e", "ɔ": "o", "ɩ": "i",
    }
)  # fmt: skip
_ARABIC = str.maketrans(
    {
        "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ۀ": "ه",
        "ە": "ه", "ہ": "ه", "ھ": "ه", "ک": "ك", "ګ": "گ", "ء": "", "ـ": "", "ۆ": "و", "ۇ": "و", "ۈ": "و", "ۋ": "و",
    }
)  # fmt: skip
_HEBREW = str.maketrans({"ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ", "׳": "", "״": ""})
_TO_KATAKANA = {point: point + 0x60 for point in range(0x3041, 0x3097)}
_TO_KATAKANA[0x309D], _TO_KATAKANA[0x309E] = 0x30FD, 0x30FE

# Cyrillic and Greek letters that look like Latin ones, for words that mix scripts (Unicode TR 39 confusables).
_LATIN_LOOKS = str.maketrans("аеіјорсухѕԁԛԝһоѵαοινρυκ", "aeijopcyxsdqwhovaoivpuk")
_CYRILLIC_LOOKS = str.maketrans("aeijopcyxkmthb", "аеіјорсухкмтнв")


def fold(surface: str, script: Script) -> str:
    """The comparison key of one cleaned word. Never empty for a word with a letter; idempotent.

    Latin: ASCII without diacritics, apostrophes and periods. Han: simplified, known variant forms unified. Cyrillic:
    ё as е. Arabic: no tatweel and harakat, alef, ya and ta marbuta unified. Kana: katakana. Hangul: NFC.
    """
    return _folded(surface, script) or surface


def _folded(surface: str, script: Script) -> str:
    if script is Script.LATIN:
        return _fold_latin(surface)
    if script is Script.HAN:
        return simplify(surface)
    if script is Script.HANGUL:
        return unicodedata.normalize("NFC", surface)
    if script is Script.KANA:
        return simplify(surface).translate(_TO_KATAKANA)
    surface = surface.replace("'", "")
    if script is Script.OTHER:
        return surface
    if script is Script.CYRILLIC:
        return _without_marks(surface.translate(_CYRILLIC_LOOKS), "NFC").replace("ё", "е")
    plain = _without_marks(surface, "NFD")
    if script is Script.ARABIC:
        return plain.translate(_ARABIC)
    if script is Script.HEBREW:
        return plain.translate(_HEBREW)
    return plain.replace("ς", "σ")  # Greek


class _MarkStripper(dict[int, str | None]):
    """Maps combining marks to nothing and everything else to itself; learns each code point on first sight."""

    def __missing__(self, point: int) -> str | None:
        self[point] = kept = None if unicodedata.category(chr(point)) == "Mn" else chr(point)
        return kept


_MARKS = _MarkStripper()


def _without_marks(text: str, form: Literal["NFC", "NFD", "NFKD"]) -> str:
    return unicodedata.normalize(form, text).translate(_MARKS)


def _fold_latin(surface: str) -> str:
    if surface.isascii():
        return surface if surface.isalnum() else _PUNCTUATION.sub("", surface)
    text = _without_marks(surface.translate(_LATIN_LOOKS).translate(_LATIN), "NFKD")
    if not text.isascii():
        text = anyascii(text).lower()
    return _PUNCTUATION.sub("", text)


_PUNCTUATION = regex(r"[^a-z0-9]+")
