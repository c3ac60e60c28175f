"""A file of registrations, opened under a feed and read as a stream.

A row whose date of birth, start or end cannot be read is quarantined whole rather than screened without it: a human
reads it again, and no wrong date clears anybody. The same holds for a role that nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from netpursuit.errors import InputError
from netpursuit.ports.blocks import Block
from netpursuit.records import Feed, Registration, Rejected
from netpursuit.records.register import RegisterRows
from netpursuit.sources.registrations.canonical import canonical_rows
from netpursuit.sources.registrations.cells import Cells, Reading, UnreadableCellError
from netpursuit.sources.registrations.columns import COLUMNS, HEADER_WORDS, is_column, numbered
from netpursuit.sources.registrations.persons import Slot, read_persons, read_stays, slots_of
from netpursuit.sources.tables import Row, Table, TextTable, open_table

JOINED_BY = " + "  # name = "FirstName + LastName" joins two columns of the file
ROWS_AT_ONCE = 500
_NOBODY = UnreadableCellError("", "no-person", "a name or a document number")


@dataclass(frozen=True, slots=True, kw_only=True)
class RowReader:
    """Makes registrations, or rejections, of rows of one file, in order."""

    reading: Reading
    slots: tuple[Slot, ...]
    file: str
    file_digest: str

    @property
    def keyed_by(self) -> str:
        """The columns that identify a row, as the file heads them; empty where it has none."""
        return JOINED_BY.join(self.reading.headers.get("registration_id", ()))

    def __call__(self, rows: Sequence[Row | Rejected | Block]) -> list[Registration | Rejected]:
        return self.columns(rows).records()

    def columns(self, rows: Sequence[Row | Rejected | Block]) -> RegisterRows:
        """The same, column by column."""
        rejected: dict[int, Rejected] = {}
        parted: list[Row | Block] = []
        size = 0
        for row in rows:
            if isinstance(row, Rejected):
                rejected[size] = row
                size += 1
            else:
                parted.append(row)
                size += len(row) if isinstance(row, Block) else 1
        is_parted = np.ones(size, np.bool_)
        is_parted[list(rejected)] = False
        place = np.flatnonzero(is_parted)
        cells = Cells(parted, self.reading)
        lines = np.array(cells.lines(), np.int64)
        stays = read_stays(cells)
        people = read_persons(cells, stays, self.slots)
        good = np.flatnonzero(people.named)
        for unused in np.flatnonzero(people.named == 0).tolist():
            error = people.errors.get(unused, _NOBODY)
            rejected[int(place[unused])] = self._rejected(int(lines[unused]), error)
        number = {row: at for at, row in enumerate(good.tolist())} if people.unnamed else {}
        return RegisterRows(
            file=self.file,
            file_digest=self.file_digest,
            size=size,
            rejected=rejected,
            rows=place[good],
            ids=cells.texts("registration_id").pick(good).rows(),
            lines=lines[good],
            stays=stays.columns.pick(good),
            unnamed={number[row]: nobody for row, nobody in people.unnamed.items() if row in number},
            person_start=np.concatenate([[0], people.named[good].cumsum()]),
            persons=people.persons,
        )

    def _rejected(self, line: int, error: UnreadableCellError) -> Rejected:
        return Rejected(
            file_digest=self.file_digest,
            file=self.file,
            line=line,
            column=error.column,
            reason=error.reason,
            expected=error.expected,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationFile:
    """One file of registrations (a ``RegistrationSource``). ``columns_read`` are the program's columns found in it."""

    table: Table
    reading: Reading
    slots: tuple[Slot, ...]

    @property
    def file(self) -> str:
        return self.table.path.name

    @property
    def file_digest(self) -> str:
        return self.table.file_digest

    @property
    def rows_estimate(self) -> int | None:
        return self.table.rows_estimate

    @property
    def keyed_by(self) -> str:
        return self.reader.keyed_by

    @property
    def columns_read(self) -> tuple[str, ...]:
        return tuple(self.reading.headers)

    def raw(self) -> Iterator[Row | Rejected]:
        """Every row of the file as it stands, in order; streaming where the format allows it."""
        return self.table.rows()

    def blocks(self) -> Iterator[Row | Rejected | Block]:
        """The same, many rows together where the format allows it."""
        return self.table.blocks() if isinstance(self.table, TextTable) else self.table.rows()

    @property
    def reader(self) -> RowReader:
        """What makes registrations of rows; it can be sent to another process."""
        return RowReader(reading=self.reading, slots=self.slots, file=self.file, file_digest=self.file_digest)

    @property
    def canonical(self) -> Callable[[Sequence[Row | Rejected | Block]], list[bytes]]:
        """What gives the bytes of rows of which receipts speak; it can be sent to another process."""
        return canonical_rows

    def read(self) -> Iterator[Registration | Rejected]:
        """Every row of the file in order, as a registration or as a rejection."""
        rows, reader = self.raw(), self.reader
        while some := list(islice(rows, ROWS_AT_ONCE)):
            yield from reader(some)


