"""One-to-one alignment of name parts: the best agreement first, each part used once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def align(
    combo: Array, weight: Array, left_mask: Array, right_mask: Array, size: int
) -> tuple[Array, npt.NDArray[np.uint16], npt.NDArray[np.uint16]]:
    """Choose agreements greedily within each combination of two names.

    Rows are possible agreements: ``combo`` (0..size-1), ``weight`` > 0, and bit masks of the parts that the left and
    right slot cover. Returns (chosen rows as bool, parts used on the left per combo, on the right).
    Greedy is within a part of the optimum for the few parts of a name; ties fall to the earlier row.
    """
    used_left = np.zeros(size, np.uint16)
    used_right = np.zeros(size, np.uint16)
    chosen = np.zeros(len(combo), bool)
    alive = np.lexsort((np.arange(len(combo)), -weight.astype(np.int64), combo))
    while len(alive):
        groups = combo[alive]
        first = np.ones(len(alive), bool)
        first[1:] = groups[1:] != groups[:-1]
        take = alive[first]
        chosen[take] = True
        used_left[combo[take]] |= left_mask[take]
        used_right[combo[take]] |= right_mask[take]
        rest = alive[~first]
        free = ((left_mask[rest] & used_left[combo[rest]]) | (right_mask[rest] & used_right[combo[rest]])) == 0
        alive = rest[free]
    return chosen, used_left, used_right
