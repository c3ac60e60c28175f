"""``retain`` and ``policy retention`` from the command line, and the night that purges (A14)."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Answer, Run

CANARY = "13800138000"  # a telephone that only the lead of R1 holds


@pytest.fixture
def led(command: Run, workspace: Path, register: Path, feed: Path) -> Path:
    """A workspace with two leads and a drained link graph."""
    call(command, workspace, "screen", register, "--feed", feed, "--as-of", AS_OF)
    call(command, workspace, "graph", "status")
    return workspace


def call(command: Run, folder: Path, *more: object, code: int = 0) -> Answer:
    answer = command(*more, "--workspace", folder, "--lang", "en")
    assert answer.code == code, answer.err or answer.out
    return answer


def later(monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    """The machine's clock so many days ahead, and the shift's reason stated by the environment's user again."""
    ahead = datetime.now(UTC) + timedelta(days=days)
    monkeypatch.setattr("netpursuit.stores.workspace.utc_now", lambda: ahead)
    monkeypatch.setattr("netpursuit.wiring.desks.local_clock", lambda: ahead.astimezone())


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_what_is_due_is_counted_purged_and_forgotten_by_the_graph(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reason = ("--reason", "check:T-1")
    assert "Nothing is due" in call(command, led, "retain").out
    later(monkeypatch, 200)
    foreseen = call(command, led, "retain", "--dry-run", "--json", *reason).json
    assert foreseen["dry_run"]
    assert foreseen["purged"]["lead-open"] == 2
    assert CANARY.encode() in bytes_of(led)
    done = call(command, led, "retain", "--json", *reason).json
    assert done["purged"] == foreseen["purged"]
    assert len(done["leads"]) == 2
    assert (done["graph"], done["wal_left"]) == ("forgotten", False)
    assert CANARY.encode() not in bytes_of(led)
    with sqlite3.connect(led / "graph.sqlite") as graph:
        assert graph.execute("SELECT count(*) FROM owner WHERE name LIKE 'lead:%'").fetchone() == (0,)
    assert "Nothing is due" in call(command, led, "retain", *reason).out
    assert "intact" in call(command, led, "audit", "verify").out
    said = command("retain", "--workspace", led, "--lang", "zh", *reason)
    assert "没有到期的内容" in said.out


def test_periods_are_shown_and_chosen_within_the_policys_range(
    command: Run, led: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = call(command, led, "policy", "retention", "--json").json
    assert (shape["lead-open"]["days"], shape["lead-open"]["most"]) == (180, 365)
    assert all(item["why"] for item in shape.values())
    assert "open leads" in call(command, led, "policy", "retention").out
    assert "7 to 365 days" in call(command, led, "policy", "retention", "lead-open", "400", code=2).err
    assert "one of" in call(command, led, "policy", "retention", "everything", "40", code=2).err
    assert "DAYS" in call(command, led, "policy", "retention", "lead-open", code=2).err
    assert "whole number" in call(command, led, "policy", "retention", "lead-open", "soon", code=2).err
    shape = call(command, led, "policy", "retention", "lead-open", "20", "--json").json
    assert (shape["lead-open"]["days"], shape["lead-open"]["policy"]) == (20, 180)
    later(monkeypatch, 21)
    done = call(command, led, "retain", "--json", "--reason", "check:T-1").json
    assert done["purged"]["lead-open"] == 2
    shape = call(command, led, "policy", "retention", "lead-open", "policy", "--json", "--reason", "check:T-1").json
    assert shape["lead-open"]["days"] == 180


def test_a_night_purges_where_it_is_asked_to(
    command: Run, led: Path, tmp_path: Path, wanted: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    listed, mapping = wanted
    config = tmp_path / "night.toml"
    lines = ['reason = "check:nightly"', "[[list]]", 'id = "wanted"', f'files = ["{listed}"]', f'mapping = "{mapping}"']
    config.write_text("\n".join([*lines, "[health]", "min_free_mb = 0", ""]), encoding="utf-8")
    later(monkeypatch, 200)
    assert command("night", config, "--workspace", led, "--json").json["retained"] is None
    assert CANARY.encode() in bytes_of(led)
    config.write_text(config.read_text(encoding="utf-8") + "[retain]\nenabled = true\n", encoding="utf-8")
    with monkeypatch.context() as stopped:  # behind the purge, before the report
        stopped.setattr("netpursuit.night.run.drain_graph", interrupt)
        told = command("night", config, "--workspace", led, "--log", "json").err
    (event,) = [json.loads(line) for line in told.splitlines() if '"event":"retained"' in line]
    assert CANARY.encode() not in bytes_of(led), "the purge is done"
    shown = command("night", config, "--workspace", led, "--json").json
    assert shown["resumed"]
    assert shown["retained"] == {key: count for key, count in event.items() if isinstance(count, int)}
    assert shown["retained"]["lead-withdrawn"] == 2
    assert "Purged after their period: nothing was due." in command("night", config, "--workspace", led).out
    assert CANARY.encode() not in bytes_of(led)
    items = command("audit", "show", "--workspace", led, "--reason", "audit:A-1", "--json").json
    assert [item["verb"] for item in items if item["verb"] == "retain"] == ["retain"] * 3, "one for each night"
    config.write_text(config.read_text(encoding="utf-8").replace("= true", '= "yes"'), encoding="utf-8")
    assert "true or false" in command("night", config, "--workspace", led, "--lang", "en").err
