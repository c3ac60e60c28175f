"""The native twin of ``index.bounds`` and ``index.walk`` (``bounds.c``), called through ``ctypes``."""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_int64, c_void_p
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.native import Kept, check_answer, function
from netpursuit.kernel.native_name_levels import Names, Related, Rules, names_of, related_of
from netpursuit.kernel.relate import Relations
from netpursuit.prepare.columns import PreparedBatch

Array = npt.NDArray[Any]


class _Postings(ctypes.Structure):
    _fields_ = (("tokens", c_int64), ("records", c_int64), ("start", c_void_p))


class Limits(ctypes.Structure):
    """What an initial adds, how many postings are walked for one name, and whether the list has parts of one letter."""

    _fields_ = tuple((name, c_int64) for name in ("initial", "most_postings", "has_initials"))


class _Bounded(ctypes.Structure):
    _fields_ = (
        ("room", c_int64),
        *((name, c_void_p) for name in ("start", "token", "weight")),
        ("ranges", c_int64),
        *((name, c_void_p) for name in ("person", "low", "high", "initials", "firsts", "cut")),
    )


@dataclass(frozen=True, slots=True)
class Bounded:
    """Agreements of each person (``start`` into ``token``, ascending, and ``weight``); the letters that stand alone and
    that parts begin with; rows ``low`` to ``high`` of the postings to walk for ``person``; what a cap left out of them.
    """

    start: npt.NDArray[np.int64]
    token: npt.NDArray[np.int32]
    weight: npt.NDArray[np.int32]
    person: npt.NDArray[np.int64]
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    initials: npt.NDArray[np.int64]
    firsts: npt.NDArray[np.int64]
    cut: npt.NDArray[np.int64]


_ARGUMENTS = (
    *(POINTER(kind) for kind in (Names, Names, Related, Rules, _Postings, Limits)),
    *(c_void_p, POINTER(_Bounded)),
)


def bound_names(
    left: PreparedBatch,
    right: PreparedBatch,
    relations: Relations,
    weights: Rules,
    posting_start: Array,
    postings: int,
    limits: Limits,
    needed: Array,
) -> Bounded:
    """What the list's tokens can add to the names of each person of ``left``, and the postings to walk for those whose
    names could carry ``needed`` by themselves. ``postings``: how many there are. Raises ``StorageError`` where an index
    leads outside of its column."""
    assert relations.right_size == len(right.tokens)
    keep, persons, room = Kept(), len(left), 4 * len(left.slot_token) + 64
    joined = related_of(relations, keep)
    walked = _Postings(len(posting_start) - 1, postings, keep(posting_start, np.int64))
    asked = keep(needed, np.int64)
    bound = function("netpursuit_bounds", *_ARGUMENTS)
    while True:
        start, of_person = np.empty(persons + 1, np.int64), np.zeros((3, persons), np.int64)
        agreements, ranges = np.empty((2, room), np.int32), np.empty((3, room), np.int64)
        places = [array.ctypes.data for array in (start, *agreements)]
        out = _Bounded(room, *places, 0, *(array.ctypes.data for array in (*ranges, *of_person)))
        count = bound(names_of(left), names_of(right), joined, weights, walked, limits, asked, out)
        check_answer(count)
        if count <= room:
            return Bounded(start, *agreements[:, :count], *ranges[:, : out.ranges], *of_person)
        room = count
