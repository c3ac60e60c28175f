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
    return np.fromiter((hash_text(text) for text in texts), np.uint64)
