"""How much one caller may ask of the server: questions a second by user, and wrong tokens by address."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

MOST_BYTES = 1 << 20  # of a request's body
BODY_SECONDS = 10.0  # for the body to come
MOST_INSIDE = 64  # requests let in at once; more would wait longer than a caller does
MOST_OF_USER = 32  # of these, of one user
PER_SECOND = 100.0  # questions of one user
BURST = 200.0
WRONG_TOKENS = 10  # of one address, within
LOCKED_SECONDS = 60.0
MOST_CALLERS = 10_000  # remembered; the longest silent one is forgotten first


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class Buckets:
    """Token buckets: ``rate`` a second, ``burst`` at once. ``clock`` gives seconds that never go back."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._held: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def take(self, caller: Hashable, count: int = 1) -> float:
        """Take so many (at most ``burst``); answers 0, or the seconds until they are there, and takes none."""
        now = self._clock()
        bucket = self._held.get(caller) or _Bucket(self._burst, now)
        self._held[caller] = bucket
        self._held.move_to_end(caller)
        if len(self._held) > MOST_CALLERS:
            self._held.popitem(last=False)
        bucket.level = min(self._burst, bucket.level + (now - bucket.at) * self._rate)
        bucket.at = now
        if bucket.level < count:
            return (count - bucket.level) / self._rate
        bucket.level -= count
        return 0.0
