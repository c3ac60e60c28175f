"""Some rows of a table again, by the places in which they were found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from netpursuit.records import Rejected
from netpursuit.sources.tables.delimited import TextTable
from netpursuit.sources.tables.json_lines import JsonTable
from netpursuit.sources.tables.table import Row, Table

# In these no byte of a longer character is a line end.
_BYTE_LINES = frozenset(
    ("ascii", "utf-8", "utf-8-sig", "gb18030", "big5hkscs", "cp1252", "latin-1", "iso8859-1", "shift_jis", "euc_kr")
)
_BLOCK = 1 << 24


def line_starts(table: Table) -> NDArray[np.int64] | None:
    """The byte at which every physical line begins; None for tables whose rows are not found by bytes (sheets, Parquet,
    UTF-16): those are read again from their beginning."""
    if not isinstance(table, TextTable | JsonTable) or table.encoding not in _BYTE_LINES:
        return None
    content = np.memmap(table.path, dtype=np.uint8, mode="r")
    parts = [np.zeros(1, dtype=np.int64)]
    for begin in range(0, len(content), _BLOCK):
        block = content[begin : begin + _BLOCK]
        behind = content[begin + 1 : begin + _BLOCK + 1]
        ends = block == 10
        # A CR ends a line by itself where no LF follows.
        lone = block == 13
        lone[: len(behind)] &= behind != 10
        parts.append(np.flatnonzero(ends | lone) + (begin + 1))
    return np.concatenate(parts)


def rows_at(table: Table, places: Sequence[tuple[int, int]]) -> Iterator[Row | Rejected]:
    """The rows at these places: (line, byte at which it begins, or -1 where bytes are not told), in order of lines."""
    if isinstance(table, TextTable | JsonTable) and all(offset >= 0 for _, offset in places):
        for line, offset in sorted(places):
            if (row := table.row_at(line, offset)) is not None:
                yield row
        return
    wanted = {line for line, _ in places}
    last = max(wanted, default=0)
    for row in table.rows():
        if row.line > last:
            return
        if row.line in wanted:
            yield row
