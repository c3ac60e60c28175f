"""What each column of a node or edge table is, by its header and the file's name.

The header format is that of ``neo4j-admin database import`` (Neo4j Operations Manual, "CSV header format").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from netpursuit.errors import InputError
from netpursuit.sources.registrations.columns import FAMILY_NAME, GIVEN_NAME, is_dropped
from netpursuit.sources.tables import fold_header

_ROLES = ("ID", "START_ID", "END_ID", "LABEL", "TYPE", "IGNORE")
_NUMBERS = frozenset(("int", "long", "short", "byte"))
_FLOATS = frozenset(("float", "double"))
_OTHERS = frozenset(
    ("string", "char", "boolean", "point", "date", "localtime", "time", "localdatetime", "datetime", "duration")
)
TYPES = _NUMBERS | _FLOATS | _OTHERS
_HEADER = re.compile(r"(?P<name>.*):(?P<type>[A-Za-z_]+)(?P<array>\[\])?(?:\((?P<space>.*)\))?(?:\{.*\})?", re.DOTALL)

_ID = ("id", "nodeid", "key", "编号")
_NAME = ("name", "fullname", "displayname", "title", "label", "caption", "姓名", "名称")
# Where nothing is called a name: what people would call the thing by.
_CALLED = (
    *("description", "address", "number", "phone", "phoneno", "phonenumber", "email", "emailaddress", "reg"),
    *("registration", "plate", "code", "account", "accountnumber", "iban", "type"),
)
_ENDS = (
    *(("source", "target"), ("from", "to"), ("start", "end"), ("src", "dst"), ("sourceid", "targetid")),
    *(("fromid", "toid"), ("startid", "endid"), ("startnode", "endnode"), ("起点", "终点")),
)
_TYPE = ("type", "relation", "relationship", "reltype", "关系")
_DAY = frozenset(("date", "day", "datetime", "timestamp", "eventdate", "calldate", "occurredon", "occurredat", "日期"))
_FROM = frozenset(("from", "since", "start", "startdate", "fromdate", "begin", "validfrom", "seenfrom", "开始日期"))
_TO = frozenset(("to", "until", "end", "enddate", "todate", "validto", "seento", "结束日期"))
_MARKERS = frozenset(("nodes", "vertices", "edges", "relationships", "relations", "links"))

HEADER_WORDS = frozenset(
    (*_ID, *_NAME, *_CALLED, *_TYPE, "startid", "endid", "weight", *(word for pair in _ENDS for word in pair))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A property: the table's header, the name that remains of it, and its type (empty: any text)."""

    header: str
    name: str
    type: str = ""
    array: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of one table.

    ``ids``: the header of the id, or those of start and end, each with its id space; ``kind``: the header of labels or
    types (empty: ``called``, by the file's name); ``named``: the columns of which a node's name is made, one of several
    ways; ``days``: the columns of the first and of the last day.
    """

    edges: bool
    ids: tuple[tuple[str, str], ...]
    kind: str
    called: str
    plain: bool  # without Neo4j's roles
    properties: tuple[Column, ...]
    dropped: tuple[str, ...]
    named: tuple[tuple[str, ...], ...]
    days: tuple[str, str]


def lay_out(columns: Sequence[str], stem: str, where: str) -> Layout:
    """The layout of a table whose file is called ``stem``. Raises ``InputError`` for one of neither kind."""
    roles: dict[str, tuple[str, str]] = {}
    rest: list[Column] = []
    for header in columns:
        column, role, space = _read_header(header)
        if role in roles:
            raise InputError(f"two columns :{role}", where=where, line=1, expected="one")
        if role:
            roles[role] = (header, space)
        if role != "IGNORE" and column is not None:
            rest.append(column)
    if len({column.name for column in rest}) < len(rest):
        raise InputError("two columns of one property", where=where, line=1, expected="a name of its own for each")
    called = name_of_file(stem)[1]
    if "START_ID" in roles or "END_ID" in roles:
        missing = [role for role in ("START_ID", "END_ID") if role not in roles]
        if missing:
            raise InputError(
                "a table of links without both ends", where=where, line=1, expected=f"a column :{missing[0]}"
            )
        ids, kind, edges = [roles["START_ID"], roles["END_ID"]], roles.get("TYPE", ("", ""))[0], True
    elif "ID" in roles:
        ids, kind, edges = [roles["ID"]], roles.get("LABEL", ("", ""))[0], False
    else:
        return _plain(rest, called, where)
    return _layout(edges, tuple(ids), kind, called or ("LINKED" if edges else "Node"), rest, plain=False)


def _read_header(header: str) -> tuple[Column | None, str, str]:
    """(the property, if it is one; the role, if it has one; the id space)."""
    match = _HEADER.fullmatch(header)
    if match is not None:
        name, kind = match["name"].strip(), match["type"]
        if kind.upper() in _ROLES:
            return Column(header=header, name=name) if name else None, kind.upper(), match["space"] or ""
        if kind.lower() in TYPES and name:
            return Column(header=header, name=name, type=kind.lower(), array=bool(match["array"])), "", ""
    return Column(header=header, name=header), "", ""


def _plain(rest: list[Column], called: str, where: str) -> Layout:
    folded = {fold_header(column.name): column for column in reversed(rest)}
    for pair in _ENDS:
        if folded.keys() >= set(pair):
            ends = tuple((folded[end].header, "") for end in pair)
            others = [column for column in rest if column.header not in {header for header, _ in ends}]
            kind = next((folded[word].header for word in _TYPE if word in folded), "")
            others = [column for column in others if column.header != kind]
            return _layout(True, ends, kind, called or "LINKED", others, plain=True)
    own = next((folded[word] for word in (*_ID, *_NAME) if word in folded), None)
    if own is None:
        raise InputError(
            "neither a table of nodes nor one of links",
            where=where,
            line=1,
            expected="a column :ID, id or name (nodes), or :START_ID and :END_ID, or source and target (links)",
        )
    return _layout(False, ((own.header, ""),), "", called or "Node", rest, plain=True)


def _layout(
    edges: bool, ids: tuple[tuple[str, str], ...], kind: str, called: str, rest: list[Column], *, plain: bool
) -> Layout:
    kept = [column for column in rest if not is_dropped(column.name)]
    days = ("", "")
    folded = {fold_header(column.name): column.header for column in reversed(kept)}
    if day := next((folded[word] for word in folded if word in _DAY), ""):
        days = (day, day)
    else:
        first = next((folded[word] for word in folded if word in _FROM), "")
        days = (first, next((folded[word] for word in folded if word in _TO), ""))
    return Layout(
        edges=edges,
        ids=ids,
        kind=kind,
        called=called,
        plain=plain,
        properties=tuple(kept),
        dropped=tuple(column.name for column in rest if is_dropped(column.name)),
        named=() if edges else _named(kept, folded),
        days=days,
    )


def _named(kept: Sequence[Column], folded: dict[str, str]) -> tuple[tuple[str, ...], ...]:
    """The ways to a name, the best first: given name and surname, a name, what it is called by, or all of it."""
    ways: list[tuple[str, ...]] = []
    family = next((folded[word] for word in folded if word in FAMILY_NAME), "")
    if family:
        given = next((folded[word] for word in folded if word in GIVEN_NAME), folded.get("name", ""))
        ways += [tuple(filter(None, (given, family)))]
    ways += [(folded[word],) for word in (*_NAME, *_CALLED) if word in folded]
    return (*ways, tuple(column.header for column in kept))


def name_of_file(stem: str) -> tuple[str, str]:
    """(what stands before ``nodes`` or ``edges``; the label or type that a file's name gives, or empty).

    >>> name_of_file("crimes.nodes.Person"), name_of_file("madoff.edges"), name_of_file("persons")
    (('crimes', 'Person'), ('madoff', ''), ('', 'persons'))
    """
    parts = stem.split(".")
    at = next((index for index, part in enumerate(parts) if part.casefold() in _MARKERS), None)
    if at is None:
        return "", "" if stem.casefold() in _MARKERS else stem
    return ".".join(parts[:at]), ".".join(parts[at + 1 :])
