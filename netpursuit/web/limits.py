"""How much one caller may ask of the server: requests a second by user, and wrong tokens by address."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

MOST_BYTES = 1 << 20  # of a request's body
MOST_INSIDE = 64  # requests let in at once; more would wait longer than a caller does
PER_SECOND = 100.0  # of one user
BURST = 200.0
WRONG_TOKENS = 10  # of one address, within
LOCKED_SECONDS = 60.0
_MOST_CALLERS = 10_000


@dataclass(slots=True)
class _Bucket:
    level: float
    at: float


class Buckets:
    """Token buckets: ``rate`` a second, ``burst`` at once. ``clock`` gives seconds that never go back."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float]) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._held: dict[Hashable, _Bucket] = {}

    def take(self, caller: Hashable) -> float:
        """Take one; answers 0, or the seconds until there is one again."""
        bucket = self._refilled(caller)
        if bucket.level < 1:
            return (1 - bucket.level) / self._rate
        bucket.level -= 1
        return 0.0

    def wait(self, caller: Hashable) -> float:
        """As ``take``, and takes nothing."""
        level = self._refilled(caller).level
        return 0.0 if level >= 1 else (1 - level) / self._rate

    def _refilled(self, caller: Hashable) -> _Bucket:
        now = self._clock()
        bucket = self._held.get(caller)
        if bucket is None:
            if len(self._held) >= _MOST_CALLERS:  # those who have been quiet long enough are as good as unknown
                quiet = now - self._burst / self._rate
                self._held = {one: held for one, held in self._held.items() if held.at > quiet}
            bucket = self._held[caller] = _Bucket(self._burst, now)
        bucket.level = min(self._burst, bucket.level + (now - bucket.at) * self._rate)
        bucket.at = now
        return bucket
