"""The link graph in one SQLite file: the embedded store, which needs no server.

What several owners state alike of a node is kept once (``node_said``): a list stands with one statement, not with one
for each of its thousands of entries. Walks step over whole numbers in ``edge_claim`` and its index by end, and read who
says so only of what is answered (decision 016).
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from netpursuit.errors import StorageError
from netpursuit.ports.graph_store import MOST_STEPS, Sight
from netpursuit.records.graph import Contribution, GraphEdge, GraphNode
from netpursuit.stores.files import PAGE_ROWS, SqliteFile, in_powers_of_two
from netpursuit.stores.graph_claims import contributions_of, edges_of_claims, fold_label, nodes_of_claims
from netpursuit.stores.graph_sql import by_edge, counting, grouped, of_kinds, summed
from netpursuit.stores.graph_sqlite_writes import UNSEEN, replace

VERSION = 3
CACHE_MB, MAPPED_MB = 64, 4_000  # walks read pages all over the file, few of them twice
REMEDY = "build it anew with netpursuit graph rebuild"

TABLES = """
CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL);
CREATE TABLE node (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, fact INTEGER NOT NULL);
CREATE INDEX node_by_kind ON node (kind, key);
CREATE TABLE node_said (
  node INTEGER NOT NULL, digest BLOB NOT NULL, label TEXT NOT NULL, folded TEXT NOT NULL,
  source TEXT NOT NULL, fact INTEGER NOT NULL, seen_from TEXT NOT NULL, seen_to TEXT NOT NULL, case_id TEXT NOT NULL,
  PRIMARY KEY (node, digest)
) WITHOUT ROWID;
CREATE INDEX node_said_by_label ON node_said (folded);
CREATE TABLE node_claim (
  owner INTEGER NOT NULL, node INTEGER NOT NULL, digest BLOB NOT NULL, PRIMARY KEY (owner, node)
) WITHOUT ROWID;
CREATE INDEX node_claim_by_node ON node_claim (node, digest);
CREATE TABLE edge_claim (
  start INTEGER NOT NULL, kind TEXT NOT NULL, end INTEGER NOT NULL, owner INTEGER NOT NULL,
  source TEXT NOT NULL, fact INTEGER NOT NULL, seen_from TEXT NOT NULL, seen_to TEXT NOT NULL, note TEXT NOT NULL,
  case_id TEXT NOT NULL, PRIMARY KEY (start, kind, end, owner)
) WITHOUT ROWID;
CREATE INDEX edge_claim_by_end ON edge_claim (end, kind, start, fact, seen_from, seen_to, case_id);
CREATE INDEX edge_claim_by_owner ON edge_claim (owner);
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

_OLDER = "DROP TABLE edge_claim; DROP TABLE node_claim; DROP TABLE node; DROP TABLE owner; DROP TABLE mark"
CHANGES = {2: "", 3: f"{_OLDER};{TABLES}"}
"""The graph is a projection: what an older version wrote is dropped, and without marks it is built anew."""

_SAID = "n.kind, n.key, s.label, s.source, s.fact, s.seen_from, s.seen_to, s.case_id"
_EDGE = "s.key, e.kind, t.key, e.source, e.fact, e.seen_from, e.seen_to, e.note, e.case_id"
_ENDS = "JOIN node s ON s.id = e.start JOIN node t ON t.id = e.end"
_JOINED = {  # in this order: from the node that is asked for
    "s": "node s CROSS JOIN edge_claim e ON e.start = s.id CROSS JOIN node t ON t.id = e.end",
    "t": "node t CROSS JOIN edge_claim e ON e.end = t.id CROSS JOIN node s ON s.id = e.start",
}


