"""Claims, the rows in which both graph stores keep who says what, and the nodes and edges that they make."""

from __future__ import annotations

from collections.abc import Iterable

from netpursuit.records.graph import (
    Contribution,
    Edge,
    EdgeKind,
    GraphEdge,
    GraphNode,
    LinkSet,
    Node,
    NodeKind,
    Provenance,
)

# kind, key, label, source, fact, seen_from, seen_to, case
NodeClaim = tuple[str, str, str, str, bool, str, str, str]
# start, kind, end, source, fact, seen_from, seen_to, note, case
EdgeClaim = tuple[str, str, str, str, bool, str, str, str, str]


def fold_label(text: str) -> str:
    """A label as it is looked up: capitals and spaces aside."""
    return " ".join(text.casefold().split())


def nodes_of_claims(claims: Iterable[NodeClaim]) -> list[GraphNode]:
    """Nodes by key; the label is that of the first fact, by source, or else of the first claim; a case's come last."""
    stated: dict[str, list[tuple[bool, str, str, str, Provenance, str]]] = {}
    for kind, key, label, source, fact, seen_from, seen_to, case_id in claims:
        said = Provenance(source=source, fact=bool(fact), seen_from=seen_from, seen_to=seen_to, case_id=case_id)
        stated.setdefault(key, []).append((not fact, case_id, source, label, said, kind))
    found = []
    for key in sorted(stated):
        first = min(stated[key], key=lambda claim: claim[:5])
        provenance = tuple(sorted({claim[4] for claim in stated[key]}))
        found.append(GraphNode(kind=NodeKind(first[5]), key=key, label=first[3], provenance=provenance))
    return found


def edges_of_claims(claims: Iterable[EdgeClaim]) -> tuple[GraphEdge, ...]:
    """Edges by kind, start and end."""
    stated: dict[tuple[str, str, str], set[Provenance]] = {}
    for start, kind, end, source, fact, a, b, note, case_id in claims:
        stated.setdefault((kind, start, end), set()).add(
            Provenance(source=source, fact=bool(fact), seen_from=a, seen_to=b, note=note, case_id=case_id)
        )
    return tuple(
        GraphEdge(kind=EdgeKind(kind), start=start, end=end, provenance=tuple(sorted(stated[kind, start, end])))
        for kind, start, end in sorted(stated)
    )


def contributions_of(
    owners: Iterable[str], nodes: Iterable[tuple[str, *NodeClaim]], edges: Iterable[tuple[str, *EdgeClaim]]
) -> dict[str, Contribution]:
    """Claims, each behind the name of its owner, as what every owner brought."""
    cases: dict[str, set[str]] = {owner: set() for owner in owners}
    own_nodes: dict[str, list[Node]] = {owner: [] for owner in cases}
    own_edges: dict[str, list[Edge]] = {owner: [] for owner in own_nodes}
    for owner, kind, key, label, source, fact, a, b, case_id in nodes:
        cases[owner].add(case_id)
        own_nodes[owner].append(
            Node(kind=NodeKind(kind), key=key, label=label, source=source, fact=bool(fact), seen_from=a, seen_to=b)
        )
    for owner, start, kind, end, source, fact, a, b, note, case_id in edges:
        cases[owner].add(case_id)
        own_edges[owner].append(
            Edge(
                kind=EdgeKind(kind),
                start=start,
                end=end,
                source=source,
                fact=bool(fact),
                seen_from=a,
                seen_to=b,
                note=note,
            )
        )
    return {
        owner: Contribution(
            owner=owner,
            links=LinkSet(
                nodes=tuple(sorted(own_nodes[owner], key=lambda node: node.key)),
                edges=tuple(sorted(own_edges[owner], key=lambda edge: (edge.kind, edge.start, edge.end))),
            ),
            # One, unless somebody has changed the store.
            case_id="|".join(sorted(cases[owner])),
        )
        for owner in own_nodes
        if own_nodes[owner] or own_edges[owner]
    }
