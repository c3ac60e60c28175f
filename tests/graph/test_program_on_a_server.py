"""The whole program with its graph in a Neo4j server: the demonstration answers as it does without one."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from netpursuit.cli import run
from netpursuit.ports.graph_store import GraphStore
from tests.cli.conftest import AS_OF, HEADER, MAPPING, PEOPLE
from tests.cli.test_graph_draw_in_command import DRAWN, ROWS, register, write_feed
from tools.neo4j_server import Server

pytestmark = pytest.mark.xdist_group("neo4j")


@pytest.mark.slow
def test_the_demonstration_gives_the_same_graph_with_and_without_a_server(
    neo4j: GraphStore,
    neo4j_server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def demo(name: str) -> dict[str, object]:
        assert run(["demo", "--workspace", str(tmp_path / name), "--json"]) == 0
        shown: dict[str, object] = json.loads(capsys.readouterr().out)
        return shown

    embedded = demo("embedded")
    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", neo4j_server.uri)
    assert run(["graph", "status", "--workspace", str(tmp_path / "embedded")]) == 2, "no password is told"
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", neo4j_server.password)
    served = demo("served")
    assert served["graph"] == embedded["graph"] == neo4j.counts()
    assert served["co_residents"] == embedded["co_residents"]
    assert served["co_residents"]
    assert not (tmp_path / "served" / "graph.sqlite").exists()
    left = tmp_path / "served" / "graph.sqlite"
    left.write_bytes((tmp_path / "embedded" / "graph.sqlite").read_bytes())
    assert run(["graph", "verify", "--workspace", str(tmp_path / "served")]) == 0
    assert not left.exists(), "what stood in the workspace before would outlive its cases"
    neo4j_server.stop()
    assert run(["graph", "status", "--workspace", str(tmp_path / "served")]) == 1
    assert neo4j_server.uri in capsys.readouterr().err
    neo4j_server.start()
    assert run(["graph", "verify", "--workspace", str(tmp_path / "served")]) == 0


def test_who_is_drawn_in_under_a_case_is_in_the_server_until_the_case_ends(
    neo4j: GraphStore,
    neo4j_server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = ["--workspace", str(tmp_path / "served")]

    def call(*arguments: str, code: int = 0) -> dict[str, Any]:
        assert run([*arguments, *place, "--json"]) == code, capsys.readouterr().err
        shown = capsys.readouterr().out
        return cast("dict[str, Any]", json.loads(shown)) if shown else {}

    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", neo4j_server.password)
    listed, mapping = tmp_path / "wanted.csv", tmp_path / "mapping.toml"
    listed.write_text("\n".join([HEADER, *PEOPLE, ""]), encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    checked = ("--reason", "check:T-1", "--as-of", AS_OF)
    call("lists", "add", str(listed), "--list", "wanted", "--mapping", str(mapping), *checked)
    call("screen", str(register(tmp_path, *ROWS)), "--feed", str(write_feed(tmp_path)), "--as-of", AS_OF)
    until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
    stated = [text for name in ("title", "authority", "legal-basis", "purpose") for text in (f"--{name}", "x")]
    call("case", "open", "--id", "K-1", *stated, "--expires", until)
    lead = call("leads", "list", *checked)["leads"][0]["lead"]
    drawn = call("graph", "draw-in", f"Lead:{lead}", "--case", "K-1")
    before = neo4j.counts()
    assert neo4j.under("K-1").counts()["node.Contact"] == len(drawn["people"]) == 3
    assert "node.Contact" not in before
    seen = call("graph", "neighbours", drawn["unit"]["key"], "--case", "K-1", "--as-of", AS_OF)
    assert sorted(node["label"] for node in seen["nodes"] if node["kind"] == "Contact") == sorted(DRAWN)
    call("graph", "verify")
    call("case", "close", "K-1")
    assert neo4j.under("K-1").counts() == neo4j.counts() == before
    assert call("graph", "status")["of_cases"] == 0
    call("graph", "verify")


def test_attached_records_are_asked_and_detached_on_a_server_as_without_one(
    neo4j: GraphStore,
    neo4j_server: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    table, mapping = tmp_path / "calls.csv", tmp_path / "calls.toml"
    table.write_text(
        "A,B,T\n+8613800138000,+8613900139000,2026-03-01 10:00:00\n+8613800138000,+8613900139000,2026-03-02\n",
        encoding="utf-8",
    )
    mapping.write_text('kind = "calls"\n[columns]\ncaller = "A"\ncallee = "B"\nbegin = "T"\n', encoding="utf-8")

    def call(folder: str, *arguments: str) -> dict[str, object]:
        assert run([*arguments, "--workspace", str(tmp_path / folder), "--json"]) == 0
        shown: dict[str, object] = json.loads(capsys.readouterr().out)
        return shown

    def life(folder: str) -> list[object]:
        stated = ("--title", "t", "--authority", "a", "--legal-basis", "l", "--purpose", "p")
        call(folder, "case", "open", "--id", "K-1", *stated, "--expires", "2126-01-01")
        call(folder, "graph", "attach", str(table), "--mapping", str(mapping), "--case", "K-1")
        asked = call(folder, "graph", "calls", "Phone:+8613800138000", "--case", "K-1")
        call(folder, "graph", "detach", "calls", "--case", "K-1")
        return [asked[name] for name in ("rows", "nodes", "edges")]

    embedded = life("embedded")
    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", neo4j_server.password)
    assert life("served") == embedded
    assert embedded[0]
    assert neo4j.under("K-1").counts() == {}
