"""Restores on record in the key folder: signed, and together with what was anchored after them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netpursuit.ports.truth import LogHead
from netpursuit.records.backups import Restoration
from netpursuit.stores.keys import KeyFolder
from netpursuit.stores.restore_records import body_of, message_of


class RestoringKeys(KeyFolder):
    """``ports.backups.RestoredKeys``: a key folder whose anchors wait until the restore that they follow is on record.

    A restore that fails or is refused leaves no anchor of a log that nobody has."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.waiting: list[LogHead] = []

    def anchor(self, head: LogHead, ahead: Sequence[str] = ()) -> None:
        self.waiting.append(head)


class RestoreRecords(KeyFolder):
    """A key folder in which restores are put on record."""

    def record(self, restoration: Restoration, heads: Sequence[LogHead] = ()) -> tuple[int, list[int]]:
        """Remember a restore, signed, and what is anchored after it, together or not at all; answers their numbers."""
        with self._file.transaction():
            (anchors,) = self._file.row("SELECT count(*) FROM anchor") or (0,)
            body = body_of(replace(restoration, anchors=anchors))
            signature = self.sign(message_of(self.workspace_id, body))
            number = self._file.run("INSERT INTO restoration (body, signature) VALUES (?, ?)", (body, signature))
            anchored = [
                self._file.run("INSERT INTO anchor (size, root) VALUES (?, ?)", (head.size, head.root))
                for head in heads
            ]
        return number, anchored

    def withdraw(self, number: int, anchored: Sequence[int]) -> None:
        """Forget a restore, and what was anchored after it, that came to nothing in the end."""
        with self._file.transaction():
            for anchor in anchored:
                self._file.run("DELETE FROM anchor WHERE number = ?", (anchor,))
            self._file.run("DELETE FROM restoration WHERE number = ?", (number,))
