"""The questions that investigators name: who lived together, who came after, what these people share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from netpursuit.links.views import PEOPLE, Findings, Row, View, describe, sources, stated
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind

if TYPE_CHECKING:
    import networkx

_HELD: dict[str, tuple[EdgeKind, ...]] = {
    NodeKind.DOCUMENT: (EdgeKind.HOLDS_DOCUMENT,),
    NodeKind.PHONE: (EdgeKind.USES_PHONE,),
    NodeKind.EMAIL: (EdgeKind.USES_EMAIL,),
    NodeKind.RENTAL_UNIT: (EdgeKind.STAYED_AT, EdgeKind.LANDLORD_OF, EdgeKind.OWNS),
}
_SEED = 1
_OPEN_END = "9999-12-31"


def _places(view: View, keys: Sequence[str], kind: NodeKind) -> list[str]:
    """The nodes of a kind among these, and those that hang on the people among them."""
    own = [key for key, node in view.nodes(keys).items() if node.kind is kind]
    people = [key for key in keys if key not in own]
    reached = {edge.other(key) for edge in view.edges(people, _HELD[kind]) for key in people if key in edge.at}
    found = view.nodes(sorted(reached))
    return sorted({*own, *(key for key, node in found.items() if node.kind is kind)})


def co_residents(view: View, keys: Sequence[str]) -> Findings:
    """Who stayed in one rental unit on the same days: one row a pair, with the first and the last day together.

    Asked of units or of people. A stay without a unit joins nobody; a stay without an end is taken to last.
    """
    rows: list[Row] = []
    kept: dict[tuple[str, str, str], GraphEdge] = {}
    asked = set(keys)
    for unit in _places(view, keys, NodeKind.RENTAL_UNIT):
        stays = view.edges([unit], (EdgeKind.STAYED_AT,))
        for one, other in combinations(stays, 2):
            first, last = max(one.seen_from, other.seen_from), min(_last(one), _last(other))
            if not one.seen_from or not other.seen_from or first > last:
                continue
            if unit not in asked and asked.isdisjoint((one.start, other.start)):
                continue
            names = view.nodes([one.start, other.start, unit])
            rows.append(
                {
                    "one": names[one.start].label,
                    "other": names[other.start].label,
                    "unit": names[unit].label,
                    "from": first,
                    "to": "" if last == _OPEN_END else last,
                    "source": sources(one, other),
                }
            )
            kept |= {one.at: one, other.at: other}
    rows.sort(key=lambda row: (str(row["from"]), str(row["one"]), str(row["other"])))
    return view.findings(rows, kept.values(), keys)


def succession(view: View, keys: Sequence[str]) -> Findings:
    """Who held a unit after whom: the stays in it in order of their first day, with the gap in days before each."""
    from datetime import date

    rows: list[Row] = []
    kept: list[GraphEdge] = []
    for unit in _places(view, keys, NodeKind.RENTAL_UNIT):
        stays = sorted(view.edges([unit], (EdgeKind.STAYED_AT,)), key=lambda edge: (edge.seen_from, edge.start))
        kept += stays
        before = ""
        for stay in stays:
            names = view.nodes([stay.start, unit])
            gap: str | int = ""
            if before and stay.seen_from:
                gap = (date.fromisoformat(stay.seen_from) - date.fromisoformat(before)).days
            rows.append(
                {
                    "unit": names[unit].label,
                    "label": names[stay.start].label,
                    "key": stay.start,
                    "from": stay.seen_from,
                    "to": stay.seen_to,
                    "days_after": gap,
                    "source": sources(stay),
                }
            )
            before = max(before, stay.seen_to)
    return view.findings(rows, kept, keys)


def _last(edge: GraphEdge) -> str:
    return edge.seen_to or _OPEN_END


def _shared(view: View, keys: Sequence[str], kind: NodeKind) -> Findings:
    rows: list[Row] = []
    kept: list[GraphEdge] = []
    for thing in _things(view, keys) if view.free else _places(view, keys, kind):
        held = [edge for edge in view.edges([thing], () if view.free else _HELD[kind]) if edge.end == thing]
        people = view.nodes(edge.start for edge in held)
        if len(people) < 2:
            continue
        kept += held
        label = view.nodes([thing])[thing].label
        rows += [
            {
                "thing": label,
                "holders": len(people),
                **describe(people[edge.start]),
                "from": edge.seen_from,
                "to": edge.seen_to,
                "source": sources(edge),
            }
            for edge in held
        ]
    return view.findings(rows, kept, keys)


def _things(view: View, keys: Sequence[str]) -> list[str]:
    """Of an imported graph: where the links asked for (``Bounds.kinds``) lead from these nodes, or lead to them."""
    return sorted({edge.end for edge in view.edges(keys)})


def shared_document(view: View, keys: Sequence[str]) -> Findings:
    """Whose document is also another's: for documents, or those of people, every holder."""
    return _shared(view, keys, NodeKind.DOCUMENT)


