"""The link graph in a Neo4j server, through the official driver.

Every thing is an ``Entity`` with its key, and has its kind as a second label; every contribution is an ``Owner`` that
``BROUGHT`` its nodes; every edge is a relationship of its kind that names its owner. Labels and types come from the
program's own kinds; every value is a parameter.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from neo4j import Driver, GraphDatabase, ManagedTransaction, unit_of_work
from neo4j.exceptions import DriverError, Neo4jError

from netpursuit.errors import StorageError
from netpursuit.records.graph import Contribution, EdgeKind, GraphEdge, GraphNode, LinkSet, NodeKind, digest_of
from netpursuit.stores.graph_claims import contributions_of, edges_of_claims, fold_label, nodes_of_claims

BATCH = 5_000
WRITE_SECONDS = 300
READ_SECONDS = 60
CONNECT_SECONDS = 15
_TYPES: dict[str, str] = {kind: kind.value.upper().replace("-", "_") for kind in EdgeKind}
_LABELS = "".join(f":{kind.value}" for kind in NodeKind)
_KINDS = {name: str(kind) for kind, name in _TYPES.items()}
_EVERY = "|".join(_TYPES.values())
_EDGE = (
    "startNode(r).key AS start, type(r) AS kind, endNode(r).key AS end, r.source AS source, r.fact AS fact, "
    "r.seen_from AS seen_from, r.seen_to AS seen_to, r.note AS note, coalesce(r.case_id, '') AS case_id"
)
_NODE = "n.kind AS kind, n.key AS key, b.label AS label, b.source AS source, b.fact AS fact, b.seen_from AS seen_from, "
_NODE += "b.seen_to AS seen_to, coalesce(b.case_id, '') AS case_id"
_SAID = "coalesce({}.case_id, '') IN $cases"  # by everybody, or under the case that is asked for


def _shown(node: str) -> str:
    """Whether anything that is said of a node is seen."""
    return f"EXISTS {{ ({node})<-[said:BROUGHT]-(:Owner) WHERE {_SAID.format('said')} }}"


class Neo4jGraph:
    """``ports.graph_store.GraphStore`` over one database of a server, which holds this graph alone.

    Raises ``StorageError`` where the server cannot be reached or does not do what is asked.
    """

    name = "neo4j"

    def __init__(self, uri: str, user: str, password: str, database: str | None = None) -> None:
        self._uri, self._database = uri, database
        self._cases = [""]
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

    def under(self, case_id: str) -> Neo4jGraph:
        seen = copy.copy(self)
        seen._cases = sorted({"", case_id})
        return seen

    def _make_schema(self) -> None:
        for label, name in (("Entity", "key"), ("Owner", "name"), ("Mark", "name")):
            self._run(f"CREATE CONSTRAINT {label.lower()} IF NOT EXISTS FOR (n:{label}) REQUIRE n.{name} IS UNIQUE")
        self._run("CREATE INDEX brought_label IF NOT EXISTS FOR ()-[b:BROUGHT]-() ON (b.folded)")
        for kind in NodeKind:
            self._run(f"CREATE INDEX kind_{kind.value.lower()} IF NOT EXISTS FOR (n:{kind.value}) ON (n.key)")
        for name in _TYPES.values():
            self._run(f"CREATE INDEX owner_{name.lower()} IF NOT EXISTS FOR ()-[r:{name}]-() ON (r.owner)")
        self._run("CALL db.awaitIndexes(60)")

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

    def put(self, contributions: Iterable[Contribution], marks: Mapping[str, str | None] | None = None) -> None:
        parts = {part.owner: part for part in contributions}
        kept = dict(marks or {})

        @unit_of_work(timeout=WRITE_SECONDS)
        def write(transaction: ManagedTransaction) -> None:
            _write(transaction, parts, kept)

        # Bookmarks go with the driver's own, so that what is read next has seen this.
        manager = self._driver.execute_query_bookmark_manager
        with self._worded(), self._driver.session(database=self._database, bookmark_manager=manager) as session:
            session.execute_write(write)

    def clear(self) -> None:
        with self._worded(), self._driver.session(database=self._database) as session:
            for label in ("Entity", "Owner", "Mark"):
                session.run(
                    f"MATCH (n:{label}) CALL (n) {{ DETACH DELETE n }} IN TRANSACTIONS OF {BATCH} ROWS"
                ).consume()

    def marks(self) -> dict[str, str]:
        return {
            row["name"]: row["value"] for row in self._run("MATCH (m:Mark) RETURN m.name AS name, m.value AS value")
        }

    def owners(self, prefix: str = "") -> dict[str, str]:
        rows = self._run(
            "MATCH (o:Owner) WHERE o.name STARTS WITH $prefix AND o.digest <> '' "
            "RETURN o.name AS name, o.digest AS digest ORDER BY name",
            prefix=prefix,
        )
        return {row["name"]: row["digest"] for row in rows}

    def brought_by(self, owners: Sequence[str]) -> dict[str, Contribution]:
        wanted = list(owners)
        nodes = self._run(
            f"MATCH (o:Owner)-[b:BROUGHT]->(n) WHERE o.name IN $owners RETURN o.name AS owner, {_NODE}", owners=wanted
        )
        edges: list[Any] = []
        for name in _TYPES.values():
            rows = self._run(
                f"MATCH ()-[r:{name}]->() WHERE r.owner IN $owners RETURN r.owner AS owner, {_EDGE}", owners=wanted
            )
            edges += [(row.pop("owner"), *_edge(row)) for row in rows]
        return contributions_of(owners, map(_values, nodes), edges)

    def counts(self) -> dict[str, int]:
        nodes = self._run(
            f"MATCH (n:Entity) WHERE n.kind IS NOT NULL AND {_shown('n')} "
            "RETURN 'node.' + n.kind AS name, count(*) AS count",
            cases=self._cases,
        )
        edges = self._run(
            f"MATCH (a)-[r:{_EVERY}]->(b) WHERE {_SAID.format('r')} "
            "WITH DISTINCT a, type(r) AS kind, b RETURN kind AS name, count(*) AS count",
            cases=self._cases,
        )
        named = [(row["name"], row["count"]) for row in nodes]
        named += [(f"edge.{_KINDS[row['name']]}", row["count"]) for row in edges]
        return dict(sorted(named))

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        rows = self._run(
            f"MATCH (n:Entity)<-[b:BROUGHT]-(:Owner) WHERE n.key IN $keys AND {_SAID.format('b')} RETURN {_NODE}",
            keys=list(dict.fromkeys(keys)),
            cases=self._cases,
        )
        return {node.key: node for node in nodes_of_claims(map(_values, rows))}

    def nodes_of(self, kinds: Sequence[str]) -> Iterator[GraphNode]:
        after = ""
        while page := self._run(
            "MATCH (n:Entity) WHERE n.kind IN $kinds AND n.key > $after RETURN n.key AS key ORDER BY key LIMIT 500",
            kinds=[str(kind) for kind in kinds],
            after=after,
        ):
            keys = [row["key"] for row in page]
            found = self.nodes(keys)
            yield from (found[key] for key in keys if key in found)
            after = keys[-1]

    def find(self, text: str, limit: int) -> tuple[GraphNode, ...]:
        rows = self._run(
            f"MATCH (:Owner)-[b:BROUGHT]->(n:Entity) WHERE b.folded = $folded AND {_SAID.format('b')} "
            "RETURN DISTINCT n.key AS key ORDER BY key LIMIT $limit",
            folded=fold_label(text),
            limit=limit,
            cases=self._cases,
        )
        found = self.nodes([row["key"] for row in rows])
        return tuple(found[row["key"]] for row in rows)

    def edges_of(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[GraphEdge, ...]:
        types = "|".join(_TYPES[kind] for kind in kinds) if kinds else _EVERY
        rows = self._run(
            f"MATCH (n:Entity) WHERE n.key IN $keys AND {_shown('n')} MATCH (n)-[r:{types}]-(m:Entity) "
            f"WHERE {_SAID.format('r')} AND {_shown('m')} WITH DISTINCT r RETURN {_EDGE}",
            keys=list(dict.fromkeys(keys)),
            cases=self._cases,
        )
        edges = edges_of_claims(map(_edge, rows))
        return edges if limit is None else edges[:limit]

    def close(self) -> None:
        self._driver.close()


def _values(row: dict[str, Any]) -> Any:
    return tuple(row.values())


def _edge(row: dict[str, Any]) -> Any:
    return (row["start"], _KINDS[row["kind"]], *list(row.values())[2:])


def _write(run: ManagedTransaction, parts: Mapping[str, Contribution], marks: Mapping[str, str | None]) -> None:
    """One transaction: lock the owners in order, so that writers wait for each other, and replace what changed."""
    locked = run.run(
        "UNWIND $names AS name MERGE (o:Owner {name: name}) SET o.digest = coalesce(o.digest, '') "
        "RETURN o.name AS name, o.digest AS digest",
        names=sorted(parts),
    )
    known = {record["name"]: record["digest"] for record in locked}
    changed, fresh = [], []
    for owner, part in parts.items():
        links = part.links
        there = links is not None and bool(links.nodes or links.edges)
        digest = digest_of(links, part.case_id) if links is not None and there else ""
        if known[owner] != digest or not there:
            changed.append(owner)
        if links is not None and there and known[owner] != digest:
            fresh.append((part, digest, links))
    _remove(run, changed)
    for begin in range(0, len(fresh), BATCH):
        _add(run, fresh[begin : begin + BATCH])
    gone = [name for name, value in marks.items() if value is None]
    run.run("MATCH (m:Mark) WHERE m.name IN $gone DELETE m", gone=gone)
    kept = [{"name": name, "value": value} for name, value in marks.items() if value is not None]
    run.run("UNWIND $kept AS row MERGE (m:Mark {name: row.name}) SET m.value = row.value", kept=kept)


def _remove(run: ManagedTransaction, owners: Sequence[str]) -> None:
    """What these owners brought, and every thing that nobody brings any more."""
    touched: set[str] = set()
    found = run.run(
        "MATCH (o:Owner)-[b:BROUGHT]->(n) WHERE o.name IN $owners DELETE b RETURN DISTINCT n.key AS key", owners=owners
    )
    touched.update(record["key"] for record in found)
    for name in _TYPES.values():
        found = run.run(
            f"MATCH (a)-[r:{name}]->(b) WHERE r.owner IN $owners WITH r, a.key AS one, b.key AS other "
            "DELETE r RETURN DISTINCT one, other",
            owners=owners,
        )
        touched.update(key for record in found for key in record.values())
    run.run("MATCH (o:Owner) WHERE o.name IN $owners DETACH DELETE o", owners=owners)
    keys = sorted(touched)
    run.run("MATCH (n:Entity) WHERE n.key IN $keys AND NOT EXISTS { (n)--() } DELETE n", keys=keys)
    run.run(
        "MATCH (n:Entity) WHERE n.key IN $keys AND NOT EXISTS { (n)<-[:BROUGHT]-() } "
        f"REMOVE n.kind, n.name, n{_LABELS}",
        keys=keys,
    )


def _add(run: ManagedTransaction, fresh: Sequence[tuple[Contribution, str, LinkSet]]) -> None:
    run.run(
        "UNWIND $rows AS row MERGE (o:Owner {name: row.name}) SET o.digest = row.digest",
        rows=[{"name": part.owner, "digest": digest} for part, digest, _ in fresh],
    )
    ends = {key for _, _, links in fresh for edge in links.edges for key in (edge.start, edge.end)}
    kinds = {node.key: node.kind for _, _, links in fresh for node in links.nodes}
    # An edge may end at a node that another owner brings, later perhaps: its place is kept, without a kind.
    for keys in _in_lots(sorted(ends | kinds.keys())):
        run.run("UNWIND $keys AS key MERGE (:Entity {key: key})", keys=keys)
    for kind in NodeKind:
        for keys in _in_lots(sorted(key for key, own in kinds.items() if own is kind)):
            run.run(
                f"UNWIND $keys AS key MATCH (n:Entity {{key: key}}) SET n:{kind.value}, n.kind = $kind",
                keys=keys,
                kind=kind.value,
            )
    for rows in _in_lots([_node_row(part, node) for part, _, links in fresh for node in links.nodes]):
        run.run(
            "UNWIND $rows AS row MATCH (o:Owner {name: row.owner}) MATCH (n:Entity {key: row.key}) "
            "CREATE (o)-[b:BROUGHT]->(n) SET b = row.said, n.name = coalesce(n.name, row.said.label)",
            rows=rows,
        )
    for edge_kind, name in _TYPES.items():
        found = [_edge_row(part, edge) for part, _, links in fresh for edge in links.edges if edge.kind is edge_kind]
        for rows in _in_lots(found):
            run.run(
                "UNWIND $rows AS row MATCH (a:Entity {key: row.start}) MATCH (b:Entity {key: row.end}) "
                f"CREATE (a)-[r:{name}]->(b) SET r = row.said",
                rows=rows,
            )


def _in_lots(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for begin in range(0, len(rows), BATCH):
        yield rows[begin : begin + BATCH]


def _node_row(part: Contribution, node: Any) -> dict[str, Any]:
    said = {"label": node.label, "folded": fold_label(node.label), **_said(part, node)}
    return {"owner": part.owner, "key": node.key, "said": said}


def _edge_row(part: Contribution, edge: Any) -> dict[str, Any]:
    said = {"owner": part.owner, "note": edge.note, **_said(part, edge)}
    return {"start": edge.start, "end": edge.end, "said": said}


def _said(part: Contribution, item: Any) -> dict[str, Any]:
    said = {"source": item.source, "fact": item.fact, "seen_from": item.seen_from, "seen_to": item.seen_to}
    return {**said, "case_id": part.case_id} if part.case_id else said
