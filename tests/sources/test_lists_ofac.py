"""OFAC's three formats say the same of a person: names with strength, dates, documents, phones, links."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.errors import InputError
from netpursuit.records import DocumentKind, Entry, EntryKind, NameKind, Rejected, Sex
from netpursuit.sources.lists.ofac_advanced import OfacAdvancedReader
from netpursuit.sources.lists.ofac_facts import Facts
from netpursuit.sources.lists.ofac_legacy import OfacLegacyReader
from netpursuit.sources.lists.ofac_remarks import read_remarks
from netpursuit.sources.lists.ofac_xml import OfacXmlReader


def legacy_files(fixtures: Path) -> list[Path]:
    return sorted((fixtures / "lists" / "ofac_legacy").iterdir())


def by_id(items: list[object]) -> dict[str, Entry]:
    return {item.entry_id: item for item in items if isinstance(item, Entry)}


@pytest.fixture(scope="module")
def legacy(fixtures: Path) -> list[object]:
    return list(OfacLegacyReader().read(legacy_files(fixtures)))


@pytest.fixture(scope="module")
def xml(fixtures: Path) -> list[object]:
    return list(OfacXmlReader().read([fixtures / "lists" / "ofac_sdn.xml"]))


@pytest.fixture(scope="module")
def advanced(fixtures: Path) -> list[object]:
    return list(OfacAdvancedReader().read([fixtures / "lists" / "ofac_advanced.xml"]))


def names(entry: Entry) -> list[tuple[str, NameKind, bool]]:
    return [(name.text, name.kind, name.weak) for name in entry.person.names]


def test_the_legacy_set_is_recognised_by_content_whatever_the_case_of_its_names(fixtures: Path) -> None:
    files = legacy_files(fixtures)
    assert OfacLegacyReader().recognises(files)
    assert OfacLegacyReader().recognises([file for file in files if file.name == "SDN.CSV"])
    assert not OfacLegacyReader().recognises([file for file in files if file.name == "alt.csv"])
    assert not OfacLegacyReader().recognises([*files, fixtures / "lists" / "bis.txt"])
    header = OfacLegacyReader().header(files)
    assert header.published_on is None
    assert "Specially Designated" in header.title


def test_only_the_alias_file_of_the_set_is_no_list(fixtures: Path) -> None:
    with pytest.raises(InputError, match="no file of entries"):
        OfacLegacyReader().header([fixtures / "lists" / "ofac_legacy" / "alt.csv"])


def test_legacy_types_say_who_is_a_person(legacy: list[object]) -> None:
    assert {entry_id: entry.kind for entry_id, entry in by_id(legacy).items()} == {
        "101": EntryKind.PERSON,
        "102": EntryKind.ORGANISATION,
        "103": EntryKind.VESSEL,
        "104": EntryKind.PERSON,
        "106": EntryKind.PERSON,
    }


def test_legacy_names_keep_parts_kinds_and_weakness(legacy: list[object]) -> None:
    entry = by_id(legacy)["101"]
    assert names(entry) == [
        ("ZHANG, Weiming", NameKind.PRIMARY, False),
        ("CHANG, Wei-ming", NameKind.ALIAS, False),
        ("ZHANG, Xiaobao", NameKind.FORMER, False),
        ("Lao Zhang", NameKind.ALIAS, True),
    ]
    assert (entry.person.names[0].family, entry.person.names[0].given) == ("ZHANG", "Weiming")
    assert entry.programmes == ("DPRK3", "CYBER2")
    assert entry.link.endswith("id=101")


def test_a_title_is_dropped_from_the_name_and_shown_in_the_description(legacy: list[object]) -> None:
    entry = by_id(legacy)["104"]
    assert entry.person.names[0].text == "OKONKWO, Chidi"
    assert entry.description.startswith("Dr.")


def test_the_name_of_an_organisation_is_not_parted(legacy: list[object]) -> None:
    name = by_id(legacy)["102"].person.names[0]
    assert (name.text, name.family, name.given) == ("NORTHERN HARBOUR TRADING CO., LTD.", "", "")


def test_remarks_give_dates_sex_places_and_nationalities(legacy: list[object]) -> None:
    entry = by_id(legacy)["101"]
    assert [str(born) for born in entry.person.birth_dates] == ["1958-03-12", "circa 1957"]
    assert entry.birth_places == ("Harbin, China",)
    assert entry.person.sex is Sex.MALE
    assert entry.person.nationalities == ("CN",)
    assert entry.person.emails == ("zhang@example.org",)
    other = by_id(legacy)["104"]
    assert [str(born) for born in other.person.birth_dates] == ["1970/1972", "1971-06"]
    assert "DOB 31 Feb 1971" in other.description  # impossible, but not lost
    assert other.person.nationalities == ("NG", "GH")


def test_remarks_go_on_in_the_comments_in_the_middle_of_a_word(legacy: list[object]) -> None:
    entry = by_id(legacy)["101"]
    assert entry.person.phones == ("8613800000000", "8613900000000")
    assert [(item.number, item.kind, item.country) for item in entry.person.documents] == [
        ("E12345678", DocumentKind.PASSPORT, "CN"),
        ("230103195803120011", DocumentKind.NATIONAL_ID, "CN"),
    ]
    assert [(link.kind, link.target_name) for link in entry.relations] == [
        ("linked-to", "NORTHERN HARBOUR TRADING CO., LTD.")
    ]


def test_remarks_that_are_cut_give_no_half_number(legacy: list[object]) -> None:
    entry = by_id(legacy)["106"]
    assert entry.person.documents == ()
    assert "Passport 40055 ..." in entry.description


def test_labels_decide_the_kind_of_a_document(legacy: list[object]) -> None:
    documents = by_id(legacy)["104"].person.documents
    assert [(item.number, item.kind, item.country) for item in documents] == [
        ("R-19 4478", DocumentKind.NATIONAL_ID, "GT"),
        ("78.865.882", DocumentKind.NATIONAL_ID, "ES"),
        ("523-00-8386", DocumentKind.SOCIAL_SECURITY, "US"),
    ]


def test_a_full_stop_ends_the_remarks_and_not_an_abbreviation(legacy: list[object]) -> None:
    assert [link.target_name for link in by_id(legacy)["104"].relations] == ["HARBOUR GROUP S.A.", "LAGOS CIRCLE"]


def test_a_former_name_in_the_remarks_is_a_weak_former_name(legacy: list[object]) -> None:
    assert ("ADEBAYO, Chidi", NameKind.FORMER, True) in names(by_id(legacy)["104"])


def test_empty_addresses_are_none(legacy: list[object]) -> None:
    assert [address.text for address in by_id(legacy)["104"].person.addresses] == ["Lagos, Nigeria"]
    [address] = by_id(legacy)["101"].person.addresses
    assert (address.text, address.city, address.country) == ("12 Zhongyang Street, Harbin, China", "Harbin", "CN")


def test_broken_rows_are_counted_with_line_and_reason_and_the_rest_goes_on(legacy: list[object]) -> None:
    rejected = [(item.file, item.line, item.reason, item.entry_id) for item in legacy if isinstance(item, Rejected)]
    assert rejected == [
        ("SDN.CSV", 5, "entry-bad-row", ""),
        ("SDN.CSV", 6, "entry-bad-row", "105"),
        ("SDN.CSV", 7, "repeated-id", "104"),
        ("alt.csv", 4, "entry-unknown", ""),
    ]


KNOWN = (
    "DOB 12 Mar 1958",
    "POB Lima, Peru",
    "nationality Peru",
    "Passport 1234567 (Peru)",
    "Linked To: X",
    "a.k.a. 'Y'",
)


@given(
    st.lists(
        st.one_of(st.sampled_from(KNOWN), st.text(min_size=1, max_size=40).filter(lambda text: ";" not in text)),
        min_size=1,
        max_size=8,
        unique=True,
    )
)
def test_no_item_of_the_remarks_vanishes(items: list[str]) -> None:
    """Whatever stands between the semicolons is found again, in its place or among the notes."""
    facts = Facts()
    read_remarks("; ".join(items), facts, person=True)
    kept = "".join(
        map(repr, (facts.names, facts.birth_places, facts.documents, facts.relations, facts.notes, facts.phones))
    )
    for item in items:
        if item not in KNOWN and item.isascii() and item.isalnum() and item.casefold() not in ("unknown", "nil"):
            assert item in kept
    for item, found in zip(
        KNOWN,
        (facts.birth_dates, facts.birth_places, facts.nationalities, facts.documents, facts.relations, facts.names),
        strict=True,
    ):
        assert bool(found) >= (item in items)


def test_a_field_of_ten_megabytes_breaks_one_row_only(tmp_path: Path) -> None:
    row = '{},"PROBE, Ilse","individual","SDGT",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"{}"'
    path = tmp_path / "sdn.csv"
    rows = [row.format(1, "DOB 1960."), row.format(2, "x" * 10_000_000), row.format(3, "DOB 1961.")]
    path.write_text("\n".join(rows), encoding="utf-8")
    items = list(OfacLegacyReader().read([path]))
    assert [item.entry_id for item in items] == ["1", "2", "3"]
    assert [isinstance(item, Rejected) for item in items] == [False, True, False]


def test_the_xml_states_its_date_in_american_order(fixtures: Path) -> None:
    path = fixtures / "lists" / "ofac_sdn.xml"
    assert OfacXmlReader().recognises([path])
    assert OfacXmlReader().header([path]).published_on == date(2025, 3, 4)


def test_the_xml_gives_the_whole_person(xml: list[object]) -> None:
    entry = by_id(xml)["201"]
    assert entry.kind is EntryKind.PERSON
    assert names(entry) == [
        ("QUIROGA, Marta Elena", NameKind.PRIMARY, False),
        ("QUIROGA PAZ, Marta", NameKind.ALIAS, False),
        ("La Directora", NameKind.ALIAS, True),
        ("PAZ, Marta Elena", NameKind.FORMER, False),
    ]
    assert [str(born) for born in entry.person.birth_dates] == ["1961-07-05", "circa 1961"]
    assert entry.person.sex is Sex.FEMALE
    assert entry.person.nationalities == ("CO", "ES")
    assert entry.person.phones == ("573001112233",)
    assert entry.person.emails == ("marta@example.org",)
    [document] = entry.person.documents
    assert (document.number, document.kind, document.country) == ("AB123456", DocumentKind.PASSPORT, "CO")
    [address] = entry.person.addresses
    assert address.text == "Calle 1, Piso 2, Cali, Colombia"
    assert [link.target_name for link in entry.relations] == ["CASA QUIROGA, S.A. (HOLDING)"]
    assert "Website: www.example.org" in entry.description
    assert "sister of the director" in entry.description


def test_an_xml_entry_without_a_name_is_rejected_and_the_rest_goes_on(xml: list[object]) -> None:
    assert [(item.line, item.reason, item.entry_id) for item in xml if isinstance(item, Rejected)] == [
        (3, "entry-no-name", "203")
    ]
    assert by_id(xml)["204"].kind is EntryKind.VESSEL


def test_xml_cut_in_the_middle_gives_its_whole_entries_and_then_fails(fixtures: Path, tmp_path: Path) -> None:
    cut = tmp_path / "cut.xml"
    text = (fixtures / "lists" / "ofac_sdn.xml").read_bytes()
    cut.write_bytes(text[: text.index(b"<uid>204")])
    items = OfacXmlReader().read([cut])
    assert len([next(items) for _ in range(3)]) == 3
    with pytest.raises(InputError, match="cut short"):
        next(items)


def test_xml_with_an_entity_bomb_is_refused(fixtures: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xml"
    text = (fixtures / "lists" / "ofac_sdn.xml").read_text(encoding="utf-8")
    bomb.write_text(text.replace("<sdnList", '<!DOCTYPE x [<!ENTITY a "aaaa">]>\n<sdnList'), encoding="utf-8")
    with pytest.raises(InputError, match="refused"):
        OfacXmlReader().header([bomb])


def test_the_advanced_xml_gives_scripts_weakness_and_parts(advanced: list[object]) -> None:
    entry = by_id(advanced)["301"]
    assert names(entry) == [
        ("SUN, Yueyue", NameKind.PRIMARY, False),
        ("Auntie Sun", NameKind.ALIAS, True),
        ("孙月月", NameKind.NATIVE, False),
        ("LI, Yueyue", NameKind.FORMER, False),
    ]
    native = entry.person.names[2]
    assert (native.family, native.given) == ("孙", "月月")


def test_the_advanced_xml_gives_the_whole_person(advanced: list[object]) -> None:
    entry = by_id(advanced)["301"]
    assert [str(born) for born in entry.person.birth_dates] == ["circa 1980", "1978/1982"]
    assert entry.person.sex is Sex.FEMALE
    assert entry.person.nationalities == ("CN",)
    assert entry.person.phones == ("8613900000002",)
    assert entry.birth_places == ("Harbin, China",)
    [document] = entry.person.documents
    assert (document.number, document.kind, document.country) == ("230103198004050025", DocumentKind.NATIONAL_ID, "CN")
    [address] = entry.person.addresses
    assert (address.text, address.country) == ("12 Zhongyang Street, Harbin, China", "CN")
    assert entry.listed_on == date(2020, 3, 2)
    assert entry.programmes == ("DPRK3",)
    assert "Title: Director" in entry.description


def test_an_advanced_relationship_names_the_other_entry(advanced: list[object]) -> None:
    [link] = by_id(advanced)["301"].relations
    assert (link.kind, link.target_name, link.target_id) == (
        "acting-for-or-on-behalf-of",
        "NORTHERN OFFICE LTD.",
        "302",
    )
    assert by_id(advanced)["302"].kind is EntryKind.ORGANISATION


def test_an_advanced_party_without_a_name_is_rejected(advanced: list[object]) -> None:
    assert [(item.line, item.reason, item.entry_id) for item in advanced if isinstance(item, Rejected)] == [
        (3, "entry-no-name", "303")
    ]


def test_the_advanced_xml_states_its_date(fixtures: Path) -> None:
    path = fixtures / "lists" / "ofac_advanced.xml"
    assert OfacAdvancedReader().recognises([path])
    assert not OfacXmlReader().recognises([path])
    assert OfacAdvancedReader().header([path]).published_on == date(2026, 7, 30)