def shared_phone(view: View, keys: Sequence[str]) -> Findings:
    """Whose telephone is also another's: for telephones, or those of people, every user."""
    return _shared(view, keys, NodeKind.PHONE)


def aliases(view: View, keys: Sequence[str]) -> Findings:
    """The names under which one document stands: each name with who says so."""
    rows: list[Row] = []
    kept: list[GraphEdge] = []
    for document in _places(view, keys, NodeKind.DOCUMENT):
        held = view.edges([document], _HELD[NodeKind.DOCUMENT])
        kept += held
        label = view.nodes([document])[document].label
        for edge in held:
            name = view.nodes([edge.start])[edge.start].label
            rows.append({"document": label, "name": name, "key": edge.start, "source": sources(edge)})
    return view.findings(rows, kept, keys)


def hubs(view: View, keys: Sequence[str]) -> Findings:
    """Rental units, telephones and documents that join two or more people, those of most people first.

    People who are taken to be one (``same-as``) count once. With nodes: those within their reach; without: of the
    whole graph.
    """
    kinds = (NodeKind.RENTAL_UNIT, NodeKind.PHONE, NodeKind.DOCUMENT)
    things: Iterable[GraphNode] = (
        (node for kind in kinds for node in view.nodes(_places(view, keys, kind)).values())
        if keys
        else view.store.nodes_of(kinds)
    )
    rows: list[Row] = []
    kept: dict[str, list[GraphEdge]] = {}
    for thing in things:
        held = view.edges([thing.key], _HELD[thing.kind])
        people = _persons(view, [edge.start for edge in held])
        if people >= 2:
            kept[thing.key] = held
            rows.append({"people": people, **describe(thing), "source": sources(*held)})
    rows.sort(key=lambda row: (-int(row["people"]), str(row["key"])))
    shown = view.cut(rows)
    return view.findings(rows, (edge for row in shown for edge in kept[str(row["key"])]), keys)


def _persons(view: View, keys: Sequence[str]) -> int:
    """How many people these nodes are, those joined by ``same-as`` being one."""
    group = {key: key for key in keys}

    def root(key: str) -> str:
        while group.setdefault(key, key) != key:
            key = group[key]
        return key

    asked: set[str] = set()
    while unasked := [key for key in group if key not in asked]:  # by way of entries that a group joins
        asked.update(unasked)
        for edge in view.edges(unasked, (EdgeKind.SAME_AS,)):
            group[root(edge.start)] = root(edge.end)
    return len({root(key) for key in keys})


def landlords(view: View, keys: Sequence[str]) -> Findings:
    """Owners of two or more rental units in the graph, those of most first."""
    edges: dict[str, list[GraphEdge]] = {}
    units = _places(view, keys, NodeKind.RENTAL_UNIT) if keys else [n.key for n in _units(view)]
    for edge in view.edges(units, (EdgeKind.LANDLORD_OF, EdgeKind.OWNS)):
        edges.setdefault(edge.start, []).append(edge)
    owned = {key: len({edge.end for edge in own}) for key, own in edges.items()}
    rows: list[Row] = [
        {"units": owned[key], **describe(node), "source": sources(*edges[key])}
        for key, node in view.nodes(edges).items()
        if owned[key] >= 2
    ]
    rows.sort(key=lambda row: (-int(row["units"]), str(row["key"])))
    return view.findings(rows, (edge for row in view.cut(rows) for edge in edges[str(row["key"])]), keys)


def _units(view: View) -> Iterable[GraphNode]:
    return view.store.nodes_of((NodeKind.RENTAL_UNIT,))


