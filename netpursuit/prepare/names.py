"""Names into slots of tokens; each distinct token gets its rarity and its keys once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from netpursuit.policy.frequencies import Frequencies
from netpursuit.prepare.columns import TextColumn, TokenTable
from netpursuit.prepare.hashes import hash_text
from netpursuit.prepare.look_alikes import look_alike_forms
from netpursuit.records import Name
from netpursuit.text.folding import fold
from netpursuit.text.keys import token_keys
from netpursuit.text.particles import is_kinship
from netpursuit.text.scripts import Script
from netpursuit.text.tokens import NameToken, TokenRole, parse_name

MAX_TOKENS = 12
MAX_NAMES = 64  # of one record; lists with hundreds of spellings keep the first
_CACHE_LIMIT = 200_000
MIN_SCRAMBLED = 5  # letters of a part that is known again in another order (nituP)
_SPELT = frozenset({Script.LATIN, Script.CYRILLIC, Script.GREEK})


class KeyKind(IntEnum):
    """What two tokens may share. ``SURFACE`` tells identity from mere folding."""

    SURFACE = 0
    FOLDED = 1
    READING = 2
    VARIANT = 3
    SKELETON = 4
    SOUND = 5
    LOOK_ALIKE = 6
    LETTERS = 7


class Token(NamedTuple):
    """A distinct token: its forms, and whether it stands for two neighbours read as one."""

    surface: str
    folded: str
    script: Script
    joined: bool


class TokenFacts(NamedTuple):
    """What is computed once per distinct token."""

    rarity: tuple[int, int, int]
    consonants: int
    keys: tuple[tuple[KeyKind, int], ...]  # kind and hash


class Slot(NamedTuple):
    token: Token
    role: int
    mask: int


class TokenBook:
    """Facts of tokens already seen; bounded, and forgotten whole when full."""

    def __init__(self, frequencies: Frequencies) -> None:
        self._frequencies = frequencies
        self._facts: dict[Token, TokenFacts] = {}

    def facts(self, token: Token) -> TokenFacts:
        known = self._facts.get(token)
        if known is None:
            if len(self._facts) >= _CACHE_LIMIT:
                self._facts.clear()
            known = self._facts[token] = self._work_out(token)
        return known

    def _work_out(self, token: Token) -> TokenFacts:
        rarity = self._frequencies.rarity
        rarities = tuple(rarity(token.folded, int(token.script), int(role)) for role in TokenRole)
        keys = [(KeyKind.SURFACE, token.surface), (KeyKind.FOLDED, token.folded)]
        # Only Chinese and Korean are read by role; elsewhere an unknown role has the keys of all.
        roles = tuple(TokenRole) if token.script in (Script.HAN, Script.HANGUL) else (TokenRole.UNKNOWN,)
        found = [token_keys(token.folded, token.script, role) for role in roles]
        keys += [(KeyKind.READING, text) for text in dict.fromkeys(r for k in found for r in k.readings)]
        keys += [(KeyKind.VARIANT, text) for text in dict.fromkeys(v for k in found for v in k.variants)]
        if not token.joined:
            keys += [(KeyKind.SKELETON, text) for text in dict.fromkeys(k.skeleton for k in found) if text]
            keys += [(KeyKind.SOUND, text) for text in dict.fromkeys(k.sound for k in found) if text]
        if token.script in _SPELT and len(token.folded) >= MIN_SCRAMBLED and not token.joined:
            keys.append((KeyKind.LETTERS, "".join(sorted(token.folded))))
        if token.script is Script.HAN:
            keys += [(KeyKind.LOOK_ALIKE, text) for text in look_alike_forms(token.folded)]
        return TokenFacts(
            (rarities[0], rarities[1], rarities[2]),
            min(max((len(k.skeleton) for k in found), default=0), 100),
            tuple((kind, hash_text(f"{int(kind)}:{text}")) for kind, text in keys),
        )


def slots_of(tokens: tuple[NameToken, ...]) -> list[Slot]:
    """Every token as a slot, then every pair of neighbours that may be read as one."""
    tokens = tokens[:MAX_TOKENS]
    slots = [Slot(Token(t.surface, t.folded, t.script, False), int(t.role), 1 << i) for i, t in enumerate(tokens)]
    for i, (first, second) in enumerate(pairwise(tokens)):
        # Parts of a transliterated Han name (阿卜杜·热合曼) are often written without their dot.
        dotted = first.script is Script.HAN and first.role == second.role == TokenRole.UNKNOWN
        if (first.joins or dotted) and first.script == second.script:
            joined = Token(first.surface + second.surface, first.folded + second.folded, first.script, True)
            role = first.role if first.role == second.role else TokenRole.UNKNOWN
            slots.append(Slot(joined, int(role), 0b11 << i))
    return slots


_WORDS = re.compile(r"\w+")


def is_ordered(text: str) -> bool:
    """Whether the order of the parts tells people apart: a word between them says whose child somebody is.

    Names in Chinese characters are ordered without any such word (赛力克·阿合别克 is rather a son of 阿合别克).

    >>> is_ordered("Muhammad bin Salman"), is_ordered("Ben Muhammad"), is_ordered("Salman Muhammad bin")
    (True, False, False)
    """
    words = _WORDS.findall(text[:600].casefold())
    return any(is_kinship(word, at) for at, word in enumerate(words[:-1]) if at)


def _plain(token: Token) -> str:
    """A token as it was typed, without its accents."""
    return fold(token.surface, token.script) if token.script is Script.LATIN else token.folded


class NameColumns:
    """Collects the names of a batch; ``table`` and the lists become its columns."""

    def __init__(self, book: TokenBook) -> None:
        self._book = book
        self._ids: dict[Token, int] = {}
        self.name_start = [0]
        self.texts: list[str] = []
        self.weak: list[bool] = []
        self.sizes: list[int] = []
        self.ordered: list[bool] = []
        self.generations: list[int] = []
        self.slot_start = [0]
        self.slot_token: list[int] = []
        self.slot_role: list[int] = []
        self.slot_mask: list[int] = []

    def add(self, names: Iterable[Name]) -> None:
        """The names of the next record; equal spellings of one record are kept once, the strong one first."""
        seen: set[tuple[int, tuple[Slot, ...]]] = set()
        for name in sorted(names, key=lambda item: item.weak)[:MAX_NAMES]:
            for parsed in parse_name(name):
                slots = tuple(slots_of(parsed.tokens))
                if not slots or (parsed.generation, slots) in seen:
                    continue
                seen.add((parsed.generation, slots))
                self.texts.append(name.text)
                self.weak.append(name.weak)
                whole = all(token.script is Script.HAN for token in parsed.tokens)
                ordered = whole or is_ordered(name.text)
                self.ordered.append(ordered and not any(token.role for token in parsed.tokens))
                self.generations.append(parsed.generation)
                self.sizes.append(min(len(parsed.tokens), MAX_TOKENS))
                for slot in slots:
                    self.slot_token.append(self._ids.setdefault(slot.token, len(self._ids)))
                    self.slot_role.append(slot.role)
                    self.slot_mask.append(slot.mask)
                self.slot_start.append(len(self.slot_token))
        self.name_start.append(len(self.texts))

    def table(self) -> TokenTable:
        """The distinct tokens with their facts."""
        tokens = list(self._ids)
        facts = [self._book.facts(token) for token in tokens]
        owners = [row for row, fact in enumerate(facts) for _ in fact.keys]
        kinds = [int(kind) for fact in facts for kind, _ in fact.keys]
        hashes = [key for fact in facts for _, key in fact.keys]
        return TokenTable(
            folded=TextColumn.of(token.folded for token in tokens),
            plain=TextColumn.of(map(_plain, tokens)),
            script=np.array([int(token.script) for token in tokens], np.int8),
            joined=np.array([token.joined for token in tokens], np.bool_),
            length=np.array([min(len(token.folded), 1000) for token in tokens], np.int16),
            consonants=np.array([fact.consonants for fact in facts], np.int8),
            initial=np.array([ord(token.folded[0]) for token in tokens], np.int32),
            rarity=np.array([fact.rarity for fact in facts], np.int32).reshape(len(tokens), 3),
            key_token=np.array(owners, np.int32),
            key_kind=np.array(kinds, np.int8),
            key_hash=np.array(hashes, np.uint64),
        )
