"""Named views of a case: kept, opened again from the store, told what changed; for the members of the case alone.

A view keeps keys, places and what the analyst wrote, never what sources state: that is read again each time.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from netpursuit.enquiry.graph_changes import Changes, Marks, compare, look_at
from netpursuit.enquiry.graph_seen import read_again
from netpursuit.errors import InputError, RefusedError, UnknownIdError
from netpursuit.gate.cases import is_over
from netpursuit.gate.gate import OpenConsultation
from netpursuit.gate.workbench import ListStanding, Workbench, list_standings
from netpursuit.links.views import Bounds, Findings, View
from netpursuit.ports.graph_store import GraphReader
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.records.graph_views import GraphView, ViewLook

MOST_VIEWS = 200  # of a case
MOST_BYTES = 2 << 20  # of a view
_EVERYTHING = Bounds(with_open_leads=True)  # a view shows or hides assessments itself
Reader = Callable[[str], AbstractContextManager[GraphReader]]
"""Opens the graph of a view (an imported one by its name; empty: the program's own) as the case sees it."""


class ViewChangedError(InputError):
    """Somebody else has changed the view since it was opened; nothing was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewView:
    """What is kept: ``state`` is checked for its shape before, see ``clean_state`` for its keys."""

    name: str
    graph: str
    state: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """The views of the case, and by id when the user last looked at each."""

    views: tuple[GraphView, ...]
    seen_at: Mapping[str, datetime]
    consultation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedView:
    """A view with its state and what is there of it now; ``gone``: keys of nodes that are not there any more."""

    view: GraphView
    state: Mapping[str, Any]
    seen_at: datetime | None
    found: Findings
    gone: tuple[str, ...]
    lists: tuple[ListStanding, ...]
    consultation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewChanges:
    """``since``: when was looked (None: nobody has yet, and nothing is told); ``bands``: of leads, by the keys of their
    nodes; ``graph``: the imported one that the view is of."""

    since: datetime | None
    changes: Changes
    bands: Mapping[str, str]
    graph: str
    truncated: bool
    lists: tuple[ListStanding, ...]
    consultation_id: str


def list_views(desk: Workbench) -> Views:
    """The views of the case. Raises ``RefusedError`` (``view-case``) without one."""
    with _consulted(desk, "list") as consultation:
        views = desk.truth.graph_views(desk.authority.case_id)
        looks = desk.truth.view_looks(desk.gate.who, desk.authority.case_id)
        consultation.conclude(Outcome(counts={"views": len(views)}))
    return Views(
        views=views,
        seen_at={look.view_id: look.at for look in looks},
        consultation_id=consultation.consultation_id,
    )


def open_view(desk: Workbench, reader: Reader, view_id: str) -> OpenedView:
    """A view with its nodes and links as the case sees them now. Raises ``InputError`` where there is none."""
    with _consulted(desk, "open", view_id) as consultation:
        view, state = _find(desk, view_id)
        with reader(view.graph) as store:
            found = read_again(_sight(store, view.graph), tuple(state["positions"]), _links(state))
        look = desk.truth.view_look(view_id, desk.gate.who)
        lists = () if view.graph else list_standings(desk.truth, desk.today)
        consultation.conclude(Outcome(counts={"nodes": len(found.nodes), "edges": len(found.edges)}))
    there = {node.key for node in found.nodes}
    return OpenedView(
        view=view,
        state=state,
        seen_at=look.at if look else None,
        found=found,
        gone=tuple(key for key in state["positions"] if key not in there),
        lists=lists,
        consultation_id=consultation.consultation_id,
    )


def save_view(desk: Workbench, reader: Reader, view_id: str, revision: int, new: NewView) -> GraphView:
    """Keep a view: a new one (``view_id`` empty, ``revision`` 0), or in the place of the revision that was opened.

    Nodes that the case does not see are left out. Raises ``ViewChangedError`` where somebody was faster, ``InputError``
    for more than ``MOST_VIEWS`` or ``MOST_BYTES``.
    """
    with _consulted(desk, "save", view_id, {"name": new.name}) as consultation:
        case_id = desk.authority.case_id
        known = _find(desk, view_id)[0] if view_id else None
        if known is not None and known.graph != new.graph:
            raise InputError("the view is of another graph", where="graph", expected="the graph that it was made of")
        with reader(new.graph) as store:
            sight = _sight(store, new.graph)
            state = clean_state(new.state, set(sight.nodes(new.state["positions"])))
            seen = look_at(sight, state["positions"])
        text = json.dumps(state, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
            raise InputError("the view is too large", where="state", expected=f"at most {MOST_BYTES} bytes")
        own_id = view_id or f"V-{secrets.token_hex(8)}"
        marks = Marks.of_view(desk.keys, own_id).see(seen)
        with desk.truth.transaction() as unit:
            _check_open(desk)
            there = desk.truth.graph_view(own_id)
            if (there[0].revision if there else 0) != revision or (known is None) != (there is None):
                raise ViewChangedError(
                    "the view was changed by somebody else", where="revision", expected="the last one"
                )
            if there is None and len(desk.truth.graph_views(case_id)) >= MOST_VIEWS:
                raise InputError(
                    "the case has as many views as it may", where="views", expected=f"at most {MOST_VIEWS}"
                )
            before = there[0] if there else None
            view = GraphView(
                view_id=own_id,
                case_id=case_id,
                name=new.name,
                graph=new.graph,
                revision=revision + 1,
                nodes=len(state["positions"]),
                made_by=before.made_by if before else desk.gate.who,
                made_at=before.made_at if before else unit.at,
                changed_by=desk.gate.who,
                changed_at=unit.at,
            )
            unit.put_graph_view(view, text)
            unit.put_view_look(ViewLook(view_id=own_id, who=desk.gate.who, at=unit.at, marks=marks.kept()))
            consultation.conclude(Outcome(counts={"nodes": view.nodes}, about={"view": own_id}), unit)
    return view


def drop_view(desk: Workbench, view_id: str, revision: int) -> None:
    """Delete a view. Raises ``ViewChangedError`` where somebody has changed it since."""
    with _consulted(desk, "drop", view_id) as consultation, desk.truth.transaction() as unit:
        view, _ = _find(desk, view_id)
        if view.revision != revision:
            raise ViewChangedError("the view was changed by somebody else", where="revision", expected="the last one")
        unit.drop_graph_views(view.case_id, (view_id,))
        consultation.conclude(Outcome(counts={"views": 1}, about={"view": view_id}), unit)


def view_changes(desk: Workbench, reader: Reader, view_id: str, *, seen: bool) -> ViewChanges:
    """What changed around the nodes of a view since the user looked, or since it was saved; ``seen``: a look it is."""
    with _consulted(desk, "changes", view_id) as consultation:
        view, state = _find(desk, view_id)
        keys = tuple(state["positions"])
        with reader(view.graph) as store:
            sight = _sight(store, view.graph)
            there = look_at(sight, keys)
            bands = sight.bands((there.nodes | there.ends).values())
        look = desk.truth.view_look(view_id, desk.gate.who) or desk.truth.view_look(view_id, view.changed_by)
        marks = Marks.of_view(desk.keys, view_id)
        changes = Changes()
        if look is not None:
            drawn = _links(state)
            changes = compare(there, marks.read(look.marks), keys, drawn, assessments=bool(state.get("assessments")))
        lists = () if view.graph else list_standings(desk.truth, desk.today)
        counts = {
            "nodes": len(changes.new_nodes) + len(changes.changed_nodes) + len(changes.gone_nodes),
            "edges": len(changes.new_edges) + len(changes.changed_edges) + len(changes.gone_edges) + changes.gone_links,
        }
        if not seen:
            consultation.conclude(Outcome(counts=counts))
        else:
            with desk.truth.transaction() as unit:
                _check_open(desk)
                if desk.truth.graph_view(view_id) is not None:
                    now = marks.see(there).kept()
                    unit.put_view_look(ViewLook(view_id=view_id, who=desk.gate.who, at=unit.at, marks=now))
                consultation.conclude(Outcome(counts=counts), unit)
    return ViewChanges(
        since=look.at if look else None,
        changes=changes,
        bands=bands,
        graph=view.graph,
        truncated=there.cut,
        lists=lists,
        consultation_id=consultation.consultation_id,
    )


def clean_state(state: Mapping[str, Any], there: set[str]) -> dict[str, Any]:
    """A state without the nodes that are not ``there``, and without whatever is about them."""
    kept = dict(state)
    kept["positions"] = {key: place for key, place in state["positions"].items() if key in there}
    for part in ("hidden", "pinned"):
        kept[part] = [key for key in state.get(part, ()) if key in there]
    kept["notes"] = {key: note for key, note in state.get("notes", {}).items() if key in there}
    kept["edges"] = [list(edge) for edge in state.get("edges", ()) if edge[1] in there and edge[2] in there]
    return kept


@contextmanager
def _consulted(
    desk: Workbench, act: str, view_id: str = "", typed: Mapping[str, str] | None = None
) -> Iterator[OpenConsultation]:
    intent = Intent(
        verb=Verb.GRAPH_VIEW,
        authority=desk.authority,
        fields=tuple(typed or ()),
        about={"act": act, **({"view": view_id} if desk.truth.graph_view(view_id) else {})},
        sealed=json.dumps(typed, ensure_ascii=False) if typed else "",
    )
    with desk.gate.consult(intent) as consultation:
        if not desk.authority.case_id:
            raise RefusedError("view-case", "views are kept with a case, for its members: choose one")
        yield consultation


def _check_open(desk: Workbench) -> None:
    if is_over(desk.gate, desk.authority.case_id):  # since the intent
        raise RefusedError("case-closed", f"case {desk.authority.case_id!r} is over")


def _find(desk: Workbench, view_id: str) -> tuple[GraphView, dict[str, Any]]:
    """A view of the case of the desk; one of another case is none."""
    found = desk.truth.graph_view(view_id)
    if found is None or found[0].case_id != desk.authority.case_id:
        raise UnknownIdError("the case has no such view")
    state: dict[str, Any] = json.loads(found[1])
    return found[0], state


def _sight(store: GraphReader, graph: str) -> View:
    bounds = replace(_EVERYTHING, with_open_leads=not graph)
    return View(store, bounds, free=bool(graph))


def _links(state: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    return [(kind, start, end) for kind, start, end in state.get("edges", ())]
