"""The link graph in a Neo4j server, through the official driver.

Every thing is an ``Entity`` with its key, and has its kind as a second label; every contribution is an ``Owner`` that
``BROUGHT`` its nodes; every edge is a relationship of its kind that names its owner. What is stated of a node stands on
it once (``said``), however many owners state it alike, with whether it is a fact (decision 016). Labels and types come
from the program's own kinds; every value is a parameter.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from neo4j import Driver, GraphDatabase, ManagedTransaction, Query, RoutingControl, unit_of_work
from neo4j.exceptions import DriverError, Neo4jError

from netpursuit.errors import DamagedError, InputError, StorageError
from netpursuit.ports.graph_store import MOST_PATHS, MOST_STEPS, Sight
from netpursuit.records.graph import Contribution, GraphEdge, GraphNode, NodeKind
from netpursuit.stores.graph_claims import contributions_of, edges_of_claims, fold_label, nodes_of_claims
from netpursuit.stores.graph_neo4j_writes import BATCH, TYPES, write

WRITE_SECONDS = 300
REMEDY = "build the graph anew with netpursuit graph rebuild"
READ_SECONDS = 60
CONNECT_SECONDS = 15
_KINDS = {name: str(kind) for kind, name in TYPES.items()}
_EVERY = "|".join(TYPES.values())
_EDGE = "[startNode(r).key, type(r), endNode(r).key, r.source, r.fact, r.seen_from, r.seen_to, r.note, "
_EDGE += "coalesce(r.case_id, '')]"
_NODE = "[n.kind, n.key, n.said]"
VERSION = 3
_INDEXES = {
    **{
        label.lower(): f"CONSTRAINT {label.lower()} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{name} IS UNIQUE"
        for label, name in (("Entity", "key"), ("Owner", "name"), ("Mark", "name"))
    },
    "brought_label": "INDEX brought_label IF NOT EXISTS FOR ()-[b:BROUGHT]-() ON (b.folded)",
    **{
        f"kind_{kind.value.lower()}": f"INDEX kind_{kind.value.lower()} IF NOT EXISTS FOR (n:{kind.value}) ON (n.key)"
        for kind in NodeKind
    },
    **{
        f"owner_{name.lower()}": f"INDEX owner_{name.lower()} IF NOT EXISTS FOR ()-[r:{name}]-() ON (r.owner)"
        for name in TYPES.values()
    },
}


class Neo4jGraph:
    """``ports.graph_store.GraphStore`` over one database of a server, which holds this graph alone.

    Raises ``StorageError`` where the server cannot be reached or does not do what is asked.
    """

    name = "neo4j"

    def __init__(self, uri: str, user: str, password: str, database: str | None = None) -> None:
        self._uri, self._database = uri, database
        self._case = ""
        with self._worded():
            self._driver: Driver = GraphDatabase.driver(
                uri,
                auth=(user, password),
                connection_timeout=CONNECT_SECONDS,
                connection_acquisition_timeout=2 * CONNECT_SECONDS,
                max_transaction_retry_time=30,
                notifications_min_severity="OFF",
            )
        try:
            with self._worded():
                self._driver.verify_connectivity()  # at once, where queries would be tried again for a while
            self._make_schema()
        except BaseException:
            self._driver.close()
            raise

    def reach(self) -> None:
        with self._worded():  # at once, where queries would be tried again for a while
            self._driver.verify_connectivity()

    def under(self, case_id: str) -> Neo4jGraph:
        seen = copy.copy(self)
        seen._case = case_id
        return seen

    def _said(self, edge: str = "r") -> str:
        """Whether a statement is seen, by everybody or under the case that is asked for."""
        return f"({edge}.case_id IS NULL OR {edge}.case_id = $case)" if self._case else f"{edge}.case_id IS NULL"

    def _seen(self, node: str, *, fact: bool = False) -> str:
        """Whether a node is seen, as a fact or at all."""
        for_all = f"{node}.fact" if fact else f"{node}.fact IS NOT NULL"
        of_case = f"$case IN coalesce({node}.{'case_facts' if fact else 'cases'}, [])"
        return f"(coalesce({for_all}, false) OR {of_case})" if self._case else for_all

    def _at(self, kinds: Sequence[str], *, fact: bool = False) -> str:
        """The edges ``r`` in sight from the nodes ``n`` with one of ``$keys`` to ``m``; ends with a condition."""
        return (
            f"MATCH (n:Entity) WHERE n.key IN $keys AND {self._seen('n', fact=fact)} "
            f"MATCH (n)-[r:{_types(kinds)}]-(m:Entity) WHERE {self._seen('m', fact=fact)} AND {self._said()}"
        )

    def _make_schema(self) -> None:
        there = {row["name"]: row["state"] for row in self._run("SHOW INDEXES YIELD name, state")}
        for name, statement in _INDEXES.items():
            if name not in there:
                self._run(f"CREATE {statement}")
        if any(there.get(name) != "ONLINE" for name in _INDEXES):
            self._run("CALL db.awaitIndexes(60)")
        stated = self._read("MATCH (v:Version) RETURN v.value AS value")
        found = stated[0]["value"] if stated else 0
        if found > VERSION:
            raise InputError(
                f"made by a newer version of netpursuit (graph {found})",
                where=f"Neo4j at {self._uri}",
                expected=f"graph {VERSION} or older",
            )
        if found < VERSION:
            self.clear()  # a projection: without marks it is built anew
            self._run("MERGE (v:Version) SET v.value = $version", version=VERSION)

    @contextmanager
    def _worded(self) -> Iterator[None]:
        try:
            yield
        except (Neo4jError, DriverError, OSError, ValueError) as error:
            raise StorageError(f"Neo4j at {self._uri}: {type(error).__name__}: {error}") from error

    def _run(self, query: str, **values: Any) -> list[dict[str, Any]]:
        with self._worded():
            found = self._driver.execute_query(query, values, database_=self._database)
        return [dict(record) for record in found.records]

    def _read(self, query: str, **values: Any) -> list[Any]:
        with self._worded():
            found = self._driver.execute_query(
                Query(query, timeout=READ_SECONDS),
                {**values, "case": self._case},
                database_=self._database,
                routing_=RoutingControl.READ,
            )
        return found.records

    def put(self, contributions: Iterable[Contribution], marks: Mapping[str, str | None] | None = None) -> None:
        parts = {part.owner: part for part in contributions}
        kept = dict(marks or {})

        @unit_of_work(timeout=WRITE_SECONDS)
        def replace(transaction: ManagedTransaction) -> None:
            write(transaction, parts, kept)

        # Bookmarks go with the driver's own, so that what is read next has seen this.
        manager = self._driver.execute_query_bookmark_manager
        with self._worded(), self._driver.session(database=self._database, bookmark_manager=manager) as session:
            session.execute_write(replace)

    def clear(self) -> None:
        with self._worded(), self._driver.session(database=self._database) as session:
            for label in ("Entity", "Owner", "Mark"):
                session.run(
                    f"MATCH (n:{label}) CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF {BATCH} ROWS"
                ).consume()

    def marks(self) -> dict[str, str]:
        return dict(self._read("MATCH (m:Mark) RETURN m.name, m.value"))

    def owners(self, prefix: str = "") -> dict[str, str]:
        return dict(
            self._read(
                "MATCH (o:Owner) WHERE o.name STARTS WITH $prefix AND o.digest <> '' "
                "RETURN o.name, o.digest ORDER BY o.name",
                prefix=prefix,
            )
        )

    def brought_by(self, owners: Sequence[str]) -> dict[str, Contribution]:
        wanted = list(owners)
        nodes = self._read(
            "MATCH (o:Owner)-[b:BROUGHT]->(n) WHERE o.name IN $owners RETURN o.name, n.kind, n.key, b.said",
            owners=wanted,
        )
        edges: list[Any] = []
        for name in TYPES.values():
            edges += self._read(
                f"MATCH ()-[r:{name}]->() WHERE r.owner IN $owners RETURN r.owner, {_EDGE}", owners=wanted
            )
        return contributions_of(
            owners,
            ((owner, *_claim(kind, key, said)) for owner, kind, key, said in nodes),
            ((owner, *_edge(said)) for owner, said in edges),
        )

    def counts(self) -> dict[str, int]:
        nodes = self._read(f"MATCH (n:Entity) WHERE {self._seen('n')} RETURN 'node.' + n.kind, count(*)")
        edges = self._read(
            f"MATCH (a)-[r:{_EVERY}]->(b) WHERE {self._said()} "
            "WITH DISTINCT a, type(r) AS kind, b RETURN kind, count(*)"
        )
        return dict(sorted([*map(tuple, nodes), *((f"edge.{_KINDS[name]}", count) for name, count in edges)]))

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        rows = self._read(
            f"MATCH (n:Entity) WHERE n.key IN $keys AND {self._seen('n')} RETURN {_NODE}",
            keys=list(dict.fromkeys(keys)),
        )
        return self._nodes(row[0] for row in rows)

    def _nodes(self, rows: Iterable[Any]) -> dict[str, GraphNode]:
        """Nodes by key, in its order; a node may be repeated."""
        known = {key: (kind, key, said) for kind, key, said in rows}
        claims = (_claim(kind, key, text) for kind, key, said in known.values() for text in said)
        return {node.key: node for node in nodes_of_claims(claim for claim in claims if claim[-1] in ("", self._case))}

    def nodes_of(self, kinds: Sequence[str]) -> Iterator[GraphNode]:
        after = ""
        while page := self._read(
            f"MATCH (n:Entity) WHERE n.kind IN $kinds AND n.key > $after AND {self._seen('n')} "
            f"WITH n ORDER BY n.key LIMIT 500 RETURN {_NODE}",
            kinds=[str(kind) for kind in kinds],
            after=after,
        ):
            found = self._nodes(row[0] for row in page)
            yield from found.values()
            after = max(found)

    def find(self, text: str, limit: int) -> tuple[GraphNode, ...]:
        rows = self._read(
            f"MATCH (:Owner)-[b:BROUGHT]->(n:Entity) WHERE b.folded = $folded AND {self._said('b')} "
            f"WITH DISTINCT n ORDER BY n.key LIMIT $limit RETURN {_NODE}",
            folded=fold_label(text),
            limit=limit,
        )
        return tuple(self._nodes(row[0] for row in rows).values())

    def edges_of(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[GraphEdge, ...]:
        rows = self._read(f"{self._at(kinds)} WITH DISTINCT r RETURN {_EDGE}", keys=list(dict.fromkeys(keys)))
        edges = edges_of_claims(_edge(row[0]) for row in rows)
        return edges if limit is None else edges[:limit]

    def around(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        ((found, ends),) = self._read(
            f"{self._at(kinds)} WITH collect(DISTINCT r) AS edges, collect(DISTINCT n) + collect(DISTINCT m) AS ends "
            f"RETURN [r IN edges | {_EDGE}], [n IN ends | {_NODE}]",
            keys=list(dict.fromkeys(keys)),
        )
        edges = edges_of_claims(map(_edge, found))
        return edges if limit is None else edges[:limit], self._nodes(ends)

    def among(
        self, keys: Sequence[str], *, kinds: Sequence[str] = ()
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        ((found, ends),) = self._read(
            f"MATCH (n:Entity) WHERE n.key IN $keys AND {self._seen('n')} OPTIONAL MATCH (n)-[r:{_types(kinds)}]->(m) "
            f"WHERE m.key IN $keys AND {self._seen('m')} AND {self._said()} "
            "WITH collect(r) AS edges, collect(DISTINCT n) AS ends "
            f"RETURN [r IN edges | {_EDGE}], [n IN ends | {_NODE}]",
            keys=list(dict.fromkeys(keys)),
        )
        return edges_of_claims(map(_edge, found)), self._nodes(ends)

    def shortest(
        self, start: str, end: str, *, hops: int, kinds: Sequence[str] = (), sight: Sight
    ) -> list[tuple[str, ...]] | None:
        if sight.since or sight.until:
            return None
        fact = not sight.assessments
        edge = f"{self._said()} AND r.fact" if fact else self._said()
        rows = self._read(
            "MATCH (a:Entity {key: $start}) MATCH (b:Entity {key: $end}) "
            f"MATCH p = allShortestPaths((a)-[:{_types(kinds)}*..{hops:d}]-(b)) "
            f"WHERE all(r IN relationships(p) WHERE {edge}) AND all(n IN nodes(p) WHERE {self._seen('n', fact=fact)}) "
            "RETURN DISTINCT [n IN nodes(p) | n.key] LIMIT $most",
            start=start,
            end=end,
            most=MOST_PATHS + 1,
        )
        return [tuple(row[0]) for row in rows] if len(rows) <= MOST_PATHS else None

    def steps(self, keys: Sequence[str], *, kinds: Sequence[str] = (), sight: Sight) -> list[tuple[str, str]] | None:
        wanted = list(dict.fromkeys(keys))
        rows = self._read(
            f"{self._at(kinds, fact=not sight.assessments)}{_in_sight(sight)} RETURN DISTINCT n.key, m.key LIMIT $most",
            keys=wanted,
            most=MOST_STEPS + 1,
            since=sight.since,
            until=sight.until,
        )
        return [tuple(row) for row in rows] if len(rows) <= MOST_STEPS else None

    def degrees(self, keys: Sequence[str], *, sight: Sight) -> list[tuple[str, str, str, int]]:
        demanded = " AND ".join(_conditions(sight)) or "true"
        rows = self._read(
            f"{self._at((), fact=not sight.assessments)} WITH {_BY_EDGE} WHERE {demanded} "
            "RETURN n.key, kind, m.kind, count(*)",
            keys=list(dict.fromkeys(keys)),
            since=sight.since,
            until=sight.until,
        )
        return sorted((near, _KINDS[kind], far, count) for near, kind, far, count in rows)

    def held(self, kind: str, *, by: Sequence[str], least: int, sight: Sight) -> Iterator[tuple[str, tuple[str, ...]]]:
        fact = not sight.assessments
        rows = self._read(
            f"MATCH (n:{NodeKind(kind).value})<-[r:{_types(by)}]-(m) "
            f"WHERE {self._seen('n', fact=fact)} AND {self._seen('m', fact=fact)} AND {self._said()}"
            f"{_in_sight(sight)} WITH n, collect(DISTINCT m.key) AS holders WHERE size(holders) >= $least "
            "RETURN n.key, holders",
            least=least,
            since=sight.since,
            until=sight.until,
        )
        for thing, holders in sorted(rows, key=lambda row: str(row[0])):
            yield thing, tuple(sorted(holders))

    def check(self) -> None:
        # Its files the server checks itself; what nodes keep of their statements is this program's own.
        ((wrong,),) = self._read(
            "MATCH (n:Entity) WHERE n.said IS NOT NULL OR n.fact IS NOT NULL "
            "OPTIONAL MATCH (n)<-[b:BROUGHT]-() WITH n, collect(DISTINCT b.said) AS said, "
            "collect(DISTINCT CASE WHEN b.case_id IS NULL THEN 1 END) AS for_all "
            "WHERE size(said) <> size(n.said) OR any(text IN said WHERE NOT text IN n.said) "
            "OR (size(for_all) = 0) <> (n.fact IS NULL) RETURN count(n)"
        )
        if wrong:
            raise DamagedError(f"Neo4j at {self._uri}: {wrong} nodes do not say what was brought: {REMEDY}")

    def close(self) -> None:
        self._driver.close()


def _claim(kind: str, key: str, said: str) -> Any:
    return (kind, key, *json.loads(said))


def _edge(said: Sequence[Any]) -> Any:
    start, name, *rest = said
    return (start, _KINDS[name], *rest)


def _types(kinds: Sequence[str]) -> str:
    return "|".join(TYPES[kind] for kind in kinds) if kinds else _EVERY


def _in_sight(sight: Sight) -> str:
    """What ``View`` demands of an edge besides, with all that is said of it together where days count."""
    if not (sight.since or sight.until):
        return "" if sight.assessments else " AND r.fact"
    return f" WITH {_BY_EDGE} WHERE {' AND '.join(_conditions(sight))} WITH n, m"


_BY_EDGE = "n, m, startNode(r) = n AS out, type(r) AS kind, collect(r) AS said"


def _conditions(sight: Sight) -> list[str]:
    """What ``View`` demands of all that is ``said`` of one edge."""
    conditions = [] if sight.assessments else ["any(r IN said WHERE r.fact)"]
    if sight.until:
        conditions.append(
            "reduce(day = '', r IN said | CASE WHEN r.seen_from <> '' AND (day = '' OR r.seen_from < day) "
            "THEN r.seen_from ELSE day END) <= $until"
        )
    if sight.since:
        last = "reduce(day = '', r IN said | CASE WHEN r.seen_to > day THEN r.seen_to ELSE day END)"
        conditions.append(
            f"(any(r IN said WHERE r.seen_from <> '' AND r.seen_to = '') OR {last} = '' OR {last} >= $since)"
        )
    return conditions
