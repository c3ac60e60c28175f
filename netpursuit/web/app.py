"""The HTTP face: who asks (a bearer token), why (a header), and the use case that answers.

Every answer has been recorded before it is sent. Values of people stand in bodies alone, never in an address, and no
request is logged anywhere but in the consultation log.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import anyio
from anyio.to_thread import run_sync
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from netpursuit.custody.list_reports import show_lists
from netpursuit.custody.tokens import bearer_of
from netpursuit.enquiry.search import SearchRequest, search
from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.gate.queries import OF_A_GROUP
from netpursuit.gate.workbench import Workbench, list_standings
from netpursuit.web import limits
from netpursuit.web.openapi import description
from netpursuit.web.yente import Query, answer_json, queries_of
from netpursuit.wiring import Service, local_clock

EVERY_LIST = "default"
REASON, CASE = "x-netpursuit-reason", "x-netpursuit-case"
MOST_RESULTS = 100
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
_READ = frozenset({"limit", "threshold", "include_dataset", "exclude_dataset", "algorithm", "fuzzy", "cutoff"})
"""What a request may state in its address; the way of scoring is ours, whatever ``algorithm`` says."""

Answer = TypeVar("Answer")


class _Refused(HTTPException):
    """An error with a code for programs."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code = code


def create_app(service: Service, clock: Callable[[], float] = time.monotonic) -> Starlette:
    """The application over an open workspace. ``clock`` gives seconds that never go back."""
    return Starlette(routes=_Face(service, clock).routes, exception_handlers={HTTPException: _said})


