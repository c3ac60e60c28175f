"""Where the receipt of a run goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from netpursuit.records import RunManifest


class ReceiptSink(Protocol):
    """Takes the rows of a run while it lasts; nobody finds a receipt before ``finish``."""

    def add(self, bodies: bytes, marks: Sequence[str]) -> None:
        """The next rows in the order of the file: 32 bytes and a mark each."""
        ...

    def finish(self, rows: int, root: str, key: bytes) -> None:
        """The receipt is whole, with the key of the run; it is on disk when this returns.

        Raises ``StorageError`` where it cannot be written: then the run does not end."""
        ...


# Opens the receipt of a run that begins or goes on; what a stopped run has left there is written anew.
OpenReceipt = Callable[["RunManifest"], AbstractContextManager[ReceiptSink]]
