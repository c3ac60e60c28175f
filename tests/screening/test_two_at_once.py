"""Two processes, or two people, at the same time on one workspace: nothing is doubled, nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fake_workbench import DAY, FEED, RowsSource, open_bench, person, row, wanted

from netpursuit.engines.local import LocalEngine
from netpursuit.errors import InputError, StorageError
from netpursuit.records import LeadState
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead
from netpursuit.screening.run import Progress, ScreenRequest, screen

HERE = Path(__file__).resolve().parent
BEN = person("Ben Example", "1981-03-04", "N-81-000-123")
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li Hua", reason="seen")


def start(folder: Path) -> subprocess.Popen[str]:
    paths = [str(HERE), str(HERE.parent), str(HERE.parent.parent), os.environ.get("PYTHONPATH", "")]
    return subprocess.Popen(
        [sys.executable, str(HERE / "slow_screening.py"), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def test_of_two_processes_that_screen_the_same_file_one_does_it_once(tmp_path: Path) -> None:
    bench = open_bench(tmp_path)
    bench.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")])
    children = [start(tmp_path) for _ in range(2)]
    said = [child.communicate(timeout=60) for child in children]
    ended = sorted(child.returncode for child in children)
    refused = [err for (_, err), child in zip(said, children, strict=True) if child.returncode]
    # The second was refused, or came when the first had ended and changed nothing.
    assert ended in ([0, 1], [0, 0]), said
    assert all("is under way by officer" in err for err in refused), refused
    assert len(bench.truth.leads()) == 40
    assert {lead.revision for lead in bench.truth.leads()} == {1}
    first = bench.truth.runs()[-1]
    assert (first.counts.read, first.counts.leads_new) == (60, 40)
    assert len(bench.truth.outbox()) == 40
    assert bench.desk.gate.log.verify() == []
    bench.workspace.close()


def test_a_run_inside_a_run_of_the_same_feed_is_refused_and_on_record(tmp_path: Path) -> None:
    bench, other = open_bench(tmp_path), open_bench(tmp_path)
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    rows = [row(f"R{number}", BEN, line=number + 2) for number in range(4)]
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY, chunk_rows=2)
    refused = []

    def meanwhile(_: Progress) -> None:
        with pytest.raises(StorageError, match="under way by officer"):
            screen(other.desk, request)
        refused.append(True)

    counts = screen(bench.desk, request, meanwhile).manifest.counts
    assert (len(refused), counts.read, counts.leads_new) == (2, 4, 4)
    outcomes = [item.outcome for item in bench.desk.gate.log.read() if item.outcome and item.outcome.about]
    assert [item.about for item in outcomes].count({"failed": "HeldError"}) == 2
    again = screen(other.desk, request).manifest.counts
    assert (again.leads_new, again.leads_unchanged) == (0, 4)
    bench.workspace.close()
    other.workspace.close()


def test_of_two_people_who_decide_about_one_lead_the_second_is_told(tmp_path: Path) -> None:
    bench, other = open_bench(tmp_path), open_bench(tmp_path)
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    screen(bench.desk, ScreenRequest(feed=FEED, source=RowsSource([row("R1", BEN)]), engine=LocalEngine(), as_of=DAY))
    (lead,) = bench.truth.leads()
    assert other.truth.lead(lead.lead_id).state is LeadState.OPEN
    clear_lead(bench.desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua")
    with pytest.raises(InputError, match="is cleared"):
        confirm_lead(other.desk, lead.lead_id, STATED, as_of=DAY)
    with pytest.raises(InputError, match="is cleared"):
        clear_lead(other.desk, lead.lead_id, reason="wrong-data", cleared_by="Wang Fang")
    assert bench.truth.lead(lead.lead_id).decided_by == "Li Hua"
    bench.workspace.close()
    other.workspace.close()
