"""Drill 9 with a real Neo4j, killed before and in the middle of nights: told, nothing lost, the next night has all."""

from __future__ import annotations

import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from netpursuit.errors import StorageError
from netpursuit.stores.graph_neo4j import Neo4jGraph
from tests.cli.conftest import AS_OF, Run, environment, start
from tests.cli.test_night_command import House
from tests.faults.bolt_relay import COMMITTED, MOMENTS, Relay
from tests.faults.conftest import register_rows
from tests.graph.conftest import neo4j
from tests.graph.test_stores_agree import whole
from tools.neo4j_server import Server

__all__ = ["neo4j"]

pytestmark = [pytest.mark.xdist_group("neo4j"), pytest.mark.slow]

DOWN = "down at the start"
# On a machine that does much else; the driver itself tries for half a minute before it gives up.
SERVER_BACK_SECONDS, NIGHT_SECONDS = 300, 600
ROWS, NEW = 400, 3  # of every hundredth row's person; one of the four is on no list here


def night_of_its_own(house: House, uri: str, password: str) -> Any:
    """A night as a process; ends with the code for something that went wrong."""
    child = start(
        *("night", house.folder / "night.toml", "--as-of", AS_OF, "--json"),
        env=environment(NETPURSUIT_NEO4J_URI=uri, NETPURSUIT_NEO4J_PASSWORD=password),
    )
    try:
        out, err = child.communicate(timeout=NIGHT_SECONDS)
    finally:
        child.kill()
    assert child.returncode == 3, err.decode()
    return json.loads(out)


def start_again(server: Server, store: Neo4jGraph) -> None:
    """However long it takes to go through its log again on a machine that does much else."""
    with suppress(RuntimeError):  # it has not opened its port within the time that is usual
        server.start()
    until = time.monotonic() + SERVER_BACK_SECONDS
    while True:
        try:
            store.marks()
        except StorageError:
            assert server.processes[-1].poll() is None, "the server has ended"
            assert time.monotonic() < until, "the server does not come back"
            time.sleep(0.5)
        else:
            return


def test_a_server_killed_in_a_night_is_told_and_the_next_night_has_all(
    command: Run, tmp_path: Path, neo4j: Neo4jGraph, neo4j_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETPURSUIT_NEO4J_URI", neo4j_server.uri)
    monkeypatch.setenv("NETPURSUIT_NEO4J_PASSWORD", neo4j_server.password)
    house = House(tmp_path / "house", command)
    house.night()
    for number, moment in enumerate((DOWN, *MOMENTS)):
        house.register(f"rental/more{number}.csv", *register_rows(f"S{number}", ROWS))
        before, marks, leads_before = whole(neo4j), neo4j.marks(), house.leads()
        relay = Relay(neo4j_server, "" if moment == DOWN else moment)
        if moment == DOWN:
            neo4j_server.stop(kill=True)
        night = night_of_its_own(house, relay.uri, neo4j_server.password)
        relay.close()
        assert relay.met.is_set() == (moment != DOWN), moment
        assert neo4j_server.processes[-1].poll() is not None, "it is down when the night is over"

        assert [item["kind"] for item in night["problems"]] == ["graph"], moment
        assert relay.uri in night["problems"][0]["why"]
        assert (night["health"]["graph_up"], night["health"]["graph_pending"]) == (False, NEW), moment
        leads = house.leads()
        assert len(leads) == len(leads_before) + NEW, "the leads are there"
        assert {name: leads[name] for name in leads_before} == leads_before

        start_again(neo4j_server, neo4j)
        kept = whole(neo4j)
        assert (neo4j.marks() != marks) == (moment == COMMITTED), moment
        assert len(kept) == len(before) + (NEW if moment == COMMITTED else 0), f"{moment}: all of it, or nothing"
        assert {owner: kept[owner] for owner in before} == before

        mended = house.night()
        assert (mended["problems"], mended["health"]["graph_pending"]) == ([], 0), moment
        assert house.leads() == leads
        assert len(whole(neo4j)) == len(before) + NEW
        assert command("graph", "verify", "--workspace", house.workspace).code == 0, moment
    drained = whole(neo4j)
    assert command("graph", "rebuild", "--workspace", house.workspace).code == 0
    assert whole(neo4j) == drained, "as one that is built anew"
