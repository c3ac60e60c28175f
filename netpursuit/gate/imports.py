"""Which imported graphs a workspace knows, and who may ask them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import Authority
from netpursuit.records.imports import ImportedGraph, LeftOut, SourceFile

GRAPHS = "graphs"
"""The setting of the truth that names them all."""


def kept_graphs(truth: Truth) -> tuple[ImportedGraph, ...]:
    """All imported graphs, by name."""
    return tuple(_read(kept) for kept in json.loads(truth.setting(GRAPHS) or "[]"))


def keep_graphs(unit: UnitOfWork, graphs: Sequence[ImportedGraph]) -> None:
    """Remember these imported graphs and no others."""
    kept = [asdict(graph) for graph in sorted(graphs, key=lambda graph: graph.name)]
    unit.put_setting(GRAPHS, json.dumps(kept, ensure_ascii=False, default=datetime.isoformat) if kept else None)


def find_graph(truth: Truth, name: str, place: str = "") -> ImportedGraph | None:
    """The graph called so (and kept at this place, where one is named)."""
    return next((g for g in kept_graphs(truth) if g.name == name and place in ("", g.place)), None)


def may_ask(graph: ImportedGraph, authority: Authority) -> bool:
    """What came under a case is asked under that case alone and ends with it (A4)."""
    return not graph.case_id or graph.case_id == authority.case_id


def _read(kept: dict[str, Any]) -> ImportedGraph:
    left = kept["left_out"]
    return ImportedGraph(
        **{
            **kept,
            "files": tuple(SourceFile(**file) for file in kept["files"]),
            "left_out": LeftOut(columns=tuple(left["columns"]), nodes=left["nodes"], edges=left["edges"]),
            "imported_at": datetime.fromisoformat(kept["imported_at"]),
        }
    )
