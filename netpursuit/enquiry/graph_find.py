"""Finding a node of the link graph by what somebody writes of it: a name, a number, a telephone, an address, a key.

Only what is called so as a whole is found; there is no search by beginnings or with wildcards, which would list people
(A10).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from netpursuit.enquiry.graph import keys_named, lead_named
from netpursuit.enquiry.imported import admitted
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.imports import find_graph
from netpursuit.gate.queries import check_query
from netpursuit.gate.workbench import ListStanding, Workbench, list_standings
from netpursuit.ids.documents import prepare_number
from netpursuit.links.keys import NORMALISER, address_key, document_key, email_key, phone_key, unit_key, vehicle_key
from netpursuit.links.views import Bounds, View
from netpursuit.ports.graph_store import GraphStore
from netpursuit.ports.imported_graphs import ImportedPlaces, ImportedReader
from netpursuit.records import Address, Document, DocumentKind, Intent, Name, Outcome, Person, Verb
from netpursuit.records.graph import GraphNode

MOST_SHOWN = 10
MOST_COUNTED = 1_000
_COUNTRIES = ("", "CN")
_KEY = re.compile(f"[a-z]+:{NORMALISER}:")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundNodes:
    """The first of the nodes that are called so, and how many there are in all, counted to ``MOST_COUNTED``; ``bands``:
    of the leads among them, by key."""

    nodes: tuple[GraphNode, ...]
    total: int
    bands: Mapping[str, str]
    lists: tuple[ListStanding, ...]
    consultation_id: str

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.total - len(self.nodes)


def find_nodes(desk: Workbench, store: GraphStore, text: str, *, with_open_leads: bool = False) -> FoundNodes:
    """The nodes that a text names: by key, ``Label:key``, ``Lead:ID``, or as a name, number, telephone, e-mail or
    address, written in any way.

    Raises ``RefusedError`` without reason or case, and for wildcards, parts of numbers and single letters.
    """
    text = text.strip()
    keyed = _names_key(desk, text)
    persons = () if keyed or not text or _is_box_or_place(text) else (_as_query(text),)
    with desk.gate.consult(_intent(desk, text, ""), persons=persons, texts=(text,)) as consultation:
        if not text:
            raise InputError("nothing to find", where="text", expected="a name, number, address or key")
        seen = store.under(desk.authority.case_id)
        exact = seen.nodes(list(dict.fromkeys(keys_named(desk, text) if keyed else _keys(text))))
        found = dict(exact)
        if not (keyed and exact):
            label, _, rest = text.partition(":")
            called = rest.strip() if keyed else text
            if keyed:
                check_query(_as_query(called))
            named = seen.find(called, MOST_COUNTED + 1) if called else ()
            kind = label.casefold() if keyed else ""
            found |= {node.key: node for node in named if kind in ("", node.kind.casefold())}
        nodes = [node for key, node in found.items() if key in exact or with_open_leads or node.fact]
        shown = tuple(nodes[:MOST_SHOWN])
        bands = View(seen, Bounds(with_open_leads=with_open_leads)).bands(shown)
        lists = list_standings(desk.truth, desk.today)
        consultation.conclude(Outcome(counts={"nodes": len(nodes)}))
    return FoundNodes(
        nodes=shown,
        total=len(nodes),
        bands=bands,
        lists=lists,
        consultation_id=consultation.consultation_id,
    )


def find_imported(desk: Workbench, places: ImportedPlaces, graph: str, text: str) -> FoundNodes:
    """The nodes of an imported graph that a text names: by key, ``Label:id``, id or name.

    Of what more than ``MOST_SHOWN`` are called none is shown: that is a kind of things (A10). Raises as ``find_nodes``,
    and ``RefusedError`` for a label alone and for a graph of another case.
    """
    text = text.strip()
    known = find_graph(desk.truth, graph)
    with desk.gate.consult(_intent(desk, text, known.name if known else "", graph), texts=(text,)) as consultation:
        if not text:
            raise InputError("nothing to find", where="text", expected="a name, an id or a key")
        with closing(places.open(admitted(desk, known).place)) as reader:
            nodes = _imported(reader, text)
        consultation.conclude(Outcome(counts={"nodes": len(nodes)}))
    return FoundNodes(
        nodes=tuple(nodes) if len(nodes) <= MOST_SHOWN else (),
        total=len(nodes),
        bands={},
        lists=(),
        consultation_id=consultation.consultation_id,
    )


def _intent(desk: Workbench, text: str, known: str, graph: str = "") -> Intent:
    typed = {"text": text, **({"graph": graph} if graph else {})}
    return Intent(
        verb=Verb.GRAPH,
        authority=desk.authority,
        fields=("node", "graph") if graph else ("node",),
        about={"analysis": "find", **({"graph": known} if graph else {})},
        sealed=json.dumps(typed, ensure_ascii=False),
    )


def _names_key(desk: Workbench, text: str) -> bool:
    """Whether a text is written as a key, ``Label:key`` or ``Lead:ID``."""
    return bool(_KEY.match(text)) or lead_named(desk, text) is not None or len(keys_named(desk, text)) > 1


def _is_box_or_place(text: str) -> bool:
    """Whether a text is an e-mail or names a house; neither has wildcards, whatever signs it holds."""
    return bool(email_key(text)) or ("#" in text and bool(address_key(Address(text=text))))


def _as_query(text: str) -> Person:
    """The text as everything it may be, so that the gate judges whether it asks for a group."""
    return Person(names=(Name(text=text),), documents=(Document(number=text),), phones=(text,))


def _keys(text: str) -> Iterator[str]:
    """The keys under which a thing written so would stand."""
    yield text
    place = Address(text=text)
    yield from (email_key(text), unit_key(place), address_key(place))
    for country in _COUNTRIES:
        yield from (phone_key(text, country), vehicle_key(text, country))
        for kind in DocumentKind:
            document = Document(number=text, kind=kind, country=country)
            if prepare_number(document).canonical:
                yield document_key(document)


def _imported(reader: ImportedReader, text: str) -> list[GraphNode]:
    if exact := reader.nodes([text]):
        return list(exact.values())
    all_labels = reader.labels()
    before, _, rest = (part.strip() for part in text.partition(":"))
    labels = tuple(label for label in all_labels if label.casefold() == before.casefold()) if rest else ()
    called = rest if labels else text
    if before.casefold() in map(str.casefold, all_labels) and rest in ("", "*", "%"):
        raise RefusedError("label-query", "a label alone asks for a group: name a node")
    return list(reader.with_id(called, labels) or reader.named(called, labels, MOST_COUNTED + 1))
