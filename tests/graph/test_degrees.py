"""Links counted in the store are as many as are read from it."""

from __future__ import annotations

from collections import Counter
from itertools import product

import pytest

from netpursuit.links.views import Bounds, View
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records.graph import EdgeKind
from tests.graph.seeded import seeded

pytestmark = pytest.mark.xdist_group("neo4j")


DAYS = (("", ""), ("2026-03-01", ""), ("", "2026-03-01"), ("2026-02-01", "2026-04-01"))


def test_degrees_are_what_a_view_shows(store: GraphStore) -> None:
    parts = seeded(7)
    store.put(parts)
    keys = sorted({node.key for part in parts for node in (part.links.nodes if part.links else ())})
    seen = set()
    for (since, until), open_leads in product(DAYS, (False, True)):
        view = View(store, Bounds(with_open_leads=open_leads, since=since, until=until))
        expected: Counter[tuple[str, str, str]] = Counter()
        for edge in view.edges(keys, tuple(EdgeKind)):
            for near in {edge.start, edge.end}:
                far = view.node(edge.other(near))
                assert far is not None
                expected[near, str(edge.kind), str(far.kind)] += 1
        counted = store.degrees([*keys, "nobody:1"], sight=view.sight)
        assert counted == [(*at, expected[at]) for at in sorted(expected)]
        seen.add(sum(expected.values()))
    assert len(seen) > 4, "days and open leads make a difference"
