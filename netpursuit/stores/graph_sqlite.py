"""The link graph in one SQLite file: the embedded store, which needs no server.

What several owners state alike of a node is kept once (``node_said``): a list stands with one statement, not with one
for each of its thousands of entries. Walks step over whole numbers in ``edge_claim`` and its index by end, and read who
says so only of what is answered (decision 016).
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from netpursuit.errors import StorageError
from netpursuit.ports.graph_store import MOST_STEPS, Sight
from netpursuit.records.graph import Contribution, GraphEdge, GraphNode, LinkSet, Node, digest_of
from netpursuit.stores.files import PAGE_ROWS, SqliteFile, in_powers_of_two
from netpursuit.stores.graph_claims import edges_of_claims, fold_label, link_sets, nodes_of_claims, sql_of_days

VERSION = 2
CACHE_MB, MAPPED_MB = 64, 4_000  # walks read pages all over the file, few of them twice
REMEDY = "build it anew with netpursuit graph rebuild"
_NO_NODE = -1  # the place of a node that nobody brings; else 1 for a fact, 0 for an assessment
_DIGEST = 16  # bytes
_SIDES = ("-wal", "-shm", "-journal")
_OTHER = {"start": "end", "end": "start"}

TABLES = """
CREATE TABLE owner (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL);
CREATE TABLE node (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, fact INTEGER NOT NULL);
CREATE INDEX node_by_kind ON node (kind, key);
CREATE TABLE node_said (
  node INTEGER NOT NULL, digest BLOB NOT NULL, label TEXT NOT NULL, folded TEXT NOT NULL,
  source TEXT NOT NULL, fact INTEGER NOT NULL, seen_from TEXT NOT NULL, seen_to TEXT NOT NULL,
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
  PRIMARY KEY (start, kind, end, owner)
) WITHOUT ROWID;
CREATE INDEX edge_claim_by_end ON edge_claim (end, kind, start, fact, seen_from, seen_to);
CREATE INDEX edge_claim_by_owner ON edge_claim (owner);
CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

_OLDER = "DROP TABLE edge_claim; DROP TABLE node_claim; DROP TABLE node; DROP TABLE owner; DROP TABLE mark"
CHANGES = {2: f"{_OLDER};{TABLES}"}
"""The graph is a projection: what an older version wrote is dropped, and without marks it is built anew."""

_SAID = "n.kind, n.key, s.label, s.source, s.fact, s.seen_from, s.seen_to"
_EDGE = "s.key, e.kind, t.key, e.source, e.fact, e.seen_from, e.seen_to, e.note"
_ENDS = "JOIN node s ON s.id = e.start JOIN node t ON t.id = e.end"
_FEW_KINDS = 3


