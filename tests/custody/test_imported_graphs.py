"""An import and a drop are done with their record or not at all (A1, A3), and nothing is read before the intent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from fake_workbench import DAY, WHO, Bench

from netpursuit.custody.case_ends import end_cases
from netpursuit.custody.imports import NewGraph, drop_graph, import_graph, list_graphs
from netpursuit.enquiry.graph import GraphRequest
from netpursuit.enquiry.imported import ask_imported
from netpursuit.errors import NetpursuitError, RefusedError, StorageError
from netpursuit.gate import Gate
from netpursuit.gate.cases import NewCase, open_case
from netpursuit.gate.imports import kept_graphs
from netpursuit.ports.imported_graphs import GraphTables
from netpursuit.records import Authority
from netpursuit.sources.graph_tables import open_graph_tables
from netpursuit.stores.graph_imported import ImportedFolder

ASKED = GraphRequest(analysis="neighbours", nodes=("n:1",))


@pytest.fixture
def folder(bench: Bench) -> ImportedFolder:
    return ImportedFolder(bench.workspace.folder / "graphs")


@pytest.fixture
def new(tmp_path: Path) -> NewGraph:
    nodes, edges = tmp_path / "n.csv", tmp_path / "n.edges.csv"
    nodes.write_text("id,name\n1,Ann Example\n2,Bob Example\n", encoding="utf-8")
    edges.write_text("source,target\n1,2\n", encoding="utf-8")
    return NewGraph(name="net", paths=(nodes, edges))


def files(bench: Bench) -> list[str]:
    place = bench.workspace.folder / "graphs"
    return sorted(path.name for path in place.iterdir()) if place.is_dir() else []


def full(*_: object) -> None:
    raise StorageError("no space left")


def test_no_file_is_opened_before_the_intent(bench: Bench, folder: ImportedFolder, new: NewGraph) -> None:
    def tables(paths: Sequence[Path]) -> GraphTables:
        (record,) = bench.desk.gate.log.read()
        assert record.outcome is None
        return open_graph_tables(paths)

    graph = import_graph(bench.desk, folder, new, tables)
    assert (graph.nodes, graph.edges, graph.imported_by) == (2, 1, WHO)
    assert kept_graphs(bench.truth) == (graph,)


def test_where_the_outcome_cannot_be_written_nothing_is_imported(
    bench: Bench, folder: ImportedFolder, new: NewGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.desk.gate.log, "finish", full)
    with pytest.raises(StorageError):
        import_graph(bench.desk, folder, new, open_graph_tables)
    assert kept_graphs(bench.truth) == ()
    assert files(bench) == []


def test_where_the_outcome_cannot_be_written_nothing_is_dropped_or_shown(
    bench: Bench, folder: ImportedFolder, new: NewGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = import_graph(bench.desk, folder, new, open_graph_tables)
    before = files(bench)
    monkeypatch.setattr(bench.desk.gate.log, "finish", full)
    with pytest.raises(StorageError):
        drop_graph(bench.desk, folder, "net")
    with pytest.raises(StorageError):
        ask_imported(bench.desk, folder, "net", ASKED)
    with pytest.raises(StorageError):
        list_graphs(bench.desk)
    assert kept_graphs(bench.truth) == (graph,)
    assert files(bench) == before


def test_without_a_reason_nothing_runs_and_the_refusal_is_on_record(
    bench: Bench, folder: ImportedFolder, new: NewGraph
) -> None:
    import_graph(bench.desk, folder, new, open_graph_tables)
    nobody = replace(bench.desk, authority=Authority(who=WHO))
    before = files(bench)

    def unread(paths: Sequence[Path]) -> GraphTables:
        raise AssertionError("read without a reason")

    for act in (
        lambda: import_graph(nobody, folder, replace(new, name="other"), unread),
        lambda: drop_graph(nobody, folder, "net"),
        lambda: ask_imported(nobody, folder, "net", ASKED),
        lambda: list_graphs(nobody),
    ):
        with pytest.raises(RefusedError):
            act()
        *_, record = bench.desk.gate.log.read()
        assert record.outcome is not None
        assert record.outcome.refused == "no-reason"
    assert files(bench) == before


def test_of_two_imports_of_one_name_at_once_one_is_made(bench: Bench, folder: ImportedFolder, new: NewGraph) -> None:
    def tables(paths: Sequence[Path]) -> GraphTables:
        if not kept_graphs(bench.truth):  # another is faster while this one reads
            import_graph(bench.desk, folder, new, open_graph_tables)
        return open_graph_tables(paths)

    with pytest.raises(NetpursuitError, match="called so already"):
        import_graph(bench.desk, folder, new, tables)
    (graph,) = kept_graphs(bench.truth)
    assert files(bench) == [graph.place]
    assert ask_imported(bench.desk, folder, "net", ASKED).found.rows


def test_a_graph_of_a_case_is_neither_listed_nor_asked_by_others(
    bench: Bench, folder: ImportedFolder, new: NewGraph
) -> None:
    open_case(
        bench.desk.gate,
        NewCase(
            case_id="K-1",
            title="t",
            authority="a",
            legal_basis="l",
            purpose="p",
            members=(WHO,),
            expires_on=DAY + timedelta(days=1),
        ),
        new_id=lambda: "K-1",
    )
    under_case = bench.as_user(Authority(who=WHO, case_id="K-1"))
    graph = import_graph(under_case, folder, new, open_graph_tables)
    assert list_graphs(bench.desk) == (graph,), "its member sees it"
    gate = Gate(bench.truth, bench.desk.gate.log, who="other", clock=lambda: bench.now, zone=UTC)
    other = replace(bench.desk, gate=gate, authority=replace(bench.desk.authority, who="other"))
    assert list_graphs(other) == ()
    for act in (lambda: ask_imported(other, folder, "net", ASKED), lambda: drop_graph(other, folder, "net")):
        with pytest.raises(RefusedError):
            act()
    with pytest.raises(RefusedError):
        ask_imported(bench.desk, folder, "net", ASKED)
    assert ask_imported(under_case, folder, "net", ASKED).found.rows
    bench.now += timedelta(days=3)
    with pytest.raises(RefusedError):
        ask_imported(under_case, folder, "net", ASKED)
    assert list_graphs(bench.desk) == (), "it is over"
    drop_graph(other, folder, "net")
    assert (kept_graphs(bench.truth), files(bench)) == ((), [])


def test_an_end_that_was_stopped_is_taken_up_again(
    bench: Bench, folder: ImportedFolder, new: NewGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = NewCase(
        case_id="K-1",
        title="t",
        authority="a",
        legal_basis="l",
        purpose="p",
        members=(WHO,),
        expires_on=DAY + timedelta(days=1),
    )
    open_case(bench.desk.gate, case, new_id=lambda: "K-1")
    import_graph(bench.as_user(Authority(who=WHO, case_id="K-1")), folder, new, open_graph_tables)
    (graph,) = kept_graphs(bench.truth)
    assert end_cases(bench.desk.gate, folder) == 0
    bench.now += timedelta(days=3)
    with monkeypatch.context() as patch:
        patch.setattr(bench.truth._file, "run", full)
        with pytest.raises(StorageError):
            end_cases(bench.desk.gate, folder)
    assert (kept_graphs(bench.truth), files(bench)) == ((graph,), [])
    assert end_cases(bench.desk.gate, folder) == 1
    assert kept_graphs(bench.truth) == ()
    assert end_cases(bench.desk.gate, folder) == 0
