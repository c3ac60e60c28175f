"""Candidate generation loses nothing that exhaustive scoring would report."""

from __future__ import annotations

import random

import numpy as np
import pytest

from netpursuit.evidence.comparison import compare_pairs
from netpursuit.index.compiled import compile_list
from netpursuit.kernel.relate import relate
from netpursuit.match import Matcher
from netpursuit.policy.frequencies import Frequencies
from netpursuit.prepare import Preparer
from netpursuit.records import Band, Document, Entry, EntryKind, Name, PartialDate, Person, Sex, SourceRef
from netpursuit.scoring import score

GIVEN = [
    "Ivan",
    "Oleksandr",
    "Maria",
    "Wei",
    "Jianguo",
    "Ahmad",
    "Youssef",
    "Linh",
    "Soo-jin",
    "Priya",
    "Carlos",
    "Fatima",
    "Chidi",
    "Zbigniew",
    "伟",
    "建国",
    "秀英",
    "志远",
]
FAMILY = [
    "Petrenko",
    "Kowalski",
    "Zhang",
    "Ouyang",
    "Haddad",
    "Nguyen",
    "Kim",
    "Sharma",
    "Garcia",
    "Okonkwo",
    "Grishchenkov",
    "张",
    "欧阳",
    "王",
    "仇",
    "Quarrington",
]


def people(seed: int, count: int) -> list[Person]:
    rng = random.Random(seed)
    made = []
    for _ in range(count):
        given, family = rng.choice(GIVEN), rng.choice(FAMILY)
        if rng.random() < 0.2 and len(given) > 4:
            at = rng.randrange(len(given) - 1)
            given = given[:at] + given[at + 1] + given[at] + given[at + 2 :]
        han = family[0] > "\u3000" and given[0] > "\u3000"
        name = family + given if han else rng.choice([f"{given} {family}", f"{family}, {given}", f"{family} {given}"])
        month = rng.randrange(1, 13) if rng.random() < 0.8 else None
        date = PartialDate(year=rng.randrange(1970, 1974), month=month, day=rng.randrange(1, 28) if month else None)
        born = f"19{rng.randrange(70, 74)}{rng.randrange(1, 13):02d}{rng.randrange(1, 28):02d}"
        number = f"990101{born}{rng.randrange(999):03d}1"
        if rng.random() < 0.2:
            number = number[:6] + "********" + number[14:]
        made.append(
            Person(
                names=(Name(text=name),),
                birth_dates=(date,) if rng.random() < 0.8 else (),
                documents=(Document(number=number, country="CN"),) if rng.random() < 0.4 else (),
                sex=rng.choice([None, Sex.MALE, Sex.FEMALE]),
                phones=(f"+8613800{rng.randrange(10_000, 10_060)}",) if rng.random() < 0.2 else (),
            )
        )
    return made


@pytest.mark.parametrize(("listed", "asked"), [(2_000, 100), pytest.param(4_000, 300, marks=pytest.mark.slow)])
def test_every_pair_that_reaches_weak_is_found(listed: int, asked: int) -> None:
    entries = [
        ("w", Entry(entry_id=str(row), kind=EntryKind.PERSON, person=who, source=SourceRef(file="w", line=row)))
        for row, who in enumerate(people(1, listed))
    ]
    queries = people(2, asked)
    preparer = Preparer(Frequencies())
    compiled = compile_list(entries, preparer)
    matcher = Matcher(compiled, preparer)
    sets = matcher.match(queries, limit=None)
    assert sum(found.cut for found in sets) == 0, "a cap took effect: the comparison would not be fair"
    found = {(row, int(match.key.entry_id)) for row, matches in enumerate(sets) for match in matches.matches}

    left = preparer.prepare(queries)
    relations = relate(left.tokens, compiled.batch.tokens, compiled.keys)
    expected = set()
    for row in range(asked):
        rows = np.full(listed, row, np.int64)
        records = np.arange(listed, dtype=np.int64)
        comparison = compare_pairs(left, compiled.batch, rows, records, relations, compiled.number_bearers)
        bands = score(comparison, matcher.prior).band
        expected |= {(row, int(record)) for record in np.flatnonzero(bands >= Band.WEAK)}
    assert expected, "the data must hold matches"
    assert found == expected
