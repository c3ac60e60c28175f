"""Named views of a case: kept by keys, opened from the store, told what changed, gone with the case or the person."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Run
from tests.cli.test_graph_command import REASON, leads
from tests.cli.test_graph_draw_in_command import traces
from tests.web.graph_room import Page, key_of, led, led_once, opened_page, page

__all__ = ["led", "led_once", "page"]

UNIT = "RentalUnit:幻县虚构路12号501室"
ORDER = ("--order", "T-2026-1")


def canvas(page: Page, **more: Any) -> dict[str, Any]:
    """What hangs on the flat, as the page keeps it."""
    seen = page.call("/graph/ask", {"analysis": "neighbours", "nodes": [key_of(page, UNIT)], "with_open_leads": True})
    return {
        "positions": {node["key"]: [number * 1.5, -number] for number, node in enumerate(seen["nodes"])},
        "edges": [[edge["kind"], edge["start"], edge["end"]] for edge in seen["edges"]],
        "assessments": True,
        **more,
    }


def keep(page: Page, state: dict[str, Any], view: str = "new", revision: int = 0, status: int = 200) -> Any:
    body = {"revision": revision, "name": "flat", "state": state}
    return page.call(f"/graph/views/{view}", body, method="PUT", status=status)


def test_a_view_is_kept_and_opened_with_what_is_there_now(page: Page) -> None:
    state = canvas(page)
    person = key_of(page, "Subject:章玉琴")
    state |= {
        "hidden": [person],
        "notes": {person: {"label": "Z", "note": "call back", "mark": "star"}},
        "filters": {"kinds": ["Phone"], "links": [], "text": ""},
        "period": {"from": "2026-04-01", "to": ""},
        "styling": "date",
    }
    kept = keep(page, state)["view"]
    assert (kept["revision"], kept["nodes"], kept["name"]) == (1, len(state["positions"]), "flat")
    opened = page.call(f"/graph/views/{kept['id']}")
    for part in ("positions", "hidden", "notes", "filters", "period", "styling", "edges", "assessments"):
        assert opened["view"]["state"][part] == state[part], part
    assert {node["key"] for node in opened["nodes"]} == set(state["positions"])
    assert len(opened["edges"]) == len(state["edges"])
    assert opened["gone"] == []
    assert all(item["provenance"] for item in (*opened["nodes"], *opened["edges"]))
    (listed,) = page.call("/graph/views")["views"]
    assert listed["id"] == kept["id"]
    assert listed["seen_at"]


def test_nobody_keeps_over_what_somebody_else_has_kept(page: Page) -> None:
    state = canvas(page)
    view = keep(page, state)["view"]["id"]
    assert keep(page, state | {"text": "two"}, view, 1)["view"]["revision"] == 2
    assert keep(page, state | {"text": "lost"}, view, 1, status=409)["code"] == "changed"
    assert page.call(f"/graph/views/{view}", {"revision": 1}, method="DELETE", status=409)["code"] == "changed"
    assert page.call(f"/graph/views/{view}")["view"]["state"]["text"] == "two"
    assert page.call(f"/graph/views/{view}", {"revision": 2}, method="DELETE") == {}
    assert page.call("/graph/views")["views"] == []
    assert page.call(f"/graph/views/{view}", status=404)["code"] == "unknown"


def test_a_view_is_for_the_members_of_its_case(page: Page) -> None:
    view = keep(page, canvas(page))["view"]["id"]
    page.under(case="K-2")
    assert page.call("/graph/views")["views"] == []
    for path, body, method in (
        (f"/graph/views/{view}", {}, "POST"),
        (f"/graph/views/{view}", {"revision": 1}, "DELETE"),
        (f"/graph/views/{view}", {"revision": 1, "name": "x", "state": {"positions": {}}}, "PUT"),
        ("/graph/changes", {"view": view}, "POST"),
    ):
        assert page.call(path, body, method=method, status=404)["code"] == "unknown"
    page.under(reason="check:T-1")
    refused = page.call("/graph/views", status=403)
    assert refused["code"] == "view-case"
    assert "Choose a case" in refused["detail"]


def test_what_the_case_does_not_see_is_not_kept(page: Page) -> None:
    state = canvas(page)
    state["positions"]["phone:n2:+8613999999999"] = [0, 0]
    view = keep(page, state)["view"]
    assert view["nodes"] == len(state["positions"]) - 1
    assert "13999999999" not in json.dumps(page.call(f"/graph/views/{view['id']}"))


@pytest.mark.parametrize(
    "change",
    [
        {"positions": {"a": ["x", 1]}},
        {"positions": {"a": [1, 2, 3]}},
        {"hidden": ["nobody"]},
        {"notes": {"nobody": {}}},
        {"edges": [["stayed-at", "nobody", "nobody"]]},
        {"styling": "score"},
        {"period": {"from": "2026-02-31", "to": ""}},
        {"notes": {"x": {"note": "n" * 5000}}},
        {"photograph": "x"},
        {"positions": {f"k{number}": [0, 0] for number in range(5001)}},
    ],
)
def test_another_shape_is_refused(page: Page, change: dict[str, Any]) -> None:
    assert keep(page, {"positions": {}} | change, status=400)["code"] == "input"


def test_what_changed_since_the_last_look_is_told(page: Page, command: Run, led: Path) -> None:
    view = keep(page, canvas(page))["view"]["id"]
    same = page.call("/graph/changes", {"view": view})
    assert same["since"]
    assert [same[part]["nodes"] or same[part]["edges"] for part in ("new", "changed", "gone")] == [[], [], []]
    lead = leads(command, led)["R1"]
    assert command("graph", "draw-in", f"Lead:{lead}", "--case", "K-1", "--workspace", led).code == 0
    told = page.call("/graph/changes", {"view": view})
    assert {node["label"] for node in told["new"]["nodes"]} >= {"周室友", "吴同住", "李先前"}
    assert {edge["kind"] for edge in told["new"]["edges"]} >= {"stayed-at"}
    assert page.call("/graph/changes", {"view": view, "seen": True})["new"] == told["new"], "a look tells as well"
    assert page.call("/graph/changes", {"view": view})["new"] == {"nodes": [], "edges": []}
    cleared = command(
        *("leads", "clear", leads(command, led)["R2"], "--why", "elsewhere", "--name", "Li Hua"),
        *("--workspace", led, *REASON),
    )
    assert cleared.code == 0, cleared.err
    gone = page.call("/graph/changes", {"view": view})["gone"]
    assert gone["nodes"] == [key for key in gone["nodes"] if "R2" in key] != []
    assert gone["edges"]
    assert page.call(f"/graph/views/{view}")["gone"] == gone["nodes"]


def test_each_act_is_on_record_and_no_name_is(page: Page, command: Run, led: Path) -> None:
    view = keep(page, canvas(page))["view"]["id"]
    page.call(f"/graph/views/{view}")
    page.call("/graph/changes", {"view": view, "seen": True})
    page.call(f"/graph/views/{view}", {"revision": 1}, method="DELETE")
    shown = command("audit", "show", "--workspace", led, *REASON, "--verb", "graph-view", "--json").json
    assert {item["about"]["act"] for item in shown} == {"save", "open", "changes", "drop"}
    assert "flat" not in str(shown)


@pytest.mark.parametrize("end", ["closed", "expired"])
def test_a_view_ends_with_its_case_and_leaves_no_byte(
    page: Page, command: Run, led: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    canary = "Canary7391"
    key = key_of(page, UNIT)
    keep(page, canvas(page, notes={key: {"note": canary}}, text=canary))
    assert traces(led, (canary,))
    if end == "closed":
        assert command("case", "close", "K-1", "--workspace", led).code == 0
    else:
        later = datetime.now(UTC) + timedelta(days=60)
        monkeypatch.setattr("netpursuit.stores.workspace.utc_now", lambda: later)
        page.under(reason="check:T-1")
        page.call("/graph/find", {"text": "欧阳志远"})  # the next look at the graph
    assert traces(led, (canary,)) == []
    with sqlite3.connect(led / "truth.sqlite") as raw:
        assert raw.execute("SELECT count(*) FROM graph_view").fetchone() == (0,)
        assert raw.execute("SELECT count(*) FROM graph_view_look").fetchone() == (0,)
    raw.close()


def test_an_erased_person_goes_out_of_views_and_does_not_come_back(page: Page, command: Run, led: Path) -> None:
    state = canvas(page)
    subject = key_of(page, "Subject:章玉琴")
    unit = key_of(page, UNIT)
    state |= {
        "pinned": [subject],
        "notes": {subject: {"note": "Canary7391"}, unit: {"note": "asked 章 玉琴 twice"}},
        "text": "seen on Monday",
    }
    view = keep(page, state)["view"]["id"]
    lead = leads(command, led)["R2"]
    erased = command("subject", "erase", lead, *ORDER, "--workspace", led, *REASON, "--json")
    assert erased.code == 0, erased.err
    assert erased.json["views"] == 1
    assert traces(led, ("Canary7391", "asked 章")) == []
    opened = page.call(f"/graph/views/{view}")
    kept = opened["view"]["state"]
    assert subject not in json.dumps(kept)
    assert kept["text"] == "seen on Monday"
    assert kept["notes"][unit]["note"] == ""
    assert opened["gone"] == []
    assert keep(page, state, view, 1, status=409)["code"] == "changed", "what is still before somebody is not kept"
    again = keep(page, state, view, 2)["view"]
    assert subject not in json.dumps(page.call(f"/graph/views/{again['id']}"))


def test_a_restored_backup_does_not_bring_an_erased_person_back_into_a_view(
    led: Path, command: Run, tmp_path: Path
) -> None:
    with opened_page(led) as page:
        page.under(case="K-1")
        state = canvas(page)
        subject = key_of(page, "Subject:章玉琴")
        state["notes"] = {subject: {"note": "Canary7391"}}
        view = keep(page, state)["view"]["id"]
    lead = leads(command, led)["R2"]
    backup = tmp_path / "night.npb"
    made = command("backup", "create", backup, "--workspace", led, *REASON)
    assert made.code == 0, made.err
    assert command("subject", "erase", lead, *ORDER, "--workspace", led, *REASON).code == 0
    shutil.move(led, tmp_path / "away")
    keys = led.with_name("ws-keys")
    restored = command("backup", "restore", backup, "--to", led, "--keys", keys, *REASON)
    assert restored.code == 0, restored.err
    with opened_page(led) as page:
        page.under(case="K-1")
        assert subject not in json.dumps(page.call(f"/graph/views/{view}"))
    assert traces(led, ("Canary7391",)) == []


def test_a_view_stays_one_of_its_graph(page: Page, command: Run, led: Path, tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("id,name\n1,Ann\n2,Bob\n", encoding="utf-8")
    imported = ("graph", "import", tmp_path / "people.csv", "--graph", "net", "--case", "K-1", "--workspace", led)
    assert command(*imported).code == 0
    (ann,) = page.call("/graph/find", {"text": "Ann", "graph": "net"})["nodes"]
    state = {"positions": {ann["key"]: [0, 0]}}
    body = {"revision": 0, "name": "net", "state": state, "graph": "net"}
    kept = page.call("/graph/views/new", body, method="PUT")["view"]
    assert (kept["graph"], kept["nodes"]) == ("net", 1)
    opened = page.call(f"/graph/views/{kept['id']}")
    assert [node["label"] for node in opened["nodes"]] == ["Ann"]
    for told in (opened, page.call("/graph/changes", {"view": kept["id"]})):
        assert any("net" in line for line in told["banners"])
    other = body | {"revision": 1, "graph": ""}
    assert page.call(f"/graph/views/{kept['id']}", other, method="PUT", status=400)["code"] == "input"
    assert page.call(f"/graph/views/{kept['id']}")["view"]["graph"] == "net"


def test_who_tries_views_is_stopped_and_is_seen_in_the_log(page: Page, command: Run, led: Path) -> None:
    codes = [page.raw(f"/graph/views/V-{number:016x}").status_code for number in range(25)]
    assert set(codes) == {404, 429}
    assert codes == sorted(codes)
    found = command("audit", "unusual", "--workspace", led, "--reason", "audit:A-1", "--json").json["signs"]
    assert "unknown-ids" in {sign["rule"] for sign in found}
