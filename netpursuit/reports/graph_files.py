"""What an analysis found, as a file: GraphML, GEXF, FollowTheMoney, Cypher, two CSV tables, or a picture.

Every file says in itself what it is, for what, by whom and until when (A13); ``leads_file.write_notice`` lays the same
beside it. Labels and types of the Cypher script are the program's own or, of an imported graph, quoted names; every
value is a quoted literal.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError
from netpursuit.links.call_notes import condensed
from netpursuit.links.views import Findings
from netpursuit.records import EntryKind
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind
from netpursuit.reports.graph_ftm import as_ftm
from netpursuit.reports.graph_picture import Caption, as_svg
from netpursuit.reports.graph_png import as_png
from netpursuit.reports.leads_file import Notice, notice_lines, safe_cell, write_notice, write_whole
from netpursuit.reports.wording import plain

KINDS = (".graphml", ".gexf", ".ftm.json", ".ftm.jsonl", ".cypher", ".csv", ".svg", ".png")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of a question goes into the file of its answer: the keys of the nodes that were asked for; by node key what
    an entry is (a person, an organisation ...); a line for each list that is not fresh (A16)."""

    nodes: tuple[str, ...] = ()
    entry_kinds: Mapping[str, EntryKind] = field(default_factory=dict)
    alarms: tuple[str, ...] = ()


def kind_of(path: Path) -> str:
    """The ending that says in which format a file is written, such as ``.ftm.json``; of an unknown one, its suffix."""
    name = path.name.lower()
    return next((kind for kind in KINDS if name.endswith(kind)), path.suffix.lower())


def check_place(path: Path) -> None:
    """Refuse a file that could not be written. Raises ``InputError``."""
    if kind_of(path) not in KINDS:
        raise InputError(f"unknown kind of file {path.suffix!r}", where=str(path), expected=" or ".join(KINDS))
    if not path.absolute().parent.is_dir():
        raise InputError("the folder does not exist", where=str(path), expected="an existing folder")


def write_graph(
    found: Findings, path: Path, notice: Notice, catalogue: Catalogue, asked: Asked | None = None
) -> tuple[Path, ...]:
    """Write nodes and edges in the format of the name's ending, and the notice beside; answers the files written.

    CSV: edges under the name given, nodes in ``<name>.nodes.csv``. Each file says by whom and for what it was made, and
    where the answer was cut or rests on a list that is not fresh. Raises ``InputError`` and ``StorageError``.
    """
    check_place(path)
    asked = asked or Asked()
    stated = notice_lines(path, notice, catalogue)
    alarms = [*asked.alarms, *([catalogue("graph.cut")] if found.truncated else [])]
    said, besides = [*stated, *alarms], list(alarms)
    written = [path]
    match kind_of(path):
        case ".cypher":
            write_whole(path, as_cypher(found, said))
        case ".csv":
            nodes = path.with_name(f"{path.stem}.nodes.csv")
            write_whole(nodes, nodes_csv(found.nodes))
            write_whole(path, edges_csv(found.edges))
            written.append(nodes)
        case ".ftm.json" | ".ftm.jsonl":
            lines = as_ftm(found, said, catalogue, asked.entry_kinds)
            write_whole(path, lines.text)
            if lines.left_out:
                besides.append(catalogue("graph.ftm.left-out", count=lines.left_out))
        case ".svg" | ".png" as ending:
            caption = Caption(notice=stated, alarms=alarms, asked=frozenset(asked.nodes))
            picture = as_svg(found, caption, catalogue)
            write_whole(path, picture if ending == ".svg" else as_png(picture))
        case ending:
            write_whole(path, as_xml(found, said, ending))
    written.append(write_notice(path, notice, catalogue, besides))
    return tuple(written)


