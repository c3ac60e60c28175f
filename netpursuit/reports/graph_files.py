"""What an analysis found, as a file for other programs: GraphML, GEXF, a Cypher script, or two CSV tables.

Every file says in itself what it is, for what, by whom and until when (A13); ``leads_file.write_notice`` lays the same
beside it. Labels and types of the Cypher script are the program's own or, of an imported graph, quoted names; every
value is a quoted literal.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError
from netpursuit.links.views import Findings
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind
from netpursuit.reports.leads_file import Notice, notice_lines, safe_cell, write_notice, write_whole

KINDS = (".graphml", ".gexf", ".cypher", ".csv")


def check_place(path: Path) -> None:
    """Refuse a file that could not be written. Raises ``InputError``."""
    if path.suffix.lower() not in KINDS:
        raise InputError(f"unknown kind of file {path.suffix!r}", where=str(path), expected=" or ".join(KINDS))
    if not path.absolute().parent.is_dir():
        raise InputError("the folder does not exist", where=str(path), expected="an existing folder")


def write_graph(found: Findings, path: Path, notice: Notice, catalogue: Catalogue) -> tuple[Path, ...]:
    """Write nodes and edges in the format of the name's ending, and the notice beside; answers the files written.

    CSV: edges under the name given, nodes in ``<name>.nodes.csv``. Raises ``InputError`` and ``StorageError``.
    """
    check_place(path)
    said = notice_lines(path, notice, catalogue)
    written = [path]
    match path.suffix.lower():
        case ".cypher":
            write_whole(path, as_cypher(found, said))
        case ".csv":
            nodes = path.with_name(f"{path.stem}.nodes.csv")
            write_whole(nodes, _nodes_csv(found.nodes))
            write_whole(path, _edges_csv(found.edges))
            written.append(nodes)
        case ending:
            write_whole(path, _as_xml(found, said, ending))
    written.append(write_notice(path, notice, catalogue))
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


def _as_xml(found: Findings, said: Sequence[str], ending: str) -> str:
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    graph.graph.update({"notice": " | ".join(map(_plain, said))})
    for node in found.nodes:
        graph.add_node(_plain(node.key), **_plain_all(_about(node)))
    for edge in found.edges:
        graph.add_edge(_plain(edge.start), _plain(edge.end), key=str(edge.kind), **_plain_all(_told(edge)))
    out = io.BytesIO()
    write = networkx.write_graphml if ending == ".graphml" else networkx.write_gexf
    write(graph, out, encoding="utf-8")
    text = out.getvalue().decode("utf-8")
    if ending == ".gexf":  # which knows no attributes of a whole graph
        text = f"{text}\n<!-- {' | '.join(map(_plain, said)).replace('--', '- -')} -->"
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


def _plain(text: str) -> str:
    """A text without the characters that XML 1.0 cannot hold."""
    return "".join(char for char in text if char in "\t\n\r" or (char >= " " and not "\ud800" <= char <= "\udfff"))


def _plain_all(values: dict[str, str | bool]) -> dict[str, str | bool]:
    return {name: _plain(value) if isinstance(value, str) else value for name, value in values.items()}


def _nodes_csv(nodes: Iterable[GraphNode]) -> str:
    rows = [{"key": node.key, **_about(node)} for node in nodes]
    return _csv(("key", "kind", "label", "fact", "sources"), rows)


def _edges_csv(edges: Iterable[GraphEdge]) -> str:
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
