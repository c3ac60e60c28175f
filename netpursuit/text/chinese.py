"""How a token in Chinese characters may be written in Latin letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from netpursuit.text.choices import combinations, joined
from netpursuit.text.japanese import japanese_family_readings, japanese_given_readings
from netpursuit.text.korean import korean_readings_of_han
from netpursuit.text.pinyin import (
    LONGEST_EAST_ASIAN,
    UMLAUTS,
    pinyin_syllables,
    spellings_of_umlaut,
    tongyong,
    wade_giles,
)
from netpursuit.text.rows import table_rows
from netpursuit.text.surnames import surname_spellings

_COMBINATIONS = 8
_SYLLABLES_KEPT = 2_048


@cache
def _pinyin_table() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for rank, reading, chars in table_rows("han_readings.csv"):  # ordered by rank
        if rank == "1":
            found |= dict.fromkeys(chars, (reading,))
            continue
        for char in chars:
            found[char] = (*found[char], reading)
    return found


@cache
def _cantonese_table() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for spellings, chars in table_rows("cantonese.csv"):
        for char in chars:
            found[char] = tuple(dict.fromkeys(found.get(char, ()) + tuple(spellings.split())))
    return found


@cache
def _southern_table() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for spellings, chars in table_rows("southern.csv"):
        for char in chars:
            found[char] = tuple(dict.fromkeys(found.get(char, ()) + tuple(spellings.split())))
    return found


def pinyin_of(char: str) -> tuple[str, ...]:
    """Toneless readings of one simplified character, the commonest first, ü as ``v``; empty where none is known."""
    return _pinyin_table().get(char, ())


def combined(options: Sequence[Sequence[str]], limit: int = _COMBINATIONS) -> list[str]:
    """One choice of every position joined, the commonest first, at most ``limit``; nothing where one is empty."""
    return joined(options, limit) if options and all(options) else []


@lru_cache(maxsize=4)  # the roles of one token ask one after the other
def family_readings(text: str) -> tuple[str, ...]:
    """Latin spellings of a surname in simplified characters: as a surname first, then by the common reading."""
    spellings = surname_spellings().get(text)
    usual = [pinyin_of(char)[:1] if spellings else pinyin_of(char)[:3] for char in text]
    pinyin = [*(spellings.pinyin if spellings else ()), *combined(usual, 4)]
    found = [form for reading in dict.fromkeys(pinyin) for form in spellings_of_umlaut(reading)]
    if len(text) == 1:
        found += [wade_giles(reading) for reading in dict.fromkeys(pinyin)]
    elif spellings is None or len(text) == 2:
        found += [*combined([[wade_giles(reading) for reading in option] for option in usual], 2)]
    if spellings:
        found += spellings.cantonese + spellings.regional + spellings.korean
    found += japanese_family_readings(text)
    return tuple(dict.fromkeys(found))


@lru_cache(_SYLLABLES_KEPT)
def _older_spellings(syllable: str) -> tuple[str, str, str]:
    """A syllable by Wade-Giles, by it but for ``yi``, and in Tongyong."""
    wade = wade_giles(syllable)
    return wade, "yi" if syllable == "yi" else wade, tongyong(syllable)


@lru_cache(maxsize=4)
def given_readings(text: str) -> tuple[str, ...]:
    """Latin spellings of a given name (or a transliterated part) in simplified characters, joined."""
    options = [pinyin_of(char) for char in text]
    choices = _choices(options, _COMBINATIONS)
    found = list(map("".join, choices))
    if japanese := japanese_given_readings(text):  # rather than the rare readings of a polyphonic character
        found = found[:2] + list(japanese)
    for choice in choices[:2]:
        if not UMLAUTS.isdisjoint(choice):
            spelt = [spellings_of_umlaut(syllable) for syllable in choice]
            found += ["".join(forms[min(at, len(forms) - 1)] for forms in spelt) for at in range(3)]
        found += map("".join, zip(*map(_older_spellings, choice), strict=True))
    if len(text) <= 3:
        cantonese, southern = _cantonese_table(), _southern_table()
        found += combined([cantonese.get(char, ()) for char in text], 6)
        found += combined([southern.get(char, ()) for char in text], 9)
        found += korean_readings_of_han(text)
    return tuple(dict.fromkeys(found))


def _choices(options: Sequence[tuple[str, ...]], limit: int) -> list[tuple[str, ...]]:
    if not options:
        return []
    # Long texts are transliterations: only the common reading of each character.
    return combinations(options if len(options) <= 4 else [option[:1] for option in options], limit)


@cache
def _foreign_origins() -> dict[str, tuple[str, ...]]:
    """Syllables that are no pinyin -> those of pinyin for which Wade-Giles or Tongyong writes them."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable in sorted(pinyin_syllables()):
        for spelt in {wade_giles(syllable), tongyong(syllable)} - pinyin_syllables():
            found[spelt] = (*found.get(spelt, ()), syllable)
    return found


