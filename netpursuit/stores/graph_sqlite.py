"""The link graph in one SQLite file: the embedded store, which needs no server."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from netpursuit.errors import StorageError
from netpursuit.records.graph import Contribution, GraphEdge, GraphNode, digest_of
from netpursuit.stores.files import PAGE_ROWS, SqliteFile
from netpursuit.stores.graph_claims import EdgeClaim, contributions_of, edges_of_claims, fold_label, nodes_of_claims

VERSION = 2

TABLES = """
CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL);
CREATE TABLE node (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL);
CREATE INDEX node_by_kind ON node (kind, key);
CREATE TABLE node_claim (
  node INTEGER NOT NULL, owner INTEGER NOT NULL, label TEXT NOT NULL, folded TEXT NOT NULL,
  source TEXT NOT NULL, fact INTEGER NOT NULL, seen_from TEXT NOT NULL, seen_to TEXT NOT NULL,
  case_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (node, owner)
) WITHOUT ROWID;
CREATE INDEX node_claim_by_owner ON node_claim (owner);
CREATE INDEX node_claim_by_label ON node_claim (folded);
CREATE TABLE edge_claim (
  start INTEGER NOT NULL, kind TEXT NOT NULL, end INTEGER NOT NULL, owner INTEGER NOT NULL,
  source TEXT NOT NULL, fact INTEGER NOT NULL, seen_from TEXT NOT NULL, seen_to TEXT NOT NULL, note TEXT NOT NULL,
  case_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (start, kind, end, owner)
) WITHOUT ROWID;
CREATE INDEX edge_claim_by_end ON edge_claim (end, kind, start);
CREATE INDEX edge_claim_by_owner ON edge_claim (owner);
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

CHANGES = {
    2: "ALTER TABLE node_claim ADD COLUMN case_id TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE edge_claim ADD COLUMN case_id TEXT NOT NULL DEFAULT ''"
}

_NODE = "n.kind, n.key, c.label, c.source, c.fact, c.seen_from, c.seen_to, c.case_id"
_EDGE = "s.key, e.kind, t.key, e.source, e.fact, e.seen_from, e.seen_to, e.note, e.case_id"
_ENDS = "JOIN node s ON s.id = e.start JOIN node t ON t.id = e.end"


def _shown(node: str) -> str:
    """Whether anything that is said of a node is seen: by everybody, or under the case that is asked for."""
    return f"EXISTS (SELECT 1 FROM node_claim v WHERE v.node = {node}.id AND v.case_id IN ('', ?))"


