"""A real graph of crimes (61,521 nodes, 105,840 links) through the command line, held against the files themselves."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx
import pytest

from netpursuit.cli import run
from tests.cli.conftest import Run
from tests.cli.test_graph_command import open_case

pytestmark = [pytest.mark.data, pytest.mark.xdist_group("pole")]  # the graph is filled once

REASON = ("--reason", "check:T-1")
AMONG_PEOPLE = ("KNOWS", "KNOWS_LW", "KNOWS_PHONE", "KNOWS_SN", "FAMILY_REL")


@dataclass
class Files:
    """The files as Python's csv module reads them."""

    labels: dict[str, str] = field(default_factory=dict)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)

    def key(self, own: str) -> str:
        return f"{self.labels[own]}:{own}"

    def at(self, own: str, *kinds: str) -> set[tuple[str, str]]:
        """(type, the other node's key) of the links at a node."""
        found = set()
        for kind, start, end in self.links:
            if own in (start, end) and (not kinds or kind in kinds):
                found.add((kind, self.key(end if own == start else start)))
        return found


@pytest.fixture(scope="module")
def pole(shared_data: Path) -> Files:
    files = Files()
    for path in sorted((shared_data / "graphs" / "pole").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                if ":ID" in row:
                    files.labels[row[":ID"]] = row[":LABEL"]
                    files.rows[row[":ID"]] = row
                else:
                    files.links.append((row[":TYPE"], row[":START_ID"], row[":END_ID"]))
    assert (len(files.labels), len(files.links)) == (61_521, 105_840)
    return files


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory, shared_data: Path) -> Iterator[tuple[Path, float]]:
    """A workspace with the graph, and how many seconds its import took."""
    folder = tmp_path_factory.mktemp("pole") / "ws"
    begun = time.perf_counter()
    source = str(shared_data / "graphs" / "pole")
    assert run(["graph", "import", source, "--graph", "pole", "--workspace", str(folder), *REASON]) == 0
    return folder, time.perf_counter() - begun


def ask(command: Run, folder: Path, *arguments: object, case: str = "") -> Any:
    authority = ("--case", case) if case else REASON
    answer = command("graph", *arguments, "--graph", "pole", "--workspace", folder, *authority, "--json")
    assert answer.code == 0, answer.err
    return answer.json


def test_every_node_and_link_is_there_in_good_time(command: Run, imported: tuple[Path, float], pole: Files) -> None:
    folder, seconds = imported
    (graph,) = command("graph", "graphs", "--workspace", folder, *REASON, "--json").json
    assert (graph["nodes"], graph["edges"]) == (len(pole.labels), len(pole.links))
    assert graph["left_out"] == {"columns": [], "nodes": 0, "edges": 0}
    assert seconds < 30


def test_neighbours_of_people_are_those_of_the_files(command: Run, imported: tuple[Path, float], pole: Files) -> None:
    people = sorted((own for own, label in pole.labels.items() if label == "Person"), key=int)
    for own in people[::40]:
        answer = ask(command, imported[0], "neighbours", f"Person:{own}")
        assert {(row["edge"], row["key"]) for row in answer["rows"]} == pole.at(own)
        assert answer["truncated"] is False
        stated = next(node for node in answer["nodes"] if node["key"] == f"Person:{own}")["provenance"][0]["properties"]
        assert stated["nhs_no"] == pole.rows[own]["nhs_no"]


def test_a_person_is_found_by_name_where_it_is_the_only_one(
    command: Run, imported: tuple[Path, float], pole: Files
) -> None:
    names = Counter(
        f"{row['name']} {row['surname']}" for own, row in pole.rows.items() if pole.labels[own] in ("Person", "Officer")
    )
    assert names["Todd Hamilton"] == 1
    assert ask(command, imported[0], "neighbours", "Todd Hamilton")["parameters"]["nodes"] == ["Person:0"]
    shared = next(
        name
        for name, _ in Counter(
            f"{row['name']} {row['surname']}" for own, row in pole.rows.items() if pole.labels[own] == "Person"
        ).most_common(1)
    )
    bearers = [own for own, row in pole.rows.items() if f"{row.get('name')} {row.get('surname')}" == shared]
    several = command("graph", "neighbours", shared, "--graph", "pole", "--workspace", imported[0], *REASON)
    assert several.code == (2 if len(bearers) > 1 else 0)
    for own in bearers if len(bearers) > 1 else ():
        assert pole.key(own) in several.err


