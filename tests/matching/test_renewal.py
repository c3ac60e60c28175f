"""An index made from the one before it is, byte for byte, the index made from nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.job import make_job
from netpursuit.engines.local import LocalEngine
from netpursuit.ids.dates import parse_date
from netpursuit.index.compiled import open_list
from netpursuit.index.merge import join_batches, take_records
from netpursuit.index.renewal import Mark
from netpursuit.match import Matcher, compile_index
from netpursuit.policy.model import Policy
from netpursuit.prepare import Preparer
from netpursuit.prepare.columns import PreparedBatch, flatten
from netpursuit.records import Address, Document, Entry, EntryKind, Name, Person, SourceRef


class MemoryLists:
    """Lists in memory; ``looked_at`` are the ids of entries that somebody asked for."""

    def __init__(self, entries: Sequence[tuple[str, Entry]]) -> None:
        self.entries = entries
        self.looked_at: list[str] = []

    def marks(self) -> Iterator[Mark]:
        for list_id, entry in self.entries:
            yield Mark(list_id, entry.entry_id, hashlib.sha256(repr(entry).encode()).hexdigest())

    def read(self, places: Sequence[int]) -> Iterator[Entry]:
        for place in places:
            entry = self.entries[place][1]
            self.looked_at.append(entry.entry_id)
            yield entry


def files_of(index: Path) -> dict[str, str]:
    digests: dict[str, str] = json.loads((index / "manifest.json").read_text())["sha256"]
    return digests


def same(left: PreparedBatch, right: PreparedBatch) -> bool:
    one, other = flatten(left), flatten(right)
    return all(np.array_equal(one[name], other[name]) and one[name].dtype == other[name].dtype for name in one)


def an_entry(number: int, name: str, born: str, document: str) -> Entry:
    """A wanted person of the job, every third with more to be compared by."""
    date, more = parse_date(born), number % 3 == 0
    who = Person(
        names=(Name(text=name), Name(text=f"{name} Anders", weak=True)) if more else (Name(text=name),),
        birth_dates=(date,) if date else (),
        documents=(Document(number=document),) if document else (),
        phones=(f"+86138001{number:05d}",) if more else (),
        emails=(f"somebody{number}@example.org",) if more else (),
        addresses=(Address(text=f"{number} Mill Lane, Flat 3, Oxford"),) if more else (),
        nationalities=("CN",) if more else (),
    )
    return Entry(entry_id=f"E{number}", kind=EntryKind.PERSON, person=who, source=SourceRef(file="own.csv", line=1))


PEOPLE = [an_entry(number, *row) for number, row in enumerate(make_job(300, 20, seed=5).entries)]
PREPARER = Preparer(Policy.shipped().frequencies)


def a_list(numbers: Sequence[int]) -> list[tuple[str, Entry]]:
    return [("own", PEOPLE[number]) for number in numbers]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 299), max_size=40), st.lists(st.integers(0, 40), max_size=4))
def test_pieces_make_the_whole_and_records_can_be_taken(numbers: list[int], cuts: list[int]) -> None:
    people = [PEOPLE[number].person for number in numbers]
    edges = [0, *sorted(min(cut, len(people)) for cut in cuts), len(people)]
    pieces = [PREPARER.prepare(people[a:b]) for a, b in pairwise(edges)]
    whole = PREPARER.prepare(people)
    assert same(join_batches(pieces), whole)
    chosen = list(range(len(people)))[::-2]
    assert same(take_records(whole, np.array(chosen, np.int64)), PREPARER.prepare(people[row] for row in chosen))


def test_only_what_changed_is_read_and_the_index_is_the_same(tmp_path: Path) -> None:
    firm = replace(PEOPLE[3], entry_id="firm", kind=EntryKind.ORGANISATION)
    first = [*a_list(range(200)), ("own", firm)]
    changed = replace(PEOPLE[7], person=Person(names=(Name(text="Wilhelmina Ångström-Nakamura"),)))
    second = [("own", changed), ("own", firm), *a_list(range(250, 260)), *a_list(range(180, 100, -1))]
    compile_index(MemoryLists(first), tmp_path / "first")

    lists = MemoryLists(second)
    assert compile_index(lists, tmp_path / "renewed", before=tmp_path / "first") == 91
    assert lists.looked_at == [changed.entry_id, *(PEOPLE[number].entry_id for number in range(250, 260))]
    compile_index(MemoryLists(second), tmp_path / "fresh")
    assert files_of(tmp_path / "renewed") == files_of(tmp_path / "fresh")
    found = Matcher.opened(tmp_path / "renewed").match([changed.person, PEOPLE[255].person, PEOPLE[199].person])
    assert [[match.key.entry_id for match in one.matches[:1]] for one in found[:2]] == [
        [changed.entry_id],
        [PEOPLE[255].entry_id],
    ]
    assert PEOPLE[199].entry_id not in {match.key.entry_id for match in found[2].matches}


def test_several_processes_make_the_same_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("netpursuit.index.renewal.PERSONS_AT_ONCE", 70)
    compile_index(MemoryLists(a_list(range(300))), tmp_path / "two", spread=LocalEngine(2).map)
    monkeypatch.undo()
    compile_index(MemoryLists(a_list(range(300))), tmp_path / "one")
    assert files_of(tmp_path / "two") == files_of(tmp_path / "one")


def test_a_damaged_index_is_not_built_upon(tmp_path: Path) -> None:
    entries = a_list(range(50))
    compile_index(MemoryLists(entries), tmp_path / "first")
    file = tmp_path / "first" / "batch.date_year.npy"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    lists = MemoryLists(entries)
    compile_index(lists, tmp_path / "again", before=tmp_path / "first")
    assert len(lists.looked_at) == 50
    compile_index(MemoryLists(entries), tmp_path / "fresh")
    assert files_of(tmp_path / "again") == files_of(tmp_path / "fresh")


def test_a_list_may_come_to_hold_nobody(tmp_path: Path) -> None:
    compile_index(MemoryLists(a_list(range(9))), tmp_path / "first")
    assert compile_index(MemoryLists([]), tmp_path / "none", before=tmp_path / "first") == 0
    assert len(open_list(tmp_path / "none")) == 0
    assert compile_index(MemoryLists(a_list([4])), tmp_path / "one", before=tmp_path / "none") == 1
