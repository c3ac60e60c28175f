"""A quarantined row, read again from its source: the quarantine itself keeps no value (A4)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.records import Rejected
from netpursuit.sources.registrations.columns import HEADER_WORDS, is_dropped
from netpursuit.sources.tables import Row, open_table, read_line

SHOWN_LIMIT = 2_000  # characters of a raw line or of one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAgain:
    """A row as its file has it, cut to ``SHOWN_LIMIT`` characters a value.

    ``values`` by header, without what is never read (A9). Where the row does not fit its header they are empty and
    ``raw`` is its first line (empty in a file with a column of ethnicity: the line cannot be shown without it).
    """

    rejected: Rejected
    values: dict[str, str]
    raw: str


def read_again(path: Path | str, rejected: Rejected, *, format: str = "", encoding: str = "") -> RowAgain:  # noqa: A002
    """Read the row of a rejection from the file it came from.

    Raises ``InputError`` where the file is not the same any more (its digest differs) or cannot be read.
    """
    path = Path(path)
    table = open_table(path, format=format, encoding=encoding, header_words=HEADER_WORDS)
    if table.file_digest != rejected.file_digest:
        raise InputError(
            "not the file that was read: its digest differs",
            where=str(path),
            expected=f"SHA-256 {rejected.file_digest[:16]}…",
        )
    for row in table.rows():
        if row.line < rejected.line:
            continue
        if isinstance(row, Row) and row.line == rejected.line:
            shown = {name: text[:SHOWN_LIMIT] for name, text in row.values.items() if not is_dropped(name)}
            return RowAgain(rejected=rejected, values=shown, raw="")
        break
    # A line that cannot be split cannot be shown without the column of ethnicity, where the file has one.
    raw = "" if any(map(is_dropped, table.columns)) else read_line(table, rejected.line)[:SHOWN_LIMIT]
    return RowAgain(rejected=rejected, values={}, raw=raw)
