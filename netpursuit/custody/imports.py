"""Graphs from elsewhere come in whole, are listed and dropped; the workspace's truth says which there are.

What an import writes is nobody's until the truth names it, in the transaction that records the outcome: an import that
is stopped anywhere has not happened.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from netpursuit.custody.demands import refuse_watch_register
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.cases import is_over
from netpursuit.gate.imports import find_graph, keep_graphs, kept_graphs, may_ask
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.imported_graphs import GraphTables, ImportedPlaces
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.records.imports import ImportedGraph

_NAME = re.compile(r"[A-Za-z0-9\u3400-\u9fff][\w.-]{0,63}")  # the name of a file, and of no folder


@dataclass(frozen=True, slots=True, kw_only=True)
class NewGraph:
    """What the user says of an import: the graph's name, and its files or their folder."""

    name: str
    paths: tuple[Path, ...]


def import_graph(
    desk: Workbench, places: ImportedPlaces, new: NewGraph, tables_of: Callable[[Sequence[Path]], GraphTables]
) -> ImportedGraph:
    """Read node and edge tables into a graph of its own, whole or not at all.

    Raises ``InputError`` for a name that is none or is taken and for whatever the tables do not state rightly;
    ``RefusedError`` for a register of watched people (A8).
    """
    name = new.name
    if not _NAME.fullmatch(name):
        raise InputError(
            "this is no name for a graph",
            where="--graph",
            expected="up to 64 letters, digits, dots, dashes and underscores",
        )
    # Names of graphs and files may be somebody's: the log tells them once the workspace knows them, and never before.
    typed = {"graph": name, "source": [path.name for path in new.paths]}
    intent = Intent(
        verb=Verb.GRAPH_IMPORT,
        authority=desk.authority,
        fields=("graph", "source"),
        sealed=json.dumps(typed, ensure_ascii=False),
    )
    with desk.gate.consult(intent) as consultation:
        _refuse_taken(kept_graphs(desk.truth), name)
        tables = tables_of(new.paths)
        refuse_watch_register((name, tables.source, *(file.name for file in tables.files)))
        places.sweep({graph.place for graph in kept_graphs(desk.truth)})
        place, nodes, edges = places.write(name, tables)
        try:
            with closing(places.open(place)) as reader:
                refuse_watch_register(reader.labels())
            with desk.truth.transaction() as unit:
                graphs = kept_graphs(desk.truth)
                _refuse_taken(graphs, name)
                graph = ImportedGraph(
                    name=name,
                    place=place,
                    source=tables.source,
                    files=tables.files,
                    nodes=nodes,
                    edges=edges,
                    left_out=tables.left_out(),
                    imported_by=desk.gate.who,
                    imported_at=unit.at.astimezone(UTC),
                    case_id=desk.authority.case_id,
                )
                keep_graphs(unit, (*graphs, graph))
                counts = {"nodes": nodes, "edges": edges}
                about = {"graph": name, "files": str(len(graph.files)), "digest": _digest(graph)}
                consultation.conclude(Outcome(counts=counts, about=about), unit)
        except BaseException:
            if find_graph(desk.truth, name, place) is None:
                places.remove(place)
            raise
    return graph


def list_graphs(desk: Workbench) -> tuple[ImportedGraph, ...]:
    """The imported graphs by name; those of a case are shown to its members until it is over."""
    with desk.gate.consult(Intent(verb=Verb.GRAPH_LIST, authority=desk.authority)) as consultation:
        found = shown_graphs(desk)
        consultation.conclude(Outcome(counts={"graphs": len(found)}))
    return found


def shown_graphs(desk: Workbench) -> tuple[ImportedGraph, ...]:
    """Those of no case, and those of a case that the user is a member of."""
    return tuple(graph for graph in kept_graphs(desk.truth) if _is_shown(desk, graph))


def drop_graph(desk: Workbench, places: ImportedPlaces, name: str) -> ImportedGraph:
    """Remove an imported graph for good. One of a case goes under that case, or when the case is over.

    Raises ``InputError`` where there is none, ``RefusedError`` for one of another case.
    """
    known = find_graph(desk.truth, name)
    intent = Intent(
        verb=Verb.GRAPH_DROP,
        authority=desk.authority,
        fields=("graph",),
        about={"graph": known.name if known else ""},  # what names no graph may name anybody
        sealed=json.dumps({"graph": name}, ensure_ascii=False),
    )
    with desk.gate.consult(intent) as consultation:
        with desk.truth.transaction() as unit:
            graph = find_graph(desk.truth, name)
            if graph is None:
                raise InputError(
                    "no imported graph is called so", where="NAME", expected="one that 'graph graphs' shows"
                )
            if not may_ask(graph, desk.authority) and not is_over(desk.gate, graph.case_id):
                raise RefusedError("graph-of-case", f"the graph was imported under case {graph.case_id!r}")
            keep_graphs(unit, tuple(other for other in kept_graphs(desk.truth) if other.name != graph.name))
            consultation.conclude(Outcome(counts={"nodes": graph.nodes, "edges": graph.edges}), unit)
        places.remove(graph.place)
        places.sweep({other.place for other in kept_graphs(desk.truth)})
    return graph


def _digest(graph: ImportedGraph) -> str:
    """SHA-256 over the digests of the files, in their order."""
    return hashlib.sha256("".join(file.digest for file in graph.files).encode("ascii")).hexdigest()


def _refuse_taken(graphs: Sequence[ImportedGraph], name: str) -> None:
    # Names of files may not tell capitals apart.
    if any(graph.name.casefold() == name.casefold() for graph in graphs):
        raise InputError(
            "a graph is called so already", where="--graph", expected="another name, or 'graph drop' first"
        )


def _is_shown(desk: Workbench, graph: ImportedGraph) -> bool:
    case = desk.truth.case(graph.case_id) if graph.case_id else None
    return not graph.case_id or (
        case is not None and desk.gate.who in case.members and not is_over(desk.gate, case.case_id)
    )
