"""The native twins of most comparisons but names (``fields.c``), called by ``ctypes``.

``evidence`` holds the reference and makes the rules: levels, weights and limits by the names that the
kernel knows them by.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Mapping, Sequence
from ctypes import POINTER, c_int8, c_int32, c_int64, c_uint8, c_void_p
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.native import Kept, check_answer, described, function
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


def _compare(
    name: str,
    make: Callable[[PreparedBatch, Kept], ctypes.Structure],
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    *rules: ctypes.Structure,
) -> tuple[int, Chosen]:
    """The answer of a comparison, and (level, millibits, left row, right row) of each pair."""
    one, other = described(make, left), described(make, right)
    kinds: list[type[ctypes.Structure]] = [_Pairs, type(one), type(other), *map(type, rules), _Chosen]
    keep, chosen = Kept(), _room(len(left_rows))
    compare = function(name, *map(POINTER, kinds))
    return compare(_pairs(left_rows, right_rows, keep), one, other, *rules, _places(chosen, keep)), chosen


def compare_dates(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, rules: DateRules
) -> Chosen:
    """(level, millibits, left row, right row) of each pair. Raises ``StorageError`` where an index leads astray."""
    answer, chosen = _compare("netpursuit_dates", _dates, left, right, left_rows, right_rows, rules)
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
    keep = Kept()
    shared = _shared(bearers, len(right.number_family), losses, keep)
    rows = left, right, left_rows, right_rows
    answer, chosen = _compare("netpursuit_numbers", _numbers, *rows, rules, shared)
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
    keep = Kept()
    shared = _shared(bearers, len(right.phone_hash), losses, keep)
    rows = left, right, left_rows, right_rows
    answer, chosen = _compare("netpursuit_phones", _phones, *rows, rules, shared)
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
    answer, chosen = _compare("netpursuit_addresses", _addresses, left, right, left_rows, right_rows, rules)
    check_answer(answer)
    return chosen


def _nations(batch: PreparedBatch, keep: Kept) -> _Nations:
    return _Nations(_owned(batch.nation_start, len(batch.nation_code), keep), keep(batch.nation_code, np.int16))


def compare_nationalities(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, rules: NationRules
) -> Chosen:
    """As ``compare_dates``."""
    answer, chosen = _compare("netpursuit_nations", _nations, left, right, left_rows, right_rows, rules)
    check_answer(answer)
    return chosen
