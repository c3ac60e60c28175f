"""The native twin of the vocabulary join (``join.c``), called by ``ctypes``; ``kernel.relate`` is the reference."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_int64, c_uint8, c_void_p
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.errors import StorageError
from netpursuit.kernel.native import Kept, check_answer, described, load
from netpursuit.prepare.columns import TextColumn, TokenTable

Array = npt.NDArray[Any]
KINDS, RELATIONS, SHORTER, LEVELS, SCRIPTS = 16, 32, 16, 32, 256
NONE = 255


class Texts(ctypes.Structure):
    """A ``TextColumn`` as the kernel reads it."""

    _fields_ = (("texts", c_int64), ("bytes", c_int64), ("start", c_void_p), ("data", c_void_p))


class Tokens(ctypes.Structure):
    """A ``TokenTable`` as the kernel reads it, without its keys."""

    _fields_ = (
        ("tokens", c_int64),
        ("folded", Texts),
        ("plain", Texts),
        *((name, c_void_p) for name in ("script", "joined", "length", "rarity")),
        ("roles", c_int64),
    )


class Keyed(ctypes.Structure):
    _fields_ = (("rows", c_int64), *((name, c_void_p) for name in ("hash", "token", "kind")))


class Tables(ctypes.Structure):
    """``Rules`` as the kernel reads them, made by ``tables`` once."""

    _fields_ = (
        ("key_rank", c_uint8 * (KINDS * RELATIONS)),
        ("slip_rank", c_uint8 * (3 * SHORTER * 2)),
        ("may_slip", c_uint8 * LEVELS),
        *((name, c_uint8 * SCRIPTS) for name in ("is_latin", "is_han", "is_abjad", "is_syllabic")),
        *((name, c_int64) for name in ("long_enough", "least_letters", "unknown")),
    )


class _Related(ctypes.Structure):
    _fields_ = (("rows", c_int64), ("key", c_void_p), ("rank", c_void_p))


@dataclass(frozen=True, slots=True)
class Rules:
    """What two tokens agree by, as tables.

    Ranks of levels (below 32; ``NONE``: no agreement) by kind of key and the bits same script, Latin, Han, without
    vowels, long; and by distance, letters of the shorter, syllabic. Per rank whether a slip may be the better level.
    Per script its classes. The letters and the rarity that count.
    """

    key_rank: Array
    slip_rank: Array
    may_slip: Array
    is_latin: Array
    is_han: Array
    is_abjad: Array
    is_syllabic: Array
    long_enough: int
    least_letters: int
    unknown: int


@cache
def _function() -> tuple[Any, Any]:
    library = load()
    assert library is not None, "the kernel is not compiled"
    relate, forget = library.netpursuit_relate, library.netpursuit_forget
    relate.restype = c_int64
    relate.argtypes = (
        *(POINTER(Tokens), POINTER(Keyed), c_void_p),
        *(POINTER(Tokens), POINTER(Keyed), POINTER(Keyed)),
        *(c_int64, c_void_p, c_void_p, POINTER(Tables), POINTER(_Related)),
    )
    forget.restype, forget.argtypes = None, (POINTER(_Related),)
    return relate, forget


def texts_of(column: TextColumn, rows: int, keep: Kept) -> Texts:
    """A column of so many texts as the kernel reads it."""
    demand(len(column) == rows)
    return Texts(rows, len(column.data), keep(column.start, np.int64), keep(column.data, np.uint8))


def tokens_of(table: TokenTable, keep: Kept) -> Tokens:
    """A table of tokens as the kernel reads it."""
    for column in (table.joined, table.length, table.rarity):
        demand(len(column) == len(table))
    return Tokens(
        len(table),
        texts_of(table.folded, len(table), keep),
        texts_of(table.plain, len(table), keep),
        keep(table.script, np.int8),
        keep(table.joined, np.uint8),
        keep(table.length, np.int16),
        keep(table.rarity, np.int32),
        table.rarity.shape[1],
    )


def keyed(hashes: Array, tokens: Array, kinds: Array | None, keep: Kept) -> Keyed:
    """Keys, by ascending hash on the right side, as the kernel reads them."""
    demand(len(hashes) == len(tokens) and (kinds is None or len(kinds) == len(hashes)))
    kind = 0 if kinds is None else keep(kinds, np.int8)
    return Keyed(len(hashes), keep(hashes, np.uint64), keep(tokens, np.int32), kind)


def _own_keys(table: TokenTable, keep: Kept) -> Keyed:
    return keyed(table.key_hash, table.key_token, None, keep)


def tables(rules: Rules) -> Tables:
    made = Tables(long_enough=rules.long_enough, least_letters=rules.least_letters, unknown=rules.unknown)
    for name in ("key_rank", "slip_rank", "may_slip", "is_latin", "is_han", "is_abjad", "is_syllabic"):
        table = np.ascontiguousarray(getattr(rules, name), np.uint8)
        place = getattr(made, name)
        assert table.size == len(place)
        ctypes.memmove(place, table.ctypes.data, table.size)
    return made


def _copied(place: int | None, rows: int, kind: type[Any]) -> Array:
    """A column that the kernel made, as our own; none where it found nothing."""
    if not rows or not place:
        return np.zeros(0, kind)
    return np.frombuffer(ctypes.string_at(place, rows * np.dtype(kind).itemsize), kind)


def demand(fits: bool) -> None:
    """Raises ``StorageError`` where the columns of a table are not of one length."""
    if not fits:
        raise StorageError("the index is damaged: columns of one table differ in length")


def join(
    left: TokenTable,
    editable: Array,
    right: TokenTable,
    keys: Keyed,
    forms: Keyed,
    more: Array,
    rules: Tables,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """(left token * tokens of the right side + right token, rank of the best level) of every pair that agrees, sorted.

    ``editable``: per left token whether a slip in it can be told. ``keys`` and ``forms``: of the right side, by
    ascending hash. ``more``: (2, n) pairs of tokens that may be a slip apart besides. Raises ``StorageError`` where an
    index leads outside of a column.
    """
    relate, forget = _function()
    keep = Kept()
    found = _Related()
    answer = relate(
        described(tokens_of, left),
        described(_own_keys, left),
        keep(editable, np.uint8),
        described(tokens_of, right),
        keys,
        forms,
        more.shape[1],
        keep(more[0], np.int64),
        keep(more[1], np.int64),
        rules,
        found,
    )
    try:
        check_answer(answer)
        return _copied(found.key, found.rows, np.int64), _copied(found.rank, found.rows, np.uint8)
    finally:
        forget(found)