def test_shortest_paths_between_people_are_those_of_networkx(
    command: Run, imported: tuple[Path, float], pole: Files
) -> None:
    graph: networkx.Graph[str] = networkx.Graph()
    for kind, start, end in pole.links:
        if kind in AMONG_PEOPLE:
            graph.add_edge(pole.key(start), pole.key(end))
    group = max(networkx.connected_components(graph), key=len)
    far = networkx.single_source_shortest_path_length(graph, "Person:2")
    ends = sorted(group & far.keys(), key=lambda key: (-far[key], key))
    edges = [part for kind in AMONG_PEOPLE for part in ("--edge", kind)]
    for other in (ends[0], ends[len(ends) // 2], ends[-2]):
        right = list(networkx.all_shortest_paths(graph, "Person:2", other))
        answer = ask(command, imported[0], "paths", "Person:2", other, *edges)
        assert {row["hops"] for row in answer["rows"]} == {far[other]}
        assert len(answer["rows"]) == len(right)
        steps = {frozenset(step) for path in right for step in pairwise(path)}
        assert {frozenset((edge["start"], edge["end"])) for edge in answer["edges"]} == steps


def test_the_calls_of_a_person_lead_over_their_telephone(
    command: Run, imported: tuple[Path, float], pole: Files
) -> None:
    calls = Counter(end for kind, _, end in pole.links if kind in ("CALLER", "CALLED"))
    phone, count = calls.most_common(1)[0]
    (person,) = [start for kind, start, end in pole.links if kind == "HAS_PHONE" and end == phone]
    (held,) = ask(command, imported[0], "neighbours", f"Person:{person}", "--edge", "HAS_PHONE")["rows"]
    assert held["key"] == f"Phone:{phone}"
    made = ask(command, imported[0], "neighbours", held["key"], "--edge", "CALLER", "--edge", "CALLED")
    assert len(made["rows"]) == count
    assert {(row["edge"], row["key"]) for row in made["rows"]} == pole.at(phone, "CALLER", "CALLED")
    for row in made["rows"]:  # 04/08/2017 is the fourth of August: other rows of the column say so
        day, month, year = pole.rows[row["key"].partition(":")[2]]["call_date"].split("/")
        assert row["from"] == f"{year}-{month}-{day}"
    days = [row["from"] for row in ask(command, imported[0], "timeline", held["key"])["rows"]]
    assert days == sorted(days)
    assert len(days) == count


def test_the_crimes_at_a_location_are_told_under_a_case(
    command: Run, imported: tuple[Path, float], pole: Files
) -> None:
    crimes = Counter(end for kind, _, end in pole.links if kind == "OCCURRED_AT")
    place = next(own for own, count in crimes.most_common() if count <= 150)
    question = ("neighbours", f"Location:{place}", "--edge", "OCCURRED_AT")
    refused = command("graph", *question, "--graph", "pole", "--workspace", imported[0], *REASON)
    assert (refused.code, refused.out) == (4, "")
    case = open_case(command, imported[0])
    answer = ask(command, imported[0], *question, case=case)
    assert {(row["edge"], row["key"]) for row in answer["rows"]} == pole.at(place, "OCCURRED_AT")
    assert len(answer["rows"]) == crimes[place]
    most = crimes.most_common(1)[0][0]
    cut = ask(command, imported[0], "neighbours", f"Location:{most}", "--limit", "10", case=case)
    assert (len(cut["rows"]), cut["truncated"]) == (10, True)


def test_published_networks_come_in_as_they_are(command: Run, tmp_path: Path, shared_data: Path) -> None:
    folder, place = shared_data / "graphs" / "covert", ("--workspace", tmp_path / "ws", *REASON)
    assert command("graph", "import", folder, "--graph", "covert", *place).code == 0
    (graph,) = command("graph", "graphs", *place, "--json").json
    counted = {"nodes": 0, "edges": 0}
    for kind in counted:
        for path in folder.glob(f"*.{kind}.csv"):
            with path.open(encoding="utf-8", newline="") as stream:
                counted[kind] += sum(1 for row in csv.reader(stream) if row) - 1
    assert (graph["nodes"], graph["edges"]) == (counted["nodes"], counted["edges"])
