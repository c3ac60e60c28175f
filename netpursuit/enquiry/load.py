"""A case's part of the link graph, loaded into a server of somebody's own: an export, on record with its expiry."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from netpursuit.enquiry.graph import check_bounds, outcome_of, resolve
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.workbench import ListStanding, Workbench, list_standings
from netpursuit.links.cases import case_key
from netpursuit.links.views import MOST_NODES, Bounds, View
from netpursuit.links.walks import expand
from netpursuit.ports.case_server import CaseLoad, CaseServer
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records import Intent, Verb
from netpursuit.records.graph import EdgeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRequest:
    """From where: nodes as for a question, or none: those that were brought in under the case. ``warning`` and
    ``say_cut`` are the words that the load says of itself."""

    warning: str
    say_cut: str
    nodes: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=lambda: Bounds(limit=MOST_NODES))
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadAnswer:
    """What was loaded, and how many nodes of an earlier load it replaced."""

    load: CaseLoad
    lists: tuple[ListStanding, ...]
    truncated: bool
    replaced: int


def load_case(
    desk: Workbench,
    store: GraphStore,
    server: CaseServer,
    request: LoadRequest,
    banners: Callable[[Sequence[ListStanding]], tuple[str, ...]],
) -> LoadAnswer:
    """Put everything within ``hops`` of the nodes, as the case sees it, into the server.

    The outcome is on record before anything leaves: what is on record and did not arrive is said by the error.
    Raises ``RefusedError`` without a case, for the program's own server and for one that holds anything else;
    ``InputError`` for a node that is not there.
    """
    bounds = request.bounds
    check_bounds("load", bounds)
    case_id = desk.authority.case_id
    case = desk.truth.case(case_id) if case_id else None
    intent = Intent(
        verb=Verb.EXPORT,
        authority=desk.authority,
        fields=("node", "server") if request.nodes else ("server",),
        about={
            "analysis": "expand",
            "nodes": str(len(request.nodes)),
            "hops": str(bounds.hops),
            "limit": str(bounds.limit),
            "open_leads": str(bounds.with_open_leads).lower(),
            "export": "neo4j",
            "expires": case.expires_on.isoformat() if case else "",
        },
        as_of=request.as_of,
        sealed=json.dumps({"server": server.name, "nodes": request.nodes}, ensure_ascii=False),
    )
    with desk.gate.consult(intent) as consultation:
        if case is None:
            raise RefusedError("export-case", "a part of the graph is loaded into a server under a case only")
        server.check(case_id)
        store = store.under(case_id)
        view = View(store, bounds)
        keys = [resolve(desk, store, text, bounds.with_open_leads).key for text in request.nodes]
        keys = list(dict.fromkeys(keys)) if keys else _of_case(view, case_id)
        found = expand(view, keys)
        lists = list_standings(desk.truth, request.as_of or desk.today)
        consultation.conclude(outcome_of(found))
    load = CaseLoad(
        case_id=case_id,
        consultation_id=consultation.consultation_id,
        warning=request.warning,
        purpose=case.purpose,
        user=desk.gate.who,
        expires_on=case.expires_on,
        nodes=found.nodes,
        edges=found.edges,
        besides=(*banners(lists), *((request.say_cut,) if found.truncated else ())),
    )
    return LoadAnswer(load=load, lists=lists, truncated=found.truncated, replaced=server.replace(load))


def _of_case(view: View, case_id: str) -> list[str]:
    """What was brought in under the case, by key, at most ``limit``."""
    edges = view.edges([case_key(case_id)], (EdgeKind.OPENED_IN,))
    keys = sorted({edge.start for edge in edges})
    if not keys:
        raise InputError(
            "nothing was brought in under this case", where="NODE", expected="the nodes around which to load"
        )
    view.truncated |= len(keys) > view.bounds.limit
    return keys[: view.bounds.limit]
