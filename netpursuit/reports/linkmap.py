"""Where the nodes of one lead's links stand on a small drawing. Pure; the same links give the same drawing."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from netpursuit.records.graph import Edge, LinkSet, Node, NodeKind
from netpursuit.reports.wording import clean

MOST_NODES = 18
_COLUMN, _ROW, _MARGIN_X = 245, 74, 110
_LABEL = 30  # columns of a fixed-width screen; the whole label stands in the tooltip


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """A node at its place, in units of the drawing."""

    node: Node
    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """A link between two places; its word stands at ``label_x``, ``label_y``."""

    edge: Edge
    path: str
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class LinkMap:
    """A drawing of ``width`` by ``height`` units; ``hidden`` nodes did not fit."""

    width: int
    height: int
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]
    hidden: int


def lay_out(links: LinkSet) -> LinkMap:
    """Columns by distance from the registered person, each column ordered by its neighbours on the left."""
    near: dict[str, set[str]] = defaultdict(set)
    for edge in links.edges:
        near[edge.start].add(edge.end)
        near[edge.end].add(edge.start)
    depth = _depths(links, near)
    kept = sorted(links.nodes, key=lambda node: (depth[node.key], node.kind.value, node.key))[:MOST_NODES]
    columns: dict[int, list[Node]] = defaultdict(list)
    for node in kept:
        columns[depth[node.key]].append(node)
    tallest = max((len(column) for column in columns.values()), default=1)
    height = tallest * _ROW + 8
    place: dict[str, tuple[float, float]] = {}
    drawn: list[DrawnNode] = []
    for at, level in enumerate(sorted(columns)):
        column = columns[level]
        if at:
            column.sort(key=lambda node: (_middle(near[node.key], place), node.kind.value, node.key))
        gap = height / len(column)
        for row, node in enumerate(column):
            x = _MARGIN_X + at * _COLUMN
            y = gap * (row + 0.5) - 2
            place[node.key] = (x, y)
            drawn.append(DrawnNode(node, x, round(y, 1), _shorten(node.label)))
    edges = [_draw(edge, place) for edge in links.edges if edge.start in place and edge.end in place]
    width = 2 * _MARGIN_X + max(0, len(columns) - 1) * _COLUMN
    return LinkMap(width, height, tuple(drawn), tuple(edges), len(links.nodes) - len(kept))


def _depths(links: LinkSet, near: dict[str, set[str]]) -> dict[str, int]:
    """Distance of every node from the registered person (or the first node); what hangs on nothing comes last."""
    keys = [node.key for node in links.nodes]
    starts = [node.key for node in links.nodes if node.kind is NodeKind.SUBJECT] or keys[:1]
    depth = dict.fromkeys(starts[:1], 0)
    queue = deque(depth)
    while queue:
        key = queue.popleft()
        for other in sorted(near[key]):
            if other not in depth:
                depth[other] = depth[key] + 1
                queue.append(other)
    last = max(depth.values(), default=0) + 1
    return {key: depth.get(key, last) for key in keys}


def _middle(neighbours: set[str], place: dict[str, tuple[float, float]]) -> float:
    heights = [place[key][1] for key in neighbours if key in place]
    return sum(heights) / len(heights) if heights else 0.0


def _draw(edge: Edge, place: dict[str, tuple[float, float]]) -> DrawnEdge:
    """A straight line between columns; within a column, a bow to the right."""
    (x1, y1), (x2, y2) = place[edge.start], place[edge.end]
    if x1 == x2:
        bow = x1 + 70
        return DrawnEdge(
            edge, f"M{x1} {y1:.1f}Q{bow} {(y1 + y2) / 2:.1f} {x2} {y2:.1f}", x1 + 38, round((y1 + y2) / 2, 1)
        )
    middle = (x1 + x2) / 2
    path = f"M{x1} {y1:.1f}C{middle} {y1:.1f} {middle} {y2:.1f} {x2} {y2:.1f}"
    return DrawnEdge(edge, path, middle, round((y1 + y2) / 2, 1))


def _shorten(label: str) -> str:
    label = clean(label)
    return label if cell_len(label) <= _LABEL else f"{set_cell_size(label, _LABEL - 1).rstrip()}…"
