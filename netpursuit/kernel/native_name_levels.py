"""The native twin of ``evidence.names`` (``name_levels.c``), called by ``ctypes``; there is the reference, too."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping
from ctypes import POINTER, c_int8, c_int64, c_uint8, c_uint16, c_void_p
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.native import Kept, check_answer, described, function
from netpursuit.kernel.native_join import LEVELS, SCRIPTS, Texts, Tokens, demand, texts_of, tokens_of
from netpursuit.kernel.ragged import distinct
from netpursuit.kernel.relate import Relations
from netpursuit.prepare.columns import PreparedBatch

Array = npt.NDArray[Any]
LETTERS, CODE_POINTS, TESTS = 16, 2048, 14
UNTOLD_LETTER = 0xFFFF
_ASKED_ONE_IN = 16  # pairs: where more are to be asked, a second walk has room for all


class Names(ctypes.Structure):
    _fields_ = (
        *((name, c_int64) for name in ("records", "names", "slots")),
        *((name, c_void_p) for name in ("name_start", "slot_start", "slot_token", "slot_role", "slot_mask")),
        *((name, c_void_p) for name in ("size", "generation", "weak", "ordered")),
        ("text", Texts),
        ("tokens", Tokens),
        *((name, c_void_p) for name in ("consonants", "initial")),
    )


class Related(ctypes.Structure):
    _fields_ = (("rows", c_int64), ("key", c_void_p), ("level", c_void_p))


class Rules(ctypes.Structure):
    """How names are weighed, as the kernel reads it; made by ``rules_of``.

    Tables by level of agreement, by letters (the last row for more), by script and by code point (0: no letter,
    ``UNTOLD_LETTER``: more than one, or one beyond the table). ``level``: of each test, of none, of not compared.
    """

    _fields_ = (
        ("cost", c_int64 * LEVELS),
        *((name, c_int64 * LETTERS) for name in ("unknown", "garbled_cost", "garbled_cap", "unseen")),
        ("folded_letter", c_uint16 * CODE_POINTS),
        *((name, c_uint8 * LEVELS) for name in ("is_slip", "not_between_names", "is_heard")),
        *((name, c_uint8 * SCRIPTS) for name in ("is_syllabic", "is_hangul")),
        ("level", c_int8 * (TESTS + 2)),
        *((name, c_int64) for name in ("latin", "initial_level", "initial_rarity", "consonant_rarity")),
        *((name, c_int64) for name in ("garbled_letters", "role_swap", "folded_level", "reading_level")),
        *((name, c_int64) for name in ("damp_from", "damp_percent", "cap", "cap_near", "cap_differing")),
        *((name, c_int64) for name in ("weak_percent", "most_open", "whole_letters", "near_letters")),
        *((name, c_int64) for name in ("strange_letters", "two_letters", "alone_letters")),
        *((name, c_int64) for name in ("part_near", "part_two_near", "part_alike", "part_differs", "part_missing")),
        *((name, c_int64) for name in ("generation_differs", "turned_within", "order_differs", "only_part")),
        *((name, c_int64) for name in ("near", "differs")),
    )


class _Asked(ctypes.Structure):
    _fields_ = (("answered", c_int64), ("answers", c_void_p), ("room", c_int64), ("open", c_void_p))


# Two names a row, and the parts of them that agree (masks): what is left only Python can tell.
OPEN = np.dtype(
    [*((name, np.int64) for name in ("pair", "left_name", "right_name")), ("used_left", "u2"), ("used_right", "u2")],
    align=True,
)
# A row per pair, as ``evidence.names.NameComparison`` has them.
COMPARED = np.dtype(
    [("left_name", "i8"), ("right_name", "i8"), ("millibits", "i4"), ("level", "i1"), ("weak", "?")], align=True
)


def rules_of(tables: Mapping[str, Array], numbers: Mapping[str, int], *, whole: bool = True) -> Rules:
    """The rules of these tables and numbers; each has to be given, unless a part is asked for, and a table may be
    shorter than its room."""
    assert not whole or {*tables, *numbers} == {name for name, *_ in Rules._fields_}
    made = Rules(**numbers)
    for name, table in tables.items():
        getattr(made, name)[: len(table)] = table.tolist()
    return made


_ARGUMENTS = (
    *(POINTER(kind) for kind in (Names, Names, Related, Rules)),
    *(c_int64, c_void_p, c_void_p),
    *(POINTER(_Asked), c_void_p),
)


def names_of(batch: PreparedBatch) -> Names:
    """The names of a batch as the kernel reads them."""
    return described(_describe, batch)


def related_of(relations: Relations, keep: Kept) -> Related:
    """Relations as the kernel reads them."""
    return Related(len(relations.key), keep(relations.key, np.int64), keep(relations.level, np.int8))


def _describe(batch: PreparedBatch, keep: Kept) -> Names:
    names, slots, tokens = len(batch.name_size), len(batch.slot_token), batch.tokens
    for column in (batch.name_generation, batch.name_weak, batch.name_ordered, batch.slot_start[1:]):
        demand(len(column) == names)
    demand(len(batch.slot_role) == slots and len(batch.slot_mask) == slots)
    demand(len(tokens.consonants) == len(tokens) and len(tokens.initial) == len(tokens))
    return Names(
        len(batch.name_start) - 1,
        names,
        slots,
        keep(batch.name_start, np.int32),
        keep(batch.slot_start, np.int32),
        keep(batch.slot_token, np.int32),
        keep(batch.slot_role, np.int8),
        keep(batch.slot_mask, np.uint16),
        keep(batch.name_size, np.int8),
        keep(batch.name_generation, np.int8),
        keep(batch.name_weak, np.uint8),
        keep(batch.name_ordered, np.uint8),
        texts_of(batch.name_text, names, keep),
        described(tokens_of, tokens),
        keep(tokens.consonants, np.int8),
        keep(tokens.initial, np.int32),
    )


def compare(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    relations: Relations,
    rules: Rules,
    tell: Callable[[Array], npt.NDArray[np.uint8]],
) -> Array:
    """The best two names of each pair of records, a row of ``COMPARED`` each.

    ``tell`` answers, of rows of ``OPEN``, what is left of names whose letters the kernel does not know: flags in the
    order of ``evidence.residues.Residue``. Raises ``StorageError`` where an index leads outside of a column.
    """
    assert relations.right_size == len(right.tokens)
    keep = Kept()
    one, other = names_of(left), names_of(right)
    joined = related_of(relations, keep)

    def walk(lefts: Array, rights: Array, room: int, answers: Array) -> tuple[Array, Array, int]:
        kept, found, asked = Kept(), np.empty(len(lefts), COMPARED), np.empty(room, OPEN)
        rows = kept(lefts, np.int64), kept(rights, np.int64)
        answered = _Asked(len(answers), kept(answers, np.uint8), room, asked.ctypes.data)
        count = function("netpursuit_names", *_ARGUMENTS)(
            one, other, joined, rules, len(lefts), *rows, answered, found.ctypes.data
        )
        check_answer(count)
        return found, asked, count

    nothing = np.zeros(0, np.uint8)
    room = len(left_rows) // _ASKED_ONE_IN
    found, asked, count = walk(left_rows, right_rows, room, nothing)
    if count > room:
        _, asked, _ = walk(left_rows, right_rows, count, nothing)
    if count:
        asked = asked[:count]
        again = distinct(asked["pair"])
        found[again], _, _ = walk(left_rows[again], right_rows[again], 0, tell(asked))
    return found
