"""Names into slots: which tokens a name has, and which two neighbours may be read as one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.prepare.columns import TextColumn
from netpursuit.prepare.plain_names import Column, Spellings, plain_spellings
from netpursuit.prepare.ragged import expand
from netpursuit.prepare.token_facts import Token
from netpursuit.prepare.tokens import TokenBook
from netpursuit.records import Name
from netpursuit.records.columns import Coded
from netpursuit.text.particles import is_kinship
from netpursuit.text.patterns import regex
from netpursuit.text.scripts import Script
from netpursuit.text.tokens import NameToken, TokenRole, parse_name

MAX_TOKENS = 12
MAX_NAMES = 64  # of one record; lists with hundreds of spellings keep the first
_MANY = 32  # records; fewer are read faster one by one

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


def name_columns(names: Coded[tuple[Name, ...]], book: TokenBook) -> dict[str, Any]:
    """Every column of ``PreparedBatch`` that is about names, and the table of their tokens.

    Equal spellings of one record are kept once, the strong one first.
    """
    records = len(names)
    if records < _MANY:
        spelt = _one_by_one(enumerate(names.rows()), book)
        name_start, slot_start, used, slot_token = _laid_out(spelt, records)
    else:
        spelt = _side_by_side(names, book)
        name_start, slot_start, used, slot_token = _laid_out_many(spelt, records)
    return {
        "tokens": book.table(np.asarray(used, np.int64)),
        "name_start": np.asarray(name_start, np.int32),
        "name_text": TextColumn.of(spelt.text),
        "name_weak": np.asarray(spelt.weak, np.bool_),
        "name_size": np.asarray(spelt.size, np.int8),
        "name_ordered": np.asarray(spelt.ordered, np.bool_),
        "name_generation": np.asarray(spelt.generation, np.int8),
        "slot_start": np.asarray(slot_start, np.int32),
        "slot_token": np.asarray(slot_token, np.int32),
        "slot_role": np.asarray(spelt.roles, np.int8),
        "slot_mask": np.asarray(spelt.masks, np.uint16),
    }


def _laid_out(spelt: Spellings, records: int) -> tuple[Column, Column, Column, Column]:
    """Where the names of each record and the slots of each name begin; the distinct tokens in the order of their first
    use, and which of them each slot has."""
    number = {token: place for place, token in enumerate(dict.fromkeys(spelt.tokens))}
    return (
        [bisect_left(spelt.owner, row) for row in range(records + 1)],
        list(accumulate(spelt.slots, initial=0)),
        list(number),
        list(map(number.__getitem__, spelt.tokens)),
    )


def _laid_out_many(spelt: Spellings, records: int) -> tuple[Column, Column, Column, Column]:
    """The same of arrays."""
    tokens = np.asarray(spelt.tokens)
    place = np.empty(tokens.max(initial=-1) + 1, np.int64)
    uses = np.arange(len(tokens))
    place[tokens[::-1]] = uses[::-1]  # of several uses the first is written last
    used = tokens[place[tokens] == uses]
    place[used] = uses[: len(used)]
    return np.searchsorted(spelt.owner, np.arange(records + 1)), _starts(spelt.slots), used, place[tokens]


def _one_by_one(records: Iterable[tuple[int, Sequence[Name]]], book: TokenBook) -> Spellings:
    """The names of records, each given with its place in the column."""
    found: list[tuple[int, str, bool, int, bool, int, int]] = []
    tokens: list[int] = []
    roles: list[int] = []
    masks: list[int] = []
    for owner, names in records:
        seen: set[object] = set()
        for name in sorted(names, key=_weak)[:MAX_NAMES] if len(names) > 1 else names:
            for size, ordered, generation, slots in _readings(name, book):
                spelling = (generation, *slots[0], *slots[1], *slots[2])
                if not slots[0] or spelling in seen:
                    continue
                seen.add(spelling)
                found.append((owner, name.text, name.weak, size, ordered, generation, len(slots[0])))
                tokens += slots[0]
                roles += slots[1]
                masks += slots[2]
    columns: list[Any] = list(zip(*found, strict=True)) or [()] * 7
    return Spellings._make((*columns, tokens, roles, masks))


_weak = attrgetter("weak")


def _readings(name: Name, book: TokenBook) -> list[tuple[int, bool, int, Slots]]:
    """Size, whether the order tells people apart, generation and slots of each way to read a name."""
    if not name.family and not name.given and (words := book.plain(name.text)):
        return [(len(words), False, 0, _plain_slots(words, book))]
    return [
        (
            min(len(parsed.tokens), MAX_TOKENS),
            not parsed.plain and _tells_order(name.text, parsed.tokens),
            parsed.generation,
            _slots_of(parsed.tokens, book),
        )
        for parsed in parse_name(name)
    ]


def _side_by_side(names: Coded[tuple[Name, ...]], book: TokenBook) -> Spellings:
    """The names of records, those of each value read once and all plain ones at a time."""
    values = names.values
    parts = plain_spellings(values, book)
    left = np.ones(len(values), np.bool_)
    for part in parts:
        left[part.owner] = False
    parts.append(_one_by_one(((row, values[row]) for row in np.flatnonzero(left).tolist()), book))
    text = list(chain.from_iterable(part.text for part in parts))
    owner, weak, size, ordered, generation, slots, tokens, roles, masks = (
        np.concatenate([np.asarray(getattr(part, column), np.int64) for part in parts])
        for column in Spellings._fields
        if column != "text"
    )
    order = owner.argsort(kind="stable")
    owner = owner[order]
    if names.codes is not None:
        owner, rows = expand(np.searchsorted(owner, np.arange(len(values) + 1)), names.codes)
        order = order[rows]
    _, at = expand(_starts(slots), order)
    return Spellings(
        owner,
        [text[row] for row in order.tolist()],
        weak[order],
        size[order],
        ordered[order],
        generation[order],
        slots[order],
        tokens[at],
        roles[at],
        masks[at],
    )


def _starts(counts: Any) -> npt.NDArray[np.int64]:
    """Where each of so many begins, and where the last ends."""
    start = np.zeros(len(counts) + 1, np.int64)
    start[1:] = np.asarray(counts, np.int64).cumsum()
    return start
