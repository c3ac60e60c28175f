"""What an analysis found as FollowTheMoney entities, one JSON object a line.

Every node becomes an entity and every link one of its own, so that dates, sources and the word of assessment go with
it. What is fact stands as a property of the person besides (``phone``, ``email``, ``addressEntity``, numbers of
documents), since that is what other programs compare; what is an assessment never does. Ids are digests of the graph's
keys: the same node has the same id in every export. Nothing bears a topic, so that nobody becomes wanted by an export.

Two kinds of node have no schema: a list is named as the ``program`` of its entries, and a document becomes an
``Identification`` for each of its holders. Where an answer holds such a node alone, it is left out and counted.
Source: https://followthemoney.tech/explorer/schemata, checked against version 4.11.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from netpursuit.catalogue import Catalogue
from netpursuit.links.call_notes import condensed
from netpursuit.links.views import Findings
from netpursuit.records import EntryKind
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind, Provenance
from netpursuit.reports.wording import plain

_SCHEMA: dict[str, str] = {
    NodeKind.SUBJECT: "Person",
    NodeKind.CONTACT: "Person",
    NodeKind.ENTRY: "LegalEntity",
    NodeKind.ADDRESS: "Address",
    NodeKind.RENTAL_UNIT: "RealEstate",
    NodeKind.PHONE: "UserAccount",
    NodeKind.EMAIL: "UserAccount",
    NodeKind.ORGANISATION: "Organization",
    NodeKind.REGISTRATION: "Event",
    NodeKind.VEHICLE: "Vehicle",
    NodeKind.ACCOUNT: "BankAccount",
}
_ENTRY_SCHEMA = {
    EntryKind.PERSON: "Person",
    EntryKind.ORGANISATION: "Organization",
    EntryKind.VESSEL: "Vessel",
    EntryKind.AIRCRAFT: "Airplane",
    EntryKind.UNSTATED: "LegalEntity",
}
_LEGAL = frozenset({"Person", "LegalEntity", "Organization", "Company"})
_ASSETS = frozenset({"RealEstate", "Vehicle", "BankAccount", "Company"})  # of which there is ownership
_COMPANY = re.compile(r"organisation:[^:]+:reg:([A-Z]{0,2}):(.+)")
_NUMBERED = frozenset({"Vessel", "Airplane"})  # which hold no Identification, but bear a number themselves
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
_NO_NUMBER = ("", "", "")

Properties = dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FtmLines:
    """The text, and how many nodes and links of the answer have no form in FollowTheMoney."""

    text: str
    left_out: int


def as_ftm(
    found: Findings, said: Sequence[str], catalogue: Catalogue, entry_kinds: Mapping[str, EntryKind] | None = None
) -> FtmLines:
    """Entities of the nodes, then of the links, each in the order of the answer.

    ``said``: what the export says of itself, which every entity carries as its ``description``, since the format knows
    no comment. ``entry_kinds`` tells, by node key, what an entry is; one that is not told is a ``LegalEntity``.
    """
    return _Export(found, " | ".join(map(plain, said)), catalogue, entry_kinds or {}).lines()


@dataclass(slots=True)
class _Export:
    found: Findings
    notice: str
    words: Catalogue
    entry_kinds: Mapping[str, EntryKind]
    schemas: dict[str, str] = field(default_factory=dict)
    nodes: dict[str, GraphNode] = field(default_factory=dict)
    own: dict[str, Properties] = field(default_factory=lambda: defaultdict(dict))
    told: set[str] = field(default_factory=set)  # lists and documents that an entity of another node tells of

    def lines(self) -> FtmLines:
        self.nodes = {node.key: node for node in self.found.nodes}
        self.schemas = {key: schema for key, node in self.nodes.items() if (schema := self._schema(node))}
        links = [self._link(edge) for edge in self.found.edges]
        things = [self._thing(node) for node in self.found.nodes if node.key in self.schemas]
        alone = sum(key not in self.schemas and key not in self.told for key in self.nodes)
        written = [*things, *(entity for entity, _ in links if entity is not None)]
        text = "".join(f"{json.dumps(entity, ensure_ascii=False, separators=(',', ':'))}\n" for entity in written)
        return FtmLines(text=text, left_out=alone + sum(not stated for _, stated in links))

    def _schema(self, node: GraphNode) -> str:
        if node.kind == NodeKind.ENTRY and node.key in self.entry_kinds:
            return _ENTRY_SCHEMA[self.entry_kinds[node.key]]
        if node.kind == NodeKind.ORGANISATION and _COMPANY.fullmatch(node.key):
            return "Company"
        return _SCHEMA.get(node.kind, "")

    def _thing(self, node: GraphNode) -> dict[str, Any]:
        label, last = plain(node.label), node.key.split(":", 2)[-1]
        properties: Properties = {}
        match node.kind:
            case NodeKind.ADDRESS:
                properties["full"] = [label]
            case NodeKind.RENTAL_UNIT:
                properties |= {"name": [label], "address": [label]}
            case NodeKind.PHONE:
                properties |= {"username": [label], "service": ["telephone"]}
                properties |= {"phone": [last]} if _is_number(last) else {}
            case NodeKind.EMAIL:
                properties |= {"username": [label], "service": ["e-mail"]}
                properties |= {"email": [label]} if _EMAIL.fullmatch(label) else {}
            case NodeKind.VEHICLE:
                properties |= {"name": [label], **_vehicle(last)}
            case NodeKind.ACCOUNT:
                properties |= {"name": [label], **_account(last)}
            case NodeKind.ORGANISATION:
                properties |= {"name": [label], **_company(node.key)}
            case NodeKind.REGISTRATION:
                properties["name"] = [label]
                days = [(item.seen_from, item.seen_to) for item in node.provenance]
                properties |= _dates(min((first for first, _ in days if first), default=""), _last(days))
            case _:
                properties["name"] = [label]
        for name, values in self.own[node.key].items():
            properties[name] = list(dict.fromkeys([*properties.get(name, []), *values]))
        return self._entity(_id("node", node.key), self.schemas[node.key], properties, node.provenance)

    def _link(self, edge: GraphEdge) -> tuple[dict[str, Any] | None, bool]:
        """The entity of a link, and whether anything tells of it: some are a property of the node alone."""
        edge = condensed(edge)
        start, end = (self.schemas.get(key, "") for key in (edge.start, edge.end))
        if not start:
            return None, False
        target = self.nodes[edge.end]
        if edge.kind == EdgeKind.LISTED_ON:
            self._state(edge.start, "program", target.label)
            self.told.add(edge.end)
            return None, True
        if edge.kind == EdgeKind.HOLDS_DOCUMENT:
            self.told.add(edge.end)
            return self._identification(edge, start, target)
        if not end:
            return None, False
        if edge.fact:
            self._state_fact(edge, start, target)
        ends = {"subject": [_id("node", edge.start)], "object": [_id("node", edge.end)]}
        schema = "UnknownLink"
        if edge.kind in (EdgeKind.LANDLORD_OF, EdgeKind.OWNS) and start in _LEGAL and end in _ASSETS:
            schema, ends = "Ownership", {"owner": ends["subject"], "asset": ends["object"]}
        status = "fact" if edge.fact else "assessment"
        properties = {
            **ends,
            "role": list(dict.fromkeys([str(edge.kind), *(plain(item.note) for item in _linked(edge) if item.note)])),
            "status": [status],
            **_dates(edge.seen_from, edge.seen_to),
        }
        return self._entity(_id("edge", *edge.at), schema, properties, edge.provenance), True

    def _identification(self, edge: GraphEdge, start: str, document: GraphNode) -> tuple[dict[str, Any] | None, bool]:
        family, country, canonical = _number_of(document)
        if start in _NUMBERED:
            self._state(edge.start, "registrationNumber", document.label)
            return None, True
        if start not in _LEGAL:
            return None, False
        if edge.fact:
            name = "passportNumber" if family == "passport" else "taxNumber" if family == "tax" else "idNumber"
            if start == "Person" or name != "passportNumber":  # of a passport only a person is the holder
                self._state(edge.start, name, canonical or document.label)
        numbers = [text for text in (canonical, plain(document.label)) if text]
        properties: Properties = {
            "holder": [_id("node", edge.start)],
            "number": list(dict.fromkeys(numbers)),
            **({"type": [family]} if family else {}),
            **({"country": [country]} if country else {}),
            **_dates(edge.seen_from, edge.seen_to),
        }
        schema = "Passport" if family == "passport" else "Identification"
        return self._entity(_id("edge", *edge.at), schema, properties, edge.provenance), True

    def _state_fact(self, edge: GraphEdge, start: str, target: GraphNode) -> None:
        """What other programs compare: numbers, boxes and places as properties of whose they are."""
        last = target.key.split(":", 2)[-1]
        if edge.kind == EdgeKind.USES_PHONE and start in _LEGAL and _is_number(last):
            self._state(edge.start, "phone", last)
        elif edge.kind == EdgeKind.USES_EMAIL and start in _LEGAL and _EMAIL.fullmatch(target.label):
            self._state(edge.start, "email", target.label)
        elif edge.kind in (EdgeKind.RESIDED_AT, EdgeKind.UNIT_IN) and target.kind == NodeKind.ADDRESS:
            self._state(edge.start, "addressEntity", _id("node", edge.end))

    def _state(self, key: str, name: str, value: str) -> None:
        self.own[key].setdefault(name, []).append(plain(value))

    def _entity(
        self, entity_id: str, schema: str, properties: Properties, provenance: Iterable[Provenance]
    ) -> dict[str, Any]:
        summary = [self._stated(item) for item in provenance]
        return {
            "id": entity_id,
            "schema": schema,
            "properties": {**properties, "summary": summary, "description": [self.notice]},
        }

    def _stated(self, item: Provenance) -> str:
        word = self.words("graph.fact" if item.fact else "graph.assessment")
        days = f"{item.seen_from} – {item.seen_to}".strip() if item.seen_from or item.seen_to else ""
        return "; ".join(plain(text) for text in (word, item.source, days, item.note) if text)


def _id(*parts: str) -> str:
    return f"np-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]}"


def _dates(first: str, last: str) -> Properties:
    return {**({"startDate": [first]} if first else {}), **({"endDate": [last]} if last else {})}


def _last(days: Iterable[tuple[str, str]]) -> str:
    """The latest last day; empty where a statement has a beginning and no end."""
    known = list(days)
    return "" if any(first and not last for first, last in known) else max((last for _, last in known), default="")


def _linked(edge: GraphEdge) -> Iterable[Provenance]:
    """Statements whose note says what a source calls the link; elsewhere a note is a remark on the evidence."""
    return edge.provenance if edge.kind in (EdgeKind.LINKED_TO, EdgeKind.OWNS) else ()


def _vehicle(key: str) -> Properties:
    """Plate and country, as a vehicle's key has them."""
    place, _, plate = key.partition(":")
    return {"registrationNumber": [plate], **_country("country", place.partition("/")[0])}


