"""Snapshots of SQLite files while others write: each a copy of one instant, without a name where that is possible.

The copy is made through SQLite's own backup interface inside one read transaction, so that what is read beside it is of
the same instant. On POSIX its name is removed before anything is written: a kill leaves no copy of anybody behind.
Elsewhere the file is removed at the end, and what a kill left by the next backup.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from netpursuit.errors import DamagedError, StorageError
from netpursuit.stores.files import BUSY_SECONDS, make_private_file

T = TypeVar("T")
PREFIX = ".backup-"
_AT_ONCE = 1 << 20
Query = Callable[[str], Any]
"""A reading statement on the database that is copied, in the copy's own instant: its first row or None."""


@contextmanager
def snapshot(source: Path, beside: Path, look: Callable[[Query], T]) -> Iterator[tuple[BinaryIO, T]]:
    """A copy of a database, open for reading from its begin, and what ``look`` read in the same instant.

    ``beside`` is the private folder of the copy. Raises ``DamagedError`` where the database's structure is broken,
    ``StorageError`` where it cannot be copied."""
    place = beside / f"{PREFIX}{secrets.token_hex(6)}.sqlite"
    try:
        try:
            make_private_file(place)
            with place.open("rb") as copy:
                yield copy, _copy(source, place, look)
        except sqlite3.Error as error:
            name = getattr(error, "sqlite_errorname", "") or ""
            if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB")):
                raise DamagedError(f"{source}: damaged: it cannot be copied") from error
            full = name.startswith(("SQLITE_FULL", "SQLITE_IOERR"))
            raise StorageError(
                f"{source}: cannot be copied: {'the disk is full or failing' if full else 'the database failed'}"
            ) from error
        except OSError as error:
            raise StorageError(f"{place}: {error.strerror or 'cannot be written'}") from error
    finally:
        with suppress(OSError):
            place.unlink(missing_ok=True)


def _copy(source: Path, place: Path, look: Callable[[Query], T]) -> T:
    with (
        closing(sqlite3.connect(place, isolation_level=None)) as copy,
        closing(sqlite3.connect(source, timeout=BUSY_SECONDS, isolation_level=None)) as database,
    ):
        copy.execute("PRAGMA journal_mode=OFF").fetchone()
        copy.execute("PRAGMA synchronous=OFF")
        copy.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if os.name == "posix":
            place.unlink()
        database.execute("BEGIN")
        found = look(lambda sql: database.execute(sql).fetchone())
        if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise DamagedError(f"{source}: damaged: it cannot be copied")
        database.backup(copy)
        database.execute("COMMIT")
    return found


def sweep(folder: Path) -> None:
    """Remove what a kill left of earlier copies; only for whoever makes backups alone."""
    for path in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            path.unlink()


def digest_of(file: BinaryIO) -> tuple[int, str]:
    """Size and SHA-256 in hex digits of an open file, which stands at its begin again afterwards."""
    digest, size = hashlib.sha256(), 0
    file.seek(0)
    while data := file.read(_AT_ONCE):
        digest.update(data)
        size += len(data)
    file.seek(0)
    return size, digest.hexdigest()
