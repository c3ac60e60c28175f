"""Deletion neighbourhoods: tokens within one edit share a form with at most one letter left out.

Two strings within one insertion, deletion, substitution or adjacent transposition of each other always share such a
form; the reverse does not hold, so candidates are checked by their true distance afterwards (SymSpell's idea;
Mor and Fraenkel, CACM 25, 1982).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MOD = 2**64
_INVERSE = np.uint64(pow(int(_BASE), -1, _MOD))
_WIDTH = 40  # longer tokens are compared by their first forty letters
_POWERS = np.array([pow(int(_BASE), place, _MOD) for place in range(_WIDTH)], np.uint64)
_AT_ONCE = 1 << 15  # texts, so that memory stays bounded


def code_points(texts: list[str]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.int64]]:
    """(texts, 40) code points plus one, 0 behind the end, and the lengths."""
    lengths = np.fromiter((min(len(text), _WIDTH) for text in texts), np.int64, len(texts))
    matrix = np.zeros((len(texts), _WIDTH), np.uint64)
    if len(texts):
        array = np.array([text[:_WIDTH] for text in texts], dtype=f"<U{_WIDTH}")
        matrix = array.view(np.uint32).reshape(len(texts), _WIDTH).astype(np.uint64)
        matrix[matrix > 0] += np.uint64(1)
    return matrix, lengths


def deletion_keys(texts: list[str], *, whole: bool = False) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    """(row of the text, hash) of each text itself and, unless ``whole``, of each form with one letter left out."""
    if not texts:
        return np.zeros(0, np.int64), np.zeros(0, np.uint64)
    parts = [_keys_of_some(texts[begin : begin + _AT_ONCE], whole) for begin in range(0, len(texts), _AT_ONCE)]
    owners = [rows + place * _AT_ONCE for place, (rows, _) in enumerate(parts)]
    return np.concatenate(owners), np.concatenate([keys for _, keys in parts])


def _keys_of_some(texts: list[str], only_whole: bool) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint64]]:
    matrix, lengths = code_points(texts)
    terms = matrix * _POWERS
    prefix = np.zeros((len(texts), _WIDTH + 1), np.uint64)
    np.cumsum(terms, axis=1, out=prefix[:, 1:], dtype=np.uint64)
    whole = prefix[:, -1]
    if only_whole:
        return np.arange(len(texts), dtype=np.int64), whole
    # Leaving out letter i moves every later letter down one power of the base.
    without = prefix[:, :-1] + (whole[:, None] - prefix[:, 1:]) * _INVERSE
    rows, columns = np.nonzero(np.arange(_WIDTH)[None, :] < lengths[:, None])
    keys = np.concatenate([whole, without[rows, columns]])
    owners = np.concatenate([np.arange(len(texts), dtype=np.int64), rows.astype(np.int64)])
    return owners, keys
