"""The matcher of a server: who is asked for at the same moment is looked for in one pass over the index, which costs
little more than one of them. Each has the answer that the same question alone has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netpursuit.audit.together import Together
from netpursuit.records import Band, EntryKey, Match, MatchSet, Person

if TYPE_CHECKING:
    from netpursuit.ports.matching import Matching


@dataclass(slots=True, eq=False)
class _Look:
    persons: Sequence[Person]
    asked: tuple[Band, int | None, frozenset[EntryKey]]
    found: list[MatchSet] = field(default_factory=list)


class MatchedTogether:
    """``ports.matching.Matching`` for several threads, over a matcher."""

    def __init__(self, matcher: Matching) -> None:
        self._matcher = matcher
        self._looks = Together(self._match)

    @property
    def policy_version(self) -> str:
        return self._matcher.policy_version

    def match(
        self,
        persons: Sequence[Person],
        *,
        min_band: Band = Band.WEAK,
        limit: int | None = 10,
        held_out: frozenset[EntryKey] = frozenset(),
    ) -> list[MatchSet]:
        look = _Look(persons, (min_band, limit, held_out))
        self._looks.do(look)
        return look.found

    def explain(self, person: Person, key: EntryKey) -> Match | None:
        return self._matcher.explain(person, key)

    def _match(self, looks: Sequence[_Look]) -> None:
        alike: dict[tuple[Band, int | None, frozenset[EntryKey]], list[_Look]] = {}
        for look in looks:
            alike.setdefault(look.asked, []).append(look)
        for (min_band, limit, held_out), some in alike.items():
            persons = [person for look in some for person in look.persons]
            found = iter(self._matcher.match(persons, min_band=min_band, limit=limit, held_out=held_out))
            for look in some:
                look.found = [next(found) for _ in look.persons]
