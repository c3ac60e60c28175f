"""A file is attached with its record or not at all (A1, A3); what was typed and what the file holds is in no byte."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fake_workbench import DAY, WHO, Bench

from netpursuit.custody import attachments
from netpursuit.custody.attachments import NewAttachment, attach, detach, list_attached
from netpursuit.custody.graph import compare, drain
from netpursuit.errors import NetpursuitError, RefusedError, StorageError
from netpursuit.gate.attachments import kept_attachments
from netpursuit.gate.cases import NewCase, close_case, open_case
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.attached import AttachedTable
from netpursuit.records import Authority
from netpursuit.sources.attached import open_attached, read_mapping
from netpursuit.stores.graph_sqlite import SqliteGraph

CANARY = "ZoephiraCanary"


def opened(file: Path, mapping: Path) -> AttachedTable:
    return open_attached(file, read_mapping(mapping))


def full(*_: object, **__: object) -> None:
    raise StorageError("no space left")


@pytest.fixture
def desk(bench: Bench) -> Workbench:
    """A workbench under a case."""
    stated = dict.fromkeys(("title", "authority", "legal_basis", "purpose"), "x")
    case = NewCase(case_id="K-1", members=(WHO,), expires_on=DAY + timedelta(days=1), **stated)
    open_case(bench.desk.gate, case, new_id=str)
    return replace(bench.desk, authority=Authority(who=WHO, case_id="K-1"))


@pytest.fixture
def new(tmp_path: Path) -> NewAttachment:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    file, mapping = folder / f"{CANARY}.csv", folder / f"{CANARY}.toml"
    rows = "".join(f"A{number},{CANARY} {number}\n" for number in range(30))
    file.write_text(f"Plate,Owner\n{rows}", encoding="utf-8")
    mapping.write_text('kind = "vehicles"\n[columns]\nplate = "Plate"\nowner_name = "Owner"\n', encoding="utf-8")
    return NewAttachment(file=file, mapping=mapping)


@pytest.fixture
def graph(bench: Bench) -> Iterator[SqliteGraph]:
    store = SqliteGraph(bench.workspace.folder / "graph.sqlite")
    yield store
    store.close()


def traces(folder: Path) -> list[str]:
    files = [path for path in folder.rglob("*") if path.is_file() and "elsewhere" not in path.parts]
    return [path.name for path in files if CANARY.lower().encode() in path.read_bytes().lower()]


def test_no_file_is_opened_before_the_intent(desk: Workbench, new: NewAttachment) -> None:
    def table(file: Path, mapping: Path) -> AttachedTable:
        assert list(desk.gate.log.read())[-1].outcome is None
        return opened(file, mapping)

    assert attach(desk, new, table).changed


def test_where_the_outcome_cannot_be_written_nothing_is_attached(
    desk: Workbench, new: NewAttachment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(desk.gate.log, "finish", full)
        with pytest.raises(StorageError):
            attach(desk, new, opened)
    assert kept_attachments(desk.truth, "K-1") == ()
    assert list(desk.truth.case_links()) == []
    assert desk.truth.outbox() == ()
    attach(desk, new, opened)
    assert len(list_attached(desk)) == 1


def test_where_the_outcome_cannot_be_written_nothing_is_detached(
    desk: Workbench, new: NewAttachment, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = attach(desk, new, opened).attachment
    before = list(desk.truth.case_links())
    with monkeypatch.context() as broken:
        broken.setattr(desk.gate.log, "finish", full)
        with pytest.raises(StorageError):
            detach(desk, done.name)
    assert list(desk.truth.case_links()) == before
    assert kept_attachments(desk.truth, "K-1") == (done,)


def test_a_shorter_file_takes_away_the_parts_it_no_longer_has(
    desk: Workbench, new: NewAttachment, graph: SqliteGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netpursuit.links.attached.PART_SIZE", 10)
    assert len(attach(desk, new, opened).attachment.parts) == 9
    drain(desk.truth, graph)
    lines = new.file.read_text(encoding="utf-8").split("\n")
    new.file.write_text("\n".join(lines[:6]) + "\n", encoding="utf-8")
    again = attach(desk, new, opened)
    assert (again.changed, again.attachment.parts) == (True, ("nodes-1", "links-1"))
    assert [links.owner.rpartition(":")[2] for links in desk.truth.case_links()] == ["links-1", "nodes-1"]
    assert not [links.owner for links in desk.truth.case_links() if CANARY in links.owner]
    drain(desk.truth, graph)
    assert compare(desk.truth, graph).none
    assert graph.under("K-1").counts() == {"edge.owns": 5, "node.Contact": 5, "node.Vehicle": 5}


def test_two_who_attach_one_name_at_once_leave_the_file_of_the_last_whole(
    desk: Workbench, new: NewAttachment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("netpursuit.links.attached.PART_SIZE", 10)
    attach(desk, new, opened)
    first = list(desk.truth.case_links())
    other = tmp_path / "elsewhere" / "other.csv"
    other.write_text(new.file.read_text(encoding="utf-8").replace("A1", "B1"), encoding="utf-8")
    between = attachments._same_parts

    def meanwhile(*given: object) -> frozenset[str]:
        found = between(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(attachments, "_same_parts", between)
        attach(desk, replace(new, file=other, name=CANARY), opened)
        return found

    monkeypatch.setattr(attachments, "_same_parts", meanwhile)
    assert attach(desk, new, opened).changed
    assert [(part.owner, part.links) for part in desk.truth.case_links()] == [
        (part.owner, part.links) for part in first
    ]


def test_a_case_that_is_closed_meanwhile_gets_nothing(desk: Workbench, new: NewAttachment) -> None:
    def table(file: Path, mapping: Path) -> AttachedTable:
        close_case(desk.gate, "K-1")
        return opened(file, mapping)

    with pytest.raises(RefusedError, match="over"):
        attach(desk, new, table)
    assert kept_attachments(desk.truth, "K-1") == ()
    assert list(desk.truth.case_links()) == []


@pytest.mark.parametrize("end", ["detached", "closed", "failed", "no such", "no name"])
def test_neither_file_nor_name_nor_value_is_left_in_any_byte(
    desk: Workbench, new: NewAttachment, graph: SqliteGraph, tmp_path: Path, end: str
) -> None:
    if end == "failed":
        new.file.write_text(f"Plate,Owner\nA1,{CANARY}\n*,{CANARY}\n", encoding="utf-8")
    elif end == "no name":
        new = replace(new, name=f"{CANARY}:x")
    try:
        if end == "no such":
            detach(desk, CANARY)
        attach(desk, new, opened)
        drain(desk.truth, graph)
        assert traces(tmp_path)
        if end == "detached":
            detach(desk, CANARY)
        else:
            close_case(desk.gate, "K-1")
        drain(desk.truth, graph)
    except NetpursuitError:
        assert end in ("failed", "no such", "no name")
    assert traces(tmp_path) == []
    assert list(desk.gate.log.read())[-1].outcome is not None
