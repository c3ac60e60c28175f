"""A run that is killed in the middle ends, when started again, with the leads of an undisturbed one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, wanted

from netpursuit.engines.local import LocalEngine
from netpursuit.records import LeadState
from netpursuit.screening.run import ScreenRequest, screen

HERE = Path(__file__).resolve().parent
LISTED = [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")]


def start(folder: Path) -> subprocess.Popen[str]:
    paths = [str(HERE.parent.parent), str(HERE.parent)]
    return subprocess.Popen(
        [sys.executable, str(HERE / "slow_screening.py"), str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
    )


def found(bench: Bench) -> set[tuple[str, str, LeadState, int]]:
    return {
        (lead.key.registration_id, lead.key.entry.entry_id, lead.state, lead.revision) for lead in bench.truth.leads()
    }


def prepare(folder: Path) -> None:
    bench = open_bench(folder)
    bench.add("pub", LISTED)
    bench.workspace.close()


@pytest.mark.parametrize("killed_at", [[8], [4, 20, 44]])
def test_a_killed_run_ends_with_the_leads_of_an_undisturbed_one(tmp_path: Path, killed_at: list[int]) -> None:
    prepare(tmp_path / "killed")
    for rows in killed_at:
        child = start(tmp_path / "killed")
        assert child.stdout is not None
        for line in child.stdout:
            assert line.strip() != "done", "it was to be killed before its end"
            if int(line) >= rows:
                break
        child.kill()
        child.wait()
        child.stdout.close()
    last = start(tmp_path / "killed")
    said, _ = last.communicate(timeout=60)
    assert last.returncode == 0
    assert said.split()[-1] == "done"

    killed = open_bench(tmp_path / "killed")
    (run,) = killed.truth.runs()
    assert run.finished_at is not None

    sys.path.insert(0, str(HERE))
    try:
        from slow_screening import ROWS
    finally:
        sys.path.remove(str(HERE))
    whole = open_bench(tmp_path / "whole")
    whole.add("pub", LISTED)
    answer = screen(
        whole.desk, ScreenRequest(feed=FEED, source=RowsSource(ROWS), engine=LocalEngine(), as_of=DAY, chunk_rows=4)
    )
    assert found(killed) == found(whole)
    assert len(found(whole)) == 40
    assert run.counts == answer.manifest.counts
    assert killed.desk.gate.log.verify() == []
    outcomes = [item.outcome for item in killed.desk.gate.log.read() if item.intent.about.get("feed")]
    assert [outcome is None for outcome in outcomes] == [True] * len(killed_at) + [False]
    killed.workspace.close()
    whole.workspace.close()
