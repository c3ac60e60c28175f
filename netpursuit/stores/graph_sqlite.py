"""The link graph in one SQLite file: the embedded store, which needs no server."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from netpursuit.records.graph import Contribution, EdgeKind, GraphEdge, GraphNode, LinkSet, NodeKind, digest_of
from netpursuit.stores.files import PAGE_ROWS, SqliteFile
from netpursuit.stores.graph_claims import EdgeClaim, edges_of_claims, fold_label, link_set, nodes_of_claims

VERSION = 1

TABLES = """
CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL);
CREATE TABLE node (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);
CREATE INDEX node_by_kind ON node (kind, key);
CREATE TABLE node_claim (
  node INTEGER NOT NULL, owner INTEGER NOT NULL, label TEXT NOT NULL, folded TEXT NOT NULL,
  source TEXT NOT NULL, fact INTEGER NOT NULL, seen_from TEXT NOT NULL, seen_to TEXT NOT NULL,
  PRIMARY KEY (node, owner)
) WITHOUT ROWID;
CREATE INDEX node_claim_by_owner ON node_claim (owner);
CREATE INDEX node_claim_by_label ON node_claim (folded);
CREATE TABLE edge_claim (
  start INTEGER NOT NULL, kind TEXT NOT NULL, end INTEGER NOT NULL, owner INTEGER NOT NULL,
  source TEXT NOT NULL, fact INTEGER NOT NULL, seen_from TEXT NOT NULL, seen_to TEXT NOT NULL, note TEXT NOT NULL,
  PRIMARY KEY (start, kind, end, owner)
) WITHOUT ROWID;
CREATE INDEX edge_claim_by_end ON edge_claim (end, kind, start);
CREATE INDEX edge_claim_by_owner ON edge_claim (owner);
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

_EDGE = "s.key, e.kind, t.key, e.source, e.fact, e.seen_from, e.seen_to, e.note"
_ENDS = "JOIN node s ON s.id = e.start JOIN node t ON t.id = e.end"


