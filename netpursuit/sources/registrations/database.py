"""A connection to the database of a feed: one snapshot, read only, its errors in one sentence without anybody's value.

SQLAlchemy is loaded here alone, and only where a feed has a database (``pip install 'netpursuit[sql]'``).
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netpursuit.errors import InputError
from netpursuit.records import FeedSource
from netpursuit.sources.registrations.source_section import holds_password

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Executable, Result

ROWS_FETCHED = 1_000
_CONNECT_SECONDS = 10
_SQLITE_STEPS = 20_000  # of its machine, between two looks at the clock
# What the program itself says for what a server answers to a statement: the server's own words may quote a row's value.
_TOLD = {
    "42501": "the account may not read what the query names, 42501",
    "42703": "the query names a column that is not there, 42703",
}
# Tables by which the program's own files are known: workspace, keys, graphs.
_OWN = (
    frozenset(("secret", "sealing")),
    frozenset(("log", "log_payload")),
    frozenset(("lead_entry", "entry_pair")),
    frozenset(("node_claim", "edge_claim")),
    frozenset(("file", "node", "label", "edge")),
)
_TIMED_OUT = ("57014", "SQLITE_INTERRUPT")


class Database:
    """An open connection to a feed's database; ``where`` names it without user and password."""

    def __init__(self, connection: Connection, where: str, seconds: int, secret: str) -> None:
        self.where, self._connection, self._secret, self._seconds = where, connection, secret, seconds
        self._until = 0.0
        self._results: set[Result[Any]] = set()
        if connection.dialect.name == "sqlite":
            driver: Any = connection.connection.driver_connection
            driver.set_progress_handler(lambda: time.monotonic() > self._until, _SQLITE_STEPS)
        with self._said():
            self._begin()

    def _begin(self) -> None:
        if self._connection.dialect.name == "sqlite":
            self._connection.exec_driver_sql("BEGIN")
            tables = frozenset(self._connection.exec_driver_sql("SELECT name FROM sqlite_master").scalars())
            if any(own <= tables for own in _OWN):
                raise InputError("a file of netpursuit's own", where=self.where, expected="a database of registrations")
        elif self._connection.dialect.name == "postgresql":
            if self._connection.dialect.driver == "psycopg":
                _take_all_dates(self._connection.connection.driver_connection)
            self._connection.exec_driver_sql(f"SET statement_timeout = {self._seconds * 1000}")
            self._connection.exec_driver_sql("SET default_transaction_read_only = on")

    def columns(self, statement: Executable, values: Mapping[str, Any] | None = None) -> tuple[str, ...]:
        """The names of a statement's columns; none of its rows is fetched."""
        with self._said():
            result = self._run(statement, values)
            names = tuple(result.keys())
            result.close()
        return names

    def row(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any] | None:
        """The first row of a statement."""
        with self._said():
            result = self._run(statement, values)
            return result.first()

    def rows(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Iterator[Sequence[Any]]:
        """Every row of a statement, fetched some at a time."""
        with self._said():
            result = self._run(statement, values, stream_results=True, max_row_buffer=ROWS_FETCHED)
        self._results.add(result)
        try:
            while True:
                with self._said():
                    some = result.fetchmany(ROWS_FETCHED)
                if not some:
                    return
                yield from some
        finally:
            self._close(result)

    def close(self) -> None:
        """End what is being read: a reader that was stopped still holds it, and may be dropped much later."""
        for result in tuple(self._results):
            self._close(result)

    def _close(self, result: Result[Any]) -> None:
        self._results.discard(result)
        with suppress(Exception):  # of a connection that is lost
            result.close()

    def _run(self, statement: Executable, values: Mapping[str, Any] | None, **options: Any) -> Result[Any]:
        return self._connection.execute(statement, dict(values or {}), execution_options=options)

    @contextmanager
    def _said(self) -> Iterator[None]:
        self._until = time.monotonic() + self._seconds
        with _errors(self.where, self._secret):
            yield


@contextmanager
def open_database(source: FeedSource, seconds: int = 0) -> Iterator[Database]:
    """Connect to a feed's database, for one read-only transaction that sees one state of it; ended with the block.

    ``seconds``: the longest that a statement may take, the feed's own where it is 0. Raises ``InputError`` where
    SQLAlchemy or the driver is not installed, where address or password are not told, and where nobody answers.
    """
    url, secret = _address(source)
    where = _name(url)
    with _errors(where, secret, connecting=True):
        engine = _engine(url)
    try:
        with _errors(where, secret, connecting=True):
            connection = engine.connect()
            if connection.dialect.name != "sqlite":
                connection = connection.execution_options(**_isolation(connection))
        try:
            database = Database(connection, where, seconds or source.timeout_seconds, secret)
            try:
                yield database
            finally:
                database.close()
        finally:
            with suppress(Exception):  # a connection that is lost cannot be rolled back, and need not
                connection.rollback()
            with suppress(Exception):
                connection.close()
    finally:
        engine.dispose()


def source_digest(source: FeedSource) -> str:
    """64 hex digits of where the rows come from and how they are asked for: neither user nor password. Raises
    ``InputError`` as ``open_database``."""
    parts = (_name(_address(source)[0]), source.query, source.high_water, source.unit_query)
    return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()


def _address(source: FeedSource) -> tuple[URL, str]:
    """The address with the password in it, and the password by itself."""
    make_url = _sqlalchemy().make_url
    stated = source.url
    if source.url_env:
        stated = os.environ.get(source.url_env, "").strip()
        if not stated:
            raise InputError("the variable is not set", where=source.url_env, expected="the address of the database")
    try:
        url: URL = make_url(stated)
    except Exception:  # its message quotes the address, which may hold a password
        raise InputError(
            "not the address of a database", where="source.url", expected="dialect+driver://user@host/database"
        ) from None
    if source.url and (url.password or holds_password(source.url)):
        raise InputError("holds a password", where="source.url", expected="password_env or password_file")
    secret = _password(source) or str(url.password or "")
    if secret and url.get_backend_name() != "sqlite":
        url = url.set(password=secret)
    return url, secret


def _password(source: FeedSource) -> str:
    if source.password_env:
        secret = os.environ.get(source.password_env, "")
        if not secret:
            raise InputError("the variable is not set", where=source.password_env, expected="the database's password")
        return secret
    if not source.password_file:
        return ""
    path = Path(source.password_file)
    try:
        mode, secret = path.stat().st_mode, path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise InputError("cannot be read", where=str(path), expected="a file with the database's password") from None
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InputError("others may read the password", where=str(path), expected="a file of mode 0600")
    return secret


def _name(url: URL) -> str:
    """A database by dialect, host, port and name."""
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{Path(url.database or '').absolute()}"
    port = f":{url.port}" if url.port else ""
    host = url.host or str(url.query.get("host", ""))
    return f"{url.get_backend_name()}://{host}{port}/{url.database or ''}"


def _engine(url: URL) -> Any:
    options: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite":
        options["creator"] = _sqlite(url)
    elif url.get_backend_name() == "postgresql":
        options["connect_args"] = {"connect_timeout": _CONNECT_SECONDS, "application_name": "netpursuit"}
    from sqlalchemy.pool import NullPool

    return _sqlalchemy().create_engine(url, poolclass=NullPool, hide_parameters=True, **options)


def _sqlite(url: URL) -> Callable[[], sqlite3.Connection]:
    path = Path(url.database or "").absolute()

    def connect() -> sqlite3.Connection:
        # By its own address: a file that is not there must not be made.
        made = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=_CONNECT_SECONDS)
        made.text_factory = _text_or_bytes
        made.execute("PRAGMA temp_store = MEMORY")  # sorting must not write rows into a folder of temporary files
        return made

    return connect