class SqliteGraph:
    """``ports.graph_store.GraphStore`` over one file. Raises ``StorageError`` where it cannot be used."""

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, version=VERSION, tables=TABLES, changes=CHANGES)
        self._case = ""

    def under(self, case_id: str) -> SqliteGraph:
        seen = copy.copy(self)
        seen._case = case_id
        return seen

    def put(self, contributions: Iterable[Contribution], marks: Mapping[str, str | None] | None = None) -> None:
        parts = {part.owner: part for part in contributions}
        with self._file.transaction():
            self._replace(parts)
            for name, value in (marks or {}).items():
                if value is None:
                    self._file.run("DELETE FROM mark WHERE name = ?", (name,))
                else:
                    self._file.run("INSERT OR REPLACE INTO mark VALUES (?, ?)", (name, value))
        if any(part.links is None for part in parts.values()):
            # What is gone leaves the write-ahead log too; where another session still reads, with the last of them.
            with suppress(StorageError):
                self._file.empty_wal()

    def _replace(self, parts: Mapping[str, Contribution]) -> None:
        """Take away what these owners had brought and differs, and write what they bring now."""
        digests = {
            name: digest_of(part.links, part.case_id)
            for name, part in parts.items()
            if part.links and (part.links.nodes or part.links.edges)
        }
        known = {
            name: (owner, digest)
            for name, owner, digest in self._file.rows_of_many(
                "SELECT name, id, digest FROM owner WHERE name IN ({})", tuple(parts)
            )
        }
        self._remove([owner for name, (owner, digest) in known.items() if digests.get(name) != digest])
        changed = [name for name, digest in digests.items() if name not in known or known[name][1] != digest]
        fresh = [(name, links) for name in changed if (links := parts[name].links) is not None]
        cases = {name: parts[name].case_id for name in changed}
        self._file.run_many(
            "INSERT INTO owner (name, digest) VALUES (?, ?)", ((name, digests[name]) for name, _ in fresh)
        )
        owners = dict(
            self._file.rows_of_many("SELECT name, id FROM owner WHERE name IN ({})", [name for name, _ in fresh])
        )
        # An edge may end at a node that another owner brings, later perhaps: its place is kept, without a kind.
        kinds = {key: "" for _, links in fresh for edge in links.edges for key in (edge.start, edge.end)}
        kinds |= {node.key: node.kind.value for _, links in fresh for node in links.nodes}
        self._file.run_many(
            "INSERT INTO node (key, kind) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET kind = excluded.kind "
            "WHERE node.kind = '' AND excluded.kind <> ''",
            kinds.items(),
        )
        ids = dict(self._file.rows_of_many("SELECT key, id FROM node WHERE key IN ({})", tuple(kinds)))
        self._file.run_many(
            "INSERT INTO node_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(ids[n.key], owners[name], n.label, fold_label(n.label), n.source, n.fact),
                    *(n.seen_from, n.seen_to, cases[name]),
                )
                for name, links in fresh
                for n in links.nodes
            ),
        )
        self._file.run_many(
            "INSERT INTO edge_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    *(ids[e.start], e.kind.value, ids[e.end], owners[name], e.source, e.fact),
                    *(e.seen_from, e.seen_to, e.note, cases[name]),
                )
                for name, links in fresh
                for e in links.edges
            ),
        )

    def _remove(self, owners: Sequence[int]) -> None:
        """What these owners brought, and every thing that nobody brings any more."""
        touched: set[int] = set()
        for column, table in (("node", "node_claim"), ("start", "edge_claim"), ("end", "edge_claim")):
            touched.update(
                node
                for (node,) in self._file.rows_of_many(f"SELECT {column} FROM {table} WHERE owner IN ({{}})", owners)
            )
        for table, column in (("node_claim", "owner"), ("edge_claim", "owner"), ("owner", "id")):
            self._file.run_many(f"DELETE FROM {table} WHERE {column} = ?", ((owner,) for owner in owners))
        nodes = [(node,) for node in sorted(touched)]
        self._file.run_many(
            "DELETE FROM node WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM node_claim WHERE node = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM edge_claim WHERE start = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM edge_claim WHERE end = ?1)",
            nodes,
        )
        # A place that only an edge still needs has no kind any more.
        self._file.run_many(
            "UPDATE node SET kind = '' WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM node_claim WHERE node = ?1)", nodes
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

    def brought_by(self, owners: Sequence[str]) -> dict[str, Contribution]:
        nodes = self._file.rows_of_many(
            f"SELECT o.name, {_NODE} FROM owner o JOIN node_claim c ON c.owner = o.id "
            "JOIN node n ON n.id = c.node WHERE o.name IN ({})",
            owners,
        )
        edges = self._file.rows_of_many(
            f"SELECT o.name, {_EDGE} FROM owner o JOIN edge_claim e ON e.owner = o.id {_ENDS} WHERE o.name IN ({{}})",
            owners,
        )
        return contributions_of(owners, nodes, edges)

    def counts(self) -> dict[str, int]:
        nodes = self._file.rows(
            f"SELECT 'node.' || kind, count(*) FROM node n WHERE kind <> '' AND {_shown('n')} GROUP BY kind",
            (self._case,),
        )
        edges = self._file.rows(
            "SELECT 'edge.' || kind, count(*) FROM (SELECT DISTINCT start, kind, end FROM edge_claim "
            "WHERE case_id IN ('', ?)) GROUP BY kind",
            (self._case,),
        )
        return dict(sorted((*nodes, *edges)))

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        rows = self._file.rows_of_many(
            f"SELECT {_NODE} FROM node n JOIN node_claim c ON c.node = n.id "
            "WHERE n.key IN ({}) AND c.case_id IN ('', ?)",
            tuple(dict.fromkeys(keys)),
            (self._case,),
        )
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
        keys = self._file.rows(
            "SELECT DISTINCT n.key FROM node_claim c JOIN node n ON n.id = c.node WHERE c.folded = ? "
            "AND c.case_id IN ('', ?) ORDER BY n.key LIMIT ?",
            (fold_label(text), self._case, limit),
        )
        found = self.nodes([key for (key,) in keys])
        return tuple(found[key] for (key,) in keys)

    def edges_of(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[GraphEdge, ...]:
        wanted = tuple(dict.fromkeys(keys))
        of_kinds = f" AND e.kind IN ({','.join('?' * len(kinds))})" if kinds else ""
        values = (self._case, self._case, self._case, *map(str, kinds))
        found: set[EdgeClaim] = set()
        for side in ("start", "end"):
            found.update(
                self._file.rows_of_many(
                    f"SELECT {_EDGE} FROM node k JOIN edge_claim e ON e.{side} = k.id {_ENDS} WHERE k.key IN ({{}}) "
                    f"AND e.case_id IN ('', ?) AND {_shown('s')} AND {_shown('t')}{of_kinds}",
                    wanted,
                    values,
                )
            )
        edges = edges_of_claims(found)
        return edges if limit is None else edges[:limit]

    def close(self) -> None:
        self._file.close()
