"""How fast the link graph answers: one seeded graph (``bench.graph_job``) in both stores, in one run.

``python -m bench.graph [--share 1.0] [--stores embedded neo4j] [--save]`` fills the stores and prints, with target and
whether it is met: edges written a second, 10,000 edges upserted into the full graph, one hop, two hops and all shortest
paths up to six hops, each with all that is stated (p50 over many questions, wall and processor time), and for the
server every analysis beside hand-tuned Cypher (``bench.graph_cypher``), asked in turn and checked to answer the same
nodes and edges. ``--save`` keeps the figures in ``bench/results/graph.json``. The load of the machine stands with them.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.graph_job import Size, contributions, entry_key, subject_key
from netpursuit.links.analyses import ANALYSES
from netpursuit.links.views import Bounds, Findings, View
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records.graph import Contribution

if TYPE_CHECKING:
    from bench.graph_cypher import Hand

RESULTS = Path(__file__).parent / "results"
_AT_ONCE = 5_000
_UPSERTED = 10_000
_ASKED = 400
_AGAIN = 5
_BOUNDS = Bounds(hops=2, limit=2_000, with_open_leads=True)
_HOPS = {"neighbours": 1, "paths": 6, "new-since": 1}
_PAIRS = ("paths", "common", "between")
_WHOLE = ("hubs", "landlords")


@dataclass(slots=True)
class Report:
    """Figures by name, each with its target where it has one: [figure, unit, target, met]."""

    rows: dict[str, list[Any]] = field(default_factory=dict)
    load: list[float] = field(default_factory=list)

    def add(self, name: str, figure: float, unit: str, target: float | None = None, *, least: bool = False) -> None:
        met = None if target is None else figure >= target if least else figure <= target
        self.rows[name] = [round(figure, 3), unit, target, met]
        said = "" if target is None else f"  target {'>=' if least else '<='} {target:g}: {'met' if met else 'NOT MET'}"
        print(f"{name:<62}{figure:>12,.3f} {unit}{said}", flush=True)
        self.load.append(round(os.getloadavg()[0], 1))

    def save(self, store: str, share: float) -> None:
        """Keep a store's figures beside those of the other, with the least and the most load meanwhile."""
        place = RESULTS / "graph.json"
        kept = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
        kept[store] = {
            "date": time.strftime("%Y-%m-%d"),
            "share": share,
            "load of two cores": [min(self.load), max(self.load)],
            "figures": self.rows,
        }
        place.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def fill(store: GraphStore, size: Size, seed: int, report: Report, target: float | None) -> None:
    """Write the whole graph in lots, only the writing timed."""
    parts, edges, spent, worked = contributions(size, seed), 0, 0.0, 0.0
    while lot := list(islice(parts, _AT_ONCE)):
        edges += sum(len(part.links.edges) for part in lot if part.links)
        began, busy = time.perf_counter(), time.process_time()
        store.put(lot)
        spent, worked = spent + time.perf_counter() - began, worked + time.process_time() - busy
    counts = store.counts()
    nodes = sum(count for name, count in counts.items() if name.startswith("node."))
    report.add(f"{store.name}: nodes", nodes, "")
    report.add(f"{store.name}: edges", sum(counts.values()) - nodes, "")
    report.add(f"{store.name}: filling, edges as stated", edges / spent, "edges/s", target, least=True)
    report.add(f"{store.name}: filling, of the program's processor time", edges / worked, "edges/s")


def upsert(store: GraphStore, size: Size, seed: int, report: Report, target: float | None) -> None:
    """Ten thousand edges of leads that are new and of leads that changed, into the full graph, in one transaction."""
    spent, worked = [], []
    for attempt in range(3):
        lot: list[Contribution] = []
        edges = 0
        for part in islice(contributions(size, seed + 1 + attempt), size.entries, None):
            owner = part.owner if edges % 2 else f"{part.owner}-{attempt}"  # every other one replaces what is there
            lot.append(Contribution(owner=owner, links=part.links))
            edges += len(part.links.edges) if part.links else 0
            if edges >= _UPSERTED:
                break
        began, busy = time.perf_counter(), time.process_time()
        store.put(lot)
        spent.append((time.perf_counter() - began) / edges * _UPSERTED)
        worked.append((time.process_time() - busy) / edges * _UPSERTED)
    report.add(f"{store.name}: 10,000 edges upserted, best of three", min(spent), "s", target)
    report.add(f"{store.name}: the same, the program's processor time", min(worked), "s")


def timed(ask: Callable[[], Any]) -> tuple[float, float, Any]:
    """Milliseconds of wall and of processor time, and the answer."""
    began, busy = time.perf_counter(), time.process_time()
    answer = ask()
    return (time.perf_counter() - began) * 1e3, (time.process_time() - busy) * 1e3, answer


def _ask(store: GraphStore, name: str, bounds: Bounds, nodes: Sequence[str]) -> Findings:
    return ANALYSES[name].ask(View(store, bounds), nodes)


