"""The calls of the page as OpenAPI: made from the endpoints themselves, so that nothing can be described that is not
there, nor be there undescribed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from netpursuit.web.endpoints import BASE, COOKIE, CSRF, REQUEST_ID, Described, Download, Endpoint, Nothing
from netpursuit.web.limits import MOST_BYTES

SCHEMES = {
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "set by POST /api/v1/sign-in"},
    "csrf": {"type": "apiKey", "in": "header", "name": CSRF, "description": "told by GET /api/v1/session"},
}
ERROR = {
    "type": "object",
    "required": ["code", "detail"],
    "properties": {
        "code": {"type": "string", "description": "for programs"},
        "detail": {"type": "string", "description": "a sentence for people; repeats nothing of the request"},
    },
}
_ERROR = {"$ref": "#/components/schemas/Error"}
_SCHEMA = "#/components/schemas/{name}"
_ERRORS = {
    400: "bad input: where, what was expected",
    401: "no session, or one that is over; of a sign-in: it signs nobody in",
    403: "refused, with the rule as code: no reason, a closed case, a role; a request that is not the page's own",
    404: "there is nothing under this id",
    408: "the body did not come in time",
    409: "somebody else was faster",
    410: "erased under an order",
    413: f"a body of more than {MOST_BYTES} bytes",
    421: "the server does not go by this name",
    429: "too many requests, or too many ids that are none; Retry-After says when to come again",
    503: "the workspace could not be used",
}


def json_of(text: str, schema: dict[str, Any]) -> dict[str, Any]:
    """One answer in JSON."""
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def described(calls: Iterable[Described]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(paths, schemas) of the calls of the page."""
    calls = tuple(calls)
    shapes: list[Any] = [shape for call in calls for shape in (call.asks, call.answers) if shape is not Download]
    found, schemas = msgspec.json.schema_components(shapes, ref_template=_SCHEMA)
    # By place and not by type: the shapes of answers need not be hashable.
    by_place = iter(found)
    paths: dict[str, Any] = {}
    for call in calls:
        asked = next(by_place)
        answered = None if call.answers is Download else next(by_place)
        paths.setdefault(BASE + call.path, {})[call.method.lower()] = _operation(call, asked, answered)
    return paths, {**schemas, "Error": ERROR}


def _operation(call: Described, asked: dict[str, Any], answered: dict[str, Any] | None) -> dict[str, Any]:
    # ``*/*``: a file's kind is the export's own.
    file = {"description": "a file", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    shown: dict[str, Any] = {
        "operationId": _name(call),
        "summary": call.summary,
        "responses": {
            "200": file if answered is None else json_of("the answer", answered),
            **{str(status): json_of(text, _ERROR) for status, text in _ERRORS.items()},
        },
    }
    if parameters := [*_places(call.path), *_headers(call)]:
        shown["parameters"] = parameters
    if call.asks is not Nothing and call.method != "GET":
        shown["requestBody"] = {"content": {"application/json": {"schema": asked}}}
    if security := _security(call):
        shown["security"] = security
    return shown


def _security(call: Described) -> list[dict[str, list[str]]]:
    if not call.signed_in:
        return []
    return [{"session": [], **({} if call.method == "GET" else {"csrf": []})}]


def _places(path: str) -> Sequence[dict[str, Any]]:
    text = {"type": "string", "minLength": 1}
    return [{"name": name, "in": "path", "required": True, "schema": text} for name in re.findall(r"\{(\w+)\}", path)]


def _headers(call: Described) -> Sequence[dict[str, Any]]:
    if call.method == "GET" or not isinstance(call, Endpoint):
        return []
    text = "an id of the request: sent again with it, the request is answered again and not done again"
    return [
        {
            "name": REQUEST_ID,
            "in": "header",
            "required": False,
            "schema": {"type": "string", "maxLength": 64, "pattern": "^[A-Za-z0-9-]*$"},
            "description": text,
        }
    ]


def _name(call: Described) -> str:
    return "-".join([call.method.lower(), *re.findall(r"\w+", call.path)])
