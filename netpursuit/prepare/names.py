"""Names into slots: which tokens a name has, and which two neighbours may be read as one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from netpursuit.prepare.columns import TextColumn
from netpursuit.prepare.tokens import Token, TokenBook
from netpursuit.records import Name
from netpursuit.text.particles import is_kinship
from netpursuit.text.patterns import regex
from netpursuit.text.scripts import Script
from netpursuit.text.tokens import NameToken, TokenRole, parse_name

MAX_TOKENS = 12
MAX_NAMES = 64  # of one record; lists with hundreds of spellings keep the first

Slots = tuple[list[int], list[int], list[int]]  # tokens, roles, and a bit for each part of the name that is covered


def _slots_of(tokens: tuple[NameToken, ...], book: TokenBook) -> Slots:
    """Every token as a slot, then every pair of neighbours that may be read as one."""
    tokens = tokens[:MAX_TOKENS]
    rows = [book.row(Token(token.surface, token.folded, int(token.script), False)) for token in tokens]
    roles, masks = [int(token.role) for token in tokens], [1 << at for at in range(len(tokens))]
    for at, (first, second) in enumerate(pairwise(tokens)):
        # Parts of a transliterated Han name (阿卜杜·热合曼) are often written without their dot.
        dotted = first.script is Script.HAN and first.role == second.role == TokenRole.UNKNOWN
        if (first.joins or dotted) and first.script == second.script:
            rows.append(book.joined(rows[at], rows[at + 1]))
            roles.append(int(first.role) if first.role == second.role else int(TokenRole.UNKNOWN))
            masks.append(0b11 << at)
    return rows, roles, masks


def _plain_slots(rows: list[int], book: TokenBook) -> Slots:
    """As ``_slots_of``, of a plain name."""
    tokens = rows + [book.joined(first, second) for first, second in pairwise(rows)]
    return tokens, [int(TokenRole.UNKNOWN)] * len(tokens), _PLAIN_MASKS[len(rows)]


_PLAIN_MASKS = [[1 << at for at in range(size)] + [0b11 << at for at in range(size - 1)] for size in range(MAX_TOKENS)]


def _tells_order(text: str, tokens: tuple[NameToken, ...]) -> bool:
    if any(token.role for token in tokens):
        return False
    return all(token.script is Script.HAN for token in tokens) or is_ordered(text)


_WORDS = regex(r"\w+")


def is_ordered(text: str) -> bool:
    """Whether the order of the parts tells people apart: a word between them says whose child somebody is.

    Names in Chinese characters are ordered without any such word (赛力克·阿合别克 is rather a son of 阿合别克).

    >>> is_ordered("Muhammad bin Salman"), is_ordered("Ben Muhammad"), is_ordered("Salman Muhammad bin")
    (True, False, False)
    """
    words = _WORDS.findall(text[:600].casefold())
    return any(is_kinship(word, at) for at, word in enumerate(words[:-1]) if at)


class NameColumns:
    """Collects the names of a batch; ``columns`` gives its columns."""

    def __init__(self, book: TokenBook) -> None:
        self._book = book
        self._name_start = [0]
        self._names: list[tuple[str, bool, int, bool, int]] = []
        self._slot_start = [0]
        self._tokens: list[int] = []
        self._roles: list[int] = []
        self._masks: list[int] = []

    def add(self, names: Sequence[Name]) -> None:
        """The names of the next record; equal spellings of one record are kept once, the strong one first."""
        book, seen = self._book, set[object]()
        for name in sorted(names, key=lambda item: item.weak)[:MAX_NAMES]:
            if not name.family and not name.given and (words := book.plain(name.text)):
                self._add(name, _plain_slots(words, book), len(words), seen)
                continue
            for parsed in parse_name(name):
                size = min(len(parsed.tokens), MAX_TOKENS)
                ordered = not parsed.plain and _tells_order(name.text, parsed.tokens)
                self._add(name, _slots_of(parsed.tokens, book), size, seen, ordered, parsed.generation)
        self._name_start.append(len(self._names))

    def _add(
        self, name: Name, slots: Slots, size: int, seen: set[object], ordered: bool = False, generation: int = 0
    ) -> None:
        tokens, roles, masks = slots
        spelling = (generation, *tokens, *roles, *masks)
        if not tokens or spelling in seen:
            return
        seen.add(spelling)
        self._names.append((name.text, name.weak, size, ordered, generation))
        self._tokens += tokens
        self._roles += roles
        self._masks += masks
        self._slot_start.append(len(self._tokens))

    def columns(self) -> dict[str, Any]:
        """Every column of ``PreparedBatch`` that is about names, and the table of their tokens."""
        names: list[Any] = list(zip(*self._names, strict=True)) or [()] * 5
        number = {token: place for place, token in enumerate(dict.fromkeys(self._tokens))}  # in the order of their use
        return {
            "tokens": self._book.table(np.fromiter(number, np.int64, len(number))),
            "name_start": np.array(self._name_start, np.int32),
            "name_text": TextColumn.of(names[0]),
            "name_weak": np.array(names[1], np.bool_),
            "name_size": np.array(names[2], np.int8),
            "name_ordered": np.array(names[3], np.bool_),
            "name_generation": np.array(names[4], np.int8),
            "slot_start": np.array(self._slot_start, np.int32),
            "slot_token": np.fromiter(map(number.__getitem__, self._tokens), np.int32, len(self._tokens)),
            "slot_role": np.array(self._roles, np.int8),
            "slot_mask": np.array(self._masks, np.uint16),
        }
