"""The named views of a case: listed, opened, kept, deleted, and what changed around one since somebody looked."""

from __future__ import annotations

from functools import partial
from typing import Any, TypedDict

import msgspec

from netpursuit.enquiry.graph_views import (
    MOST_BYTES,
    NewView,
    Reader,
    ViewChangedError,
    drop_view,
    list_views,
    open_view,
    save_view,
    view_changes,
)
from netpursuit.records.graph_views import GraphView
from netpursuit.reports.graph_json import edge_json, node_json
from netpursuit.web.answers import Refused
from netpursuit.web.endpoints import Call, Endpoint
from netpursuit.web.graph_bodies import Changed, DropView, SaveView
from netpursuit.web.graph_calls import told_lists

NEW = "new"


class ViewsAnswer(TypedDict):
    """The views of the case, without their states; ``seen_at``: when the user last looked, or null."""

    views: list[dict[str, Any]]
    consultation: str


class ViewAnswer(TypedDict):
    """A view with its state, and what is there of it now; ``gone``: keys that are not there any more."""

    view: dict[str, Any]
    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    gone: list[str]
    truncated: bool
    lists: list[dict[str, Any]]
    banners: list[str]
    consultation: str


class ChangesAnswer(TypedDict):
    """``since``: when was looked; null: nobody has, and nothing is told."""

    view: str
    since: str | None
    new: dict[str, Any]
    changed: dict[str, Any]
    gone: dict[str, Any]
    truncated: bool
    lists: list[dict[str, Any]]
    banners: list[str]
    consultation: str


def show_views(call: Call) -> dict[str, Any]:
    found = list_views(call.desk)
    seen_at = {view_id: at.isoformat() for view_id, at in found.seen_at.items()}
    return {
        "views": [_view_json(view) | {"seen_at": seen_at.get(view.view_id)} for view in found.views],
        "consultation": found.consultation_id,
    }


def show_view(call: Call) -> dict[str, Any]:
    desk = call.desk
    found = open_view(desk, _reader(call), call.path["id"])
    seen_at = found.seen_at.isoformat() if found.seen_at else None
    return {
        "view": _view_json(found.view) | {"seen_at": seen_at, "state": found.state},
        "nodes": [node_json(node, found.found.bands) for node in found.found.nodes],
        "edges": list(map(edge_json, found.found.edges)),
        "gone": list(found.gone),
        "truncated": found.found.truncated,
        **told_lists(call.words, found.lists, found.view.graph),
        "consultation": found.consultation_id,
    }


def keep_view(call: Call) -> dict[str, Any]:
    body: SaveView = call.body
    body.state.check()
    view_id = "" if call.path["id"] == NEW else call.path["id"]
    new = NewView(name=body.name.strip() or NEW, graph=body.graph, state=msgspec.to_builtins(body.state))
    try:
        view = save_view(call.desk, _reader(call), view_id, body.revision, new)
    except ViewChangedError as error:
        raise Refused(409, "changed", str(error)) from None
    return {"view": _view_json(view)}


def delete_view(call: Call) -> dict[str, Any]:
    body: DropView = call.body
    try:
        drop_view(call.desk, call.path["id"], body.revision)
    except ViewChangedError as error:
        raise Refused(409, "changed", str(error)) from None
    return {}


def show_changes(call: Call) -> dict[str, Any]:
    body: Changed = call.body
    told = view_changes(call.desk, _reader(call), body.view, seen=body.seen)
    found = told.changes
    return {
        "view": body.view,
        "since": told.since.isoformat() if told.since else None,
        "new": {
            "nodes": [node_json(node, told.bands) for node in found.new_nodes],
            "edges": list(map(edge_json, found.new_edges)),
        },
        "changed": {
            "nodes": [node_json(node, told.bands) for node in found.changed_nodes],
            "edges": list(map(edge_json, found.changed_edges)),
        },
        "gone": {
            "nodes": list(found.gone_nodes),
            "edges": list(map(list, found.gone_edges)),
            "links": found.gone_links,
        },
        "truncated": told.truncated,
        **told_lists(call.words, told.lists, told.graph),
        "consultation": told.consultation_id,
    }


def _reader(call: Call) -> Reader:
    return partial(call.room.service.graph.reader, call.desk)


def _view_json(view: GraphView) -> dict[str, Any]:
    return {
        "id": view.view_id,
        "name": view.name,
        "graph": view.graph,
        "revision": view.revision,
        "nodes": view.nodes,
        "made_by": view.made_by,
        "made_at": view.made_at.isoformat(),
        "changed_by": view.changed_by,
        "changed_at": view.changed_at.isoformat(),
    }


ENDPOINTS = (
    Endpoint(
        method="POST", path="/graph/views", summary="The views of the case", handle=show_views, answers=ViewsAnswer
    ),
    Endpoint(method="POST", path="/graph/views/{id}", summary="Open a view", handle=show_view, answers=ViewAnswer),
    Endpoint(
        method="PUT",
        path="/graph/views/{id}",
        summary="Keep a view; id new makes one",
        handle=keep_view,
        asks=SaveView,
        most_bytes=MOST_BYTES + (MOST_BYTES >> 1),
    ),
    Endpoint(method="DELETE", path="/graph/views/{id}", summary="Delete a view", handle=delete_view, asks=DropView),
    Endpoint(
        method="POST",
        path="/graph/changes",
        summary="What changed around a view since the user looked",
        handle=show_changes,
        asks=Changed,
        answers=ChangesAnswer,
    ),
)