def walks(store: GraphStore, size: Size, seed: int, report: Report) -> None:
    dice = random.Random(seed + 1)
    keys = [_somebody(dice, size) for _ in range(2 * _ASKED)]
    pairs = [list(pair) for pair in zip(keys[:_ASKED], keys[_ASKED:], strict=True)]
    for label, name, asked, target in (
        ("one hop", "neighbours", [[key] for key in keys[:_ASKED]], 0.15),
        ("two hops", "expand", [[key] for key in keys[:_ASKED]], 0.8),
        ("all shortest paths up to six hops", "paths", pairs, 5.0),
    ):
        bounds = replace(_BOUNDS, hops=_HOPS.get(name, 2))
        found = [timed(partial(_ask, store, name, bounds, nodes)) for nodes in asked]
        wall, busy = [item[0] for item in found], [item[1] for item in found]
        # Beside others' work the least of several says more of the program than any one of them.
        least = [min(timed(partial(_ask, store, name, bounds, nodes))[0] for _ in range(_AGAIN)) for nodes in asked]
        said = sum(len(node.provenance) for *_, item in found for node in (*item.nodes, *item.edges)) / len(found)
        report.add(f"{store.name}: {label}, p50", float(np.percentile(wall, 50)), "ms", target)
        report.add(f"{store.name}: {label}, p50 of processor time", float(np.percentile(busy, 50)), "ms")
        report.add(f"{store.name}: {label}, p50 of the best of {_AGAIN}", float(np.percentile(least, 50)), "ms")
        report.add(f"{store.name}: {label}, p95", float(np.percentile(wall, 95)), "ms")
        report.add(f"{store.name}: {label}, statements in an answer", said, "")


def _somebody(dice: random.Random, size: Size) -> str:
    if dice.random() < 0.5:
        return subject_key(dice.randrange(size.registrations), 0)
    return entry_key(dice.randrange(size.entries))


def beside_cypher(store: GraphStore, hand: Hand, size: Size, seed: int, report: Report, asked: int = 60) -> None:
    """Every analysis by the program and by hand-tuned Cypher in turn, on the same questions."""
    dice = random.Random(seed + 2)
    for name in (name for name in ANALYSES if name != "calls"):  # nobody calls anybody in this graph
        ours, theirs, same, cut = [], [], 0, 0
        questions = list(_questions(name, dice, size, 3 if name in _WHOLE else asked))
        bounds = replace(_BOUNDS, hops=_HOPS.get(name, 2), limit=200 if name in _WHOLE else 2_000)
        if name == "new-since":
            bounds = replace(bounds, since="2026-01-01")
        for nodes in questions:
            one = timed(partial(_ask, store, name, bounds, nodes))
            other = timed(partial(hand.ask, name, nodes, bounds))
            found = one[2]
            if found.truncated and name not in _WHOLE:
                cut += 1
                continue
            ours.append(one[0])
            theirs.append(other[0])
            answer = {*nodes, *(node.key for node in found.nodes)}, {edge.at for edge in found.edges}
            same += answer == ({*nodes, *other[2][0]}, other[2][1])
        if same != len(ours):
            print(f"!! {name}: {len(ours) - same} of {len(ours)} answers differ from the Cypher by hand")
        half, own = float(np.percentile(theirs, 50)), float(np.percentile(ours, 50))
        report.add(f"neo4j: {name}, p50 ({same} of {len(ours)} the same; {cut} cut)", own, "ms")
        report.add(f"neo4j: {name}, Cypher by hand, p50", half, "ms")
        report.add(f"neo4j: {name}, times as long as by hand", own / half, "x", 5)


def _questions(name: str, dice: random.Random, size: Size, count: int) -> Iterator[list[str]]:
    for _ in range(count):
        number = dice.randrange(size.registrations)
        if name in _WHOLE:
            yield []
        elif name in ("common", "between"):
            yield [subject_key(number, 0), subject_key(number, 1), subject_key(number, 2)]
        elif name in _PAIRS:
            yield [subject_key(number, 0), entry_key(dice.randrange(size.entries))]
        else:
            yield [subject_key(number, 0)]


def embedded_figures(size: Size, seed: int, report: Report) -> None:
    from netpursuit.stores.graph_sqlite import SqliteGraph

    with tempfile.TemporaryDirectory() as name:
        store = SqliteGraph(Path(name) / "graph.sqlite")
        fill(store, size, seed, report, None)
        report.add("embedded: on disk", sum(file.stat().st_size for file in Path(name).iterdir()) / 1e6, "MB")
        walks(store, size, seed, report)
        upsert(store, size, seed, report, 1.0)
        store.close()


def neo4j_figures(size: Size, seed: int, report: Report) -> None:
    from neo4j import GraphDatabase

    from bench.graph_cypher import Hand
    from netpursuit.stores.graph_neo4j import Neo4jGraph
    from tools.neo4j_server import running

    with ExitStack() as stack:
        server = stack.enter_context(running())
        store = Neo4jGraph(server.uri, "neo4j", server.password)
        stack.callback(store.close)
        fill(store, size, seed, report, 20_000)
        driver = stack.enter_context(
            GraphDatabase.driver(server.uri, auth=("neo4j", server.password), notifications_min_severity="OFF")
        )
        beside_cypher(store, Hand(driver), size, seed, Report(), asked=10)  # the server plans and compiles
        beside_cypher(store, Hand(driver), size, seed + 1, report)
        upsert(store, size, seed, report, None)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--share", type=float, default=0.05, help="1.0: some 650,000 nodes and 1.5 M edges")
    parser.add_argument("--stores", nargs="+", choices=("embedded", "neo4j"), default=("embedded", "neo4j"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save", action="store_true")
    options = parser.parse_args(arguments)
    for name in options.stores:
        report = Report()
        (embedded_figures if name == "embedded" else neo4j_figures)(Size(share=options.share), options.seed, report)
        print(f"load of the machine (two cores) meanwhile: {min(report.load)} to {max(report.load)}", flush=True)
        if options.save:
            report.save(name, options.share)


if __name__ == "__main__":
    main()
