"""A session that reads the key folder stops no erasure: it is carried out, and its keys are gone (A14)."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from fake_workbench import DAY, FEED, RowsSource, open_bench, person, row, wanted

from netpursuit.custody.erasure import erase_person
from netpursuit.engines.local import LocalEngine
from netpursuit.screening.run import ScreenRequest, screen


def test_an_order_is_carried_out_while_somebody_reads_the_keys(tmp_path: Path) -> None:
    bench = open_bench(tmp_path, datetime(2026, 11, 23, 2, 0, tzinfo=UTC))
    ana = person("Ana Example", "1980-01-02", "N-80-000-777")
    bench.add("pub", [wanted("A", "Ana Example", "1980-01-02", "N-80-000-777")])
    screen(bench.desk, ScreenRequest(feed=FEED, source=RowsSource([row("R1", ana)]), engine=LocalEngine(), as_of=DAY))
    assert bench.truth.count_leads() == 1
    keys = bench.workspace.keys
    keys._file._connection.execute("PRAGMA busy_timeout=100")
    reader = sqlite3.connect(keys.folder / "keys.sqlite", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM anchor").fetchone()
    done = erase_person(bench.desk, ana, "E-1")
    reader.close()
    assert done.wal_left, "what was deleted may stand in the log of the keys until the reader ends"
    assert len(done.erasure.leads) == 1
    assert bench.truth.leads() == ()
    assert keys.begun_erasures() == ()
    assert bench.desk.gate.log.verify() == []
    bench.workspace.close()
