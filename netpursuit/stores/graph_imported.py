"""Imported graphs, each in an SQLite file of its own: nothing in it can meet the program's own subjects."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from netpursuit.errors import InputError, StorageError
from netpursuit.ports.graph_store import MOST_STEPS, Sight
from netpursuit.ports.imported_graphs import GraphTables
from netpursuit.records.graph import GraphEdge, GraphNode, Provenance
from netpursuit.records.imports import ImportedEdge, ImportedNode
from netpursuit.stores.files import PAGE_ROWS, SqliteFile, database_files, in_powers_of_two, make_private_folder
from netpursuit.stores.graph_claims import fold_label
from netpursuit.stores.graph_sql import counting, of_kinds, sql_of_days, summed

T = TypeVar("T")

VERSION = 1
IMPORTED = "imported"
REMEDY = "drop the graph (netpursuit graph drop NAME) and import it again (netpursuit graph import)"
ABANDONED_SECONDS = 900.0
"""A file that no graph names and that was not written for so long was left behind by an import that was killed."""

TABLES = """
CREATE TABLE file (id INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL);
CREATE TABLE node (
  id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, own TEXT NOT NULL, kind TEXT NOT NULL, labels TEXT NOT NULL,
  name TEXT NOT NULL, folded TEXT NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL,
  seen_from TEXT NOT NULL, seen_to TEXT NOT NULL, properties TEXT NOT NULL
);
CREATE INDEX node_by_own ON node (own);
CREATE INDEX node_by_name ON node (folded);
CREATE INDEX node_by_kind ON node (kind, key);
CREATE TABLE label (name TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE edge (
  id INTEGER PRIMARY KEY, start INTEGER NOT NULL, kind TEXT NOT NULL, end INTEGER NOT NULL,
  file INTEGER NOT NULL, line INTEGER NOT NULL, seen_from TEXT NOT NULL, seen_to TEXT NOT NULL, properties TEXT NOT NULL
);
CREATE INDEX edge_by_start ON edge (start, kind, end);
CREATE INDEX edge_by_end ON edge (end, kind, start);
"""

_NODE = "n.kind, n.key, n.name, f.name, n.line, n.seen_from, n.seen_to, n.properties, n.labels"
_EDGE = "e.kind, s.key, t.key, f.name, e.line, e.seen_from, e.seen_to, e.properties"
_AT_ONCE = 10_000  # rows between two looks at the disk


class ImportedFolder:
    """``ports.imported_graphs.ImportedPlaces``: a private folder with a file for each graph."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, tables: GraphTables) -> tuple[str, int, int]:
        make_private_folder(self._folder)
        place = f"{name}.{secrets.token_hex(4)}.sqlite"
        # Beside its place and renamed when complete: what stands under its name is whole.
        beside = f".{place}.part"
        try:
            file = SqliteFile(self._folder / beside, version=VERSION, tables=TABLES)
            try:
                with file.transaction():
                    counts = _fill(file, tables)
                file.empty_wal()
            finally:
                file.close()
            (self._folder / beside).replace(self._folder / place)
        except OSError as error:
            self.remove(beside)
            raise StorageError(f"{self._folder / place}: {error.strerror or 'cannot be written'}") from error
        except BaseException:
            self.remove(beside)
            raise
        return place, *counts

    def open(self, place: str) -> ImportedFile:
        path = self._folder / place
        if not path.is_file():
            raise StorageError(f"{path}: the file of this graph is missing: {REMEDY}")
        return ImportedFile(path)

    def remove(self, place: str) -> None:
        try:
            for part in database_files(self._folder / place):
                part.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{self._folder / place}: {error.strerror or 'cannot be removed'}") from error

    def sweep(self, known: AbstractSet[str]) -> None:
        if not self._folder.is_dir():
            return
        kept = tuple(known)
        for path in self._folder.iterdir():
            owned = any(path.name.startswith(place) for place in kept)
            if not owned and ".sqlite" in path.name and _is_abandoned(path):
                path.unlink(missing_ok=True)


def _is_abandoned(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > ABANDONED_SECONDS
    except FileNotFoundError:  # another process was faster
        return False


def _fill(file: SqliteFile, tables: GraphTables) -> tuple[int, int]:
    """All rows of the tables, in the transaction of the caller; answers the numbers of nodes and edges."""
    file.run_many("INSERT INTO file VALUES (?, ?, ?)", ((n, f.name, f.digest) for n, f in enumerate(tables.files)))
    ids: dict[str, int] = {}
    labels: set[str] = set()
    for some in _in_lots(tables.nodes()):
        for node in some:
            ids[node.key] = len(ids)
            labels.update(node.labels)
        file.run_many("INSERT INTO node VALUES (?,?,?,?,?,?,?,?,?,?,?,?)", (_node_row(ids, node) for node in some))
    if not ids:
        raise InputError("the files hold no node", where=tables.source, expected="at least one")
    file.run_many("INSERT INTO label VALUES (?)", ((label,) for label in sorted(labels)))
    edges = 0
    for links in _in_lots(tables.edges()):
        file.run_many("INSERT INTO edge VALUES (NULL,?,?,?,?,?,?,?,?)", (_edge_row(ids, edge) for edge in links))
        edges += len(links)
    return len(ids), edges


def _in_lots(rows: Iterator[T]) -> Iterator[list[T]]:
    while some := list(islice(rows, _AT_ONCE)):
        yield some


def _node_row(ids: dict[str, int], node: ImportedNode) -> tuple[object, ...]:
    return (
        *(ids[node.key], node.key, node.own, node.labels[0], ";".join(node.labels), node.name, fold_label(node.name)),
        *(node.file, node.line, node.seen_from, node.seen_to, _as_json(node.properties)),
    )


def _edge_row(ids: dict[str, int], edge: ImportedEdge) -> tuple[object, ...]:
    return (
        *(ids[edge.start], edge.kind, ids[edge.end], edge.file, edge.line),
        *(edge.seen_from, edge.seen_to, _as_json(edge.properties)),
    )


def _as_json(properties: tuple[tuple[str, str], ...]) -> str:
    return json.dumps(properties, ensure_ascii=False, separators=(",", ":")) if properties else ""


def _of_json(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in json.loads(text)) if text else ()


class ImportedFile:
    """``ports.imported_graphs.ImportedReader`` over one file."""

    def __init__(self, path: Path) -> None:
        self._file = SqliteFile(path, version=VERSION, tables=TABLES, remedy=REMEDY)

    def nodes(self, keys: Sequence[str]) -> dict[str, GraphNode]:
        rows = self._file.rows_of_many(
            f"SELECT {_NODE} FROM node n JOIN file f ON f.id = n.file WHERE n.key IN ({{}})",
            tuple(dict.fromkeys(keys)),
        )
        with self._file.sense():
            return {node.key: node for node in map(_node_of, sorted(rows, key=lambda row: str(row[1])))}

    def nodes_of(self, kinds: Sequence[str]) -> Iterator[GraphNode]:
        after = ""
        marks = ",".join("?" * len(kinds))
        while page := self._file.rows(
            f"SELECT {_NODE} FROM node n JOIN file f ON f.id = n.file WHERE n.kind IN ({marks}) AND n.key > ? "
            f"ORDER BY n.key LIMIT {PAGE_ROWS}",
            (*map(str, kinds), after),
        ):
            with self._file.sense():
                nodes = list(map(_node_of, page))
            yield from nodes
            after = page[-1][1]

    def named(self, text: str, labels: Sequence[str], limit: int) -> tuple[GraphNode, ...]:
        return self._where("n.folded = ?", fold_label(text), labels, limit)

    def with_id(self, own: str, labels: Sequence[str]) -> tuple[GraphNode, ...]:
        return self._where("n.own = ?", own, labels, -1)

    def _where(self, condition: str, value: str, labels: Sequence[str], limit: int) -> tuple[GraphNode, ...]:
        """By key; a node may bear several labels, which its row holds between semicolons."""
        bears = " OR ".join(["instr(';' || n.labels || ';', ';' || ? || ';')"] * len(labels))
        rows = self._file.rows(
            f"SELECT {_NODE} FROM node n JOIN file f ON f.id = n.file WHERE {condition}"
            f"{f' AND ({bears})' if labels else ''} ORDER BY n.key LIMIT ?",
            (value, *labels, limit),
        )
        with self._file.sense():
            return tuple(map(_node_of, rows))

    def labels_of(self, key: str) -> tuple[str, ...]:
        row = self._file.row("SELECT labels FROM node WHERE key = ?", (key,))
        return tuple(row[0].split(";")) if row else ()

    def labels(self) -> tuple[str, ...]:
        return tuple(name for (name,) in self._file.rows("SELECT name FROM label ORDER BY name"))

    def types(self) -> tuple[str, ...]:
        return tuple(kind for (kind,) in self._file.rows("SELECT DISTINCT kind FROM edge ORDER BY kind"))

    def edges_of(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[GraphEdge, ...]:
        kind, values = of_kinds(kinds)
        found: set[tuple[Any, ...]] = set()
        for side in ("start", "end"):
            found.update(
                self._file.rows_of_many(
                    f"SELECT {_EDGE} FROM node k JOIN edge e ON e.{side} = k.id JOIN node s ON s.id = e.start "
                    f"JOIN node t ON t.id = e.end JOIN file f ON f.id = e.file WHERE k.key IN ({{}}){kind}",
                    tuple(dict.fromkeys(keys)),
                    values,
                )
            )
        with self._file.sense():
            edges = _edges_of(found)
        return edges if limit is None else edges[:limit]

    def around(
        self, keys: Sequence[str], *, kinds: Sequence[str] = (), limit: int | None = None
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        edges = self.edges_of(keys, kinds=kinds, limit=limit)
        return edges, self.nodes([key for edge in edges for key in (edge.start, edge.end)])

    def among(
        self, keys: Sequence[str], *, kinds: Sequence[str] = ()
    ) -> tuple[tuple[GraphEdge, ...], dict[str, GraphNode]]:
        kind, values = of_kinds(kinds)
        wanted = tuple(dict.fromkeys(keys))
        ends = in_powers_of_two(wanted)
        rows = self._file.rows_of_many(
            f"SELECT {_EDGE} FROM node s CROSS JOIN edge e ON e.start = s.id JOIN node t ON t.id = e.end "
            f"JOIN file f ON f.id = e.file WHERE s.key IN ({{}}) AND +t.key IN ({','.join('?' * len(ends))}){kind}",
            wanted,
            (*ends, *values),
        )
        with self._file.sense():
            return _edges_of(rows), self.nodes(wanted)

    def steps(self, keys: Sequence[str], *, kinds: Sequence[str] = (), sight: Sight) -> list[tuple[str, str]] | None:
        wanted = tuple(dict.fromkeys(keys))
        kind, values = of_kinds(kinds)
        days, dates = sql_of_days(sight)
        found: list[tuple[str, str]] = []
        for side, other in (("start", "end"), ("end", "start")):
            for begin in range(0, len(wanted), PAGE_ROWS):
                found += self._file.rows_of_many(
                    f"SELECT k.key, t.key FROM node k CROSS JOIN edge e ON e.{side} = k.id "
                    f"CROSS JOIN node t ON t.id = e.{other} WHERE k.key IN ({{}}){kind}"
                    + (f" GROUP BY e.{side}, e.kind, e.{other} HAVING {days}" if days else "")
                    + f" LIMIT {MOST_STEPS + 1}",
                    wanted[begin : begin + PAGE_ROWS],
                    (*values, *dates),
                )
                if len(found) > MOST_STEPS:
                    return None
        return found

    def degrees(self, keys: Sequence[str], *, sight: Sight) -> list[tuple[str, str, str, int]]:
        days, dates = sql_of_days(sight)
        rows: list[Any] = []
        for side, other, loops in (("start", "end", ""), ("end", "start", " AND e.start <> e.end")):
            edges = (
                f"SELECT k.key AS near, e.kind AS kind, t.kind AS far FROM node k CROSS JOIN edge e ON e.{side} = k.id "
                f"CROSS JOIN node t ON t.id = e.{other} WHERE k.key IN ({{}}){loops} GROUP BY e.start, e.kind, e.end"
                + (f" HAVING {days}" if days else "")
            )
            rows += self._file.rows_of_many(counting(edges), tuple(dict.fromkeys(keys)), dates)
        return summed(rows)

    def shortest(
        self, start: str, end: str, *, hops: int, kinds: Sequence[str] = (), sight: Sight
    ) -> list[tuple[str, ...]] | None:
        return None

    def close(self) -> None:
        self._file.close()


def _provenance(file: str, line: int, seen_from: str, seen_to: str, properties: str) -> Provenance:
    return Provenance(
        source=f"{IMPORTED} {file}:{line}", seen_from=seen_from, seen_to=seen_to, properties=_of_json(properties)
    )


def _node_of(row: Sequence[Any]) -> GraphNode:
    kind, key, name, file, line, seen_from, seen_to, properties, labels = row
    said = _provenance(file, line, seen_from, seen_to, properties)
    if labels != kind:  # a node of several labels shows the first and states them all
        said = Provenance(
            source=said.source,
            seen_from=seen_from,
            seen_to=seen_to,
            note=f"labels {labels}",
            properties=said.properties,
        )
    return GraphNode(kind=kind, key=key, label=name, provenance=(said,))


def _edges_of(rows: Iterable[Sequence[Any]]) -> tuple[GraphEdge, ...]:
    """Edges by kind, start and end; links of one kind between the same two nodes are one, with a statement each."""
    stated: dict[tuple[str, str, str], set[Provenance]] = {}
    for kind, start, end, *said in rows:
        stated.setdefault((kind, start, end), set()).add(_provenance(*said))
    return tuple(
        GraphEdge(kind=kind, start=start, end=end, provenance=tuple(sorted(stated[kind, start, end])))
        for kind, start, end in sorted(stated)
    )
