"""The link graph of a workspace, graphs from elsewhere, and what belongs to cases."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.errors import DamagedError, InputError
from netpursuit.gate.workbench import Workbench
from netpursuit.wiring.folders import places

if TYPE_CHECKING:
    from netpursuit.custody.graph import Drained, Tell
    from netpursuit.enquiry.graph import GraphAnswer, GraphRequest
    from netpursuit.ports.attached import AttachedTable
    from netpursuit.ports.case_server import CaseServer
    from netpursuit.ports.graph_store import GraphStore
    from netpursuit.ports.imported_graphs import GraphTables, ImportedPlaces
    from netpursuit.ports.units import UnitIndexes

_CREDENTIALS = ("USER", "PASSWORD", "DATABASE")


@contextmanager
def open_graph(
    desk: Workbench, workspace: Path | None = None, *, drained: bool = True, tell: Tell | None = None
) -> Iterator[GraphStore]:
    """The link graph of a workspace, brought up to the truth unless ``drained`` is false; closed at the end.

    What belongs to cases that are over is removed from the truth before.

    It stands in the workspace, or in the Neo4j server that the environment names: ``NETPURSUIT_NEO4J_URI`` with
    ``_USER``, ``_PASSWORD`` and ``_DATABASE``, which then holds the graph of this workspace alone.
    """
    from netpursuit.custody.graph import drain, tell_nobody

    end_cases(desk, workspace)
    store = graph_store(places(workspace)[0])
    try:
        if drained:
            drain(desk.truth, store, tell or tell_nobody)
        if store.name != "embedded":
            drop_local_graph(places(workspace)[0])
        yield store
    finally:
        store.close()


@contextmanager
def asked_graph(
    desk: Workbench, workspace: Path | None, graph: str, tell: Tell | None = None
) -> Iterator[Callable[[GraphRequest], GraphAnswer]]:
    """The use case of one question on the graph that is meant, the program's own or an imported one by its name; it
    stays open for all that are asked in the block."""
    from netpursuit.enquiry.graph import ask_graph
    from netpursuit.enquiry.imported import ask_imported

    if graph:
        end_cases(desk, workspace)
        yield partial(ask_imported, desk, imported_places(workspace), graph)
        return
    with open_graph(desk, workspace, tell=tell) as store:
        yield partial(ask_graph, desk, store)


def rebuild_graph(desk: Workbench, workspace: Path | None, tell: Tell) -> tuple[Drained, dict[str, int]]:
    """Build the link graph anew; answers what was brought in, and the counts of nodes and edges.

    A damaged file in the workspace is replaced by one that was built beside it."""
    from netpursuit.custody.graph import rebuild

    try:
        with open_graph(desk, workspace, drained=False) as store:
            if store.name == "embedded":
                store.check()
            return rebuild(desk.truth, store, tell), store.counts()
    except DamagedError:
        from netpursuit.stores.graph_afresh import built_beside

        with built_beside(places(workspace)[0] / "graph.sqlite") as beside:
            return rebuild(desk.truth, beside, tell), beside.counts()


@contextmanager
def open_case_server(uri: str, database: str, credentials: Callable[[], tuple[str, str]]) -> Iterator[CaseServer]:
    """A separate Neo4j server that a case is loaded into; never the one of ``NETPURSUIT_NEO4J_URI``."""
    from netpursuit.stores.neo4j_load import Neo4jCase, ServerAddress

    own_uri = os.environ.get("NETPURSUIT_NEO4J_URI", "")
    own = ServerAddress(uri=own_uri, database=os.environ.get("NETPURSUIT_NEO4J_DATABASE", "")) if own_uri else None
    server = Neo4jCase(ServerAddress(uri=uri, database=database), credentials, own)
    try:
        yield server
    finally:
        server.close()


def end_cases(desk: Workbench, workspace: Path | None = None) -> int:
    """Remove what belongs to cases that are over, the link graph apart; answers how many parts that were."""
    from netpursuit.custody import case_ends

    return case_ends.end_cases(desk.gate, imported_places(workspace))


def imported_places(workspace: Path | None = None) -> ImportedPlaces:
    """Where a workspace keeps graphs from elsewhere: always in its own folder, also where a server holds its graph."""
    from netpursuit.stores.graph_imported import ImportedFolder

    return ImportedFolder(places(workspace)[0] / "graphs")


def unit_indexes(workspace: Path | None = None) -> UnitIndexes:
    """Where a workspace keeps its indexes of registers by unit."""
    from netpursuit.stores.unit_index import UnitIndexFolder

    return UnitIndexFolder(places(workspace)[0] / "units")


def open_tables(paths: Sequence[Path]) -> GraphTables:
    """Node and edge tables, opened: files or folders."""
    from netpursuit.sources.graph_tables import open_graph_tables

    return open_graph_tables(paths)


def open_attached(file: Path, mapping: Path) -> AttachedTable:
    """A case's own table, opened by its mapping."""
    from netpursuit.sources import attached

    return attached.open_attached(file, attached.read_mapping(mapping))


def drop_local_graph(workspace: Path) -> None:
    """A graph that stood in the workspace before it went into a server would outlive the cases it holds parts of."""
    from netpursuit.stores.files import database_files

    for part in database_files(workspace / "graph.sqlite"):
        part.unlink(missing_ok=True)


def graph_store(folder: Path) -> GraphStore:
    uri = os.environ.get("NETPURSUIT_NEO4J_URI", "")
    if not uri:
        from netpursuit.stores.graph_sqlite import SqliteGraph

        return SqliteGraph(folder / "graph.sqlite")
    from netpursuit.stores.graph_neo4j import Neo4jGraph

    user, password, database = (os.environ.get(f"NETPURSUIT_NEO4J_{name}", "") for name in _CREDENTIALS)
    if not password:
        raise InputError("no password", where="NETPURSUIT_NEO4J_PASSWORD", expected="that of the server's user")
    return Neo4jGraph(uri, user or "neo4j", password, database or None)