class _Face:
    def __init__(self, service: Service, clock: Callable[[], float]) -> None:
        self._service = service
        self._users = limits.Buckets(limits.PER_SECOND, limits.BURST, clock)
        self._strangers = limits.Buckets(limits.WRONG_TOKENS / limits.LOCKED_SECONDS, float(limits.WRONG_TOKENS), clock)
        self._inside = 0
        self._of_user: Counter[str] = Counter()
        self._one: anyio.CapacityLimiter | None = None
        self.routes = [
            Route("/healthz", self.alive),
            Route("/readyz", self._admitted(self.ready)),
            Route("/openapi.json", self.described),
            Route("/catalog", self._admitted(self.catalog)),
            Route("/match/{list}", self._admitted(self.match), methods=["POST"]),
        ]

    async def alive(self, _request: Request) -> Response:
        return _json({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Whether there is a list to answer from; names none."""
        lists = await self._in_turn(self._lists)
        return _json({"status": "ok"} if lists else {"status": "no list"}, 200 if lists else 503)

    async def described(self, _request: Request) -> Response:
        return _json(description())

    async def catalog(self, request: Request) -> Response:
        who = await self._caller(request)
        reports = await self._in_turn(lambda: show_lists(self._desk(who, request)))
        found = [
            {
                "name": report.standing.list_id,
                "title": report.standing.version.title if report.standing.version else report.standing.list_id,
                "version": report.standing.version.version if report.standing.version else None,
                "updated_at": report.standing.version.list_date.isoformat() if report.standing.version else None,
                "status": report.standing.status.value,
            }
            for report in reports
        ]
        return _json({"datasets": found, "default": EVERY_LIST})

    async def match(self, request: Request) -> Response:
        who = await self._caller(request)
        limit, threshold, lists = _bounds(request)
        with self._at_once(who):
            asked = queries_of(await _body(request))
            if len(asked) > 1 and (seconds := self._users.take(who, len(asked) - 1)) > 0:
                raise _too_many(seconds)
            return await self._match(who, request, asked, limit, threshold, lists)

    async def _match(
        self,
        who: str,
        request: Request,
        asked: Sequence[tuple[str, Query | InputError]],
        limit: int,
        threshold: float,
        lists: tuple[frozenset[str], frozenset[str]],
    ) -> Response:
        chosen = await self._in_turn(partial(self._chosen, request.path_params["list"], lists))
        responses: dict[str, dict[str, Any]] = {}
        for name, query in asked:
            if isinstance(query, InputError):
                responses[name] = {"status": 400, "detail": str(query)}
                continue
            ask = partial(self._answer, who, request, query, limit, threshold, chosen)
            responses[name] = await self._in_turn(ask)
        return _json({"responses": responses, "limit": limit, "threshold": threshold})

    def _answer(
        self, who: str, request: Request, query: Query, limit: int, threshold: float, lists: frozenset[str]
    ) -> dict[str, Any]:
        desk = self._desk(who, request)
        try:
            answer = search(desk, SearchRequest(person=query.person, limit=limit, lists=lists))
        except RefusedError as refusal:
            if refusal.code not in OF_A_GROUP:  # who asks and why holds for all queries of a request
                raise
            return {"status": 403, "code": refusal.code, "detail": str(refusal)}
        return answer_json(answer, query, lists, threshold)

    def _lists(self) -> dict[str, bool]:
        desk = self._service.desk("nobody")
        return {item.list_id: item.version is not None for item in list_standings(desk.truth, desk.today)}

    def _chosen(self, named: str, stated: tuple[frozenset[str], frozenset[str]]) -> frozenset[str]:
        """The lists meant by the address; none stands for all. Raises for one that is not there."""
        include, exclude = stated
        if named == EVERY_LIST and not include and not exclude:
            return frozenset()
        there = frozenset(self._lists())
        for name in {named, *include, *exclude} - {EVERY_LIST}:
            if name not in there:
                raise _Refused(404, "no-list", "no such list")
        chosen = (there if named == EVERY_LIST else frozenset({named})) - exclude
        chosen = chosen & include if include else chosen
        if not chosen:
            raise _Refused(400, "input", "no list is left to look in")
        return chosen

    def _desk(self, who: str, request: Request) -> Workbench:
        return self._service.desk(who, request.headers.get(REASON, ""), request.headers.get(CASE, ""))

    async def _caller(self, request: Request) -> str:
        """The user whom the bearer token stands for."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        who = None
        if scheme.casefold() == "bearer" and token.strip():
            who = await self._in_turn(lambda: bearer_of(self._service.keys, token.strip(), local_clock()))
        if who is None:  # a valid token is never locked out: others may ask from the same address
            if (seconds := self._strangers.take(request.client.host if request.client else "")) > 0:
                raise _too_many(seconds)
            raise _Refused(401, "token", "a bearer token of 'netpursuit tokens issue'", {"WWW-Authenticate": "Bearer"})
        if (seconds := self._users.take(who)) > 0:
            raise _too_many(seconds)
        return who

    @contextmanager
    def _at_once(self, who: str) -> Iterator[None]:
        """One user's requests leave room for those of others."""
        if self._of_user[who] >= limits.MOST_OF_USER:
            raise _too_many(1)
        self._of_user[who] += 1
        try:
            yield
        finally:
            self._of_user[who] -= 1

    async def _in_turn(self, work: Callable[[], Answer]) -> Answer:
        """One piece of work at a time reads the workspace."""
        if self._one is None:
            self._one = anyio.CapacityLimiter(1)
        return await run_sync(work, limiter=self._one)

    def _admitted(self, handle: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """A request is let in once, before anything is done for it; whoever would wait too long is told to come
        again."""

        async def admitted(request: Request) -> Response:
            if self._inside >= limits.MOST_INSIDE:
                return _say(_too_many(1))
            self._inside += 1
            try:
                return await handle(request)
            except Exception as error:  # all of them: a traceback in the server's log could carry values (A4)
                return _say(error)
            finally:
                self._inside -= 1

        return admitted


def _bounds(request: Request) -> tuple[int, float, tuple[frozenset[str], frozenset[str]]]:
    asked = request.query_params
    if unknown := sorted(set(asked) - _READ):
        raise InputError(f"{len(unknown)} unknown parameters", where="address", expected=", ".join(sorted(_READ)))
    try:
        limit, threshold = int(asked.get("limit", "5")), float(asked.get("threshold", "0.7"))
    except ValueError:
        raise InputError("no number", where="limit, threshold", expected="numbers") from None
    if not 1 <= limit <= MOST_RESULTS or not 0 <= threshold <= 1:
        raise InputError("out of range", where="limit, threshold", expected=f"1 to {MOST_RESULTS}, 0 to 1")
    return limit, threshold, (frozenset(asked.getlist("include_dataset")), frozenset(asked.getlist("exclude_dataset")))


async def _body(request: Request) -> object:
    """The JSON of a request. Read only as far as it may be long."""
    read = bytearray()
    try:
        with anyio.fail_after(limits.BODY_SECONDS):
            async for part in request.stream():
                read += part
                if len(read) > limits.MOST_BYTES:
                    raise _Refused(413, "too-long", f"at most {limits.MOST_BYTES} bytes", {"Connection": "close"})
    except TimeoutError:
        raise _Refused(408, "too-slow", "the body did not come", {"Connection": "close"}) from None
    try:
        found = json.loads(bytes(read))
        json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair could not be answered
    except (ValueError, RecursionError):
        raise InputError("not JSON", where="body", expected="a JSON object") from None
    return found


def _too_many(seconds: float) -> _Refused:
    return _Refused(429, "too-many", "too many requests", {"Retry-After": str(max(1, round(seconds)))})


def _json(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(content, status, {**_HEADERS, **(headers or {})})


async def _said(_request: Request, error: Exception) -> Response:
    return _say(error)


def _say(error: Exception) -> Response:
    """An error as JSON; never with the value of a person."""
    if isinstance(error, HTTPException):
        code = error.code if isinstance(error, _Refused) else "http"
        return _json({"code": code, "detail": error.detail}, error.status_code, error.headers)
    if isinstance(error, RefusedError):
        return _json({"code": error.code, "detail": str(error)}, 403)
    if isinstance(error, InputError):
        return _json({"code": "input", "detail": str(error)}, 400)
    if isinstance(error, StorageError):
        return _json({"code": "storage", "detail": "the workspace could not be used; see the server"}, 503)
    return _json({"code": "internal", "detail": type(error).__name__}, 500)
