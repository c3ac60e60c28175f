"""Files on a cluster: their bytes are in memory and never on a disk, and are read by the readers of every register."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from netpursuit.errors import InputError, StorageError
from netpursuit.ports.spread import StoredFile
from netpursuit.records import Rejected
from netpursuit.sources.registrations.spread_opening import FileFound
from netpursuit.sources.tables import Row, Table, open_table


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpening:
    """Files of any format, each read whole."""

    format: str
    encoding: str
    words: frozenset[str]

    def look(self, file: StoredFile, content: bytes) -> FileFound:
        with _in_memory(content) as path:
            table = self._open(path, file)
            rows = sum(1 for _ in _rows(table, file))
        return FileFound(table.file_digest, table.columns, table.header_line, table.format, rows)

    def rows(self, file: StoredFile, content: bytes) -> Iterator[Row | Rejected]:
        with _in_memory(content) as path:
            yield from _rows(self._open(path, file), file)

    def _open(self, path: Path, file: StoredFile) -> Table:
        try:
            return open_table(path, format=self.format, encoding=self.encoding, header_words=self.words)
        except InputError as error:
            raise InputError(error.what, where=file.path, line=error.line, expected=error.expected) from None


def _rows(table: Table, file: StoredFile) -> Iterator[Row | Rejected]:
    try:
        yield from table.rows()
    except InputError as error:
        raise InputError(error.what, where=file.path, line=error.line, expected=error.expected) from None


@contextmanager
def _in_memory(content: bytes) -> Iterator[Path]:
    """A path to some bytes that stand in memory alone."""
    if not hasattr(os, "memfd_create"):
        raise StorageError("files are read on executors that run Linux")
    handle = os.memfd_create("rows")
    try:
        with os.fdopen(os.dup(handle), "wb") as file:
            file.write(content)
        yield Path(f"/proc/self/fd/{handle}")
    finally:
        os.close(handle)
