"""``netpursuit graph import``, ``graphs`` and ``drop``: graphs from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import WordedGroup

if TYPE_CHECKING:
    from netpursuit.records.imports import ImportedGraph


def add_import_commands(group: WordedGroup, words: Catalogue) -> None:
    """Add them to ``netpursuit graph``."""

    @group.new("import", "help.graph.import")
    @click.argument("paths", metavar="FOLDER|FILE…", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--graph", "name", metavar="NAME", required=True, help=words("option.graph.name"))
    @common(words)
    def import_(settings: Settings, paths: tuple[Path, ...], name: str) -> int:
        return run_import(settings, paths, name)

    @group.new("graphs", "help.graph.graphs")
    @common(words)
    def graphs(settings: Settings) -> int:
        return run_graphs(settings)

    @group.new("drop", "help.graph.drop")
    @click.argument("name", metavar="NAME")
    @common(words)
    def drop(settings: Settings, name: str) -> int:
        return run_drop(settings, name)


def run_import(settings: Settings, paths: tuple[Path, ...], name: str) -> int:
    from netpursuit.custody.imports import NewGraph, import_graph
    from netpursuit.wiring import end_cases, imported_places, open_desk, open_tables

    with open_desk(settings.workspace, settings.reason, settings.case_id, create=True) as desk:
        end_cases(desk, settings.workspace)
        new = NewGraph(name=name, paths=tuple(path.resolve() for path in paths))
        graph = import_graph(desk, imported_places(settings.workspace), new, open_tables)
    if settings.as_json:
        show_json(graph_json(graph))
        return 0
    words, left = settings.words, graph.left_out
    click.echo(words("graph.import.done", graph=graph.name, nodes=graph.nodes, edges=graph.edges))
    if left.columns or left.nodes:
        columns = ", ".join(left.columns) or "–"
        click.echo(words("graph.import.left-out", columns=columns, nodes=left.nodes, edges=left.edges))
    return 0


def run_graphs(settings: Settings) -> int:
    from netpursuit.commands.show import console
    from netpursuit.custody.imports import list_graphs
    from netpursuit.reports.tables import Column, Grid
    from netpursuit.wiring import end_cases, open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        end_cases(desk, settings.workspace)
        found = list_graphs(desk)
    words = settings.words
    if settings.as_json:
        show_json([graph_json(graph) for graph in found])
    elif not found:
        click.echo(words("graph.graphs.none"))
    else:
        names = ("name", "nodes", "edges", "source", "imported-at", "imported-by", "case")
        numbers = ("nodes", "edges")
        console().print(
            Grid(
                columns=tuple(Column(words(f"graph.graphs.{name}"), number=name in numbers) for name in names),
                rows=tuple(_row(graph) for graph in found),
            )
        )
    return 0


def _row(graph: ImportedGraph) -> tuple[str, ...]:
    at = graph.imported_at.astimezone().isoformat(sep=" ", timespec="minutes")
    counts = (str(graph.nodes), str(graph.edges))
    return (graph.name, *counts, graph.source, at, graph.imported_by, graph.case_id or "–")


def run_drop(settings: Settings, name: str) -> int:
    from netpursuit.custody.imports import drop_graph
    from netpursuit.wiring import imported_places, open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        graph = drop_graph(desk, imported_places(settings.workspace), name)
    if settings.as_json:
        show_json({"dropped": graph.name, "nodes": graph.nodes, "edges": graph.edges})
    else:
        click.echo(settings.words("graph.dropped", graph=graph.name, nodes=graph.nodes, edges=graph.edges))
    return 0


def graph_json(graph: ImportedGraph) -> dict[str, Any]:
    """An imported graph as the workspace remembers it, in its stable shape."""
    return {
        "graph": graph.name,
        "nodes": graph.nodes,
        "edges": graph.edges,
        "source": graph.source,
        "files": [{"file": file.name, "digest": file.digest} for file in graph.files],
        "left_out": {
            "columns": list(graph.left_out.columns),
            "nodes": graph.left_out.nodes,
            "edges": graph.left_out.edges,
        },
        "imported_by": graph.imported_by,
        "imported_at": graph.imported_at.isoformat(),
        "case": graph.case_id or None,
    }
