"""One way in for every call of the page: a session, its token against forged requests, a body of a known shape, one
piece of work on the workspace, and an answer or an error as JSON."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.custody.passwords import Standing, standing_of
from netpursuit.errors import InputError, RefusedError, UnknownIdError
from netpursuit.gate.workbench import Workbench
from netpursuit.web.answers import HEADERS, Refused, json_answer, read_body, read_json, say
from netpursuit.web.limits import MOST_BYTES
from netpursuit.web.room import Room
from netpursuit.web.sessions import Session

COOKIE = "__Host-netpursuit"
"""The prefix makes a browser take it from this host alone, over a connection that it trusts, for every path."""

CSRF = "x-csrf-token"
REQUEST_ID = "x-request-id"
BASE = "/api/v1"
_KEPT_ANSWERS = 50
_NO_SUCH = ("case-unknown", "case-member")  # refusals of who may be trying ids
_WORDS = {lang: Catalogue(lang) for lang in LANGUAGES}


class Asked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The body of a call; the base of all of them."""


class Nothing(Asked):
    """A call that states nothing."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file as an answer. ``name`` is ASCII."""

    name: str
    media: str
    content: bytes


@dataclass(frozen=True)
class Call:
    """One call of the page, as its handler sees it."""

    room: Room
    session: Session
    body: Any  # of the endpoint's own shape
    path: Mapping[str, str]
    words: Catalogue
    cookie: str = ""

    @cached_property
    def desk(self) -> Workbench:
        """The workbench of the caller, under the reason or the case of the session."""
        session = self.session
        return self.room.service.desk(session.who, session.reason, session.case_id, of_machine=session.of_machine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What a call is to the outside. ``answers``: the shape of the answer for the description (a TypedDict,
    ``Download`` for a file). ``signed_in``: it needs a session."""

    method: str
    path: str
    summary: str
    asks: type[Asked] = Nothing
    answers: Any = dict[str, Any]
    signed_in: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint(Described):
    """``handle`` runs alone on the workspace. ``most_bytes``: of its body. ``free``: also for somebody who holds no
    role, or still has a password that another knows."""

    handle: Callable[[Call], Any]
    most_bytes: int = MOST_BYTES
    free: bool = False

    def route(self, room: Room) -> Route:
        return Route(BASE + self.path, room.admitted(_Way(room, self)), methods=[self.method])


class _Way:
    """From a request to its handler."""

    def __init__(self, room: Room, endpoint: Endpoint) -> None:
        self._room, self._endpoint = room, endpoint

    async def __call__(self, request: Request) -> Response:
        words = language_of(request)
        try:
            return await self._answer(request, words)
        except Exception as error:
            return say(error, words)

    async def _answer(self, request: Request, words: Catalogue) -> Response:
        session = caller(self._room, request)
        self._room.take(session.who)
        if not self._endpoint.free:
            self._room.refuse_who_tries_ids(session.who)
        with self._room.at_once(session.who):
            body = b"" if request.method == "GET" else await read_body(request, self._endpoint.most_bytes)
            repeat = request.headers.get(REQUEST_ID, "")[:64] if request.method != "GET" else ""
            call = Call(
                room=self._room,
                session=session,
                body=read_as(self._endpoint.asks, body),
                path=request.path_params,
                words=words,
            )
            what = f"{request.method} {request.url.path} {repeat}" if repeat else ""
            try:
                return await self._room.in_turn(lambda: self._once(call, what))
            except (UnknownIdError, RefusedError) as error:
                if isinstance(error, UnknownIdError) or error.code in _NO_SUCH:
                    self._room.unknown.take(session.who)
                raise

    def _once(self, call: Call, what: str) -> Response:
        """Do it, or answer again what was answered to the same request before."""
        standing = check_session(call.room, call.session)
        if not self._endpoint.free:
            call.desk.gate.check_user()
            if standing.given and not call.session.of_machine:
                raise Refused(403, "password-due", "choose a password of your own first")
        answered = call.session.answered
        if what in answered:
            status, sent = answered[what]
            return Response(sent, status, HEADERS, media_type="application/json")
        answer = _shown(self._endpoint.handle(call))
        if what and answer.media_type == "application/json":
            answered[what] = (answer.status_code, bytes(answer.body))
            while len(answered) > _KEPT_ANSWERS:
                answered.pop(next(iter(answered)))
        return answer


def caller(room: Room, request: Request) -> Session:
    """The session of a request. Raises ``Refused`` without one (401) and for a request that the page did not make
    (403)."""
    session = room.sessions.find(request.cookies.get(COOKIE, ""))
    if session is None:
        raise Refused(401, "session", "sign in first")
    if request.method not in ("GET", "HEAD"):
        sent = request.headers.get(CSRF, "")
        if not secrets.compare_digest(sent.encode("utf-8", "replace"), session.csrf.encode()):
            raise Refused(403, "csrf", "the request does not come from the page")
    return session


def check_session(room: Room, session: Session) -> Standing:
    """How the password of a session's user stands. A session is ended where it was changed since, by whichever process:
    raises ``Refused`` (401)."""
    standing = standing_of(room.service.keys, session.who)
    if standing.stamp != session.stamp:
        room.sessions.end(session)
        raise Refused(401, "session", "sign in first")
    return standing


def read_as(shape: type[Asked], body: bytes) -> Asked:
    """A body in its shape; empty stands for ``{}``. Raises ``InputError`` saying where it is another, and never with
    what was stated."""
    found = read_json(body) if body.strip() else {}
    try:
        return msgspec.convert(found, shape)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at ")
        if what.startswith("Invalid enum value"):
            what = "not one of the values that there are"
        elif what.startswith("Object contains unknown field"):
            what = "a field that is not known"
        raise InputError(what, where=where.strip("`") or "body") from None


def language_of(request: Request) -> Catalogue:
    """The words of the language that the page is in."""
    return _WORDS["zh" if request.headers.get("accept-language", "").casefold().startswith("zh") else "en"]


def _shown(found: Any) -> Response:
    if isinstance(found, Response):
        return found
    if isinstance(found, Download):
        named = {"Content-Disposition": f'attachment; filename="{found.name}"'}
        return Response(found.content, headers={**HEADERS, **named}, media_type=found.media)
    return json_answer(found)
