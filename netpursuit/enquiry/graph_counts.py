"""How many links of which kind hang on a node, before any of them is shown: counted, not read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

from netpursuit.enquiry.graph import resolve
from netpursuit.enquiry.imported import admitted
from netpursuit.enquiry.imported import resolve as resolve_imported
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.imports import find_graph
from netpursuit.gate.workbench import ListStanding, Workbench, list_standings
from netpursuit.links.views import Bounds, View
from netpursuit.policy.labels import names_place
from netpursuit.ports.graph_store import CountedReader, GraphStore
from netpursuit.ports.imported_graphs import ImportedPlaces
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.records.graph import NodeKind

MOST_COUNTED = 200  # nodes at once


@dataclass(frozen=True, slots=True, kw_only=True)
class CountsRequest:
    """The nodes whose links are counted, as any question names them; of the bounds days and open leads count."""

    nodes: tuple[str, ...]
    bounds: Bounds = field(default_factory=Bounds)


@dataclass(frozen=True, slots=True)
class LinkCount:
    """So many links of a kind of edge lead to nodes of a kind."""

    edge: str
    kind: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """By key of each node, in the order asked: its links by kind of edge and of the other end, the most first."""

    of: dict[str, tuple[LinkCount, ...]]
    lists: tuple[ListStanding, ...]
    consultation_id: str


def count_links(desk: Workbench, store: GraphStore, request: CountsRequest) -> Counts:
    """Count the links of nodes; of all kinds, also those that join nobody (``listed-on``, ``opened-in``).

    Raises ``RefusedError`` without reason or case, and without a case for several nodes and for a house (A10, A12);
    ``InputError`` for a node that is not there.
    """
    with desk.gate.consult(_intent(desk, request, "", ""), texts=request.nodes) as consultation:
        _check(desk, request)
        store = store.under(desk.authority.case_id)
        view = View(store, request.bounds)
        known = store.nodes(request.nodes)
        open_leads = request.bounds.with_open_leads
        nodes = [known.get(text) or resolve(desk, store, text, open_leads) for text in request.nodes]
        if not desk.authority.case_id and any(node.kind == NodeKind.ADDRESS for node in nodes):
            raise RefusedError("building-case", "everybody of a building is asked for under a case only")
        of = _counted(store, view, [node.key for node in nodes])
        lists = list_standings(desk.truth, desk.today)
        consultation.conclude(_outcome(of))
    return Counts(of=of, lists=lists, consultation_id=consultation.consultation_id)


def count_imported(desk: Workbench, places: ImportedPlaces, graph: str, request: CountsRequest) -> Counts:
    """As ``count_links``, of an imported graph; a house is whatever bears a label of a place."""
    known = find_graph(desk.truth, graph)
    with desk.gate.consult(
        _intent(desk, request, known.name if known else "", graph), texts=request.nodes
    ) as consultation:
        _check(desk, request)
        if request.bounds.with_open_leads:
            raise InputError("an imported graph holds no leads", where="with_open_leads", expected="false")
        with closing(places.open(admitted(desk, known).place)) as reader:
            nodes = [resolve_imported(reader, text) for text in request.nodes]
            if not desk.authority.case_id and any(
                names_place(label) for node in nodes for label in reader.labels_of(node.key)
            ):
                raise RefusedError("building-case", "everybody at a place is asked for under a case only")
            of = _counted(reader, View(reader, request.bounds, free=True), [node.key for node in nodes])
        consultation.conclude(_outcome(of))
    return Counts(of=of, lists=(), consultation_id=consultation.consultation_id)


def _intent(desk: Workbench, request: CountsRequest, known: str, graph: str) -> Intent:
    typed = {"nodes": request.nodes, **({"graph": graph} if graph else {})}
    return Intent(
        verb=Verb.GRAPH,
        authority=desk.authority,
        fields=("node", "graph") if graph else ("node",),
        about={
            "analysis": "counts",
            "nodes": str(len(request.nodes)),
            "open_leads": str(request.bounds.with_open_leads).lower(),
            **({"graph": known} if graph else {}),
        },
        sealed=json.dumps(typed, ensure_ascii=False),
    )


def _check(desk: Workbench, request: CountsRequest) -> None:
    if not 1 <= len(request.nodes) <= MOST_COUNTED:
        raise InputError(f"{len(request.nodes)} nodes", where="nodes", expected=f"1 to {MOST_COUNTED}")
    if len(request.nodes) > 1 and not desk.authority.case_id:
        raise RefusedError("graph-case", "counts of several nodes runs under a case only: state one with --case ID")


def _counted(store: CountedReader, view: View, keys: Sequence[str]) -> dict[str, tuple[LinkCount, ...]]:
    found: dict[str, list[LinkCount]] = {key: [] for key in keys}
    for key, edge, kind, count in store.degrees(list(found), sight=view.sight):
        found[key].append(LinkCount(edge, kind, count))
    return {key: tuple(sorted(links, key=_most_first)) for key, links in found.items()}


def _most_first(link: LinkCount) -> tuple[int, str, str]:
    return -link.count, link.edge, link.kind


def _outcome(of: dict[str, tuple[LinkCount, ...]]) -> Outcome:
    return Outcome(counts={"nodes": len(of), "edges": sum(link.count for links in of.values() for link in links)})
