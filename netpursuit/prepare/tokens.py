"""The distinct tokens of names: each gets its rarity and its keys once, and is remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from netpursuit.policy.frequencies import Frequencies
from netpursuit.prepare.columns import KnownTokens, TextColumn, TokenTable, flatten, unflatten_tokens
from netpursuit.prepare.hashes import hash_texts
from netpursuit.prepare.token_facts import Token, facts_of
from netpursuit.text.folding import fold
from netpursuit.text.han import simplify
from netpursuit.text.scripts import Script
from netpursuit.text.tokens import TokenRole, plain_form, plain_words

_MOST_REMEMBERED = 200_000
# Of a plain number a hash costs nothing; of an enumeration a call.
_LATIN, _HAN, _HANGUL = int(Script.LATIN), int(Script.HAN), int(Script.HANGUL)
_FIRST_HANGUL = "\uac00"  # syllable
_MARKS = tuple((f"{script:d}0", f"{script:d}1") for script in Script)  # of one token, and of two read as one
_NO_NAME, _UNSEEN = -1, -2  # a word that is, or may be, something else than a name; one not met before
_HALF = 32  # bits of a pair of numbers that hold the second
_SECOND = (1 << _HALF) - 1
_Key = TypeVar("_Key", str, int)
Rows = npt.NDArray[np.int64]
_token = partial(tuple.__new__, Token)  # of its four parts, in half the time of ``Token``


class GrowingTable:
    """A table of tokens that grows at its end; begins with those of ``table``."""

    def __init__(self, table: TokenTable) -> None:
        self._columns = flatten(table)  # with room behind their rows
        self._sizes = {name: len(rows) for name, rows in self._columns.items()}

    def add(self, table: TokenTable) -> None:
        """The rows of a table behind those that are there."""
        tokens = self._sizes["script"]
        for name, rows in flatten(table).items():
            if name.endswith(".start"):
                rows = rows[1:] + self._columns[name][self._sizes[name] - 1]
            elif name == "key_token":
                rows = rows + np.int32(tokens)
            self._put(name, rows)

    def _put(self, name: str, rows: npt.NDArray[Any]) -> None:
        column, size = self._columns[name], self._sizes[name]
        needed = self._sizes[name] = size + len(rows)
        if len(column) < needed:
            larger = np.empty((2 * needed, *column.shape[1:]), column.dtype)
            larger[:size] = column[:size]
            self._columns[name] = column = larger
        column[size:needed] = rows

    def pick(self, tokens: npt.NDArray[np.int64]) -> TokenTable:
        """The table of these tokens, in this order."""
        return unflatten_tokens({name: column[: self._sizes[name]] for name, column in self._columns.items()}).pick(
            tokens
        )


class TokenBook:
    """Numbers the tokens of names, and knows the facts of each; bounded, and forgotten whole between two batches.

    ``known``: the tokens of a list compiled with the same tables. ``lasts`` False: for one batch alone.
    """

    def __init__(self, frequencies: Frequencies, known: KnownTokens | None = None, *, lasts: bool = True) -> None:
        self._frequencies = frequencies
        self._known = known
        self._lasts = lasts
        self._forget()

    def _forget(self) -> None:
        self._rows: dict[Token, int] = {}
        self._tokens: list[Token] = []
        self._words: dict[str, int] = {}
        self._parts: dict[str, int] = {}
        self._pairs: dict[int, int] = {}
        self._table: GrowingTable | None = None
        self._in_table = 0

    def row(self, token: Token) -> int:
        """The number of a token."""
        row = self._rows.get(token)
        if row is None:
            row = self._rows[token] = len(self._tokens)
            self._tokens.append(token)
        return row

    def joined(self, first: int, second: int) -> int:
        """The number of two neighbours read as one."""
        return self._number(first << _HALF | second, self._pairs, self._whole)

    def plain(self, text: str) -> list[int] | None:
        """The numbers of the words of a plain name, which are its tokens; None where it is not plain."""
        rows = [self._number(word, self._words, _word_token) for word in plain_words(text)]
        return rows if rows and _NO_NAME not in rows else None

    def words(self, words: list[str]) -> Rows:
        """The numbers of words of plain names; negative where one is, or may be, something else than a name."""
        return self._numbers(words, self._words, _word_token)

    def parts(self, parts: list[str]) -> Rows:
        """The numbers of parts of undivided names, in Chinese characters or Hangul that cleaning leaves as they are."""
        return self._numbers(parts, self._parts, _part_token)

    def neighbours(self, first: Rows, second: Rows) -> Rows:
        """The numbers of neighbours read as one, each two tokens by their numbers."""
        return self._numbers((first << _HALF | second).tolist(), self._pairs, self._whole)

    def _whole(self, pair: int) -> Token:
        surface, folded, script, _ = self._tokens[pair >> _HALF]
        after, after_folded, _, _ = self._tokens[pair & _SECOND]
        whole = surface + after
        alike = folded is surface and after_folded is after
        return _token((whole, whole if alike else folded + after_folded, script, True))

    def _numbers(self, keys: list[_Key], known: dict[_Key, int], read: Callable[[_Key], Token | None]) -> Rows:
        """The numbers of the tokens of all keys, those that are not known yet read now."""
        rows = np.fromiter(map(known.get, keys, repeat(_UNSEEN)), np.int64, len(keys))
        unseen = np.flatnonzero(rows == _UNSEEN)
        if len(unseen):
            rows[unseen] = [self._number(keys[at], known, read) for at in unseen.tolist()]
        return rows

    def _number(self, key: _Key, known: dict[_Key, int], read: Callable[[_Key], Token | None]) -> int:
        """The number of one, read where it is not known yet."""
        row = known.get(key)
        if row is None:
            token = read(key)
            row = known[key] = _NO_NAME if token is None else self.row(token)
        return row

    def table(self, rows: npt.NDArray[np.int64]) -> TokenTable:
        """The tokens of a batch by their numbers, with their facts: from the list, from an earlier batch, or worked
        out now."""
        if self._table is None or self._in_table < len(self._tokens):
            made = self._facts_of(self._tokens[self._in_table :])
            if not self._lasts:
                return made if np.array_equal(rows, np.arange(len(made))) else made.pick(rows)
            if self._table is None:
                self._table = GrowingTable(made)
            else:
                self._table.add(made)
            self._in_table = len(self._tokens)
        picked = self._table.pick(rows)
        if self._in_table > _MOST_REMEMBERED:
            self._forget()
        return picked

    def _facts_of(self, tokens: list[Token]) -> TokenTable:
        identity = hash_texts([f"{_MARKS[script][joined]}{text}\0{folded}" for text, folded, script, joined in tokens])
        listed = np.full(len(tokens), -1) if self._known is None else self._known.find(identity)
        script = np.array([token.script for token in tokens], np.int8)
        joined = np.array([token.joined for token in tokens], np.bool_)
        rows, there = np.flatnonzero(listed < 0), np.flatnonzero(listed >= 0)
        rows = rows[(script[rows] * 2 + joined[rows]).argsort(kind="stable")]  # what asks the same tables together
        facts = facts_of([tokens[row] for row in rows.tolist()], self._frequencies)
        owners, kinds, hashes = rows.repeat(facts.counts), facts.kinds, facts.hashes
        consonants = np.zeros(len(tokens), np.int8)
        consonants[rows] = facts.consonants
        rarity = np.zeros((len(tokens), len(TokenRole)), np.int32)
        rarity[rows] = facts.rarity
        if self._known is not None and len(there):
            table, token = self._known.table, listed[there]
            consonants[there], rarity[there] = table.consonants[token], table.rarity[token]
            position, key = table.keys_of(token)
            owners = np.concatenate([owners, there[position]])
            kinds, hashes = np.concatenate([kinds, table.key_kind[key]]), np.concatenate([hashes, table.key_hash[key]])
        order = owners.argsort(kind="stable")
        folded_texts = [token.folded for token in tokens]
        return TokenTable(
            folded=TextColumn.of(folded_texts),
            plain=TextColumn.of([_plain(text, folded, script) for text, folded, script, _ in tokens]),
            script=script,
            joined=joined,
            length=np.array([min(len(text), 1000) for text in folded_texts], np.int16),
            consonants=consonants,
            initial=np.array([ord(text[0]) for text in folded_texts], np.int32),
            rarity=rarity,
            identity=identity,
            key_token=owners[order].astype(np.int32),
            key_kind=kinds[order],
            key_hash=hashes[order],
        )


def _word_token(word: str) -> Token | None:
    folded = plain_form(word)
    return None if folded is None else _token((word, folded, _LATIN, False))


def _part_token(part: str) -> Token:
    return _token((part, simplify(part), _HAN if part < _FIRST_HANGUL else _HANGUL, False))


def _plain(surface: str, folded: str, script: int) -> str:
    """A token as it was typed, without its accents."""
    if script != _LATIN:
        return folded
    return surface if surface.isalnum() and surface.isascii() else fold(surface, Script.LATIN)
