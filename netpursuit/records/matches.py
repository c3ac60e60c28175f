"""Evidence, matches and bands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import NewType

from netpursuit.records.packing import packed

MilliBits = NewType("MilliBits", int)  # thousandths of a bit; sums are exact in any order


class Band(IntEnum):
    """Thresholds of the posterior in the policy; ``NONE`` is below the weakest reportable band."""

    NONE = 0
    WEAK = 1
    POSSIBLE = 2
    STRONG = 3

    @property
    def word(self) -> str:
        """``weak``, ``possible``, ``strong``, or empty below ``weak``."""
        return "" if self is Band.NONE else self.name.lower()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class EntryKey:
    """Which entry of which list."""

    list_id: str
    entry_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One typed field comparison. ``level`` is a stable key; ``not-compared`` differs from any disagreement.

    ``field``: ``prior``, ``name``, ``birth-date``, ``document``, ``phone``, ``email``, ``address``, ``sex``,
    ``nationality``. ``left`` is the person asked about, ``right`` the entry. ``millibits`` may be negative.
    """

    field: str
    level: str
    millibits: MilliBits
    left: str = ""
    right: str = ""
    note: str = ""

    @property
    def bits(self) -> float:
        """Weight in bits, rounded to one decimal for people."""
        return round(self.millibits / 1000, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A person, an entry, all evidence, the posterior probability and the band.

    ``millibits`` is the sum of all evidence, prior included; ``probability`` = 1/(1+2^-(millibits/1000)).
    ``capped`` is empty or the reason why the band is lower than the probability says (``names alone``).
    """

    key: EntryKey
    millibits: MilliBits
    probability: float
    band: Band
    capped: str
    evidence: tuple[Evidence, ...]

    @property
    def bits(self) -> float:
        return round(self.millibits / 1000, 1)


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class MatchSet:
    """The matches of one person, best first; ties in the order of their keys.

    ``candidates`` were scored; ``cut`` were left unscored because of a cap; ``truncated`` says more matches
    reached the band than ``limit`` allowed to show.
    """

    matches: tuple[Match, ...]
    candidates: int
    cut: int = 0
    truncated: bool = False
