"""A workspace with a small list that is in force today, a token, and a client of the HTTP face."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

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


@pytest.fixture
def workspace(tmp_path: Path, command: Run) -> Path:
    folder = tmp_path / "ws"
    listed, mapping = fresh_list(tmp_path)
    for list_id in ("wanted", "other"):
        added = command(
            *("lists", "add", listed, "--list", list_id, "--mapping", mapping),
            *("--workspace", folder, "--reason", "check:T-1"),
        )
        assert added.code == 0, added.err
    return folder


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
