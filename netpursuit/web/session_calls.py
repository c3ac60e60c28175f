"""Who is signed in, and why the user looks: stated once, held by the session, shown all the time."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated, Any, TypedDict

from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from netpursuit.catalogue import LANGUAGES, all_words
from netpursuit.custody.passwords import standing_of
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.reasons import parse_reason
from netpursuit.policy.roles import UserRole, acts_of
from netpursuit.records import Authority, Case, Intent, Verb
from netpursuit.web.answers import json_answer
from netpursuit.web.endpoints import BASE, Asked, Call, Described, Endpoint
from netpursuit.web.sessions import IDLE_SECONDS, LONGEST_SECONDS


class Chosen(Asked):
    """Why the user looks from now on: a reason (CODE:TASK), a case, or neither."""

    reason: Annotated[str, Meta(max_length=128)] = ""
    case: Annotated[str, Meta(max_length=64)] = ""


class SessionAnswer(TypedDict):
    """``as_of``: the date by which the server judges lists and entries, empty for today.

    ``may``: the acts that the user's roles allow. ``csrf`` goes into the header X-CSRF-Token of every call that is
    no GET. ``password``: ``own``, ``given`` (by another, who knows it: nothing else is answered before it is changed),
    or empty for a user without one. The session ends after ``idle_seconds`` of silence, and in ``seconds_left``
    whatever is done."""

    user: str
    roles: list[str]
    may: list[str]
    reason: str
    case: str
    cases: list[dict[str, Any]]
    as_of: str
    csrf: str
    password: str
    version: str
    idle_seconds: int
    seconds_left: int


def show_session(call: Call) -> dict[str, Any]:
    session = call.session
    desk = call.room.service.desk(session.who, of_machine=session.of_machine)
    roles = desk.gate.roles_of(session.who)
    return {
        "user": session.who,
        "roles": [role.value for role in UserRole if role in roles],
        "may": [verb.value for verb in acts_of(roles)],
        "reason": session.reason,
        "case": session.case_id,
        "cases": [
            {"id": case.case_id, "title": case.title, "expires_on": case.expires_on.isoformat()}
            for case in _own_cases(desk)
        ],
        "as_of": call.room.service.as_of.isoformat() if call.room.service.as_of else "",
        "csrf": session.csrf,
        "password": _password(call),
        "version": version("netpursuit"),
        "idle_seconds": int(IDLE_SECONDS),
        "seconds_left": int(session.began + LONGEST_SECONDS - call.room.clock()),
    }


def _own_cases(desk: Workbench) -> list[Case]:
    """The cases that the user of a desk may look under."""
    gate = desk.gate
    if not gate.roles_of(gate.who):
        return []
    cases = desk.truth.cases()
    return [case for case in cases if gate.who in case.members and case.closed_at is None and not gate.is_expired(case)]


def _password(call: Call) -> str:
    standing = standing_of(call.room.service.keys, call.session.who)
    return "given" if standing.given else "own" if standing.stamp else ""


def choose(call: Call) -> dict[str, Any]:
    """A case is checked by the gate with every question; here only that the user is told at once."""
    asked: Chosen = call.body
    if asked.reason and asked.case:
        raise InputError("a reason and a case at once", where="body", expected="one of both, or neither")
    if asked.reason:
        parse_reason(asked.reason)
    desk = call.room.service.desk(call.session.who, of_machine=call.session.of_machine)
    if asked.case and asked.case not in {case.case_id for case in _own_cases(desk)}:
        refused = Intent(verb=Verb.REFUSED, authority=Authority(who=call.session.who))  # what was typed may be anything
        call.desk.gate.log.refuse(refused, "case-member")
        raise RefusedError("case-member", f"you are no member of case {asked.case!r}", about=asked.case)
    call.session.reason, call.session.case_id = asked.reason, asked.case
    return show_session(call)


def sign_out(call: Call) -> dict[str, Any]:
    call.room.sessions.end(call.session)
    return {}


ENDPOINTS = (
    Endpoint(
        method="GET", path="/session", summary="Who is signed in", handle=show_session, answers=SessionAnswer, free=True
    ),
    Endpoint(
        method="PUT",
        path="/session/authority",
        summary="Choose the reason or the case",
        handle=choose,
        asks=Chosen,
        answers=SessionAnswer,
    ),
    Endpoint(method="DELETE", path="/session", summary="Sign out", handle=sign_out, free=True),
)


WORDS = Described(
    method="GET",
    path="/words/{lang}",
    summary="The words of the page: en or zh",
    answers=dict[str, str],
    signed_in=False,
)

_FOR_PAGE = (
    "page.",
    "band.",
    "level.",
    "field.",
    "clear.",
    "count.",
    "reason.",
    "report.",
    "lead.",
    "leads.",
    "list.status.",
    "spot.",
    "against.",
    "match.",
    "graph.",
    "role.",
    "night.fate.",
    "night.problem.",
    "case.state.",
    "cited.",
)


def routes() -> list[Route]:
    """The words of the page, which are open to everybody."""
    known = {key: texts for key, texts in all_words().items() if key.startswith(_FOR_PAGE)}
    words = {lang: {key: texts[lang] for key, texts in known.items()} for lang in LANGUAGES}
    words["zh"] |= {f"form.{key}": texts["en"] for key, texts in known.items() if key.startswith("cited.")}

    async def words_of(request: Request) -> Response:
        return json_answer(words["zh" if request.path_params["lang"] == "zh" else "en"])

    return [Route(f"{BASE}/words/{{lang}}", words_of)]
