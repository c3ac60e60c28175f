"""Walks over the link graph: one hop, several, and all shortest paths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from netpursuit.links.views import MOST_NODES, Findings, Row, View, describe, sources, stated
from netpursuit.ports.graph_store import MOST_PATHS
from netpursuit.records.graph import GraphEdge


def neighbours(view: View, keys: Sequence[str]) -> Findings:
    """What hangs on these nodes: one row an edge, with its dates and sources."""
    rows: list[Row] = []
    asked = set(keys)
    kept = view.edges(keys, view.every_kind())[: view.bounds.limit + 1]
    nodes = view.nodes(key for edge in kept for key in (edge.start, edge.end))
    for edge in kept:
        other = nodes[edge.end if edge.start in asked else edge.start]
        said = {**_dates(edge), **stated(view, edge), "source": sources(edge)}
        rows.append({"edge": str(edge.kind), **describe(other), **said})
    return view.findings(rows, kept[: view.bounds.limit], keys)


def expand(view: View, keys: Sequence[str]) -> Findings:
    """All that lies within so many hops, nearest first, at most ``limit`` nodes; one row a node.

    Only nodes of ``labels`` are reached, over links that one of ``sources`` states; a node of more than ``most_links``
    such links is reached and not gone through.
    """
    limit = min(view.bounds.limit, MOST_NODES)
    distance = dict.fromkeys(keys, 0)
    frontier = list(distance)
    for hop in range(1, view.bounds.hops + 1):
        reached = sorted(_reached(view, frontier, keys) - distance.keys())
        room = limit - len(distance)
        view.truncated |= len(reached) > room
        frontier = reached[: max(room, 0)]
        distance |= dict.fromkeys(frontier, hop)
        if not frontier:
            break
    inside = [edge for edge in view.among(list(distance)) if _is_stated(view, edge)]
    nodes = view.nodes(distance)
    rows: list[Row] = [{"hops": distance[key], **describe(nodes[key])} for key in distance if key in nodes]
    return view.findings(rows, inside, distance)


def _reached(view: View, frontier: Sequence[str], asked: Sequence[str]) -> set[str]:
    """What lies one hop from these nodes, as the bounds of an expansion let it through."""
    bounds = view.bounds
    if not (bounds.labels or bounds.sources or bounds.most_links):
        return {far for _, far in view.steps(frontier)}
    reached: set[str] = set()
    for near, edges in view.at(frontier, ()).items():
        stated_ones = [edge for edge in edges if _is_stated(view, edge)]
        if near in asked or not 0 < bounds.most_links < len(stated_ones):
            reached.update(edge.other(near) for edge in stated_ones)
    if bounds.labels:
        return {key for key, node in view.nodes(sorted(reached)).items() if node.kind in bounds.labels}
    return reached


def _is_stated(view: View, edge: GraphEdge) -> bool:
    """Whether a link is stated by one of the sources that count."""
    wanted = [source.casefold() for source in view.bounds.sources]
    return not wanted or any(source in item.source.casefold() for source in wanted for item in edge.provenance)


def paths(view: View, keys: Sequence[str]) -> Findings:
    """All shortest paths between two nodes, breadth first from both ends, within ``hops`` edges.

    Ranked by evidence: the path whose weakest edge more sources state comes first, then the one with more sources in
    all; equals by their keys. One row a path, and the edges of all of them.
    """
    start, end = keys
    found, cut = _shortest(view, start, end)
    view.truncated |= cut
    between: dict[frozenset[str], list[GraphEdge]] = {}
    for edge in view.among(sorted({key for path in found for key in path})) if found else ():
        between.setdefault(frozenset((edge.start, edge.end)), []).append(edge)

    def evidence(path: tuple[str, ...]) -> list[int]:
        return [
            len({item.source for edge in between[frozenset(step)] for item in edge.provenance})
            for step in pairwise(path)
        ]

    ranked = sorted(found, key=lambda path: (-min(evidence(path), default=0), -sum(evidence(path)), path))
    view.truncated |= len(ranked) > view.bounds.limit
    shown = ranked[: view.bounds.limit]
    steps = {frozenset(step) for path in shown for step in pairwise(path)}
    nodes = view.nodes(key for path in shown for key in path)
    rows: list[Row] = []
    for path in shown:
        text = nodes[path[0]].label
        said = []
        for near, far in pairwise(path):
            joined = between[frozenset((near, far))]
            text += f" —{', '.join(sorted({str(edge.kind) for edge in joined}))}→ {nodes[far].label}"
            said += joined
        rows.append({"hops": len(path) - 1, "path": text, "source": sources(*said)})
    answer = view.findings(rows, (edge for step in steps for edge in between[step]), keys)
    return replace(answer, paths=tuple(shown))


def _shortest(view: View, start: str, end: str) -> tuple[list[tuple[str, ...]], bool]:
    """All shortest paths as node keys, sorted, and whether some were left out."""
    if len(view.nodes([start, end])) < len({start, end}):
        return [], False
    if start == end:
        return [(start,)], False
    if (known := view.shortest(start, end)) is not None:
        return sorted(known), False
    before: tuple[dict[str, set[str]], ...] = ({start: set()}, {end: set()})
    fronts = [[start], [end]]
    for _ in range(view.bounds.hops):
        side = 0 if len(fronts[0]) <= len(fronts[1]) else 1
        if not fronts[side]:
            return [], False
        reached: dict[str, set[str]] = {}
        for near, far in view.steps(fronts[side]):
            if far not in before[side]:
                reached.setdefault(far, set()).add(near)
        before[side].update(reached)
        fronts[side] = sorted(reached)
        if meeting := sorted(reached.keys() & before[1 - side].keys()):
            return _join(before, meeting)
        if sum(map(len, before)) > MOST_NODES * 100:
            view.truncated = True
            return [], True
    return [], False


def _join(before: tuple[dict[str, set[str]], ...], meeting: list[str]) -> tuple[list[tuple[str, ...]], bool]:
    """Every way from each end to each meeting node, put together."""
    found: list[tuple[str, ...]] = []
    for key in meeting:
        heads, tails = _ways(before[0], key), _ways(before[1], key)
        for head in heads:
            for tail in tails:
                if len(found) >= MOST_PATHS:
                    return sorted(found), True
                found.append((*head, *tail[::-1][1:]))
    return sorted(found), False


def _ways(before: dict[str, set[str]], key: str) -> list[tuple[str, ...]]:
    """The ways from the end of a search to ``key``, at most so many."""
    ways: list[tuple[str, ...]] = [(key,)]
    while before[ways[0][0]]:
        ways = [(near, *way) for way in ways for near in sorted(before[way[0]])][:MOST_PATHS]
    return ways


def _dates(edge: GraphEdge) -> Row:
    return {"from": edge.seen_from, "to": edge.seen_to}
