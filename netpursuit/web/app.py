"""The HTTP face: the page and its calls, and ``POST /match`` for programs.

Every answer has been recorded before it is sent. Values of people stand in bodies alone, never in an address, and no
request is logged anywhere but in the consultation log.
"""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

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
    watch_calls,
)
from netpursuit.web.answers import said
from netpursuit.web.endpoints import Endpoint
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


def create_app(room: Room) -> Starlette:
    """The application over an open workspace."""
    routes = [
        *Programs(room).routes,
        *session_calls.routes(room),
        *(endpoint.route(room) for endpoint in ENDPOINTS),
        *page.routes(),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: said})
