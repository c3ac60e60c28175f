"""Names into slots of tokens; each distinct token gets its rarity and its keys once."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from netpursuit.policy.frequencies import Frequencies
from netpursuit.prepare.columns import KnownTokens, TextColumn, TokenTable
from netpursuit.prepare.hashes import hash_text, hash_texts
from netpursuit.prepare.look_alikes import look_alike_forms
from netpursuit.records import Name
from netpursuit.text.folding import fold
from netpursuit.text.keys import token_keys
from netpursuit.text.particles import is_kinship
from netpursuit.text.patterns import regex
from netpursuit.text.scripts import Script
from netpursuit.text.surnames import is_known_surname
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
    kinds: tuple[int, ...]  # of its keys
    hashes: tuple[int, ...]


Slot = tuple[Token, int, int]  # a token, its role, and a bit for each part of the name that it covers


class TokenBook:
    """Facts of tokens already seen; bounded, and forgotten whole when full."""

    def __init__(self, frequencies: Frequencies, known: KnownTokens | None = None) -> None:
        self._frequencies = frequencies
        self._known = known
        self._facts: dict[Token, TokenFacts] = {}

    def table(self, tokens: list[Token]) -> TokenTable:
        """The distinct tokens with their facts: from the list, from an earlier batch, or worked out now."""
        identity = hash_texts(map(_identity, tokens))
        listed = np.full(len(tokens), -1) if self._known is None else self._known.find(identity)
        rows = np.flatnonzero(listed < 0)
        facts = [self._fact(tokens[row]) for row in rows.tolist()]
        owners = np.repeat(rows, [len(fact.kinds) for fact in facts])
        kinds = np.array([kind for fact in facts for kind in fact.kinds], np.int8)
        hashes = np.array([key for fact in facts for key in fact.hashes], np.uint64)
        consonants = np.zeros(len(tokens), np.int8)
        consonants[rows] = [fact.consonants for fact in facts]
        rarity = np.zeros((len(tokens), len(TokenRole)), np.int32)
        rarity[rows] = np.array([fact.rarity for fact in facts], np.int32).reshape(len(rows), len(TokenRole))
        there = np.flatnonzero(listed >= 0)
        if self._known is not None and len(there):
            table, token = self._known.table, listed[there]
            consonants[there], rarity[there] = table.consonants[token], table.rarity[token]
            position, key = self._known.keys_of(token)
            owners = np.concatenate([owners, there[position]])
            kinds, hashes = np.concatenate([kinds, table.key_kind[key]]), np.concatenate([hashes, table.key_hash[key]])
            order = np.argsort(owners, kind="stable")
            owners, kinds, hashes = owners[order], kinds[order], hashes[order]
        return TokenTable(
            folded=TextColumn.of(token.folded for token in tokens),
            plain=TextColumn.of(map(_plain, tokens)),
            script=np.array([token.script for token in tokens], np.int8),
            joined=np.array([token.joined for token in tokens], np.bool_),
            length=np.array([min(len(token.folded), 1000) for token in tokens], np.int16),
            consonants=consonants,
            initial=np.array([ord(token.folded[0]) for token in tokens], np.int32),
            rarity=rarity,
            identity=identity,
            key_token=owners.astype(np.int32),
            key_kind=kinds,
            key_hash=hashes,
        )

    def _fact(self, token: Token) -> TokenFacts:
        known = self._facts.get(token)
        if known is None:
            if len(self._facts) >= _CACHE_LIMIT:
                self._facts.clear()
            known = self._facts[token] = self._work_out(token)
        return known

    def _work_out(self, token: Token) -> TokenFacts:
        keys = [(KeyKind.SURFACE, token.surface), (KeyKind.FOLDED, token.folded)]
        # Only Chinese and Korean are read by role; elsewhere an unknown role has the keys of all.
        roles = tuple(TokenRole) if token.script in (Script.HAN, Script.HANGUL) else (TokenRole.UNKNOWN,)
        if token.script is Script.HAN and len(token.folded) > 1 and not is_known_surname(token.folded):
            roles = (TokenRole.UNKNOWN, TokenRole.GIVEN)  # as a surname it would be read like any other text
        found = [token_keys(token.folded, token.script, role, joined=token.joined) for role in roles]
        keys += [(KeyKind.READING, text) for text in dict.fromkeys(r for k in found for r in k.readings)]
        keys += [(KeyKind.VARIANT, text) for text in dict.fromkeys(v for k in found for v in k.variants)]
        keys += [(KeyKind.SKELETON, text) for text in dict.fromkeys(k.skeleton for k in found) if text]
        keys += [(KeyKind.SOUND, text) for text in dict.fromkeys(k.sound for k in found) if text]
        if token.script in _SPELT and len(token.folded) >= MIN_SCRAMBLED and not token.joined:
            keys.append((KeyKind.LETTERS, "".join(sorted(token.folded))))
        if token.script is Script.HAN:
            keys += [(KeyKind.LOOK_ALIKE, text) for text in look_alike_forms(token.folded)]
        return TokenFacts(
            self._frequencies.rarities(token.folded, int(token.script)),
            min(max((len(k.skeleton) for k in found), default=0), 100),
            tuple(int(kind) for kind, _ in keys),
            tuple(hash_text(f"{int(kind)}:{text}") for kind, text in keys),
        )


def _identity(token: Token) -> str:
    return f"{token.script:d}{token.joined:d}{token.surface}\0{token.folded}"


def slots_of(tokens: tuple[NameToken, ...]) -> list[Slot]:
    """Every token as a slot, then every pair of neighbours that may be read as one."""
    tokens = tokens[:MAX_TOKENS]
    slots: list[Slot] = [
        (Token(t.surface, t.folded, t.script, False), int(t.role), 1 << i) for i, t in enumerate(tokens)
    ]
    for i, (first, second) in enumerate(pairwise(tokens)):
        # Parts of a transliterated Han name (阿卜杜·热合曼) are often written without their dot.
        dotted = first.script is Script.HAN and first.role == second.role == TokenRole.UNKNOWN
        if (first.joins or dotted) and first.script == second.script:
            joined = Token(first.surface + second.surface, first.folded + second.folded, first.script, True)
            role = first.role if first.role == second.role else TokenRole.UNKNOWN
            slots.append((joined, int(role), 0b11 << i))
    return slots


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


def _plain(token: Token) -> str:
    """A token as it was typed, without its accents."""
    return fold(token.surface, token.script) if token.script is Script.LATIN else token.folded


class NameColumns:
    """Collects the names of a batch, a tuple a row; ``table`` and ``columns`` give its columns."""

    def __init__(self, book: TokenBook) -> None:
        self._book = book
        self._ids: dict[Token, int] = {}
        self._name_start = [0]
        self._names: list[tuple[str, bool, int, bool, int]] = []
        self._slot_start = [0]
        self._slots: list[tuple[int, int, int]] = []

    def add(self, names: Sequence[Name]) -> None:
        """The names of the next record; equal spellings of one record are kept once, the strong one first."""
        ids, seen = self._ids, set()
        for name in sorted(names, key=lambda item: item.weak)[:MAX_NAMES]:
            parses = parse_name(name)
            for parsed in parses:
                slots = slots_of(parsed.tokens)
                if len(names) > 1 or len(parses) > 1:
                    spelling = (parsed.generation, tuple(slots))
                    if spelling in seen:
                        continue
                    seen.add(spelling)
                if not slots:
                    continue
                size = min(len(parsed.tokens), MAX_TOKENS)
                ordered = not parsed.plain and _tells_order(name.text, parsed.tokens)
                self._names.append((name.text, name.weak, size, ordered, parsed.generation))
                self._slots += [(ids.setdefault(token, len(ids)), role, mask) for token, role, mask in slots]
                self._slot_start.append(len(self._slots))
        self._name_start.append(len(self._names))

    def columns(self) -> dict[str, Any]:
        """Every column of ``PreparedBatch`` that is about names, but the tokens."""
        names: list[Any] = list(zip(*self._names, strict=True)) or [()] * 5
        slots = np.array(self._slots, np.int32).reshape(-1, 3).T
        return {
            "name_start": np.array(self._name_start, np.int32),
            "name_text": TextColumn.of(names[0]),
            "name_weak": np.array(names[1], np.bool_),
            "name_size": np.array(names[2], np.int8),
            "name_ordered": np.array(names[3], np.bool_),
            "name_generation": np.array(names[4], np.int8),
            "slot_start": np.array(self._slot_start, np.int32),
            "slot_token": slots[0].copy(),
            "slot_role": slots[1].astype(np.int8),
            "slot_mask": slots[2].astype(np.uint16),
        }

    def table(self) -> TokenTable:
        """The distinct tokens with their facts."""
        return self._book.table(list(self._ids))