def open_registrations(path: Path | str, feed: Feed) -> RegistrationFile:
    """Open a file under a feed; columns that the feed does not map are taken by the program's own names.

    Raises ``InputError`` for whatever ``open_table`` refuses, where a mapped column is not in the file (all of them
    are named together), and where the file names nobody: neither a name nor a document number.
    """
    path = Path(path)
    mapped = frozenset(part for header in feed.columns.values() for part in parts_of(header))
    words = HEADER_WORDS | mapped
    table = open_table(path, format=feed.format, encoding=feed.encoding, header_words=words)
    reading = reading_of(table.columns, feed, str(path), table.header_line or None)
    return RegistrationFile(table=table, reading=reading, slots=slots_of(reading))


def reading_of(columns: Sequence[str], feed: Feed, where: str, line: int | None = None) -> Reading:
    """How a table of these columns is read under a feed. Raises ``InputError`` as ``open_registrations``."""
    reading = Reading(
        headers=_headers(columns, feed, where, line),
        defaults=dict(feed.defaults),
        country=feed.country,
        date_order=feed.date_order,
    )
    if not any(_names_somebody(column) for column in reading.headers):
        raise InputError(
            "no column names a person",
            where=where,
            expected="a column for name or id_number (netpursuit feed init)",
        )
    return reading


def parts_of(header: str) -> tuple[str, ...]:
    """The headers that a mapping names: one, or several joined by `` + ``."""
    return tuple(part.strip() for part in header.split(JOINED_BY))


def _headers(columns: Sequence[str], feed: Feed, where: str, line: int | None) -> dict[str, tuple[str, ...]]:
    present = {_loose(column): column for column in columns}
    headers: dict[str, tuple[str, ...]] = {}
    missing: list[str] = []
    for name, header in feed.columns.items():
        # A header that itself contains " + " is taken as it stands.
        parts = (header,) if _loose(header) in present else parts_of(header)
        lost = [part for part in parts if _loose(part) not in present]
        missing += [f"{name} = {part!r}" for part in lost]
        headers[name] = tuple(present[_loose(part)] for part in parts if _loose(part) in present)
    if missing:
        raise InputError(
            f"columns that the feed maps are not in the file: {', '.join(missing)}",
            where=where,
            line=line,
            expected="headers as they stand in the file (netpursuit feed init recognises them)",
        )
    for column in columns:
        name = column.strip().casefold().replace(" ", "_").replace("-", "_")
        if is_column(name) and name not in headers:
            headers[name] = (column,)
    return headers


def _names_somebody(column: str) -> bool:
    if found := numbered(column):
        column = found[2]
    return column.removeprefix("landlord_") in ("name", "native_name", "id_number") and (
        column in COLUMNS or column in ("name", "native_name", "id_number")
    )


def _loose(header: str) -> str:
    return " ".join(header.split()).casefold()
