"""Signing in and out, and why the user looks: stated once, held by the session, shown all the time."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any, TypedDict

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from netpursuit.catalogue import all_words
from netpursuit.errors import InputError, RefusedError
from netpursuit.policy.reasons import parse_reason
from netpursuit.policy.roles import UserRole, acts_of
from netpursuit.web.answers import Refused, json_answer, read_body, say
from netpursuit.web.endpoints import BASE, COOKIE, Asked, Call, Endpoint, language_of, read_as
from netpursuit.web.room import Room
from netpursuit.web.sessions import IDLE_SECONDS, LONGEST_SECONDS, Session


class SignIn(Asked):
    """``link``: the secret of a sign-in link; or a user's name and password."""

    link: str = ""
    user: str = ""
    password: str = ""


class Chosen(Asked):
    """Why the user looks from now on: a reason (CODE:TASK), a case, or neither."""

    reason: str = ""
    case: str = ""


class SessionAnswer(TypedDict):
    """``may``: the acts that the user's roles allow. ``csrf`` goes into the header X-CSRF-Token of every call that is
    no GET. The session ends after ``idle_seconds`` of silence, and in ``seconds_left`` whatever is done."""

    user: str
    roles: list[str]
    may: list[str]
    reason: str
    case: str
    cases: list[dict[str, Any]]
    csrf: str
    version: str
    idle_seconds: int
    seconds_left: int


def show_session(call: Call) -> dict[str, Any]:
    session = call.session
    desk = call.room.service.desk(session.who, of_machine=session.of_machine)
    roles = desk.gate.roles_of(session.who)
    own = [
        {"id": case.case_id, "title": case.purpose, "expires_on": case.expires_on.isoformat()}
        for case in desk.truth.cases()
        if session.who in case.members and case.closed_at is None and not desk.gate.is_expired(case)
    ]
    return {
        "user": session.who,
        "roles": [role.value for role in UserRole if role in roles],
        "may": [verb.value for verb in acts_of(roles)],
        "reason": session.reason,
        "case": session.case_id,
        "cases": own,
        "csrf": session.csrf,
        "version": version("netpursuit"),
        "idle_seconds": int(IDLE_SECONDS),
        "seconds_left": int(session.began + LONGEST_SECONDS - call.room.clock()),
    }


def choose(call: Call) -> dict[str, Any]:
    """A case is checked by the gate with every question; here only that the user is told at once."""
    asked: Chosen = call.body
    if asked.reason and asked.case:
        raise InputError("a reason and a case at once", where="body", expected="one of both, or neither")
    if asked.reason:
        parse_reason(asked.reason)
    if asked.case and asked.case not in {case["id"] for case in show_session(call)["cases"]}:
        raise RefusedError("case-member", f"you are no member of case {asked.case!r}", about=asked.case)
    call.session.reason, call.session.case_id = asked.reason, asked.case
    return show_session(call)


def sign_out(call: Call) -> dict[str, Any]:
    call.room.sessions.end(call.session)
    return {}


ENDPOINTS = (
    Endpoint(method="GET", path="/session", summary="Who is signed in", handle=show_session, answers=SessionAnswer),
    Endpoint(
        method="PUT",
        path="/session/authority",
        summary="Choose the reason or the case",
        handle=choose,
        asks=Chosen,
        answers=SessionAnswer,
    ),
    Endpoint(method="DELETE", path="/session", summary="Sign out", handle=sign_out),
)


def routes(room: Room) -> list[Route]:
    """What is open to everybody: signing in, and the words of the page."""

    async def sign_in(request: Request) -> Response:
        words = language_of(request)
        try:
            asked = read_as(SignIn, await read_body(request))
            assert isinstance(asked, SignIn)
            who = room.sessions.open_link(asked.link) if asked.link else None
            if who is None:
                room.take_stranger(request)
                raise Refused(401, "sign-in", "this signs nobody in")
            session, cookie = room.sessions.begin(who, of_machine=bool(asked.link))
            return _signed_in(session, cookie)
        except Exception as error:
            return say(error, words)

    async def words_of(request: Request) -> Response:
        lang = "zh" if request.path_params["lang"] == "zh" else "en"
        return json_answer({key: texts[lang] for key, texts in all_words().items() if key.startswith(_FOR_PAGE)})

    return [
        Route(f"{BASE}/sign-in", room.admitted(sign_in), methods=["POST"]),
        Route(f"{BASE}/words/{{lang}}", words_of),
    ]


_FOR_PAGE = (
    "page.",
    "band.",
    "level.",
    "field.",
    "clear.",
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
)


def _signed_in(session: Session, cookie: str) -> Response:
    answer = json_answer({"user": session.who, "csrf": session.csrf})
    answer.set_cookie(
        COOKIE, cookie, max_age=int(LONGEST_SECONDS), path="/", secure=True, httponly=True, samesite="strict"
    )
    return answer
