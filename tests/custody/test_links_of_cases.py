"""Links of a case live in the truth and in the graph, equal to it, and end with their case, leaving no byte."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fake_workbench import DAY, WHO, Bench

from netpursuit.custody.case_ends import end_cases
from netpursuit.custody.graph import compare, drain, mend, pending, rebuild
from netpursuit.gate.case_links import keep_links
from netpursuit.gate.cases import NewCase, close_case, open_case
from netpursuit.links.cases import opened_in
from netpursuit.records.case_links import CaseLinks
from netpursuit.records.graph import LinkSet, Node, NodeKind
from netpursuit.stores.graph_imported import ImportedFolder
from netpursuit.stores.graph_sqlite import SqliteGraph

CANARY = "Zyxwvut Canary"


@pytest.fixture
def folder(bench: Bench) -> ImportedFolder:
    return ImportedFolder(bench.workspace.folder / "graphs")


@pytest.fixture
def graph(bench: Bench) -> Iterator[SqliteGraph]:
    store = SqliteGraph(bench.workspace.folder / "graph.sqlite")
    yield store
    store.close()


def new_case(bench: Bench, case_id: str, days: int = 1) -> None:
    stated = dict.fromkeys(("title", "authority", "legal_basis", "purpose"), "x")
    case = NewCase(case_id=case_id, members=(WHO,), expires_on=DAY + timedelta(days=days), **stated)
    open_case(bench.desk.gate, case, new_id=lambda: case_id)


def part(bench: Bench, case_id: str, label: str = CANARY, name: str = "drawn:1") -> CaseLinks:
    person = Node(kind=NodeKind.CONTACT, key=f"contact:{label}", label=label, source="feed f")
    return CaseLinks(
        case_id=case_id,
        owner=f"case:{case_id}:{name}",
        links=opened_in(LinkSet(nodes=(person,), edges=()), case_id, [person.key]),
        consultation_id="c-1",
        made_by=WHO,
        made_at=bench.now,
    )


def keep(bench: Bench, *parts: CaseLinks) -> None:
    with bench.truth.transaction() as unit:
        for links in parts:
            keep_links(unit, links)


def bytes_of(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def test_what_is_kept_under_a_case_is_read_again_and_replaced_by_its_owner(bench: Bench) -> None:
    new_case(bench, "K-1")
    one, other = part(bench, "K-1"), part(bench, "K-1", "Ann", "attached:calls")
    keep(bench, one, other, part(bench, "K-1", "Ben", "attached:calls"))
    assert list(bench.truth.case_links("K-1")) == [part(bench, "K-1", "Ben", "attached:calls"), one]
    assert list(bench.truth.case_links()) == list(bench.truth.case_links("K-1"))
    assert list(bench.truth.case_links("K-2")) == []
    assert bench.truth.case_links_of(one.owner) == one
    assert bench.truth.case_links_of("case:K-1:none") is None
    assert bench.truth.cases_with_links() == ("K-1",)


def test_a_part_that_names_another_case_is_a_mistake(bench: Bench) -> None:
    wrong = CaseLinks(
        case_id="K-1", owner="case:K-10:x", links=part(bench, "K-1").links, consultation_id="", made_by=WHO,
        made_at=bench.now,
    )  # fmt: skip
    with pytest.raises(ValueError, match="K-10"):
        keep(bench, wrong)
    assert bench.truth.cases_with_links() == ()


def test_the_graph_equals_the_truth_with_what_belongs_to_cases(bench: Bench, graph: SqliteGraph) -> None:
    new_case(bench, "K-1")
    drain(bench.truth, graph)
    keep(bench, part(bench, "K-1"))
    assert [row.owner for row in pending(bench.truth, graph)] == ["case:K-1:drawn:1"]
    assert "Canary" not in "".join(row.payload for row in pending(bench.truth, graph))
    assert drain(bench.truth, graph).cases == 1
    assert drain(bench.truth, graph).contributions == 0
    assert compare(bench.truth, graph).none
    counts = graph.under("K-1").counts()
    assert counts == {"edge.opened-in": 1, "node.Case": 1, "node.Contact": 1}
    assert rebuild(bench.truth, graph).cases == 1
    assert (graph.under("K-1").counts(), graph.counts()) == (counts, {})


def test_a_part_that_somebody_makes_visible_to_all_is_noticed_and_mended(bench: Bench, graph: SqliteGraph) -> None:
    new_case(bench, "K-1")
    keep(bench, part(bench, "K-1"))
    drain(bench.truth, graph)
    with sqlite3.connect(bench.workspace.folder / "graph.sqlite") as raw:
        raw.execute("UPDATE node_said SET case_id = '' WHERE label = ?", (CANARY,))
    raw.close()
    assert graph.find(CANARY, 5)
    found = compare(bench.truth, graph)
    assert found.changed == ("case:K-1:drawn:1",)
    mend(bench.truth, graph, found)
    assert compare(bench.truth, graph).none
    assert not graph.find(CANARY, 5)


@pytest.mark.parametrize("how", ["closed", "expired"])
def test_what_belongs_to_a_case_ends_with_it_and_leaves_no_byte(
    bench: Bench, graph: SqliteGraph, folder: ImportedFolder, how: str
) -> None:
    new_case(bench, "K-1")
    new_case(bench, "K-2", days=30)
    keep(bench, part(bench, "K-1"), part(bench, "K-2", "Ann"))
    drain(bench.truth, graph)
    everything = bench.workspace.folder
    assert CANARY.encode() in bytes_of(everything)
    assert end_cases(bench.desk.gate, folder) == 0
    if how == "closed":
        close_case(bench.desk.gate, "K-1")
        assert list(bench.desk.gate.log.read())[-1].outcome.counts == {"links": 1}
    else:
        bench.now += timedelta(days=3)
        assert end_cases(bench.desk.gate, folder) == 1
    assert end_cases(bench.desk.gate, folder) == 0
    assert bench.truth.cases_with_links() == ("K-2",)
    drain(bench.truth, graph)
    assert compare(bench.truth, graph).none
    assert graph.under("K-1").counts() == {}
    assert graph.under("K-2").counts()["node.Contact"] == 1
    assert CANARY.encode() not in bytes_of(everything)
