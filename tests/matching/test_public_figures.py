"""What the matcher reaches on published lists and public labelled data; a floor under each figure, none a target.

``bench/quality.py`` prints the figures themselves, side by side with other matchers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from netpursuit.errors import InputError
from netpursuit.ids.dates import parse_date
from netpursuit.match import Matcher, compare_all
from netpursuit.records import Band, Entry, Name, Person
from netpursuit.sources.lists.ofac_legacy import OfacLegacyReader
from netpursuit.sources.lists.uk_conlist import UkConlistReader
from netpursuit.sources.lists.un import UnReader
from netpursuit.sources.queries import person_of


def rows_of(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield {key.strip(): value.strip() for key, value in row.items()}


def person(name: str, born: str) -> Person:
    date = parse_date(born) if born else None
    return Person(names=(Name(text=name),), birth_dates=(date,) if date else ())


@pytest.fixture(scope="module")
def un_entries(shared_data: Path) -> list[Entry]:
    found = UnReader().read([shared_data / "lists" / "un" / "UN_consolidated_2025-04-19.xml"])
    return [entry for entry in found if isinstance(entry, Entry)]


@pytest.fixture(scope="module")
def un(un_entries: list[Entry]) -> Matcher:
    return Matcher.over(("un", entry) for entry in un_entries)


def test_people_of_the_uk_list_are_found_first_on_the_un_list(
    shared_data: Path, un: Matcher, un_entries: list[Entry]
) -> None:
    listed = UkConlistReader().read([shared_data / "lists" / "uk" / "sanctionsconlist.csv"])
    uk = {entry.entry_id: entry.person for entry in listed if isinstance(entry, Entry)}
    still = {entry.entry_id for entry in un_entries}
    truth = rows_of(shared_data / "benchmarks" / "uk2014_un2018_crosslist_truth.csv")
    same = [row for row in truth if row["type"] == "Individual" and row["un_reference"] in still]
    assert len(same) > 250
    asked = [uk[row["uk_group_id"]] for row in same]
    found = un.match([Person(names=one.names, birth_dates=one.birth_dates) for one in asked], limit=1)
    first = sum(
        bool(answer.matches) and answer.matches[0].key.entry_id == row["un_reference"]
        for row, answer in zip(same, found, strict=True)
    )
    assert first >= 0.99 * len(same)


def test_listed_people_are_found_by_name_and_birth_date(
    shared_data: Path, un: Matcher, un_entries: list[Entry]
) -> None:
    by_name: dict[str, set[str]] = {}
    for entry in un_entries:
        for name in entry.person.names:
            by_name.setdefault(" ".join(name.text.upper().split()), set()).add(entry.entry_id)
    rows = list(rows_of(shared_data / "benchmarks" / "positives_un_untreated.csv"))
    answers = un.match([person(row["full_name"], row["date_of_birth"]) for row in rows])
    dated = undated = reported = found = 0
    for row, answer in zip(rows, answers, strict=True):
        truth = by_name.get(" ".join(row["full_name"].upper().split()), set())
        if row["date_of_birth"]:
            dated += 1
            reported += any(one.band >= Band.POSSIBLE and one.key.entry_id in truth for one in answer.matches)
        else:
            undated += 1
            found += bool(answer.matches) and answer.matches[0].key.entry_id in truth
    assert reported >= 0.995 * dated
    assert found == undated


@pytest.mark.slow
def test_invented_people_raise_next_to_no_leads(shared_data: Path, un_entries: list[Entry]) -> None:
    files = sorted((shared_data / "lists" / "ofac" / "sdn_2022-01").glob("*.csv"))
    ofac = [entry for entry in OfacLegacyReader().read(files) if isinstance(entry, Entry)]
    matcher = Matcher.over([("un", entry) for entry in un_entries] + [("ofac", entry) for entry in ofac])
    rows = rows_of(shared_data / "benchmarks" / "negatives_us.csv")
    people = [person(row["full_name"], row["date_of_birth"]) for row in rows]
    leads = sum(len(answer.matches) for answer in matcher.match(people, min_band=Band.POSSIBLE))
    assert leads <= 0.1 * len(people) / 1_000


def test_labelled_pairs_of_names_are_told_apart(shared_data: Path) -> None:
    rows = [row for row in rows_of(shared_data / "benchmarks" / "name_pairs.csv") if row["schema"] == "Person"]
    scores = compare_all([(person(row["name1"], ""), person(row["name2"], "")) for row in rows])
    true = [one.millibits for one, row in zip(scores, rows, strict=True) if row["is_match"] == "true"]
    false = [one.millibits for one, row in zip(scores, rows, strict=True) if row["is_match"] != "true"]
    area = sum((one > other) + 0.5 * (one == other) for one in true for other in false) / len(true) / len(false)
    assert area >= NAME_PAIRS_AUC


NAME_PAIRS_AUC = 0.90


def test_damaged_copies_of_records_are_told_from_strangers(shared_data: Path) -> None:
    rows = list(rows_of(shared_data / "benchmarks" / "febrl1.csv"))
    people = []
    for row in rows:
        born = row["date_of_birth"]
        record = {
            "names": f"{row['given_name']} {row['surname']}".strip(),
            "id_number": row["soc_sec_id"],
            "address": ", ".join(
                part
                for part in (
                    f"{row['street_number']} {row['address_1']}",
                    row["address_2"],
                    row["suburb"],
                    f"{row['state']} {row['postcode']}",
                )
                if part
            ),
        }
        try:
            people.append(person_of({**record, "birth_date": "-".join((born[:4], born[4:6], born[6:])).strip("-")}))
        except InputError:  # 33 December is among the damage
            people.append(person_of(record))
    plausible = {
        pair
        for field in ("given_name", "surname", "soc_sec_id", "date_of_birth", "postcode", "suburb")
        for pair in combinations(range(len(rows)), 2)
        if rows[pair[0]][field] and rows[pair[0]][field] == rows[pair[1]][field]
    }
    pairs = sorted(plausible)
    same = [rows[one]["rec_id"].split("-")[1] == rows[other]["rec_id"].split("-")[1] for one, other in pairs]
    leads = [
        match.band >= Band.POSSIBLE for match in compare_all([(people[one], people[other]) for one, other in pairs])
    ]
    hits = sum(lead and truth for lead, truth in zip(leads, same, strict=True))
    assert 2 * hits / (sum(leads) + 500) >= 0.97
