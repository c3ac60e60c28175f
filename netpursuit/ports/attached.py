"""A case's own table as the use cases see it, whatever its format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from netpursuit.records.attachments import Call, Holding, TableKind


class AttachedTable(Protocol):
    """An opened table and its mapping. ``headings``: the texts that say what the table is, its headers included."""

    @property
    def kind(self) -> TableKind: ...
    @property
    def file(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def mapping_digest(self) -> str: ...
    @property
    def headings(self) -> tuple[str, ...]: ...

    def calls(self) -> Iterator[Call]:
        """The rows of a table of calls. Raises ``RowsError`` behind the last row where rows are wrong: what was read
        until then must not be kept."""
        ...

    def holdings(self) -> Iterator[Holding]:
        """The rows of any other table; raises as ``calls``."""
        ...

    @property
    def rows(self) -> int:
        """How many rows have been read."""
        ...

    @property
    def left_out(self) -> dict[str, int]:
        """What has been passed over so far, by reason."""
        ...
