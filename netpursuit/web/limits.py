"""How much one caller may ask of the server: questions a second by user, and wrong tokens by address."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

MOST_BYTES = 1 << 20  # of a request's body
BODY_SECONDS = 10.0  # for the body to come
MOST_INSIDE = 64  # requests let in at once; more would wait longer than a caller does
MOST_OF_USER = 32  # of these, of one user
LOOKS_AT_ONCE = 8  # questions of programs that are being answered
PER_SECOND = 100.0  # questions of one user
BURST = 200.0
WRONG_TOKENS = 10  # of one address, within
LOCKED_SECONDS = 60.0
UNKNOWN_IDS = 20  # ids of one user that were none, within
UNKNOWN_SECONDS = 600.0
CHECKING = 2  # passwords at a time: Argon2 takes 64 MiB each
MOST_CHECKING = 16  # that wait for it
FREE_OF_USER = 5  # wrong passwords for one user before the first wait
FREE_OF_ADDRESS = 20  # from one address
FIRST_WAIT = 15.0  # seconds; doubled with every further one
LONGEST_WAIT = 900.0
FORGOTTEN_AFTER = 24 * 3600.0  # silence
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

    def wait(self, caller: Hashable) -> float:
        """Seconds until one is there; takes none."""
        bucket = self._held.get(caller)
        if bucket is None:
            return 0.0
        level = min(self._burst, bucket.level + (self._clock() - bucket.at) * self._rate)
        return max(0.0, (1.0 - level) / self._rate)

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


@dataclass(slots=True)
class _Tries:
    count: int
    until: float
    at: float


class Waits:
    """Lock-out that grows: after ``free`` failures the next try waits, each time twice as long. ``clock`` gives seconds
    that never go back. A try counts as a failure until it is forgiven, so that many at once are counted before the
    first is answered."""

    def __init__(self, free: int, clock: Callable[[], float]) -> None:
        self._free, self._clock = free, clock
        self._held: OrderedDict[Hashable, _Tries] = OrderedDict()

    def begin(self, caller: Hashable) -> float:
        """Count a try; answers 0, or the seconds that it has to wait, and then it is none."""
        now = self._clock()
        tries = self._held.get(caller)
        if tries is None or now - tries.at > FORGOTTEN_AFTER:
            tries = _Tries(0, now, now)
        if now < tries.until:
            return tries.until - now
        tries.count, tries.at = tries.count + 1, now
        if (beyond := tries.count - self._free) >= 0:
            tries.until = now + min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(beyond, 30))
        self._held[caller] = tries
        self._held.move_to_end(caller)
        if len(self._held) > MOST_CALLERS:
            self._held.popitem(last=False)
        return 0.0

    def forget(self, caller: Hashable) -> None:
        """Whoever this is has shown who they are."""
        self._held.pop(caller, None)

    def forgive(self, caller: Hashable) -> None:
        """The last try was no failure; earlier ones stay."""
        if tries := self._held.get(caller):
            tries.count, tries.until = tries.count - 1, self._clock()
