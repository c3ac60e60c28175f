"""Nodes and edges of the link graph; each carries its source, its date, and whether it is fact or assessment (A11)."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum


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
    REGISTRATION = "Registration"


class EdgeKind(StrEnum):
    LISTED_ON = "listed-on"
    RESIDED_AT = "resided-at"
    STAYED_AT = "stayed-at"
    UNIT_IN = "unit-in"
    USES_PHONE = "uses-phone"
    USES_EMAIL = "uses-email"
    HOLDS_DOCUMENT = "holds-document"
    LANDLORD_OF = "landlord-of"
    LINKED_TO = "linked-to"
    NAMED_IN = "named-in"
    SAME_AS = "same-as"


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
    """What one lead brings into the graph: nodes sorted by key, edges by (kind, start, end), without repeats."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def as_json(links: LinkSet) -> str:
    """The link set as canonical JSON, the payload of its outbox row."""
    return json.dumps(asdict(links), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
