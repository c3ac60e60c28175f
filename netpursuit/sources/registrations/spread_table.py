"""Tables that a cluster reaches: their rows come as record batches of Arrow, in the order of their cells.

A table has no bytes to take a digest of and no lines. Its digest is the sum of those of its rows, so that the same rows
are the same work however they are stored and parted; a row is known by its number in the order of cells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netpursuit.ports.spread import StoredFile
from netpursuit.records import Rejected
from netpursuit.sources.registrations.canonical import canonical_rows
from netpursuit.sources.registrations.spread_opening import FileFound
from netpursuit.sources.tables import FileFacts, Row, rows_of_batches

TABLE = "table:"
_MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class TableOpening:
    """Parts of a table; see ``spread_opening.Opening``."""

    def look(self, part: StoredFile, batches: Iterable[Any]) -> FileFound:
        total = rows = 0
        columns: tuple[str, ...] = ()
        for batch in batches:
            columns = tuple(batch.schema.names)
            some = list(self.rows(part, [batch]))
            rows += len(some)
            total += sum(map(_number, canonical_rows([row for row in some if not isinstance(row, Rejected)])))
        return FileFound(f"{total % _MODULUS:064x}", columns, 0, "table", rows)

    def rows(self, part: StoredFile, batches: Iterable[Any]) -> Iterator[Row | Rejected]:
        facts = FileFacts(path=Path(part.path), size=0, digest="", line_ends=0, utf8=True, sample=b"", odd_sample=b"")
        return rows_of_batches(batches, facts)


def table_digest(found: Sequence[FileFound]) -> str:
    """Of the parts of a table, wherever one ends; 64 hex digits."""
    total = sum(int(part.digest, 16) for part in found) % _MODULUS
    columns = sorted(found[0].columns)
    return hashlib.sha256(repr((columns, sum(part.rows for part in found), total)).encode("utf-8")).hexdigest()


def _number(row: bytes) -> int:
    return int.from_bytes(hashlib.sha256(row).digest(), "big")
