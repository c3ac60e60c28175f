"""Claims: what one process at a time may do on a workspace, on every system and without leftovers of the dead.

A claim is the write lock of a small SQLite file of its own. The operating system drops it with the process, so that
no age has to be guessed; the row that was committed before says who holds it and since when, and others may read it.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from netpursuit.errors import HeldError, StorageError
from netpursuit.stores.files import make_private_file, make_private_folder

WAIT_SECONDS = 0.5  # for those who only look who holds it; whoever holds it does so for longer


@contextmanager
def claim(folder: Path, purpose: str, who: str, at: datetime) -> Iterator[None]:
    """Hold ``purpose`` until the block ends. ``folder`` is made where it is missing; ``at`` needs a time zone.

    Raises ``HeldError`` where another process, or another claim of this one, holds it; ``StorageError`` where nothing
    can be written.
    """
    make_private_folder(folder)
    # The purpose may carry any text; its file carries none.
    path = folder / f"{hashlib.sha256(purpose.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}.claim"
    try:
        make_private_file(path)
        connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
    except (sqlite3.Error, OSError) as error:
        raise StorageError(f"{path}: cannot be written") from error
    with closing(connection):
        _take(connection, path, purpose, who, at)
        try:
            yield
        finally:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")


def _take(connection: sqlite3.Connection, path: Path, purpose: str, who: str, at: datetime) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE IF NOT EXISTS holder (who TEXT, process INTEGER, since TEXT)")
        connection.execute("DELETE FROM holder")
        stated = (who, os.getpid(), at.astimezone(UTC).isoformat(timespec="seconds"))
        connection.execute("INSERT INTO holder VALUES (?, ?, ?)", stated)
        connection.execute("COMMIT")
        connection.execute("BEGIN IMMEDIATE")
        if connection.execute("SELECT who, process, since FROM holder").fetchone() != stated:
            raise _held(connection, purpose)  # another came between the two; it wrote its name over ours
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise _held(connection, purpose) from error
        raise StorageError(f"{path}: cannot be written") from error


def _held(connection: sqlite3.Connection, purpose: str) -> HeldError:
    holder = None
    with suppress(sqlite3.Error):
        holder = connection.execute("SELECT who, process, since FROM holder").fetchone()
    if holder is None:
        return HeldError(purpose)
    return HeldError(purpose, who=holder[0], process=holder[1], since=datetime.fromisoformat(holder[2]))
