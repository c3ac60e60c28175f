"""Stable 64-bit hashes of text, the same on every machine and in every run."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

import numpy as np
import numpy.typing as npt


def hash_text(text: str) -> int:
    """A stable 64-bit hash, never 0 (0 means unknown); the empty text is unknown."""
    if not text:
        return 0
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1


def hash_texts(texts: Iterable[str]) -> npt.NDArray[np.uint64]:
    """``hash_text`` of each."""
    return np.fromiter((hash_text(text) for text in texts), np.uint64)
