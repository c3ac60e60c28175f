"""Whether a request was meant for this server and comes from its own page: the names it goes by, and where it was sent
from. The last line, too, that every answer bears the headers of all answers.

A page of somebody else's could make a browser ask us (cross-site requests), also under a name of its own that it lets
point here (DNS rebinding). A cookie and its token stand against the first; the names alone stand against the second.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netpursuit.errors import InputError
from netpursuit.web.answers import HEADERS, Refused, say

LOOPBACK = ("127.0.0.1", "[::1]", "localhost")
PROBES = ("/healthz", "/readyz")  # are asked by address, and tell nothing

_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
_OWN = ("same-origin", "none")  # none: typed, or a bookmark
_YEAR = 365 * 24 * 3600


def host_name(text: str) -> str:
    """A name of a server as it stands in an address. Raises ``InputError`` for what is none."""
    if not _NAME.fullmatch(text):
        raise InputError(
            "this is no name of a server", where="--name", expected="a host name, as in the page's address"
        )
    return text.casefold()


class Doors:
    """``names``: the host names under which this server is asked, as in an address, without a port; None: any."""

    def __init__(self, inner: ASGIApp, names: Collection[str] | None) -> None:
        self._inner, self._names = inner, None if names is None else frozenset(name.casefold() for name in names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return

        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                _head(message, scope)
            await send(message)

        try:
            self._check(scope)
        except Refused as error:
            await say(error)(scope, receive, headed)
            return
        await self._inner(scope, receive, headed)

    def _check(self, scope: Scope) -> None:
        hosts = _all(scope, b"host")
        if scope["path"] in PROBES and len(hosts) == 1:
            return
        found = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        name = found[1].casefold() if found else ""
        if not name or (self._names is not None and name not in self._names):
            raise Refused(421, "host", "this server does not go by that name")
        origins = _all(scope, b"origin")
        own = {f"https://{hosts[0]}", *([f"http://{hosts[0]}"] if name in LOOPBACK else [])}
        if origins and (len(origins) > 1 or origins[0].casefold() not in {item.casefold() for item in own}):
            raise Refused(403, "origin", "the request comes from another page")
        if any(site not in _OWN for site in _all(scope, b"sec-fetch-site")) and not _is_followed_link(scope):
            raise Refused(403, "origin", "the request comes from another page")


def _all(scope: Scope, name: bytes) -> Sequence[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key.lower() == name]


def _is_followed_link(scope: Scope) -> bool:
    """A link to the page from elsewhere, which shows it and sends no cookie along."""
    return scope["method"] == "GET" and scope["path"] == "/" and _all(scope, b"sec-fetch-mode") == ["navigate"]


def _head(message: Message, scope: Scope) -> None:
    message.setdefault("headers", [])
    headers = MutableHeaders(raw=message["headers"])
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    host = _all(scope, b"host")
    if scope.get("scheme") == "https" and not (host and host[0].casefold().startswith(LOOPBACK)):
        headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
