"""What belongs to a case is seen under that case alone, on both stores, and goes with it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from netpursuit.links.analyses import ANALYSES
from netpursuit.links.cases import case_key, opened_in
from netpursuit.links.views import Bounds, View
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records.graph import Contribution, Edge, EdgeKind, Node, NodeKind
from netpursuit.stores.graph_sqlite import SqliteGraph
from tests.graph.seeded import links

pytestmark = pytest.mark.xdist_group("neo4j")

UNIT, LEAD, ANN, BEN = "unit:1", "subject:1", "contact:ann", "contact:ben"


def node(kind: NodeKind, key: str, label: str, source: str) -> Node:
    return Node(kind=kind, key=key, label=label, source=source)


def stay(person: str, source: str) -> Edge:
    return Edge(kind=EdgeKind.STAYED_AT, start=person, end=UNIT, source=source, seen_from="2026-01-02")


def drawn(case_id: str, *people: tuple[str, str]) -> Contribution:
    """These people in the unit, drawn in under a case, with a telephone each."""
    source = f"drawn in under {case_id}"
    nodes, edges = [node(NodeKind.RENTAL_UNIT, UNIT, f"Flat 1 ({case_id})", source)], []
    for key, label in people:
        phone = f"phone:{key}"
        nodes += [node(NodeKind.CONTACT, key, label, source), node(NodeKind.PHONE, phone, f"tel {label}", source)]
        edges.append(Edge(kind=EdgeKind.USES_PHONE, start=key, end=phone, source=source))
        edges.append(stay(key, source))
    keys = [key for key, _ in people]
    return Contribution(
        owner=f"case:{case_id}:drawn:1", links=opened_in(links(nodes, edges), case_id, keys), case_id=case_id
    )


def lead() -> Contribution:
    source = "feed f, registration R1"
    nodes = [node(NodeKind.SUBJECT, LEAD, "Cid", source), node(NodeKind.RENTAL_UNIT, UNIT, "Flat 1", source)]
    return Contribution(owner="lead:L-1", links=links(nodes, [stay(LEAD, source)]))


@pytest.fixture
def filled(store: GraphStore) -> GraphStore:
    store.put([lead(), drawn("K-1", (ANN, "Ann"), (BEN, "Ben")), drawn("K-2", (BEN, "Benjamin"))])
    return store


def seen(store: GraphStore) -> set[str]:
    return {found.key for found in store.nodes_of(list(NodeKind))}


def test_everybody_sees_what_belongs_to_no_case(filled: GraphStore) -> None:
    alone = {"node.Subject": 1, "node.RentalUnit": 1, "edge.stayed-at": 1}
    assert seen(filled) == {UNIT, LEAD}
    assert filled.counts() == alone
    assert filled.under("").counts() == filled.under("K-3").counts() == alone
    assert filled.nodes([ANN, BEN, "phone:contact:ann", case_key("K-1")]) == {}
    assert filled.nodes([UNIT])[UNIT].label == "Flat 1"
    assert [said.source for said in filled.nodes([UNIT])[UNIT].provenance] == ["feed f, registration R1"]
    assert [edge.start for edge in filled.edges_of([UNIT])] == [LEAD]
    assert filled.edges_of([ANN, case_key("K-1")]) == ()
    for name in ("Ann", "Ben", "tel Ann", "K-1", "Flat 1 (K-1)"):
        assert filled.find(name, 5) == ()
    view = View(filled, Bounds(hops=8))
    assert [row["label"] for row in ANALYSES["neighbours"].ask(view, [UNIT]).rows] == ["Cid"]
    assert ANALYSES["co-residents"].ask(view, [UNIT]).rows == ()


def test_under_its_case_a_part_is_seen_and_others_are_not(filled: GraphStore) -> None:
    one, other = filled.under("K-1"), filled.under("K-2")
    assert seen(one) == {UNIT, LEAD, ANN, BEN, f"phone:{ANN}", f"phone:{BEN}", case_key("K-1")}
    assert seen(other) == {UNIT, LEAD, BEN, f"phone:{BEN}", case_key("K-2")}
    assert one.nodes([BEN])[BEN].label == "Ben"
    assert other.nodes([BEN])[BEN].label == "Benjamin"
    assert {said.case_id for said in one.nodes([BEN])[BEN].provenance} == {"K-1"}
    assert one.nodes([UNIT])[UNIT].label == "Flat 1", "what everybody sees comes first"
    assert {edge.start for edge in other.edges_of([UNIT])} == {LEAD, BEN}
    assert other.find("Ann", 5) == ()
    assert [found.key for found in one.find("ann", 5)] == [ANN]
    assert other.counts()["edge.stayed-at"] == 2
    together = ANALYSES["co-residents"].ask(View(one, Bounds()), [LEAD]).rows
    assert {(row["one"], row["other"]) for row in together} == {("Ann", "Cid"), ("Ben", "Cid")}
    opened = ANALYSES["neighbours"].ask(View(one, Bounds()), [case_key("K-1")]).rows
    assert [(row["edge"], row["label"]) for row in opened] == [("opened-in", "Ann"), ("opened-in", "Ben")]


def test_to_stand_in_one_case_joins_nobody(store: GraphStore) -> None:
    source = "drawn in"
    people = links([node(NodeKind.CONTACT, key, key, source) for key in (ANN, BEN)], [])
    store.put([Contribution(owner="case:K-1:x", links=opened_in(people, "K-1", [ANN, BEN]), case_id="K-1")])
    under = store.under("K-1")
    assert ANALYSES["paths"].ask(View(under, Bounds(hops=8)), [ANN, BEN]).rows == ()
    assert len(ANALYSES["expand"].ask(View(under, Bounds(hops=8)), [ANN]).nodes) == 1
    asked = Bounds(hops=8, kinds=(EdgeKind.OPENED_IN,))
    assert len(ANALYSES["paths"].ask(View(under, asked), [ANN, BEN]).rows) == 1


def test_what_a_case_brought_goes_and_what_others_brought_stays(filled: GraphStore) -> None:
    assert filled.brought_by(["case:K-1:drawn:1"])["case:K-1:drawn:1"] == drawn("K-1", (ANN, "Ann"), (BEN, "Ben"))
    filled.put([Contribution(owner="case:K-1:drawn:1", links=None)])
    assert filled.under("K-1").counts() == filled.counts()
    assert filled.under("K-2").nodes([BEN])[BEN].label == "Benjamin"
    filled.put([Contribution(owner="lead:L-1", links=None)])
    assert filled.counts() == {}
    assert seen(filled.under("K-2")) == {UNIT, BEN, f"phone:{BEN}", case_key("K-2")}
    filled.put([Contribution(owner="case:K-2:drawn:1", links=None)])
    assert filled.under("K-2").counts() == {}


def test_the_same_links_under_another_case_are_another_part(store: GraphStore) -> None:
    part = drawn("K-1", (ANN, "Ann"))
    store.put([part])
    store.put([Contribution(owner=part.owner, links=part.links, case_id="K-9")])
    assert store.under("K-1").counts() == {}
    assert store.under("K-9").find("Ann", 5)


def test_both_stores_answer_alike_under_a_case(embedded: GraphStore, neo4j: GraphStore) -> None:
    found = []
    for store in (embedded, neo4j):
        store.put([lead(), drawn("K-1", (ANN, "Ann"), (BEN, "Ben")), drawn("K-2", (BEN, "Benjamin"))])
        view = View(store.under("K-1"), Bounds(hops=4))
        asked = {"paths": [ANN, LEAD], "common": [ANN, BEN], "between": [ANN, BEN, UNIT]}
        found.append(
            {name: ANALYSES[name].ask(view, asked.get(name, [UNIT])) for name in ANALYSES if name != "between"}
        )
    assert found[0] == found[1]


OLDER = """
CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL);
CREATE TABLE node (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);
CREATE TABLE node_claim (node INTEGER NOT NULL, owner INTEGER NOT NULL, label TEXT NOT NULL, PRIMARY KEY (node, owner));
CREATE TABLE edge_claim (start INTEGER NOT NULL, kind TEXT NOT NULL, end INTEGER NOT NULL, owner INTEGER NOT NULL);
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO owner VALUES (1, 'lead:L-1', 'x');
INSERT INTO node VALUES (1, 'subject:1', 'Subject');
INSERT INTO mark VALUES ('drained', '7');
"""


@pytest.mark.parametrize("version", [1, 2])
def test_a_graph_of_an_older_form_is_dropped_so_that_it_is_built_anew(tmp_path: Path, version: int) -> None:
    file = tmp_path / "graph.sqlite"
    raw = sqlite3.connect(file)
    raw.executescript(OLDER)
    raw.execute(f"PRAGMA user_version = {version}")
    raw.close()
    store = SqliteGraph(file)
    assert (store.marks(), store.owners(), store.counts()) == ({}, {}, {}), "without marks a drain builds it anew"
    store.put([lead(), drawn("K-1", (ANN, "Ann"))])
    assert store.brought_by(["lead:L-1"]) == {"lead:L-1": lead()}
    assert (store.find("Ann", 5), len(store.under("K-1").find("Ann", 5))) == ((), 1)
    store.close()
