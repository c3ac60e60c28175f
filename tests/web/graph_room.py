"""A signed-in page over a workspace with a graph: two listed people in one flat with others, and a case."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from netpursuit.gate.users import user_of_machine
from netpursuit.web.app import create_app
from netpursuit.web.endpoints import BASE
from netpursuit.web.room import Room
from netpursuit.wiring import Service
from tests.web.conftest import HERE

__all__ = ["Page", "opened_page"]


class Page:
    """The calls of a page, as its own program makes them."""

    def __init__(self, client: TestClient, csrf: str, lang: str = "en") -> None:
        self.client, self.headers = client, {"X-CSRF-Token": csrf, "Accept-Language": lang}

    def call(self, path: str, body: Any = None, *, method: str = "POST", status: int = 200, lang: str = "") -> Any:
        """The JSON of an answer, which must have this status."""
        answer = self.raw(path, body, method=method, lang=lang)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json()

    def raw(self, path: str, body: Any = None, *, method: str = "POST", lang: str = "") -> Any:
        headers = self.headers | ({"Accept-Language": lang} if lang else {})
        sent = None if method == "GET" else body if body is not None else {}
        return self.client.request(method, BASE + path, json=sent, headers=headers)

    def under(self, *, case: str = "", reason: str = "") -> None:
        """Choose why the user looks from now on."""
        self.call("/session/authority", {"case": case, "reason": reason}, method="PUT")


@contextmanager
def opened_page(workspace: Path) -> Iterator[Page]:
    """A page of the user of the machine over a workspace of its own process."""
    service = Service(workspace)
    room = Room(service)
    with TestClient(create_app(room), base_url=HERE, raise_server_exceptions=False) as client:
        link = room.sessions.new_link(user_of_machine())
        signed = client.post(f"{BASE}/sign-in", json={"link": link})
        assert signed.status_code == 200, signed.text
        yield Page(client, signed.json()["csrf"])
    service.close()


def has_server() -> bool:
    """Whether the environment names a server for the graph."""
    return bool(os.environ.get("NETPURSUIT_NEO4J_URI"))
