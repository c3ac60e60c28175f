"""What every table looks like to its readers, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from netpursuit.records import Rejected

FIELD_LIMIT = 65_536  # characters of one cell; no field of a person is longer, and a row must stay small in memory


class Row(NamedTuple):
    """One record of a table.

    ``line``: 1-based physical line where it begins (text, JSON lines), row (sheets) or ordinal (Parquet).
    ``values``: column -> text as written, empty where the cell is; every column of the table is a key.
    ``numeric``: columns whose cell was a number, not text. Numbers have no exponent and no ``.0``; dates are ISO 8601.
    """

    line: int
    values: dict[str, str]
    numeric: frozenset[str] = frozenset()


class Table(Protocol):
    """An opened table. ``rows`` may be called again and reads the file anew each time.

    ``header_line`` is 0 where the format has no header row. ``encoding`` is empty for binary formats.
    ``file_digest``: SHA-256 of the file's bytes, 64 hex digits. ``rows_estimate``: an estimate for a progress bar.
    """

    @property
    def path(self) -> Path: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def header_line(self) -> int: ...
    @property
    def format(self) -> str: ...
    @property
    def encoding(self) -> str: ...
    @property
    def file_digest(self) -> str: ...
    @property
    def rows_estimate(self) -> int | None: ...

    def rows(self) -> Iterator[Row | Rejected]:
        """Every row below the header in order; blank rows are not rows. Raises ``InputError`` only where the file
        itself breaks (a damaged Parquet page, a vanished drive)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """What one pass over the bytes of a file says. ``sample`` starts at the file's beginning, ``odd_sample`` is the
    first block that is not pure ASCII."""

    path: Path
    size: int
    digest: str
    line_ends: int
    utf8: bool
    sample: bytes = field(repr=False)  # never shown: it holds people's values
    odd_sample: bytes = field(repr=False)

    def reject(self, line: int, reason: str, *, column: str = "", expected: str = "") -> Rejected:
        """A rejection of a row of this file."""
        return Rejected(
            file_digest=self.digest, file=self.path.name, line=line, column=column, reason=reason, expected=expected
        )
