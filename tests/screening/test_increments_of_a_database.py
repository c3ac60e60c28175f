"""A database that is screened bit by bit, stopped anywhere, ends with the leads of one file with all its rows."""

from __future__ import annotations

import csv
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fake_workbench import DAY, FEED, Bench, open_bench, wanted
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.engines.local import LocalEngine
from netpursuit.ports.engine import Engine
from netpursuit.records import Feed, FeedSource, LeadState
from netpursuit.screening.high_water import mark_to_begin_from
from netpursuit.screening.run import ScreenRequest, screen
from netpursuit.sources.registrations import open_registrations
from netpursuit.sources.registrations.database import source_digest
from netpursuit.sources.registrations.query import Window, open_query

COLUMNS = ("registration_id", "person_id", "name", "birth_date", "id_number")
BORN = ("1981-03-04", "1990-01-01")
NUMBERS = ("N-81-000-123", "N-90-000-777", "")
NAMES = ("Ben Example", "Ann Other", "Nobody Known")


class StoppedError(Exception):
    """As a kill, for this process."""


@dataclass
class Stops:
    """An engine that is killed before it gives its chunk of this number."""

    at: int

    def map(self, task: Callable[[Any], Any], chunks: Iterable[Any]) -> Iterator[Any]:
        for number, chunk in enumerate(chunks):
            if number == self.at:
                raise StoppedError
            yield task(chunk)


def feed_over(path: Path) -> Feed:
    source = FeedSource(url=f"sqlite:///{path}", query="SELECT * FROM registrations", high_water="changed", overlap=0)
    return replace(FEED, source=source)


def read(bench: Bench, feed: Feed, engine: Engine, *, again: bool = False) -> Any:
    assert feed.source is not None
    since = "" if again else mark_to_begin_from(bench.truth, feed, source_digest(feed.source))
    with open_query(feed, Window(since=since), bench.now) as query:
        return screen(
            bench.desk,
            ScreenRequest(feed=feed, source=query, query=query, engine=engine, as_of=DAY, chunk_rows=2),
        )


def left(bench: Bench) -> dict[tuple[str, str, str], tuple[int, int]]:
    return {
        (lead.key.registration_id, lead.key.person_ref, lead.key.entry.entry_id): (
            int(lead.match.band),
            int(lead.match.millibits),
        )
        for lead in bench.truth.leads()
        if lead.state is LeadState.OPEN
    }


def listed(folder: Path) -> Bench:
    bench = open_bench(folder)
    bench.add("pub", [wanted("B", NAMES[0], BORN[0], NUMBERS[0]), wanted("A", NAMES[1], BORN[1], NUMBERS[1])])
    return bench


def put(base: sqlite3.Connection, mark: int, registration: int, someone: int, *shown: str) -> None:
    same = (f"R{registration}", f"P{someone}")
    base.execute("DELETE FROM registrations WHERE registration_id = ? AND person_id = ?", same)
    base.execute("INSERT INTO registrations VALUES (?, ?, ?, ?, ?, ?)", (*same, *shown, mark))


def leave(base: sqlite3.Connection, mark: int, registration: int, someone: int) -> None:
    """Somebody leaves a registration that others stay in: their rows are dated anew, as of any that has changed."""
    base.execute(
        "DELETE FROM registrations WHERE registration_id = ?1 AND person_id = ?2 AND EXISTS "
        "(SELECT 1 FROM registrations WHERE registration_id = ?1 AND person_id <> ?2)",
        (f"R{registration}", f"P{someone}"),
    )
    base.execute(
        "UPDATE registrations SET changed = ? WHERE rowid = (SELECT max(rowid) FROM registrations WHERE "
        "registration_id = ?)",
        (mark, f"R{registration}"),
    )


CHANGE = st.tuples(
    st.sampled_from(["put", "put", "put", "leave"]),
    st.integers(0, 3),
    st.integers(0, 2),
    st.sampled_from(NAMES),
    st.sampled_from(BORN),
    st.sampled_from(NUMBERS),
)
BATCH = st.tuples(st.lists(CHANGE, max_size=6), st.integers(0, 1), st.one_of(st.none(), st.integers(0, 3)))


