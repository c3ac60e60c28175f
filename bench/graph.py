"""How fast the link graph answers: one seeded graph in both stores, in one run.

``python -m bench.graph [--people N] [--neo4j] [--seed N]`` prints, for each store: contributions and edges written a
second, one hop, two hops, all shortest paths up to six hops (p50 and p95, milliseconds), and what is on disk. With
``--neo4j`` a server is fetched and started as for the tests.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from netpursuit.links.analyses import ANALYSES
from netpursuit.links.views import Bounds, View
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records.graph import Contribution, Edge, EdgeKind, LinkSet, Node, NodeKind

_AT_ONCE = 5_000
_ASKED = 200
_THINGS = (
    (NodeKind.RENTAL_UNIT, EdgeKind.STAYED_AT, 1.2),
    (NodeKind.PHONE, EdgeKind.USES_PHONE, 1.5),
    (NodeKind.DOCUMENT, EdgeKind.HOLDS_DOCUMENT, 0.95),
)


def contributions(people: int, seed: int) -> Iterator[Contribution]:
    """One person each, with a unit, telephones and documents from stocks in which few are shared by many."""
    dice = random.Random(seed)
    for person in range(people):
        source = f"feed bench, registration {person}"
        own = Node(kind=NodeKind.SUBJECT, key=f"subject:{person:07}", label=f"Person {person}", source=source)
        nodes, edges = {own.key: own}, {}
        for kind, edge_kind, share in _THINGS:
            for _ in range(1 + (dice.random() < 0.4)):
                number = min(int(people * share * dice.random()), int(people * share * dice.random() * 2))
                key = f"{kind.value.lower()}:{number:07}"
                nodes[key] = Node(kind=kind, key=key, label=f"{kind.value} {number}", source=source)
                edges[edge_kind, key] = Edge(
                    kind=edge_kind, start=own.key, end=key, source=source, seen_from=f"2026-{1 + person % 12:02}-01"
                )
        yield Contribution(
            owner=f"lead:{person}",
            links=LinkSet(
                nodes=tuple(nodes[key] for key in sorted(nodes)), edges=tuple(edges[key] for key in sorted(edges))
            ),
        )


def load(store: GraphStore, people: int, seed: int) -> tuple[float, int]:
    """Seconds to write all contributions, and the edges they hold."""
    lot: list[Contribution] = []
    edges, spent = 0, 0.0

    def write() -> float:
        began = time.perf_counter()
        store.put(lot)
        lot.clear()
        return time.perf_counter() - began

    for part in contributions(people, seed):
        lot.append(part)
        edges += len(part.links.edges) if part.links else 0
        if len(lot) == _AT_ONCE:
            spent += write()
    return spent + (write() if lot else 0.0), edges


def percentiles(asks: Sequence[Callable[[], object]]) -> str:
    spent = []
    for ask in asks:
        began = time.perf_counter()
        ask()
        spent.append((time.perf_counter() - began) * 1e3)
    return f"p50 {np.percentile(spent, 50):8.2f} ms  p95 {np.percentile(spent, 95):8.2f} ms"


def measure(store: GraphStore, people: int, seed: int) -> None:
    seconds, edges = load(store, people, seed)
    counts = store.counts()
    nodes = sum(count for name, count in counts.items() if name.startswith("node."))
    print(f"{store.name}: {nodes} nodes, {edges} edges; {edges / seconds:,.0f} edges/s written")
    dice = random.Random(seed + 1)
    keys = [f"subject:{dice.randrange(people):07}" for _ in range(2 * _ASKED)]

    def asking(name: str, hops: int, asked: list[str]) -> Callable[[], object]:
        return lambda: ANALYSES[name].ask(View(store, Bounds(hops=hops, limit=2_000)), asked)

    for label, name, hops in (("one hop", "neighbours", 1), ("two hops", "expand", 2)):
        print(f"  {label:24}{percentiles([asking(name, hops, [key]) for key in keys[:_ASKED]])}")
    pairs = zip(keys[:_ASKED], keys[_ASKED:], strict=True)
    print(f"  {'paths up to six hops':24}{percentiles([asking('paths', 6, list(pair)) for pair in pairs])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    parser.add_argument("--neo4j", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    from netpursuit.stores.graph_neo4j import Neo4jGraph
    from netpursuit.stores.graph_sqlite import SqliteGraph
    from tools.neo4j_server import running

    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        embedded = SqliteGraph(folder / "graph.sqlite")
        stack.callback(embedded.close)
        measure(embedded, options.people, options.seed)
        print(f"  on disk {sum(file.stat().st_size for file in folder.iterdir()) / 1e6:.0f} MB")
        if options.neo4j:
            server = stack.enter_context(running())
            store = Neo4jGraph(server.uri, "neo4j", server.password)
            stack.callback(store.close)
            measure(store, options.people, options.seed)


if __name__ == "__main__":
    main()
