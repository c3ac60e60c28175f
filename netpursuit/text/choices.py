"""One choice for each position: the likeliest first, since the choices of each position stand by likelihood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    if len(options) == 2:  # most names of several parts have two
        first, second = options
        return [(first[one], second[other]) for one, other in places]
    return [tuple([option[at] for option, at in zip(options, choice, strict=True)]) for choice in places]


def joined(options: Sequence[Sequence[str]], limit: int = _LOOKED_AT, looked_at: int = _LOOKED_AT) -> list[str]:
    """``combinations``, each as one word."""
    if len(options) == 2:
        first, second = options
        return [first[one] + second[other] for one, other in _places((len(first), len(second)), limit, looked_at)]
    return list(_words(options, limit, looked_at))


def joined_behind(before: Iterable[str], options: Sequence[Sequence[str]], limit: int) -> tuple[str, ...]:
    """``before`` and all that ``joined`` gives behind it, each once, at most ``limit``.

    >>> joined_behind(("ax", "c"), [("a", "b"), ("x", "y")], 3)
    ('ax', 'c', 'ay')
    """
    found = dict.fromkeys(before)
    for word in _words(options, _LOOKED_AT, _LOOKED_AT):
        if len(found) >= limit:
            break
        found[word] = None
    return tuple(found)[:limit]


def _words(options: Sequence[Sequence[str]], limit: int, looked_at: int) -> Iterator[str]:
    if not all(options):
        return
    parts = [option[0] for option in options]
    open_at = [at for at, option in enumerate(options) if len(option) > 1]  # the rest changes no order
    for choice in _places(tuple([len(options[at]) for at in open_at]), limit, looked_at):
        for at, one in zip(open_at, choice, strict=True):
            parts[at] = options[at][one]
        yield "".join(parts)
