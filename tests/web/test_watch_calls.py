"""What is watched: lists, runs, nights, quarantine, the log, cases and error rates, by role and on record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from netpursuit.gate.users import user_of_machine
from netpursuit.web.app import create_app
from netpursuit.web.endpoints import BASE
from netpursuit.web.room import Room
from netpursuit.wiring import Service
from tests.cli.conftest import PEOPLE, Run
from tests.cli.test_night_command import DAY_ONE, House, house
from tests.web.graph_room import Page

__all__ = ["house"]
NOT_SCREENABLE = "R9,,,,13800138009,幻县虚构路99号,2026-04-02,"


@contextmanager
def opened(house: House, who: str = "") -> Iterator[Page]:
    service = Service(house.workspace)
    room = Room(service, reports=house.folder / "reports")
    with TestClient(create_app(room), base_url="https://testserver", raise_server_exceptions=False) as client:
        link = room.sessions.new_link(who or user_of_machine())
        page = Page(client, client.post(f"{BASE}/sign-in", json={"link": link}).json()["csrf"])
        page.under(reason="check:W-1")
        yield page
    service.close()


@pytest.fixture
def watched(house: House) -> House:
    """After two nights; the second changed a list and could not use a row."""
    house.night()
    house.write_list("wanted.csv", *PEOPLE[1:], PEOPLE[0].replace("盗窃", "诈骗"))
    house.register("rental/day2.csv", DAY_ONE[0].replace("R1", "R8"), NOT_SCREENABLE)
    house.night()
    return house


@pytest.fixture
def page(watched: House) -> Iterator[Page]:
    with opened(watched) as found:
        yield found


def test_lists_are_told_with_age_and_what_their_last_version_changed(page: Page) -> None:
    told = page.call("/lists", method="GET")
    lists = {item["id"]: item for item in told["lists"]}
    assert lists["wanted"]["changes"] == {"added": 0, "changed": 1, "withdrawn": 0}
    assert lists["second"]["changes"] == {"added": 2, "changed": 0, "withdrawn": 0}
    assert lists["wanted"]["age_days"] == (datetime.now(UTC).date() - datetime(2026, 4, 1, tzinfo=UTC).date()).days
    assert lists["wanted"]["stale"]
    assert len(told["banners"]) == 2
    assert any("wanted" in line for line in told["banners"])


def test_runs_and_what_they_quarantined_are_counts_and_places(page: Page) -> None:
    told = page.call("/runs")
    assert (told["total"], told["feeds"]) == (len(told["runs"]), ["hotel", "rental"])
    assert {item["state"] for item in told["runs"]} == {"finished"}
    (run,) = [item for item in told["runs"] if item["file"].endswith("day2.csv")]
    assert (run["counts"]["read"], run["counts"]["rejected"]) == (2, 1)
    counted = page.call("/quarantine", {"run": run["run"]})
    assert (counted["total"], counted["rows"]) == (1, [])
    (reason,) = counted["reasons"]
    assert reason["count"] == 1
    assert reason["text"]
    (place,) = page.call("/quarantine", {"run": run["run"], "rows": True})["rows"]
    assert (place["line"], place["reason"]) == (3, reason["reason"])
    assert "13800138009" not in json.dumps([counted, place], ensure_ascii=False)
    assert page.call("/runs", {"feed": "hotel"})["total"] < told["total"]
    assert page.call("/quarantine", {"run": "no such"}, status=404)["code"] == "unknown"
    assert page.call("/quarantine", {"run": "wanted@1"})["total"] == 0


def test_nights_are_told_and_their_reports_read_from_the_folder_alone(page: Page, watched: House) -> None:
    told = page.call("/nights")
    assert [item["state"] for item in told["nights"]] == ["done", "done"]
    assert told["reports"] is True
    latest = told["nights"][0]
    assert latest["counts"]["runs"] >= 1
    report = page.call("/nights/report", {"night": latest["night"]})
    assert report["night"] == latest["night"]
    assert {item["list"] for item in report["lists"]} == {"wanted", "second"}
    secret = watched.folder / "N-20260101-000000-000.json"
    secret.write_text("{}", encoding="utf-8")
    for night in ("../N-20260101-000000-000", "N-20260101-000000-000", "..%2fN-20260101-000000-000", "/etc/passwd"):
        answer = page.raw("/nights/report", {"night": night})
        assert answer.status_code in (400, 404), night


def test_following_a_run_is_no_consultation_and_looking_is(page: Page) -> None:
    def size() -> int:
        return int(page.call("/log", {"last": 1})["total"])

    before = size()
    assert page.call("/runs/progress", method="GET") == {"runs": []}
    assert size() == before + 1, "the look at the log before"
    page.call("/runs")
    page.call("/lists", method="GET")
    assert size() == before + 4


def test_the_log_is_told_latest_first_and_narrowed(page: Page) -> None:
    whole = page.call("/log")
    assert [item["at"] for item in whole["items"]] == sorted((item["at"] for item in whole["items"]), reverse=True)
    nights = page.call("/log", {"verb": "night"})
    assert (nights["total"], {item["verb"] for item in nights["items"]}) == (2, {"night"})
    assert nights["items"][0]["verb_text"] == "nightly batch"
    assert page.call("/log", {"user": "nobody"})["total"] == 0
    tomorrow = (datetime.now(UTC).date() + timedelta(days=2)).isoformat()
    assert page.call("/log", {"since": tomorrow})["total"] == 0
    assert page.call("/log", {"entry": "wanted:W1"})["total"] >= 1
    assert page.call("/log", {"verb": "wiretap"}, status=400)["code"] == "input"
    assert page.call("/log", {"entry": "W1"}, status=400)["code"] == "input"
    assert page.call("/log", {"since": "2026-04-02", "until": "2026-04-01"}, status=400)["code"] == "input"


def test_unusual_use_is_told_in_words_with_its_rules(page: Page) -> None:
    told = page.call("/unusual")
    assert told["signs"] == []
    assert len(told["rules"]) >= 5
    assert all(item["text"] for item in told["rules"])
    chinese = page.call("/unusual", lang="zh")
    assert chinese["rules"][0]["text"] != told["rules"][0]["text"]
    assert page.call("/unusual", {"until": "0001-01-01"}, status=400)["code"] == "input"


def test_a_case_is_opened_listed_and_closed(page: Page) -> None:
    new = {
        "title": "Flat 501",
        "authority": "prosecutor",
        "legal_basis": "order 7",
        "purpose": "find W1",
        "expires_on": (datetime.now(UTC).date() + timedelta(days=30)).isoformat(),
    }
    made = page.call("/cases", new)
    assert (made["state"], made["members"]) == ("open", [user_of_machine()])
    (shown,) = page.call("/cases", method="GET")["cases"]
    assert (shown["case"], shown["mine"]) == (made["case"], True)
    assert page.call("/cases", new | {"title": " "}, status=400)["code"] == "input"
    closed = page.call("/cases/close", {"case": made["case"]})
    assert (closed["state"], closed["graph_later"]) == ("closed", False)
    assert page.call("/cases/close", {"case": made["case"]}, status=403)["code"] == "case-closed"


def test_error_rates_of_few_decisions_are_none(page: Page) -> None:
    told = page.call("/error-rates", method="GET")
    assert told == {"scripts": [], "reasons": {}, "left_out": 0, "least": 10}


CALLS: dict[str, tuple[str, Any]] = {
    "/lists": ("GET", None),
    "/runs": ("POST", {}),
    "/nights": ("POST", {}),
    "/quarantine": ("POST", {"run": "x@1"}),
    "/log": ("POST", {}),
    "/unusual": ("POST", {}),
    "/error-rates": ("GET", None),
}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("investigator", {"/lists", "/runs", "/nights", "/quarantine"}),
        ("reviewer", {"/lists", "/runs", "/nights", "/error-rates"}),
        ("supervisor", set(CALLS)),
        ("administrator", {"/lists", "/runs", "/nights", "/quarantine"}),
        ("auditor", {"/log", "/unusual"}),
    ],
)
def test_each_role_watches_what_it_may(house: House, command: Run, role: str, allowed: set[str]) -> None:
    house.night()
    for name, given in ((user_of_machine(), "administrator"), ("watcher", role)):
        done = command("users", "grant", name, given, "--workspace", house.workspace, "--reason", "check:T-1")
        assert done.code == 0, done.err
    with opened(house, "watcher") as page:
        for path, (method, body) in CALLS.items():
            answer = page.raw(path, body, method=method)
            assert (answer.status_code == 200) == (path in allowed), (path, answer.text)
            assert path in allowed or answer.json()["code"] == "role"


def test_without_a_reason_nothing_is_watched(page: Page) -> None:
    page.under()
    for path, (method, body) in CALLS.items():
        refused = page.call(path, body, method=method, status=403)
        assert refused["code"] == "no-reason", path
