"""The native twins of the comparisons of all fields but names (``fields.c``), called by ``ctypes``.

``evidence`` and ``scoring`` hold the reference and make the rules: levels, weights and limits by the names that the
kernel knows them by.
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping, Sequence
from ctypes import POINTER, c_int8, c_int32, c_int64, c_uint8, c_void_p
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from netpursuit.errors import StorageError
from netpursuit.kernel.native import Kept, check_answer, load
from netpursuit.prepare.columns import PreparedBatch

Array = npt.NDArray[Any]
Rules = TypeVar("Rules", bound=ctypes.Structure)
Chosen = tuple[npt.NDArray[np.int8], npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int64]]
SCRIPTS = 256
LUNAR_YEARS = 200
# In the order of the kernel; ``differs`` last, where nothing else holds.
DATE_LEVELS = (
    *("same-circa-year", "within-span", "same-day-conventional", "same-day", "day-month-swapped", "year-off-by-one"),
    *("one-digit", "lunar", "same-month", "same-year", "near", "same-year-other-day", "year-near", "two-digits"),
    *("differs-widely", "differs"),
)


class _Owned(ctypes.Structure):
    _fields_ = (("owners", c_int64), ("rows", c_int64), ("start", c_void_p))


class _Pairs(ctypes.Structure):
    _fields_ = (("count", c_int64), ("left", c_void_p), ("right", c_void_p))


class _Chosen(ctypes.Structure):
    _fields_ = tuple((name, c_void_p) for name in ("level", "millibits", "left_row", "right_row"))


class _Written(ctypes.Structure):
    _fields_ = (("names", _Owned), ("slots", _Owned), ("token", c_void_p), ("tokens", c_int64), ("script", c_void_p))


class _Dates(ctypes.Structure):
    _fields_ = (
        ("owned", _Owned),
        *((name, c_void_p) for name in ("year", "month", "day", "last", "circa")),
        ("written", _Written),
    )


class DateRules(ctypes.Structure):
    """Lunar months as ``ids.lunar.month_table`` has them; weights and codes in the order of ``DATE_LEVELS``."""

    _fields_ = (
        *((name, c_int32 * (LUNAR_YEARS * 24)) for name in ("first", "length")),
        ("weight", c_int32 * len(DATE_LEVELS)),
        ("code", c_int8 * len(DATE_LEVELS)),
        ("counts_by_moon", c_uint8 * SCRIPTS),
        *((name, c_int64) for name in ("missing", "circa_years", "lunar_from")),
    )


def filled(rules: Rules, **values: Any) -> Rules:
    """The rules with these values; a table of another size is a mistake of the program."""
    for name, value in values.items():
        place = getattr(rules, name)
        if isinstance(place, ctypes.Array):
            table = np.asarray(value).ravel().tolist()
            assert len(table) == len(place)
            place[:] = table
        else:
            setattr(rules, name, int(value))
    return rules


def in_order(names: Sequence[str], codes: Mapping[str, int], weights: Array) -> dict[str, Any]:
    """Codes and weights of the levels in the order of the kernel, and the code of what is not compared."""
    order = [codes[name] for name in names]
    return {"code": order, "weight": weights[order], "missing": codes["not-compared"]}


@cache
def _function(name: str, *arguments: Any) -> Any:
    library = load()
    assert library is not None, "the kernel is not compiled"
    function = getattr(library, name)
    function.restype, function.argtypes = c_int64, arguments
    return function


def _demand(fits: bool) -> None:
    if not fits:
        raise StorageError("the index is damaged: columns of one table differ in length")


def _owned(start: Array, rows: int, keep: Kept) -> _Owned:
    _demand(len(start) > 0)
    return _Owned(len(start) - 1, rows, keep(start, np.int32))


def _columns(keep: Kept, rows: int, *columns: tuple[Array, Any]) -> list[int]:
    """The places of columns that have so many rows."""
    _demand(all(len(column) == rows for column, _ in columns))
    return [keep(column, kind) for column, kind in columns]


def _pairs(left_rows: Array, right_rows: Array, keep: Kept) -> _Pairs:
    assert len(left_rows) == len(right_rows)
    return _Pairs(len(left_rows), keep(left_rows, np.int64), keep(right_rows, np.int64))


def _room(pairs: int) -> Chosen:
    return np.empty(pairs, np.int8), np.empty(pairs, np.int32), np.empty(pairs, np.int64), np.empty(pairs, np.int64)


def _places(chosen: Chosen) -> _Chosen:
    return _Chosen(*(array.__array_interface__["data"][0] for array in chosen))


def _written(batch: PreparedBatch, keep: Kept) -> _Written:
    return _Written(
        _owned(batch.name_start, len(batch.slot_start) - 1, keep),
        _owned(batch.slot_start, len(batch.slot_token), keep),
        keep(batch.slot_token, np.int32),
        len(batch.tokens.script),
        keep(batch.tokens.script, np.int8),
    )


def _dates(batch: PreparedBatch, keep: Kept) -> _Dates:
    rows = len(batch.date_year)
    return _Dates(
        _owned(batch.date_start, rows, keep),
        *_columns(
            keep,
            rows,
            (batch.date_year, np.int16),
            (batch.date_month, np.int8),
            (batch.date_day, np.int8),
            (batch.date_last, np.int16),
            (batch.date_circa, np.uint8),
        ),
        _written(batch, keep),
    )


def compare_dates(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, rules: DateRules
) -> Chosen:
    """(level, millibits, left row, right row) of each pair. Raises ``StorageError`` where an index leads astray."""
    compare = _function("netpursuit_dates", *map(POINTER, (_Pairs, _Dates, _Dates, DateRules, _Chosen)))
    keep, chosen = Kept(), _room(len(left_rows))
    answer = compare(
        _pairs(left_rows, right_rows, keep), _dates(left, keep), _dates(right, keep), rules, _places(chosen)
    )
    check_answer(answer)
    return chosen
