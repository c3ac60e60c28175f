"""The compiled kernel, and the native twin of the candidate walk (``native.c``); without it NumPy does the same.

The library lies beside this module and has no ties to Python: a narrow C interface, called through ``ctypes``, which
releases the GIL. ``NETPURSUIT_KERNEL=reference`` leaves it aside.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from ctypes import POINTER, c_int64, c_void_p
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from netpursuit.errors import StorageError

Array = npt.NDArray[Any]
ABI = 4
MAX_FIELDS = 8
_NO_MEMORY = -1
_ENDING = {"win32": "dll", "darwin": "dylib"}.get(sys.platform, "so")
LIBRARY = Path(__file__).with_name(f"_native.{_ENDING}")


class _Ranges(ctypes.Structure):
    _fields_ = (
        ("ranges", c_int64),
        *((name, c_void_p) for name in ("person", "low", "high", "records")),
        *((name, c_int64) for name in ("records_length", "field", "millibits", "exact")),
    )


class _List(ctypes.Structure):
    _fields_ = (
        *((name, c_int64) for name in ("records", "parts")),
        *((name, c_void_p) for name in ("part_start", "part")),
    )


class _Query(ctypes.Structure):
    _fields_ = (
        ("persons", c_int64),
        *((name, c_void_p) for name in ("agreement_start", "agreement_token", "agreement_weight")),
        *((name, c_void_p) for name in ("named", "initials", "firsts", "unkeyed")),
    )


_LIMITS = ("floor", "disagreement", "damp_from", "damp_percent", "name_cap", "initial")


class _Weights(ctypes.Structure):
    _fields_ = tuple((name, c_int64) for name in _LIMITS)


@dataclass(frozen=True, slots=True)
class Found:
    """Rows ``low[i]:high[i]`` of ``records`` for ``person[i]``, ascending; ``field`` -1: found by a part of the name.

    Else the pair may weigh ``millibits`` in the field of that number (below 8); ``exact``: by a whole number.
    """

    person: npt.NDArray[np.int64]
    low: npt.NDArray[np.int64]
    high: npt.NDArray[np.int64]
    records: npt.NDArray[np.int32]
    field: int
    millibits: int
    exact: bool


@cache
def load() -> ctypes.CDLL | None:
    """The compiled kernel, or None where it is missing, set aside, or built for another machine."""
    if os.environ.get("NETPURSUIT_KERNEL") == "reference" or not LIBRARY.is_file():
        return None
    try:
        library = ctypes.CDLL(str(LIBRARY))
        library.netpursuit_abi.restype = c_int64
        if library.netpursuit_abi() != ABI:
            return None
    except (OSError, AttributeError):  # built for another machine
        return None
    library.netpursuit_candidates.restype = c_int64
    library.netpursuit_candidates.argtypes = (
        c_int64,
        *(POINTER(kind) for kind in (_Ranges, _List, _Query, _Weights)),
        c_int64,
        *(c_void_p,) * 3,
    )
    return library


@cache
def function(name: str, *arguments: Any) -> Any:
    """A function of the compiled kernel that answers a number, by the types of its arguments."""
    library = load()
    assert library is not None, "the kernel is not compiled"
    found = getattr(library, name)
    found.restype, found.argtypes = c_int64, arguments
    return found


def is_native() -> bool:
    """Whether the compiled kernel is in use."""
    return load() is not None


def kernel_name() -> str:
    """``native``, or ``numpy`` where the reference runs."""
    return "native" if is_native() else "numpy"


def check_answer(answer: int) -> None:
    """Raises ``MemoryError``, or ``StorageError`` where an index leads outside of a column."""
    if answer == _NO_MEMORY:
        raise MemoryError
    if answer < 0:
        raise StorageError("the index is damaged: a look-up leads outside of its column")


_Bytes = ctypes.c_char * 0  # where an array begins


class Kept:
    """Arrays in the form that the kernel reads, kept alive while it does."""

    def __init__(self) -> None:
        self._arrays: list[Array] = []

    def __call__(self, array: Array, kind: npt.DTypeLike) -> int:
        if array.dtype == np.bool_ and kind is np.uint8:
            array = array.view(np.uint8)  # a list's column is millions long
        array = np.ascontiguousarray(array, kind)
        self._arrays.append(array)
        if array.flags.writeable and len(array):  # a third of the time
            return ctypes.addressof(_Bytes.from_buffer(array.data))
        return int(array.__array_interface__["data"][0])  # half the time of ``ctypes``


Structure = TypeVar("Structure", bound=ctypes.Structure)
_described: WeakKeyDictionary[Any, dict[Any, tuple[Any, Kept]]] = WeakKeyDictionary()


def described(make: Callable[[Any, Kept], Structure], owner: object) -> Structure:
    """The columns of ``owner`` as the kernel reads them, made once for as long as it is in use: every query asks the
    same list, and to describe it takes longer than to compare."""
    known = _described.setdefault(owner, {})
    if make not in known:
        keep = Kept()
        known[make] = make(owner, keep), keep
    structure: Structure = known[make][0]
    return structure


def find_candidates(
    found: Sequence[Found],
    part_start: Array,
    parts: Array,
    asked: Mapping[str, Array],
    weights: Mapping[str, int],
) -> tuple[Array, Array, Array]:
    """(person, record, bound) of every pair whose bound reaches ``weights["floor"]``, by person and record.

    ``part_start`` and ``parts``: the names of the list, packed (``index.compiled``). ``asked``: ``agreement_start``
    (per person) with ``agreement_token`` (ascending) and ``agreement_weight``; per person ``named``, ``initials``,
    ``firsts``, ``unkeyed``. Raises ``StorageError`` where an index leads outside of a column.
    """
    library, keep = load(), Kept()
    assert library is not None, "the kernel is not compiled"
    sets = (_Ranges * max(1, len(found)))(
        *(
            _Ranges(
                len(some.person),
                keep(some.person, np.int64),
                keep(some.low, np.int64),
                keep(some.high, np.int64),
                keep(some.records, np.int32),
                len(some.records),
                some.field,
                some.millibits,
                some.exact,
            )
            for some in found
        )
    )
    tokens = _List(len(part_start) - 1, len(parts), keep(part_start, np.int32), keep(parts, np.uint32))
    kinds = {"agreement_token": np.int32, "agreement_weight": np.int32, "named": np.uint8}
    columns = ("agreement_start", "agreement_token", "agreement_weight", "named", "initials", "firsts", "unkeyed")
    query = _Query(len(asked["unkeyed"]), *(keep(asked[name], kinds.get(name, np.int64)) for name in columns))
    limits = _Weights(*(weights[name] for name in _LIMITS))
    room = 1024
    while True:
        out = [np.empty(room, np.int64) for _ in range(3)]
        count = library.netpursuit_candidates(
            len(found), sets, tokens, query, limits, room, *(array.ctypes.data for array in out)
        )
        check_answer(count)
        if count <= room:
            return out[0][:count], out[1][:count], out[2][:count]
        room = count
