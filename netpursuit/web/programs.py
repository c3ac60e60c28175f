"""What programs ask: who asks (a bearer token), why (a header), and the use case that answers, as yente does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from netpursuit.custody.list_reports import show_lists
from netpursuit.custody.tokens import bearer_of
from netpursuit.enquiry.search import SearchRequest, search
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.queries import OF_A_GROUP
from netpursuit.gate.workbench import Workbench, list_standings
from netpursuit.web.answers import Refused, json_answer, read_body, read_json, too_many
from netpursuit.web.room import Room
from netpursuit.web.yente import Query, answer_json, queries_of
from netpursuit.wiring import local_clock

EVERY_LIST = "default"
REASON, CASE = "x-netpursuit-reason", "x-netpursuit-case"
MOST_RESULTS = 100
_READ = frozenset({"limit", "threshold", "include_dataset", "exclude_dataset", "algorithm", "fuzzy", "cutoff"})
"""What a request may state in its address; the way of scoring is ours, whatever ``algorithm`` says."""


class Programs:
    """``description``: what ``/openapi.json`` answers."""

    def __init__(self, room: Room, description: Mapping[str, Any]) -> None:
        self._room, self._service, self._description = room, room.service, description
        self.routes = [
            Route("/healthz", self.alive),
            Route("/readyz", room.admitted(self.ready)),
            Route("/openapi.json", self.described),
            Route("/catalog", room.admitted(self.catalog)),
            Route("/match/{list}", room.admitted(self.match), methods=["POST"]),
        ]

    async def alive(self, _request: Request) -> Response:
        return json_answer({"status": "ok"})

    async def ready(self, _request: Request) -> Response:
        """Whether there is a list to answer from; names none."""
        lists = await self._room.in_turn(self._lists)
        return json_answer({"status": "ok"} if lists else {"status": "no list"}, 200 if lists else 503)

    async def described(self, _request: Request) -> Response:
        return json_answer(self._description)

    async def catalog(self, request: Request) -> Response:
        who = self._caller(request)
        reports = await self._room.in_turn(lambda: show_lists(self._desk(who, request)))
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
        return json_answer({"datasets": found, "default": EVERY_LIST})

    async def match(self, request: Request) -> Response:
        who = self._caller(request)
        limit, threshold, lists = _bounds(request)
        with self._room.at_once(who):
            asked = queries_of(read_json(await read_body(request)))
            if len(asked) > 1 and (seconds := self._room.users.take(who, len(asked) - 1)) > 0:
                raise too_many(seconds)
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
        named, chosen = request.path_params["list"], frozenset[str]()  # of all lists
        if named != EVERY_LIST or any(lists):
            chosen = await self._room.beside(partial(self._chosen, named, lists))
        responses: dict[str, dict[str, Any]] = {}
        for name, query in asked:
            if isinstance(query, InputError):
                responses[name] = {"status": 400, "detail": str(query)}
                continue
            ask = partial(self._answer, who, request, query, limit, threshold, chosen)
            responses[name] = await self._room.beside(ask)
        return json_answer({"responses": responses, "limit": limit, "threshold": threshold})

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
        """The lists meant by the address. Raises for one that is not there."""
        include, exclude = stated
        there = frozenset(self._lists())
        for name in {named, *include, *exclude} - {EVERY_LIST}:
            if name not in there:
                raise Refused(404, "no-list", "no such list")
        chosen = (there if named == EVERY_LIST else frozenset({named})) - exclude
        chosen = chosen & include if include else chosen
        if not chosen:
            raise Refused(400, "input", "no list is left to look in")
        return chosen

    def _desk(self, who: str, request: Request) -> Workbench:
        return self._service.desk(who, request.headers.get(REASON, ""), request.headers.get(CASE, ""))

    def _caller(self, request: Request) -> str:
        """The user whom the bearer token stands for."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        who = None
        if scheme.casefold() == "bearer" and token.strip():
            # In no thread of its own: it is one row by its key, and never waits for what is being written.
            who = bearer_of(self._service.keys, token.strip(), local_clock())
        if who is None:  # a valid token is never locked out: others may ask from the same address
            self._room.take_stranger(request)
            raise Refused(401, "token", "a bearer token of 'netpursuit tokens issue'", {"WWW-Authenticate": "Bearer"})
        self._room.take(who)
        return who


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
