"""On the real OFAC and BIS files, people are counted as the raw files count them, and no row vanishes.

The counts and values here are taken from the raw files by csv, regular expressions and plain XML, never by a reader.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest

from netpursuit.ports.readers import ListReader
from netpursuit.records import DocumentKind, Entry, EntryKind, NameKind, Rejected, Sex
from netpursuit.sources.lists.registry import expand, find_reader

pytestmark = pytest.mark.data
OTHERS = (EntryKind.ORGANISATION, EntryKind.VESSEL, EntryKind.AIRCRAFT)


def raw_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="latin-1", newline="") as file:
        return [row for row in csv.reader(file) if len(row) > 1]


def read(reader: ListReader, files: tuple[Path, ...]) -> tuple[dict[str, Entry], list[Rejected]]:
    items = list(reader.read(files))
    entries = [item for item in items if isinstance(item, Entry)]
    rejected = [item for item in items if isinstance(item, Rejected)]
    assert len(entries) + len(rejected) == len(items)
    by_id = {entry.entry_id: entry for entry in entries}
    assert len(by_id) == len(entries)
    return by_id, rejected


@pytest.fixture(scope="module")
def sdn(shared_data: Path) -> dict[str, Entry]:
    files = expand([shared_data / "lists" / "ofac" / "sdn_2021-07"])
    return read(find_reader(files), files)[0]


@pytest.mark.parametrize(
    ("folder", "primary", "rejections"),
    [
        ("sdn_2021-07", "sdn.csv", {}),
        # The last entry repeats a number, and the last address belongs to no entry.
        ("sdn_2022-01", "sdn.csv", {"repeated-id": 1, "entry-unknown": 1}),
        ("consolidated_2025-12", "cons_prim.csv", {}),
    ],
)
def test_legacy_sets_hold_the_people_of_the_raw_file(
    shared_data: Path, folder: str, primary: str, rejections: dict[str, int]
) -> None:
    files = expand([shared_data / "lists" / "ofac" / folder])
    entries, rejected = read(find_reader(files), files)
    types = {}
    for row in raw_rows(shared_data / "lists" / "ofac" / folder / primary):
        types.setdefault(row[0], row[2].strip())
    raw = Counter(types.values())
    kinds = Counter(entry.kind for entry in entries.values())
    assert kinds[EntryKind.PERSON] == raw["individual"] > 70
    assert sum(kinds[kind] for kind in OTHERS) == sum(raw.values()) - raw["individual"]
    assert (kinds[EntryKind.VESSEL], kinds[EntryKind.AIRCRAFT]) == (raw["vessel"], raw["aircraft"])
    assert Counter(item.reason for item in rejected) == rejections
    assert all(item.line for item in rejected)


@pytest.mark.parametrize(
    ("folder", "prefix"), [("sdn_2021-07", ""), ("sdn_2022-01", ""), ("consolidated_2025-12", "cons_")]
)
def test_every_alias_and_address_of_the_raw_files_stands_at_its_entry(
    shared_data: Path, folder: str, prefix: str
) -> None:
    files = expand([shared_data / "lists" / "ofac" / folder])
    entries, _ = read(find_reader(files), files)
    place = shared_data / "lists" / "ofac" / folder
    titles = {
        row[0]: row[4].strip() for row in raw_rows(place / f"{prefix or 'sdn'}.csv".replace("cons_", "cons_prim"))
    }
    aliases = [
        (row[0], " ".join(row[3].replace(f", {titles[row[0]]} ", ", ").split()))  # a title is no part of the name
        for row in raw_rows(place / f"{prefix}alt.csv")
        if row[0] in entries
    ]
    assert len(aliases) > 1000
    assert [alias for alias in aliases if alias[1] not in {name.text for name in entries[alias[0]].person.names}] == []
    stated = Counter(
        row[0]
        for row in {tuple(row[:1] + row[2:5]) for row in raw_rows(place / f"{prefix}add.csv")}
        if any(cell.strip() not in ("-0-", "undetermined") for cell in row[1:]) and row[0] in entries
    )
    found = Counter({entry_id: len(entry.person.addresses) for entry_id, entry in entries.items()})
    assert found == stated


def test_every_birth_date_in_the_remarks_of_people_is_read(shared_data: Path, sdn: dict[str, Entry]) -> None:
    place = shared_data / "lists" / "ofac" / "sdn_2021-07"
    comments = {row[0]: row[1] for row in raw_rows(place / "sdn_comments.csv")}
    compared = 0
    for row in raw_rows(place / "sdn.csv"):
        if row[2].strip() != "individual":
            continue
        remarks = row[11] + comments.get(row[0], "")
        years = {int(year) for item in re.findall(r"\bDOB ([^;]+)", remarks) for year in re.findall(r"\b\d{4}\b", item)}
        person = sdn[row[0]].person
        read_years = {year for born in person.birth_dates for year in (born.year, born.last_year) if year}
        assert read_years == years, row[0]
        compared += len(years)
    assert compared > 4000


def test_every_chinese_resident_number_in_the_remarks_is_a_national_id(
    shared_data: Path, sdn: dict[str, Entry]
) -> None:
    place = shared_data / "lists" / "ofac" / "sdn_2021-07"
    comments = {row[0]: row[1] for row in raw_rows(place / "sdn_comments.csv")}
    numbers = {
        (row[0], number)
        for row in raw_rows(place / "sdn.csv")
        if row[2].strip() == "individual"
        for number in re.findall(r"\b(\d{17}[\dX]) \(China\)", row[11] + comments.get(row[0], ""))
    }
    assert len(numbers) > 20
    for entry_id, number in numbers:
        assert (number, DocumentKind.NATIONAL_ID, "CN") in {
            (item.number, item.kind, item.country) for item in sdn[entry_id].person.documents
        }


@pytest.mark.parametrize(
    ("pattern", "kind"), [(r"\bPassport ([A-Z]?\d{6,9}) \(", DocumentKind.PASSPORT), (r"\bPhone Number (\d+)", None)]
)
def test_every_passport_and_phone_in_the_remarks_is_read(
    shared_data: Path, sdn: dict[str, Entry], pattern: str, kind: DocumentKind | None
) -> None:
    place = shared_data / "lists" / "ofac" / "sdn_2021-07"
    comments = {row[0]: row[1] for row in raw_rows(place / "sdn_comments.csv")}
    found = 0
    for row in raw_rows(place / "sdn.csv"):
        if row[2].strip() != "individual":
            continue
        person = sdn[row[0]].person
        values = {item.number for item in person.documents if item.kind is kind} if kind else set(person.phones)
        stated = set(re.findall(pattern, row[11] + comments.get(row[0], "")))
        assert stated <= values, row[0]
        found += len(stated)
    assert found > 10


def test_remarks_continued_in_the_comments_file(sdn: dict[str, Entry]) -> None:
    entry = sdn["28264"]
    assert [str(born) for born in entry.person.birth_dates] == ["1987-01-10"]
    assert entry.person.sex is Sex.MALE
    assert entry.person.nationalities == ("CN",)
    assert [(item.number, item.kind, item.country) for item in entry.person.documents] == [
        ("210302198701102136", DocumentKind.NATIONAL_ID, "CN")
    ]
    assert entry.person.phones == ("8613314257947", "8618004121000")
    assert [(name.text, name.weak) for name in entry.person.names[1:]] == [("blackjack1987", True), ("khaleesi", True)]
    assert [link.target_name for link in entry.relations] == ["LAZARUS GROUP"]
    assert entry.programmes == ("DPRK3", "CYBER2")
    # 28263 breaks within an alias.
    assert "snowsjohn" in [name.text for name in sdn["28263"].person.names]


def test_linked_to_of_people_is_a_relation_with_the_name_as_published(shared_data: Path, sdn: dict[str, Entry]) -> None:
    rows = raw_rows(shared_data / "lists" / "ofac" / "sdn_2021-07" / "sdn.csv")
    stated = {row[0]: len(re.findall(r"Linked To: ", row[11])) for row in rows if len(row[11]) < 1000}
    wrong = [number for number, count in stated.items() if len(sdn[number].relations) != count]
    assert wrong == []
    names = {entry.person.names[0].text for entry in sdn.values()}
    targets = [link.target_name for entry in sdn.values() for link in entry.relations]
    # Most targets stand on the list themselves; a full stop too many or too few would break them.
    assert sum(target in names for target in targets) > 0.9 * len(targets)


def test_the_consolidated_xml_holds_the_people_of_the_raw_file(shared_data: Path) -> None:
    path = shared_data / "lists" / "ofac" / "consolidated_xml_2025-03" / "consolidated.xml"
    reader = find_reader([path])
    assert str(reader.header([path]).published_on) == "2025-03-28"
    entries, rejected = read(reader, (path,))
    text = path.read_text(encoding="utf-8")
    assert rejected == []
    assert len(entries) == text.count("<sdnEntry>") == int(re.search(r"<Record_Count>(\d+)", text)[1])  # type: ignore[index]
    people = [entry for entry in entries.values() if entry.kind is EntryKind.PERSON]
    assert len(people) == text.count("<sdnType>Individual</sdnType>")
    root = ElementTree.fromstring(re.sub(r'\sxmlns="[^"]+"', "", text, count=1))
    for element in root.iter("sdnEntry"):
        entry = entries[element.findtext("uid", "")]
        stated = {
            ", ".join(filter(None, (aka.findtext("lastName"), aka.findtext("firstName"))))
            for aka in element.iter("aka")
        }
        assert {" ".join(name.split()) for name in stated} <= {name.text for name in entry.person.names}
        weak = sum(aka.findtext("category") == "weak" for aka in element.iter("aka"))
        assert sum(name.weak for name in entry.person.names) <= weak
        assert len(element.findall(".//dateOfBirth")) == len(entry.person.birth_dates)
    assert sum(name.weak for entry in entries.values() for name in entry.person.names) > 50


def test_the_advanced_sample_is_read_whole(shared_data: Path) -> None:
    path = shared_data / "lists" / "formats" / "ofac_advanced.xml"
    reader = find_reader([path])
    assert str(reader.header([path]).published_on) == "2026-07-30"
    entries, rejected = read(reader, (path,))
    assert rejected == []
    entry = entries["2674"]
    assert [(name.text, name.kind) for name in entry.person.names] == [
        ("ABBAS, Abu", NameKind.PRIMARY),
        ("ZAYDAN, Muhammad", NameKind.ALIAS),
    ]
    assert str(entry.person.birth_dates[0]) == "1948-12-10"
    assert entry.programmes == ("SDGT",)
    assert str(entry.listed_on) == "1995-01-24"


def test_the_denied_persons_list_loses_no_row(shared_data: Path) -> None:
    path = shared_data / "lists" / "bis" / "dpl.txt"
    entries, rejected = read(find_reader([path]), (path,))
    lines = path.read_text(encoding="utf-8").splitlines()
    assert rejected == []
    assert len(entries) == len(lines) - 1
    assert sorted(entry.source.line for entry in entries.values()) == list(range(2, len(lines) + 1))
    legal_form = re.compile(r"\b(?:INC|LTD|LLC|CORP|CORPORATION|GMBH|AIRLINES|TRADING|LIMITED|COMPANY)\b")
    for entry in entries.values():
        raw = next(iter(csv.reader([lines[entry.source.line - 1]], delimiter="\t")))
        name = " ".join(raw[0].split())
        if legal_form.search(name):
            assert entry.kind is EntryKind.ORGANISATION
        expires = "/".join((*raw[7].split("/")[2:], *raw[7].split("/")[:2]))
        assert str(entry.warrant.review_by or "").replace("-", "/") == expires
    people = {e.person.names[0].text for e in entries.values() if e.kind is EntryKind.UNSTATED}
    assert {"DAQING ZHOU", "JIN, ZHONGDA", "VERONICA TRUJILLO"} <= people