class SqliteGraph:
    """``ports.graph_store.GraphStore`` over one file. Raises ``StorageError`` where it cannot be used."""

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, version=VERSION, tables=TABLES)

    def put(self, contributions: Iterable[Contribution], marks: Mapping[str, str | None] | None = None) -> None:
        with self._file.transaction():
            for contribution in contributions:
                self._replace(contribution)
            for name, value in (marks or {}).items():
                if value is None:
                    self._file.run("DELETE FROM mark WHERE name = ?", (name,))
                else:
                    self._file.run("INSERT OR REPLACE INTO mark VALUES (?, ?)", (name, value))

    def _replace(self, contribution: Contribution) -> None:
        links = contribution.links
        digest = digest_of(links) if links else ""
        known = self._file.row("SELECT id, digest FROM owner WHERE name = ?", (contribution.owner,))
        if known is not None:
            if known[1] == digest:
                return
            self._remove(known[0])
        if not links or not (links.nodes or links.edges):
            return
        owner = self._file.run("INSERT INTO owner (name, digest) VALUES (?, ?)", (contribution.owner, digest))
        kinds = {key: "" for edge in links.edges for key in (edge.start, edge.end)}
        kinds |= {node.key: node.kind.value for node in links.nodes}
        # An edge may end at a node that another owner brings, later perhaps: its place is kept, without a kind.
        self._file.run_many("INSERT OR IGNORE INTO node (key, kind) VALUES (?, ?)", kinds.items())
        self._file.run_many(
            "UPDATE node SET kind = ? WHERE key = ? AND kind = ''", ((kind, key) for key, kind in kinds.items() if kind)
        )
        ids = dict(self._many("SELECT key, id FROM node WHERE key IN ({})", tuple(kinds)))
        self._file.run_many(
            "INSERT INTO node_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (ids[n.key], owner, n.label, fold_label(n.label), n.source, n.fact, n.seen_from, n.seen_to)
                for n in links.nodes
            ),
        )
        self._file.run_many(
            "INSERT INTO edge_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (ids[e.start], e.kind.value, ids[e.end], owner, e.source, e.fact, e.seen_from, e.seen_to, e.note)
                for e in links.edges
            ),
        )

    def _remove(self, owner: int) -> None:
        touched = self._file.rows(
            "SELECT node FROM node_claim WHERE owner = ?1 UNION SELECT start FROM edge_claim WHERE owner = ?1 "
            "UNION SELECT end FROM edge_claim WHERE owner = ?1",
            (owner,),
        )
        self._file.run("DELETE FROM node_claim WHERE owner = ?", (owner,))
        self._file.run("DELETE FROM edge_claim WHERE owner = ?", (owner,))
        self._file.run("DELETE FROM owner WHERE id = ?", (owner,))
        self._file.run_many(
            "DELETE FROM node WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM node_claim WHERE node = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM edge_claim WHERE start = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM edge_claim WHERE end = ?1)",
            touched,
        )
        # A place that only an edge still needs has no kind any more.
        self._file.run_many(
            "UPDATE node SET kind = '' WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM node_claim WHERE node = ?1)", touched
        )

    def clear(self) -> None:
        with self._file.transaction():
            for table in ("edge_claim", "node_claim", "node", "owner", "mark"):
                self._file.run(f"DELETE FROM {table}")

    def marks(self) -> dict[str, str]:
        return dict(self._file.rows("SELECT name, value FROM mark"))

    def owners(self, prefix: str = "") -> dict[str, str]:
        return dict(
            self._file.rows("SELECT name, digest FROM owner WHERE substr(name, 1, ?) = ?", (len(prefix), prefix))
        )

    def brought_by(self, owner: str) -> LinkSet:
        nodes = self._file.rows(
            "SELECT n.kind, n.key, c.label, c.source, c.fact, c.seen_from, c.seen_to FROM owner o "
            "JOIN node_claim c ON c.owner = o.id JOIN node n ON n.id = c.node WHERE o.name = ? ORDER BY n.key",
            (owner,),
        )
        edges = self._file.rows(
            f"SELECT {_EDGE} FROM owner o JOIN edge_claim e ON e.owner = o.id {_ENDS} WHERE o.name = ? "
            "ORDER BY e.kind, s.key, t.key",
            (owner,),
        )
        return link_set(nodes, edges)

    def counts(self) -> dict[str, int]:
        nodes = self._file.rows("SELECT 'node.' || kind, count(*) FROM node WHERE kind <> '' GROUP BY kind")
        edges = self._file.rows(
            "SELECT 'edge.' || kind, count(*) FROM (SELECT DISTINCT start, kind, end FROM edge_claim) GROUP BY kind"
        )
        return dict(sorted((*nodes, *edges)))

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        rows = self._many(
            "SELECT n.kind, n.key, c.label, c.source, c.fact, c.seen_from, c.seen_to FROM node n "
            "JOIN node_claim c ON c.node = n.id WHERE n.key IN ({})",
            tuple(dict.fromkeys(keys)),
        )
        return {node.key: node for node in nodes_of_claims(rows)}

    def nodes_of(self, kinds: Sequence[NodeKind]) -> Iterator[GraphNode]:
        after = ""
        marks = ",".join("?" * len(kinds))
        while page := self._file.rows(
            f"SELECT key FROM node WHERE kind IN ({marks}) AND key > ? ORDER BY key LIMIT {PAGE_ROWS}",
            (*(kind.value for kind in kinds), after),
        ):
            keys = [key for (key,) in page]
            found = self.nodes(keys)
            yield from (found[key] for key in keys if key in found)
            after = keys[-1]

    def find(self, text: str, limit: int) -> tuple[GraphNode, ...]:
        keys = self._file.rows(
            "SELECT DISTINCT n.key FROM node_claim c JOIN node n ON n.id = c.node WHERE c.folded = ? "
            "ORDER BY n.key LIMIT ?",
            (fold_label(text), limit),
        )
        found = self.nodes([key for (key,) in keys])
        return tuple(found[key] for (key,) in keys)

    def edges_of(
        self, keys: Sequence[str], *, kinds: Sequence[EdgeKind] = (), limit: int | None = None
    ) -> tuple[GraphEdge, ...]:
        wanted = tuple(dict.fromkeys(keys))
        of_kinds = f" AND e.kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        values = tuple(kind.value for kind in kinds)
        found: set[EdgeClaim] = set()
        for begin in range(0, len(wanted), PAGE_ROWS):
            page = wanted[begin : begin + PAGE_ROWS]
            ids = [row[0] for row in self._many("SELECT id FROM node WHERE key IN ({})", page)]
            marks = ",".join("?" * len(ids))
            for side in ("start", "end"):
                rows = self._file.rows(
                    f"SELECT {_EDGE} FROM edge_claim e {_ENDS} WHERE e.{side} IN ({marks}){of_kinds} "
                    "AND s.kind <> '' AND t.kind <> ''",
                    (*ids, *values),
                )
                found.update(rows)
        edges = edges_of_claims(found)
        return edges if limit is None else edges[:limit]

    def _many(self, sql: str, keys: Sequence[str]) -> list[Any]:
        """The rows of a statement with a list of any length in the place of ``{}``."""
        found: list[Any] = []
        for begin in range(0, len(keys), PAGE_ROWS):
            page = keys[begin : begin + PAGE_ROWS]
            found += self._file.rows(sql.format(",".join("?" * len(page))), page)
        return found

    def close(self) -> None:
        self._file.close()
