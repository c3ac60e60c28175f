"""Whatever a user types, in whatever place, and whoever a file names: no byte of the workspace tells (A1, A4)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from fake_workbench import DAY, FEED, WHO, Bench, RowsSource, TableMatcher, open_bench, person, row, wanted

from netpursuit.custody.grouping import accept_group, dissolve_group, reject_group
from netpursuit.custody.groups import Proposing, propose_groups, show_group
from netpursuit.custody.imports import NewGraph, drop_graph, import_graph
from netpursuit.custody.lists import remove_list
from netpursuit.custody.log_exports import ExportRequest, prove_consultation
from netpursuit.custody.log_views import LogFilter, show_log, unusual_use
from netpursuit.custody.openings import approve_opening, open_typed, request_opening
from netpursuit.custody.proving import ProofRequest, prove_row
from netpursuit.engines.local import LocalEngine
from netpursuit.enquiry.draw_in import DrawInRequest, FeedRegister, draw_in
from netpursuit.enquiry.graph import GraphRequest
from netpursuit.enquiry.imported import ask_imported
from netpursuit.enquiry.load import LoadRequest, load_case
from netpursuit.enquiry.search import SearchRequest, search
from netpursuit.errors import NetpursuitError
from netpursuit.gate.cases import NewCase, close_case, open_case
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import (
    Address,
    Authority,
    EntryKey,
    Intent,
    LeadState,
    Outcome,
    Person,
    Rejected,
    Role,
    SpotResult,
    Verb,
)
from netpursuit.reports.receipt_file import read_receipt, receipt_at
from netpursuit.review.check_sheet import check_sheet
from netpursuit.review.handling import assign_lead, record_outcome, reopen_lead
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead, list_leads, show_lead
from netpursuit.review.replay import replay_lead
from netpursuit.screening.opening import open_from_query
from netpursuit.screening.run import Progress, ScreenRequest, screen
from netpursuit.sources.graph_tables import open_graph_tables
from netpursuit.stores.graph_imported import ImportedFolder
from netpursuit.stores.graph_sqlite import SqliteGraph
from netpursuit.stores.neo4j_load import Neo4jCase, ServerAddress
from netpursuit.stores.unit_index import UnitIndexFolder

CANARY = "ZoephiraCanary"  # has the form of many an id
ZOE = person("Zoephira Canary", "1990-09-09", "CANARY-77-000", phones=("+44 20 7946 0000",))
BEN = person("Ben Example", "1981-03-04", "N-81-000-123")
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li", reason="seen")


def traces(folder: Path) -> list[str]:
    """Where in the folder (keys included) something of the canary stands."""
    marks = (b"canary", b"zoephira", b"7946 0000", b"1990-09-09")
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    return [f"{mark!r} in {path.name}" for path in files for mark in marks if mark in path.read_bytes().lower()]


def key(list_id: str, entry_id: str) -> EntryKey:
    return EntryKey(list_id=list_id, entry_id=entry_id)


def imported_from(text: str, name: str, *asked: str) -> Callable[[Workbench], Any]:
    """Import a graph of one table, ask it, and drop it."""

    def act(desk: Workbench) -> None:
        with TemporaryDirectory() as place:
            file = Path(place) / f"{name}.csv"
            file.write_text(text, encoding="utf-8")
            folder = ImportedFolder(Path(place) / "graphs")
            import_graph(desk, folder, NewGraph(name=name, paths=(file,)), open_graph_tables)
            for node in asked:
                with suppress(NetpursuitError):
                    ask_imported(desk, folder, name, GraphRequest(analysis="neighbours", nodes=(node,)))
            drop_graph(desk, folder, name)

    return act


def drawn_in(desk: Workbench) -> None:
    """Ask, under a reason and under a case, for whom nobody has heard of."""
    stated = dict.fromkeys(("title", "authority", "legal_basis", "purpose"), "x")
    case = NewCase(case_id="K-1", members=(WHO,), expires_on=desk.today, **stated)
    open_case(desk.gate, case, new_id=lambda: "K-1")

    def register_of(feeds: frozenset[str]) -> FeedRegister:
        raise AssertionError("no unit is called so")

    with TemporaryDirectory() as place:
        store, indexes = SqliteGraph(Path(place) / "graph.sqlite"), UnitIndexFolder(Path(place) / "units")
        for authority in (desk.authority, Authority(who=WHO, case_id="K-1")):
            for unit in (f"Unit:{CANARY}", f"Lead:{CANARY}", "Zoephira Canary"):
                asked = DrawInRequest(unit=unit, typed=(CANARY, f"{CANARY}.csv"))
                with suppress(NetpursuitError):
                    draw_in(replace(desk, authority=authority), store, indexes, asked, register_of)
        store.close()


def loaded(desk: Workbench) -> None:
    """Load what lies around somebody into a server."""
    with TemporaryDirectory() as place:
        store = SqliteGraph(Path(place) / "graph.sqlite")
        server = Neo4jCase(ServerAddress(uri=f"bolt://{CANARY}.example"), lambda: (CANARY, CANARY), None)
        try:
            load_case(
                desk, store, server, LoadRequest(warning="w", say_cut="c", nodes=("Zoephira Canary",)), lambda _: ()
            )
        finally:
            store.close()


NOWHERE = ImportedFolder(Path("nowhere"))


def quarantine_shown(desk: Workbench) -> None:
    intent = Intent(
        verb=Verb.QUARANTINE_SHOW, authority=desk.authority, about={"run": CANARY, "source": f"{CANARY}.csv"}
    )
    with desk.gate.consult(intent) as consultation:
        consultation.conclude(Outcome())


def proof_asked(desk: Workbench) -> None:
    """Ask for the proof of somebody's row, of a run that is none and of one that is."""
    with TemporaryDirectory() as place:
        file = Path(place) / f"{CANARY}.receipt"
        notice = dict.fromkeys(("warning", "purpose", "user", "expires_on"), CANARY)
        request = ScreenRequest(
            feed=FEED,
            source=RowsSource([row("R1", ZOE)]),
            engine=LocalEngine(),
            as_of=DAY,
            receipt=receipt_at(lambda manifest: file, notice),
        )
        run_id = screen(desk, request).manifest.run_id
        held = read_receipt(file)
    for asked in (CANARY, run_id):
        request_of = ProofRequest(
            run_id=asked, receipt=lambda: held, record=lambda: {"name": "Zoephira Canary", CANARY: "1990-09-09"}
        )
        with suppress(NetpursuitError):
            prove_row(desk, request_of)


