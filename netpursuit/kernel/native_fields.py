"""The native twins of most comparisons but names, and of the sum (``fields.c``), called by ``ctypes``.

``evidence`` and ``scoring`` hold the reference and make the rules: levels, weights and limits by the names that the
kernel knows them by.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Mapping, Sequence
from ctypes import POINTER, c_int8, c_int32, c_int64, c_uint8, c_uint64, c_void_p
from functools import cache
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.native import Kept, check_answer, described, load
from netpursuit.kernel.native_join import Texts, demand, texts_of
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.prepare.fields import AddressPart

Array = npt.NDArray[Any]
Structure = TypeVar("Structure", bound=ctypes.Structure)
Chosen = tuple[npt.NDArray[np.int8], npt.NDArray[np.int32], npt.NDArray[np.int64], npt.NDArray[np.int64]]
SCRIPTS = 256
LUNAR_YEARS = 200
# In the order of the kernel; ``differs`` last, where nothing else holds.
DATE_LEVELS = (
    *("same-circa-year", "within-span", "same-day-conventional", "same-day", "day-month-swapped", "year-off-by-one"),
    *("one-digit", "lunar", "same-month", "same-year", "near", "same-year-other-day", "year-near", "two-digits"),
    *("differs-widely", "differs"),
)
NUMBER_LEVELS = (
    *("same", "same-other-form", "shared", "consistent", "ocr", "transposed", "one-slip", "agrees-conflicts"),
    *("known-fake", "renewable-differs", "differs"),
)
NUMBER_WIDTH, FAMILIES, BYTES = 40, 32, 256
PHONE_LEVELS = ("same", "consistent", "one-digit", "differs")
ADDRESS_LEVELS = (
    *("same-unit", "other-unit", "same-house", "similar", "other-house", "same-street", "same-city", "other"),
)
NATION_LEVELS = ("same", "differs")
_LEFT_TO_REFERENCE = -3


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


class _Shared(ctypes.Structure):
    _fields_ = (("bearers", c_void_p), ("losses", c_int64), ("loss", c_void_p))


class _Numbers(ctypes.Structure):
    _fields_ = (
        ("owned", _Owned),
        ("text", Texts),
        ("raw", Texts),
        *((name, c_void_p) for name in ("family", "country", "flags")),
    )


class NumberRules(ctypes.Structure):
    """Weights and codes in the order of ``NUMBER_LEVELS``; ``confused``: what each byte is read as."""

    _fields_ = (
        ("position", c_int64 * NUMBER_WIDTH),
        ("weight", c_int32 * len(NUMBER_LEVELS)),
        ("code", c_int8 * len(NUMBER_LEVELS)),
        ("is_chinese", c_uint8 * FAMILIES),
        ("confused", c_uint8 * BYTES),
        *((name, c_int64) for name in ("missing", "other_family", "unknown", "birth_from", "birth_to")),
        *((name, c_int64) for name in ("chinese_length", "per_character", "toll", "citizen", "citizen_conflict")),
        *((name, c_int64) for name in ("below_whole", "least_visible", "least_slip", "least_untyped")),
        *((name, c_int64) for name in ("lifelong", "partial", "fake", "right_check")),
    )


class _Phones(ctypes.Structure):
    _fields_ = (("owned", _Owned), ("text", Texts), ("hash", c_void_p))


class PhoneRules(ctypes.Structure):
    """Weights and codes in the order of ``PHONE_LEVELS``; ``hides``: the bytes that stand for an unknown digit."""

    _fields_ = (
        ("weight", c_int32 * len(PHONE_LEVELS)),
        ("code", c_int8 * len(PHONE_LEVELS)),
        ("hides", c_uint8 * BYTES),
        *((name, c_int64) for name in ("missing", "per_digit", "mask_cap", "mask_toll", "least_seen", "least_masked")),
    )


class _Addresses(ctypes.Structure):
    _fields_ = (("owned", _Owned), ("kind", c_void_p), ("parts", c_void_p), ("place", Texts))


class AddressRules(ctypes.Structure):
    """Weights and codes in the order of ``ADDRESS_LEVELS``."""

    _fields_ = (
        ("weight", c_int32 * len(ADDRESS_LEVELS)),
        ("code", c_int8 * len(ADDRESS_LEVELS)),
        *((name, c_int64) for name in ("missing", "registered", "residence", "letters_per_slip", "most_slips")),
    )


class _Nations(ctypes.Structure):
    _fields_ = (("owned", _Owned), ("code", c_void_p))


class NationRules(ctypes.Structure):
    """Weights and codes in the order of ``NATION_LEVELS``."""

    _fields_ = (
        ("weight", c_int32 * len(NATION_LEVELS)),
        ("code", c_int8 * len(NATION_LEVELS)),
        ("missing", c_int64),
    )


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


def filled(rules: Structure, **values: Any) -> Structure:
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


def _owned(start: Array, rows: int, keep: Kept) -> _Owned:
    demand(len(start) > 0)
    return _Owned(len(start) - 1, rows, keep(start, np.int32))


def _columns(keep: Kept, rows: int, *columns: tuple[Array, Any]) -> list[int]:
    """The places of columns that have so many rows."""
    demand(all(len(column) == rows for column, _ in columns))
    return [keep(column, kind) for column, kind in columns]


def _shared(bearers: Array | None, rows: int, losses: Array, keep: Kept) -> _Shared:
    if bearers is None:
        return _Shared(0, 0, 0)
    demand(len(bearers) == rows)
    return _Shared(keep(bearers, np.int64), len(losses), keep(losses, np.int32))


def _pairs(left_rows: Array, right_rows: Array, keep: Kept) -> _Pairs:
    assert len(left_rows) == len(right_rows)
    return _Pairs(len(left_rows), keep(left_rows, np.int64), keep(right_rows, np.int64))


def _room(pairs: int) -> Chosen:
    return np.empty(pairs, np.int8), np.empty(pairs, np.int32), np.empty(pairs, np.int64), np.empty(pairs, np.int64)


def _places(chosen: Chosen, keep: Kept) -> _Chosen:
    return _Chosen(*(keep(array, array.dtype) for array in chosen))


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
        _pairs(left_rows, right_rows, keep),
        described(_dates, left),
        described(_dates, right),
        rules,
        _places(chosen, keep),
    )
    check_answer(answer)
    return chosen


def _numbers(batch: PreparedBatch, keep: Kept) -> _Numbers:
    rows = len(batch.number_family)
    columns = (batch.number_family, np.int8), (batch.number_country, np.int16), (batch.number_flags, np.uint8)
    return _Numbers(
        _owned(batch.number_start, rows, keep),
        texts_of(batch.number_text, rows, keep),
        texts_of(batch.number_raw, rows, keep),
        *_columns(keep, rows, *columns),
    )


def compare_numbers(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    rules: NumberRules,
    bearers: Array | None,
    losses: Array,
) -> Chosen | None:
    """As ``compare_dates``; ``losses`` by the number of ``bearers``: None where there are more than that."""
    compare = _function(
        "netpursuit_numbers", *map(POINTER, (_Pairs, _Numbers, _Numbers, NumberRules, _Shared, _Chosen))
    )
    keep, chosen = Kept(), _room(len(left_rows))
    answer = compare(
        _pairs(left_rows, right_rows, keep),
        described(_numbers, left),
        described(_numbers, right),
        rules,
        _shared(bearers, len(right.number_family), losses, keep),
        _places(chosen, keep),
    )
    return _unless_left(answer, chosen)


def _unless_left(answer: int, chosen: Chosen) -> Chosen | None:
    if answer == _LEFT_TO_REFERENCE:
        return None
    check_answer(answer)
    return chosen


def _phones(batch: PreparedBatch, keep: Kept) -> _Phones:
    rows = len(batch.phone_hash)
    return _Phones(
        _owned(batch.phone_start, rows, keep), texts_of(batch.phone_text, rows, keep), keep(batch.phone_hash, np.uint64)
    )


def compare_phones(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    rules: PhoneRules,
    bearers: Array | None,
    losses: Array,
) -> Chosen | None:
    """As ``compare_numbers``."""
    compare = _function("netpursuit_phones", *map(POINTER, (_Pairs, _Phones, _Phones, PhoneRules, _Shared, _Chosen)))
    keep, chosen = Kept(), _room(len(left_rows))
    answer = compare(
        _pairs(left_rows, right_rows, keep),
        described(_phones, left),
        described(_phones, right),
        rules,
        _shared(bearers, len(right.phone_hash), losses, keep),
        _places(chosen, keep),
    )
    return _unless_left(answer, chosen)


def _addresses(batch: PreparedBatch, keep: Kept) -> _Addresses:
    rows = len(batch.address_kind)
    demand(batch.address_parts.shape == (rows, len(AddressPart)))
    return _Addresses(
        _owned(batch.address_start, rows, keep),
        keep(batch.address_kind, np.int8),
        keep(batch.address_parts, np.uint64),
        texts_of(batch.address_place, rows, keep),
    )


def compare_addresses(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, rules: AddressRules
) -> Chosen:
    """As ``compare_dates``."""
    compare = _function("netpursuit_addresses", *map(POINTER, (_Pairs, _Addresses, _Addresses, AddressRules, _Chosen)))
    keep, chosen = Kept(), _room(len(left_rows))
    rows = _pairs(left_rows, right_rows, keep)
    check_answer(compare(rows, described(_addresses, left), described(_addresses, right), rules, _places(chosen, keep)))
    return chosen


def _nations(batch: PreparedBatch, keep: Kept) -> _Nations:
    return _Nations(_owned(batch.nation_start, len(batch.nation_code), keep), keep(batch.nation_code, np.int16))


def compare_nationalities(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, rules: NationRules
) -> Chosen:
    """As ``compare_dates``."""
    compare = _function("netpursuit_nations", *map(POINTER, (_Pairs, _Nations, _Nations, NationRules, _Chosen)))
    keep, chosen = Kept(), _room(len(left_rows))
    rows = _pairs(left_rows, right_rows, keep)
    check_answer(compare(rows, described(_nations, left), described(_nations, right), rules, _places(chosen, keep)))
    return chosen


def condition(
    levels: Array, millibits: Array, left: Array, left_row: Array, right: Array, right_row: Array, rules: ConditionRules
) -> None:
    """Change ``levels`` and ``millibits`` (pairs, fields) where they stand, by the flags of the numbers compared."""
    change = _function(
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
    add = _function("netpursuit_score", *(c_int64, c_void_p, c_void_p, c_int64, POINTER(ScoreRules), *(c_void_p,) * 3))
    keep, pairs = Kept(), len(levels)
    assert levels.shape == millibits.shape == (pairs, rules.fields)
    out = np.empty(pairs, np.int64), np.empty(pairs, np.int8), np.empty(pairs, np.int8)
    places = (keep(array, array.dtype) for array in out)
    add(pairs, keep(levels, np.int8), keep(millibits, np.int32), prior, rules, *places)
    return out
