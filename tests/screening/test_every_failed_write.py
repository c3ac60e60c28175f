"""Each single write of a run fails once: nothing is half done, and the next run ends as an undisturbed one (A3)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted

from netpursuit.custody.policies import set_four_eyes
from netpursuit.engines.local import LocalEngine
from netpursuit.errors import StorageError
from netpursuit.gate.four_eyes import needs_two
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import LeadState, Rejected, RunManifest, SpotResult
from netpursuit.review.handling import assign_lead, note_lead, record_outcome, reopen_lead
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead, list_leads
from netpursuit.screening.run import ScreenRequest, screen

ANA = person("Ana Example", "1980-01-02")
BEN = person("Ben Example", "1981-03-04", "N-81-000-123")
ROWS: list[Any] = [
    row("R1", ANA),
    row("R2", BEN, line=3),
    Rejected(file_digest="d" * 64, file="night.csv", line=4, column="birth_date", reason="bad-date"),
    row("R4", BEN, line=5),
]
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li Hua", reason="seen")


class FailingConnection:
    """A connection whose n-th writing statement or commit fails as a full disk does; ``n`` 0: none."""

    def __init__(self, inner: sqlite3.Connection, counter: dict[str, int]) -> None:
        self._inner, self._counter = inner, counter

    def execute(self, sql: str, *values: Any) -> Any:
        if sql.split(None, 1)[0] in ("INSERT", "UPDATE", "DELETE", "COMMIT", "BEGIN"):
            self._count()
        return self._inner.execute(sql, *values)

    def executemany(self, sql: str, rows: Any) -> Any:
        self._count()
        return self._inner.executemany(sql, rows)

    def close(self) -> None:
        self._inner.close()

    def _count(self) -> None:
        self._counter["writes"] += 1
        if self._counter["writes"] == self._counter["fails"]:
            raise sqlite3.OperationalError("database or disk is full")


def arm(bench: Bench, fails: int) -> dict[str, int]:
    counter = {"writes": 0, "fails": fails}
    for file in (bench.workspace.truth._file, bench.workspace.keys._file):
        file._connection = FailingConnection(file._connection, counter)  # type: ignore[assignment]
    return counter


@pytest.fixture
def prepared(tmp_path: Path) -> Path:
    """A folder with lists and one lead that the run is to withdraw."""
    bench = open_bench(tmp_path / "prepared")
    bench.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", BEN_NUMBER)])
    night(bench, [row("R4", ANA)])
    bench.workspace.close()
    return tmp_path / "prepared"


BEN_NUMBER = "N-81-000-123"


def night(bench: Bench, rows: list[Any]) -> RunManifest:
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY, chunk_rows=2)
    return screen(bench.desk, request).manifest


def everywhere(prepared: Path, tmp_path: Path, act: Callable[[Bench], Any]) -> Iterator[tuple[Bench, bool]]:
    """A fresh copy for each write of ``act``, after that write has failed; at last one where none did."""
    fails = 0
    while True:
        fails += 1
        folder = tmp_path / f"copy-{fails}"
        shutil.copytree(prepared, folder)
        bench = open_bench(folder)
        counter = arm(bench, fails)
        failed = False
        try:
            act(bench)
        except StorageError:
            failed = True
        bench.workspace.close()
        again = open_bench(folder)
        yield again, failed
        again.workspace.close()
        shutil.rmtree(folder)
        if counter["writes"] < fails:
            assert not failed
            return


def found(bench: Bench) -> set[tuple[str, str, LeadState, str, int]]:
    return {
        (lead.key.registration_id, lead.key.entry.entry_id, lead.state, lead.flag, lead.revision)
        for lead in bench.truth.leads()
    }


def test_four_eyes_that_were_not_switched_on_leave_no_mark_beside_the_keys(tmp_path: Path) -> None:
    open_bench(tmp_path / "prepared").workspace.close()
    failures = 0
    for bench, failed in everywhere(tmp_path / "prepared", tmp_path, lambda one: set_four_eyes(one.desk, on=True)):
        failures += failed
        assert needs_two(bench.truth) == bench.desk.keys.has_mark("four-eyes")
        assert failed or needs_two(bench.truth)
    assert failures > 3


def test_whichever_write_of_a_run_fails_the_next_run_ends_as_an_undisturbed_one(prepared: Path, tmp_path: Path) -> None:
    shutil.copytree(prepared, tmp_path / "whole")
    whole = open_bench(tmp_path / "whole")
    counts = night(whole, ROWS).counts
    expected, drawn = found(whole), {item.owner for item in whole.truth.outbox()}
    whole.workspace.close()
    tried = 0
    for bench, failed in everywhere(prepared, tmp_path, lambda bench: night(bench, ROWS)):
        tried += failed
        # Every lead with its row of the link graph; none without.
        assert {lead.lead_id for lead in bench.truth.leads()} == {item.owner for item in bench.truth.outbox()}
        stored = {lead.lead_id for lead in bench.truth.leads()}
        assert bench.desk.gate.log.verify() == []
        assert stored <= drawn
        if failed:
            night(bench, ROWS)
        assert found(bench) == expected
        runs = [run for run in bench.truth.runs() if run.finished_at is not None and run.counts.read == len(ROWS)]
        assert runs[-1].counts == counts
        assert len(bench.truth.quarantine(run_id=runs[-1].run_id)) == 1
        assert bench.desk.gate.log.verify() == []
    assert tried > 40


@pytest.mark.parametrize("act", ["confirm", "clear", "reopen", "assign", "note", "outcome", "list", "add"])
def test_whichever_write_of_an_act_fails_it_is_done_with_its_record_or_not_at_all(
    prepared: Path, tmp_path: Path, act: str
) -> None:
    def run(bench: Bench) -> None:
        (lead,) = bench.truth.leads(LeadQuery(registration_id="R4"))
        if act == "confirm":
            confirm_lead(bench.desk, lead.lead_id, STATED, as_of=DAY)
        elif act == "clear":
            clear_lead(bench.desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua")
        elif act == "reopen":
            reopen_lead(bench.desk, lead.lead_id, name="Li Hua", note="wrong")
        elif act == "assign":
            assign_lead(bench.desk, lead.lead_id, "Li Hua")
        elif act == "note":
            note_lead(bench.desk, lead.lead_id, name="Li Hua", note="rang")
        elif act == "outcome":
            record_outcome(bench.desk, lead.lead_id, SpotResult.FOUND, name="Li Hua")
        elif act == "list":
            list_leads(bench.desk, as_of=DAY)
        else:
            bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", BEN_NUMBER)])

    if act == "reopen":
        before = open_bench(prepared)
        clear_lead(before.desk, before.truth.leads()[0].lead_id, reason="elsewhere", cleared_by="Li Hua")
        before.workspace.close()
    for bench, _ in everywhere(prepared, tmp_path, run):
        records = list(bench.desk.gate.log.read())[3 if act == "reopen" else 2 :]
        done = bool(records) and records[-1].outcome is not None and "failed" not in records[-1].outcome.about
        (lead,) = bench.truth.leads(LeadQuery(registration_id="R4"))
        if act == "confirm":
            assert (lead.state is LeadState.CONFIRMED) is done
        elif act == "clear":
            assert (lead.state is LeadState.CLEARED) is done
            assert bool(bench.truth.clearances(lead.fingerprints["person"])) is done
        elif act == "reopen":
            (clearance,) = bench.truth.clearances(lead.fingerprints["person"])
            assert (lead.state is LeadState.OPEN) is (clearance.ended_at is not None) is done
        elif act in ("assign", "note", "outcome"):
            assert (bool(lead.assigned) or bool(lead.outcomes) or bool(lead.notes)) is done
        elif act == "add":
            assert (lead.flag == "entry-withdrawn") is done
            assert (len(list(bench.truth.entries("pub"))) == 1) is done
        assert bench.desk.gate.log.verify() == []