class SqliteGraph:
    """``ports.graph_store.GraphStore`` over one file. Raises ``StorageError`` where it cannot be used."""

    name = "embedded"

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(
            path, version=VERSION, tables=TABLES, changes=CHANGES, cache_mb=CACHE_MB, mapped_mb=MAPPED_MB, remedy=REMEDY
        )

    def put(self, contributions: Iterable[Contribution], marks: Mapping[str, str | None] | None = None) -> None:
        parts = {part.owner: part.links for part in contributions}
        with self._file.transaction():
            self._replace(parts)
            for name, value in (marks or {}).items():
                if value is None:
                    self._file.run("DELETE FROM mark WHERE name = ?", (name,))
                else:
                    self._file.run("INSERT OR REPLACE INTO mark VALUES (?, ?)", (name, value))

    def _replace(self, parts: Mapping[str, LinkSet | None]) -> None:
        """Take away what these owners had brought and differs, and write what they bring now."""
        digests = {name: digest_of(links) for name, links in parts.items() if links and (links.nodes or links.edges)}
        known = {
            name: (owner, digest)
            for name, owner, digest in self._file.rows_of_many(
                "SELECT name, id, digest FROM owner WHERE name IN ({})", tuple(parts)
            )
        }
        self._remove([owner for name, (owner, digest) in known.items() if digests.get(name) != digest])
        changed = [name for name, digest in digests.items() if name not in known or known[name][1] != digest]
        fresh = [(name, links) for name in changed if (links := parts[name]) is not None]
        self._file.run_many(
            "INSERT INTO owner (name, digest) VALUES (?, ?)", ((name, digests[name]) for name, _ in fresh)
        )
        owners = dict(
            self._file.rows_of_many("SELECT name, id FROM owner WHERE name IN ({})", [name for name, _ in fresh])
        )
        ids = self._add_nodes([(owners[name], links.nodes) for name, links in fresh], [links for _, links in fresh])
        self._file.run_many(
            "INSERT INTO edge_claim VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            sorted(
                (ids[e.start], e.kind.value, ids[e.end], owners[name], e.source, e.fact, e.seen_from, e.seen_to, e.note)
                for name, links in fresh
                for e in links.edges
            ),
        )

    def _add_nodes(self, brought: Sequence[tuple[int, tuple[Node, ...]]], fresh: Sequence[LinkSet]) -> dict[str, int]:
        """Nodes and what these owners say of them; answers the numbers of all nodes that edges need, too."""
        # An edge may end at a node that another owner brings, later perhaps: its place is kept, without a kind.
        kinds = {key: "" for links in fresh for edge in links.edges for key in (edge.start, edge.end)}
        facts = dict.fromkeys(kinds, _NO_NODE)
        for _, nodes in brought:
            for node in nodes:
                kinds[node.key] = node.kind.value
                facts[node.key] = max(facts.get(node.key, _NO_NODE), int(node.fact))
        self._file.run_many(
            "INSERT INTO node (key, kind, fact) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET "
            "kind = CASE node.kind WHEN '' THEN excluded.kind ELSE node.kind END, fact = max(node.fact, excluded.fact) "
            "WHERE (node.kind = '' AND excluded.kind <> '') OR excluded.fact > node.fact",
            ((key, kinds[key], facts[key]) for key in sorted(kinds)),
        )
        ids = dict(self._file.rows_of_many("SELECT key, id FROM node WHERE key IN ({})", tuple(kinds)))
        said: dict[tuple[int, bytes], tuple[str, str, str, bool, str, str]] = {}
        claims = []
        for owner, nodes in brought:
            for n in nodes:
                stated = (n.label, n.source, n.fact, n.seen_from, n.seen_to)
                digest = hashlib.blake2b(repr(stated).encode("utf-8", "surrogatepass"), digest_size=_DIGEST).digest()
                said[ids[n.key], digest] = (n.label, fold_label(n.label), *stated[1:])
                claims.append((owner, ids[n.key], digest))
        self._file.run_many(
            "INSERT OR IGNORE INTO node_said VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            ((*at, *said[at]) for at in sorted(said)),
        )
        self._file.run_many("INSERT INTO node_claim VALUES (?, ?, ?)", claims)
        return ids

    def _remove(self, owners: Sequence[int]) -> None:
        """What these owners brought, and every thing that nobody brings any more."""
        said = self._file.rows_of_many("SELECT node, digest FROM node_claim WHERE owner IN ({})", owners)
        touched = {node for node, _ in said}
        for column in ("start", "end"):
            touched.update(
                node
                for (node,) in self._file.rows_of_many(f"SELECT {column} FROM edge_claim WHERE owner IN ({{}})", owners)
            )
        for table, column in (("node_claim", "owner"), ("edge_claim", "owner"), ("owner", "id")):
            self._file.run_many(f"DELETE FROM {table} WHERE {column} = ?", ((owner,) for owner in owners))
        self._file.run_many(
            "DELETE FROM node_said WHERE node = ?1 AND digest = ?2 "
            "AND NOT EXISTS (SELECT 1 FROM node_claim WHERE node = ?1 AND digest = ?2)",
            sorted(set(said)),
        )
        nodes = [(node,) for node in sorted(touched)]
        self._file.run_many(
            "DELETE FROM node WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM node_said WHERE node = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM edge_claim WHERE start = ?1) "
            "AND NOT EXISTS (SELECT 1 FROM edge_claim WHERE end = ?1)",
            nodes,
        )
        # A place that only an edge still needs has no kind any more.
        self._file.run_many(
            "UPDATE node SET fact = coalesce((SELECT max(fact) FROM node_said WHERE node = ?1), ?2), "
            "kind = CASE WHEN EXISTS (SELECT 1 FROM node_said WHERE node = ?1) THEN kind ELSE '' END WHERE id = ?1",
            ((node, _NO_NODE) for (node,) in nodes),
        )

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

    def brought_by(self, owners: Sequence[str]) -> dict[str, LinkSet]:
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
            return link_sets(owners, nodes, edges)

    def counts(self) -> dict[str, int]:
        nodes = self._file.rows("SELECT 'node.' || kind, count(*) FROM node WHERE kind <> '' GROUP BY kind")
        edges = self._file.rows(
            "SELECT 'edge.' || kind, count(*) FROM (SELECT DISTINCT start, kind, end FROM edge_claim) GROUP BY kind"
        )
        return dict(sorted((*nodes, *edges)))

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        return self._nodes("key", tuple(dict.fromkeys(keys)))

    def _nodes(self, column: str, values: Sequence[object]) -> dict[str, GraphNode]:
        rows = self._file.rows_of_many(
            f"SELECT {_SAID} FROM node n JOIN node_said s ON s.node = n.id WHERE n.{column} IN ({{}})", values
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
        keys = self._file.rows(
            "SELECT DISTINCT n.key FROM node_said s JOIN node n ON n.id = s.node WHERE s.folded = ? "
            "ORDER BY n.key LIMIT ?",
            (fold_label(text), limit),
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
        of_kinds, values = _of_kinds(kinds)
        found: list[Any] = []
        for side, near, far in (("start", "s", "t"), ("end", "t", "s")):
            found += self._file.rows_of_many(
                f"SELECT e.start, e.end, {_EDGE} FROM node {near} CROSS JOIN edge_claim e ON e.{side} = {near}.id "
                f"CROSS JOIN node {far} ON {far}.id = e.{_OTHER[side]} "
                f"WHERE {near}.key IN ({{}}) AND s.kind <> '' AND t.kind <> ''{of_kinds}",
                wanted,
                values,
            )
        return found

    def among(self, keys: Sequence[str], *, kinds: Sequence[str] = ()) -> tuple[GraphEdge, ...]:
        known: dict[int, str] = dict(
            self._file.rows_of_many(
                "SELECT id, key FROM node WHERE key IN ({}) AND kind <> ''", tuple(dict.fromkeys(keys))
            )
        )
        ends = in_powers_of_two(tuple(known))
        of_kinds, values = _of_kinds(kinds)
        rows = self._file.rows_of_many(
            "SELECT e.start, e.kind, e.end, e.source, e.fact, e.seen_from, e.seen_to, e.note FROM edge_claim e "
            f"WHERE e.start IN ({{}}) AND +e.end IN ({','.join('?' * len(ends))}){of_kinds}",
            tuple(known),
            (*ends, *values),
        )
        return self._edges((known[start], kind, known[end], *said) for start, kind, end, *said in rows)

    def steps(self, keys: Sequence[str], *, kinds: Sequence[str] = (), sight: Sight) -> list[tuple[str, str]] | None:
        wanted = tuple(dict.fromkeys(keys))
        of_kinds, values = _of_kinds(kinds)
        dated, days = sql_of_days(sight)
        least = int(not sight.assessments)
        found: list[tuple[str, str]] = []
        for side in ("start", "end"):
            other = _OTHER[side]
            for begin in range(0, len(wanted), PAGE_ROWS):
                found += self._file.rows_of_many(
                    f"SELECT k.key, t.key FROM node k CROSS JOIN edge_claim e ON e.{side} = k.id "
                    f"CROSS JOIN node t ON t.id = e.{other} WHERE k.key IN ({{}}) AND k.fact >= {least:d} "
                    f"AND t.fact >= {least:d}{of_kinds} "
                    + (
                        f"GROUP BY e.{side}, e.kind, e.{other} HAVING max(e.fact) >= {least:d} AND {dated}"
                        if dated
                        else f"AND e.fact >= {least:d}"
                    )
                    + f" LIMIT {MOST_STEPS + 1}",
                    wanted[begin : begin + PAGE_ROWS],
                    (*values, *days),
                )
                if len(found) > MOST_STEPS:
                    return None
        return found

    def held(self, kind: str, *, by: Sequence[str], least: int, sight: Sight) -> Iterator[tuple[str, tuple[str, ...]]]:
        of_kinds, values = _of_kinds(by)
        dated, days = sql_of_days(sight)
        seen = int(not sight.assessments)
        holders: dict[str, set[str]] = {}
        for thing, holder in self._file.rows(
            "SELECT k.key, t.key FROM node k CROSS JOIN edge_claim e ON e.end = k.id "
            f"CROSS JOIN node t ON t.id = e.start WHERE k.kind = ? AND k.fact >= {seen:d} AND t.fact >= {seen:d}"
            f"{of_kinds} "
            + (
                f"GROUP BY e.end, e.kind, e.start HAVING max(e.fact) >= {seen:d} AND {dated}"
                if dated
                else f"AND e.fact >= {seen:d}"
            ),
            (str(kind), *values, *days),
        ):
            holders.setdefault(thing, set()).add(holder)
        for thing in sorted(holders):
            if len(holders[thing]) >= least:
                yield thing, tuple(sorted(holders[thing]))

    def check(self) -> None:
        self._file.check()

    def close(self) -> None:
        self._file.close()


@contextmanager
def built_beside(path: Path) -> Iterator[SqliteGraph]:
    """A new store that takes the place of a damaged file when the block ends well; before, nobody sees it.

    Raises ``StorageError`` where the file cannot be replaced."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        store = SqliteGraph(beside)
        try:
            yield store
            store._file.empty_wal()
        finally:
            store.close()
        # First the log of the damaged file: over the new one it would be replayed.
        for ending in _SIDES:
            path.with_name(f"{path.name}{ending}").unlink(missing_ok=True)
        beside.replace(path)
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or 'cannot be replaced'}") from error
    finally:
        for ending in ("", *_SIDES):
            with suppress(OSError):
                beside.with_name(f"{beside.name}{ending}").unlink(missing_ok=True)


def _of_kinds(kinds: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The condition on the kind of an edge and its values. Many kinds are not looked up one by one: most of what hangs
    on a node is of one of them."""
    if not kinds:
        return "", ()
    column = "e.kind" if len(kinds) <= _FEW_KINDS else "+e.kind"
    return f" AND {column} IN ({','.join('?' * len(kinds))})", tuple(map(str, kinds))
