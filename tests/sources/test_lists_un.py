"""The UN consolidated list, on three invented individuals and one entity."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netpursuit.errors import InputError
from netpursuit.records import DocumentKind, Entry, EntryKind, ListItem, NameKind, Rejected, Sex, Unlisted
from netpursuit.sources.lists.un import UnReader


@pytest.fixture
def items(fixtures: Path) -> list[ListItem]:
    return list(UnReader().read([fixtures / "lists" / "un_consolidated.xml"]))


@pytest.fixture
def selim(items: list[ListItem]) -> Entry:
    first = items[0]
    assert isinstance(first, Entry)
    return first


def test_the_file_states_its_own_date(fixtures: Path) -> None:
    path = fixtures / "lists" / "un_consolidated.xml"
    assert UnReader().recognises([path])
    header = UnReader().header([path])
    assert (header.published_on, header.publisher) == (date(2026, 3, 5), "United Nations Security Council")


def test_every_record_becomes_exactly_one_item(items: list[ListItem]) -> None:
    kinds = [type(item) for item in items]
    assert kinds == [Entry, Rejected, Entry, Unlisted, Entry]
    assert [item.kind for item in items if isinstance(item, Entry)] == [
        EntryKind.PERSON,
        EntryKind.PERSON,
        EntryKind.ORGANISATION,
    ]


def test_a_nameless_record_is_rejected_with_its_id(items: list[ListItem]) -> None:
    rejected = items[1]
    assert isinstance(rejected, Rejected)
    assert (rejected.entry_id, rejected.reason, rejected.line) == ("ZZi.002", "entry-no-name", 2)


def test_names_keep_kind_script_and_strength(selim: Entry) -> None:
    names = {name.text: name for name in selim.person.names}
    assert names["SELIM ORAN VASHTI"].kind is NameKind.PRIMARY
    assert names["سليم اوران واشتي"].kind is NameKind.NATIVE
    assert names["Haji Selo"].weak
    assert not names["Salim Uran"].weak
    assert names["Oran Bey"].kind is NameKind.FORMER
    assert names["اوران بك"].kind is NameKind.NATIVE


def test_several_names_in_one_alias_are_taken_apart(selim: Entry) -> None:
    names = {name.text: name for name in selim.person.names}
    assert {"Salim Uran", "Selim Uran"} <= names.keys()
    assert names["金铁山"].kind is NameKind.NATIVE
    assert names["Jin Tieshan"].kind is NameKind.ALIAS
    born = names["Vashti, Selim"]
    assert (born.kind, born.family, born.given) == (NameKind.FORMER, "Vashti", "Selim")


def test_dates_keep_their_precision(selim: Entry) -> None:
    assert [str(day) for day in selim.person.birth_dates] == [
        "1958-04-12",
        "circa 1961",
        "1957/1960",
        "1960-02-01",
    ]
    assert "24/06/1402 (Hijri Calendar)" in selim.description


def test_an_impossible_day_keeps_its_year_and_is_shown(items: list[ListItem]) -> None:
    marlowe = items[2]
    assert isinstance(marlowe, Entry)
    assert [str(day) for day in marlowe.person.birth_dates] == ["circa 1969"]
    assert "1969-02-29" in marlowe.description


def test_numbers_are_read_out_of_words(selim: Entry) -> None:
    documents = [(found.number, found.kind, found.country) for found in selim.person.documents]
    assert documents == [
        ("913519", DocumentKind.PASSPORT, "LY"),
        ("220100195804129995", DocumentKind.NATIONAL_ID, "CN"),
        ("ABCDEF58D12Z000X", DocumentKind.TAX_NUMBER, "IT"),
    ]
    assert "expired on 3 May 2018" in selim.person.documents[0].note


def test_other_facts_of_a_person(selim: Entry) -> None:
    assert selim.entry_id == "ZZi.001"
    assert selim.person.sex is Sex.MALE
    assert selim.person.nationalities == ("AF",)
    assert selim.person.addresses[0].text == "12 Low Road, Herat, Afghanistan"
    assert selim.birth_places == ("Kushk, Afghanistan",)
    assert selim.listed_on == date(2011, 10, 21)
    assert selim.programmes == ("Invented",)
    assert selim.link == "https://www.interpol.int/en/notice/search/un/1234567"
    assert selim.warrant.authority == "United Nations Security Council"


def test_a_tribe_is_never_read(selim: Entry) -> None:
    assert "Runs a freight office." in selim.description
    assert "Qarat" not in selim.description


def test_an_entity_keeps_the_parentheses_of_its_name(items: list[ListItem]) -> None:
    entity = items[4]
    assert isinstance(entity, Entry)
    assert [(name.text, name.kind) for name in entity.person.names] == [
        ("QARAT FREIGHT (QF)", NameKind.PRIMARY),
        ("Qarat Haulage (Hong Kong) Limited", NameKind.ALIAS),
        ("Oran Freight", NameKind.FORMER),
    ]


def test_of_two_dated_lists_the_newer_is_in_force(fixtures: Path, tmp_path: Path) -> None:
    text = (fixtures / "lists" / "un_consolidated.xml").read_text(encoding="utf-8")
    older = tmp_path / "a_older.xml"
    older.write_text(text.replace('dateGenerated="2026-03', 'dateGenerated="2025-03'), encoding="utf-8")
    newer = tmp_path / "b_newer.xml"
    newer.write_text(text, encoding="utf-8")
    items = list(UnReader().read([older, newer]))
    assert {item.source.file for item in items if isinstance(item, Entry)} == {"b_newer.xml"}
    assert sum(isinstance(item, Unlisted) and item.reason == "superseded-file" for item in items) == 5
    assert UnReader().header([older, newer]).published_on == date(2026, 3, 5)


def test_a_cut_file_gives_what_is_whole_and_then_an_error(fixtures: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.xml"
    cut.write_bytes((fixtures / "lists" / "un_consolidated.xml").read_bytes()[:4000])
    reader = UnReader().read([cut])
    first = next(reader)
    assert isinstance(first, Entry)
    assert first.entry_id == "ZZi.001"
    with pytest.raises(InputError, match="malformed or cut short"):
        list(reader)


def test_entity_bombs_are_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xml"
    bomb.write_text(
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
        '<CONSOLIDATED_LIST dateGenerated="2026-01-01"><INDIVIDUALS><INDIVIDUAL><FIRST_NAME>&b;</FIRST_NAME>'
        "</INDIVIDUAL></INDIVIDUALS></CONSOLIDATED_LIST>",
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="entities are refused"):
        list(UnReader().read([bomb]))


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "empty"), (b"\x00\x01\x02", "binary"), (b"no xml at all", "malformed")],
)
def test_files_that_are_no_list_are_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(content)
    assert not UnReader().recognises([path])
    with pytest.raises(InputError, match=problem):
        UnReader().header([path])


def test_a_name_of_ten_megabytes_is_one_rejection(fixtures: Path, tmp_path: Path) -> None:
    text = (fixtures / "lists" / "un_consolidated.xml").read_text(encoding="utf-8")
    path = tmp_path / "long.xml"
    path.write_text(text.replace("<FIRST_NAME>TOBIN", "<FIRST_NAME>" + "x" * 10_000_000, 1), encoding="utf-8")
    items = list(UnReader().read([path]))
    rejected = items[2]
    assert isinstance(rejected, Rejected)
    assert (rejected.reason, rejected.entry_id) == ("entry-too-long", "ZZi.003")
    assert isinstance(items[4], Entry)
