"""A part of the link graph as a file: other programs read it, and it says what it is."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import networkx
import pytest

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError
from netpursuit.links.views import Findings
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind, Provenance
from netpursuit.reports.graph_files import as_cypher, write_graph
from netpursuit.reports.leads_file import Notice

HOSTILE = "=1+1 '\"}) DETACH DELETE n // \x07 </node> -- 张伟 \U0001f600"
NOTICE = Notice(purpose="查找在逃人员", user="officer", run_ids=(), expires_on=date(2026, 12, 31))


def found() -> Findings:
    said = (Provenance(source=HOSTILE, fact=False, seen_from="2026-01-02", note=HOSTILE),)
    one = GraphNode(kind=NodeKind.SUBJECT, key="subject:1", label=HOSTILE, provenance=said)
    other = GraphNode(kind=NodeKind.PHONE, key="phone:1", label="+86 1", provenance=said)
    edge = GraphEdge(kind=EdgeKind.USES_PHONE, start="subject:1", end="phone:1", provenance=said)
    return Findings(nodes=(other, one), edges=(edge,))


@pytest.mark.parametrize(("ending", "read"), [(".graphml", networkx.read_graphml), (".gexf", networkx.read_gexf)])
def test_other_programs_read_the_graph_and_its_warning_stands_in_it(tmp_path: Path, ending: str, read) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / f"case{ending}"
    write_graph(found(), path, NOTICE, Catalogue("zh"))
    graph = read(path)
    assert set(graph) == {"subject:1", "phone:1"}
    ((start, end, told),) = graph.edges(data=True)
    assert (start, end, told["kind"]) == ("subject:1", "phone:1", "uses-phone")
    assert told["fact"] is False
    text = path.read_text(encoding="utf-8")
    beside = path.with_name(f"{path.name}.notice.txt").read_text(encoding="utf-8")
    for stated in ("查找在逃人员", "officer", "2026-12-31", Catalogue("zh")("report.warning")):
        assert stated in text
        assert stated in beside


def test_tables_hold_no_formula(tmp_path: Path) -> None:
    write_graph(found(), tmp_path / "case.csv", NOTICE, Catalogue("en"))
    for name in ("case.csv", "case.nodes.csv"):
        with (tmp_path / name).open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert rows
        assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_a_value_in_a_script_stays_a_literal() -> None:
    script = as_cypher(found(), ["a notice\nof two lines"])
    outside = re.sub(r'"(?:[^"\\]|\\.)*"', '""', script)
    assert "DETACH" not in outside
    assert len(script.splitlines()) == 1 + 2 + 1
    assert script.isascii()


def test_an_unknown_ending_and_a_missing_folder_are_told_before_anything_is_written(tmp_path: Path) -> None:
    for path in (tmp_path / "case.xlsx", tmp_path / "nowhere" / "case.csv"):
        with pytest.raises(InputError):
            write_graph(found(), path, NOTICE, Catalogue("en"))
    assert not list(tmp_path.iterdir())
