"""The date by which a server judges lists is shown to everybody, and changes nothing in the clock of the log."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from netpursuit.gate.users import user_of_machine
from netpursuit.web.app import create_app
from netpursuit.web.room import Room
from netpursuit.wiring import Service
from tests.web.conftest import Clock, Seat


def test_lists_are_judged_as_of_the_stated_day_and_the_log_by_the_clock(workspace: Path, clock: Clock) -> None:
    today = datetime.now(UTC).date()
    later = today + timedelta(days=400)
    service = Service(workspace, later)
    room = Room(service, clock)
    with TestClient(create_app(room), base_url="https://127.0.0.1", raise_server_exceptions=False) as browser:
        link = room.sessions.new_link(user_of_machine())
        csrf = browser.post("/api/v1/sign-in", json={"link": link}).json()["csrf"]
        browser.put("/api/v1/session/authority", json={"reason": "check:T-9"}, headers={"X-CSRF-Token": csrf})
        assert browser.get("/api/v1/session").json()["as_of"] == later.isoformat()
        answer = Seat(browser, csrf).post("/match", {"name": "Ouyang Zhiyuan", "birth_date": "1985"})
    assert answer["as_of"] == later.isoformat()
    assert {item["status"] for item in answer["lists"]} == {"expired"}
    head = service.desk(user_of_machine()).truth.log_head()
    assert head is not None
    assert abs(head.at.date() - today) <= timedelta(days=1)
    service.close()
