"""Registers that are read on a cluster say of every row what the same register says on one machine; no Spark here."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pyarrow
import pyarrow.parquet
import pytest

from netpursuit.errors import InputError
from netpursuit.ports.spread import FileEngine, Spread, StoredFile
from netpursuit.records import Feed, Registration, Rejected
from netpursuit.sources.registrations import open_registrations
from netpursuit.sources.registrations.spread import open_spread
from tests.fake_workbench import FEED as BARE

Result = TypeVar("Result")
FEED: Feed = replace(BARE, columns={"registration_id": "id", "name": "name", "birth_date": "born"})
HEADER = "id,name,born,民族\n"
ROWS = (
    *("1,Ana Ruiz,1990-01-02,x\n", '2,"Two\nLines",1991-01-02,\n', "3,Bad Date,1991-13-01,\n", "4,Ragged\n"),
    *("5,Zoë Król,1988-05-06,\n", "\n", "6,Ana Ruiz,1990-01-02,\n", '7,"Open,1990-01-02,\n', "8,Ben Roe,1970-01-01,\n"),
)


class FolderEngine:
    """``ports.spread.FileEngine`` over a folder of this machine; what it is given travels as bytes."""

    def __init__(self, batches: Sequence[Sequence[Any]] = ()) -> None:
        self.batches = batches
        self.left_out: list[str] = []

    def files(self, url: str) -> list[StoredFile]:
        place = Path(url)
        found = sorted(place.iterdir()) if place.is_dir() else [place]
        return [StoredFile(number, str(path), path.stat().st_size) for number, path in enumerate(found)]

    def table(self, name: str, leaves_out: Callable[[str], bool]) -> list[StoredFile]:
        names = self.batches[0][0].schema.names
        self.left_out = [column for column in names if leaves_out(column)]
        return [StoredFile(number, f"{name}#{number}", 1) for number in range(len(self.batches))]

    def map_files(
        self, task: Callable[[StoredFile, Any], Iterator[Result]], jobs: Iterable[Sequence[StoredFile]]
    ) -> Iterator[tuple[StoredFile, Result]]:
        task = pickle.loads(pickle.dumps(task))
        for file in (file for job in jobs for file in job):
            content = (
                [batch.drop_columns(self.left_out) for batch in self.batches[file.number]]
                if self.batches
                else Path(file.path).read_bytes()
            )
            for result in task(file, content):
                yield file, result


def as_given(rows: list[Any], end: int, again: bool) -> tuple[list[Any], int, bool]:
    return rows, end, again


def chunks_of(source: Spread, size: int = 3, done: int = 0) -> list[tuple[list[Any], int, bool]]:
    return list(source.spread(as_given, size=size, done=done))


def read(source: Any) -> list[Registration | Rejected]:
    return [row for rows, _, _ in chunks_of(source) for row in source.reader(rows)]


def write(place: Path, *parts: str) -> Path:
    place.mkdir()
    for number, part in enumerate(parts):
        (place / f"part-{number}.csv").write_text(HEADER + part, encoding="utf-8")
    return place


def test_one_file_is_the_same_register_with_the_same_lines(tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(("\ufeff" + HEADER + "".join(ROWS)).encode("utf-8").replace(b"\n", b"\r\n"))
    here, spread = open_registrations(file, FEED), open_spread(str(file), FEED, FolderEngine())
    assert isinstance(FolderEngine(), FileEngine)
    assert isinstance(spread, Spread)
    assert not isinstance(here, Spread)
    assert read(spread) == list(here.read())
    assert (spread.file, spread.file_digest, spread.keyed_by) == (here.file, here.file_digest, here.keyed_by)
    assert spread.rows_estimate == len(list(here.raw())) == 8
    raw = [row for rows, _, _ in chunks_of(spread) for row in rows]
    assert spread.canonical(raw) == here.canonical(list(here.raw()))


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_other_formats_are_read_by_the_same_readers(tmp_path: Path, form: str) -> None:
    file = tmp_path / f"register.{form}"
    if form == "parquet":
        table = pyarrow.table({"id": [1, 2], "name": ["Ana Ruiz", None], "born": ["1990-01-02", "1991"]})
        pyarrow.parquet.write_table(table, file)
    else:
        file.write_text('{"id": 1, "name": "Ana Ruiz", "born": "1990-01-02"}\n{"id": 2, "na\n', encoding="utf-8")
    assert read(open_spread(str(file), FEED, FolderEngine())) == list(open_registrations(file, FEED).read())


def test_several_files_are_one_register_whose_rows_are_numbered(tmp_path: Path) -> None:
    whole = tmp_path / "whole.csv"
    whole.write_text(HEADER + "".join(ROWS), encoding="utf-8")
    folder = write(tmp_path / "november", "".join(ROWS[:3]), "", "".join(ROWS[3:]))
    spread = open_spread(str(folder), FEED, FolderEngine())
    rows, same = read(spread), list(open_registrations(whole, FEED).read())
    assert [row.line for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert {row.file for row in rows} == {"november"}
    assert {row.file_digest for row in rows} == {spread.file_digest}
    assert [replace(row, line=0, file="", file_digest="") for row in rows] == [
        replace(row, line=0, file="", file_digest="") for row in same
    ]
    again = write(tmp_path / "again", "".join(ROWS[:3]), "", "".join(ROWS[3:]))
    assert open_spread(str(again), FEED, FolderEngine()).file_digest == spread.file_digest
    (again / "part-2.csv").write_text(HEADER + ROWS[0], encoding="utf-8")
    assert open_spread(str(again), FEED, FolderEngine()).file_digest != spread.file_digest


@pytest.mark.parametrize("done", range(9))
def test_what_was_done_before_comes_marked_and_in_chunks_of_its_own(tmp_path: Path, done: int) -> None:
    folder = write(tmp_path / "parts", "".join(ROWS[:3]), "".join(ROWS[3:]))
    chunks = chunks_of(open_spread(str(folder), FEED, FolderEngine()), size=2, done=done)
    assert [end for _, end, _ in chunks] == sorted({end for _, end, _ in chunks})
    assert sum(len(rows) for rows, _, _ in chunks) == chunks[-1][1] == 8
    assert all(again == (end <= done) for _, end, again in chunks)
    assert sum(len(rows) for rows, _, again in chunks if again) == done
    assert max(len(rows) for rows, _, _ in chunks) <= 2


def test_files_of_other_columns_are_refused_by_name(tmp_path: Path) -> None:
    folder = write(tmp_path / "parts", ROWS[0], ROWS[1])
    (folder / "part-1.csv").write_text("id,name\n1,Ana\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"part-1\.csv: other columns than in part-0\.csv"):
        open_spread(str(folder), FEED, FolderEngine())
    (folder / "part-1.csv").write_bytes(b"%PDF-1.7 nothing")
    with pytest.raises(InputError, match=r"part-1\.csv"):
        open_spread(str(folder), FEED, FolderEngine())
    with pytest.raises(InputError, match="'there'"):
        open_spread(str(folder / "part-0.csv"), replace(FEED, columns={"name": "there"}), FolderEngine())


def test_a_key_of_json_may_stand_in_some_files_alone(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    (folder / "0.jsonl").write_text('{"id": "1", "name": "Ana Ruiz"}\n', encoding="utf-8")
    (folder / "1.jsonl").write_text('{"id": "2", "name": "Ben Roe", "born": "1970-01-01"}\n', encoding="utf-8")
    rows = read(open_spread(str(folder), FEED, FolderEngine()))
    assert [bool(row.persons[0].person.birth_dates) for row in rows if isinstance(row, Registration)] == [False, True]


def test_a_table_is_the_same_work_however_it_is_parted() -> None:
    columns = {"id": ["1", "2", ""], "name": ["Ana Ruiz", "Ben Roe", ""], "born": ["1990", "1970-01-01", ""]}
    table = pyarrow.table({**columns, "民族": ["x", "y", ""]})
    one = FolderEngine([table.to_batches()])
    other = FolderEngine([table.slice(0, 1).to_batches(), table.slice(1).to_batches(max_chunksize=1)])
    first, second = (open_spread("table:lodging.guests", FEED, engine) for engine in (one, other))
    assert first.file_digest == second.file_digest
    assert first.file == "lodging.guests"
    assert read(first) == read(second)
    assert [row.line for row in read(first)] == [1, 2], "a row of nothing is none"
    assert one.left_out == ["民族"]
    changed = FolderEngine([table.slice(1).to_batches()])
    assert open_spread("table:lodging.guests", FEED, changed).file_digest != first.file_digest
