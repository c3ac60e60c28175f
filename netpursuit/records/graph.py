"""Nodes and edges of the link graph. Each carries its source, its date, and whether it is fact or assessment (A11)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple


class NodeKind(StrEnum):
    SUBJECT = "Subject"
    CONTACT = "Contact"
    ENTRY = "Entry"
    LIST = "List"
    ADDRESS = "Address"
    RENTAL_UNIT = "RentalUnit"
    PHONE = "Phone"
    EMAIL = "Email"
    DOCUMENT = "Document"
    ORGANISATION = "Organisation"
    VEHICLE = "Vehicle"
    ACCOUNT = "Account"
    REGISTRATION = "Registration"
    CASE = "Case"


class EdgeKind(StrEnum):
    LISTED_ON = "listed-on"
    RESIDED_AT = "resided-at"
    STAYED_AT = "stayed-at"
    UNIT_IN = "unit-in"
    USES_PHONE = "uses-phone"
    USES_EMAIL = "uses-email"
    HOLDS_DOCUMENT = "holds-document"
    LANDLORD_OF = "landlord-of"
    OWNS = "owns"
    CALLED = "called"
    LINKED_TO = "linked-to"
    NAMED_IN = "named-in"
    SAME_AS = "same-as"
    OPENED_IN = "opened-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """``key`` is stable and carries the normaliser's version; ``seen_from``/``seen_to`` are ISO dates or empty."""

    kind: NodeKind
    key: str
    label: str
    source: str
    fact: bool = True
    seen_from: str = ""
    seen_to: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """From ``start`` to ``end`` (node keys). An assessment is drawn dashed and stays outside paths unless asked for."""

    kind: EdgeKind
    start: str
    end: str
    source: str
    fact: bool = True
    seen_from: str = ""
    seen_to: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSet:
    """What one owner brings into the graph: nodes sorted by key, edges by (kind, start, end), without repeats."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


_NODE_FIELDS, _EDGE_FIELDS = (tuple(field.name for field in fields(record)) for record in (Node, Edge))
_node_values, _edge_values = attrgetter(*_NODE_FIELDS), attrgetter(*_EDGE_FIELDS)


def as_json(links: LinkSet) -> str:
    """The link set as canonical JSON, the payload of its outbox row."""
    # Field by field: ``dataclasses.asdict`` copies deeply, which took two thirds of the time of filling a store.
    nodes = [dict(zip(_NODE_FIELDS, _node_values(node), strict=True)) for node in links.nodes]
    edges = [dict(zip(_EDGE_FIELDS, _edge_values(edge), strict=True)) for edge in links.edges]
    return json.dumps({"nodes": nodes, "edges": edges}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(links: LinkSet, case_id: str = "") -> str:
    """16 hex digits of a link set's canonical JSON and the case it belongs to."""
    return hashlib.sha256((as_json(links) + case_id).encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Provenance(NamedTuple):
    """One statement of a node or an edge: who says it, since when, and whether it is fact or assessment (A11).

    ``properties``: what else an imported file states, column and value as text, in the order of its columns.
    ``case_id``: the case under which alone it is seen; empty: seen by everybody.
    """

    source: str
    fact: bool = True
    seen_from: str = ""
    seen_to: str = ""
    note: str = ""
    properties: tuple[tuple[str, str], ...] = ()
    case_id: str = ""


_is_fact = attrgetter("fact")


class GraphNode(NamedTuple):
    """A node as the graph holds it: all that is stated of it, sorted. ``label`` is that of the first fact.

    ``kind`` is a ``NodeKind`` in the program's own graph, any text in an imported one; so with the kinds of edges.
    """

    kind: str
    key: str
    label: str
    provenance: tuple[Provenance, ...]

    @property
    def fact(self) -> bool:
        return any(map(_is_fact, self.provenance))


class GraphEdge(NamedTuple):
    """An edge as the graph holds it, from ``start`` to ``end`` (node keys), with all that is stated of it, sorted."""

    kind: str
    start: str
    end: str
    provenance: tuple[Provenance, ...]

    @property
    def fact(self) -> bool:
        return any(map(_is_fact, self.provenance))

    @property
    def seen_from(self) -> str:
        """The earliest day stated, or empty."""
        return min([item.seen_from for item in self.provenance if item.seen_from], default="")

    @property
    def seen_to(self) -> str:
        """The latest last day stated; empty where a statement has a beginning and no end."""
        days = [item.seen_to for item in self.provenance if item.seen_to or item.seen_from]
        return max(days) if days and all(days) else ""

    @property
    def at(self) -> tuple[str, str, str]:
        """By which edges are told apart and sorted: kind, start, end."""
        return str(self.kind), self.start, self.end

    def other(self, key: str) -> str:
        """The node at the other end."""
        return self.end if key == self.start else self.start


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """What one owner (a lead, an entry of a list, a part of a case) brings into the graph; None: nothing any more.

    ``case_id``: the case under which alone it is seen; empty: seen by everybody.
    """

    owner: str
    links: LinkSet | None
    case_id: str = ""
