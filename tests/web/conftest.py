"""A workspace with a small list that is in force today, a token, and a client of the HTTP face."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from starlette.testclient import TestClient

from netpursuit.cli import run
from netpursuit.gate.users import user_of_machine
from netpursuit.web.app import create_app
from netpursuit.web.doors import LOOPBACK
from netpursuit.web.room import Room
from netpursuit.wiring import Service
from tests.cli.conftest import HEADER, MAPPING, PEOPLE, Run, command

__all__ = ["command"]

REASON = {"X-Netpursuit-Reason": "check:T-9"}
USER = "desk-7"


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def fresh_list(tmp_path: Path) -> tuple[Path, Path]:
    """The list of invented people, delivered today and reviewed in two months."""
    today = datetime.now(UTC).date()
    dates = {"2026-03-01": today - timedelta(days=30), "2026-06-20": today + timedelta(days=60)}
    rows = "\n".join([HEADER, *PEOPLE[:2]]) + "\n"
    for before, now in dates.items():
        rows = rows.replace(before, now.isoformat())
    listed, mapping = tmp_path / "wanted.csv", tmp_path / "mapping.toml"
    listed.write_text(rows, encoding="utf-8")
    mapping.write_text(MAPPING.replace("2026-04-01", today.isoformat()), encoding="utf-8")
    return listed, mapping


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with two lists and their index, to be copied."""
    folder = tmp_path_factory.mktemp("web") / "ws"
    listed, mapping = fresh_list(folder.parent)
    common = ("--workspace", str(folder), "--reason", "check:T-1")
    for list_id in ("wanted", "other"):
        assert run(["lists", "add", str(listed), "--list", list_id, "--mapping", str(mapping), *common]) == 0
    assert run(["index", "build", *common]) == 0
    return folder


def copied(made: Path, folder: Path) -> Path:
    """A workspace with its keys, as it was when it was made."""
    for name in ("ws", "ws-keys"):
        copytree(made.with_name(name), folder / name)
    return folder / "ws"


@pytest.fixture
def workspace(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path)


def issue(command: Run, workspace: Path, user: str = USER, *more: str) -> dict[str, Any]:
    done = command(
        *("tokens", "issue", "--user", user, "--workspace", workspace, "--reason", "check:T-1", "--json"), *more
    )
    assert done.code == 0, done.err
    token: dict[str, Any] = done.json
    return token


@pytest.fixture
def token(command: Run, workspace: Path) -> str:
    return str(issue(command, workspace)["token"])


@pytest.fixture
def clock() -> Clock:
    return Clock()


HERE = "https://127.0.0.1"
"""How the tests call the server: over what a browser trusts, so that a client sends its cookie."""


@pytest.fixture
def room(workspace: Path, clock: Clock) -> Iterator[Room]:
    """The open workspace that the server shares."""
    service = Service(workspace)
    yield Room(service, clock)
    service.close()


@pytest.fixture
def client(room: Room) -> Iterator[TestClient]:
    """A client that sends no token by itself."""
    with TestClient(create_app(room, LOOPBACK), base_url=HERE, raise_server_exceptions=False) as opened:
        yield opened


@dataclass
class SignedIn:
    """A client with a session: its calls of the page."""

    client: TestClient
    csrf: str

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        sent = {"X-CSRF-Token": self.csrf, **headers}
        return self.client.request(method, f"/api/v1{path}", json=body, headers=sent)


def by_link(room: Room, client: TestClient, who: str | None = None) -> SignedIn:
    """Sign somebody in by a link: the user of the machine, or somebody by name."""
    answered = client.post("/api/v1/sign-in", json={"link": room.sessions.new_link(who or user_of_machine())})
    assert answered.status_code == 200, answered.text
    return SignedIn(client, answered.json()["csrf"])


@pytest.fixture
def signed_in(room: Room, client: TestClient) -> SignedIn:
    """The user of the machine, signed in."""
    return by_link(room, client)


def give_password(command: Run, workspace: Path, who: str, password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an administrator (or, without roles, whoever sits at the machine) set a password."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"{password}\n".encode())))
    stated = ("--workspace", workspace, "--reason", "check:T-1")
    done = command("users", "password", who, "--stdin", *stated)
    assert done.code == 0, done.err


@dataclass
class Seat:
    """A browser in which somebody is signed in: its cookie, and the token that the page sends with every call."""

    client: TestClient
    csrf: str

    def send(self, path: str, body: object = None, *, lang: str = "en", **headers: str) -> Any:
        content = body if isinstance(body, bytes) else json.dumps(body if body is not None else {}).encode()
        own = {"X-CSRF-Token": self.csrf, "Accept-Language": lang, "Content-Type": "application/json"}
        return self.client.post(f"/api/v1{path}", content=content, headers=own | headers)

    def post(self, path: str, body: object = None, *, lang: str = "en", status: int = 200, **headers: str) -> Any:
        """The JSON of an answer, whose status is this."""
        answered = self.send(path, body, lang=lang, **headers)
        assert answered.status_code == status, answered.text
        return answered.json()


SignIn = Callable[..., Seat]


def unquoted(text: str) -> str:
    """A sentence without what it repeats of a request."""
    return re.sub(r"'[^']*'|`[^`]*`", "…", text)


@pytest.fixture
def sign_in(room: Room) -> Iterator[SignIn]:
    """Sign a user in by a link, in a browser of his own, with a reason chosen (empty: none)."""
    app = create_app(room)
    with ExitStack() as opened:

        def signed_in(who: str = "", reason: str = "lead:T-9", case: str = "") -> Seat:
            browser = TestClient(app, base_url="https://127.0.0.1", raise_server_exceptions=False)
            browser = opened.enter_context(browser)
            link = room.sessions.new_link(who or user_of_machine())
            csrf = browser.post("/api/v1/sign-in", json={"link": link}).json()["csrf"]
            chosen = {"reason": reason} if reason else {"case": case}
            if reason or case:
                set_ = browser.put("/api/v1/session/authority", json=chosen, headers={"X-CSRF-Token": csrf})
                assert set_.status_code == 200, set_.text
            return Seat(browser, csrf)

        yield signed_in


@pytest.fixture
def seat(sign_in: SignIn) -> Seat:
    return sign_in()
