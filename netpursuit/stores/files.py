"""SQLite files as this program keeps them: durable, private, leaving nothing behind; errors in our own words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from netpursuit.errors import DamagedError, InputError, StorageError

BUSY_SECONDS = 20.0
PAGE_ROWS = 512
_STATEMENTS = 256  # prepared statements that a connection keeps


def in_powers_of_two(keys: Sequence[object]) -> Sequence[object]:
    """The keys, the last repeated until their number is a power of two: few statements serve lists of any length."""
    lacking = (1 << (len(keys) - 1).bit_length()) - len(keys) if keys else 0
    return (*keys, *([keys[-1]] * lacking)) if lacking else keys


class SqliteFile:
    """One connection to one file, shared by the threads of a process behind a lock; a second one for reading where
    threads are not to wait for each other's commits (``read_beside``).

    ``tables`` make a new file, ``changes`` by version bring an older one up to ``version``.
    WAL with ``synchronous=FULL``: what is committed survives a kill and a power cut. ``secure_delete`` overwrites
    what is deleted; temporary tables and sorts stay in memory. Every failure is a ``StorageError`` that names the file,
    a damaged one a ``DamagedError`` with the ``remedy``, which begins with a verb.
    """

    def __init__(
        self,
        path: Path,
        *,
        version: int,
        tables: str,
        changes: Mapping[int, str] | None = None,
        cache_mb: int = 2,
        mapped_mb: int = 0,
        remedy: str = "",
    ) -> None:
        self.path, self._remedy = path, remedy
        self._sizes = {"cache_size": -1_000 * cache_mb, "mmap_size": 1_000_000 * mapped_mb}
        self.lock = threading.RLock()
        self._writer = 0  # the thread that is in a transaction
        self._reading: tuple[threading.RLock, sqlite3.Connection] | None = None
        with self._worded():
            make_private_file(path)
            self._connection = self._connected()
        try:
            with self._worded():
                self._prepare(version, tables, changes or {})
        except BaseException:
            self._connection.close()
            raise

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(
            self.path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=_STATEMENTS,
        )

    def read_beside(self) -> None:
        """From now on whoever is in no transaction reads through a connection that never writes: what is committed, and
        without waiting for what is being committed."""
        with self._worded():
            connection = self._connected()
            for pragma in ("query_only=ON", "temp_store=MEMORY"):
                connection.execute(f"PRAGMA {pragma}").close()
            for name, size in self._sizes.items():
                connection.execute(f"PRAGMA {name}={size:d}").close()
        self._reading = threading.RLock(), connection

    def _to_read(self) -> tuple[threading.RLock, sqlite3.Connection]:
        if self._reading is None or self.is_writing:
            return self.lock, self._connection
        return self._reading

    def _prepare(self, version: int, tables: str, changes: Mapping[int, str]) -> None:
        found = self._version()
        if found > version:
            raise InputError(
                f"made by a newer version of netpursuit (schema {found})",
                where=str(self.path),
                expected=f"schema {version} or older",
            )
        if self._connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] != "wal":
            raise StorageError(f"{self.path}: this folder cannot hold a write-ahead log (a network drive?)")
        for pragma in ("synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY"):
            self._connection.execute(f"PRAGMA {pragma}").close()
        for name, size in self._sizes.items():
            self._connection.execute(f"PRAGMA {name}={size:d}").close()
        if found < version:
            with self.transaction():
                found = self._version()  # another process may have been faster
                steps = [tables] if found == 0 else [changes[step] for step in range(found + 1, version + 1)]
                for statement in ";".join(steps).split(";"):
                    if statement.strip():
                        self._connection.execute(statement)
                self._connection.execute(f"PRAGMA user_version={version:d}")

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA user_version").fetchone()[0])

    @contextmanager
    def _worded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            if _is_damage(error):
                raise self.damaged() from error
            raise StorageError(f"{self.path}: {_explain(error)}") from error
        except OSError as error:
            raise StorageError(f"{self.path}: {error.strerror or 'cannot be opened'}") from error

    def damaged(self) -> DamagedError:
        """What to raise where the file holds what was never written."""
        return DamagedError(
            f"{self.path}: damaged, or not a database of netpursuit{self._remedy and f': {self._remedy}'}"
        )

    @contextmanager
    def sense(self) -> Iterator[None]:
        """Rows that make no sense are damage: overwritten bytes may still be rows to SQLite."""
        try:
            yield
        except (KeyError, TypeError, ValueError) as error:
            raise self.damaged() from error

    def check(self) -> None:
        """Read the whole file; raises ``DamagedError`` where its structure is broken."""
        if self.row("PRAGMA quick_check(1)") != ("ok",):
            raise self.damaged()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One write transaction, which waits for other writers; never nested."""
        with self.lock:
            if self.is_writing:
                raise RuntimeError("a transaction inside a transaction")
            with self._worded():
                self._connection.execute("BEGIN IMMEDIATE")
            self._writer = threading.get_ident()
            try:
                yield
                with self._worded():
                    self._connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite has rolled back by itself where the disk is full
                    self._connection.execute("ROLLBACK")
                raise
            finally:
                self._writer = 0

    @property
    def is_writing(self) -> bool:
        """Whether the calling thread is in a transaction."""
        return self._writer == threading.get_ident()

    def run(self, sql: str, values: Sequence[object] = ()) -> int:
        """Execute one writing statement; answers the row id it inserted or 0."""
        with self.lock, self._worded():
            return self._connection.execute(sql, values).lastrowid or 0

    def run_many(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        with self.lock, self._worded():
            self._connection.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Any]:
        """All rows of a reading statement."""
        lock, connection = self._to_read()
        with lock:
            try:
                return connection.execute(sql, values).fetchall()
            except sqlite3.Error:
                with self._worded():
                    raise

    def rows_of_many(self, sql: str, keys: Sequence[object], values: Sequence[object] = ()) -> list[Any]:
        """The rows of a reading statement with any number of ``keys`` in the place of ``{}``, and ``values`` behind."""
        found: list[Any] = []
        for begin in range(0, len(keys), PAGE_ROWS):
            page = in_powers_of_two(keys[begin : begin + PAGE_ROWS])
            found += self.rows(sql.format(",".join("?" * len(page))), (*page, *values))
        return found

    def row(self, sql: str, values: Sequence[object] = ()) -> Any | None:
        """The first row, or None."""
        lock, connection = self._to_read()
        with lock, self._worded():
            return connection.execute(sql, values).fetchone()

    def empty_wal(self) -> None:
        """Move the write-ahead log into the file and cut it to nothing, so that deleted values leave it too.

        Raises ``StorageError`` where another process keeps reading: what was deleted may still stand there."""
        with self.lock, self._worded():
            busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise StorageError(
                f"{self.path}: deleted values may still stand in the write-ahead log; close other sessions"
            )

    def empty_wal_if_free(self) -> None:
        """As ``empty_wal``, behind a commit: where another session still reads, the log goes with the last of them."""
        with suppress(StorageError):
            self.empty_wal()

    def close(self) -> None:
        if self._reading is not None:
            lock, connection = self._reading
            with lock:
                connection.close()
        with self.lock:
            self._connection.close()


