"""A saved sequence answers on a Neo4j server as it does in the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from netpursuit.ports.graph_store import GraphStore
from tests.cli.conftest import AS_OF, Run
from tests.graph.test_load_of_a_case import REASON, led
from tools.neo4j_server import Server

pytestmark = pytest.mark.xdist_group("neo4j")
__all__ = ["led"]

SEQUENCES = Path(__file__).parents[2] / "docs" / "sequences"


def test_saved_sequences_answer_alike_on_both_stores(
    command: Run, led: Path, neo4j: GraphStore, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shown = command("leads", "list", "--workspace", led, *REASON, "--json").json
    lead = next(f"Lead:{item['lead']}" for item in shown["leads"] if item["registration_id"] == "R1")
    own = tmp_path / "own.toml"
    own.write_text(
        'name = "all kinds"\n[[step]]\nname = "near"\nanalysis = "expand"\nhops = 3\nnodes = "start"\n'
        '[[step]]\nanalysis = "hubs"\n[[step]]\nanalysis = "brokers"\nnodes = "start"\n'
        '[[step]]\nanalysis = "between"\nnodes = { step = "near", kind = "Subject" }\n'
        '[[step]]\nanalysis = "common"\nnodes = { step = "near", kind = "Subject" }\n'
        '[[step]]\nanalysis = "succession"\nnodes = { step = "near", kind = "RentalUnit" }\n',
        encoding="utf-8",
    )

    def answers() -> list[Any]:
        found = []
        for file in (*sorted(SEQUENCES.glob("*.toml")), own):
            stated = ("--workspace", led, "--case", "K-1", "--as-of", AS_OF, "--with-open-leads", "--json")
            done = command("graph", "run", file, lead, *stated)
            assert done.code == 0, done.err
            steps = done.json["steps"]
            for step in steps:
                step.pop("consultation", None)
            found.append(steps)
        return found

    embedded = answers()
    assert sum(len(step.get("rows", ())) for steps in embedded for step in steps) > 10
    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", neo4j_server.password)
    assert neo4j.counts() == {}
    assert answers() == embedded
    assert neo4j.counts() != {}, "it was the server that answered"