@cache
def _cantonese_characters() -> dict[str, str]:
    """Syllable as it is written in Hong Kong -> the characters that it stands for."""
    found: dict[str, str] = {}
    for spellings, chars in table_rows("cantonese.csv"):
        for spelt in spellings.split():
            found[spelt] = found.get(spelt, "") + chars
    return found


@cache
def _cantonese_origins(spelt: str) -> tuple[str, ...]:
    """The pinyin of the characters for which a syllable stands in Hong Kong."""
    return tuple(dict.fromkeys(reading for char in _cantonese_characters()[spelt] for reading in pinyin_of(char)[:1]))


@cache
def _wade_origins() -> dict[str, tuple[str, ...]]:
    """Every syllable of Wade-Giles without marks, ``kuo`` among them -> the syllables of pinyin it stands for."""
    found: dict[str, tuple[str, ...]] = {}
    for syllable in sorted(pinyin_syllables()):
        spelt = wade_giles(syllable)
        found[spelt] = (*found.get(spelt, ()), syllable)
    return found


@cache
def _origins(part: str) -> tuple[str, ...]:
    """The pinyin of a syllable of ``_every_syllable``: itself, by the systems that differ, by Wade-Giles."""
    itself = (part,) if part in pinyin_syllables() else ()
    return tuple(dict.fromkeys(itself + _foreign_origins().get(part, ()) + _wade_origins().get(part, ())))


@cache
def _every_syllable() -> frozenset[str]:
    """Syllables of pinyin, of other systems, and of Hong Kong."""
    return pinyin_syllables().union(_foreign_origins(), _cantonese_characters())


@cache
def _longest_syllable() -> int:
    return max(map(len, _every_syllable()))


def pinyin_of_given(word: str) -> tuple[str, ...]:
    """The pinyin of a two-syllable given name in folded Latin letters, whatever its romanisation; itself first.

    ``waiming`` (Hong Kong) may be weiming, ``hsinyi`` (Taiwan) xinyi; empty for any other word. Wade-Giles and Tongyong
    are read only where a syllable cannot be pinyin: Tina is no Dina.
    """
    if not 4 <= len(word) <= LONGEST_EAST_ASIAN:
        return ()
    syllables, longest = _every_syllable(), _longest_syllable()
    cuts = range(max(2, len(word) - longest), min(longest, len(word) - 2) + 1)
    halves = [(word[:cut], word[cut:]) for cut in cuts if word[:cut] in syllables and word[cut:] in syllables]
    if not halves:
        return ()
    plain, foreign, cantonese = pinyin_syllables(), _foreign_origins(), _cantonese_characters()
    found: dict[str, None] = {}
    for first, second in halves:
        if first in plain and second in plain:
            found = {word: None} | found
        if first in cantonese and second in cantonese:
            origins = (_cantonese_origins(first)[:6], _cantonese_origins(second)[:6])
            found |= dict.fromkeys(combined(origins, 36))
        if first in foreign or second in foreign:
            found |= dict.fromkeys(combined([_origins(first), _origins(second)], 12))
    return tuple(found)
