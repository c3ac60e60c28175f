"""The calls of the graph browser: what can be asked, finding a node, one analysis, and counting links before they are
drawn. Each is one consultation, under the limits of ``docs/graph.md``."""

from __future__ import annotations

from typing import Any, TypedDict

from netpursuit.catalogue import Catalogue
from netpursuit.custody.imports import list_graphs
from netpursuit.enquiry.graph import GraphRequest
from netpursuit.enquiry.graph_counts import MOST_COUNTED, CountsRequest, count_imported, count_links
from netpursuit.enquiry.graph_find import MOST_SHOWN, find_imported, find_nodes
from netpursuit.enquiry.graph_seen import MOST_EDGES
from netpursuit.enquiry.graph_seen import MOST_NODES as MOST_SEEN
from netpursuit.enquiry.graph_views import MOST_VIEWS
from netpursuit.enquiry.imported import find_nonsense
from netpursuit.errors import InputError
from netpursuit.gate.imports import may_ask
from netpursuit.gate.workbench import ListStanding
from netpursuit.links.analyses import ANALYSES
from netpursuit.links.views import MOST_HOPS, MOST_NODES
from netpursuit.policy.limits import DRAWN_IN_MOST
from netpursuit.records.graph import EdgeKind, NodeKind
from netpursuit.reports.graph_exports import forms
from netpursuit.reports.graph_json import answer_json, node_json
from netpursuit.reports.graph_signs import link_word, node_word
from netpursuit.reports.standings import banner_lines, standing_json
from netpursuit.web.endpoints import Call, Endpoint
from netpursuit.web.graph_bodies import Ask, Count, Find


class GraphTold(TypedDict):
    """What every answer of the link graph tells: whether it was cut, the lists that it rests on with the lines that
    stand above it in the language of the page, and its place in the log."""

    truncated: bool
    lists: list[dict[str, Any]]
    banners: list[str]
    consultation: str


class GraphDrawn(GraphTold):
    """An answer that can be drawn."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


class FoundAnswer(GraphTold):
    """``more``: how many bear the name besides those in ``nodes``."""

    nodes: list[dict[str, Any]]
    total: int
    more: int


class AskedAnswer(GraphDrawn):
    """As ``netpursuit graph ANALYSIS --json``, with ``banners`` in the language of the page."""

    analysis: str
    parameters: dict[str, Any]
    rows: list[dict[str, Any]]


class CountedAnswer(GraphTold):
    """In the order asked: ``{key, total, links: [{edge, kind, count}]}``."""

    counts: list[dict[str, Any]]


def told_lists(words: Catalogue, lists: tuple[ListStanding, ...], graph: str = "") -> dict[str, Any]:
    """What every answer says of the lists that it rests on, and of a graph from elsewhere."""
    imported = [words("graph.imported", graph=graph)] if graph else []
    return {"lists": list(map(standing_json, lists)), "banners": [*banner_lines(words, lists), *imported]}


def show_analyses(call: Call) -> dict[str, Any]:
    words = call.words
    return {
        "analyses": [
            {
                "name": name,
                "question": words(f"graph.question.{name}"),
                "fewest": item.fewest,
                "most": item.most,
                "case": item.case,
                "hops": item.hops,
                "free_hops": item.free_hops,
                "dated": item.dated,
                "imported": not find_nonsense(name, ("any",))[0],
                "imported_edges": bool(find_nonsense(name, ())[0]) and not find_nonsense(name, ("any",))[0],
            }
            for name, item in ANALYSES.items()
        ],
        "kinds": [{"kind": kind.value, "word": node_word(words, kind)} for kind in NodeKind],
        "edges": [{"kind": kind.value, "word": link_word(words, kind)} for kind in EdgeKind],
        "bounds": {
            "hops": MOST_HOPS,
            "nodes": MOST_NODES,
            "limit": 200,
            "found": MOST_SHOWN,
            "drawn_in": DRAWN_IN_MOST,
            "counted": MOST_COUNTED,
            "views": MOST_VIEWS,
            "view_nodes": MOST_SEEN,
            "export_nodes": MOST_SEEN,
            "export_edges": MOST_EDGES,
        },
        "formats": list(forms()),
    }


def show_graphs(call: Call) -> dict[str, Any]:
    desk = call.desk
    return {
        "graphs": [
            {
                "name": graph.name,
                "nodes": graph.nodes,
                "edges": graph.edges,
                "case": graph.case_id or None,
                "imported_by": graph.imported_by,
                "imported_at": graph.imported_at.isoformat(),
                "askable": may_ask(graph, desk.authority),
            }
            for graph in list_graphs(desk)
        ]
    }


def find(call: Call) -> dict[str, Any]:
    body: Find = call.body
    desk, graph = call.desk, call.room.service.graph
    if body.graph:
        graph.end_cases(desk)
        found = find_imported(desk, graph.places, body.graph, body.text)
    else:
        with graph.opened(desk) as store:
            found = find_nodes(desk, store, body.text, with_open_leads=body.with_open_leads)
    return {
        "nodes": [node_json(node, found.bands) for node in found.nodes],
        "total": found.total,
        "more": found.more,
        "truncated": found.more > 0,
        **told_lists(call.words, found.lists, body.graph),
        "consultation": found.consultation_id,
    }


def ask(call: Call) -> dict[str, Any]:
    body: Ask = call.body
    if body.analysis not in ANALYSES:
        raise InputError("no analysis is called so", where="analysis", expected=", ".join(ANALYSES))
    request = GraphRequest(
        analysis=body.analysis,
        nodes=tuple(body.nodes),
        bounds=body.narrowed(ANALYSES[body.analysis].hops),
    )
    with call.room.service.graph.asked(call.desk, body.graph) as asked:
        answer = asked(request)
    return answer_json(answer, call.words) | told_lists(call.words, answer.lists, body.graph)


def counts(call: Call) -> dict[str, Any]:
    body: Count = call.body
    desk, graph = call.desk, call.room.service.graph
    request = CountsRequest(nodes=tuple(dict.fromkeys(body.nodes)), bounds=body.bounds())
    if body.graph:
        graph.end_cases(desk)
        found = count_imported(desk, graph.places, body.graph, request)
    else:
        with graph.opened(desk) as store:
            found = count_links(desk, store, request)
    return {
        "counts": [
            {
                "key": key,
                "total": sum(link.count for link in links),
                "truncated": False,  # counted whole, however many
                "links": [{"edge": link.edge, "kind": link.kind, "count": link.count} for link in links],
            }
            for key, links in found.of.items()
        ],
        "truncated": False,
        **told_lists(call.words, found.lists, body.graph),
        "consultation": found.consultation_id,
    }


ENDPOINTS = (
    Endpoint(method="GET", path="/graph/analyses", summary="What the link graph can be asked", handle=show_analyses),
    Endpoint(method="GET", path="/graph/graphs", summary="The imported graphs", handle=show_graphs),
    Endpoint(method="POST", path="/graph/find", summary="Find a node", handle=find, asks=Find, answers=FoundAnswer),
    Endpoint(method="POST", path="/graph/ask", summary="One analysis", handle=ask, asks=Ask, answers=AskedAnswer),
    Endpoint(
        method="POST",
        path="/graph/counts",
        summary="Count the links of nodes before they are shown",
        handle=counts,
        asks=Count,
        answers=CountedAnswer,
    ),
)
