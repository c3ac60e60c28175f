"""A signed-in page over a workspace with a graph: two listed people in one flat with others, and a case."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from netpursuit.cli import run
from netpursuit.gate.users import user_of_machine
from netpursuit.web.app import create_app
from netpursuit.web.endpoints import BASE
from netpursuit.web.room import Room
from netpursuit.wiring import Service
from tests.cli.conftest import AS_OF, HEADER, MAPPING, PEOPLE
from tests.cli.test_graph_command import REASON
from tests.cli.test_graph_draw_in_command import ROWS, register, write_feed
from tests.web.conftest import HERE

__all__ = ["Page", "key_of", "led", "led_once", "opened_page", "page"]


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


@pytest.fixture(scope="session")
def led_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As ``led`` of the draw-in tests, once: two listed people in one flat with others, and the cases K-1 and K-2."""
    folder = tmp_path_factory.mktemp("led")
    place = ("--workspace", str(folder / "ws"))
    (folder / "wanted.csv").write_text("\n".join([HEADER, *PEOPLE, ""]), encoding="utf-8")
    (folder / "mapping.toml").write_text(MAPPING, encoding="utf-8")
    added = ("lists", "add", str(folder / "wanted.csv"), "--list", "wanted", "--mapping", str(folder / "mapping.toml"))
    assert run([*added, *place, "--as-of", AS_OF, *REASON]) == 0
    feed, rows = write_feed(folder), register(folder, *ROWS)
    assert run(["screen", str(rows), "--feed", str(feed), *place, "--as-of", AS_OF]) == 0
    until = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()
    stated = ("--title", "案件", "--authority", "幻县公安局", "--legal-basis", "立案决定书", "--purpose", "追逃")
    for case_id in ("K-1", "K-2"):
        assert run(["case", "open", "--id", case_id, *stated, "--expires", until, *place]) == 0
    return folder


@pytest.fixture
def led(led_once: Path, tmp_path: Path) -> Path:
    """A workspace of one's own as ``led_once`` is."""
    for name in ("ws", "ws-keys"):
        shutil.copytree(led_once / name, tmp_path / name)
    return tmp_path / "ws"


@pytest.fixture
def page(led: Path) -> Iterator[Page]:
    """A page over it, under the case K-1."""
    with opened_page(led) as opened:
        opened.under(case="K-1")
        yield opened


def key_of(page: Page, text: str) -> str:
    """The key of what is found first under a name."""
    key: str = page.call("/graph/find", {"text": text, "with_open_leads": True})["nodes"][0]["key"]
    return key
