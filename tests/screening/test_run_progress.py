"""A run is seen while it runs, from another process's view of the truth, and told from one that was stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted

from netpursuit.engines.local import LocalEngine
from netpursuit.records import Verb
from netpursuit.screening.progress import RunState, show_runs, under_way
from netpursuit.screening.run import Progress, ScreenRequest, screen

BEN = person("Ben Example", "1981-03-04", "N-81-000-123")


def request(count: int) -> ScreenRequest:
    rows = [row(f"R{number}", BEN, line=number + 2) for number in range(count)]
    return ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY, chunk_rows=2)


@pytest.fixture
def listed(bench: Bench) -> Bench:
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    return bench


def test_a_run_is_seen_with_its_rows_while_it_runs(listed: Bench, tmp_path: Path) -> None:
    screen(listed.desk, request(4))
    other = open_bench(tmp_path)
    seen: list[tuple[Any, ...]] = []

    def look(_: Progress) -> None:
        (run,) = under_way(other.desk)
        seen.append((run.state, run.rows_done, run.rows_before))

    screen(listed.desk, request(6), look)
    assert seen == [(RunState.RUNNING, rows, 4) for rows in (2, 4, 6)]
    assert under_way(other.desk) == ()
    shown = show_runs(other.desk)
    assert {(item.state, item.rows_done) for item in shown.items} == {(RunState.FINISHED, 6), (RunState.FINISHED, 4)}
    assert (shown.total, shown.feeds) == (2, (FEED.feed_id,))
    other.workspace.close()


def test_a_run_that_was_stopped_is_told_as_stopped(listed: Bench) -> None:
    def stop(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        screen(listed.desk, request(6), stop)
    (run,) = under_way(listed.desk)
    assert (run.state, run.rows_done, run.rows_before) == (RunState.STOPPED, 2, 0)


def test_looking_at_runs_is_on_record_and_following_one_is_not(listed: Bench) -> None:
    screen(listed.desk, request(2))
    before = len(list(listed.desk.gate.log.read()))
    under_way(listed.desk)
    assert len(list(listed.desk.gate.log.read())) == before
    assert show_runs(listed.desk, feed_id="none").items == ()
    record = list(listed.desk.gate.log.read())[-1]
    assert (record.intent.verb, record.intent.fields) == (Verb.RUNS_SHOW, ("feed",))
    assert "none" not in repr(record.intent.about), "what was typed and is no feed is not kept"
