"""What is new around some nodes since a day.

New is what no source states before the day. A statement without a date tells nothing by itself, yet no link is older
than the younger of its ends: what a registration of May says of a person is not from April. A thing without a date (a
telephone, a unit) is as old as the oldest link at it; where one of them has no date at all, nobody knows, and it is not
called new. The days are those that sources state, not those on which the graph learnt of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from netpursuit.links.views import Findings, Row, View, describe, sources
from netpursuit.links.walks import expand
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind

UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class _New:
    row: Row
    node: str = ""
    edge: GraphEdge | None = None


def new_since(view: View, keys: Sequence[str]) -> Findings:
    """The nodes and links within ``hops`` of these nodes that are first seen on or after ``bounds.since``, in order of
    their days; one row each. The way there may lead over what is older."""
    # Whether a thing is new is judged by all that is visible of it, ended links too: a telephone that somebody else
    # used years ago is no new telephone.
    near_view = replace(view, bounds=replace(view.bounds, since=""))
    whole = replace(view, bounds=replace(view.bounds, since="", until="", kinds=()))
    near = expand(near_view, keys)
    days = _Days(whole)
    days.read(near.nodes, near.edges)
    found = [
        _New({"from": days.of_node(node), **describe(node), "source": sources(node)}, node=node.key)
        for node in near.nodes
        if days.of_node(node) >= view.bounds.since
    ]
    nodes = {node.key: node for node in near.nodes}
    found += [
        _New(
            {
                "from": days.of_edge(edge),
                "kind": str(edge.kind),
                "key": "",
                "label": f"{nodes[edge.start].label} — {nodes[edge.end].label}",
                "fact": edge.fact,
                "source": sources(edge),
            },
            edge=edge,
        )
        for edge in near.edges
        if days.of_edge(edge) >= view.bounds.since
    ]
    found = [item for item in found if not view.bounds.until or str(item.row["from"]) <= view.bounds.until]
    found.sort(key=_place)
    view.truncated |= near.truncated or whole.truncated
    rows = [item.row for item in found]
    shown = found[: len(view.cut(rows))]
    edges = [item.edge for item in shown if item.edge is not None]
    return view.findings(rows, edges, [*keys, *(item.node for item in shown if item.node)])


def _place(item: _New) -> tuple[str, bool, str, tuple[str, ...]]:
    """By day; on one day nodes before links."""
    return str(item.row["from"]), item.edge is not None, item.node, item.edge.at if item.edge else ()


@dataclass(slots=True)
class _Days:
    """On which day nodes and links are first seen, as far as sources state it."""

    view: View
    nodes: dict[str, GraphNode] = field(default_factory=dict)
    at: dict[str, list[GraphEdge]] = field(default_factory=lambda: defaultdict(list))

    def read(self, nodes: Iterable[GraphNode], edges: Iterable[GraphEdge]) -> None:
        """All links at these nodes that bear no day themselves, and at the units of houses among them."""
        # What hangs on a list or a case is no sign of its age.
        ageless = (NodeKind.LIST, NodeKind.CASE)
        undated = [node.key for node in nodes if not _stated(node) and node.kind not in ageless]
        links = self._links(undated)
        units = {edge.start for edge in (*links, *edges) if edge.kind == EdgeKind.UNIT_IN}
        links += self._links(sorted(units - set(undated)))
        ends = {key for edge in (*links, *edges) for key in (edge.start, edge.end)}
        self.nodes = self.view.nodes([*(node.key for node in nodes), *sorted(ends)])

    def _links(self, keys: Sequence[str]) -> list[GraphEdge]:
        links = self.view.edges(keys, self.view.every_kind())
        asked = set(keys)
        for edge in links:
            for key in asked.intersection((edge.start, edge.end)):
                self.at[key].append(edge)
        return links

    def of_node(self, node: GraphNode) -> str:
        own = _stated(node)
        if own:
            return own
        # In which house a unit stands is no sight of either.
        links = [edge for edge in self.at[node.key] if edge.kind != EdgeKind.UNIT_IN or edge.start != node.key]
        return _earliest(self.of_edge(edge) for edge in links)

    def of_edge(self, edge: GraphEdge) -> str:
        start, end = self.nodes[edge.start], self.nodes[edge.end]
        floor = self.of_node(start) if edge.kind == EdgeKind.UNIT_IN else max(_stated(start), _stated(end))
        return _earliest(item.seen_from or floor for item in edge.provenance)


def _stated(node: GraphNode) -> str:
    """The earliest day stated of a node itself."""
    return min((item.seen_from for item in node.provenance if item.seen_from), default=UNKNOWN)


def _earliest(days: Iterable[str]) -> str:
    """The earliest of these days; where one is unknown, so is the earliest."""
    return min(days, default=UNKNOWN)
