"""FollowTheMoney entities, invented: topics, names, links."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netpursuit.errors import InputError
from netpursuit.records import DocumentKind, Entry, EntryKind, ListItem, NameKind, Rejected, Sex, Unlisted
from netpursuit.sources.lists.ftm import FtmReader


@pytest.fixture
def path(fixtures: Path) -> Path:
    return fixtures / "lists" / "invented.ftm.json"


@pytest.fixture
def items(path: Path) -> list[ListItem]:
    return list(FtmReader().read([path]))


@pytest.fixture
def selim(items: list[ListItem]) -> Entry:
    return next(item for item in items if isinstance(item, Entry) and item.entry_id == "p1")


def test_the_format_is_known_by_its_first_line(path: Path, fixtures: Path) -> None:
    assert FtmReader().recognises([path])
    assert not FtmReader().recognises([fixtures / "lists" / "fbi_wanted.json"])
    header = FtmReader().header([path])
    assert (header.published_on, header.publisher) == (None, "invented")


def test_only_topics_of_sanction_wanted_or_crime_make_an_entry(items: list[ListItem]) -> None:
    assert {item.entry_id: item.kind for item in items if isinstance(item, Entry)} == {
        "p1": EntryKind.PERSON,
        "p4": EntryKind.PERSON,
        "p5": EntryKind.PERSON,
        "c1": EntryKind.ORGANISATION,
        "v1": EntryKind.VESSEL,
    }


def test_every_line_is_accounted_for(items: list[ListItem], path: Path) -> None:
    assert len(items) == len(path.read_text(encoding="utf-8").splitlines())
    reasons = [item.reason for item in items if isinstance(item, Unlisted)]
    assert {reason: reasons.count(reason) for reason in reasons} == {
        "attached-record": 5,  # ownership, address, sanction, passport, family
        "supporting-record": 2,  # an address and a payment of nobody wanted
        "not-wanted": 3,  # a politician, the relative of a sanctioned man, a company
        "link": 1,
        "repeated-record": 1,
    }


def test_a_damaged_line_is_rejected_with_its_id(items: list[ListItem]) -> None:
    assert [(item.line, item.reason, item.entry_id) for item in items if isinstance(item, Rejected)] == [
        (5, "entry-bad-row", "p7"),
        (18, "entry-no-name", "p6"),
    ]


def test_names_keep_kind_and_strength(selim: Entry) -> None:
    names = {name.text: name for name in selim.person.names}
    assert names["Selim Ali Oran"].kind is NameKind.PRIMARY
    assert names["Селим Оран"].kind is NameKind.NATIVE
    assert names["Selo"].weak
    assert names["Selim Vashti"].kind is NameKind.FORMER
    assert (names["ORAN, Selim"].family, names["ORAN, Selim"].given) == ("ORAN", "Selim")


def test_facts_of_a_person(selim: Entry) -> None:
    assert [str(day) for day in selim.person.birth_dates] == ["1958-04-12", "1960", "1961-07"]
    assert (selim.person.sex, selim.person.nationalities) == (Sex.MALE, ("AF", "RU"))
    assert [(item.number, item.kind, item.country) for item in selim.person.documents] == [
        ("58041299", DocumentKind.NATIONAL_ID, ""),
        ("AD901095", DocumentKind.PASSPORT, ""),
        ("990000000001", DocumentKind.TAX_NUMBER, "RU"),
        ("E99900001", DocumentKind.PASSPORT, "CN"),
    ]
    assert (selim.person.phones, selim.person.emails) == (("+93 40 555 01 00",), ("selim@freight.example",))
    assert selim.person.addresses[0].text == "12 Low Road, Herat"
    assert selim.link == "https://example.org/list/p1"
    assert selim.listed_on == date(2011, 10, 21)
    assert selim.warrant.authority == "Ministry of Inventions"
    assert selim.programmes == ("Invented programme",)


def test_edges_become_relations_of_the_entries_they_touch(items: list[ListItem], selim: Entry) -> None:
    assert [(link.kind, link.target_name, link.target_id) for link in selim.relations] == [
        ("owner of (majority)", "Qarat Freight", "c1"),
        ("family of (brother)", "Ben Relative", "p3"),
    ]
    company = next(item for item in items if isinstance(item, Entry) and item.entry_id == "c1")
    assert [(link.kind, link.target_id) for link in company.relations] == [("owned by (majority)", "p1")]


def test_ethnicity_and_religion_are_never_read(items: list[ListItem]) -> None:
    everything = repr(items)
    assert "SECRETONE" not in everything
    assert "SECRETTWO" not in everything
    assert "tribe" not in everything


def test_birth_dates_nobody_can_read_are_shown(items: list[ListItem]) -> None:
    found = {item.entry_id: item for item in items if isinstance(item, Entry)}
    assert "born in the early 1970s" in found["p5"].description
    assert [str(day) for day in found["p4"].person.birth_dates] == ["circa 1969"]


def test_a_cut_last_line_is_an_error_after_the_rest(path: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.json"
    cut.write_text(path.read_text(encoding="utf-8")[:-40], encoding="utf-8", newline="")
    reader = FtmReader().read([cut])
    assert isinstance(next(reader), Unlisted)
    with pytest.raises(InputError, match="cut short"):
        list(reader)
