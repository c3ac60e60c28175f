"""How the files of a register, or the parts of a table, are opened on a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from netpursuit.ports.spread import StoredFile
from netpursuit.records import Rejected
from netpursuit.sources.tables import Row


class FileFound(NamedTuple):
    """What a first look at a file says: nothing of what stands in its rows."""

    digest: str
    columns: tuple[str, ...]
    header_line: int
    format: str
    rows: int


class Opening(Protocol):
    """One way to open them; goes to the executors."""

    def look(self, file: StoredFile, content: Any) -> FileFound:
        """What a file says of itself. Raises ``InputError`` that names the file."""
        ...

    def rows(self, file: StoredFile, content: Any) -> Iterator[Row | Rejected]:
        """Every row in order."""
        ...
