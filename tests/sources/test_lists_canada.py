"""The Canadian list, on invented records."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netpursuit.records import Entry, EntryKind, ListItem, NameKind, Rejected, Unlisted
from netpursuit.sources.lists.canada import CanadaReader


@pytest.fixture
def items(fixtures: Path) -> list[ListItem]:
    path = fixtures / "lists" / "canada_sema.xml"
    assert CanadaReader().recognises([path])
    assert CanadaReader().header([path]).published_on is None
    return list(CanadaReader().read([path]))


def test_every_record_becomes_exactly_one_item(items: list[ListItem]) -> None:
    assert [type(item) for item in items] == [Entry, Entry, Unlisted, Entry, Entry, Rejected, Rejected]
    assert [item.kind for item in items if isinstance(item, Entry)] == [
        EntryKind.PERSON,
        EntryKind.PERSON,
        EntryKind.ORGANISATION,
        EntryKind.VESSEL,
    ]


def test_ids_are_unique_where_country_schedule_and_item_repeat(items: list[ListItem]) -> None:
    ids = [item.entry_id for item in items if isinstance(item, Entry)]
    assert ids[0] == "Belarus:1, Part 1:1"
    assert ids[1].startswith("Belarus:1, Part 1:1~")
    assert len(set(ids)) == len(ids)
    assert isinstance(items[2], Unlisted)
    assert items[2].reason == "repeated-record"


def test_aliases_lose_the_names_of_their_languages(items: list[ListItem]) -> None:
    first = items[0]
    assert isinstance(first, Entry)
    assert [(name.text, name.kind) for name in first.person.names] == [
        ("Siarhei Aliavich Oranau", NameKind.PRIMARY),
        ("Sergei Oranov", NameKind.ALIAS),
        ("Сяргей Оранаў", NameKind.NATIVE),
        ("Сергей Оранов", NameKind.NATIVE),
    ]
    assert (first.person.names[0].family, first.person.names[0].given) == ("Oranau", "Siarhei Aliavich")


def test_dates_of_people_and_not_of_ships(items: list[ListItem]) -> None:
    dates = [[str(day) for day in item.person.birth_dates] for item in items if isinstance(item, Entry)]
    assert dates == [["1965-07-15", "1969-09-28"], ["1999-09"], [], []]


def test_other_facts(items: list[ListItem]) -> None:
    first, ship = items[0], items[4]
    assert isinstance(first, Entry)
    assert isinstance(ship, Entry)
    assert (first.listed_on, first.programmes) == (date(2020, 9, 28), ("Belarus 1, Part 1",))
    assert first.link.startswith("https://www.international.gc.ca/")
    assert [(item.number, item.note) for item in ship.person.documents] == [("9999999", "IMO")]


def test_a_record_without_name_or_item_is_rejected(items: list[ListItem]) -> None:
    assert [(item.reason, item.entry_id) for item in items if isinstance(item, Rejected)] == [
        ("entry-no-name", "Russia:1, Part 4:4"),
        ("no-id", ""),
    ]
