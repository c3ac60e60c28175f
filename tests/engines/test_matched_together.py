"""Who is asked for at the same moment is looked for in one pass, and has the answer of the same question alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from netpursuit.match import Matcher
from netpursuit.records import Band, Entry, EntryKind, MatchSet, Name, PartialDate, Person, SourceRef
from netpursuit.wiring.looks import MatchedTogether

NAMES = ("Ivan Petrov", "Iwan Petrow", "欧阳志远", "Ouyang Zhiyuan", "Maria Lopez Garcia", "Nguyen Van Anh", "王伟")


def person(name: str, year: int) -> Person:
    return Person(names=(Name(text=name),), birth_dates=(PartialDate(year=year),))


class Slow:
    """A matcher whose first pass takes long; it counts who was looked for in each."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher, self.passes = matcher, list[int]()

    policy_version = "p"

    def match(self, persons: Sequence[Person], **how: Any) -> list[MatchSet]:
        self.passes.append(len(persons))
        if len(self.passes) == 1:
            time.sleep(0.3)
        return self._matcher.match(persons, **how)

    def explain(self, person: Person, key: Any) -> Any:
        return self._matcher.explain(person, key)


def test_each_has_the_answer_of_the_same_question_alone() -> None:
    entries = [
        Entry(
            entry_id=f"E{row}",
            kind=EntryKind.PERSON,
            person=person(NAMES[row % len(NAMES)], 1960 + row % 30),
            source=SourceRef(file="list.csv", line=row + 1),
        )
        for row in range(60)
    ]
    matcher = Matcher.over(("wanted", entry) for entry in entries)
    asked = [
        (
            person(NAMES[row % len(NAMES)], 1960 + row % 25),
            Band.WEAK if row % 3 else Band.POSSIBLE,
            (5, 1, None)[row % 3],
        )
        for row in range(32)
    ]
    alone = [matcher.match((one,), min_band=band, limit=limit)[0] for one, band, limit in asked]
    slow = Slow(matcher)
    together = MatchedTogether(slow)

    def ask(row: int) -> MatchSet:
        one, band, limit = asked[row]
        return together.match((one,), min_band=band, limit=limit)[0]

    with ThreadPoolExecutor(len(asked)) as pool:
        found = list(pool.map(ask, range(len(asked))))
    assert found == alone
    assert sum(slow.passes) == len(asked)
    assert len(slow.passes) < len(asked) / 2, "those who waited were looked for together"
    assert any(one.matches for one in alone)
