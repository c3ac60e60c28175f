"""The truth of a workspace in one SQLite file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

from netpursuit.errors import StorageError
from netpursuit.ports.truth import LogHead
from netpursuit.stores import schema
from netpursuit.stores.claims import claim
from netpursuit.stores.files import SqliteFile
from netpursuit.stores.reads import TruthReads
from netpursuit.stores.writes import SqliteUnitOfWork

Clock = Callable[[], datetime]
REMEDY = "restore it from a backup, then run 'netpursuit audit verify'"


class SqliteTruth(TruthReads):
    """``ports.truth.Truth`` over one file. ``clock`` gives instants with time zone.

    Opening creates the file where it is missing. Raises ``InputError`` for a file of a newer schema and
    ``StorageError`` for one that cannot be read or written.
    """

    def __init__(self, path: Path, *, clock: Clock, new_workspace_id: Callable[[], str]) -> None:
        file = SqliteFile(path, version=schema.VERSION, tables=schema.TABLES, changes=schema.CHANGES, remedy=REMEDY)
        super().__init__(file)
        self._clock = clock
        try:
            self.is_new = self._stored_id() is None
            if self.is_new:
                with file.transaction():
                    if self._stored_id() is None:
                        file.run("INSERT INTO meta VALUES ('workspace_id', ?)", (new_workspace_id(),))
            self.workspace_id = self._stored_id() or ""
        except BaseException:
            file.close()
            raise

    def _stored_id(self) -> str | None:
        row = self._file.row("SELECT value FROM meta WHERE key = 'workspace_id'")
        return str(row[0]) if row else None

    @contextmanager
    def transaction(self) -> Iterator[SqliteUnitOfWork]:
        with self._file.transaction():
            head = self.log_head()
            unit_of_work = SqliteUnitOfWork(self._file, self._now(head), head)
            yield unit_of_work
        failed: Exception | None = None
        for action in unit_of_work.afterwards:  # the commit stands: each is done, whatever became of the others
            try:
                action()
            except Exception as error:
                failed = failed or error
        if failed is not None:
            raise failed

    @property
    def is_writing(self) -> bool:
        return self._file.is_writing

    def _now(self, head: LogHead | None) -> datetime:
        """The clock, read under the write lock: instants in the log are ordered as their records are."""
        now = self._clock()
        if head is not None and now < head.at:
            raise StorageError(
                f"the clock says {now.isoformat(timespec='seconds')}, before the last log record "
                f"({head.at.isoformat(timespec='seconds')}): set the machine's clock"
            )
        return now

    def alone(self, purpose: str, who: str) -> AbstractContextManager[None]:
        return claim(self._file.path.parent / "claims", purpose, who, self._clock())

    def read_beside(self) -> None:
        """Let threads read while another one commits."""
        self._file.read_beside()

    def empty_wal(self) -> None:
        """Cut the write-ahead log, so that what was deleted is in no file of the workspace."""
        self._file.empty_wal()

    def close(self) -> None:
        self._file.close()
