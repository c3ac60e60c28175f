"""The native twins of what counts once, and of the sum with its band and caps (``fields.c``), called by ``ctypes``."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from ctypes import POINTER, c_int64, c_uint8, c_uint64, c_void_p
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.native import Kept, function

Array = npt.NDArray[Any]


class ConditionRules(ctypes.Structure):
    """Levels of a number as bits (``bits_of``), codes, columns of fields, flags of numbers, limits."""

    _fields_ = (
        *((name, c_uint64) for name in ("agreeing", "whole")),
        *((name, c_int64) for name in ("number_differs", "consistent", "same_other_name", "same_day", "no_date")),
        *((name, c_int64) for name in ("date_in_number", "sex_in_number", "same_city", "address_in_number")),
        *((name, c_int64) for name in ("name", "date", "document", "sex", "address", "fields")),
        *((name, c_int64) for name in ("holds_date", "holds_sex", "lifelong", "partial_most", "other_name_cost")),
    )


class _Flags(ctypes.Structure):
    _fields_ = (("rows", c_int64), ("flags", c_void_p))


class Cap(ctypes.Structure):
    """``levels`` of a ``field`` as bits, above which band they keep nobody, unless the number is the person's own."""

    _fields_ = (("levels", c_uint64), *((name, c_int64) for name in ("field", "unless_own", "ceiling")))


_MOST_BANDS, _MOST_CAPS, _MOST_FIELDS = 8, 8, 16


class ScoreRules(ctypes.Structure):
    """Bands with their floors, ascending; the caps after that on names alone; which fields lift that one."""

    _fields_ = (
        ("bands", c_int64),
        *((name, c_int64 * _MOST_BANDS) for name in ("floor", "band")),
        ("caps", c_int64),
        ("cap", Cap * _MOST_CAPS),
        ("lifts", c_uint8 * _MOST_FIELDS),
        ("own", c_uint64),
        *((name, c_int64) for name in ("document", "address", "same_unit", "fields", "least_lift", "unlifted")),
    )


def bits_of(codes: Iterable[int]) -> int:
    """The levels of these codes as bits; no field has sixty-four."""
    return sum({1 << code for code in codes})


def condition(
    levels: Array, millibits: Array, left: Array, left_row: Array, right: Array, right_row: Array, rules: ConditionRules
) -> None:
    """Change ``levels`` and ``millibits`` (pairs, fields) where they stand, by the flags of the numbers compared."""
    change = function(
        "netpursuit_condition",
        *(c_int64, c_void_p, c_void_p, POINTER(_Flags), c_void_p, POINTER(_Flags), c_void_p, POINTER(ConditionRules)),
    )
    keep, shape = Kept(), (len(left_row), rules.fields)
    for array, kind in ((levels, np.int8), (millibits, np.int32)):
        assert array.shape == shape
        assert array.dtype == kind
        assert array.flags.c_contiguous
    assert len(left_row) == len(right_row)
    change(
        *(len(left_row), keep(levels, np.int8), keep(millibits, np.int32)),
        *(_Flags(len(left), keep(left, np.uint8)), keep(left_row, np.int64)),
        *(_Flags(len(right), keep(right, np.uint8)), keep(right_row, np.int64)),
        rules,
    )


def score(
    levels: Array, millibits: Array, prior: int, rules: ScoreRules
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int8], npt.NDArray[np.int8]]:
    """(sum with the prior, band after the caps, which cap took effect) of each pair."""
    add = function("netpursuit_score", *(c_int64, c_void_p, c_void_p, c_int64, POINTER(ScoreRules), *(c_void_p,) * 3))
    keep, pairs = Kept(), len(levels)
    assert levels.shape == millibits.shape == (pairs, rules.fields)
    out = np.empty(pairs, np.int64), np.empty(pairs, np.int8), np.empty(pairs, np.int8)
    places = (keep(array, array.dtype) for array in out)
    add(pairs, keep(levels, np.int8), keep(millibits, np.int32), prior, rules, *places)
    return out