class SqliteGraph:
    """``ports.graph_store.GraphStore`` over one file. Raises ``StorageError`` where it cannot be used."""

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(
            path, version=VERSION, tables=TABLES, changes=CHANGES, cache_mb=CACHE_MB, mapped_mb=MAPPED_MB, remedy=REMEDY
        )
        self._case = ""

    def reach(self) -> None:
        self._file.row("SELECT 1")

    def under(self, case_id: str) -> SqliteGraph:
        seen = copy.copy(self)
        seen._case = case_id
        return seen

    def _said(self, said: str) -> tuple[str, tuple[str, ...]]:
        """Whether a statement is seen, by everybody or under the case that is asked for: condition and its values."""
        return (f"{said}.case_id IN ('', ?)", (self._case,)) if self._case else (f"{said}.case_id = ''", ())

    def _seen(self, node: str, least: int = 0) -> tuple[str, tuple[str, ...]]:
        """Whether a node is seen, as a fact (``least`` 1) or at all (0): condition and its values."""
        for_all = f"{node}.fact >= {least:d}"
        if not self._case:
            return for_all, ()
        of_case = f"SELECT 1 FROM node_said v WHERE v.node = {node}.id AND v.case_id = ? AND v.fact >= {least:d}"
        return f"({for_all} OR EXISTS ({of_case}))", (self._case,)

    def put(self, contributions: Iterable[Contribution], marks: Mapping[str, str | None] | None = None) -> None:
        parts = {part.owner: part for part in contributions}
        with self._file.transaction():
            replace(self._file, parts)
            for name, value in (marks or {}).items():
                if value is None:
                    self._file.run("DELETE FROM mark WHERE name = ?", (name,))
                else:
                    self._file.run("INSERT OR REPLACE INTO mark VALUES (?, ?)", (name, value))
        if any(part.links is None for part in parts.values()):
            # What is gone leaves the write-ahead log too; where another session still reads, with the last of them.
            with suppress(StorageError):
                self._file.empty_wal()

    def clear(self) -> None:
        with self._file.transaction():
            for table in ("edge_claim", "node_claim", "node_said", "node", "owner", "mark"):
                self._file.run(f"DELETE FROM {table}")

    def marks(self) -> dict[str, str]:
        return dict(self._file.rows("SELECT name, value FROM mark"))

    def owners(self, prefix: str = "") -> dict[str, str]:
        return dict(
            self._file.rows("SELECT name, digest FROM owner WHERE substr(name, 1, ?) = ?", (len(prefix), prefix))
        )

    def brought_by(self, owners: Sequence[str]) -> dict[str, Contribution]:
        nodes = self._file.rows_of_many(
            f"SELECT o.name, {_SAID} FROM owner o JOIN node_claim c ON c.owner = o.id JOIN node n ON n.id = c.node "
            "JOIN node_said s ON s.node = c.node AND s.digest = c.digest WHERE o.name IN ({})",
            owners,
        )
        edges = self._file.rows_of_many(
            f"SELECT o.name, {_EDGE} FROM owner o JOIN edge_claim e ON e.owner = o.id {_ENDS} WHERE o.name IN ({{}})",
            owners,
        )
        with self._file.sense():
            return contributions_of(owners, nodes, edges)

    def counts(self) -> dict[str, int]:
        seen, case = self._seen("n")
        nodes = self._file.rows(
            f"SELECT 'node.' || kind, count(*) FROM node n WHERE kind <> '' AND {seen} GROUP BY kind", case
        )
        said, case = self._said("e")
        edges = self._file.rows(
            "SELECT 'edge.' || kind, count(*) FROM "
            f"(SELECT DISTINCT start, kind, end FROM edge_claim e WHERE {said}) GROUP BY kind",
            case,
        )
        return dict(sorted((*nodes, *edges)))

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        return self._nodes("key", tuple(dict.fromkeys(keys)))

    def _nodes(self, column: str, values: Sequence[object]) -> dict[str, GraphNode]:
        said, case = self._said("s")
        rows = self._file.rows_of_many(
            f"SELECT {_SAID} FROM node n JOIN node_said s ON s.node = n.id WHERE n.{column} IN ({{}}) AND {said}",
            values,
            case,
        )
        with self._file.sense():
            return {node.key: node for node in nodes_of_claims(rows)}

    def nodes_of(self, kinds: Sequence[str]) -> Iterator[GraphNode]:
        after = ""
        marks = ",".join("?" * len(kinds))
        while page := self._file.rows(
            f"SELECT key FROM node WHERE kind IN ({marks}) AND key > ? ORDER BY key LIMIT {PAGE_ROWS}",
            (*map(str, kinds), after),
        ):
            keys = [key for (key,) in page]
            found = self.nodes(keys)
            yield from (found[key] for key in keys if key in found)
            after = keys[-1]

    def find(self, text: str, limit: int) -> tuple[GraphNode, ...]:
        said, case = self._said("s")
        keys = self._file.rows(
            f"SELECT DISTINCT n.key FROM node_said s JOIN node n ON n.id = s.node WHERE s.folded = ? AND {said} "
            "ORDER BY n.key LIMIT ?",
            (fold_label(text), *case, limit),
        )
        found = self.nodes([key for (key,) in keys])
        return tuple(found[key] for (key,) in keys)

    def edges_of(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[GraphEdge, ...]:
        edges = self._edges(row[2:] for row in self._claims_at(keys, kinds))
        return edges if limit is None else edges[:limit]

    def around(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        rows = self._claims_at(keys, kinds)
        edges = self._edges(row[2:] for row in rows)
        if limit is not None and len(edges) > limit:
            edges = edges[:limit]
            return edges, self.nodes([key for edge in edges for key in (edge.start, edge.end)])
        return edges, self._nodes("id", tuple({node for row in rows for node in row[:2]}))

    def _edges(self, claims: Iterable[Sequence[Any]]) -> tuple[GraphEdge, ...]:
        with self._file.sense():
            return edges_of_claims(claims)

    def _claims_at(self, keys: Sequence[str], kinds: Sequence[str]) -> list[Any]:
        """What is said of the edges at these nodes, behind the numbers of their ends; perhaps repeated."""
        wanted = tuple(dict.fromkeys(keys))
        said, values = self._in_sight(0, kinds)
        found: list[Any] = []
        for near, joined in _JOINED.items():
            found += self._file.rows_of_many(
                f"SELECT e.start, e.end, {_EDGE} FROM {joined} WHERE {near}.key IN ({{}}) AND {said}",
                wanted,
                values,
            )
        return found

    def among(
        self, keys: Sequence[str], *, kinds: Sequence[str] = ()
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        seen, case = self._seen("n")
        known: dict[int, str] = dict(
            self._file.rows_of_many(
                f"SELECT n.id, n.key FROM node n WHERE n.key IN ({{}}) AND {seen}", tuple(dict.fromkeys(keys)), case
            )
        )
        ends = in_powers_of_two(tuple(known))
        kind, values = of_kinds(kinds)
        said, case = self._said("e")
        inside = ",".join("?" * len(ends))
        rows = self._file.rows_of_many(
            "SELECT e.start, e.kind, e.end, e.source, e.fact, e.seen_from, e.seen_to, e.note, e.case_id "
            f"FROM edge_claim e WHERE e.start IN ({{}}) AND +e.end IN ({inside}){kind} AND {said}",
            tuple(known),
            (*ends, *values, *case),
        )
        edges = self._edges((known[start], kind, known[end], *said) for start, kind, end, *said in rows)
        return edges, self._nodes("id", tuple(known))

    def steps(self, keys: Sequence[str], *, kinds: Sequence[str] = (), sight: Sight) -> list[tuple[str, str]] | None:
        wanted = tuple(dict.fromkeys(keys))
        least = int(not sight.assessments)
        said, values = self._in_sight(least, kinds)
        end, days = grouped(sight, least)
        found: list[tuple[str, str]] = []
        for near, far in (("s", "t"), ("t", "s")):
            for begin in range(0, len(wanted), PAGE_ROWS):
                found += self._file.rows_of_many(
                    f"SELECT {near}.key, {far}.key FROM {_JOINED[near]} WHERE {near}.key IN ({{}}) AND {said}{end} "
                    f"LIMIT {MOST_STEPS + 1}",
                    wanted[begin : begin + PAGE_ROWS],
                    (*values, *days),
                )
                if len(found) > MOST_STEPS:
                    return None
        return found

    def degrees(self, keys: Sequence[str], *, sight: Sight) -> list[tuple[str, str, str, int]]:
        least = int(not sight.assessments)
        said, values = self._in_sight(least, ())
        end, days = by_edge(sight, least)
        rows: list[Any] = []
        for near, far, loops in (("s", "t", ""), ("t", "s", " AND e.start <> e.end")):
            edges = f"SELECT {near}.key AS near, e.kind AS kind, {far}.kind AS far FROM {_JOINED[near]} "
            edges += f"WHERE {near}.key IN ({{}}) AND {said}{loops}{end}"
            rows += self._file.rows_of_many(counting(edges), tuple(dict.fromkeys(keys)), (*values, *days))
        return summed(rows)

    def held(self, kind: str, *, by: Sequence[str], least: int, sight: Sight) -> Iterator[tuple[str, tuple[str, ...]]]:
        fact = int(not sight.assessments)
        said, values = self._in_sight(fact, by)
        end, days = grouped(sight, fact)
        holders: dict[str, set[str]] = {}
        for thing, holder in self._file.rows(
            f"SELECT t.key, s.key FROM {_JOINED['t']} WHERE t.kind = ? AND {said}{end}", (str(kind), *values, *days)
        ):
            holders.setdefault(thing, set()).add(holder)
        for thing in sorted(holders):
            if len(holders[thing]) >= least:
                yield thing, tuple(sorted(holders[thing]))

    def _in_sight(self, least: int, kinds: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """Whether a statement ``e`` of these kinds and both its ends ``s`` and ``t`` are seen: condition and values."""
        (said, one), (start, two), (end, three) = self._said("e"), self._seen("s", least), self._seen("t", least)
        kind, values = of_kinds(kinds)
        return f"{said} AND {start} AND {end}{kind}", (*one, *two, *three, *values)

    def check(self) -> None:
        self._file.check()
        # Who sees a node is kept with it, so that walks need not read what is said of it.
        wrong = self._file.row(
            "SELECT 1 FROM node n LEFT JOIN (SELECT node, max(CASE case_id WHEN '' THEN fact ELSE ?1 END) AS fact "
            "FROM node_said GROUP BY node) s ON s.node = n.id WHERE n.fact <> coalesce(s.fact, ?1) LIMIT 1",
            (UNSEEN,),
        )
        if wrong is not None:
            raise self._file.damaged()

    def finish(self) -> None:
        self._file.empty_wal()  # so that the file alone is the whole store

    def shortest(
        self, start: str, end: str, *, hops: int, kinds: Sequence[str] = (), sight: Sight
    ) -> list[tuple[str, ...]] | None:
        return None

    def close(self) -> None:
        self._file.close()
