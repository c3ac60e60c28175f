"""People on the real files, counted here from the raw bytes without the readers; and spot checks of published facts."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from netpursuit.records import Entry, EntryKind, ListItem, NameKind, Rejected, Unlisted
from netpursuit.sources.lists.canada import CanadaReader
from netpursuit.sources.lists.eu import EuCsvReader, EuXmlReader
from netpursuit.sources.lists.fbi import FbiReader
from netpursuit.sources.lists.ftm import FtmReader
from netpursuit.sources.lists.uk_conlist import UkConlistReader
from netpursuit.sources.lists.uk_list import UkSanctionsListCsvReader, UkSanctionsListXmlReader
from netpursuit.sources.lists.un import UnReader

UN_FILES = ("UN_consolidated_2025-04-19.xml", "UN_consolidated_2026-02-27.xml")


def entries(items: list[ListItem]) -> dict[str, Entry]:
    found = [item for item in items if isinstance(item, Entry)]
    by_id = {entry.entry_id: entry for entry in found}
    assert len(by_id) == len(found), "an id stands twice"
    return by_id


def kinds(items: list[ListItem]) -> Counter[EntryKind]:
    return Counter(entry.kind for entry in entries(items).values())


def rejected(items: list[ListItem]) -> list[Rejected]:
    return [item for item in items if isinstance(item, Rejected)]


@pytest.mark.parametrize("name", UN_FILES)
def test_un_people_and_entities_are_all_there(shared_data: Path, name: str) -> None:
    path = shared_data / "lists" / "un" / name
    raw = path.read_text(encoding="utf-8")
    items = list(UnReader().read([path]))
    assert not rejected(items)
    assert kinds(items) == {
        EntryKind.PERSON: raw.count("<INDIVIDUAL>"),
        EntryKind.ORGANISATION: raw.count("<ENTITY>"),
    }
    assert set(entries(items)) == set(re.findall(r"<REFERENCE_NUMBER>\s*([^<\s]+)\s*<", raw))


def test_un_original_script_weak_aliases_and_spans(shared_data: Path) -> None:
    path = shared_data / "lists" / "un" / UN_FILES[0]
    raw = path.read_text(encoding="utf-8")
    found = entries(list(UnReader().read([path])))
    anwari = found["TAi.005"]
    names = {name.text: name for name in anwari.person.names}
    assert names["MUHAMMAD TAHER ANWARI"].kind is NameKind.PRIMARY
    assert names["محمد طاهر أنوري"].kind is NameKind.NATIVE
    assert names["Haji Mudir"].weak
    assert not names["Mohammad Tahre Anwari"].weak
    assert [str(day) for day in anwari.person.birth_dates] == ["circa 1961"]
    assert "tribe" not in anwari.description
    spans = sum(day.last_year is not None for entry in found.values() for day in entry.person.birth_dates)
    assert spans == len(re.findall(r"<FROM_YEAR>\d+</FROM_YEAR>\s*<TO_YEAR>\d+</TO_YEAR>", raw))
    weak_people = sum(any(name.weak for name in entry.person.names) for entry in found.values())
    blocks = re.findall(r"<INDIVIDUAL>.*?</INDIVIDUAL>", raw, re.S)
    low = r"<QUALITY>Low</QUALITY>\s*<ALIAS_NAME>[^<]*\w"
    assert (
        0 <= sum(bool(re.search(low, block)) for block in blocks) - weak_people <= 2
    )  # twice an alias is good as well


def test_un_plain_passport_numbers_are_kept(shared_data: Path) -> None:
    path = shared_data / "lists" / "un" / UN_FILES[1]
    raw = path.read_text(encoding="utf-8")
    plain = re.findall(
        r"<TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT>\s*<NUMBER>\s*([A-Z]{0,2}\d{5,10})\s*</NUMBER>", raw
    )
    numbers = {
        doc.number for entry in entries(list(UnReader().read([path]))).values() for doc in entry.person.documents
    }
    assert len(plain) > 200
    assert set(plain) <= numbers


def test_uk_conlist_groups_are_people(shared_data: Path) -> None:
    path = shared_data / "lists" / "uk" / "sanctionsconlist.csv"
    with path.open(encoding="cp1252", newline="") as file:
        next(file)
        rows = list(csv.DictReader(file))
    by_type: dict[str, set[str]] = {}
    for row in rows:
        by_type.setdefault(row["Group Type"], set()).add(row["Group ID"])
    items = list(UkConlistReader().read([path]))
    assert not rejected(items)
    assert kinds(items) == {
        EntryKind.PERSON: len(by_type["Individual"]),
        EntryKind.ORGANISATION: len(by_type["Entity"]),
    }
    found = entries(items)
    names = {row["Group ID"]: row["Name 6"].strip() for row in rows if row["Alias Type"] == "Prime Alias"}
    missing = [
        key for key, family in names.items() if not found[key].person.names[0].text.endswith(" ".join(family.split()))
    ]
    assert not missing
    stated = {row["Group ID"] for row in rows if row["DOB"].strip()}
    assert {key for key, entry in found.items() if entry.person.birth_dates} == stated


def test_eu_short_csv_entities(shared_data: Path) -> None:
    path = shared_data / "lists" / "eu" / "EUSanctionsShort.csv"
    lines = path.read_bytes().decode("cp1252").splitlines()[1:]
    subjects = {(parts[1], parts[2]) for parts in (line.strip('"').split(";") for line in lines)}
    items = list(EuCsvReader().read([path]))
    assert not rejected(items)
    assert kinds(items) == {
        EntryKind.PERSON: sum(kind == "P" for _, kind in subjects),
        EntryKind.ORGANISATION: sum(kind == "E" for _, kind in subjects),
    }
    mugabe = entries(items)["EU.36.64"]
    assert mugabe.person.names[0].text == "Robert Gabriel Mugabe"
    assert [str(day) for day in mugabe.person.birth_dates] == ["1924-02-21"]
    assert [found.number for found in mugabe.person.documents] == ["AD001095"]


def test_canada_records(shared_data: Path) -> None:
    path = shared_data / "lists" / "canada" / "canada_sema.xml"
    records = re.findall(r"<record>(.*?)</record>", path.read_text(encoding="utf-8"), re.S)
    items = list(CanadaReader().read([path]))
    assert len(items) == len(records)
    assert not rejected(items)
    people = sum("<LastName>" in record or "<GivenName>" in record for record in records)
    ships = sum("<ShipIMONumber>" in record for record in records)
    assert kinds(items) == {
        EntryKind.PERSON: people,
        EntryKind.VESSEL: ships,
        EntryKind.ORGANISATION: len(records) - people - ships,
    }
    native = [name.text for name in entries(items)["Belarus:1, Part 1:1"].person.names]
    assert native[0] == "Khazalbek Bakhtibekovich Atabekov"


def is_wanted(item: dict[str, Any]) -> bool:
    """The rule in words of its own: who is wanted by the FBI."""
    subjects = " ".join(item["subjects"] or []).lower()
    poster = item.get("poster_classification") or ""
    if item["person_classification"] not in ("Main", "Accomplice", None) or item["status"] == "captured":
        return False
    if any(word in subjects for word in ("seeking information", "missing", "unidentified", "kidnapping victim")):
        return False
    if poster:
        return poster not in ("information", "missing")
    # In 2020 only the folder of the page tells the kind of poster; a child's page lies below its abductor's.
    folder, depth = item["path"].split("/")[2], item["path"].count("/")
    return folder not in ("seeking-info", "vicap", "kidnap") and (folder != "parental-kidnappings" or depth < 4)


@pytest.mark.parametrize("name", ["fbi-wanted-sample.json", "fbi_api_page20_2024-09.json", "fbi_wanted_2020-11.json"])
def test_fbi_wanted_and_nobody_else(shared_data: Path, name: str) -> None:
    path = shared_data / "lists" / "fbi" / name
    raw = json.loads(path.read_text(encoding="utf-8"))["items"]
    items = list(FbiReader().read([path]))
    assert len(items) == len(raw)
    assert not rejected(items)
    assert set(entries(items)) == {item["uid"] for item in raw if is_wanted(item)}
    victims = {item["uid"] for item in raw if item["person_classification"] == "Victim"}
    assert not victims & set(entries(items))


def test_fbi_victims_on_posters_of_2020_are_not_wanted(shared_data: Path) -> None:
    path = shared_data / "lists" / "fbi" / "fbi_wanted_2020-11.json"
    raw = json.loads(path.read_text(encoding="utf-8"))["items"]
    story = re.compile(r"apparent victim of a homicide|[Hh]omicide [Vv]ictim|body was found|remains were")
    told = {item["uid"] for item in raw if story.search(f"{item['details']} {item['description']}")}
    found = set(entries(list(FbiReader().read([path]))))
    told |= {item["uid"] for item in raw if item["title"] in ("McKenna Butcher", "SANTANA ACOSTA", "K-RON SURRATT")}
    assert len(told) > 10
    assert sorted(told & found) == []


def test_fbi_names_in_original_script(shared_data: Path) -> None:
    found = entries(list(FbiReader().read([shared_data / "lists" / "fbi" / "fbi_api_page20_2024-09.json"])))
    scripts = {name.text: name.kind for entry in found.values() for name in entry.person.names}
    assert scripts["Алексей (Леха) Сергеевич Моренец"] is NameKind.NATIVE
    assert scripts["ALEKSEI SERGEYEVICH MORENETS"] is NameKind.PRIMARY


@pytest.mark.parametrize("name", ["parteispenden", "t1", "zala"])
def test_ftm_people_with_a_topic(shared_data: Path, name: str) -> None:
    path = shared_data / "lists" / "ftm" / f"{name}.entities.ftm.json"
    raw = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wanted = {
        item["id"]
        for item in raw
        if item["schema"] == "Person" and {"sanction", "wanted"} & set(item["properties"].get("topics", []))
    }
    items = list(FtmReader().read([path]))
    assert len(items) == len(raw)
    assert {key for key, entry in entries(items).items() if entry.kind is EntryKind.PERSON} == wanted


def test_ftm_family_of_a_sanctioned_man(shared_data: Path) -> None:
    found = entries(list(FtmReader().read([shared_data / "lists" / "ftm" / "zala.entities.ftm.json"])))
    zakharov = found["NK-aU5ybkbRFJucf8YMwsJvDw"]
    relatives = [link.target_id for link in zakharov.relations if link.kind.startswith("family of")]
    assert len(relatives) == 4
    assert set(relatives) <= set(found)


def test_samples_of_the_newer_formats(shared_data: Path) -> None:
    folder = shared_data / "lists" / "formats"
    rows = list(csv.DictReader(io.StringIO((folder / "uk_sanctions_list.csv").read_text("utf-8").split("\n", 1)[1])))
    people = {row["Unique ID"] for row in rows if row["Designation Type"] == "Individual"}
    from_csv = entries(list(UkSanctionsListCsvReader().read([folder / "uk_sanctions_list.csv"])))
    assert {key for key, entry in from_csv.items() if entry.kind is EntryKind.PERSON} == people
    xml = (folder / "uk_sanctions_list.xml").read_text(encoding="utf-8")
    from_xml = entries(list(UkSanctionsListXmlReader().read([folder / "uk_sanctions_list.xml"])))
    assert set(from_xml) == set(re.findall(r"<UniqueID>(\w+)<", xml))
    akhund = from_xml["AFG0006"]
    assert "محمد حسن آخوند" in {name.text for name in akhund.person.names if name.kind is NameKind.NATIVE}
    assert [str(day) for day in akhund.person.birth_dates] == ["1945", "1946"]
    eu = list(EuXmlReader().read([folder / "eu_full.xml"]))
    assert kinds(eu) == {EntryKind.PERSON: 1, EntryKind.ORGANISATION: 1}


def test_two_un_lists_in_one_folder_leave_the_newer_in_force(shared_data: Path) -> None:
    paths = [shared_data / "lists" / "un" / name for name in UN_FILES]
    items = list(UnReader().read(paths))
    assert len(entries(items)) == paths[1].read_text(encoding="utf-8").count("<DATAID>")
    older = sum(isinstance(item, Unlisted) and item.reason == "superseded-file" for item in items)
    assert older == paths[0].read_text(encoding="utf-8").count("<DATAID>")
