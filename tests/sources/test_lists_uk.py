"""The two UK lists: the OFSI consolidated list and the UK Sanctions List, on invented designations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netpursuit.errors import InputError
from netpursuit.records import DocumentKind, Entry, EntryKind, ListItem, NameKind, Rejected, Sex
from netpursuit.sources.lists.uk_conlist import UkConlistReader
from netpursuit.sources.lists.uk_list import UkSanctionsListCsvReader, UkSanctionsListXmlReader


def entries(items: list[ListItem]) -> dict[str, Entry]:
    return {item.entry_id: item for item in items if isinstance(item, Entry)}


@pytest.fixture
def conlist(fixtures: Path) -> list[ListItem]:
    return list(UkConlistReader().read([fixtures / "lists" / "uk_conlist_2014.csv"]))


def test_the_first_line_of_the_conlist_is_its_date(fixtures: Path) -> None:
    path = fixtures / "lists" / "uk_conlist_2014.csv"
    assert UkConlistReader().recognises([path])
    assert UkConlistReader().header([path]).published_on == date(2014, 4, 2)


def test_the_rows_of_a_group_are_one_entry(conlist: list[ListItem]) -> None:
    found = entries(conlist)
    assert {key: entry.kind for key, entry in found.items()} == {
        "90001": EntryKind.PERSON,
        "90002": EntryKind.ORGANISATION,
        "90005": EntryKind.VESSEL,
    }
    selim = found["90001"]
    assert [(name.text, name.kind) for name in selim.person.names] == [
        ("Sélim Ali ORAN", NameKind.PRIMARY),
        ("Sélim ORANO", NameKind.ALIAS),
        ("Sélim VASHTI", NameKind.FORMER),
    ]
    assert (selim.person.names[0].family, selim.person.names[0].given) == ("ORAN", "Sélim Ali")
    assert selim.source.line == 3


def test_the_conlist_keeps_partial_dates_of_all_rows(conlist: list[ListItem]) -> None:
    selim = entries(conlist)["90001"]
    assert [str(day) for day in selim.person.birth_dates] == ["1958", "1958-04-12", "1960-07", "circa 1969"]
    assert "29/02/1969" in selim.description


def test_numbered_items_of_the_conlist_are_taken_apart(conlist: list[ListItem]) -> None:
    selim = entries(conlist)["90001"]
    assert [(found.number, found.kind, found.country) for found in selim.person.documents] == [
        ("R912768", DocumentKind.PASSPORT, "AF"),
        ("A-933602", DocumentKind.PASSPORT, "IN"),
        ("9028745097", DocumentKind.NATIONAL_ID, "SA"),
    ]
    assert selim.birth_places == ("Kushk, Afghanistan", "Herat, Afghanistan")
    assert selim.person.nationalities == ("AF",)
    assert selim.person.addresses[0].text == "12 Low Road, Herat, 22087, Afghanistan"
    assert selim.warrant.document_number == "ZZ.O.1.11"
    assert selim.listed_on == date(2011, 10, 20)


def test_broken_rows_of_the_conlist_are_counted(conlist: list[ListItem]) -> None:
    rejected = {item.line: item for item in conlist if isinstance(item, Rejected)}
    assert {line: item.reason for line, item in rejected.items()} == {8: "entry-columns", 9: "entry-kind"}
    assert (rejected[8].entry_id, rejected[9].entry_id) == ("90003", "90004")


def test_the_later_conlist_has_scripts_and_alias_quality(fixtures: Path) -> None:
    found = entries(list(UkConlistReader().read([fixtures / "lists" / "uk_conlist_2025.csv"])))
    names = {name.text: name for name in found["91001"].person.names}
    assert names["金铁山"].kind is NameKind.NATIVE
    assert names["Old SHAN"].weak
    assert not names["Tieshan JIN"].weak
    assert [(item.number, item.country) for item in found["91001"].person.documents] == [
        ("E99912345", "CN"),
        ("E99954321", "CN"),
        ("220100197105019996", "CN"),
    ]


@pytest.mark.parametrize(
    ("reader", "file", "published"),
    [
        (UkSanctionsListCsvReader(), "uk_sanctions_list.csv", date(2026, 2, 13)),
        (UkSanctionsListXmlReader(), "uk_sanctions_list.xml", date(2026, 9, 2)),
    ],
)
def test_the_sanctions_list_reads_alike_from_csv_and_xml(
    fixtures: Path,
    reader: UkSanctionsListCsvReader | UkSanctionsListXmlReader,
    file: str,
    published: date,
) -> None:
    path = fixtures / "lists" / file
    assert reader.recognises([path])
    assert reader.header([path]).published_on == published
    items = list(reader.read([path]))
    found = entries(items)
    jin = found["ZZZ0001"]
    names = {name.text: name for name in jin.person.names}
    assert (names["Tieshan JIN"].kind, names["Tieshan JIN"].family) == (NameKind.PRIMARY, "JIN")
    assert names["金铁山"].kind is NameKind.NATIVE
    assert names["Old Shan"].weak
    assert {"1971", "1971-05-01"} <= {str(day) for day in jin.person.birth_dates}
    assert jin.person.sex is Sex.MALE
    assert jin.person.nationalities == ("CN",)
    assert ("E99912345", DocumentKind.PASSPORT, "CN") in [
        (item.number, item.kind, item.country) for item in jin.person.documents
    ]
    assert "220100197105019996" in {item.number for item in jin.person.documents}
    assert "+86 10 5550 0100" in jin.person.phones
    assert jin.programmes == ("The Invented (Sanctions) Regulations 2020",)
    assert jin.listed_on == date(2001, 1, 25)
    assert "Head of freight" in jin.description
    assert jin.link.endswith("/designations/ZZZ0001/Individual")
    assert found["ZZZ0003"].kind is EntryKind.VESSEL
    assert {item.entry_id: item.reason for item in items if isinstance(item, Rejected)} == {
        "": "no-id",
        "ZZZ0004": "entry-no-name",
    }


def test_an_unreadable_year_goes_into_the_description(fixtures: Path) -> None:
    found = entries(list(UkSanctionsListCsvReader().read([fixtures / "lists" / "uk_sanctions_list.csv"])))
    assert "15/08/19yy" in found["ZZZ0001"].description
    assert found["ZZZ0001"].person.phones == ("+86 10 5550 0100", "+86 10 5550 0101")


def test_a_parent_company_becomes_a_relation(fixtures: Path) -> None:
    found = entries(list(UkSanctionsListCsvReader().read([fixtures / "lists" / "uk_sanctions_list.csv"])))
    assert [(link.kind, link.target_name) for link in found["ZZZ0002"].relations] == [
        ("parent company", "ORAN HOLDING")
    ]


def test_a_cell_of_ten_megabytes_costs_one_row(fixtures: Path, tmp_path: Path) -> None:
    text = (fixtures / "lists" / "uk_conlist_2014.csv").read_text(encoding="cp1252")
    path = tmp_path / "long.csv"
    path.write_text(text.replace("BROKEN,", "B" * 10_000_000 + ","), encoding="cp1252")
    items = list(UkConlistReader().read([path]))
    assert set(entries(items)) == {"90001", "90002", "90005"}
    assert {item.line for item in items if isinstance(item, Rejected)} == {8, 9}


def test_a_csv_without_its_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Last Updated,02/04/2014\nName,Born\nOran,1958\n", encoding="utf-8")
    assert not UkConlistReader().recognises([path])
    with pytest.raises(InputError, match="Group ID"):
        list(UkConlistReader().read([path]))
    with pytest.raises(InputError, match="Unique ID"):
        list(UkSanctionsListCsvReader().read([path]))