def make_private_folder(folder: Path) -> None:
    """Create a folder that only its owner enters (0700); where it exists, close it to others."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(0o700)
    except OSError as error:
        raise StorageError(f"{folder}: {error.strerror or 'cannot be created'}") from error


def database_files(path: Path) -> tuple[Path, ...]:
    """The file of an SQLite database, and those that SQLite may keep beside it."""
    return tuple(path.with_name(f"{path.name}{ending}") for ending in ("", "-wal", "-shm", "-journal"))


def make_private_file(path: Path) -> None:
    """Create an empty file with mode 0600 before anything is written to it; SQLite's side files inherit the mode."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _is_damage(error: sqlite3.Error) -> bool:
    name, text = getattr(error, "sqlite_errorname", "") or "", str(error)
    if name.startswith(("SQLITE_NOTADB", "SQLITE_CORRUPT")):
        return True
    # Tables that are missing or there before they were made, and text that is none: another's file, or garbage in ours.
    return any(told in text for told in ("no such table", "no such column", "already exists", "Could not decode"))


def _explain(error: sqlite3.Error) -> str:
    name = getattr(error, "sqlite_errorname", "") or ""
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return "another process has been writing for too long; try again"
    if name.startswith("SQLITE_READONLY"):
        return "cannot be written (read-only)"
    if name.startswith("SQLITE_FULL"):
        return "the disk is full"
    if name.startswith("SQLITE_IOERR"):
        return "the disk could not be read or written (full or failing?)"
    if name.startswith("SQLITE_CANTOPEN"):
        return "cannot be opened (is it a file?)"
    if name.startswith("SQLITE_CONSTRAINT"):
        return f"a record contradicts one that is stored ({name.removeprefix('SQLITE_').lower()})"
    return f"the database failed ({name.removeprefix('SQLITE_').lower() or type(error).__name__})"
