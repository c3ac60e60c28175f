"""Rows of a register in the bytes of which receipts speak, and one record that its holder still has (A18)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from netpursuit.audit.row_form import RowForm, unread_row
from netpursuit.errors import InputError
from netpursuit.ports.blocks import Block
from netpursuit.records import Rejected
from netpursuit.sources.registrations.columns import HEADER_WORDS, is_dropped
from netpursuit.sources.tables import Row, open_table


def canonical_rows(rows: Sequence[Row | Rejected | Block]) -> list[bytes]:
    """The bytes of each row; of one that could not be parted into cells, its line (``docs/receipts.md``)."""
    form = RowForm(is_dropped)
    found: list[bytes] = []
    for row in rows:
        if isinstance(row, Block):
            found += form.of_block(row)
        else:
            found.append(unread_row(row.line) if isinstance(row, Rejected) else form(row.values))
    return found


def read_record(path: Path | str) -> dict[str, str]:
    """The cells of the one row of a file of any table format, its header that of the register; without what is empty or
    never read.

    Raises ``InputError`` where there is not exactly one row, or where it cannot be read."""
    table = open_table(path, header_words=HEADER_WORDS)
    rows = list(islice(table.rows(), 2))
    if len(rows) != 1:
        found = "no row" if not rows else "more than one row"
        raise InputError(found, where=str(path), expected="the header of the register and one row")
    row = rows[0]
    if isinstance(row, Rejected):
        raise InputError(f"the row cannot be read: {row.reason}", where=str(path), line=row.line, expected=row.expected)
    kept = {name: text for name, text in row.values.items() if text and not is_dropped(name)}
    return {" ".join(name.split()): text for name, text in kept.items()}
