"""A seeded link graph of invented people, their stays, documents and telephones, brought by many owners."""

from __future__ import annotations

import random
from datetime import date, timedelta

from netpursuit.records.graph import Contribution, Edge, EdgeKind, LinkSet, Node, NodeKind

HOLDS = {
    NodeKind.DOCUMENT: EdgeKind.HOLDS_DOCUMENT,
    NodeKind.PHONE: EdgeKind.USES_PHONE,
    NodeKind.RENTAL_UNIT: EdgeKind.STAYED_AT,
}


def links(nodes: list[Node], edges: list[Edge]) -> LinkSet:
    kept_nodes = {node.key: node for node in nodes}
    kept_edges = {(edge.kind, edge.start, edge.end): edge for edge in edges}
    return LinkSet(
        nodes=tuple(kept_nodes[key] for key in sorted(kept_nodes)),
        edges=tuple(kept_edges[key] for key in sorted(kept_edges)),
    )


def seeded(seed: int, owners: int = 60) -> list[Contribution]:
    """Each owner brings one person, half of them assessments, with things drawn from a small stock."""
    dice = random.Random(seed)
    parts = []
    for owner in range(owners):
        fact = dice.random() < 0.5
        source = f"lead L-{owner:04}"
        person = Node(
            kind=NodeKind.SUBJECT, key=f"subject:{owner:04}", label=f"Person {owner}", source=source, fact=fact
        )
        nodes, edges = [person], []
        for kind, edge_kind in HOLDS.items():
            for _ in range(dice.randrange(3)):
                number = dice.randrange(owners // 2)
                thing = Node(kind=kind, key=f"{kind.value}:{number:04}", label=f"{kind.value} {number}", source=source)
                first = date(2026, 1, 1) + timedelta(days=dice.randrange(300))
                last = first + timedelta(days=dice.randrange(120))
                nodes.append(thing)
                edges.append(
                    Edge(
                        kind=edge_kind,
                        start=person.key,
                        end=thing.key,
                        source=source,
                        fact=fact or dice.random() < 0.5,
                        seen_from=first.isoformat(),
                        seen_to=last.isoformat() if dice.random() < 0.8 else "",
                    )
                )
        if owner and dice.random() < 0.4:  # an edge to a person whom another owner brings
            other = f"subject:{dice.randrange(owner):04}"
            edges.append(Edge(kind=EdgeKind.LINKED_TO, start=person.key, end=other, source=source, note="associate"))
        parts.append(Contribution(owner=f"lead:L-{owner:04}", links=links(nodes, edges)))
    return parts
