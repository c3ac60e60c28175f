"""Names that are read many at once: plain ones in Latin letters, and those of two or three characters in Chinese
or Hangul."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from netpursuit.prepare.tokens import TokenBook
from netpursuit.records import Name
from netpursuit.text.clusters import clusters_by_member, han_parts
from netpursuit.text.han import simplify
from netpursuit.text.particles import HAN_TITLES, HANGUL_TITLES
from netpursuit.text.patterns import regex
from netpursuit.text.surnames import compound_surnames, hangul_surnames, japanese_surnames, single_surnames
from netpursuit.text.tokens import PLAIN, TokenRole

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Column = Any  # a list of numbers for few records, an array for many

# Chinese characters and Hangul that ``clean`` leaves as they are.
_UNDIVIDED = regex("[\u4e00-\u9fef]{2,3}|[\uac00-\ud7a3]{2,3}")
_LONGEST = 3
_FIRST, _FIRST_HANGUL, _LAST = 0x4E00, 0xAC00, 0xD7A3
_HIDDEN = ord("某")
_BITS = 21  # of a code point; three fill a number
_STATED = (int(TokenRole.FAMILY), int(TokenRole.GIVEN))


class Spellings(NamedTuple):
    """Names as they are compared, a row each: the row of the record in the column, the text, whether it is weak, how
    many tokens it has, whether their order tells people apart, the generation, and how many slots it has.

    Then all the slots: numbers of tokens in the book, roles, and a bit for each part of the name that is covered.
    """

    owner: Column
    text: list[str]
    weak: Column
    size: Column
    ordered: Column
    generation: Column
    slots: Column
    tokens: Column
    roles: Column
    masks: Column


def plain_spellings(records: Sequence[tuple[Name, ...]], book: TokenBook) -> list[Spellings]:
    """The names of the records that have a single one which is plain; records of any other kind are left out."""
    texts = [
        names[0].text if len(names) == 1 and not names[0].family and not names[0].given else "" for names in records
    ]
    found = []
    for fits, read in ((PLAIN.fullmatch, _latin), (_UNDIVIDED.fullmatch, _undivided)):
        rows = [row for row, text in enumerate(texts) if fits(text)]
        if not rows:
            continue
        written = [texts[row] for row in rows]
        taken, size, ordered, slots, *columns = read(written, book)
        if len(taken) < len(rows):
            rows, written = ([column[at] for at in taken.tolist()] for column in (rows, written))
        weak = [records[row][0].weak for row in rows]
        found.append(Spellings(rows, written, weak, size, ordered, np.zeros(len(rows), np.int64), slots, *columns))
    return found


class _Read(NamedTuple):
    """Which texts are plain (their places); of each of them the size and the slots."""

    taken: Ints
    size: Ints
    ordered: Bools
    slots: Ints
    tokens: Ints
    roles: Ints
    masks: Ints


def _latin(texts: list[str], book: TokenBook) -> _Read:
    """Of texts that ``PLAIN`` fits: each word is a token, and every two neighbours may be read as one."""
    size = np.fromiter(map(str.count, texts, repeat(" ")), np.int64, len(texts)) + 1
    words = book.words(" ".join(texts).lower().split(" "))
    names = np.arange(len(texts))
    if (words < 0).any():  # one that is, or may be, something else than a name
        taken = np.ones(len(texts), np.bool_)
        taken[names.repeat(size)[words < 0]] = False
        words, names, size = words[taken.repeat(size)], names[taken], size[taken]
    slots = 2 * size - 1
    owner = np.arange(len(names)).repeat(size)
    at = np.arange(len(words)) - (size.cumsum() - size)[owner]  # in its name
    place = (slots.cumsum() - slots)[owner] + at
    first = np.flatnonzero(at + 1 < size[owner])
    tokens, masks = np.empty(2 * len(words) - len(names), np.int64), np.empty(2 * len(words) - len(names), np.int64)
    tokens[place], masks[place] = words, 1 << at
    place = place[first] + size[owner[first]]
    tokens[place], masks[place] = book.neighbours(words[first], words[first + 1]), 0b11 << at[first]
    return _Read(names, size, np.zeros(len(names), np.bool_), slots, tokens, np.zeros(len(tokens), np.int64), masks)


def _undivided(texts: list[str], book: TokenBook) -> _Read:
    """Of texts that ``_UNDIVIDED`` fits: the first character and the rest, a surname and a given name where it is a
    surname; where a Chinese name has none, parts without roles that may be read as one."""
    surname, odd = _split(texts)
    names = np.flatnonzero(~odd)
    surname = surname[names]
    parts = book.parts([part for at in names.tolist() for part in (texts[at][:1], texts[at][1:])])
    slots = 3 - surname.astype(np.int64)
    first = slots.cumsum() - slots
    tokens, roles, masks = (np.zeros(int(slots.sum()), np.int64) for _ in range(3))
    for at in range(2):
        tokens[first + at], roles[first + at], masks[first + at] = parts[at::2], surname * _STATED[at], 1 << at
    apart = np.flatnonzero(~surname)
    both = first[apart] + 2
    tokens[both], masks[both] = book.neighbours(parts[2 * apart], parts[2 * apart + 1]), 0b11
    return _Read(names, np.full(len(names), 2), ~surname, slots, tokens, roles, masks)


def _split(texts: list[str]) -> tuple[Bools, Bools]:
    """Of undivided names: whether the first character is a surname, and whether the name may be cut elsewhere."""
    tables = _tables()
    points = np.frombuffer("".join([text.ljust(_LONGEST, "\0") for text in texts]).encode("utf-32-le"), "<u4")
    written = points.reshape(-1, _LONGEST).astype(np.int64)
    place = np.maximum(written - _FIRST, 0)
    one, two, three = tables.folded[place].T
    surname = tables.surname[place[:, 0]]
    long = written[:, 2] > 0
    last = np.where(long, written[:, 2], written[:, 1])
    last_two = np.where(long, written[:, 1], written[:, 0]) << _BITS | last
    begin = one << _BITS | two
    odd = (written == _HIDDEN).any(axis=1) | (~surname & (written[:, 0] >= _FIRST_HANGUL))
    odd |= _within(last, tables.titles) | _within(last_two, tables.titles)
    odd |= _within(begin, tables.longer) | (long & _within(begin << _BITS | three, tables.longer))
    return surname, odd


class _Tables(NamedTuple):
    """``folded`` and ``surname``: the comparison form of each character from ``_FIRST`` on, and whether that is a
    surname. ``longer``: other names and surnames with which a name may begin, in that form. ``titles``, as they are
    written."""

    folded: Ints
    surname: Bools
    longer: Ints
    titles: Ints


@cache
def _tables() -> _Tables:
    folded = simplify("".join(map(chr, range(_FIRST, _LAST + 1))))
    single = single_surnames() | hangul_surnames()
    names = {*compound_surnames(), *japanese_surnames(), *hangul_surnames(), *han_parts(), *clusters_by_member()}
    return _Tables(
        np.array([ord(char) for char in folded], np.int64),
        np.array([char in single for char in folded]),
        np.array(sorted(_code(name) for name in names if 2 <= len(name) <= _LONGEST), np.int64),
        np.array(sorted({_code(title[-2:]) for title in HAN_TITLES + HANGUL_TITLES}), np.int64),
    )


def _code(text: str) -> int:
    code = 0
    for char in text:
        code = code << _BITS | ord(char)
    return code


def _within(codes: Ints, known: Ints) -> Bools:
    found: Bools = known[np.minimum(known.searchsorted(codes), len(known) - 1)] == codes
    return found
