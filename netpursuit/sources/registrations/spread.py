"""Registrations of one file or of many in a storage that a cluster reaches, read on the cluster by the same readers.

A file is read whole by whoever works through it, from memory and never from a disk. Several files are one register,
in the order of their paths: its rows are numbered from 1, as those of a Parquet file are, and the number stands in the
place of a line. The rows of a single file keep their lines.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, count
from typing import Any, TypeVar

from netpursuit.errors import InputError, StorageError
from netpursuit.ports.spread import FileEngine, OfRows, StoredFile
from netpursuit.records import Feed, Rejected
from netpursuit.sources.registrations.canonical import canonical_rows
from netpursuit.sources.registrations.columns import HEADER_WORDS, is_dropped
from netpursuit.sources.registrations.persons import slots_of
from netpursuit.sources.registrations.reader import RowReader, parts_of, reading_of
from netpursuit.sources.registrations.spread_files import FileOpening
from netpursuit.sources.registrations.spread_opening import FileFound, Opening
from netpursuit.sources.registrations.spread_table import TABLE, TableOpening, table_digest
from netpursuit.sources.tables import Row

Result = TypeVar("Result")

ROWS_OF_A_JOB = 2_000_000  # their results wait on the driver until they are committed
FILES_OF_A_JOB = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """The first look at a file."""

    opening: Opening

    def __call__(self, file: StoredFile, content: Any) -> Iterator[FileFound]:
        yield self.opening.look(file, content)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """Works through the rows of a file in chunks. ``before``: rows of the files before each; ``numbered``: rows are
    known by their numbers in the register, not by their lines."""

    opening: Opening
    task: OfRows[Any]
    size: int
    done: int
    before: tuple[int, ...]
    numbered: bool
    columns: tuple[str, ...]
    file: str
    file_digest: str

    def __call__(self, file: StoredFile, content: Any) -> Iterator[Any]:
        rows = self.opening.rows(file, content)
        first = self.before[file.number]
        placed = map(self._placed, rows, count(first + 1)) if self.numbered else map(self._named, rows)
        for some, end in _parted(placed, self.size, first, self.done):
            yield self.task(some, end, end <= self.done)

    def _placed(self, row: Row | Rejected, number: int) -> Row | Rejected:
        if isinstance(row, Rejected):
            return replace(row, line=number, file=self.file, file_digest=self.file_digest)
        # In files of JSON a key may stand in some alone.
        return Row(number, dict.fromkeys(self.columns, "") | row.values, row.numeric)

    def _named(self, row: Row | Rejected) -> Row | Rejected:
        return replace(row, file=self.file) if isinstance(row, Rejected) else row


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadRegister:
    """A ``RegistrationSource`` whose rows never come to the driver (``ports.spread.Spread``)."""

    engine: FileEngine
    opening: Opening
    files: tuple[StoredFile, ...]
    found: tuple[FileFound, ...]
    numbered: bool
    columns: tuple[str, ...]
    reader: RowReader

    @property
    def file(self) -> str:
        return self.reader.file

    @property
    def file_digest(self) -> str:
        return self.reader.file_digest

    @property
    def rows_estimate(self) -> int | None:
        return sum(found.rows for found in self.found)

    @property
    def keyed_by(self) -> str:
        return self.reader.keyed_by

    def raw(self) -> Iterator[Any]:
        raise StorageError("the rows of this register are read where they are matched")

    @property
    def canonical(self) -> Callable[[Sequence[Row | Rejected]], list[bytes]]:
        return canonical_rows

    def spread(self, task: OfRows[Result], *, size: int, done: int) -> Iterator[Result]:
        counts = [found.rows for found in self.found]
        work = _Rows(
            opening=self.opening,
            task=task,
            size=size,
            done=done,
            before=tuple(accumulate(counts[:-1], initial=0)),
            numbered=self.numbered,
            columns=self.columns,
            file=self.file,
            file_digest=self.file_digest,
        )
        for _, result in self.engine.map_files(work, _jobs(self.files, counts)):
            yield result


def open_spread(url: str, feed: Feed, engine: FileEngine) -> SpreadRegister:
    """The register at an address that the engine reaches: one file, a folder of files or a pattern, of any format; or,
    as ``table:NAME``, a table.

    Raises ``InputError`` as ``open_registrations``, for the file in question, and where files have other columns than
    the first one.
    """
    opening: Opening
    if name := url.removeprefix(TABLE) if url.startswith(TABLE) else "":
        opening, files = TableOpening(), engine.table(name, is_dropped)
    else:
        mapped = frozenset(part for header in feed.columns.values() for part in parts_of(header))
        opening = FileOpening(format=feed.format, encoding=feed.encoding, words=HEADER_WORDS | mapped)
        files = engine.files(url)
    sizes = [file.size // 100 for file in files]  # no row that names somebody is shorter than a few bytes
    found = [one for _, one in engine.map_files(_Look(opening=opening), _jobs(files, sizes))]
    columns = _columns(files, found)
    reading = reading_of(columns, feed, name or files[0].path, found[0].header_line or None)
    return SpreadRegister(
        engine=engine,
        opening=opening,
        files=tuple(files),
        found=tuple(found),
        numbered=bool(name) or len(files) > 1,
        columns=columns,
        reader=RowReader(
            reading=reading,
            slots=slots_of(reading),
            file=name or _last_part(files[0].path if len(files) == 1 else url),
            file_digest=table_digest(found) if name else _digest(files, found),
        ),
    )


def _columns(files: Sequence[StoredFile], found: Sequence[FileFound]) -> tuple[str, ...]:
    """Those of all files: the same in each, but that an object of JSON need not have every key."""
    columns = dict.fromkeys(found[0].columns)
    for file, one in zip(files, found, strict=True):
        if one.format == "jsonl" == found[0].format:
            columns |= dict.fromkeys(one.columns)
        elif set(one.columns) != set(columns):
            first = _last_part(files[0].path)
            raise InputError(f"other columns than in {first}", where=file.path, expected="files of one register")
    return tuple(columns)


def _digest(files: Sequence[StoredFile], found: Sequence[FileFound]) -> str:
    """Of a single file that of its bytes, as everywhere; else of the names and digests of all."""
    if len(files) == 1:
        return found[0].digest
    lines = "".join(f"{_last_part(file.path)}\0{one.digest}\n" for file, one in zip(files, found, strict=True))
    return hashlib.sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()


def _last_part(path: str) -> str:
    return re.sub(r"\\(.)", r"\1", path.rstrip("/").rpartition("/")[2])


def _jobs(files: Sequence[StoredFile], rows: Sequence[int]) -> Iterator[list[StoredFile]]:
    """Files that are worked through at once: their results are all there before the first one is stored."""
    job: list[StoredFile] = []
    size = 0
    for file, more in zip(files, rows, strict=True):
        if job and (size + more > ROWS_OF_A_JOB or len(job) == FILES_OF_A_JOB):
            yield job
            job, size = [], 0
        job.append(file)
        size += more
    if job:
        yield job


def _parted(rows: Iterable[Any], size: int, first: int, done: int) -> Iterator[tuple[list[Any], int]]:
    """Chunks and the number of their last row, counted from the first row of the register; a chunk ends at ``done``."""
    waiting: list[Any] = []
    number = first
    for number, row in enumerate(rows, first + 1):
        waiting.append(row)
        if len(waiting) == size or number == done:
            yield waiting, number
            waiting = []
    if waiting:
        yield waiting, number
