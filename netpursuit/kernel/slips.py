"""One slip of a key between two texts: a character wrong, missing, added, or two neighbours that change places."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]


def are_one_slip_apart(left: Bytes, right: Bytes) -> npt.NDArray[np.bool_]:
    """Whether the texts of each row are the same or one slip apart (optimal string alignment of at most 1).

    Both are (rows, width) bytes, 0 behind the end.
    """
    rows, width = left.shape
    if not rows or not width:
        return np.ones(rows, np.bool_)
    places = np.arange(rows)
    differs = left != right
    first, last = differs.argmax(axis=1), width - 1 - differs[:, ::-1].argmax(axis=1)
    turned = (last == first + 1) & (left[places, first] == right[places, last])
    turned &= left[places, last] == right[places, first]
    found: npt.NDArray[np.bool_] = (first >= last) | turned | ~differs.any(axis=1)
    behind = np.arange(width - 1) >= first[:, None]
    for one, other in ((left, right), (right, left)):  # one of them has a character too many, at ``first``
        found |= (other[:, -1] == 0) & ~(behind & (one[:, 1:] != other[:, :-1])).any(axis=1)
    return found
