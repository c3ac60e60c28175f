"""The calls of those who answer for others: the consultation log, signs of unusual use, and cases."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Annotated, Any, TypedDict

import msgspec
from msgspec import Meta

from netpursuit.custody.log_views import LogFilter, day_begins, day_ends, show_log, unusual_use
from netpursuit.errors import InputError, StorageError
from netpursuit.gate.cases import NewCase, case_state, close_case, list_cases, open_case
from netpursuit.policy import oversight
from netpursuit.records import EntryKey, Verb
from netpursuit.reports.cases_json import case_json
from netpursuit.reports.log_json import consultation_json, sign_json, thresholds
from netpursuit.web.endpoints import Asked, Call, Endpoint

_Text = Annotated[str, Meta(max_length=200)]
_Long = Annotated[str, Meta(max_length=2_000)]


class LogAsked(Asked):
    """As the options of ``audit show``; empty does not narrow."""

    since: date | None = None
    until: date | None = None
    user: _Text = ""
    case: _Text = ""
    verb: _Text = ""
    lead: _Text = ""
    entry: _Text = ""
    refused: bool = False
    interrupted: bool = False
    last: Annotated[int, Meta(ge=1, le=1_000)] = 100


class UnusualAsked(Asked):
    """As the options of ``audit unusual``."""

    since: date | None = None
    until: date | None = None
    user: _Text = ""


class CaseOpened(Asked, kw_only=True):
    """``id`` may be empty: then one is made. Whoever names no members works on it alone."""

    id: Annotated[str, Meta(max_length=64)] = ""
    title: _Long
    authority: _Long
    legal_basis: _Long
    purpose: _Long
    members: Annotated[list[_Text], Meta(max_length=200)] = msgspec.field(default_factory=list)
    expires_on: date


class CaseClosed(Asked):
    case: Annotated[str, Meta(min_length=1, max_length=64)]


class LogAnswer(TypedDict):
    """As ``audit show --json``, the latest first; ``total``: how many there are, ``verbs``: what may be asked for."""

    items: list[dict[str, Any]]
    total: int
    verbs: list[dict[str, str]]


class UnusualAnswer(TypedDict):
    """As ``audit unusual --json``, each sign and each rule told in words besides (``text``)."""

    since: str
    until: str
    consultations: int
    signs: list[dict[str, Any]]
    rules: list[dict[str, str]]
    limits: str


class CasesAnswer(TypedDict):
    cases: list[dict[str, Any]]


def log(call: Call) -> dict[str, Any]:
    body: LogAsked = call.body
    _check_period(body.since, body.until)
    if body.verb and body.verb not in {verb.value for verb in Verb}:
        raise InputError("there is no such act", where="verb", expected="one of those that the answer names")
    list_id, colon, entry_id = body.entry.partition(":")
    if body.entry and not (list_id and colon and entry_id):
        raise InputError("no entry is called so", where="entry", expected="LIST:ID")
    asked = LogFilter(
        since=day_begins(body.since) if body.since else None,
        until=day_ends(body.until) if body.until else None,
        who=body.user,
        case_id=body.case,
        verb=Verb(body.verb) if body.verb else None,
        lead_id=body.lead,
        entry=EntryKey(list_id=list_id, entry_id=entry_id) if body.entry else None,
        refused=body.refused,
        interrupted=body.interrupted,
    )
    view = show_log(call.desk, asked, last=body.last)
    words = call.words
    items = []
    for item in reversed(view.items):
        code = item.outcome.refused if item.outcome else ""
        key = f"refused.{code}"
        refused = (words(key) if key in words else code) if code else None
        told = {"verb_text": words(f"verb.{item.intent.verb}"), "refused_text": refused}
        items.append(consultation_json(item) | told)
    verbs = [{"verb": verb.value, "text": words(f"verb.{verb}")} for verb in Verb]
    return {"items": items, "total": view.total, "verbs": verbs}


def unusual(call: Call) -> dict[str, Any]:
    body: UnusualAsked = call.body
    desk, words = call.desk, call.words
    last = body.until or desk.gate.today()
    try:
        first = body.since or last - timedelta(days=oversight.PERIOD_DAYS - 1)
        begins, ends = day_begins(first), day_ends(last)
    except (OverflowError, ValueError):
        raise InputError("no such day", where="until", expected="a day of this century") from None
    _check_period(first, last)
    found = unusual_use(desk, since=begins, until=ends, who=body.user)
    signs = []
    for sign in found.signs:
        span = (sign.first.isoformat(" ", "minutes"), sign.last.isoformat(" ", "minutes"))
        said = words(
            f"unusual.{sign.rule}", who=sign.who, first=span[0], last=span[1], reason=sign.reason, **sign.counts
        )
        signs.append(sign_json(sign) | {"text": said})
    rules = [{"rule": rule, "text": words(f"unusual.rule.{rule}", **figures)} for rule, figures in thresholds().items()]
    return {
        "since": first.isoformat(),
        "until": last.isoformat(),
        "consultations": found.consultations,
        "signs": signs,
        "rules": rules,
        "limits": words("unusual.limits"),
    }


def _check_period(since: date | None, until: date | None) -> None:
    if since and until and since > until:
        raise InputError("the period ends before it begins", where="until", expected="a day not before the first")


def cases(call: Call) -> dict[str, Any]:
    """Cases name officers and purposes, nobody who is looked for: no consultation."""
    gate = call.desk.gate
    found = [(case, case_state(gate, case)) for case in list_cases(gate)]
    order = ("open", "expired", "closed")
    found.sort(key=lambda pair: (order.index(pair[1]), pair[0].expires_on, pair[0].case_id))
    shown = []
    for case, state in found:
        mine = gate.who in case.members or gate.who == case.opened_by
        shown.append(case_json(case, state) | {"mine": mine})
    return {"cases": shown}


def open_(call: Call) -> dict[str, Any]:
    body: CaseOpened = call.body
    gate = call.desk.gate
    new = NewCase(
        case_id=body.id,
        title=body.title,
        authority=body.authority,
        legal_basis=body.legal_basis,
        purpose=body.purpose,
        members=tuple(body.members) or (gate.who,),
        expires_on=body.expires_on,
    )
    case = open_case(gate, new, new_id=lambda: f"K-{secrets.randbelow(10**8):08d}")
    return case_json(case, case_state(gate, case))


def close(call: Call) -> dict[str, Any]:
    """``graph_later``: the case is closed; what belonged to it leaves the graph as soon as that can be reached."""
    body: CaseClosed = call.body
    desk = call.desk
    case = close_case(desk.gate, body.case)
    later = False
    try:
        with call.room.service.graph.opened(desk):
            pass  # bringing it up to the truth removes what belonged to the case
    except StorageError:
        later = True
    return case_json(case, case_state(desk.gate, case)) | {"graph_later": later}


ENDPOINTS = (
    Endpoint(method="POST", path="/log", summary="The consultation log", handle=log, asks=LogAsked, answers=LogAnswer),
    Endpoint(
        method="POST",
        path="/unusual",
        summary="Signs of unusual use",
        handle=unusual,
        asks=UnusualAsked,
        answers=UnusualAnswer,
    ),
    Endpoint(method="GET", path="/cases", summary="All cases", handle=cases, answers=CasesAnswer),
    Endpoint(method="POST", path="/cases", summary="Open a case", handle=open_, asks=CaseOpened),
    Endpoint(method="POST", path="/cases/close", summary="Close a case", handle=close, asks=CaseClosed),
)
