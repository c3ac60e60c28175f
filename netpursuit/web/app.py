"""The HTTP face: the page and its calls, and ``POST /match`` for programs.

Every answer has been recorded before it is sent. Values of people stand in bodies alone, never in an address, and no
request is logged anywhere but in the consultation log.
"""

from __future__ import annotations

from collections.abc import Collection

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from netpursuit.web import (
    ask_calls,
    graph_calls,
    graph_case_calls,
    graph_view_calls,
    lead_calls,
    lead_changes,
    oversight_calls,
    page,
    session_calls,
    sign_in,
    watch_calls,
)
from netpursuit.web.answers import said
from netpursuit.web.doors import Doors
from netpursuit.web.endpoints import Described, Endpoint
from netpursuit.web.openapi import description
from netpursuit.web.programs import Programs
from netpursuit.web.room import Room

ENDPOINTS: tuple[Endpoint, ...] = (
    *session_calls.ENDPOINTS,
    *ask_calls.ENDPOINTS,
    *lead_calls.ENDPOINTS,
    *lead_changes.ENDPOINTS,
    *graph_calls.ENDPOINTS,
    *graph_case_calls.ENDPOINTS,
    *graph_view_calls.ENDPOINTS,
    *watch_calls.ENDPOINTS,
    *oversight_calls.ENDPOINTS,
)
"""Every call of the page."""

DESCRIBED: tuple[Described, ...] = (*sign_in.CALLS, session_calls.WORDS, *ENDPOINTS)


def create_app(room: Room, names: Collection[str] | None = None) -> Starlette:
    """The application over an open workspace; ``names``: the host names that it goes by (None: not looked at, where no
    browser comes)."""
    routes = [
        *Programs(room, description(DESCRIBED)).routes,
        *sign_in.SignIns(room).routes(),
        *session_calls.routes(),
        *(endpoint.route(room) for endpoint in ENDPOINTS),
        *page.routes(),
    ]
    return Starlette(
        routes=routes, middleware=[Middleware(Doors, names=names)], exception_handlers={HTTPException: said}
    )
