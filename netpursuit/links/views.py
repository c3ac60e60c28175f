"""What an analysis may see of the link graph: facts, or open leads too where they are asked for, within its dates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from netpursuit.links.match_notes import band_of, strongest
from netpursuit.ports.graph_store import MOST_STEPS, GraphReader, Sight
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind

MOST_HOPS = 8
MOST_NODES = 2_000
_JOINING = tuple(kind for kind in EdgeKind if kind not in (EdgeKind.LISTED_ON, EdgeKind.OPENED_IN))
_FRONTIER_EDGES = MOST_STEPS  # read for one step of a walk
_AT_ONCE = 200  # nodes whose edges are read with one question to the store


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """How far an analysis goes: ``hops`` 1 to 8, ``limit`` nodes or rows 1 to 2,000; ``since``/``until`` ISO dates or
    empty: edges that are dated must overlap with them; ``kinds`` of edges (none: all); ``with_open_leads``: assessments
    too. Of an expansion: ``labels`` of the nodes reached, ``sources`` of whose name a link must hold one (none: all),
    ``most_links`` beyond which a node reached is not gone through (0: no bound)."""

    hops: int = 2
    limit: int = 200
    since: str = ""
    until: str = ""
    kinds: tuple[str, ...] = ()
    with_open_leads: bool = False
    labels: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    most_links: int = 0


Row = dict[str, str | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What an analysis found: rows in its own order, the nodes and edges that carry them, sorted; ``truncated``: there
    is more than a bound let through; ``paths``: where rows are paths, of each the keys of its nodes in their order;
    ``bands``: by the key of a registered person the band of the lead on him."""

    rows: tuple[Row, ...] = ()
    nodes: tuple[GraphNode, ...] = ()
    edges: tuple[GraphEdge, ...] = ()
    truncated: bool = False
    paths: tuple[tuple[str, ...], ...] = ()
    bands: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class View:
    """The visible part of a store; remembers nodes that were read.

    ``free``: an imported graph, whose kinds are whatever its files call them.
    """

    store: GraphReader
    bounds: Bounds
    free: bool = False
    truncated: bool = False
    _seen: dict[str, GraphNode | None] = field(default_factory=dict)

    def nodes(self, keys: Iterable[str]) -> dict[str, GraphNode]:
        """The visible ones of these nodes."""
        wanted = dict.fromkeys(keys)
        unread = [key for key in wanted if key not in self._seen]
        if unread:
            self._look_at(dict.fromkeys(unread) | self.store.nodes(unread))
        seen = self._seen
        return {key: node for key in wanted if (node := seen[key]) is not None}

    def _look_at(self, found: Mapping[str, GraphNode | None]) -> None:
        for key, node in found.items():
            visible = node is not None and (self.bounds.with_open_leads or node.fact)
            self._seen[key] = node if visible else None

    def node(self, key: str) -> GraphNode | None:
        return self.nodes([key]).get(key)

    def edges(self, keys: Sequence[str], kinds: Sequence[str] = ()) -> list[GraphEdge]:
        """The visible edges at these nodes, both ends visible, by kind, start and end.

        Of no kind in particular: all but ``listed-on`` and ``opened-in``, since to stand on one list or in one case
        joins nobody.
        """
        chosen = self.chosen(kinds)
        if chosen is None:
            return []
        found, ends = self.store.around(keys, kinds=chosen, limit=_FRONTIER_EDGES + 1)
        self._look_at(ends)
        if len(found) > _FRONTIER_EDGES:
            self.truncated, found = True, found[:_FRONTIER_EDGES]
        return self.in_sight(found)

    def steps(self, keys: Sequence[str], kinds: Sequence[str] = ()) -> set[tuple[str, str]]:
        """(key asked, key at the other end) of what ``edges`` gives, without reading who says so."""
        chosen = self.chosen(kinds)
        if chosen is None:
            return set()
        found = self.store.steps(keys, kinds=chosen, sight=self.sight)
        if found is not None:
            return set(found)
        asked = set(keys)
        edges = self.edges(keys, kinds)
        return {(near, edge.other(near)) for edge in edges for near in (edge.start, edge.end) if near in asked}

    def among(self, keys: Sequence[str]) -> list[GraphEdge]:
        """The visible edges between any two of these nodes, of the kinds that ``edges`` gives."""
        chosen = self.chosen()
        if chosen is None:
            return []
        found, nodes = self.store.among(keys, kinds=chosen)
        self._look_at(dict.fromkeys(keys) | nodes)
        return self.in_sight(found)

    def shortest(self, start: str, end: str) -> list[tuple[str, ...]] | None:
        """All shortest paths within ``hops`` where the store finds them by itself; None: walk."""
        chosen = self.chosen()
        if chosen is None:
            return []
        return self.store.shortest(start, end, hops=self.bounds.hops, kinds=chosen, sight=self.sight)

    def at(self, keys: Iterable[str], kinds: Sequence[str]) -> dict[str, list[GraphEdge]]:
        """``edges`` by each of these nodes, a few hundred nodes at once; those without any are left out."""
        found: dict[str, list[GraphEdge]] = {}
        wanted = list(dict.fromkeys(keys))
        for begin in range(0, len(wanted), _AT_ONCE):
            some = wanted[begin : begin + _AT_ONCE]
            asked = set(some)
            for edge in self.edges(some, kinds):
                for key in asked.intersection((edge.start, edge.end)):
                    found.setdefault(key, []).append(edge)
        return found

    def chosen(self, kinds: Sequence[str] = ()) -> list[str] | None:
        """The kinds of edges to read (none: all); None: none of those asked for is wanted."""
        asked = kinds or self.bounds.kinds or (() if self.free else _JOINING)
        chosen = [kind for kind in asked if not self.bounds.kinds or kind in self.bounds.kinds]
        if asked and not chosen:
            return None
        return [] if len(chosen) == len(EdgeKind) and not self.free else chosen

    @property
    def sight(self) -> Sight:
        """What the store leaves out on a walk."""
        bounds = self.bounds
        return Sight(assessments=bounds.with_open_leads, since=bounds.since, until=bounds.until)

    def in_sight(self, found: Iterable[GraphEdge]) -> list[GraphEdge]:
        """Those of these edges that are visible, in time, and whose ends are."""
        dated = [edge for edge in found if (edge.fact or self.bounds.with_open_leads) and self._is_in_time(edge)]
        seen = self.nodes(key for edge in dated for key in (edge.start, edge.end))
        return [edge for edge in dated if edge.start in seen and edge.end in seen]

    def _is_in_time(self, edge: GraphEdge) -> bool:
        """Edges without any date are always in time."""
        if self.bounds.until and edge.seen_from and edge.seen_from > self.bounds.until:
            return False
        return not (self.bounds.since and edge.seen_to and edge.seen_to < self.bounds.since)

    def every_kind(self) -> tuple[str, ...]:
        """All kinds of edges, those included that join nobody; none stands for all of an imported graph."""
        return () if self.free else tuple(EdgeKind)

    def cut(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """The rows within the limit."""
        self.truncated |= len(rows) > self.bounds.limit
        return tuple(rows[: self.bounds.limit])

    def findings(self, rows: Sequence[Row], edges: Iterable[GraphEdge], keys: Iterable[str] = ()) -> Findings:
        """The rows within the limit, with the edges and all nodes at their ends and of ``keys``."""
        kept = {edge.at: edge for edge in edges}
        nodes = self.nodes([*keys, *(key for edge in kept.values() for key in (edge.start, edge.end))])
        shown = self.cut(rows)
        return Findings(
            rows=shown,
            nodes=tuple(nodes[key] for key in sorted(nodes)),
            edges=tuple(kept[at] for at in sorted(kept)),
            truncated=self.truncated,
            bands=self.bands(nodes.values()),
        )

    def bands(self, nodes: Iterable[GraphNode]) -> dict[str, str]:
        """By the key of each registered person among these nodes the strongest band of the leads on him that are in
        sight, whatever the kinds of links that are asked for."""
        people = {} if self.free else {node.key: node.fact for node in nodes if node.kind == NodeKind.SUBJECT}
        keys = list(people)
        told: dict[str, list[str]] = {}
        for begin in range(0, len(keys), _AT_ONCE):
            some = keys[begin : begin + _AT_ONCE]
            found, _ = self.store.around(some, kinds=[EdgeKind.SAME_AS], limit=_FRONTIER_EDGES)
            for edge in found:
                for key in people.keys() & {edge.start, edge.end}:
                    if edge.fact or self.bounds.with_open_leads or not people[key]:
                        told.setdefault(key, []).append(band_of(edge))
        return {key: band for key, words in told.items() if (band := strongest(words))}


PEOPLE = (NodeKind.SUBJECT, NodeKind.ENTRY, NodeKind.CONTACT)


def describe(node: GraphNode) -> Row:
    return {"kind": str(node.kind), "key": node.key, "label": node.label, "fact": node.fact}


def stated(view: View, edge: GraphEdge) -> Row:
    """What the files of an imported graph state of a link, for its row; nothing for the program's own."""
    if not view.free:
        return {}
    said = (f"{name}: {value}" for item in edge.provenance for name, value in item.properties)
    return {"properties": "; ".join(dict.fromkeys(said))}


def sources(*stated: GraphEdge | GraphNode) -> str:
    """Who says so, each once."""
    return "; ".join(dict.fromkeys(item.source for one in stated for item in one.provenance))
