"""The files of one import as nodes and links, checked row by row; the first thing that is wrong ends the import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.policy.labels import names_group
from netpursuit.records import Rejected
from netpursuit.records.imports import ImportedEdge, ImportedNode, LeftOut, SourceFile
from netpursuit.sources.graph_tables.layout import HEADER_WORDS, Layout, lay_out, name_of_file
from netpursuit.sources.graph_tables.values import expected_of, is_day_first, to_day
from netpursuit.sources.registrations.columns import is_dropped
from netpursuit.sources.tables import Row, Table, open_table, read_line

ENDINGS = (".csv", ".tsv")
_LONGEST_KIND = 200  # characters of a label or type
_LONGEST_NAME = 200
_READABLE = {
    "ragged-row": "another number of cells than the header",
    "unclosed-quote": "a quote that is not closed",
    "undecodable": "characters that cannot be read",
    "nul-byte": "a zero byte",
    "field-too-long": "a cell that is too long",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One opened table."""

    number: int
    table: Table
    layout: Layout
    spaces: tuple[str, ...]
    day_first: tuple[bool | None, bool | None]

    @property
    def file(self) -> str:
        return self.table.path.name


@dataclass(frozen=True, slots=True)
class _Known:
    """What links need of a node that was read: its key and its days; no key: it was left out."""

    key: str
    seen_from: str
    seen_to: str
    file: str
    line: int


def open_graph_tables(paths: Sequence[Path]) -> GraphFiles:
    """Open node and edge tables: files, or all ``.csv`` and ``.tsv`` files of a folder, in the order of their names.

    Raises ``InputError`` for a folder without any, a file that is no table of nodes or links, and a graph of no nodes.
    """
    files = [file for path in paths for file in _files(path)]
    tables = []
    for file in files:
        table = open_table(file, header_words=HEADER_WORDS)
        stated = table.header_line == 2 and read_line(table, 1)[:4].lower() == "sep="
        if table.header_line > 1 and not stated:
            raise InputError("the first line is no header", where=file.name, line=1, expected="names of columns")
        tables.append((table, lay_out(table.columns, file.stem, file.name)))
    # Several networks side by side, each numbered from 1, as tables X.nodes and X.edges: X keeps their ids apart.
    numbered = [(table, layout) for table, layout in tables if not layout.edges] or tables
    networks = {name_of_file(table.path.stem)[0] for table, layout in numbered if layout.plain}
    parts = [
        _Part(
            number=number,
            table=table,
            layout=layout,
            spaces=tuple(
                space or (name_of_file(table.path.stem)[0] if layout.plain and len(networks) > 1 else "")
                for _, space in layout.ids
            ),
            day_first=_day_order(table, layout),
        )
        for number, (table, layout) in enumerate(tables)
    ]
    return GraphFiles(", ".join(str(path.name or path) for path in paths), parts)


def _files(path: Path) -> list[Path]:
    try:
        if not path.is_dir():
            return [path]
        found = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS and file.name[0] != ".")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), expected="a folder of tables") from None
    if not found:
        raise InputError("a folder without tables", where=str(path), expected="files *.csv or *.tsv")
    return found


def _day_order(table: Table, layout: Layout) -> tuple[bool | None, bool | None]:
    first, last = layout.days
    told: dict[str, bool | None] = {}
    for header in {first, last} - {""}:
        told[header] = is_day_first(row.values.get(header, "") for row in table.rows() if isinstance(row, Row))
    return told.get(first), told.get(last)


