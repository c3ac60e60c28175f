"""The whole program with its graph in a Neo4j server: the demonstration answers as it does without one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from netpursuit.cli import run
from netpursuit.ports.graph_store import GraphStore
from tools.neo4j_server import Server

pytestmark = pytest.mark.xdist_group("neo4j")


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
    assert run(["graph", "verify", "--workspace", str(tmp_path / "served")]) == 0
    neo4j_server.stop()
    assert run(["graph", "status", "--workspace", str(tmp_path / "served")]) == 1
    assert neo4j_server.uri in capsys.readouterr().err
    neo4j_server.start()
    assert run(["graph", "verify", "--workspace", str(tmp_path / "served")]) == 0
