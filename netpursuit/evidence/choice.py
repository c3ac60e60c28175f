"""Choosing, for each pair of records, the level that speaks most for it among all rows compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.kernel.ragged import best_first
from netpursuit.policy.weights import codes

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class FieldComparison:
    """One row per pair: level (code in the field's table), thousandths of a bit, the rows compared (-1: none)."""

    level: npt.NDArray[np.int8]
    millibits: npt.NDArray[np.int32]
    left_row: Array
    right_row: Array


def not_compared(table: str, pairs: int) -> FieldComparison:
    """A field that no pair states on both sides."""
    nothing = np.full(pairs, -1, np.int64)
    missing = np.full(pairs, codes(table)["not-compared"], np.int8)
    return FieldComparison(missing, np.zeros(pairs, np.int32), nothing, nothing)


def choose(
    table: str, pairs: int, pair: Array, level: Array, millibits: Array, left_row: Array, right_row: Array
) -> FieldComparison:
    """The best row of each pair; pairs without rows are ``not-compared`` with weight 0."""
    if not len(pair):
        return not_compared(table, pairs)
    best = best_first(pair, millibits, pairs)
    there = best >= 0
    at = np.where(there, best, 0)
    return FieldComparison(
        level=np.where(there, level[at], codes(table)["not-compared"]).astype(np.int8),
        millibits=np.where(there, millibits[at], 0).astype(np.int32),
        left_row=np.where(there, left_row[at], -1),
        right_row=np.where(there, right_row[at], -1),
    )
