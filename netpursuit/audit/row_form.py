"""The bytes of a row that a receipt speaks of, as whoever holds the row can rebuild them (form 1).

A row is the JSON object of its cells as texts, in the canonical form of RFC 8785 (no spaces, names sorted by UTF-16
code units, UTF-8): names are the headers, trimmed, with single spaces inside; cells that are empty are left out,
and so are the columns that are never read (A9). ``docs/receipts.md`` says for each kind of file what the text of a cell
is.

>>> canonical_row({" name": "Li Wei", "note": "", "id": "7"})
b'{"id":"7","name":"Li Wei"}'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from json.encoder import encode_basestring as quote

from netpursuit.ports.blocks import Block

ROW_FORM = 1

_Order = tuple[tuple[str, str], ...]  # name as in the row, and what stands before its cell


class RowForm:
    """Writes rows; ``leaves_out`` says by a header whether a column is none of a row's. Knows again what headers it has
    met: the rows of a file have the same."""

    def __init__(self, leaves_out: Callable[[str], bool]) -> None:
        self._leaves_out = leaves_out
        self._orders: dict[tuple[str, ...], _Order] = {}

    def __call__(self, values: Mapping[str, str]) -> bytes:
        order = self._order(tuple(values))
        cells = [before + quote(values[name]) for name, before in order if values[name]]
        return f"{{{','.join(cells)}}}".encode("utf-8", "surrogatepass")

    def of_block(self, block: Block) -> list[bytes]:
        """Each row of a block."""
        columns = [
            [before + quote(cell) if cell else "" for cell in block.column(name)]
            for name, before in self._order(block.names)
        ]
        if not columns:
            return [b"{}"] * len(block)
        return [
            f"{{{','.join(filter(None, cells))}}}".encode("utf-8", "surrogatepass")
            for cells in zip(*columns, strict=True)
        ]

    def _order(self, names: tuple[str, ...]) -> _Order:
        if names not in self._orders:
            self._orders[names] = self._find_order(names)
        return self._orders[names]

    def _find_order(self, names: tuple[str, ...]) -> _Order:
        named = [(" ".join(name.split()), name) for name in names if not self._leaves_out(name)]
        named.sort(key=lambda pair: (pair[0].encode("utf-16-be", "surrogatepass"), pair[1]))
        return tuple((name, f"{quote(said)}:") for said, name in named)


def canonical_row(values: Mapping[str, str]) -> bytes:
    """One row whose columns all count."""
    return RowForm(lambda name: False)(values)


def unread_row(line: int) -> bytes:
    """What stands for a row that could not be parted into cells: where it begins in its file, 1-based."""
    return b"line %d" % line
