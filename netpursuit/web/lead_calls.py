"""Reviewing: the queue, one lead with all that a reviewer needs, computed again, and as a sheet of paper."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Any, TypedDict

import msgspec

from netpursuit.errors import InputError
from netpursuit.gate.four_eyes import needs_two
from netpursuit.policy.clearing import CLEAR_REASONS
from netpursuit.policy.roles import UserRole, roles_for
from netpursuit.ports.lead_queue import LeadOrder
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Band, Lead, LeadState, Verb
from netpursuit.reports.check_sheet import render_sheet, sheet_notice
from netpursuit.reports.lead_json import replay_json
from netpursuit.reports.lead_words import obstacle_word, replay_lines
from netpursuit.reports.review_json import banners_of, queue_worded, sheet_worded
from netpursuit.review.check_sheet import check_sheet
from netpursuit.review.handling import may_reopen
from netpursuit.review.leads import LeadSheet, list_leads, may_clear, may_confirm, show_lead
from netpursuit.review.replay import replay_lead
from netpursuit.review.views import tidy
from netpursuit.sources.typed import parse_key
from netpursuit.web.bounds import Short, day_of
from netpursuit.web.endpoints import Asked, Call, Download, Endpoint

_BANDS = {band.word: band for band in Band if band.word}
_ACTS = {
    "confirm": Verb.LEADS_CONFIRM,
    "clear": Verb.LEADS_CLEAR,
    "assign": Verb.LEADS_ASSIGN,
    "note": Verb.LEADS_NOTE,
    "outcome": Verb.LEADS_OUTCOME,
    "reopen": Verb.LEADS_REOPEN,
    "replay": Verb.LEADS_REPLAY,
    "sheet": Verb.LEADS_SHEET,
}
_BY_STATE = {"confirm": may_confirm, "clear": may_clear, "reopen": may_reopen}


class QueueAsked(Asked):
    """Which leads; what is empty does not narrow. ``entry``: LIST:ENTRY. ``new_since``: opened, or opened again, on
    that day or later."""

    states: Annotated[tuple[LeadState, ...], msgspec.Meta(max_length=10)] = ()
    bands: Annotated[tuple[Short, ...], msgspec.Meta(max_length=10)] = ()
    list: Short = ""
    entry: Short = ""
    feed: Short = ""
    run: Short = ""
    assigned: Short = ""
    new_since: date | None = None
    order: LeadOrder = LeadOrder.BEST
    limit: Annotated[int, msgspec.Meta(ge=1, le=200)] = 50
    offset: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)] = 0
    as_of: date | None = None


class DatedAsked(Asked):
    """``as_of``: today if it is not stated."""

    as_of: date | None = None


class ReplayAsked(Asked):
    """``revision``: the present one if it is not stated."""

    revision: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)] | None = None


class QueueAnswer(TypedDict):
    """``lists`` and ``feeds``: of all leads, to narrow the queue to."""

    leads: list[dict[str, Any]]
    total: int
    lists: list[str]
    feeds: list[str]
    banners: list[str]
    consultation: str


class LeadAnswer(TypedDict):
    """As ``leads show --json``, with the words of one language beside it; ``may``: which acts are open to the user, or
    why not; ``seen``: what a change states again."""

    lead: str
    state: str
    revision: int
    seen: dict[str, Any]
    may: dict[str, dict[str, Any]]
    others: list[dict[str, Any]]
    consultation: str


class ReplayAnswer(TypedDict):
    lead: str
    revision: int
    mode: str
    agrees: bool
    sha256: str
    differences: list[dict[str, str]]
    consultation: str
    text: list[str]


def queue(call: Call) -> dict[str, Any]:
    asked: QueueAsked = call.body
    key = parse_key(asked.entry or None)
    if key is not None and asked.list and asked.list != key.list_id:
        raise InputError("two lists at once", where="entry", expected="an entry of the list that is stated, or no list")
    if unknown := [word for word in asked.bands if word not in _BANDS]:
        raise InputError(f"{len(unknown)} unknown bands", where="bands", expected=", ".join(_BANDS))
    since = day_of(asked.new_since, "new_since")
    query = LeadQuery(
        states=asked.states,
        bands=tuple(_BANDS[word] for word in asked.bands),
        feed_id=asked.feed,
        list_id=key.list_id if key else asked.list,
        entry_id=key.entry_id if key else "",
        run_id=asked.run,
        assigned=tidy(asked.assigned),
        new_since=datetime.combine(since, time.min).astimezone() if since else None,
        order=asked.order,
    )
    as_of = day_of(asked.as_of, "as_of")
    page = list_leads(call.desk, query, limit=asked.limit, offset=asked.offset, as_of=as_of)
    return {
        "leads": [queue_worded(call.words, view) for view in page.leads],
        "total": page.total,
        "lists": list(page.origins.lists),
        "feeds": list(page.origins.feeds),
        "banners": banners_of(call.words, page.leads),
        "consultation": page.consultation_id,
    }


def show(call: Call) -> dict[str, Any]:
    return shown(call, call.path["lead"], day_of(call.body.as_of, "as_of"))


def shown(call: Call, lead_id: str, as_of: date | None = None) -> dict[str, Any]:
    """One lead with all that a reviewer needs, as a consultation of its own."""
    sheet = show_lead(call.desk, lead_id, as_of=as_of)
    return {
        **sheet_worded(call.words, sheet),
        "four_eyes": needs_two(call.desk.truth),
        "may": _may(call, sheet),
        "clear_reasons": list(CLEAR_REASONS),
    }


def replay(call: Call) -> dict[str, Any]:
    found = replay_lead(call.desk, call.path["lead"], call.room.service.past_matchers(), revision=call.body.revision)
    lacking, told, differences = replay_lines(call.words, found)
    return {**replay_json(found), "text": [line for line in (lacking, told, *differences) if line]}


def sheet(call: Call) -> Download:
    found = check_sheet(call.desk, call.path["lead"], as_of=day_of(call.body.as_of, "as_of"))
    text = render_sheet(found, sheet_notice(found, call.words), call.words)
    return Download(name=f"{found.view.lead.lead_id}.html", media="text/html; charset=utf-8", content=text.encode())


def _may(call: Call, sheet: LeadSheet) -> dict[str, dict[str, Any]]:
    """For each act whether it is open to the user now, and if not, why; the act itself asks the gate again."""
    gate = call.desk.gate
    roles = gate.roles_of(gate.who)
    return {act: {"allowed": not why, "why": why} for act in _ACTS for why in [_why_not(call, sheet, act, roles)]}


def _why_not(call: Call, sheet: LeadSheet, act: str, roles: frozenset[UserRole]) -> str:
    words, lead, needed = call.words, sheet.view.lead, roles_for(_ACTS[act])
    if not needed & roles:
        named = words("report.list-comma").join(words(f"user-role.{role.value}") for role in UserRole if role in needed)
        return words("lead.may.role", roles=named)
    if act in _BY_STATE and not _BY_STATE[act](lead):
        return words("lead.may.state", state=words(f"lead.state.{lead.state.value}"))
    if act == "confirm" and sheet.view.obstacle:
        return obstacle_word(words, sheet.view.entries[0], sheet.view.obstacle)
    if act == "confirm" and _is_first(call, lead):
        return words("refused.four-eyes")
    return ""


def _is_first(call: Call, lead: Lead) -> bool:
    """Whether the user has proposed the confirmation that waits for a second one."""
    waits = lead.proposed if needs_two(call.desk.truth) else None
    return waits is not None and waits.user == call.session.who


ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/leads",
        summary="The queue in its order",
        handle=queue,
        asks=QueueAsked,
        answers=QueueAnswer,
    ),
    Endpoint(
        method="POST",
        path="/leads/{lead}",
        summary="One lead",
        handle=show,
        asks=DatedAsked,
        answers=LeadAnswer,
    ),
    Endpoint(
        method="POST",
        path="/leads/{lead}/replay",
        summary="Compute a lead again",
        handle=replay,
        asks=ReplayAsked,
        answers=ReplayAnswer,
    ),
    Endpoint(
        method="POST",
        path="/leads/{lead}/sheet",
        summary="The check sheet of a lead",
        handle=sheet,
        asks=DatedAsked,
        answers=Download,
    ),
)
