"""The file of an imported graph: what was written is read, and NetworkX says independently what is right."""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import networkx
import pytest

from netpursuit.errors import InputError, StorageError
from netpursuit.links.analyses import ANALYSES
from netpursuit.links.views import Bounds, View
from netpursuit.records.imports import ImportedEdge, ImportedNode, LeftOut, SourceFile
from netpursuit.stores.graph_imported import ImportedFile, ImportedFolder

HOSTILE = "'}) DETACH DELETE n //"


@dataclass
class Rows:
    """Tables from memory; ``fails`` after so many links."""

    all_nodes: Sequence[ImportedNode]
    all_edges: Sequence[ImportedEdge]
    fails: int | None = None
    source: str = "memory"
    files: tuple[SourceFile, ...] = (SourceFile(name="a.csv", digest="0" * 64),)

    def nodes(self) -> Iterator[ImportedNode]:
        return iter(self.all_nodes)

    def edges(self) -> Iterator[ImportedEdge]:
        for number, edge in enumerate(self.all_edges):
            if number == self.fails:
                raise InputError("wrong", where="a.csv", line=number)
            yield edge

    def left_out(self) -> LeftOut:
        return LeftOut()


def seeded(seed: int, size: int = 80) -> Rows:
    dice = random.Random(seed)
    nodes = [
        ImportedNode(key=f"N:{n}", own=str(n), labels=("N", "Odd")[: 1 + n % 2], name=f"Node {n % 70}", file=0, line=n)
        for n in range(size)
    ]
    edges = [
        ImportedEdge(
            kind=dice.choice(("A", "B")),
            start=f"N:{dice.randrange(size)}",
            end=f"N:{dice.randrange(size)}",
            file=0,
            line=line,
            properties=(("n", str(line)),),
        )
        for line in range(size * 3 // 2)
    ]
    return Rows(nodes, edges)


def opened(tmp_path: Path, rows: Rows) -> ImportedFile:
    folder = ImportedFolder(tmp_path / "graphs")
    place, nodes, edges = folder.write("g", rows)
    assert (nodes, edges) == (len(rows.all_nodes), len(rows.all_edges))
    return folder.open(place)


def oracle(rows: Rows) -> networkx.Graph[str]:
    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(node.key for node in rows.all_nodes)
    graph.add_edges_from((edge.start, edge.end) for edge in rows.all_edges)
    return graph


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_walks_agree_with_networkx(tmp_path: Path, seed: int) -> None:
    rows = seeded(seed)
    store, graph = opened(tmp_path, rows), oracle(rows)
    view = View(store, Bounds(hops=8, limit=1_000), free=True)
    dice = random.Random(seed)
    for _ in range(20):
        one, other = dice.sample(sorted(graph), 2)
        found = ANALYSES["paths"].ask(view, [one, other])
        if networkx.has_path(graph, one, other) and networkx.shortest_path_length(graph, one, other) <= 8:
            right = list(networkx.all_shortest_paths(graph, one, other))
            assert {row["hops"] for row in found.rows} == {len(right[0]) - 1}
            assert len(found.rows) == len(right)
            steps = {frozenset(step) for path in right for step in pairwise(path)}
            assert {frozenset((edge.start, edge.end)) for edge in found.edges} == steps
        else:
            assert found.rows == ()
        near = ANALYSES["expand"].ask(View(store, Bounds(hops=2, limit=1_000), free=True), [one])
        assert {node.key for node in near.nodes} == set(
            networkx.single_source_shortest_path_length(graph, one, cutoff=2)
        )
    store.close()


def test_every_link_is_there_once_with_all_its_statements(tmp_path: Path) -> None:
    rows = seeded(4)
    store = opened(tmp_path, rows)
    stated = Counter((edge.kind, edge.start, edge.end) for edge in rows.all_edges)
    found = store.edges_of([node.key for node in rows.all_nodes])
    assert {edge.at: len(edge.provenance) for edge in found} == stated
    assert list(found) == sorted(found, key=lambda edge: edge.at)
    only = store.edges_of(["N:1"], kinds=["A"])
    assert {edge.at for edge in only} == {at for at in stated if at[0] == "A" and "N:1" in at[1:]}
    assert len(store.edges_of(["N:1", "N:2", "N:3"], limit=2)) == 2
    assert store.types() == ("A", "B")
    assert store.labels() == ("N", "Odd")
    store.close()


def test_nodes_by_key_kind_id_and_name(tmp_path: Path) -> None:
    store = opened(tmp_path, seeded(5, 1_200))
    assert store.nodes(["N:7", "N:none"]).keys() == {"N:7"}
    assert [node.key for node in store.nodes_of(["N"])] == sorted(f"N:{n}" for n in range(1_200))
    assert [node.key for node in store.with_id("7", ())] == ["N:7"]
    assert [node.key for node in store.with_id("7", ("Odd",))] == ["N:7"]
    assert store.with_id("8", ("Odd",)) == ()
    assert len(store.named("NODE  3", (), 5)) == 5
    assert {node.key for node in store.named("node 3", ("Odd",), 50)} == {
        f"N:{n}" for n in range(1_200) if n % 70 == 3 and n % 2
    }
    assert store.labels_of("N:7") == ("N", "Odd")
    assert store.labels_of("none") == ()
    store.close()


def test_hostile_values_are_values(tmp_path: Path) -> None:
    node = ImportedNode(
        key=HOSTILE, own=HOSTILE, labels=(HOSTILE,), name=HOSTILE, file=0, line=1, properties=((HOSTILE, HOSTILE),)
    )
    edge = ImportedEdge(kind=HOSTILE, start=HOSTILE, end=HOSTILE, file=0, line=2)
    store = opened(tmp_path, Rows([node], [edge]))
    (found,) = store.named(HOSTILE, (HOSTILE,), 5)
    assert (found.key, found.label, found.provenance[0].properties) == (HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),))
    assert [link.at for link in store.edges_of([HOSTILE], kinds=[HOSTILE])] == [(HOSTILE, HOSTILE, HOSTILE)]
    store.close()


@pytest.mark.parametrize("fails", [0, 50])
def test_a_write_that_fails_leaves_no_file(tmp_path: Path, fails: int) -> None:
    rows = seeded(6)
    rows.fails = fails
    folder = ImportedFolder(tmp_path / "graphs")
    with pytest.raises(InputError):
        folder.write("g", rows)
    assert list((tmp_path / "graphs").iterdir()) == []


def test_a_place_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    folder = ImportedFolder(tmp_path / "graphs")
    with pytest.raises(StorageError):
        folder.open("g.sqlite")
    assert not (tmp_path / "graphs").exists()
    folder.remove("g.sqlite")
    folder.sweep(set())


def test_a_sweep_spares_what_is_known_and_what_is_being_written(tmp_path: Path) -> None:
    folder = ImportedFolder(tmp_path / "graphs")
    known, _, _ = folder.write("known", seeded(7))
    old, _, _ = folder.write("old", seeded(7))
    fresh, _, _ = folder.write("fresh", seeded(7))
    for place in (known, old):
        os.utime(tmp_path / "graphs" / place, (time.time() - 7_200,) * 2)
    folder.sweep({known})
    assert {path.name for path in (tmp_path / "graphs").iterdir()} == {known, fresh}
