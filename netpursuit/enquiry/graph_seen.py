"""What somebody has before him in the graph browser, read again under the case to be written to a file (A13).

A page names nodes and links by their keys; what they are and who states them is never taken from it.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass

from netpursuit.enquiry.graph import GraphAnswer, outcome_of
from netpursuit.enquiry.imported import admitted
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.imports import find_graph
from netpursuit.gate.workbench import Workbench, list_standings
from netpursuit.links.views import Bounds, Findings, View
from netpursuit.ports.graph_store import GraphReader, GraphStore
from netpursuit.ports.imported_graphs import ImportedPlaces
from netpursuit.records import Intent, Outcome, Verb

MOST_NODES = 5_000
MOST_EDGES = 20_000
Link = tuple[str, str, str]  # kind, start, end


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRequest:
    """The keys of the nodes, and the links among them (None: all that there are); ``asked``: the keys of those that a
    question was about; ``export``: the format of the file. Open leads count ``with_open_leads``."""

    keys: tuple[str, ...]
    edges: Collection[Link] | None = None
    asked: tuple[str, ...] = ()
    export: str
    with_open_leads: bool = False

    @property
    def bounds(self) -> Bounds:
        """What is seen of them."""
        return Bounds(with_open_leads=self.with_open_leads)


def read_seen(desk: Workbench, store: GraphStore, request: SeenRequest) -> GraphAnswer:
    """The nodes and links as the case sees them now; what is not there (any more) is left out.

    Raises ``RefusedError`` without a case, ``InputError`` for too many and where nothing is left.
    """
    with desk.gate.consult(_intent(desk, request, "", "")) as consultation:
        _check(desk, request)
        found = read_again(View(store.under(desk.authority.case_id), request.bounds), request.keys, request.edges)
        _check_found(found)
        lists = list_standings(desk.truth, desk.today)
        consultation.conclude(outcome_of(found))
    return GraphAnswer(
        analysis="seen",
        asked=request.asked,
        bounds=request.bounds,
        found=found,
        lists=lists,
        consultation_id=consultation.consultation_id,
    )


def read_seen_imported(desk: Workbench, places: ImportedPlaces, graph: str, request: SeenRequest) -> GraphAnswer:
    """As ``read_seen``, of an imported graph."""
    known = find_graph(desk.truth, graph)
    with desk.gate.consult(_intent(desk, request, known.name if known else "", graph)) as consultation:
        _check(desk, request)
        with closing(places.open(admitted(desk, known).place)) as reader:
            found = read_again(View(reader, request.bounds, free=True), request.keys, request.edges)
        _check_found(found)
        consultation.conclude(Outcome(counts={"nodes": len(found.nodes), "edges": len(found.edges)}))
    return GraphAnswer(
        analysis="seen",
        asked=request.asked,
        bounds=request.bounds,
        found=found,
        lists=(),
        consultation_id=consultation.consultation_id,
        graph=graph,
    )


def read_again(view: View, keys: Collection[str], edges: Collection[Link] | None) -> Findings:
    """These nodes, and of the links among them those that are named (None: all), as they are in sight."""
    wanted = None if edges is None else set(edges)
    store: GraphReader = view.store
    among, _ = store.among(list(keys), kinds=())
    kept = [edge for edge in view.in_sight(among) if wanted is None or edge.at in wanted]
    return view.findings((), kept, keys)


def _intent(desk: Workbench, request: SeenRequest, known: str, graph: str) -> Intent:
    typed = {"nodes": request.keys, **({"graph": graph} if graph else {})}
    return Intent(
        verb=Verb.EXPORT,
        authority=desk.authority,
        fields=("node", "graph") if graph else ("node",),
        about={
            "analysis": "seen",
            "nodes": str(len(request.keys)),
            "export": request.export,
            "open_leads": str(request.with_open_leads).lower(),
            **({"graph": known} if graph else {}),
        },
        sealed=json.dumps(typed, ensure_ascii=False),
    )


def _check(desk: Workbench, request: SeenRequest) -> None:
    if not desk.authority.case_id:
        raise RefusedError("export-case", "a part of the graph is written to a file under a case only")
    if not 1 <= len(request.keys) <= MOST_NODES:
        raise InputError(f"{len(request.keys)} nodes", where="keys", expected=f"1 to {MOST_NODES}")
    if request.edges is not None and len(request.edges) > MOST_EDGES:
        raise InputError(f"{len(request.edges)} links", where="edges", expected=f"at most {MOST_EDGES}")


def _check_found(found: Findings) -> None:
    if not found.nodes:
        raise InputError("none of these nodes is in the graph", where="keys", expected="keys of nodes")
