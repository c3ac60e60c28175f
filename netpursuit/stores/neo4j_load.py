"""One case's part of the link graph in a Neo4j server of its own, for Neo4j Browser or Bloom.

Labels and types come from the program's own kinds; every value is a parameter. Each node and link says that it was
loaded, under which case and until when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from socket import getaddrinfo
from typing import Any
from urllib.parse import urlsplit

from neo4j import Driver, GraphDatabase, ManagedTransaction, unit_of_work
from neo4j.exceptions import DriverError, Neo4jError

from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.ports.case_server import CaseLoad
from netpursuit.records.graph import GraphEdge, GraphNode, NodeKind
from netpursuit.stores.graph_neo4j_writes import TYPES

NOTICE = "NetpursuitNotice"
_SCHEMES = ("bolt", "neo4j", "bolt+s", "neo4j+s", "bolt+ssc", "neo4j+ssc")
_PORT = 7687
_DATABASE = "neo4j"  # of a server that has one alone, and where none is named
_SECONDS = 15.0
_OWN = ("Entity", "Owner", "Mark", "Version")  # labels of the program's own server


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerAddress:
    """A server and one of its databases (empty: the usual one)."""

    uri: str
    database: str = ""

    def is_same(self, other: ServerAddress) -> bool:
        """Whether both are one database, by whatever name of the host."""
        if (self.database or _DATABASE).casefold() != (other.database or _DATABASE).casefold():
            return False
        (host, port), (other_host, other_port) = _place(self.uri), _place(other.uri)
        return port == other_port and (host == other_host or bool(_numbers(host) & _numbers(other_host)))


def check_uri(uri: str) -> None:
    """Raises ``InputError`` for what is no address of a server, or carries credentials."""
    try:
        parts = urlsplit(uri)
        known = parts.scheme in _SCHEMES and bool(parts.hostname) and (parts.port or _PORT) > 0
    except ValueError:
        known = False
    if not known:
        raise InputError("this is no address of a server", where="--uri", expected="such as bolt+s://host:7687")
    if parts.username is not None or parts.password is not None or parts.query or parts.path.strip("/"):
        raise InputError(
            "an address with credentials or more behind the port",
            where="--uri",
            expected="the address alone: user and password come from the environment or are asked for",
        )


def _place(uri: str) -> tuple[str, int]:
    parts = urlsplit(uri)
    return (parts.hostname or "").casefold(), parts.port or _PORT


def _numbers(host: str) -> set[str]:
    with suppress(OSError, UnicodeError):
        found = {str(item[4][0]) for item in getaddrinfo(host, None)}
        return {"loopback" if number == "::1" or number.startswith("127.") else number for number in found}
    return set()


class Neo4jCase:
    """``ports.case_server.CaseServer``. ``credentials`` are asked for when it connects; ``own``: the program's."""

    def __init__(
        self, place: ServerAddress, credentials: Callable[[], tuple[str, str]], own: ServerAddress | None
    ) -> None:
        check_uri(place.uri)
        self._place, self._credentials, self._own = place, credentials, own
        self._driver: Driver | None = None

    @property
    def name(self) -> str:
        return f"{self._place.uri}/{self._place.database or _DATABASE}"

    @contextmanager
    def _worded(self) -> Iterator[None]:
        try:
            yield
        except (Neo4jError, DriverError, OSError, ValueError) as error:
            raise StorageError(f"Neo4j at {self._place.uri}: {type(error).__name__}: {error}") from error

    def _connected(self) -> Driver:
        if self._driver is None:
            auth = self._credentials()
            with self._worded():
                driver = GraphDatabase.driver(
                    self._place.uri, auth=auth, connection_timeout=_SECONDS, notifications_min_severity="OFF"
                )
                try:
                    driver.verify_connectivity()
                except BaseException:
                    driver.close()
                    raise
            self._driver = driver
        return self._driver

    def check(self, case_id: str) -> None:
        if self._own is not None and self._place.is_same(self._own):
            raise RefusedError("load-own-server", "this is the server that holds the program's own link graph")
        driver = self._connected()
        with self._worded(), driver.session(database=self._place.database or None) as session:
            session.execute_read(_check, case_id)

    def replace(self, load: CaseLoad) -> int:
        driver = self._connected()

        @unit_of_work(timeout=300)
        def write(run: ManagedTransaction) -> int:
            before = _check(run, load.case_id)
            run.run("MATCH (n) DETACH DELETE n")
            _create(run, load)
            return before

        with self._worded(), driver.session(database=self._place.database or None) as session:
            return session.execute_write(write)

    def close(self) -> None:
        if self._driver is not None:
            self._driver.close()


def _check(run: ManagedTransaction, case_id: str) -> int:
    """How many nodes an earlier load of the case has; raises ``RefusedError`` where there is anything else."""
    ((nodes, strange, own),) = run.run(
        "MATCH (n) RETURN count(n), count(CASE WHEN n.netpursuit_load IS NULL OR n.case_id <> $case THEN 1 END), "
        "count(CASE WHEN any(label IN labels(n) WHERE label IN $own) THEN 1 END)",
        case=case_id,
        own=list(_OWN),
    )
    if own and strange:
        raise RefusedError("load-own-server", "the database holds a link graph of netpursuit, not a load of a case")
    if strange:
        raise RefusedError("load-not-empty", f"the database holds {strange} nodes that are no load of this case")
    return int(nodes)


def _create(run: ManagedTransaction, load: CaseLoad) -> None:
    stamp = {
        "netpursuit_load": load.consultation_id,
        "case_id": load.case_id,
        "warning": load.warning,
        "purpose": load.purpose,
        "user": load.user,
        "expires_on": load.expires_on,
    }
    counts = {"nodes": len(load.nodes), "edges": len(load.edges)}
    run.run(
        f"CREATE (n:{NOTICE}) SET n = $said",
        said={**stamp, **counts, "name": load.warning, "besides": list(load.besides)},
    )
    ids: dict[str, str] = {}
    for kind in NodeKind:
        rows = [[node.key, _about(node)] for node in load.nodes if node.kind == kind]
        made = run.run(
            f"UNWIND $rows AS row CREATE (n:{kind.value}) SET n = row[1], n += $stamp RETURN row[0], elementId(n)",
            rows=rows,
            stamp=stamp,
        )
        ids.update(map(tuple, made))
    held = {"netpursuit_load": load.consultation_id, "case_id": load.case_id, "expires_on": load.expires_on}
    for edge_kind, name in TYPES.items():
        rows = [[ids[edge.start], ids[edge.end], _told(edge)] for edge in load.edges if edge.kind == edge_kind]
        run.run(
            "UNWIND $rows AS row MATCH (a) WHERE elementId(a) = row[0] MATCH (b) WHERE elementId(b) = row[1] "
            f"CREATE (a)-[r:{name}]->(b) SET r = row[2], r += $held",
            rows=rows,
            held=held,
        )


def _about(node: GraphNode) -> dict[str, Any]:
    return {"key": node.key, "name": node.label, "kind": str(node.kind), "fact": node.fact, "sources": _sources(node)}


def _told(edge: GraphEdge) -> dict[str, Any]:
    notes = [item.note for item in edge.provenance if item.note]
    days = {"seen_from": edge.seen_from, "seen_to": edge.seen_to}
    return {"fact": edge.fact, "sources": _sources(edge), "notes": notes, **{k: v for k, v in days.items() if v}}


def _sources(item: GraphNode | GraphEdge) -> Sequence[str]:
    return list(dict.fromkeys(said.source for said in item.provenance))
