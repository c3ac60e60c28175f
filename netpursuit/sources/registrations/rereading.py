"""The rows of one unit again, from the register that was screened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from netpursuit.ports.units import UnitRow
from netpursuit.records import Feed, Registration, Rejected
from netpursuit.sources.registrations.cells import Cells
from netpursuit.sources.registrations.reader import ROWS_AT_ONCE, RegistrationFile, open_registrations
from netpursuit.sources.tables import Row, line_starts, rows_at

_COLUMNS = ("address", "unit", "unit_code")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterAgain:
    """``ports.units.UnitSource`` over a file of registrations."""

    register: RegistrationFile

    @property
    def file(self) -> str:
        return self.register.file

    @property
    def file_digest(self) -> str:
        return self.register.file_digest

    @property
    def unit_columns(self) -> str:
        reading = self.register.reading
        read = {name: [reading.headers.get(name, ()), reading.defaults.get(name, "")] for name in _COLUMNS}
        return json.dumps(read, ensure_ascii=False, sort_keys=True)

    def units(self) -> Iterator[UnitRow]:
        starts = line_starts(self.register.table)
        rows = (row for row in self.register.raw() if isinstance(row, Row))
        while some := list(islice(rows, ROWS_AT_ONCE)):
            cells = Cells(some, self.register.reading)
            for row, *stated in zip(some, *(cells.texts(column).rows() for column in _COLUMNS), strict=True):
                yield UnitRow(row.line, -1 if starts is None else int(starts[row.line - 1]), *stated)

    def rows_at(self, places: Sequence[tuple[int, int]]) -> list[Registration | Rejected]:
        return self.register.reader(list(rows_at(self.register.table, places)))


def open_again(path: Path | str, feed: Feed) -> RegisterAgain:
    """Open a register under its feed. Raises as ``open_registrations``."""
    return RegisterAgain(register=open_registrations(path, feed))
