"""A text cut into words, each with its script, its two forms and the separator before it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from netpursuit.text.folding import clean, fold
from netpursuit.text.patterns import regex
from netpursuit.text.scripts import Script, script_of

_MAX_TEXT = 600  # characters read of a name: no name of twelve tokens is longer
MAX_WORD = 48
_PIECES = regex(r"[^ \-·.,()]+|[\-·.,()]")
_HAN = regex(f"[\u4e00-\u9fef]{{1,{MAX_WORD}}}")
_FIRST_EAST_ASIAN = "\u1100"  # Hangul Jamo; no Han, Kana or Hangul lies below


class TokenRole(IntEnum):
    """What part of a name a token is; the numbers are stored in compiled indexes and never change."""

    UNKNOWN = 0
    FAMILY = 1
    GIVEN = 2


@dataclass(slots=True)
class Word:
    """One word on its way to a token; ``glue`` is the separator before it: a space or one of ``- . · , ( )``."""

    surface: str
    folded: str
    script: Script
    glue: str
    role: TokenRole = TokenRole.UNKNOWN


def cut_words(text: str) -> list[Word]:
    """The words of a text with the separator before each; words without a letter are left out."""
    if _HAN.fullmatch(text):  # what cleaning and cutting leave as it is
        return [Word(text, fold(text, Script.HAN), Script.HAN, " ")]
    words: list[Word] = []
    glue = " "
    place = 0
    cleaned = clean(text[:_MAX_TEXT])[:_MAX_TEXT]
    for found in _PIECES.finditer(cleaned):
        piece = found.group()
        if found.start() > place and glue != ",":
            glue = " "
        place = found.end()
        if len(piece) == 1 and piece in "-·.,()":
            glue = piece
            continue
        for part in (piece,) if max(piece) < _FIRST_EAST_ASIAN else _parts_by_script(piece):
            surface = part.strip("'")[:MAX_WORD]
            script = script_of(surface)
            if script is Script.OTHER and not any(map(str.isalpha, surface)):
                continue
            words.append(Word(surface, fold(surface, script), script, glue))
            glue = " "
    return words


def _parts_by_script(piece: str) -> list[str]:
    """A word cut where Han, Kana or Hangul meets another script (张伟Zhang); other mixtures are one misspelt word."""
    parts: list[str] = []
    before: int | None = None
    for char in piece:
        script = script_of(char)
        kind = int(script) if script in (Script.HAN, Script.HANGUL, Script.KANA) else -1
        if script is Script.OTHER and not char.isalpha():
            kind = before if before is not None else kind
        if before is None or kind != before:
            parts.append(char)
        else:
            parts[-1] += char
        before = kind
    return parts
