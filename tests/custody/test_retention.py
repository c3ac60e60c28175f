"""What was kept for its period goes, what a lead needs stays, and no byte of what is gone is left (A14, A17)."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted

from netpursuit.audit import leaves
from netpursuit.custody.graph import compare, drain
from netpursuit.custody.retention import Retained, retain, set_period
from netpursuit.engines.local import LocalEngine
from netpursuit.enquiry.search import SearchRequest, search
from netpursuit.errors import InputError, StorageError
from netpursuit.gate.retention import periods_in_use
from netpursuit.gate.workbench import last_setting, past_entry
from netpursuit.policy.retention import PERIODS, Kept
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Authority, Case, EntryKey, Intent, LeadState, Outcome, Rejected, Verb
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead
from netpursuit.screening.run import ScreenRequest, screen
from netpursuit.stores.graph_imported import ImportedFolder
from netpursuit.stores.graph_sqlite import SqliteGraph
from netpursuit.stores.kept_files import WorkspaceFiles
from netpursuit.stores.keys import KeyFolder

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CANARY = "Zyxwvut Canarina"
ANA = person(CANARY, "1980-01-02", "N-80-000-777")
BEN = person("Ben Example", "1981-03-04", "N-81-000-123")
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li Hua", reason="seen")


@pytest.fixture
def led(tmp_path: Path) -> Iterator[Bench]:
    bench = open_bench(tmp_path, START)
    listed = [wanted("A", CANARY, "1980-01-02", "N-80-000-777"), wanted("B", "Ben Example", "1981-03-04")]
    bench.add("pub", listed, max_age_days=None)
    night(bench, row("R1", ANA), row("R2", BEN, line=3))
    yield bench
    bench.workspace.close()


def night(bench: Bench, *rows: Any) -> None:
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY)
    screen(bench.desk, request)


def files_of(bench: Bench, in_use: Mapping[str, frozenset[str]] | None = None) -> WorkspaceFiles:
    return WorkspaceFiles(bench.workspace.folder, lambda kind: (in_use or {}).get(kind, frozenset()))


def purge(bench: Bench, *, days: int = 0, dry_run: bool = False) -> Retained:
    """Retention so many days after the first night."""
    bench.now = max(bench.now, START + timedelta(days=days))
    places = ImportedFolder(bench.workspace.folder / "graphs")
    return retain(bench.desk, files_of(bench), places, dry_run=dry_run)


def lead_of(bench: Bench, registration: str) -> Any:
    (lead,) = bench.truth.leads(LeadQuery(registration_id=registration))
    return lead


def bytes_of(bench: Bench) -> bytes:
    folders = (bench.workspace.folder, bench.workspace.keys.folder)
    return b"".join(path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file())


def decided(bench: Bench, state: LeadState) -> None:
    lead = lead_of(bench, "R1")
    if state is LeadState.CLEARED:
        clear_lead(bench.desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua")
    elif state is LeadState.CONFIRMED:
        confirm_lead(bench.desk, lead.lead_id, STATED, as_of=DAY)
    elif state is LeadState.WITHDRAWN:
        bench.add("pub", [wanted("B", "Ben Example", "1981-03-04")], max_age_days=None, accept_withdrawals=True)
        night(bench, row("R1", ANA), row("R2", BEN, line=3))


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (LeadState.OPEN, Kept.LEAD_OPEN),
        (LeadState.WITHDRAWN, Kept.LEAD_WITHDRAWN),
        (LeadState.CLEARED, Kept.LEAD_CLEARED),
        (LeadState.CONFIRMED, Kept.LEAD_CONFIRMED),
    ],
)
def test_a_lead_is_there_on_its_last_day_and_gone_after_it(led: Bench, state: LeadState, kind: Kept) -> None:
    decided(led, state)
    lead = lead_of(led, "R1")
    assert lead.state is state
    days = PERIODS[kind].days
    purge(led, days=days)
    assert led.truth.lead(lead.lead_id) is not None
    done = purge(led, days=days + 1)
    assert led.truth.lead(lead.lead_id) is None
    assert lead.lead_id in done.lead_ids
    assert led.desk.gate.log.verify() == []
    outcome = list(led.desk.gate.log.read())[-1].outcome
    assert outcome is not None
    assert lead.lead_id in outcome.lead_ids
    assert outcome.counts[kind.value] == 1 + (state is LeadState.OPEN)


def test_nothing_of_what_is_gone_is_in_any_byte_and_the_same_twice_changes_nothing(led: Bench) -> None:
    decided(led, LeadState.WITHDRAWN)
    graph = SqliteGraph(led.workspace.folder / "graph.sqlite")
    drain(led.truth, graph)
    assert CANARY.encode() in bytes_of(led)
    assert dict(purge(led, days=200, dry_run=True).counts)["lead-withdrawn"] == 1
    assert CANARY.encode() in bytes_of(led), "a dry run purges nothing"
    expected = purge(led, dry_run=True)
    done = purge(led)
    assert {name: count for name, count in done.counts.items() if name != "case-part"} == dict(expected.counts)
    assert done.lead_ids == expected.lead_ids
    drain(led.truth, graph)
    assert compare(led.truth, graph).none
    graph.close()
    for canary in (CANARY, "N-80-000-777", "N80000777"):
        assert canary.encode() not in bytes_of(led)
        assert canary.casefold().encode() not in bytes_of(led)
    assert purge(led).counts == {}
    assert led.desk.gate.log.verify() == []


def test_a_lead_keeps_the_versions_that_it_is_replayed_with(led: Bench) -> None:
    decided(led, LeadState.CONFIRMED)
    for number in range(3):
        led.now += timedelta(days=1)
        led.add("pub", [wanted(f"C{number}", f"Other {number}", "1990-01-01")], accept_withdrawals=True)
    lead = lead_of(led, "R1")
    purge(led, days=120)
    assert len(led.truth.sealed_versions()) == 2, "the lead's own, and the one in force"
    assert led.truth.sealed_versions()[0].version.version == lead.list_version
    (again,) = led.desk.matcher_for([led.truth.list_version("pub", lead.list_version)]).match([lead.person])
    assert again.matches[0] == lead.match
    assert past_entry(led.truth, EntryKey(list_id="pub", entry_id="A")) is not None, "the chain closes over the gap"
    assert [entry.entry_id for entry in led.truth.entries("pub")] == ["C2"]
    led.add("pub", [wanted("A", CANARY, "1980-01-02", "N-80-000-777")], accept_withdrawals=True)
    assert [entry.entry_id for entry in led.truth.entries("pub")] == ["A"]
    assert led.truth.entry(EntryKey(list_id="pub", entry_id="B"), lead.list_version) is not None


def test_a_removed_list_leaves_nothing_but_what_a_lead_needs(led: Bench) -> None:
    from netpursuit.custody.lists import remove_list

    decided(led, LeadState.CONFIRMED)
    led.add("gone", [wanted("Z", "Zoe Gone Canary", "1970-01-01")])
    remove_list(led.desk, "gone")
    remove_list(led.desk, "pub")
    purge(led, days=60)
    assert {item.version.list_id for item in led.truth.sealed_versions()} == {"pub"}
    assert b"Zoe Gone Canary" not in bytes_of(led)
    assert led.truth.setting(last_setting("gone")) is None
    led.add("pub", [wanted("A", CANARY, "1980-01-02", "N-80-000-777")])
    assert [entry.entry_id for entry in led.truth.entries("pub")] == ["A"]


def test_a_clearance_outlives_its_lead_silences_the_person_and_ends_with_its_entry(led: Bench) -> None:
    decided(led, LeadState.CLEARED)
    digest = lead_of(led, "R1").fingerprints["person"]
    purge(led, days=100)
    assert [lead.key.registration_id for lead in led.truth.leads()] == ["R2"]
    night(led, row("R9", ANA), row("R2", BEN, line=3))
    assert [lead.key.registration_id for lead in led.truth.leads()] == ["R2"]
    led.add("pub", [wanted("B", "Ben Example", "1981-03-04")], accept_withdrawals=True)
    (clearance,) = led.truth.clearances(digest)
    assert clearance.ended_at is not None
    purge(led, days=400)
    assert led.truth.clearances(digest) == ()


def test_runs_quarantine_revisions_and_cases_go_by_their_own_periods(led: Bench) -> None:
    place = Rejected(file_digest="d" * 64, file="night.csv", line=9, column="name", reason="repeated-key", expected="")
    changed = replace(ANA, phones=("13800138000",))
    night(led, row("R1", changed), row("R2", BEN, line=3), place)
    decided(led, LeadState.CONFIRMED)
    lead = lead_of(led, "R1")
    with led.truth.transaction() as unit:
        case = Case(
            case_id="K-1",
            title="T",
            authority="A",
            legal_basis="L",
            purpose="P",
            members=("officer",),
            opened_by="officer",
            opened_at=unit.at,
            expires_on=date(2026, 12, 1),
        )
        unit.put_case(case)
    assert len(led.truth.lead_revisions(lead.lead_id)) == 1
    purge(led, days=31)
    assert led.truth.quarantine() == ()
    assert len(led.truth.runs()) == 2
    purge(led, days=366)
    assert led.truth.lead_revisions(lead.lead_id) == ()
    assert [run.run_id for run in led.truth.runs()] == [lead.run_id], "the lead's own run stays with it"
    assert led.truth.case("K-1") is not None
    done = purge(led, days=8 + 1095 + 1)
    assert done.counts["case"] == 1
    assert led.truth.case("K-1") is None
    assert led.truth.runs() == ()


def test_typed_values_lose_their_keys_and_the_logs_beginning_its_contents_and_the_log_verifies(led: Bench) -> None:
    intent = Intent(verb=Verb.MATCH, authority=led.desk.authority, fields=("name",), sealed='{"name": "Sealed Canary"}')
    with led.desk.gate.consult(intent) as consultation:
        consultation.conclude(Outcome())
    name = consultation.consultation_id
    log = led.desk.gate.log
    assert log.unseal(name, opened_by="a", approved_by="b") is not None
    assert purge(led, days=180).counts.get("typed") is None
    assert purge(led, days=181).counts["typed"] == 1
    assert log.unseal(name, opened_by="a", approved_by="b") is None
    assert name in [item.consultation_id for item in log.read()], "that somebody asked stays on record"
    assert log.verify() == []
    records = led.truth.log_head().size
    done = purge(led, days=1096)
    assert done.counts["log"] == 3
    assert name not in [item.consultation_id for item in log.read()]
    assert led.truth.log_head().size > records, "the leaves stay"
    assert log.verify() == []


def test_files_that_nobody_uses_go_and_others_stay(led: Bench) -> None:
    folder = led.workspace.folder
    named = {
        "index": ("current", "older"),
        "fetched": ("pub", "gone"),
        "units": ("a.npy",),
        "reports": ("N-20250101-020000-000.json", "notes.txt"),
    }
    old = (START - timedelta(days=400)).timestamp()
    for place, names in named.items():
        (folder / place).mkdir()
        for name in names:
            path = folder / place / name
            if place in ("index", "fetched"):
                path.mkdir()
                (path / "part").write_text(CANARY)
            else:
                path.write_text(CANARY)
            os.utime(path, (old, old))
    files = files_of(led, {"index": frozenset(("current",)), "fetched": frozenset(("pub",))})
    done = retain(led.desk, files, ImportedFolder(folder / "graphs"))
    assert dict(done.counts) == {"index": 1, "unit-index": 1, "fetched": 1, "report": 1}
    left = {place: sorted(path.name for path in (folder / place).iterdir()) for place in named}
    assert left == {"index": ["current"], "fetched": ["pub"], "units": [], "reports": ["notes.txt"]}


def test_a_period_is_chosen_within_its_range_only(led: Bench) -> None:
    set_period(led.desk, "lead-open", 30)
    assert periods_in_use(led.truth)[Kept.LEAD_OPEN] == 30
    for kind, days in (("lead-open", 366), ("lead-open", 6), ("nothing", 30)):
        with pytest.raises(InputError):
            set_period(led.desk, kind, days)
    assert purge(led, days=31).counts["lead-open"] == 2
    set_period(led.desk, "lead-open", None)
    assert periods_in_use(led.truth)[Kept.LEAD_OPEN] == PERIODS[Kept.LEAD_OPEN].days
    with led.truth.transaction() as unit:
        unit.put_setting("retention", '{"lead-open": 99999}')
    assert periods_in_use(led.truth)[Kept.LEAD_OPEN] == PERIODS[Kept.LEAD_OPEN].most


def test_every_kind_is_within_its_range_and_says_why() -> None:
    for kind, period in PERIODS.items():
        assert period.least <= period.days <= period.most, kind
        assert period.why
    assert PERIODS[Kept.TYPED].most <= PERIODS[Kept.LOG].least, "a key is destroyed before its record is forgotten"


def test_without_a_reason_nothing_is_purged(led: Bench) -> None:
    from netpursuit.errors import RefusedError

    led.now = START + timedelta(days=4000)
    desk = led.as_user(Authority(who="officer"))
    with pytest.raises(RefusedError):
        retain(desk, files_of(led), ImportedFolder(led.workspace.folder / "graphs"))
    assert len(led.truth.leads()) == 2


@pytest.mark.parametrize("fails", range(1, 60, 3))
def test_stopped_at_any_write_the_next_call_goes_on(tmp_path: Path, fails: int) -> None:
    from tests.screening.test_every_failed_write import arm

    bench = open_bench(tmp_path, START)
    bench.add("pub", [wanted("A", CANARY, "1980-01-02", "N-80-000-777")])
    night(bench, row("R1", ANA))
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04")], accept_withdrawals=True)
    night(bench, row("R1", ANA))
    bench.now = START + timedelta(days=1200)
    arm(bench, fails)
    with suppress(StorageError):
        purge(bench)
    bench.workspace.close()
    again = open_bench(tmp_path, START + timedelta(days=1200))
    assert again.desk.gate.log.verify() == []
    purge(again)
    assert again.truth.leads() == ()
    assert len(again.truth.sealed_versions()) == 1
    assert CANARY.encode() not in bytes_of(again)
    assert again.desk.gate.log.verify() == []
    again.workspace.close()


def test_keys_of_typed_values_are_destroyed_once_that_is_on_record(led: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    search(led.desk, SearchRequest(person=ANA))
    destroy, said = KeyFolder.destroy, []

    def destroyed(folder: KeyFolder, *ids: str) -> None:
        *_, last = led.truth.log_records()
        said.append((last.kind, leaves.read_payload(last.payload)["counts"]))
        destroy(folder, *ids)

    monkeypatch.setattr(KeyFolder, "destroy", destroyed)
    assert purge(led, days=1000).counts["typed"] == 1
    assert said == [(leaves.PART, {"typed": 1})]


def test_what_another_session_still_reads_is_said(led: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> None:
        raise StorageError("deleted values may still stand in the write-ahead log")

    monkeypatch.setattr(led.truth, "empty_wal", busy)
    assert purge(led, days=200).wal_left
    assert led.truth.leads() == (), "what is purged stays purged"


@pytest.mark.parametrize("base", ["truth", "keys"])
def test_a_purge_of_the_log_is_whole_while_another_session_reads(
    led: Bench, monkeypatch: pytest.MonkeyPatch, base: str
) -> None:
    search(led.desk, SearchRequest(person=ANA))
    led.truth._file._connection.execute("PRAGMA busy_timeout=100")
    led.workspace.keys._file._connection.execute("PRAGMA busy_timeout=100")
    folder = led.workspace.folder if base == "truth" else led.workspace.keys.folder
    reader = sqlite3.connect(folder / f"{base}.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute(f"SELECT count(*) FROM {'log' if base == 'truth' else 'anchor'}").fetchone()
    removed: list[str] = []
    monkeypatch.setattr(WorkspaceFiles, "unused", lambda files, kind, before: ["old"])
    monkeypatch.setattr(WorkspaceFiles, "remove", lambda files, kind, names: removed.append(kind))
    done = purge(led, days=1096)
    assert done.wal_left
    assert done.counts["log"] > 0
    assert removed, "what follows the log is purged, too"
    gone = {item.consultation_id for item in led.truth.log_records() if item.payload is not None}
    assert led.workspace.keys.sealed() <= gone, "no key outlives the record it belongs to"
    assert led.workspace.keys.erased()
    assert led.desk.gate.log.verify() == [], "its head was anchored"
    reader.close()
    assert not purge(led, days=1096).wal_left


def test_keys_that_a_kill_has_left_behind_go_with_the_next_purge(led: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = led.workspace.keys
    search(led.desk, SearchRequest(person=ANA))
    sealed = keys.sealed()
    assert sealed
    led.now = START + timedelta(days=1096)
    with monkeypatch.context() as killed:
        killed.setattr(KeyFolder, "erase", lambda folder, *ids: None)  # the process ended behind the commit
        killed.setattr(KeyFolder, "destroy", lambda folder, *ids: None)
        led.desk.gate.log.purge(led.now - timedelta(days=1095), who="officer")
    assert sealed <= keys.sealed()
    led.desk.gate.log.purge(led.now - timedelta(days=1095), who="officer")
    assert not sealed & keys.sealed()
    assert sealed <= keys.erased()


def test_keys_of_records_that_stand_in_another_copy_stay(tmp_path: Path) -> None:
    bench = open_bench(tmp_path, START)
    bench.add("pub", [wanted("A", CANARY, "1980-01-02", "N-80-000-777")])
    bench.truth.empty_wal()
    older = (tmp_path / "workspace" / "truth.sqlite").read_bytes()
    search(bench.desk, SearchRequest(person=ANA))
    sealed = bench.workspace.keys.sealed()
    bench.workspace.close()
    for path in (tmp_path / "workspace").glob("truth.sqlite*"):
        path.unlink()
    (tmp_path / "workspace" / "truth.sqlite").write_bytes(older)
    again = open_bench(tmp_path, START + timedelta(days=1096))
    again.desk.gate.log.purge(again.now - timedelta(days=1095), who="officer")
    assert sealed
    assert sealed <= again.workspace.keys.sealed()
    again.workspace.close()
