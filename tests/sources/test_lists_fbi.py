"""FBI Wanted items, invented: who is wanted, and who never is (A11)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from netpursuit.errors import InputError
from netpursuit.records import Entry, EntryKind, ListItem, NameKind, Rejected, Sex, Unlisted
from netpursuit.sources.lists.fbi import FbiReader


@pytest.fixture
def path(fixtures: Path) -> Path:
    return fixtures / "lists" / "fbi_wanted.json"


@pytest.fixture
def items(path: Path) -> list[ListItem]:
    return list(FbiReader().read([path]))


def test_the_format_is_known_by_its_fields(path: Path, fixtures: Path) -> None:
    assert FbiReader().recognises([path])
    assert not FbiReader().recognises([fixtures / "lists" / "invented.ftm.json"])
    assert FbiReader().header([path]).published_on is None


def test_main_accomplice_and_unclassified_are_wanted(items: list[ListItem]) -> None:
    assert {item.entry_id: item.kind for item in items if isinstance(item, Entry)} == {
        "w1": EntryKind.PERSON,
        "w2": EntryKind.PERSON,
        "w3": EntryKind.PERSON,
        "g1": EntryKind.UNSTATED,
        "w4": EntryKind.PERSON,
        "w5": EntryKind.PERSON,
    }


def test_victims_and_missing_people_are_counted_and_never_loaded(items: list[ListItem]) -> None:
    assert {item.source.line: item.reason for item in items if isinstance(item, Unlisted)} == {
        5: "captured",
        6: "victim",
        7: "missing-person",
        8: "unidentified-person",
        9: "seeking-information",
        10: "kidnapping-victim",
        11: "seeking-information",
        12: "missing-person",
        13: "victim",
        14: "victim",
        15: "unidentified-person",
        16: "seeking-information",
        17: "kidnapping-victim",
        18: "seeking-information",
        21: "repeated-record",
    }


def test_broken_items_are_rejected_and_the_rest_goes_on(items: list[ListItem]) -> None:
    assert len(items) == 24
    assert [(item.line, item.reason, item.entry_id) for item in items if isinstance(item, Rejected)] == [
        (22, "no-id", ""),
        (23, "entry-no-name", "w9"),
        (24, "entry-bad-row", ""),
    ]


def test_facts_of_a_wanted_person(items: list[ListItem]) -> None:
    selim = items[0]
    assert isinstance(selim, Entry)
    assert [(name.text, name.kind) for name in selim.person.names] == [
        ("SELIM ALI ORAN", NameKind.PRIMARY),
        ("Selo", NameKind.ALIAS),
        ("Салим Оран", NameKind.NATIVE),
    ]
    assert [str(day) for day in selim.person.birth_dates] == ["1958-04-12", "circa 1960", "1961-09-21"]
    assert (selim.person.sex, selim.person.nationalities) == (Sex.MALE, ("US", "AF"))
    assert selim.birth_places == ("Kushk, Afghanistan",)
    assert selim.description == "Wire Fraud · SHOULD BE CONSIDERED ARMED & DANGEROUS"
    assert (selim.link, selim.listed_on) == ("https://www.fbi.gov/wanted/cyber/w1", date(2020, 10, 23))
    assert (selim.warrant.document_number, selim.warrant.offence) == ("W999999999", "Wire Fraud")


def test_a_comma_tells_family_from_given_name(items: list[ListItem]) -> None:
    jin = items[1]
    assert isinstance(jin, Entry)
    assert (jin.person.names[0].family, jin.person.names[0].given) == ("Jin", "Tieshan")


def test_aliases_lose_quotes_and_remarks(items: list[ListItem]) -> None:
    ann, farhad = items[18], items[19]
    assert isinstance(ann, Entry)
    assert isinstance(farhad, Entry)
    assert [name.text for name in ann.person.names] == ["ANN OTHER", "Annie Other", "Nan", "Ann"]
    assert [name.text for name in farhad.person.names] == ['FARHAD "FRED" ORAN', "FARHAD ORAN", "FRED ORAN"]


def test_a_group_without_a_name_never_triggers_alone(items: list[ListItem]) -> None:
    group = items[3]
    assert isinstance(group, Entry)
    assert [name.weak for name in group.person.names] == [True]


def test_race_is_never_read(items: list[ListItem]) -> None:
    assert "white" not in repr(items).casefold()


def test_a_bare_list_and_several_pages_read_alike(path: Path, items: list[ListItem], tmp_path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    bare, pages = tmp_path / "bare.json", tmp_path / "pages.json"
    bare.write_text(json.dumps(content["items"]), encoding="utf-8")
    pages.write_text(
        json.dumps([{"page": 1, "items": content["items"][:3]}, {"page": 2, "items": content["items"][3:]}]),
        encoding="utf-8",
    )
    for variant in (bare, pages):
        assert FbiReader().recognises([variant])
        assert [type(item) for item in FbiReader().read([variant])] == [type(item) for item in items]


def test_of_an_item_in_two_files_the_later_counts(path: Path, tmp_path: Path) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    caught = {**content["items"][0], "status": "captured", "modified": "2024-01-01T00:00:00+00:00"}
    later = tmp_path / "later.json"
    later.write_text(json.dumps({"items": [caught]}), encoding="utf-8")
    found = [item for item in FbiReader().read([path, later]) if isinstance(item, Entry)]
    assert "w1" not in {entry.entry_id for entry in found}


def test_a_cut_file_gives_its_whole_items_and_then_an_error(path: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.json"
    cut.write_text(path.read_text(encoding="utf-8")[:3000], encoding="utf-8")
    reader = FbiReader().read([cut])
    first = next(reader)
    assert isinstance(first, Entry)
    with pytest.raises(InputError, match="cut short"):
        list(reader)
