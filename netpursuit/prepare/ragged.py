"""Rows of a ragged column: owner ``i`` has the rows ``start[i]:start[i + 1]``."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def expand(start: Array, owners: Array) -> tuple[Array, Array]:
    """All rows of the given owners: (position in ``owners``, row). ``start`` has one offset more than owners exist.

    Owners may repeat; order is that of ``owners``, then of rows. Empty owners give no rows.
    """
    first = start[owners].astype(np.int64)
    counts = start[owners + 1].astype(np.int64) - first
    total = int(counts.sum())
    position = np.arange(len(owners), dtype=np.int64).repeat(counts)
    rows = np.arange(total, dtype=np.int64) + (first + counts - counts.cumsum()).repeat(counts)
    return position, rows
