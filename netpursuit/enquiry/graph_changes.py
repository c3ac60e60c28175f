"""What is new, gone or changed around the nodes of a view since somebody looked, by keyed digests of what was seen.

A look keeps 16 bytes for each node of the view and each of their direct links: eight that say which it is, eight of all
that is stated of it. The digests are keyed by the view, so that nobody tells from them who was there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from netpursuit.links.views import View
from netpursuit.ports.keys import Keys
from netpursuit.records.graph import GraphEdge, GraphNode

MOST_LINKS = 20_000
_SIZE = 8
Link = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The nodes of a view that are there, and their direct links; ``cut``: there are more links than were read."""

    nodes: dict[str, GraphNode]
    edges: tuple[GraphEdge, ...]
    ends: dict[str, GraphNode]
    cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """``gone_links``: how many links are gone besides those of ``gone_edges``, which the view itself had drawn."""

    new_nodes: tuple[GraphNode, ...] = ()
    new_edges: tuple[GraphEdge, ...] = ()
    changed_nodes: tuple[GraphNode, ...] = ()
    changed_edges: tuple[GraphEdge, ...] = ()
    gone_nodes: tuple[str, ...] = ()
    gone_edges: tuple[Link, ...] = ()
    gone_links: int = 0


@dataclass(slots=True)
class Marks:
    """What was seen, by keyed digests."""

    key: bytes
    of: dict[bytes, bytes] = field(default_factory=dict)

    @classmethod
    def of_view(cls, keys: Keys, view_id: str) -> Marks:
        """None yet, under the key of a view."""
        return cls(bytes.fromhex(keys.digest("graph view", view_id))[:32])

    def read(self, kept: bytes) -> Marks:
        """Those that were kept with a look, under the same key."""
        pairs = (kept[at : at + 2 * _SIZE] for at in range(0, len(kept), 2 * _SIZE))
        return Marks(self.key, {pair[:_SIZE]: pair[_SIZE:] for pair in pairs})

    def see(self, seen: Seen) -> Marks:
        """Those of what is there now."""
        found = Marks(self.key)
        for node in seen.nodes.values():
            found.of[self.node(node.key)] = self._content(node)
        for edge in seen.edges:
            found.of[self.edge(edge.at)] = self._content(edge)
        return found

    def kept(self) -> bytes:
        return b"".join(name + self.of[name] for name in sorted(self.of))

    def node(self, key: str) -> bytes:
        return self._digest("node", key)

    def edge(self, at: Link) -> bytes:
        return self._digest("edge", *at)

    def state_of(self, item: GraphNode | GraphEdge, before: Marks) -> str:
        """``same``, ``new`` or ``changed`` since then."""
        name = self.node(item.key) if isinstance(item, GraphNode) else self.edge(item.at)
        known = before.of.get(name)
        return "new" if known is None else "same" if known == self._content(item) else "changed"

    def _content(self, item: GraphNode | GraphEdge) -> bytes:
        label = item.label if isinstance(item, GraphNode) else ""
        return self._digest(label, *(repr(tuple(said)) for said in item.provenance))

    def _digest(self, *parts: str) -> bytes:
        text = "\0".join(parts).encode("utf-8", "surrogatepass")
        return hashlib.blake2b(text, digest_size=_SIZE, key=self.key).digest()


def look_at(view: View, keys: Collection[str]) -> Seen:
    """The nodes of a view and their direct links; standing on one list or in one case joins nobody."""
    nodes = view.nodes(keys)
    edges = view.edges(list(nodes))
    cut = view.truncated or len(edges) > MOST_LINKS
    edges = edges[:MOST_LINKS]
    ends = view.nodes(key for edge in edges for key in (edge.start, edge.end))
    return Seen(nodes=nodes, edges=tuple(edges), ends=ends, cut=cut)


def compare(seen: Seen, before: Marks, keys: Collection[str], drawn: Iterable[Link], *, assessments: bool) -> Changes:
    """What of a view is otherwise than it was. ``drawn``: the links that the view holds; assessments count only where
    the view shows them."""
    now = before.see(seen)

    def shown(items: Iterable[GraphNode | GraphEdge], state: str) -> list[GraphNode | GraphEdge]:
        return [item for item in items if (item.fact or assessments) and before.state_of(item, before) == state]

    new_edges = _edges(shown(seen.edges, "new"))
    ends = {key for edge in new_edges for key in (edge.start, edge.end)}
    outside = (seen.ends[key] for key in sorted(ends - set(keys)))
    gone_nodes = tuple(sorted(key for key in keys if before.node(key) in before.of and before.node(key) not in now.of))
    gone: list[Link] = []
    if not seen.cut:
        gone = [at for at in drawn if before.edge(at) in before.of and before.edge(at) not in now.of]
    named = {before.node(key) for key in gone_nodes} | {before.edge(at) for at in gone}
    others = 0 if seen.cut else len(before.of.keys() - now.of.keys() - named)
    return Changes(
        new_nodes=(*_nodes(shown(seen.nodes.values(), "new")), *outside),
        new_edges=new_edges,
        changed_nodes=_nodes(shown(seen.nodes.values(), "changed")),
        changed_edges=_edges(shown(seen.edges, "changed")),
        gone_nodes=gone_nodes,
        gone_edges=tuple(gone),
        gone_links=others,
    )


def _nodes(items: Sequence[GraphNode | GraphEdge]) -> tuple[GraphNode, ...]:
    return tuple(item for item in items if isinstance(item, GraphNode))


def _edges(items: Sequence[GraphNode | GraphEdge]) -> tuple[GraphEdge, ...]:
    return tuple(item for item in items if isinstance(item, GraphEdge))
