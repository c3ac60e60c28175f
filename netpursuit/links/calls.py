"""Who called whom: the calls at some telephones, or at those that some people use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from netpursuit.links.call_notes import count_calls
from netpursuit.links.views import Findings, Row, View, sources
from netpursuit.records.graph import EdgeKind, GraphEdge, NodeKind


def calls(view: View, keys: Sequence[str]) -> Findings:
    """Who called whom how often, each direction a row, those of most calls first.

    ``joins``: with how many of the nodes that were asked of the other number speaks; of two or more it is a number that
    they have in common. Counted are the days within the bounds. Who held a telephone, nobody knows from its calls.
    """
    asked, used = _telephones(view, keys)
    found: list[tuple[Row, GraphEdge]] = []
    spoken: dict[str, set[str]] = defaultdict(set)
    for edge in view.edges(sorted(asked), (EdgeKind.CALLED,)):
        counted = count_calls(edge.provenance, view.bounds.since, view.bounds.until)
        if counted is None:
            continue
        for near in (edge.start, edge.end):
            spoken[edge.other(near)] |= asked.get(near, set())
        ends = view.nodes([edge.start, edge.end])
        found.append(
            (
                {
                    "caller": ends[edge.start].label,
                    "callee": ends[edge.end].label,
                    "calls": counted.calls,
                    "days": counted.days,
                    "seconds": "" if counted.seconds is None else counted.seconds,
                    "from": counted.first,
                    "to": counted.last,
                    "joins": 0,
                    "source": sources(edge),
                },
                edge,
            )
        )
    for row, edge in found:
        # Between two telephones that were asked of, neither is the other one.
        others = [key for key in (edge.start, edge.end) if key not in asked]
        row["joins"] = len(spoken[others[0]]) if others else len(asked[edge.start] | asked[edge.end])
    found.sort(key=lambda item: (-int(item[0]["calls"]), item[1].at))
    shown = found[: len(view.cut([row for row, _ in found]))]
    return view.findings([row for row, _ in found], [*used, *(edge for _, edge in shown)], keys)


def _telephones(view: View, keys: Sequence[str]) -> tuple[dict[str, set[str]], list[GraphEdge]]:
    """Telephone -> for which of the nodes it is asked of; and the links by which people use theirs."""
    asked: dict[str, set[str]] = defaultdict(set)
    nodes = view.nodes(keys)
    for key, node in nodes.items():
        if node.kind == NodeKind.PHONE:
            asked[key].add(key)
    people = [key for key in nodes if key not in asked]
    used = view.edges(people, (EdgeKind.USES_PHONE,)) if people else []
    for edge in used:
        asked[edge.end].add(edge.start)
    return dict(asked), used