def a_case(desk: Workbench) -> None:
    close_case(desk.gate, CANARY)


def under_case(desk: Workbench) -> None:
    list_leads(replace(desk, authority=Authority(who=WHO, case_id=CANARY)))


ACTS: list[Callable[[Workbench], Any]] = [
    lambda desk: search(desk, SearchRequest(person=ZOE, as_of=DAY)),
    lambda desk: search(desk, SearchRequest(person=ZOE, against=key("pub", CANARY), as_of=DAY)),
    lambda desk: search(desk, SearchRequest(person=ZOE, against=key(CANARY, "1"), as_of=DAY)),
    lambda desk: search(desk, SearchRequest(person=replace(ZOE, names=(ZOE.names[0], ZOE.names[0])), as_of=DAY)),
    lambda desk: search(desk, SearchRequest(person=Person(addresses=(Address(text="1 Canary Lane"),)), as_of=DAY)),
    lambda desk: search(desk, SearchRequest(person=Person(emails=("zoephira@canary.example",)), as_of=DAY)),
    lambda desk: show_lead(desk, CANARY),
    lambda desk: confirm_lead(desk, CANARY, STATED),
    lambda desk: clear_lead(desk, CANARY, reason="elsewhere", cleared_by="Li"),
    lambda desk: clear_lead(desk, "L-NONE", reason=CANARY, cleared_by="Li"),
    lambda desk: list_leads(desk, LeadQuery(registration_id=CANARY)),
    lambda desk: list_leads(desk, LeadQuery(assigned=CANARY)),
    lambda desk: assign_lead(desk, CANARY, CANARY),
    lambda desk: record_outcome(desk, CANARY, SpotResult.FOUND, name=CANARY, note=CANARY),
    lambda desk: reopen_lead(desk, CANARY, name=CANARY, note=CANARY),
    lambda desk: check_sheet(desk, CANARY),
    lambda desk: replay_lead(desk, CANARY, lambda versions, _: desk.matcher_for(versions)),
    lambda desk: list_leads(desk, LeadQuery(feed_id=CANARY, list_id=CANARY, entry_id=CANARY, run_id=CANARY)),
    lambda desk: open_from_query(desk, CANARY, key("pub", CANARY), ZOE, as_of=DAY),
    lambda desk: remove_list(desk, CANARY),
    lambda desk: show_group(desk, CANARY),
    lambda desk: accept_group(desk, CANARY, accepted_by=CANARY),
    lambda desk: reject_group(desk, CANARY, reason="too-little", rejected_by=CANARY),
    lambda desk: reject_group(desk, "G-NONE", reason=CANARY),
    lambda desk: dissolve_group(desk, CANARY, dissolved_by=CANARY),
    imported_from("id,name\n1,Zoephira Canary\n2,Ben\n", "net", "Zoephira Canary", f"net:{CANARY}"),
    imported_from("id,name\n1,Zoephira Canary\n1,Zoephira Canary\n", "net"),
    imported_from("id,id\n1,2\n", CANARY),
    lambda desk: import_graph(desk, NOWHERE, NewGraph(name=CANARY, paths=(Path(CANARY),)), open_graph_tables),
    lambda desk: ask_imported(desk, NOWHERE, CANARY, GraphRequest(analysis="neighbours", nodes=("Zoephira Canary",))),
    lambda desk: drop_graph(desk, NOWHERE, CANARY),
    loaded,
    lambda desk: desk.gate.authority(reason=f"check:{CANARY}@canary.example"),
    lambda desk: desk.gate.authority(reason=CANARY),
    drawn_in,
    proof_asked,
    quarantine_shown,
    lambda desk: show_log(
        desk, LogFilter(who=CANARY, case_id=CANARY, lead_id=CANARY, entry=key(CANARY, CANARY)), last=5
    ),
    lambda desk: unusual_use(desk, since=desk.clock(), until=desk.clock(), who=CANARY),
    lambda desk: prove_consultation(desk, CANARY, ExportRequest(warning=CANARY), None, nullcontext(BytesIO())),
    lambda desk: request_opening(desk, CANARY),
    lambda desk: approve_opening(desk, CANARY, asked_by=CANARY),
    lambda desk: open_typed(desk, CANARY),
    a_case,
    under_case,
]


