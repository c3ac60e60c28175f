"""What every answer over HTTP has in common: its headers, its errors, and how a body is read."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import anyio
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from netpursuit.catalogue import Catalogue
from netpursuit.errors import ErasedError, InputError, RefusedError, StorageError, UnknownIdError
from netpursuit.reports.saying import say_error
from netpursuit.web import limits

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TYPED = ("case-unknown", "case-member")  # refusals that are about what was typed
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")


class Refused(HTTPException):
    """An error with a code for programs."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code = code


def too_many(seconds: float) -> Refused:
    return Refused(429, "too-many", "too many requests", {"Retry-After": str(max(1, round(seconds)))})


def json_answer(content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse(content, status, {**HEADERS, **(headers or {})})


async def said(_request: Request, error: Exception) -> Response:
    return say(error)


def say(error: Exception, words: Catalogue | None = None) -> Response:
    """An error as JSON, its sentence in the language of ``words``; never with the value of a person."""

    def told(text: str) -> str:
        return words.sentence(text) if words else text

    if isinstance(error, HTTPException):
        code = error.code if isinstance(error, Refused) else "http"
        return json_answer({"code": code, "detail": told(error.detail)}, error.status_code, error.headers)
    if isinstance(error, RefusedError):
        return json_answer({"code": error.code, "detail": _rule(error, words)}, 403)
    if isinstance(error, ErasedError):
        return json_answer({"code": "erased", "detail": told(str(error))}, 410)
    if isinstance(error, UnknownIdError):
        return json_answer({"code": "unknown", "detail": told("there is nothing under this id")}, 404)
    if isinstance(error, InputError):
        return json_answer({"code": "input", "detail": _untyped(say_error(words, error) if words else str(error))}, 400)
    if isinstance(error, StorageError):
        return json_answer({"code": "storage", "detail": told("the workspace could not be used; see the server")}, 503)
    return json_answer({"code": "internal", "detail": type(error).__name__}, 500)


def _rule(error: RefusedError, words: Catalogue | None) -> str:
    """The rule that refused, once, and what it was applied to, unless that was typed; how a command line states a case
    is not said here."""
    key = f"refused.{error.code}"
    if words is None or key not in words:
        return _untyped(words.sentence(str(error)) if words else str(error))
    on_page = f"page.{key}"
    rule = words(on_page if on_page in words else key)
    return f"{rule} ({error.about})" if error.about and error.code not in _TYPED else rule


def _untyped(text: str) -> str:
    """A sentence without what it repeats of a request, which stands in quotes."""
    return _QUOTED.sub("'…'", text)


async def read_body(request: Request, most: int = limits.MOST_BYTES) -> bytes:
    """The body of a request, read only as far as it may be long and within the time that it may take."""
    read = bytearray()
    try:
        with anyio.fail_after(limits.BODY_SECONDS):
            async for part in request.stream():
                read += part
                if len(read) > most:
                    raise Refused(413, "too-long", f"at most {most} bytes", {"Connection": "close"})
    except TimeoutError:
        raise Refused(408, "too-slow", "the body did not come", {"Connection": "close"}) from None
    return bytes(read)


def read_json(body: bytes) -> object:
    """The JSON of a body. Raises ``InputError`` for what is none, or could not be answered."""
    try:
        found = json.loads(body)
        json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair could not be answered
    except (ValueError, RecursionError):
        raise InputError("not JSON", where="body", expected="a JSON object") from None
    return found
