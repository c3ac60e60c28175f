"""A server that goes away, and many writers at once: nothing is lost, nothing is doubled."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from netpursuit.errors import StorageError
from netpursuit.records.graph import Contribution
from netpursuit.stores.graph_neo4j import Neo4jGraph
from tests.graph.conftest import open_server
from tests.graph.seeded import seeded
from tests.graph.test_stores_agree import expected, whole
from tools.neo4j_server import Server

pytestmark = pytest.mark.xdist_group("neo4j")


def test_a_server_that_is_not_there_is_told_by_its_address() -> None:
    with pytest.raises(StorageError, match=r"bolt://127\.0\.0\.1:1"):
        Neo4jGraph("bolt://127.0.0.1:1", "neo4j", "x")


def test_a_wrong_password_is_told_without_it(neo4j: Neo4jGraph, neo4j_server: Server) -> None:
    with pytest.raises(StorageError) as told:
        Neo4jGraph(neo4j_server.uri, "neo4j", "not-the-password")
    assert "not-the-password" not in str(told.value)


def test_sixteen_writers_of_the_same_owners_lose_and_double_nothing(neo4j: Neo4jGraph, neo4j_server: Server) -> None:
    parts = seeded(11, owners=40)
    stores = [open_server(neo4j_server) for _ in range(16)]

    def write(number: int) -> None:
        # Each writer has them in another order, so that without order among locks they would block each other.
        mine = parts[number:] + parts[:number]
        for begin in range(0, len(mine), 10):
            stores[number].put(mine[begin : begin + 10])

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))
    for store in stores:
        store.close()
    assert whole(neo4j) == expected(parts)
    single = neo4j._run(
        "MATCH (o:Owner)-[b:BROUGHT]->(n) WITH o, n, count(b) AS n2 WHERE n2 > 1 RETURN count(*) AS twice"
    )
    assert single[0]["twice"] == 0
    neo4j.check()  # what is kept with a node for walks is what all writers have said of it


@pytest.mark.slow
def test_a_server_killed_while_it_writes_has_each_contribution_whole_or_not_at_all(
    neo4j: Neo4jGraph, neo4j_server: Server
) -> None:
    parts = seeded(12, owners=300)
    for wait in (0.05, 0.3):
        neo4j.clear()

        def write() -> None:
            with suppress(StorageError):
                for begin in range(0, len(parts), 20):
                    neo4j.put(parts[begin : begin + 20], {"drained": str(begin + 20)})

        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(wait)
        neo4j_server.stop(kill=True)
        writer.join(120)
        assert not writer.is_alive()
        neo4j_server.start()
        _await(neo4j)
        done = int(neo4j.marks().get("drained", "0"))
        there = whole(neo4j)
        assert there == expected(parts[: len(there)])
        assert len(there) >= done
        neo4j.put(parts)
        assert whole(neo4j) == expected(parts)
        changed = replace(parts[0], links=None)
        neo4j.put([changed])
        neo4j.put([Contribution(owner=parts[0].owner, links=parts[0].links)])
        assert whole(neo4j) == expected(parts)


def _await(store: Neo4jGraph) -> None:
    for _ in range(100):
        try:
            store.marks()
        except StorageError:
            time.sleep(0.3)
        else:
            return
    raise AssertionError("the server does not answer again")
