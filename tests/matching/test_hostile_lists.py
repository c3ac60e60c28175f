"""Lists that are built to hurt: the right person is still found by a second field, and what a cap cuts is counted."""

from __future__ import annotations

import pytest

from netpursuit.index.candidates import CANDIDATES_PER_PERSON
from netpursuit.match import Matcher
from netpursuit.records import Band, Document, DocumentKind, Entry, EntryKind, Name, PartialDate, Person, SourceRef


def entry(key: str, person: Person) -> tuple[str, Entry]:
    return "w", Entry(entry_id=key, kind=EntryKind.PERSON, person=person, source=SourceRef(file="w", line=1))


def named(*texts: str, born: PartialDate | None = None, number: str = "") -> Person:
    return Person(
        names=tuple(Name(text=text) for text in texts),
        birth_dates=(born,) if born else (),
        documents=(Document(number=number, kind=DocumentKind.PASSPORT, country="GB"),) if number else (),
    )


def day(row: int) -> PartialDate:
    return PartialDate(year=1940 + row % 60, month=1 + row // 60 % 12, day=1 + row // 720 % 28)


@pytest.mark.parametrize("size", [20_000, pytest.param(100_000, marks=pytest.mark.slow)])
def test_one_name_borne_by_all_is_told_apart_by_the_birth_date(size: int) -> None:
    matcher = Matcher.over(entry(str(row), named("张伟", born=day(row))) for row in range(size))
    asked = [named("张伟", born=day(4_321)), named("张伟")]
    dated, bare = matcher.match(asked, limit=None)
    born = {str(day(int(match.key.entry_id))) for match in dated.matches if match.band is Band.STRONG}
    assert born <= {"1941-01-07"}
    assert str(day(int(dated.matches[0].key.entry_id))) == "1941-01-07"
    assert bare.matches == ()
    assert max(dated.candidates, bare.candidates) <= CANDIDATES_PER_PERSON


@pytest.mark.parametrize("size", [10_000, pytest.param(50_000, marks=pytest.mark.slow)])
def test_one_birth_date_shared_by_all_is_told_apart_by_the_name(size: int) -> None:
    born = PartialDate(year=1970, month=5, day=6)
    letters = "bcdfghjklmnprstvz"

    def name(row: int) -> str:
        parts = [letters[row // 17**place % 17] + "aeiou"[row % 5] for place in range(4)]
        return f"{''.join(parts).title()} Quarrington"

    matcher = Matcher.over(entry(str(row), named(name(row), born=born)) for row in range(size))
    (found,) = matcher.match([named(name(777), born=born)], limit=None)
    best = {match.key.entry_id for match in found.matches if match.millibits == found.matches[0].millibits}
    assert "777" in best, "a name one slip away may reach the same cap"
    assert found.candidates <= CANDIDATES_PER_PERSON
    assert found.candidates + found.cut >= min(size, CANDIDATES_PER_PERSON), "what a cap cuts is counted"


def test_a_number_that_thousands_share_says_little() -> None:
    matcher = Matcher.over(
        entry(str(row), named(f"Person{row} Quarrington", number="C1234K77")) for row in range(5_000)
    )
    (found,) = matcher.match([named("Zoltan Petrenko", number="C1234K77")], limit=None, min_band=Band.POSSIBLE)
    assert found.matches == ()


def test_endless_and_empty_names_are_read_without_harm() -> None:
    long = " ".join(f"Part{row}" for row in range(200))
    strange = ("", "\u202e\u200f", "🙂", "A", "́" * 50, "-" * 500, "0", "某某")
    entries = [entry("long", named(long)), entry("many", named(*(f"Alias{row} Quarrington" for row in range(500))))]
    entries += [entry(f"s{row}", named(text)) for row, text in enumerate(strange)]
    entries.append(entry("right", named("Zoltan Quarrington", born=day(7))))
    matcher = Matcher.over(entries)
    answers = matcher.match(
        [named(long), named("Alias3 Quarrington"), *map(named, strange), named("Zoltan Quarrington", born=day(7))]
    )
    assert answers[0].matches[0].key.entry_id == "long"
    assert answers[1].matches[0].key.entry_id == "many"
    assert answers[-1].matches[0].key.entry_id == "right"
    assert answers[-1].matches[0].band is Band.STRONG