@settings(max_examples=8, deadline=None)
@given(st.lists(BATCH, min_size=1, max_size=6))
def test_any_increments_stopped_anywhere_end_as_one_file_with_all_rows(
    batches: list[tuple[list[Any], int, int | None]],
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = sqlite3.connect(folder / "register.sqlite", isolation_level=None)
        base.execute(f"CREATE TABLE registrations ({', '.join(COLUMNS)}, changed INTEGER)")
        feed, bench, twin = feed_over(folder / "register.sqlite"), listed(folder / "bench"), listed(folder / "twin")
        mark = 1
        for changes, later, stop in batches:
            mark += later  # without, what changes now has the mark of what was read already
            for kind, registration, someone, *shown in changes:
                if kind == "put":
                    put(base, mark, registration, someone, *shown)
                else:
                    leave(base, mark, registration, someone)
            try:
                read(bench, feed, LocalEngine() if stop is None else Stops(stop))
            except StoppedError:
                continue
        read(bench, feed, LocalEngine())
        # What came with an earlier mark while a stopped run waited is found by the run after it.
        read(bench, feed, LocalEngine())
        with (folder / "all.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(COLUMNS)
            rows.writerows(base.execute(f"SELECT {', '.join(COLUMNS)} FROM registrations"))
        whole = replace(feed, source=None)
        if base.execute("SELECT count(*) FROM registrations").fetchone()[0]:
            request = ScreenRequest(
                feed=whole, source=open_registrations(folder / "all.csv", whole), engine=LocalEngine(), as_of=DAY
            )
            screen(twin.desk, request)
        assert left(bench) == left(twin)
        base.close()
        bench.workspace.close()
        twin.workspace.close()


def test_a_stopped_read_goes_on_behind_its_last_row_and_counts_as_an_undisturbed_one(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "register.sqlite", isolation_level=None)
    base.execute(f"CREATE TABLE registrations ({', '.join(COLUMNS)}, changed INTEGER)")
    for row in range(11):  # most of them with one mark, as a bulk load leaves them
        put(base, 5 + (row > 8), row, 0, NAMES[row % 3], BORN[0], NUMBERS[0])
    feed, bench, twin = feed_over(tmp_path / "register.sqlite"), listed(tmp_path / "bench"), listed(tmp_path / "twin")
    for stop in (2, 3):
        try:
            read(bench, feed, Stops(stop))
        except StoppedError:
            continue
    done = read(bench, feed, LocalEngine())
    assert done.resumed_rows == 6
    undisturbed = read(twin, feed, LocalEngine())
    assert done.manifest.counts == undisturbed.manifest.counts
    assert left(bench) == left(twin)
    assert (done.manifest.query, undisturbed.manifest.query.until) == (undisturbed.manifest.query, "6")
    # The run after one that was stopped begins where that was stopped, the one after an undisturbed one at its end.
    assert read(bench, feed, LocalEngine()).manifest.query.since == "5"
    assert read(twin, feed, LocalEngine()).manifest.query.since == "6"
    for each in (bench, twin):
        each.workspace.close()
    base.close()


def test_a_row_dated_before_the_place_of_a_stopped_read_is_not_lost(tmp_path: Path) -> None:
    base = sqlite3.connect(tmp_path / "register.sqlite", isolation_level=None)
    base.execute(f"CREATE TABLE registrations ({', '.join(COLUMNS)}, changed INTEGER)")
    for row in range(6):
        put(base, 10 + row, row, 0, NAMES[2], BORN[0], "")
    feed, bench = feed_over(tmp_path / "register.sqlite"), listed(tmp_path / "bench")
    feed = replace(feed, source=replace(feed.source, overlap=3))
    try:
        read(bench, feed, Stops(2))
    except StoppedError:
        put(base, 12, 77, 0, NAMES[0], BORN[0], NUMBERS[0])  # was written before, is committed now
    put(base, 5_000, 78, 0, NAMES[2], BORN[0], "")
    read(bench, feed, LocalEngine())
    read(bench, feed, LocalEngine())
    assert [key[0] for key in left(bench)] == ["R77"]
    bench.workspace.close()
    base.close()
