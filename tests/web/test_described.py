"""What ``/openapi.json`` says of the server is what the server does: every route, every shape, every answer."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from unittest import SkipTest

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.specs.openapi import checks as openapi_checks
from starlette.routing import Route
from starlette.testclient import TestClient

from netpursuit.custody import passwords
from netpursuit.web import limits
from netpursuit.web.app import DESCRIBED, ENDPOINTS, create_app
from netpursuit.web.endpoints import BASE, Download
from netpursuit.web.openapi import description
from netpursuit.web.room import Room
from tests.web.conftest import HERE, REASON, SignedIn, by_link

PAGE = ("/", "/assets/{part}")


@pytest.fixture
def spelled() -> dict[str, Any]:
    return description(DESCRIBED)


def routes(room: Room) -> Iterator[tuple[str, str]]:
    for route in create_app(room).routes:
        assert isinstance(route, Route)
        if route.path not in PAGE:
            yield from ((method, route.path) for method in (route.methods or ()) if method != "HEAD")


def test_every_route_is_described_and_nothing_else(room: Room, spelled: dict[str, Any]) -> None:
    told = {(method.upper(), path) for path, found in spelled["paths"].items() for method in found}
    assert told == set(routes(room))
    assert len(told) >= len(ENDPOINTS) + 9


def test_every_call_says_what_it_needs_what_it_takes_and_what_it_answers(spelled: dict[str, Any]) -> None:
    names = set()
    for call in DESCRIBED:
        told = spelled["paths"][BASE + call.path][call.method.lower()]
        names.add(told["operationId"])
        assert told["summary"] == call.summary
        needed = told.get("security", [])
        assert needed == (
            [] if not call.signed_in else [{"session": [], **({"csrf": []} if call.method != "GET" else {})}]
        )
        assert ("requestBody" in told) == (call.method != "GET" and bool(call.asks.__struct_fields__))
        (kind,) = told["responses"]["200"]["content"]
        assert kind == ("*/*" if call.answers is Download else "application/json")
        assert {"401", "403", "429"} <= told["responses"].keys()
        places = [item["name"] for item in told.get("parameters", ()) if item["in"] == "path"]
        assert places == re.findall(r"\{(\w+)\}", call.path)
    assert len(names) == len(DESCRIBED), "each has a name of its own, by which a client is generated"


def test_every_reference_leads_somewhere(spelled: dict[str, Any]) -> None:
    found = set(re.findall(r"'\$ref': '#/components/schemas/(\w+)'", repr(spelled)))
    assert found
    assert found <= spelled["components"]["schemas"].keys()
    assert {"session", "csrf", "bearer"} == spelled["components"]["securitySchemes"].keys()


def test_the_description_is_one_that_tools_read(client: TestClient) -> None:
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    schema.validate()
    assert len(list(schema.get_all_operations())) >= len(DESCRIBED)


LEFT = ("delete-session",)  # would end the session of all that follow
CHECKS = [
    schemathesis.checks.not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_schema_conformance,
]


@dataclass
class Fuzz:
    """Asks the calls of the page whatever their description allows, and what it does not."""

    schema: Any
    signed: SignedIn
    token: str
    statuses: Counter[int]
    asked: set[str]

    def all(self, examples: int, *, wrongly: int = 1) -> None:
        """Every call in what it takes, and every so many that have a body in what it does not."""
        operations = [found.ok() for found in self.schema.get_all_operations()]
        told = [
            (item, item.definition.raw) for item in operations if item.definition.raw.get("operationId") not in LEFT
        ]
        for operation, _ in told:
            self._one(operation, schemathesis.GenerationMode.POSITIVE, examples)
        for operation, _ in [item for item in told if "requestBody" in item[1]][::wrongly]:
            self._one(operation, schemathesis.GenerationMode.NEGATIVE, examples)

    def _one(self, operation: Any, mode: Any, examples: int) -> None:
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def asked(case: Any) -> None:
            answered = self._send(case)
            self.asked.add(operation.label)
            self.statuses[answered.status_code] += 1
            case.validate_response(answered, checks=CHECKS)

        with suppress(Unsatisfiable, SkipTest):  # what takes nothing cannot be asked wrongly
            asked()

    def _send(self, case: Any) -> Any:
        sent = case.as_transport_kwargs(base_url=HERE)
        headers = dict(sent["headers"]) | {"X-CSRF-Token": self.signed.csrf, "Authorization": f"Bearer {self.token}"}
        body = sent.get("data")
        if "json" in sent:
            body = json.dumps(sent["json"]).encode()
        return self.signed.client.request(
            sent["method"],
            sent["url"],
            params=sent.get("params"),
            headers=headers if "x-netpursuit-case" in headers else {**headers, **REASON},
            content=body if isinstance(body, bytes | str) else None,
        )


@pytest.fixture
def fuzz(room: Room, client: TestClient, token: str, monkeypatch: pytest.MonkeyPatch) -> Fuzz:
    """Somebody who is signed in under a reason, for whom no rate is too high."""
    monkeypatch.setattr(passwords, "check_password", lambda keys, who, password: None)
    monkeypatch.setattr(room, "take", lambda who: None)
    monkeypatch.setattr(room, "take_stranger", lambda request: None)
    monkeypatch.setattr(room, "refuse_who_tries_ids", lambda who: None)
    monkeypatch.setattr(limits.Waits, "begin", lambda self, caller: 0.0)
    signed = by_link(room, client)
    assert signed.call("PUT", "/session/authority", {"reason": "check:T-9"}).status_code == 200
    schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
    return Fuzz(schema, signed, token, Counter(), set())


def test_whatever_is_asked_the_server_answers_as_it_is_described(fuzz: Fuzz) -> None:
    fuzz.all(3, wrongly=3)
    assert len(fuzz.asked) >= len(DESCRIBED)
    assert {200, 400} <= fuzz.statuses.keys(), fuzz.statuses


@pytest.mark.slow
def test_whatever_is_asked_time_and_again_the_server_answers_as_it_is_described(fuzz: Fuzz) -> None:
    fuzz.all(40)
    assert sum(fuzz.statuses.values()) > 40 * len(DESCRIBED)
