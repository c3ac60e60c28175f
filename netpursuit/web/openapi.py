"""What the HTTP face offers, as an OpenAPI 3.1 description."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from netpursuit.web.described import SCHEMES, described
from netpursuit.web.described import json_of as _answered
from netpursuit.web.endpoints import Described
from netpursuit.web.limits import MOST_BYTES
from netpursuit.web.yente import MOST_QUERIES

_TEXTS = {"type": "array", "items": {"type": "string"}}
_ERROR = {"$ref": "#/components/schemas/Error"}


def _object(*keys: str) -> dict[str, Any]:
    return {"type": "object", "required": list(keys), "properties": {key: {} for key in keys}}


def _errors(*more: int) -> dict[str, Any]:
    texts = {
        400: "bad input",
        401: "no token, or not a valid one",
        403: "refused: no reason, a closed case, no right",
        404: "no such list",
        408: "the body did not come in time",
        413: f"a body of more than {MOST_BYTES} bytes",
        421: "the server does not go by this name",
        429: "too many requests; Retry-After says when to come again",
        503: "the workspace could not be used",
    }
    return {str(status): _answered(texts[status], _ERROR) for status in (400, *more, 401, 403, 421, 429, 503)}


def description(calls: Iterable[Described]) -> dict[str, Any]:
    """The description of what programs ask and of the page's calls, ready for JSON."""
    from importlib.metadata import version

    paths, schemas = described(calls)

    authority = [
        {"name": name, "in": "header", "required": False, "schema": {"type": "string"}, "description": text}
        for name, text in (
            ("X-Netpursuit-Reason", "CODE:TASK; this or a case"),
            ("X-Netpursuit-Case", "the case under which is asked"),
        )
    ]
    numbers = (
        ("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 5}),
        ("threshold", {"type": "number", "minimum": 0, "maximum": 1, "default": 0.7}),
    )
    asked = [{"name": name, "in": "query", "schema": schema} for name, schema in numbers]
    asked += [{"name": name, "in": "query", "schema": _TEXTS} for name in ("include_dataset", "exclude_dataset")]
    entity = {
        "type": "object",
        "required": ["schema", "properties"],
        "properties": {
            "schema": {"const": "Person"},
            "properties": {"type": "object", "additionalProperties": {"anyOf": [_TEXTS, {"type": "string"}]}},
        },
    }
    body = {
        "type": "object",
        "required": ["queries"],
        "properties": {
            "queries": {
                "type": "object",
                "minProperties": 1,
                "maxProperties": MOST_QUERIES,
                "additionalProperties": entity,
            }
        },
    }
    bearer = [{"bearer": list[str]()}]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "netpursuit",
            "version": version("netpursuit"),
            "description": "Matches are leads for a human, never verdicts. Every question is logged with its reason.",
        },
        "paths": {
            "/healthz": {"get": {"responses": {"200": _answered("the server runs", _object("status"))}}},
            "/readyz": {
                "get": {
                    "responses": {
                        "200": _answered("there is a list to answer from", _object("status")),
                        "503": _answered("there is none", _object("status")),
                    }
                }
            },
            "/openapi.json": {"get": {"responses": {"200": _answered("this", {"type": "object"})}}},
            "/catalog": {
                "get": {
                    "security": bearer,
                    "parameters": authority,
                    "responses": {"200": _answered("the lists with their age", _object("datasets")), **_errors()},
                }
            },
            "/match/{list}": {
                "post": {
                    "security": bearer,
                    "parameters": [
                        {"name": "list", "in": "path", "required": True, "schema": {"type": "string"}},
                        *asked,
                        *authority,
                    ],
                    "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
                    "responses": {
                        "200": _answered("an answer for each query", _object("responses", "limit", "threshold")),
                        **_errors(404, 408, 413),
                    },
                }
            },
            **paths,
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, **SCHEMES},
        },
    }
