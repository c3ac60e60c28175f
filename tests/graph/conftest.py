"""Both stores of the link graph: the embedded one and a real Neo4j, whose absence is said loudly."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from netpursuit.ports.graph_store import GraphStore
from netpursuit.stores.graph_neo4j import Neo4jGraph
from netpursuit.stores.graph_sqlite import SqliteGraph
from tests.cli.conftest import command, feed, wanted, workspace
from tools.neo4j_server import Server

__all__ = ["command", "feed", "wanted", "workspace"]


def open_server(server: Server) -> Neo4jGraph:
    return Neo4jGraph(server.uri, "neo4j", server.password)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[GraphStore]:
    store = SqliteGraph(tmp_path / "graph.sqlite")
    yield store
    store.close()


def _emptied(request: pytest.FixtureRequest, name: str) -> Iterator[GraphStore]:
    uri = os.environ.get("NETPURSUIT_TEST_NEO4J_URI")
    store = (
        Neo4jGraph(
            uri, os.environ.get("NETPURSUIT_TEST_NEO4J_USER", "neo4j"), os.environ["NETPURSUIT_TEST_NEO4J_PASSWORD"]
        )
        if uri
        else open_server(request.getfixturevalue(name))
    )
    store.clear()
    yield store
    store.close()


@pytest.fixture
def neo4j(request: pytest.FixtureRequest) -> Iterator[GraphStore]:
    yield from _emptied(request, "neo4j_server")


@pytest.fixture
def current_neo4j(request: pytest.FixtureRequest) -> Iterator[GraphStore]:
    yield from _emptied(request, "current_server")


@pytest.fixture(params=["embedded", "neo4j"])
def store(request: pytest.FixtureRequest) -> GraphStore:
    found: GraphStore = request.getfixturevalue(request.param)
    return found