@pytest.mark.parametrize("act", ACTS, ids=range(len(ACTS)))
def test_what_a_user_types_is_in_no_byte_of_workspace_or_keys(
    bench: Bench, tmp_path: Path, act: Callable[[Workbench], Any]
) -> None:
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    with suppress(NetpursuitError):
        act(bench.desk)
    assert len(list(bench.desk.gate.log.read())) >= 2, "it is on record"
    assert traces(tmp_path) == []


def test_a_persons_number_becomes_no_case(bench: Bench) -> None:
    new = NewCase(
        case_id="110101199003078515",
        title="t",
        authority="a",
        legal_basis="l",
        purpose="p",
        members=(WHO,),
        expires_on=DAY,
    )
    with pytest.raises(NetpursuitError, match="holds a person's number"):
        open_case(bench.desk.gate, new, new_id=lambda: "K-1")


class StoppedError(Exception):
    """The machine stops."""


@pytest.mark.parametrize("moment", ["never", "while matching", "while storing", "after a chunk"])
def test_who_is_on_no_lead_leaves_no_trace_wherever_a_run_stops(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    moved = replace(ZOE, addresses=(Address(text="77 Canary Wharf Lane"),), emails=("zoephira@canary.example",))
    landlord = row("", moved, role=Role.LANDLORD).persons[0]
    shared = row("R1", moved, BEN)
    rows: list[Any] = [
        replace(shared, persons=(*shared.persons, landlord)),
        row("", moved, line=3, unit="CANARY-UNIT"),
        row("R3", moved, line=4),
        row("R3", moved, line=5),
        Rejected(file_digest="d" * 64, file="night.csv", line=6, column="birth_date", reason="bad-date"),
        row("R7", BEN, line=7),
    ]

    def tell(progress: Progress) -> None:
        if moment == "after a chunk":
            raise StoppedError

    def stop(*_: Any, **__: Any) -> None:
        raise StoppedError

    if moment == "while matching":
        monkeypatch.setattr(TableMatcher, "match", stop)
    if moment == "while storing":
        monkeypatch.setattr(bench.truth._file, "run_many", stop)
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY, chunk_rows=3)
    with suppress(StoppedError):
        screen(bench.desk, request, tell)
    assert traces(tmp_path) == []
    monkeypatch.undo()
    again = open_bench(tmp_path)
    screen(again.desk, request)
    assert {lead.key.registration_id for lead in again.truth.leads()} == {"R1", "R7"}
    again.add("pub2", [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    propose_groups(again.desk, Proposing(as_of=DAY))
    accept_group(again.desk, again.truth.entry_pairs()[0].pair_id, accepted_by="Li", as_of=DAY)
    screen(again.desk, request)
    assert [lead.key.entry.list_id for lead in again.truth.leads() if lead.state is LeadState.OPEN] == ["", ""]
    assert all(lead.registration.persons == () for lead in again.truth.leads())
    again.workspace.close()
    assert traces(tmp_path) == []
