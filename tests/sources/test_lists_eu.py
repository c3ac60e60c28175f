"""The EU consolidated list as CSV and as full XML, on invented entities."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from netpursuit.errors import InputError
from netpursuit.records import DocumentKind, Entry, EntryKind, ListItem, NameKind, Rejected, Sex
from netpursuit.sources.lists.eu import EuCsvReader, EuXmlReader


def entries(items: list[ListItem]) -> dict[str, Entry]:
    return {item.entry_id: item for item in items if isinstance(item, Entry)}


@pytest.fixture
def xml(fixtures: Path) -> list[ListItem]:
    return list(EuXmlReader().read([fixtures / "lists" / "eu_full.xml"]))


def test_both_files_state_their_date(fixtures: Path) -> None:
    full, short = fixtures / "lists" / "eu_full.xml", fixtures / "lists" / "eu_short_quoted.csv"
    assert EuXmlReader().recognises([full])
    assert not EuXmlReader().recognises([short])
    assert EuCsvReader().recognises([short])
    assert not EuCsvReader().recognises([full])
    assert EuXmlReader().header([full]).published_on == date(2026, 2, 11)
    assert EuCsvReader().header([short]).published_on == date(2018, 7, 4)


def test_names_of_the_xml_keep_strength_and_parts(xml: list[ListItem]) -> None:
    selim = entries(xml)["EU.1.1"]
    assert [(name.text, name.kind, name.weak) for name in selim.person.names] == [
        ("Selim Ali Oran", NameKind.PRIMARY, False),
        ("Селим Оран", NameKind.NATIVE, False),
        ("Selo", NameKind.ALIAS, True),
    ]
    assert (selim.person.names[0].family, selim.person.names[0].given) == ("Oran", "Selim Ali")


def test_dates_of_the_xml_keep_precision(xml: list[ListItem]) -> None:
    selim = entries(xml)["EU.1.1"]
    assert [str(day) for day in selim.person.birth_dates] == ["1958-04-12", "circa 1959-05-05", "1957/1960"]
    assert "1377 (ISLAMIC)" in selim.description


def test_other_facts_of_the_xml(xml: list[ListItem]) -> None:
    selim = entries(xml)["EU.1.1"]
    assert selim.person.sex is Sex.MALE
    assert selim.person.nationalities == ("AF",)
    assert [(item.number, item.kind, item.country) for item in selim.person.documents] == [
        ("AD901095", DocumentKind.PASSPORT, "AF"),
        ("58041299", DocumentKind.NATIONAL_ID, "AF"),
    ]
    assert "diplomatic" in selim.person.documents[0].note
    assert (selim.person.phones, selim.person.emails) == (("+93 40 555 01 00",), ("selim@freight.example",))
    assert selim.person.addresses[0].postcode == "22087"
    assert selim.link == "http://eur-lex.europa.eu/x?uri=OJ:L:2003"
    assert (selim.listed_on, selim.programmes) == (date(2011, 10, 21), ("ZZZ",))
    assert selim.birth_places == ("Kushk, AFGHANISTAN",)


def test_broken_entities_of_the_xml_are_rejected_by_id(xml: list[ListItem]) -> None:
    assert {item.entry_id: item.reason for item in xml if isinstance(item, Rejected)} == {
        "EU.3.3": "entry-no-name",
        "EU.4.4": "entry-kind",
    }
    assert entries(xml)["EU.2.2"].kind is EntryKind.ORGANISATION


@pytest.mark.parametrize("file", ["eu_short_quoted.csv", "eu_short_plain.csv"])
def test_rows_of_the_csv_are_joined_whether_quoted_whole_or_not(fixtures: Path, file: str) -> None:
    path = fixtures / "lists" / file
    assert EuCsvReader().recognises([path])
    found = entries(list(EuCsvReader().read([path])))
    selim, freight = found["EU.1.1"], found["EU.2.2"]
    assert [(name.text, name.kind) for name in selim.person.names] == [
        ("Sélim Ali Oran", NameKind.PRIMARY),
        ('Salim "Selo" Uran', NameKind.ALIAS),
    ]
    assert [str(day) for day in selim.person.birth_dates] == ["1958-04-12"]
    assert [(item.number, item.kind, item.country) for item in selim.person.documents] == [
        ("AD901095", DocumentKind.PASSPORT, "AF")
    ]
    assert (selim.person.sex, selim.person.nationalities) == (Sex.MALE, ("AF",))
    assert selim.birth_places == ("Kushk, AFG",)
    assert freight.kind is EntryKind.ORGANISATION
    assert freight.person.phones == ("040-555 01 00",)
    assert freight.person.addresses[0].country == "AF"


def test_letters_lost_by_an_export_make_no_name(fixtures: Path) -> None:
    found = entries(list(EuCsvReader().read([fixtures / "lists" / "eu_short_quoted.csv"])))
    assert not any("?" in name.text for name in found["EU.1.1"].person.names)


def test_a_short_row_is_rejected_with_its_line(fixtures: Path) -> None:
    items = list(EuCsvReader().read([fixtures / "lists" / "eu_short_quoted.csv"]))
    assert [(item.line, item.reason, item.entry_id) for item in items if isinstance(item, Rejected)] == [
        (11, "entry-columns", "3")
    ]


def test_columns_of_the_full_csv_are_known_too(tmp_path: Path) -> None:
    path = tmp_path / "full.csv"
    path.write_text(
        "fileGenerationDate;Entity_LogicalId;Entity_EU_ReferenceNumber;Entity_SubjectType_ClassificationCode;"
        "NameAlias_WholeName;BirthDate_BirthDate;BirthDate_Year;BirthDate_YearRangeFrom;BirthDate_YearRangeTo;"
        "BirthDate_Circa;Identification_Number;Identification_TypeCode;Citizenship_CountryIso2Code\n"
        "11/02/2026;1;EU.1.1;P;Selim Oran;;;;;;;;\n"
        "11/02/2026;1;EU.1.1;P;;;;1957;1960;false;;;\n"
        "11/02/2026;1;EU.1.1;P;;;1961;;;true;;;\n"
        "11/02/2026;1;EU.1.1;P;;;;;;;58041299;id;AF\n",
        encoding="utf-8-sig",
    )
    assert EuCsvReader().recognises([path])
    selim = entries(list(EuCsvReader().read([path])))["EU.1.1"]
    assert [str(day) for day in selim.person.birth_dates] == ["1957/1960", "circa 1961"]
    assert selim.person.documents[0].kind is DocumentKind.NATIONAL_ID


def test_a_csv_of_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("a;b\n1;2\n", encoding="utf-8")
    assert not EuCsvReader().recognises([path])
    with pytest.raises(InputError, match="Entity_logical_id"):
        EuCsvReader().header([path])
