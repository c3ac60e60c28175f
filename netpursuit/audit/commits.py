"""How records of the consultation log get onto the disk: each in a transaction of its own, or, where many ask at the
same moment, in one that they share.

Either way a record is committed before what it is about runs or is shown, and the head that follows it is anchored
outside the workspace; of a group the last head, which stands for all before it.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from netpursuit.audit.leaves import new_id
from netpursuit.audit.together import Together
from netpursuit.errors import StorageError
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import LogHead, Truth, UnitOfWork

Append = Callable[[UnitOfWork], LogHead]
"""Appends one record; answers the head that follows."""

KEPT_AHEAD = 16  # keys for what will be typed, more than a server answers questions at once


class Commits(Protocol):
    def commit(self, append: Append, *, shows: bool) -> None:
        """Commit a record. ``shows``: somebody is shown something next, so that its anchor is made before this returns.

        Raises ``StorageError`` where that cannot be done: then nothing may run or be shown."""
        ...

    def seal(self, text: str) -> tuple[str, bytes] | None:
        """Seal what was typed under a key that is there already; answers the consultation that the key belongs to. None
        where there is none. Only inside a transaction: under its lock no key stands without its record."""
        ...


class CommitsAlone:
    """Each record in a transaction of its own, its anchor right behind it."""

    def __init__(self, truth: Truth, keys: Keys) -> None:
        self._truth, self._keys = truth, keys

    def commit(self, append: Append, *, shows: bool) -> None:
        with self._truth.transaction() as unit:
            head = append(unit)
            unit.after_commit(lambda: self._keys.anchor(head))

    def seal(self, text: str) -> tuple[str, bytes] | None:
        return None


@dataclass(slots=True, eq=False)
class _Record:
    append: Append
    head: LogHead | None = None


class CommitsTogether:
    """For the threads of a server. Records that wait at the same moment share a transaction, heads an anchor.

    The anchor of a record after which nothing is shown is made while that runs. With each anchor keys for what will be
    typed are kept ahead, in the same transaction; ``close`` destroys those that were not used."""

    def __init__(self, truth: Truth, keys: Keys) -> None:
        self._truth, self._keys = truth, keys
        self._records = Together(self._write)
        self._heads = Together(self._anchor)
        self._anchored = 0  # records
        self._ahead: deque[str] = deque()
        self._behind = ThreadPoolExecutor(1, "anchors")

    def commit(self, append: Append, *, shows: bool) -> None:
        if self._truth.is_writing:  # whoever leads the group would wait for this thread, and it for them
            raise RuntimeError("a record of its own inside a transaction")
        record = _Record(append)
        self._records.do(record)
        assert record.head is not None
        if shows:
            self._heads.do(record.head)
        else:
            self._behind.submit(self._heads.do, record.head)  # where it fails, that of the outcome does, too

    def seal(self, text: str) -> tuple[str, bytes] | None:
        while self._ahead:
            consultation_id = self._ahead.popleft()
            sealed = self._keys.seal_ahead(consultation_id, text)
            if sealed is not None:  # else another process has destroyed keys without a record
                return consultation_id, sealed
        return None

    def close(self) -> None:
        self._behind.shutdown()
        with suppress(StorageError):  # then the next purge destroys them
            self._keys.forget_ahead(tuple(self._ahead))

    def _write(self, group: Sequence[_Record]) -> None:
        with self._truth.transaction() as unit:
            for record in group:
                record.head = record.append(unit)

    def _anchor(self, heads: Sequence[LogHead]) -> None:
        last = max(heads, key=lambda head: head.size)
        if last.size <= self._anchored:
            return
        ahead = [new_id(secrets.token_bytes) for _ in range(KEPT_AHEAD - len(self._ahead))]
        self._keys.anchor(last, ahead)
        self._anchored = last.size
        self._ahead.extend(ahead)
