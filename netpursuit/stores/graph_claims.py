"""Claims, the rows in which both graph stores keep who says what, and the nodes and edges that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

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

_NODE_KINDS = {kind.value: kind for kind in NodeKind}
_EDGE_KINDS = {kind.value: kind for kind in EdgeKind}


def fold_label(text: str) -> str:
    """A label as it is looked up: capitals and spaces aside."""
    return " ".join(text.casefold().split())


class _Statements(dict[tuple[Any, ...], Provenance]):
    """One record for all that state the same: of a list, or of one registration, most nodes of an answer do."""

    def __missing__(self, said: tuple[Any, ...]) -> Provenance:
        source, fact, seen_from, seen_to, note, case_id = said
        made = self[said] = Provenance(source, bool(fact), seen_from, seen_to, note, (), case_id)
        return made


def nodes_of_claims(claims: Iterable[Sequence[Any]]) -> list[GraphNode]:
    """Nodes by key, of rows such as ``NodeClaim``; the label is that of the first fact, by source, or else of the first
    claim; a case's come last."""
    stated: dict[str, list[Sequence[Any]]] = {}
    for claim in claims:
        if claim[1] in stated:
            stated[claim[1]].append(claim)
        else:
            stated[claim[1]] = [claim]
    found, statements = [], _Statements()
    for key in sorted(stated):
        rows = stated[key]
        kind, _, label, source, fact, seen_from, seen_to, case_id = rows[0]
        said = [(source, fact, seen_from, seen_to, "", case_id)]
        if len(rows) > 1:
            label = min((not row[4], row[7], row[3], row[2]) for row in rows)[3]
            said = sorted({(*row[3:7], "", row[7]) for row in rows})
        found.append(GraphNode(_NODE_KINDS[kind], key, label, tuple(map(statements.__getitem__, said))))
    return found


def edges_of_claims(claims: Iterable[Sequence[Any]]) -> tuple[GraphEdge, ...]:
    """Edges by kind, start and end, of rows such as ``EdgeClaim``, perhaps repeated."""
    stated: dict[tuple[str, str, str], set[tuple[Any, ...]]] = {}
    for claim in claims:
        at = claim[1], claim[0], claim[2]
        if at in stated:
            stated[at].add(tuple(claim[3:]))
        else:
            stated[at] = {tuple(claim[3:])}
    found, statements = [], _Statements()
    for at in sorted(stated):
        provenance = tuple(map(statements.__getitem__, sorted(stated[at])))
        found.append(GraphEdge(_EDGE_KINDS[at[0]], at[1], at[2], provenance))
    return tuple(found)


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
