"""Public labelled data as people and pairs of people; no weight is fitted to it, but some were chosen in its view."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.ids.dates import parse_date
from netpursuit.records import Entry, Name, Person
from netpursuit.sources.lists.ofac_legacy import OfacLegacyReader
from netpursuit.sources.lists.uk_conlist import UkConlistReader
from netpursuit.sources.lists.un import UnReader
from netpursuit.sources.queries import person_of

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labelled pairs: records of both sides, whether they are one person, and how many true pairs there are in all."""

    left: Sequence[Person]
    right: Sequence[Person]
    same: Sequence[bool]
    true_pairs: int


def rows_of(path: Path) -> Iterator[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            yield {key.strip(): value.strip() for key, value in row.items()}


def named(name: str, born: str = "") -> Person:
    """A person of a name and a birth date as written."""
    when = parse_date(born) if born else None
    return Person(names=(Name(text=name),), birth_dates=(when,) if when else ())


def name_pairs(data: Path, *, people: bool) -> Pairs:
    """nomenklatura's labelled name pairs, all or those of people."""
    rows = [row for row in rows_of(data / "benchmarks" / "name_pairs.csv") if not people or row["schema"] == "Person"]
    same = [row["is_match"] == "true" for row in rows]
    return Pairs([named(row["name1"]) for row in rows], [named(row["name2"]) for row in rows], same, sum(same))


def _plausible(rows: Sequence[Row], fields: Sequence[str], largest: int) -> list[tuple[int, int]]:
    """Every pair of rows that shares the value of a field, unless more than ``largest`` rows share it."""
    pairs: set[tuple[int, int]] = set()
    for field in fields:
        groups: dict[str, list[int]] = {}
        for at, row in enumerate(rows):
            if row[field]:
                groups.setdefault(row[field], []).append(at)
        for group in groups.values():
            if len(group) <= largest:
                pairs.update(combinations(group, 2))
    return sorted(pairs)


def _readable(record: Row) -> Person:
    """A record; a birth date that no calendar has is left out, as ``compare`` does."""
    try:
        return person_of(record)
    except InputError:
        return person_of({**record, "birth_date": ""})


def _duplicates(
    rows: Sequence[Row], records: Sequence[Row], fields: Sequence[str], truth: Callable[[Row], str]
) -> Pairs:
    people = [_readable(record) for record in records]
    pairs = _plausible(rows, fields, 200)
    keys = [truth(row) for row in rows]
    same = [keys[one] == keys[other] for one, other in pairs]
    return Pairs([people[one] for one, _ in pairs], [people[other] for _, other in pairs], same, sum(same))


def febrl(data: Path) -> Pairs:
    """FEBRL 1: 500 records and one damaged copy of each, with address and social security number."""
    rows = list(rows_of(data / "benchmarks" / "febrl1.csv"))
    records = []
    for row in rows:
        born = row["date_of_birth"]
        lines = (
            f"{row['street_number']} {row['address_1']}".strip(),
            row["address_2"],
            row["suburb"],
            f"{row['state']} {row['postcode']}".strip(),
        )
        records.append(
            {
                "names": f"{row['given_name']} {row['surname']}".strip(),
                "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else born,
                "id_number": row["soc_sec_id"],
                "address": ", ".join(line for line in lines if line),
            }
        )
    shared = ("given_name", "surname", "soc_sec_id", "date_of_birth", "postcode", "suburb", "address_1")
    return _duplicates(rows, records, shared, lambda row: row["rec_id"].split("-")[1])


def fake_1000(data: Path) -> Pairs:
    """splink's fake people: damaged copies with city and e-mail."""
    rows = list(rows_of(data / "benchmarks" / "fake_1000.csv"))
    records = [
        {
            "names": f"{row['first_name']} {row['surname']}".strip(),
            "birth_date": row["dob"],
            "email": row["email"],
            "address": row["city"],
        }
        for row in rows
    ]
    return _duplicates(rows, records, ("first_name", "surname", "dob", "email"), lambda row: row["cluster"])


def un_list(data: Path) -> list[Entry]:
    """The UN list of 2025-04-19."""
    found = UnReader().read([data / "lists" / "un" / "UN_consolidated_2025-04-19.xml"])
    return [entry for entry in found if isinstance(entry, Entry)]


def ofac_list(data: Path) -> list[Entry]:
    """OFAC's SDN list of January 2022."""
    files = sorted((data / "lists" / "ofac" / "sdn_2022-01").glob("*.csv"))
    return [entry for entry in OfacLegacyReader().read(files) if isinstance(entry, Entry)]


def invented(data: Path) -> list[Person]:
    """50,000 people who are on no list."""
    return [named(row["full_name"], row["date_of_birth"]) for row in rows_of(data / "benchmarks" / "negatives_us.csv")]


def cross_listed(data: Path, still: set[str]) -> list[tuple[Person, str]]:
    """People of the UK list of 2014, by names and birth dates alone, and their reference on a later UN list."""
    listed = UkConlistReader().read([data / "lists" / "uk" / "sanctionsconlist.csv"])
    people = {entry.entry_id: entry.person for entry in listed if isinstance(entry, Entry)}
    return [
        (
            Person(names=people[row["uk_group_id"]].names, birth_dates=people[row["uk_group_id"]].birth_dates),
            row["un_reference"],
        )
        for row in rows_of(data / "benchmarks" / "uk2014_un2018_crosslist_truth.csv")
        if row["type"] == "Individual" and row["un_reference"] in still
    ]


def listed_people(data: Path, entries: Sequence[Entry]) -> list[tuple[str, str, frozenset[str]]]:
    """(name, birth date, entries of that name) of the people who were taken from the UN list, those still on it."""
    by_name: dict[str, set[str]] = {}
    for entry in entries:
        for name in entry.person.names:
            by_name.setdefault(_spaced(name.text), set()).add(entry.entry_id)
    rows = rows_of(data / "benchmarks" / "positives_un_untreated.csv")
    found = [
        (row["full_name"], row["date_of_birth"], frozenset(by_name.get(_spaced(row["full_name"]), ()))) for row in rows
    ]
    return [item for item in found if item[2]]


def _spaced(name: str) -> str:
    return " ".join(name.upper().split())


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def slip_of_name(name: str, dice: random.Random) -> str:
    """One letter more, less, wrong, or two neighbours that change places."""
    at = dice.choice([at for at, char in enumerate(name) if char.isalpha()])
    kind, letter = dice.randrange(4), dice.choice(_LETTERS)
    if kind == 0:
        return name[:at] + letter + name[at:]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2 and name[at + 1 : at + 2].isalpha() and name[at] != name[at + 1]:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + letter + name[at + 1 :]


def slip_of_date(day: str, dice: random.Random) -> str:
    """Day and month swapped, the year off by one, or one digit wrong; still a date."""
    year, month, number = day.split("-")
    kind = dice.randrange(3)
    if kind == 0 and int(number) <= 12 and number != month:
        return f"{year}-{number}-{month}"
    if kind == 1:
        return f"{int(year) + dice.choice((-1, 1))}-{month}-{number}"
    while True:
        at = dice.choice((2, 3, 5, 6, 8, 9))
        changed = day[:at] + dice.choice("0123456789") + day[at + 1 :]
        try:
            date.fromisoformat(changed)
        except ValueError:
            continue
        if changed != day:
            return changed


def with_a_slip(name: str, born: str, dice: random.Random) -> Person:
    """A person with one slip: in the name where the date is a bare year or missing, else in name or date."""
    if len(born) != 10 or dice.random() < 0.5:
        return named(slip_of_name(name, dice), born)
    return named(name, slip_of_date(born, dice))
