"""The one scoring path as the use cases see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from netpursuit.records import Band, EntryKey, Match, MatchSet, Person


class Matching(Protocol):
    """An index of entries that persons are matched against; ``netpursuit.match.Matcher`` is one."""

    @property
    def policy_version(self) -> str: ...

    def match(
        self,
        persons: Sequence[Person],
        *,
        min_band: Band = Band.WEAK,
        limit: int | None = 10,
        held_out: frozenset[EntryKey] = frozenset(),
    ) -> list[MatchSet]:
        """One set of matches a person, in the same order; entries held out never match."""
        ...

    def explain(self, person: Person, key: EntryKey) -> Match | None:
        """The comparison with one entry whatever its band; None: the index holds no such entry."""
        ...
