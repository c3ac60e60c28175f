"""A night with the link graph in a real Neo4j that is killed while the night writes into it."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

import pytest

from netpursuit.stores.graph_neo4j import Neo4jGraph
from tests.cli.conftest import AS_OF, PEOPLE, Run, environment, start
from tests.cli.test_night_command import NEWCOMERS, House
from tests.faults.conftest import register_rows
from tests.graph.conftest import neo4j, neo4j_server
from tools.neo4j_server import Server

__all__ = ["neo4j", "neo4j_server"]

pytestmark = [pytest.mark.xdist_group("neo4j"), pytest.mark.slow]


@pytest.fixture
def served(neo4j: Neo4jGraph, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", neo4j_server.password)
    return neo4j_server


def await_graph(command: Run, house: House) -> None:
    until = time.monotonic() + 300
    while command("graph", "status", "--workspace", house.workspace, "--reason", "check:T-1").code != 0:
        assert time.monotonic() < until, "the server does not come back"
        time.sleep(0.5)


@pytest.mark.parametrize("pause", [0.05])
def test_a_server_killed_in_a_night_is_told_and_the_next_night_has_all(
    command: Run, tmp_path: Path, served: Server, pause: float
) -> None:
    house = House(tmp_path / "house", command)
    house.register("rental/day1.csv", *register_rows("R", 1_000))
    house.night()
    assert command("graph", "verify", "--workspace", house.workspace).code == 0
    house.write_list("wanted.csv", *PEOPLE, *NEWCOMERS)
    house.register("rental/day2.csv", *register_rows("S", 2_000))
    child = start(
        *("night", house.folder / "night.toml", "--as-of", AS_OF, "--log", "json"),
        stdout=subprocess.DEVNULL,
        env=environment(NETPURSUIT_NEO4J_URI=served.uri, NETPURSUIT_NEO4J_PASSWORD=served.password),
    )
    assert child.stderr is not None
    files = 0
    for line in child.stderr:
        files += json.loads(line)["event"] == "file"
        if files == 3:  # the graph is what comes next
            break
    time.sleep(pause)
    served.stop(kill=True)
    child.communicate(timeout=300)
    assert child.returncode in (0, 3), "told, or already done"
    leads = house.leads()
    served.start()
    await_graph(command, house)
    mended = house.night()
    assert (mended["problems"], mended["health"]["graph_pending"]) == ([], 0)
    assert house.leads() == leads
    assert command("graph", "verify", "--workspace", house.workspace).code == 0