def _text_or_bytes(value: bytes) -> str | bytes:
    """Text that is not in UTF-8 stays bytes, for which its row is rejected; SQLite's error would quote the text."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value


def _take_all_dates(connection: Any) -> None:
    """Let a date that Python does not know (``infinity``, before year 1, after 9999) stay text, for which its row is
    judged as for any other text; the driver would end the whole read, and quote the value."""
    from psycopg import DataError
    from psycopg.types import datetime as types

    def or_text(loader: Any) -> type:
        class OrText(loader):  # type: ignore[misc]
            def load(self, data: Any) -> Any:
                try:
                    return super().load(data)
                except DataError:
                    return bytes(data).decode("utf-8", "replace")

        return OrText

    for name in ("date", "timestamp", "timestamptz"):
        connection.adapters.register_loader(name, or_text(getattr(types, f"{name.capitalize()}Loader")))


def _isolation(connection: Connection) -> dict[str, Any]:
    """What keeps a transaction to one state of the database, and from changing it, where the dialect knows how."""
    known = ()
    with suppress(NotImplementedError):
        known = tuple(connection.dialect.get_isolation_level_values(connection.connection.dbapi_connection))  # type: ignore[arg-type, assignment]
    level = next((level for level in ("SNAPSHOT", "REPEATABLE READ", "SERIALIZABLE") if level in known), None)
    options: dict[str, Any] = {"isolation_level": level} if level else {}
    if connection.dialect.name == "postgresql":
        options["postgresql_readonly"] = True
    return options


def _sqlalchemy() -> Any:
    try:
        import sqlalchemy
    except ModuleNotFoundError:
        raise InputError(
            "a feed from a database needs SQLAlchemy", where="source.url", expected="pip install 'netpursuit[sql]'"
        ) from None
    return sqlalchemy


@contextmanager
def _errors(where: str, secret: str, *, connecting: bool = False) -> Iterator[None]:
    """Turn what goes wrong with a database into one sentence; its own words are passed on while ``connecting`` only."""
    sqlalchemy = _sqlalchemy()
    try:
        yield
    except ModuleNotFoundError as error:
        raise InputError(
            f"the driver {error.name!r} is not installed", where=where, expected="pip install 'netpursuit[sql]'"
        ) from None
    except sqlalchemy.exc.NoSuchModuleError:
        raise InputError("nobody knows this kind of database", where=where, expected="postgresql+psycopg") from None
    except sqlalchemy.exc.DBAPIError as error:
        raise _said_of(error.orig, where, secret, connecting) from None
    except (sqlalchemy.exc.SQLAlchemyError, sqlite3.Error) as error:
        raise InputError(f"the database cannot be read ({type(error).__name__})", where=where) from None


def _said_of(error: Any, where: str, secret: str, connecting: bool) -> InputError:
    state = str(getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or "")
    state = state or str(getattr(error, "sqlite_errorname", None) or "")
    kind = type(error).__name__
    if state in _TIMED_OUT:
        return InputError("a statement took too long", where=where, expected="source.timeout_seconds, or an index")
    if connecting:  # before any row is asked for
        text = str(getattr(getattr(error, "diag", None), "message_primary", None) or error).strip().partition("\n")[0]
        told = text.replace(secret, "***") if secret else text
    else:
        told = _TOLD.get(state) or f"{kind} {state}".strip()
    return InputError(f"the database cannot be read ({told})", where=where)