class GraphFiles:
    """``ports.imported_graphs.GraphTables`` over files."""

    def __init__(self, source: str, parts: Sequence[_Part]) -> None:
        self._source = source
        self._parts = parts
        self._known: dict[tuple[str, str], _Known] = {}
        self._keys: set[str] = set()
        self._left_nodes = self._left_edges = 0
        node_parts = [part for part in parts if not part.layout.edges]
        self._from_ends = not node_parts
        self._many_spaces = len({space for part in node_parts or parts for space in part.spaces}) > 1

    @property
    def source(self) -> str:
        return self._source

    @property
    def files(self) -> tuple[SourceFile, ...]:
        return tuple(SourceFile(name=part.file, digest=part.table.file_digest) for part in self._parts)

    def left_out(self) -> LeftOut:
        columns = {name for part in self._parts for name in part.layout.dropped}
        return LeftOut(columns=tuple(sorted(columns)), nodes=self._left_nodes, edges=self._left_edges)

    def nodes(self) -> Iterator[ImportedNode]:
        for part in self._parts:
            if part.layout.edges and self._from_ends:
                yield from self._ends(part)
            elif not part.layout.edges:
                for row in _rows(part):
                    node = self._node(part, row)
                    if node is not None:
                        yield node

    def _node(self, part: _Part, row: Row) -> ImportedNode | None:
        layout = part.layout
        own = _cell(part, row, layout.ids[0][0])
        where = (part.spaces[0], own)
        if (before := self._known.get(where)) is not None:
            raise InputError(
                "a second node with the id of another",
                where=part.file,
                line=row.line,
                expected=f"another id than that of {before.file}:{before.line}",
            )
        labels = _labels(part, row)
        if any(is_dropped(label) or names_group(label) for label in labels):
            self._known[where] = _Known("", "", "", part.file, row.line)
            self._left_nodes += 1
            return None
        key = self._key(labels[0], *where)
        if key in self._keys:
            raise InputError(
                "label and id give two nodes one key", where=part.file, line=row.line, expected="ids without colons"
            )
        self._keys.add(key)
        seen_from, seen_to = _days(part, row)
        self._known[where] = _Known(key, seen_from, seen_to, part.file, row.line)
        return ImportedNode(
            key=key,
            own=own,
            labels=labels,
            name=_name(layout, row) or own,
            file=part.number,
            line=row.line,
            seen_from=seen_from,
            seen_to=seen_to,
            properties=_properties(part, row),
        )

    def _key(self, label: str, space: str, own: str) -> str:
        return f"{label}:{space}:{own}" if self._many_spaces and space not in ("", label) else f"{label}:{own}"

    def _ends(self, part: _Part) -> Iterator[ImportedNode]:
        """Where no table of nodes was given, the nodes are what the links join."""
        for row in _rows(part):
            for (header, _), space in zip(part.layout.ids, part.spaces, strict=True):
                own = _cell(part, row, header)
                if (space, own) not in self._known:
                    key = self._key("Node", space, own)
                    self._known[space, own] = _Known(key, "", "", part.file, row.line)
                    yield ImportedNode(key=key, own=own, labels=("Node",), name=own, file=part.number, line=row.line)

    def edges(self) -> Iterator[ImportedEdge]:
        for part in self._parts:
            if part.layout.edges:
                for row in _rows(part):
                    edge = self._edge(part, row)
                    if edge is not None:
                        yield edge

    def _edge(self, part: _Part, row: Row) -> ImportedEdge | None:
        ends = []
        for (header, _), space in zip(part.layout.ids, part.spaces, strict=True):
            known = self._known.get((space, _cell(part, row, header)))
            if known is None:
                among = f" of the id space {space}" if space else ""
                raise InputError(
                    f"column {header!r} names no node",
                    where=part.file,
                    line=row.line,
                    expected=f"the id of a node{among} in this import",
                )
            ends.append(known)
        if not all(known.key for known in ends):
            self._left_edges += 1
            return None
        kind = row.values.get(part.layout.kind, "").strip() if part.layout.kind else ""
        seen_from, seen_to = _days(part, row)
        dated = [known for known in ends if known.seen_from or known.seen_to]
        if not (seen_from or seen_to) and len(dated) == 1:  # the day of the event at its one end
            seen_from, seen_to = dated[0].seen_from, dated[0].seen_to
        return ImportedEdge(
            kind=_checked_kind(kind or part.layout.called, part, row),
            start=ends[0].key,
            end=ends[1].key,
            file=part.number,
            line=row.line,
            seen_from=seen_from,
            seen_to=seen_to,
            properties=_properties(part, row),
        )


def _rows(part: _Part) -> Iterator[Row]:
    for row in part.table.rows():
        if isinstance(row, Rejected):
            what = _READABLE.get(row.reason, row.reason)
            raise InputError(what, where=part.file, line=row.line, expected=row.expected or "a row of the table")
        yield row


def _cell(part: _Part, row: Row, header: str) -> str:
    value = row.values.get(header, "").strip()
    if not value or not value.isprintable():
        what = "holds unprintable characters" if value else "is empty"
        raise InputError(f"column {header!r} {what}", where=part.file, line=row.line, expected="an id")
    return value


def _labels(part: _Part, row: Row) -> tuple[str, ...]:
    stated = row.values.get(part.layout.kind, "").split(";") if part.layout.kind else []
    labels = tuple(dict.fromkeys(filter(None, map(str.strip, stated)))) or (part.layout.called,)
    return tuple(_checked_kind(label, part, row) for label in labels)


def _checked_kind(kind: str, part: _Part, row: Row) -> str:
    if len(kind) > _LONGEST_KIND or not kind.isprintable():
        raise InputError(
            "no label or type", where=part.file, line=row.line, expected=f"at most {_LONGEST_KIND} printable characters"
        )
    return kind


def _name(layout: Layout, row: Row) -> str:
    for headers in layout.named:
        parts = [value for header in headers if (value := " ".join(row.values.get(header, "").split()))]
        if parts:
            # A terminal obeys what cannot be printed.
            return "".join(filter(str.isprintable, " ".join(parts)))[:_LONGEST_NAME]
    return ""


def _days(part: _Part, row: Row) -> tuple[str, str]:
    first, last = part.layout.days
    return (
        to_day(row.values.get(first, ""), day_first=part.day_first[0]) if first else "",
        to_day(row.values.get(last, ""), day_first=part.day_first[1]) if last else "",
    )


def _properties(part: _Part, row: Row) -> tuple[tuple[str, str], ...]:
    found = []
    for column in part.layout.properties:
        value = row.values.get(column.header, "")
        if not value:
            continue
        if column.type and (expected := expected_of(column, value)):
            raise InputError(
                f"column {column.header!r} holds no {column.type}", where=part.file, line=row.line, expected=expected
            )
        found.append((column.name, value))
    return tuple(found)