def _account(key: str) -> Properties:
    """The IBAN, or bank and number."""
    bank, _, number = key.partition(":")
    if bank == "iban":
        return {"iban": [number], "accountNumber": [number], **_country("country", number[:2])}
    return {"accountNumber": [plain(number)], "bankName": [plain(bank)]}


def _company(key: str) -> Properties:
    match = _COMPANY.fullmatch(key)
    return {"registrationNumber": [plain(match[2])], **_country("jurisdiction", match[1])} if match else {}


def _country(name: str, code: str) -> Properties:
    return {name: [code.lower()]} if re.fullmatch("[A-Z]{2}", code) else {}


def _number_of(document: GraphNode) -> tuple[str, str, str]:
    """Family, country and canonical number, as the node's key has them."""
    parts = document.key.split(":", 4)
    if len(parts) != 5:
        return _NO_NUMBER
    family, country, canonical = parts[2:]
    country = "cn" if family.startswith("cn-") else country.lower()
    return family, country if re.fullmatch("[a-z]{2}", country) else "", plain(canonical)


def _is_number(text: str) -> bool:
    """Whether FollowTheMoney takes it for a telephone number: E.164, and valid by the numbering plan."""
    import phonenumbers

    if not text.startswith("+"):
        return False
    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(text)))
    except phonenumbers.NumberParseException:
        return False
