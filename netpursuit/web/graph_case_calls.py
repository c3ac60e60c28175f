"""The calls of the graph browser that a case alone allows: a house by floors, who else lived in a unit, and files."""

from __future__ import annotations

from typing import Any

from netpursuit.custody.graph import drain
from netpursuit.enquiry.draw_in import DrawInRequest, draw_in
from netpursuit.enquiry.graph import entry_kinds
from netpursuit.enquiry.graph_building import Occupant, Unit, show_building
from netpursuit.enquiry.graph_seen import SeenRequest, read_seen, read_seen_imported
from netpursuit.gate.workbench import list_standings
from netpursuit.links.views import Bounds, View
from netpursuit.reports.graph_exports import MEDIA, Wish, alarms_of, as_file, case_notice, file_name
from netpursuit.reports.graph_files import Asked
from netpursuit.reports.graph_json import LEFT_OUT, drawn_json, edge_json, node_json
from netpursuit.reports.graph_report import Told
from netpursuit.web.endpoints import Call, Download, Endpoint
from netpursuit.web.graph_bodies import Building, DrawIn, Export, check_day
from netpursuit.web.graph_calls import GraphDrawn, told_lists
from netpursuit.wiring import open_register

MOST_BYTES = 8 << 20  # of what is seen: 5,000 nodes and 20,000 links by their keys


class BuildingAnswer(GraphDrawn):
    """``floors``, the highest first, the unknown one (``floor`` null) last: ``{floor, number, units}``; ``elsewhere``:
    who is tied to the house alone."""

    address: dict[str, Any]
    floors: list[dict[str, Any]]
    elsewhere: list[dict[str, Any]]


class DrawnAnswer(GraphDrawn):
    """As ``netpursuit graph draw-in --json``; ``left_out``: how many were not drawn in, and why; ``nodes`` and
    ``edges``: the unit, who was drawn in, and what hangs on them."""

    unit: dict[str, str]
    feed: str
    file: str
    people: list[dict[str, Any]]
    counts: dict[str, int]
    left_out: list[dict[str, Any]]


def building(call: Call) -> dict[str, Any]:
    body: Building = call.body
    desk = call.desk
    with call.room.service.graph.opened(desk) as store:
        found = show_building(desk, store, body.node, body.bounds())
    return {
        "address": node_json(found.address),
        "floors": [
            {
                "floor": None if floor.number is None else str(floor.number),
                "number": floor.number,
                "units": list(map(_unit_json, floor.units)),
            }
            for floor in found.floors
        ],
        "elsewhere": list(map(_occupant_json, found.elsewhere)),
        "nodes": [node_json(node, found.found.bands) for node in found.found.nodes],
        "edges": list(map(edge_json, found.found.edges)),
        "truncated": found.found.truncated,
        **told_lists(call.words, found.lists),
        "consultation": found.consultation_id,
    }


def _unit_json(unit: Unit) -> dict[str, Any]:
    return {
        "key": unit.node.key,
        "label": unit.node.label,
        "unit": unit.number,
        "fact": unit.node.fact,
        "people": list(map(_occupant_json, unit.people)),
    }


def _occupant_json(item: Occupant) -> dict[str, Any]:
    return {
        "key": item.node.key,
        "kind": str(item.node.kind),
        "label": item.node.label,
        "fact": item.node.fact and item.edge.fact,
        "edge": str(item.edge.kind),
        "from": item.edge.seen_from or None,
        "to": item.edge.seen_to or None,
        "source": item.source,
    }


def draw_in_unit(call: Call) -> dict[str, Any]:
    body: DrawIn = call.body
    desk, graph = call.desk, call.room.service.graph
    request = DrawInRequest(
        unit=body.unit, since=check_day("from", body.since), until=check_day("to", body.until), limit=body.limit
    )
    with graph.opened(desk) as store:
        drawn = draw_in(desk, store, graph.units, request, lambda feeds: open_register(desk.truth, feeds, None))
        drain(desk.truth, store)
        view = View(store.under(desk.authority.case_id), Bounds(with_open_leads=True))
        keys = [person.key for person in drawn.people]
        found = view.findings((), view.edges(keys) if keys else (), [drawn.unit.key, *keys])
    counts = drawn.counts
    return {
        **drawn_json(drawn),
        "left_out": [
            {
                "reason": name,
                "count": counts[name],
                "text": call.words(f"graph.draw-in.left.{name}", count=counts[name]),
            }
            for name in LEFT_OUT
            if counts[name]
        ],
        "nodes": [node_json(node, found.bands) for node in found.nodes],
        "edges": list(map(edge_json, found.edges)),
        "truncated": drawn.truncated or found.truncated,
        **told_lists(call.words, list_standings(desk.truth, desk.today)),
    }


def export(call: Call) -> Download:
    body: Export = call.body
    desk, graph, words = call.desk, call.room.service.graph, call.words
    request = SeenRequest(
        keys=tuple(dict.fromkeys(body.keys)),
        edges=body.edges,
        asked=tuple(body.asked),
        export=body.format,
        with_open_leads=body.with_open_leads,
    )
    if body.graph:
        graph.end_cases(desk)
        answer = read_seen_imported(desk, graph.places, body.graph, request)
    else:
        with graph.opened(desk) as store:
            answer = read_seen(desk, store, request)
    notice, case = case_notice(desk)
    name = file_name(body.format, case.case_id, desk.today.isoformat())
    notes = {key: Told(label=item.label, note=item.note, mark=item.mark) for key, item in body.notes.items()}
    wish = Wish(form=body.format, places=body.positions or None, notes=notes, title=body.title, paths=body.paths)
    kinds = {} if body.graph else entry_kinds(desk, answer.found)
    asked = Asked(nodes=request.asked, entry_kinds=kinds, alarms=alarms_of(answer, words))
    return Download(name, MEDIA[body.format], as_file(answer, wish, name, notice, words, asked))


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/graph/building",
        summary="A house by floors and units, with who is tied to them (under a case)",
        handle=building,
        asks=Building,
        answers=BuildingAnswer,
    ),
    Endpoint(
        method="POST",
        path="/graph/draw-in",
        summary="Who else is registered in a unit, read again from the register (under a case)",
        handle=draw_in_unit,
        asks=DrawIn,
        answers=DrawnAnswer,
    ),
    Endpoint(
        method="POST",
        path="/graph/export",
        summary="What is seen, as a file (under a case)",
        handle=export,
        asks=Export,
        answers=Download,
        most_bytes=MOST_BYTES,
    ),
)
