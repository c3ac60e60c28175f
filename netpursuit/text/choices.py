"""One choice for each position: the likeliest first, since the choices of each position stand by likelihood."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice, product

_LOOKED_AT = 512
_SIZES_KEPT = 256


@lru_cache(_SIZES_KEPT)  # how many choices there are repeats, whatever they are
def _places(sizes: tuple[int, ...], limit: int, looked_at: int) -> tuple[tuple[int, ...], ...]:
    # Ranked by how far the choices lie from the first ones, so that a cut loses the rarest.
    return tuple(sorted(islice(product(*map(range, sizes)), looked_at), key=sum)[:limit])


def combinations(
    options: Sequence[Sequence[str]], limit: int = _LOOKED_AT, looked_at: int = _LOOKED_AT
) -> list[tuple[str, ...]]:
    """At most ``limit`` of the first ``looked_at`` combinations; none where a position has no choice.

    >>> combinations([("a", "b"), ("x", "y")], 3)
    [('a', 'x'), ('a', 'y'), ('b', 'x')]
    """
    places = _places(tuple(map(len, options)), limit, looked_at)
    return [tuple([option[at] for option, at in zip(options, choice, strict=True)]) for choice in places]


def joined(options: Sequence[Sequence[str]], limit: int = _LOOKED_AT, looked_at: int = _LOOKED_AT) -> list[str]:
    """``combinations``, each as one word."""
    return list(map("".join, combinations(options, limit, looked_at)))
