"""Stable 64-bit hashes of text, the same on every machine and in every run."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from xxhash import xxh3_64_intdigest


def hash_text(text: str) -> int:
    """A stable 64-bit hash, never 0 (0 means unknown); the empty text is unknown."""
    if not text:
        return 0
    return xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) or 1


def hash_texts(texts: Iterable[str]) -> npt.NDArray[np.uint64]:
    """``hash_text`` of each."""
    every = list(texts)
    if "" not in every:
        try:
            found = np.fromiter(map(xxh3_64_intdigest, map(str.encode, every)), np.uint64, len(every))
        except UnicodeEncodeError:
            pass  # half of a surrogate pair
        else:
            found[found == 0] = 1
            return found
    return np.fromiter(map(hash_text, every), np.uint64, len(every))
