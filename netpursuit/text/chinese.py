"""How a token in Chinese characters may be written in Latin letters."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache

from netpursuit.text.choices import combinations, joined
from netpursuit.text.japanese import japanese_family_readings, japanese_given_readings
from netpursuit.text.korean import korean_readings_of_han
from netpursuit.text.pinyin import pinyin_syllables, spellings_of_umlaut, tongyong, wade_giles
from netpursuit.text.rows import table_rows
from netpursuit.text.surnames import surname_spellings

_COMBINATIONS = 8


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


@lru_cache(maxsize=4)
def given_readings(text: str) -> tuple[str, ...]:
    """Latin spellings of a given name (or a transliterated part) in simplified characters, joined."""
    options = [pinyin_of(char) for char in text]
    found = ["".join(choice) for choice in _choices(options, _COMBINATIONS)]
    if japanese := japanese_given_readings(text):  # rather than the rare readings of a polyphonic character
        found = found[:2] + list(japanese)
    for choice in _choices(options, 2):
        spelt = [spellings_of_umlaut(syllable) for syllable in choice]
        if any(len(forms) > 1 for forms in spelt):
            found += ["".join(forms[min(at, len(forms) - 1)] for forms in spelt) for at in range(3)]
        found.append("".join(map(wade_giles, choice)))
        found.append("".join("yi" if syllable == "yi" else wade_giles(syllable) for syllable in choice))
        found.append("".join(map(tongyong, choice)))
    if len(text) <= 3:
        found += combined([_cantonese_table().get(char, ()) for char in text], 6)
        found += combined([_southern_table().get(char, ()) for char in text], 9)
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
def _every_syllable() -> frozenset[str]:
    """Syllables of pinyin, of other systems, and of Hong Kong."""
    return pinyin_syllables().union(_foreign_origins(), _cantonese_characters())


def pinyin_of_given(word: str) -> tuple[str, ...]:
    """The pinyin of a two-syllable given name in folded Latin letters, whatever its romanisation; itself first.

    ``waiming`` (Hong Kong) may be weiming, ``hsinyi`` (Taiwan) xinyi; empty for any other word. Wade-Giles and Tongyong
    are read only where a syllable cannot be pinyin: Tina is no Dina.
    """
    if not 4 <= len(word) <= 12:
        return ()
    plain = pinyin_syllables()
    foreign, cantonese, syllables = _foreign_origins(), _cantonese_characters(), _every_syllable()
    found: dict[str, None] = {}
    for cut in range(2, len(word) - 1):
        first, second = word[:cut], word[cut:]
        if first not in syllables and second not in foreign:
            continue
        if first in plain and second in plain:
            found = {word: None} | found
        if first in cantonese and second in cantonese:
            origins = (_cantonese_origins(first)[:6], _cantonese_origins(second)[:6])
            found |= dict.fromkeys(combined(origins, 36))
        if first in foreign or second in foreign:
            options = [
                tuple(dict.fromkeys((part,) * (part in plain) + foreign.get(part, ()) + _wade_origins().get(part, ())))
                for part in (first, second)
            ]
            found |= dict.fromkeys(combined(options, 12))
    return tuple(found)
