"""The questions that investigators name: who lived together, who came after, what these people share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, cast

from netpursuit.links.views import PEOPLE, Findings, Row, View, describe, sources, stated
from netpursuit.records.graph import EdgeKind, GraphEdge, NodeKind

if TYPE_CHECKING:
    import networkx

    from netpursuit.ports.graph_store import GraphStore

_HELD: dict[str, tuple[EdgeKind, ...]] = {
    NodeKind.DOCUMENT: (EdgeKind.HOLDS_DOCUMENT,),
    NodeKind.PHONE: (EdgeKind.USES_PHONE,),
    NodeKind.EMAIL: (EdgeKind.USES_EMAIL,),
    NodeKind.RENTAL_UNIT: (EdgeKind.STAYED_AT, EdgeKind.LANDLORD_OF, EdgeKind.OWNS),
}
_OWNING = (EdgeKind.LANDLORD_OF, EdgeKind.OWNS)
_SEED = 1
_THINGS_AT_ONCE = 500  # whose holders are looked up together
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
    units = _places(view, keys, NodeKind.RENTAL_UNIT)
    at = view.at(units, (EdgeKind.STAYED_AT,))
    for unit in units:
        stays = at.get(unit, [])
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
    units = _places(view, keys, NodeKind.RENTAL_UNIT)
    at = view.at(units, (EdgeKind.STAYED_AT,))
    for unit in units:
        stays = sorted(at.get(unit, []), key=lambda edge: (edge.seen_from, edge.start))
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
    things = _things(view, keys) if view.free else _places(view, keys, kind)
    at = view.at(things, () if view.free else _HELD[kind])
    for thing in things:
        held = [edge for edge in at.get(thing, []) if edge.end == thing]
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
    documents = _places(view, keys, NodeKind.DOCUMENT)
    at = view.at(documents, _HELD[NodeKind.DOCUMENT])
    for document in documents:
        held = at.get(document, [])
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
    held = {
        thing: people
        for kind in kinds
        for thing, people in _held(view, kind, _HELD[kind], _places(view, keys, kind) if keys else None)
        if len(people) >= 2  # one node is one person
    }
    rows: list[Row] = []
    kept: list[GraphEdge] = []
    ranked = _most_persons(view, held)
    nodes = view.nodes(thing for _, thing in ranked)
    at = view.at(nodes, tuple(by for kind in kinds for by in _HELD[kind]))
    for people, thing in ranked:
        edges = [edge for edge in at[thing] if edge.kind in _HELD[nodes[thing].kind]]
        kept += edges
        rows.append({"people": people, **describe(nodes[thing]), "source": sources(*edges)})
    return view.findings(rows, kept, keys)


def _held(
    view: View, kind: NodeKind, by: Sequence[EdgeKind], asked: Sequence[str] | None, least: int = 2
) -> Iterable[tuple[str, Sequence[str]]]:
    """The things of a kind, those asked for or all of the graph, with who holds them."""
    wanted = view.chosen(by)
    if wanted is None:
        return
    if asked is None:
        # Only the program's own graph is asked for hubs and landlords.
        yield from cast("GraphStore", view.store).held(kind, by=wanted, least=least, sight=view.sight)
        return
    holders: dict[str, set[str]] = {}
    for thing, holder in view.steps(asked, by):
        holders.setdefault(thing, set()).add(holder)
    yield from ((thing, sorted(holders[thing])) for thing in sorted(holders))


def _most_persons(view: View, held: Mapping[str, Sequence[str]]) -> list[tuple[int, str]]:
    """(persons, thing) of the things that two or more hold, those of most first, within the limit.

    Nobody is more persons than nodes: where enough things are of more persons than the next has nodes, it is done.
    """
    limit = view.bounds.limit
    waiting = sorted(held, key=lambda thing: (-len(held[thing]), thing))
    found: list[tuple[int, str]] = []
    for begin in range(0, len(waiting), _THINGS_AT_ONCE):
        some = waiting[begin : begin + _THINGS_AT_ONCE]
        if len(found) > limit and found[limit][0] < -len(held[some[0]]):
            break
        person = _persons(view, {key for thing in some for key in held[thing]})
        counted = ((-len({person[key] for key in held[thing]}), thing) for thing in some)
        found = sorted((*found, *(item for item in counted if item[0] <= -2)))
    view.truncated |= len(found) > limit
    return [(-people, thing) for people, thing in found[:limit]]


def _persons(view: View, keys: set[str]) -> dict[str, str]:
    """Node -> one of those that are the same person, joined by ``same-as`` directly or by way of others."""
    group: dict[str, str] = {}

    def root(key: str) -> str:
        while group.setdefault(key, key) != key:
            key = group[key]
        return key

    asked: set[str] = set()
    waiting = keys
    while waiting:
        asked |= waiting
        steps = view.steps(sorted(waiting), (EdgeKind.SAME_AS,))
        for near, far in steps:
            group[root(near)] = root(far)
        waiting = {far for _, far in steps} - asked
    return {key: root(key) for key in keys}


def landlords(view: View, keys: Sequence[str]) -> Findings:
    """Owners of two or more rental units in the graph, those of most first."""
    owned: dict[str, set[str]] = {}
    units = _places(view, keys, NodeKind.RENTAL_UNIT) if keys else None
    for unit, owners in _held(view, NodeKind.RENTAL_UNIT, _OWNING, units, least=1):
        for owner in owners:
            owned.setdefault(owner, set()).add(unit)
    ranked = sorted((key for key in owned if len(owned[key]) >= 2), key=lambda key: (-len(owned[key]), key))
    view.truncated |= len(ranked) > view.bounds.limit
    ranked = ranked[: view.bounds.limit]
    at = view.at(ranked, _OWNING)
    nodes = view.nodes(ranked)
    edges = {key: [edge for edge in at[key] if edge.start == key and edge.end in owned[key]] for key in ranked}
    rows: list[Row] = [
        {"units": len(owned[key]), **describe(nodes[key]), "source": sources(*edges[key])} for key in ranked
    ]
    return view.findings(rows, (edge for key in ranked for edge in edges[key]), keys)


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
