"""One contract for both stores of the link graph; NetworkX says independently what is right."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, pairwise
from typing import Any

import networkx
import pytest

from netpursuit.links.analyses import ANALYSES
from netpursuit.links.views import Bounds, View
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records.graph import Contribution, Edge, EdgeKind, Node, NodeKind, digest_of
from tests.graph.seeded import links, seeded

pytestmark = pytest.mark.xdist_group("neo4j")  # one worker, one server

HOSTILE = "'}) DETACH DELETE n //"


def whole(store: GraphStore) -> dict[str, Contribution]:
    return store.brought_by(list(store.owners()))


def expected(parts: Sequence[Contribution]) -> dict[str, Contribution]:
    return {part.owner: part for part in parts if part.links is not None and part.links.nodes}


def oracle(parts: Sequence[Contribution], *, assessments: bool) -> networkx.Graph[str]:
    stated: dict[str, bool] = {}
    for part in parts:
        for node in part.links.nodes if part.links else ():
            stated[node.key] = stated.get(node.key, False) or node.fact
    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(key for key, fact in stated.items() if fact or assessments)
    for part in parts:
        for edge in part.links.edges if part.links else ():
            if edge.start in graph and edge.end in graph and (edge.fact or assessments):
                graph.add_edge(edge.start, edge.end)
    return graph


@pytest.mark.parametrize("seed", [1, 2])
def test_a_store_gives_back_what_was_brought_and_no_more(store: GraphStore, seed: int) -> None:
    parts = seeded(seed)
    store.put(parts, {"drained": "7"})
    assert whole(store) == expected(parts)
    assert store.owners() == {owner: digest_of(part.links) for owner, part in expected(parts).items() if part.links}
    assert store.marks() == {"drained": "7"}
    store.put(parts, {"drained": None})
    assert whole(store) == expected(parts)
    assert store.marks() == {}


def test_what_an_owner_alone_brought_goes_with_it_and_the_rest_stays(store: GraphStore) -> None:
    dice = random.Random(3)
    parts = seeded(3)
    store.put(parts)
    for _ in range(4):
        gone = dice.sample([part.owner for part in parts], 15)
        parts = [part for part in parts if part.owner not in gone]
        store.put(Contribution(owner=owner, links=None) for owner in gone)
        assert whole(store) == expected(parts)
    counts = store.counts()
    known = {node.key: node.kind.value for part in parts for node in (part.links.nodes if part.links else ())}
    for kind in NodeKind:
        assert counts.get(f"node.{kind.value}", 0) == sum(found == kind.value for found in known.values())
    store.put(Contribution(owner=part.owner, links=None) for part in parts)
    assert store.counts() == {}


def test_a_changed_contribution_replaces_the_old_one(store: GraphStore) -> None:
    first, *rest = seeded(4)
    store.put([first, *rest])
    assert first.links is not None
    renamed = links([replace(first.links.nodes[0], label="Renamed"), *first.links.nodes[1:]], [])
    store.put([Contribution(owner=first.owner, links=renamed)])
    assert store.brought_by([first.owner]) == {first.owner: Contribution(owner=first.owner, links=renamed)}
    assert whole(store) == expected([Contribution(owner=first.owner, links=renamed), *rest])


def test_an_edge_shows_once_both_its_ends_are_there(store: GraphStore) -> None:
    one = Node(kind=NodeKind.ENTRY, key="entry:1", label="One", source="list a")
    other = Node(kind=NodeKind.ENTRY, key="entry:2", label="Other", source="list a")
    edge = Edge(kind=EdgeKind.LINKED_TO, start="entry:1", end="entry:2", source="list a")
    store.put([Contribution(owner="a:1", links=links([one], [edge]))])
    assert store.edges_of(["entry:1"]) == ()
    assert store.nodes(["entry:1", "entry:2"]).keys() == {"entry:1"}
    store.put([Contribution(owner="a:2", links=links([other], []))])
    assert [found.at for found in store.edges_of(["entry:2"])] == [("linked-to", "entry:1", "entry:2")]
    store.put([Contribution(owner="a:2", links=None)])
    assert store.edges_of(["entry:1"]) == ()


def test_a_fact_outweighs_an_assessment_and_both_are_told(store: GraphStore) -> None:
    phone = Node(
        kind=NodeKind.PHONE, key="phone:1", label="+86 1", source="lead L-1", fact=False, seen_from="2026-01-02"
    )
    store.put(
        [
            Contribution(owner="lead:L-1", links=links([phone], [])),
            Contribution(owner="entry:x", links=links([replace(phone, label="1", source="list x", fact=True)], [])),
        ]
    )
    found = store.nodes(["phone:1"])["phone:1"]
    assert (found.label, found.fact) == ("1", True)
    assert [item.source for item in found.provenance] == ["lead L-1", "list x"]
    assert [node.key for node in store.find(" +86  1 ", 5)] == ["phone:1"]


def test_hostile_values_are_values(store: GraphStore) -> None:
    node = Node(kind=NodeKind.SUBJECT, key=HOSTILE, label=HOSTILE, source=HOSTILE)
    other = Node(kind=NodeKind.SUBJECT, key="subject:1", label="张伟 \u0000 \U0001f600", source="x")
    edge = Edge(kind=EdgeKind.LINKED_TO, start=HOSTILE, end="subject:1", source=HOSTILE, note=HOSTILE)
    part = Contribution(owner=HOSTILE, links=links([node, other], [edge]))
    store.put([part])
    assert whole(store) == expected([part])
    assert store.find(HOSTILE, 5)[0].label == HOSTILE
    assert store.edges_of([HOSTILE])[0].provenance[0].note == HOSTILE


def answers(store: GraphStore, with_open_leads: bool) -> dict[str, object]:
    """Every analysis on a few nodes of the seeded graph."""
    people = [node.key for node in store.nodes_of([NodeKind.SUBJECT])][:12]
    things = [node.key for node in store.nodes_of([NodeKind.RENTAL_UNIT, NodeKind.DOCUMENT, NodeKind.PHONE])][:6]
    found: dict[str, object] = {}
    for name, analysis in ANALYSES.items():
        for number, keys in enumerate(([people[0]], people[:2], people, things[:1], things, [])):
            if len(keys) < analysis.fewest or (analysis.most is not None and len(keys) > analysis.most):
                continue
            bounds = Bounds(hops=4, limit=50, since="2026-02-01", with_open_leads=with_open_leads)
            found[f"{name} {number}"] = analysis.ask(View(store, bounds), keys)
    return found


@pytest.mark.parametrize("facts_only", [True, False])
def test_what_a_walk_steps_over_are_the_edges_in_sight(store: GraphStore, facts_only: bool) -> None:
    dice = random.Random(17)
    store.put(seeded(17))
    people = [node.key for node in store.nodes_of([NodeKind.SUBJECT])]
    kinds: list[tuple[EdgeKind, ...]] = [(), (EdgeKind.LINKED_TO,), tuple(EdgeKind)[:6]]
    found = 0
    for _ in range(8):
        days = dice.choice([("", ""), ("2026-03-01", ""), ("", "2026-05-01"), ("2026-02-01", "2026-04-01")])
        bounds = Bounds(since=days[0], until=days[1], with_open_leads=not facts_only, kinds=dice.choice(kinds))
        keys = dice.sample(people, 20)
        view = View(store, bounds)
        edges = view.edges(keys)
        right = {(near, edge.other(near)) for edge in edges for near in (edge.start, edge.end) if near in keys}
        assert view.steps(keys) == right, "the ends of what is read with all that is said"
        inside = {edge.other(near) for edge in edges for near in (edge.start, edge.end)} | set(keys)
        assert view.among(keys) == [edge for edge in edges if {edge.start, edge.end} <= set(keys)]
        at = view.among(sorted(inside))
        assert [edge for edge in at if not {edge.start, edge.end}.isdisjoint(keys)] == edges
        found += len(right)
    assert found > 20


def test_who_holds_a_thing_is_whose_edges_end_there(store: GraphStore) -> None:
    store.put(seeded(18))
    for facts_only, since in ((True, ""), (False, ""), (False, "2026-06-01"), (True, "2026-06-01")):
        view = View(store, Bounds(with_open_leads=not facts_only, since=since))
        phones = [node.key for node in store.nodes_of([NodeKind.PHONE])]
        right = {
            phone: tuple(sorted({edge.start for edge in edges}))
            for phone, edges in view.at(phones, (EdgeKind.USES_PHONE,)).items()
        }
        for least in (1, 2):
            held = dict(store.held(NodeKind.PHONE, by=(EdgeKind.USES_PHONE,), least=least, sight=view.sight))
            assert held == {phone: people for phone, people in right.items() if len(people) >= least}
            assert held


@pytest.mark.parametrize("with_open_leads", [True, False])
def test_both_stores_find_the_same_paths(embedded: GraphStore, neo4j: GraphStore, with_open_leads: bool) -> None:
    dice = random.Random(19)
    parts = seeded(19, owners=50)
    for store in (embedded, neo4j):
        store.put(parts)
    people = sorted(key for key in oracle(parts, assessments=with_open_leads) if key.startswith("subject"))
    found = 0
    for _ in range(25):
        pair = dice.sample(people, 2)
        bounds = Bounds(hops=dice.choice([2, 4, 8, 8]), with_open_leads=with_open_leads)
        one, other = (ANALYSES["paths"].ask(View(store, bounds), pair) for store in (embedded, neo4j))
        assert one == other
        found += len(one.rows)
    assert found > 10


@pytest.mark.parametrize("with_open_leads", [True, False])
def test_both_stores_give_the_same_answers(embedded: GraphStore, neo4j: GraphStore, with_open_leads: bool) -> None:
    for store in (embedded, neo4j):
        store.put(seeded(5))
    one, other = answers(embedded, with_open_leads), answers(neo4j, with_open_leads)
    assert one == other
    assert sum(bool(item.rows) for item in one.values()) > 15  # type: ignore[attr-defined]
    assert embedded.counts() == neo4j.counts()


@pytest.mark.slow
def test_the_current_release_gives_the_same_answers(embedded: GraphStore, current_neo4j: GraphStore) -> None:
    parts = seeded(6)
    for store in (embedded, current_neo4j):
        store.put(parts)
        store.put(Contribution(owner=part.owner, links=None) for part in parts[::3])
    assert answers(embedded, True) == answers(current_neo4j, True)
    assert whole(embedded) == whole(current_neo4j)
    assert embedded.counts() == current_neo4j.counts()


@pytest.mark.parametrize("with_open_leads", [True, False])
def test_paths_are_all_the_shortest_ones(embedded: GraphStore, with_open_leads: bool) -> None:
    dice = random.Random(7)
    found_some = 0
    for seed in range(12):
        parts = seeded(100 + seed, owners=40)
        embedded.clear()
        embedded.put(parts)
        graph = oracle(parts, assessments=with_open_leads)
        view = View(embedded, Bounds(hops=8, limit=2_000, with_open_leads=with_open_leads))
        keys = sorted(graph)
        for _ in range(25):
            start, end = dice.sample(keys, 2)
            try:
                right = [path for path in networkx.all_shortest_paths(graph, start, end) if len(path) <= 9]
            except networkx.NetworkXNoPath:
                right = []
            answer = ANALYSES["paths"].ask(view, [start, end])
            assert len(answer.rows) == len(right)
            steps = {frozenset(step) for path in right for step in pairwise(path)}
            assert {frozenset((edge.start, edge.end)) for edge in answer.edges} == steps
            found_some += bool(right)
    assert found_some > 30


def test_expansion_is_everything_within_so_many_hops(embedded: GraphStore) -> None:
    parts = seeded(8)
    embedded.put(parts)
    graph = oracle(parts, assessments=True)
    for start in sorted(graph)[:20]:
        right = networkx.single_source_shortest_path_length(graph, start, cutoff=3)
        answer = ANALYSES["expand"].ask(View(embedded, Bounds(hops=3, limit=2_000, with_open_leads=True)), [start])
        assert {str(row["key"]): row["hops"] for row in answer.rows} == right
        assert not answer.truncated


def test_an_expansion_is_narrowed_by_label_source_and_links(store: GraphStore) -> None:
    parts = seeded(8)
    store.put(parts)
    graph = oracle(parts, assessments=True)
    start = max(sorted(graph), key=graph.degree)

    def reached(hops: int, **narrowed: Any) -> set[str]:
        view = View(store, Bounds(hops=hops, limit=2_000, with_open_leads=True, **narrowed))
        return {str(row["key"]) for row in ANALYSES["expand"].ask(view, [start]).rows} - {start}

    everything = reached(1)
    kinds = {node.kind for node in store.nodes(sorted(everything)).values()}
    assert len(kinds) > 1
    for kind in kinds:
        right = {key for key, node in store.nodes(sorted(everything)).items() if node.kind == kind}
        assert reached(1, labels=(kind,)) == right
    edges = store.edges_of([start])
    said = sorted({item.source for edge in edges for item in edge.provenance})
    assert len(said) > 1
    by_source = {edge.other(start) for edge in edges if any(item.source == said[0] for item in edge.provenance)}
    assert reached(1, sources=(said[0].upper(),)) == by_source & everything
    # A node with more links than the bound is shown; nothing is reached through it alone.
    whole_view = View(store, Bounds(limit=2_000, with_open_leads=True))
    links_of = {key: len(whole_view.edges([key])) for key in sorted(everything)}
    bound = sorted(links_of.values())[len(links_of) // 2]
    through = {key for key, count in links_of.items() if count <= bound}
    assert through < everything
    assert reached(2, most_links=bound) == (everything | {far for key in through for far in graph[key]}) - {start}


def test_a_cut_is_said(embedded: GraphStore) -> None:
    embedded.put(seeded(9))
    graph = oracle(seeded(9), assessments=True)
    start = max(sorted(graph), key=lambda key: len(networkx.node_connected_component(graph, key)))
    answer = ANALYSES["expand"].ask(View(embedded, Bounds(hops=8, limit=5, with_open_leads=True)), [start])
    assert answer.truncated
    assert len(answer.rows) == 5


def test_brokers_and_communities_are_those_of_the_graph(embedded: GraphStore) -> None:
    # Two families of five, each of whom is linked to each, and one link between the families.
    pairs = [(f"subject:{house}{a}", f"subject:{house}{b}") for house in "ab" for a, b in combinations(range(5), 2)]
    pairs.append(("subject:a0", "subject:b0"))
    edges = [Edge(kind=EdgeKind.LINKED_TO, start=one, end=other, source="x") for one, other in pairs]
    keys = sorted({key for pair in pairs for key in pair})
    nodes = [Node(kind=NodeKind.SUBJECT, key=key, label=key, source="x") for key in keys]
    embedded.put([Contribution(owner="x", links=links(nodes, edges))])
    view = View(embedded, Bounds(hops=8, limit=2_000))
    brokers = ANALYSES["brokers"].ask(view, ["subject:a1"]).rows
    right = networkx.betweenness_centrality(networkx.Graph(pairs))
    assert {str(row["key"]): row["betweenness"] for row in brokers} == {
        key: f"{value:.4f}" for key, value in right.items() if value > 0
    }
    assert {row["key"] for row in brokers} == {"subject:a0", "subject:b0"}
    rows = ANALYSES["communities"].ask(view, ["subject:a1"]).rows
    assert [(row["community"], row["key"]) for row in rows] == [(1 + (key[8] == "b"), key) for key in keys]


def test_open_leads_stay_outside_unless_asked_for(embedded: GraphStore) -> None:
    parts = seeded(10)
    embedded.put(parts)
    facts = set(oracle(parts, assessments=False))
    for key in sorted(facts):
        answer = ANALYSES["neighbours"].ask(View(embedded, Bounds()), [key])
        assert {node.key for node in answer.nodes} <= facts
        assert all(edge.fact for edge in answer.edges)