def timeline(view: View, keys: Sequence[str]) -> Findings:
    """What is dated about these nodes, in order."""
    dated = [edge for edge in view.edges(keys) if edge.seen_from or edge.seen_to]
    dated.sort(key=lambda edge: (edge.seen_from or edge.seen_to, edge.at))
    rows: list[Row] = []
    for edge in dated:
        ends = view.nodes([edge.start, edge.end])
        rows.append(
            {
                "from": edge.seen_from,
                "to": edge.seen_to,
                "edge": str(edge.kind),
                "start": ends[edge.start].label,
                "end": ends[edge.end].label,
                **stated(view, edge),
                "source": sources(edge),
            }
        )
    return view.findings(rows, dated, keys)


def common(view: View, keys: Sequence[str]) -> Findings:
    """What two or more of these nodes hang on, what joins most of them first."""
    joined: dict[str, list[GraphEdge]] = {}
    asked = set(keys)
    for edge in view.edges(keys):
        for near in asked.intersection((edge.start, edge.end)):
            joined.setdefault(edge.other(near), []).append(edge)
    rows: list[Row] = []
    for key, node in view.nodes(joined).items():
        whose = {edge.other(key) for edge in joined[key]} & asked
        if len(whose) >= 2 and key not in asked:
            rows.append({"joins": len(whose), **describe(node), "source": sources(*joined[key])})
    rows.sort(key=lambda row: (-int(row["joins"]), str(row["key"])))
    return view.findings(rows, (edge for row in view.cut(rows) for edge in joined[str(row["key"])]), keys)


def between(view: View, keys: Sequence[str]) -> Findings:
    """Links among these nodes: the edges from one to another."""
    asked = set(keys)
    inside = [edge for edge in view.edges(keys) if {edge.start, edge.end} <= asked]
    rows: list[Row] = []
    for edge in inside:
        ends = view.nodes([edge.start, edge.end])
        rows.append(
            {
                "edge": str(edge.kind),
                "start": ends[edge.start].label,
                "end": ends[edge.end].label,
                "from": edge.seen_from,
                "to": edge.seen_to,
                **stated(view, edge),
                "source": sources(edge),
            }
        )
    return view.findings(rows, inside, keys)


def brokers(view: View, keys: Sequence[str]) -> Findings:
    """Who stands between others within so many hops: betweenness centrality (Brandes) of people there, 0 to 1; of an
    imported graph, of which nobody knows which nodes are people, of all nodes.

    It says through whom ways lead in what was read, nothing about what somebody did.
    """
    import networkx

    inside, graph = _subgraph(view, keys)
    centrality = networkx.betweenness_centrality(graph)
    rows: list[Row] = [
        {"betweenness": f"{centrality[node.key]:.4f}", **describe(node)}
        for node in inside.nodes
        if (view.free or node.kind in PEOPLE) and centrality[node.key] > 0
    ]
    rows.sort(key=lambda row: (-float(row["betweenness"]), str(row["key"])))
    return view.findings(rows, inside.edges, keys)


def communities(view: View, keys: Sequence[str]) -> Findings:
    """Which nodes within so many hops hang together more closely than with the rest (Louvain, a fixed seed).

    Numbers of one answer, the largest first; they are no property of anybody and are stored nowhere.
    """
    import networkx

    inside, graph = _subgraph(view, keys)
    found = networkx.community.louvain_communities(graph, seed=_SEED)
    ranked = sorted(map(sorted, found), key=lambda members: (-len(members), members))
    number = {key: place for place, members in enumerate(ranked, 1) for key in members}
    rows: list[Row] = [{"community": number[node.key], **describe(node)} for node in inside.nodes]
    rows.sort(key=lambda row: (int(row["community"]), str(row["key"])))
    return view.findings(rows, inside.edges, keys)


def _subgraph(view: View, keys: Sequence[str]) -> tuple[Findings, networkx.Graph[str]]:
    """What lies within so many hops, and the same as an undirected graph, in the order of keys."""
    import networkx

    from netpursuit.links.walks import expand

    inside = expand(view, keys)
    graph: networkx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(node.key for node in inside.nodes)
    graph.add_edges_from((edge.start, edge.end) for edge in inside.edges)
    return inside, graph
