"""The case in the link graph: a node that only its own case sees, and what was brought in under it."""

from __future__ import annotations

from collections.abc import Iterable

from netpursuit.links.keys import NORMALISER
from netpursuit.records.graph import Edge, EdgeKind, LinkSet, Node, NodeKind


def case_key(case_id: str) -> str:
    """The node key of a case."""
    return f"case:{NORMALISER}:{case_id}"


def opened_in(links: LinkSet, case_id: str, keys: Iterable[str]) -> LinkSet:
    """The links with a node of the case, and an edge to it from each of these nodes.

    The node bears the id of the case and nothing of its title or purpose, which may name somebody.
    """
    source, key = f"case {case_id}", case_key(case_id)
    nodes = {node.key: node for node in links.nodes}
    nodes[key] = Node(kind=NodeKind.CASE, key=key, label=case_id, source=source)
    edges = {(edge.kind, edge.start, edge.end): edge for edge in links.edges}
    for start in keys:
        edge = Edge(kind=EdgeKind.OPENED_IN, start=start, end=key, source=source)
        edges[edge.kind, start, key] = edge
    return LinkSet(
        nodes=tuple(nodes[own] for own in sorted(nodes)), edges=tuple(edges[place] for place in sorted(edges))
    )
