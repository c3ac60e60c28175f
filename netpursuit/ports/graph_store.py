"""The link graph as the use cases see it: named operations, never query text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from netpursuit.records.graph import Contribution, GraphEdge, GraphNode

MOST_STEPS = 100_000
"""Statements that one step of a walk reads at most."""
MOST_PATHS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What counts on a walk: facts, or ``assessments`` too; of dated edges those that overlap with ``since`` to
    ``until`` (ISO dates or empty). Edges without any date always do."""

    assessments: bool = False
    since: str = ""
    until: str = ""


class GraphReader(Protocol):
    """What an analysis reads, of the program's own graph or of an imported one."""

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        """Nodes by key; unknown keys are left out."""
        ...

    def nodes_of(self, kinds: Sequence[str]) -> Iterator[GraphNode]:
        """All nodes of these kinds, by key."""
        ...

    def edges_of(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[GraphEdge, ...]:
        """Edges that begin or end at any of these nodes (none: no edge), of any of these kinds (none: of all), sorted
        by (kind, start, end), at most ``limit``."""
        ...

    def around(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        """``edges_of`` with the nodes at both their ends, read at once."""
        ...

    def among(
        self, keys: Sequence[str], *, kinds: Sequence[str] = ()
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        """Edges that begin and end at these nodes, of any of these kinds (none: of all), sorted as ``edges_of``; and
        the nodes."""
        ...

    def steps(self, keys: Sequence[str], *, kinds: Sequence[str] = (), sight: Sight) -> list[tuple[str, str]] | None:
        """(asked key, key at the other end) of the edges at these nodes that are in sight and whose ends both are; in
        no order, perhaps repeated. None where that takes more than ``MOST_STEPS`` statements."""
        ...

    def shortest(
        self, start: str, end: str, *, hops: int, kinds: Sequence[str] = (), sight: Sight
    ) -> list[tuple[str, ...]] | None:
        """All shortest paths of at most so many edges between two nodes in sight, as keys, where the store finds them
        faster than step by step and they are at most ``MOST_PATHS``; else None: walk."""
        ...

    def close(self) -> None: ...


class CountedReader(GraphReader, Protocol):
    """A graph that counts its links without reading them."""

    def degrees(self, keys: Sequence[str], *, sight: Sight) -> list[tuple[str, str, str, int]]:
        """(asked key, kind of edge, kind of the node at the other end, how many) over the edges at these nodes that are
        in sight and whose ends both are, by these three; no statement is read."""
        ...


class GraphStore(CountedReader, Protocol):
    """A projection of the truth: every node and edge belongs to its owners and goes with the last of them.

    What belongs to a case is not there for readers of the store, unless they read it ``under`` that case.
    """

    name: str

    def reach(self) -> None:
        """Raises ``StorageError`` at once where the store is not there (any more)."""
        ...

    def under(self, case_id: str) -> GraphStore:
        """The same store as it is read under a case (empty: under none); closed with this one."""
        ...

    def put(self, contributions: Iterable[Contribution], marks: Mapping[str, str | None] | None = None) -> None:
        """Replace all that each owner has brought, and keep ``marks`` (None removes one), in one transaction.

        The same contribution twice changes nothing. Raises ``StorageError`` where the store cannot be written.
        """
        ...

    def clear(self) -> None:
        """Forget everything, marks included."""
        ...

    def check(self) -> None:
        """Raises ``StorageError`` where what is kept can be seen to be damaged."""
        ...

    def marks(self) -> dict[str, str]:
        """What ``put`` has kept: how far the outbox is drained, which list versions are in."""
        ...

    def owners(self, prefix: str = "") -> dict[str, str]:
        """Owner -> digest of what it has brought, of owners whose name begins so."""
        ...

    def brought_by(self, owners: Sequence[str]) -> dict[str, Contribution]:
        """What is stored of each of these owners, of whatever case."""
        ...

    def counts(self) -> dict[str, int]:
        """Visible nodes and edges by kind, such as ``node.Phone``, ``edge.same-as``."""
        ...

    def held(self, kind: str, *, by: Sequence[str], least: int, sight: Sight) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every node of a kind at which edges of the kinds ``by`` in sight end, with the keys at which these begin,
        sorted, where there are ``least`` or more; by key."""
        ...

    def find(self, text: str, limit: int) -> tuple[GraphNode, ...]:
        """Nodes labelled so, capitals and spaces aside, by key, at most ``limit``."""
        ...