def as_cypher(found: Findings, said: Iterable[str] = ()) -> str:
    """A script of ``MERGE`` statements, which may run twice."""
    lines = [f"// {' '.join(line.split())}" for line in said]
    lines += [
        f"MERGE (n:{_label(node.kind)} {{key: {_text(node.key)}}}) SET n += {_map(_about(node))};"
        for node in found.nodes
    ]
    kinds = {node.key: _label(node.kind) for node in found.nodes}
    for edge in found.edges:
        ends = ", ".join(
            f"({name}:{kinds[key]} {{key: {_text(key)}}})" for name, key in (("a", edge.start), ("b", edge.end))
        )
        lines.append(f"MATCH {ends} MERGE (a)-[r:{_type(edge.kind)}]->(b) SET r += {_map(_told(edge))};")
    return "".join(f"{line}\n" for line in lines)


def as_xml(found: Findings, said: Sequence[str], ending: str) -> str:
    """GraphML or GEXF, by the ending."""
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.graph.update({"notice": " | ".join(map(plain, said))})
    for node in found.nodes:
        graph.add_node(plain(node.key), **_plain_all(_about(node)))
    for edge in found.edges:
        graph.add_edge(plain(edge.start), plain(edge.end), key=str(edge.kind), **_plain_all(_told(edge)))
    out = io.BytesIO()
    write = networkx.write_graphml if ending == ".graphml" else networkx.write_gexf
    write(graph, out, encoding="utf-8")
    text = out.getvalue().decode("utf-8")
    if ending == ".gexf":  # which knows no attributes of a whole graph
        text = f"{text}\n<!-- {' | '.join(map(plain, said)).replace('--', '- -')} -->"
    return f"{text}\n"


def _about(node: GraphNode) -> dict[str, str | bool]:
    return {
        "kind": str(node.kind),
        "label": node.label,
        "fact": node.fact,
        "sources": _sources(node),
        **_properties(node),
    }


def _told(edge: GraphEdge) -> dict[str, str | bool]:
    edge = condensed(edge)
    return {
        "kind": str(edge.kind),
        "fact": edge.fact,
        "seen_from": edge.seen_from,
        "seen_to": edge.seen_to,
        "sources": _sources(edge),
        "note": "; ".join(item.note for item in edge.provenance if item.note),
        **_properties(edge),
    }


def _properties(item: GraphNode | GraphEdge) -> dict[str, str | bool]:
    """What an imported file states besides, as one JSON list with an object for each of its rows."""
    if not any(said.properties for said in item.provenance):
        return {}
    return {"properties": json.dumps([dict(said.properties) for said in item.provenance], ensure_ascii=False)}


def _sources(item: GraphNode | GraphEdge) -> str:
    return "; ".join(dict.fromkeys(said.source for said in item.provenance))


def _label(kind: str) -> str:
    return kind.value if isinstance(kind, NodeKind) else _quoted(kind)


def _type(kind: str) -> str:
    return kind.value.upper().replace("-", "_") if isinstance(kind, EdgeKind) else _quoted(kind)


def _quoted(name: str) -> str:
    """A name from a file, as Cypher quotes names; a server reads ``\\u0060`` as a backtick before it reads anything."""
    return f"`{name.replace(chr(92), chr(92) + 'u005C').replace('`', '``')}`"


def _text(value: str) -> str:
    return json.dumps(value)


def _map(values: dict[str, str | bool]) -> str:
    return "{" + ", ".join(f"{name}: {json.dumps(value)}" for name, value in values.items()) + "}"


def _plain_all(values: dict[str, str | bool]) -> dict[str, str | bool]:
    return {name: plain(value) if isinstance(value, str) else value for name, value in values.items()}


def nodes_csv(nodes: Iterable[GraphNode]) -> str:
    """The table of nodes; no cell is a formula."""
    rows = [{"key": node.key, **_about(node)} for node in nodes]
    return _csv(("key", "kind", "label", "fact", "sources"), rows)


def edges_csv(edges: Iterable[GraphEdge]) -> str:
    """The table of links; no cell is a formula."""
    rows = [{"start": edge.start, "end": edge.end, **_told(edge)} for edge in edges]
    return _csv(("start", "kind", "end", "fact", "seen_from", "seen_to", "sources", "note"), rows)


def _csv(columns: Sequence[str], rows: Iterable[dict[str, str | bool]]) -> str:
    rows = list(rows)
    if any("properties" in row for row in rows):
        columns = (*columns, "properties")
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe_cell(str(row.get(name, ""))) for name in columns])
    return out.getvalue()
