"""Registers in real databases: an SQLite file, and a PostgreSQL server of the tests' own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sql

from tests.cli.conftest import COLUMNS, feed_text
from tests.conftest import leave_out

STAYS = (*COLUMNS.values(), "离开日期")
EPOCH = datetime(2026, 4, 1, tzinfo=UTC)


@dataclass
class Register:
    """A table of registrations; ``at`` of a row is its high-water mark, in numbers or in seconds after ``EPOCH``."""

    url: str
    engine: sql.Engine
    instants: bool

    def make(self) -> None:
        kind = "TIMESTAMPTZ" if self.instants else "BIGINT"
        text = ", ".join(f'"{name}" TEXT' for name in (*STAYS, "民族"))
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f'CREATE TABLE registrations ({text}, "changed_at" {kind})')
            connection.exec_driver_sql('CREATE INDEX by_change ON registrations ("changed_at")')
            connection.exec_driver_sql('CREATE INDEX by_place ON registrations ("现住址")')

    def put(self, *rows: str, at: float | None = 1) -> None:
        """Rows as in a CSV file, all with one mark; those of the same id and name are replaced."""
        table = sql.table("registrations", sql.column(STAYS[0]), sql.column(STAYS[1]))
        with self.engine.begin() as connection:
            for row in rows:
                number, name = row.split(",")[:2]
                same = sql.and_(table.c[STAYS[0]] == number, table.c[STAYS[1]] == name)
                connection.execute(sql.delete(table).where(same))
        self.load(*rows, at=at)

    def load(self, *rows: str, at: float | None = 1) -> None:
        """Rows as in a CSV file, added in one transaction, all with one mark."""
        mark: Any = at
        if at is not None and self.instants:
            mark = EPOCH + timedelta(seconds=at)
        names = [*STAYS, "民族", "changed_at"]
        cells = [[*row.split(","), ""][: len(STAYS)] for row in rows]
        table = sql.table("registrations", *map(sql.column, names))
        with self.engine.begin() as connection:
            values = [dict(zip(names, [*row, "汉族", mark], strict=True)) for row in cells]
            connection.execute(sql.insert(table), values)

    def drop(self, registration_id: str) -> None:
        with self.engine.begin() as connection:
            connection.execute(sql.text('DELETE FROM registrations WHERE "登记编号" = :id'), {"id": registration_id})

    def run(self, statement: str) -> None:
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)


PASSWORD = "hunter2-geheim"
UNIT_QUERY = """SELECT * FROM registrations WHERE "现住址" = :address"""


def source_text(address: str, **changed: str | None) -> str:
    """The section of a feed file."""
    settings: dict[str, str | None] = {
        "url": f'"{address}"',
        "query": '"SELECT * FROM registrations -- all of them"',
        "high_water": '"changed_at"',
        "overlap": "0",
        "unit_query": f"'''{UNIT_QUERY}'''",
    }
    lines = [f"{key} = {value}" for key, value in {**settings, **changed}.items() if value is not None]
    return "\n".join(["[source]", *lines, ""])


def write_feed(file: Path, address: str, columns: dict[str, str] | None = None, **source: str | None) -> Path:
    mapped = {**COLUMNS, "end_date": "离开日期", **(columns or {})}
    file.write_text(feed_text(mapped) + source_text(address, **source), encoding="utf-8")
    return file


@contextmanager
def sqlite_register(folder: Path, name: str = "register.sqlite") -> Iterator[Register]:
    url = f"sqlite:///{folder / name}"
    engine = sql.create_engine(url, poolclass=sql.pool.NullPool)
    made = Register(url, engine, instants=False)
    made.make()
    yield made
    engine.dispose()


def as_owner(*command: str | Path, **more: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a program of PostgreSQL, which refuses to run as root."""
    before = ("runuser", "-u", "postgres", "--") if os.name == "posix" and os.getuid() == 0 else ()
    return subprocess.run([*before, *map(str, command)], check=True, capture_output=True, cwd="/", **more)


def postgres_programs() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``; None where PostgreSQL is not installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@contextmanager
def postgres_server() -> Iterator[str]:
    """A server on a socket of its own; answers the end of its address."""
    programs = postgres_programs()
    if programs is None:
        leave_out("needs PostgreSQL (tools/system_packages.sh installs it)")
    folder = Path(tempfile.mkdtemp(prefix="np-pg-", dir="/tmp"))
    folder.chmod(0o755)
    home = folder / "home"
    home.mkdir(mode=0o700)
    if os.getuid() == 0:
        shutil.chown(home, "postgres")
    data, secret = home / "data", folder / "secret"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o644)
    before = os.environ.get("PGPASSWORD")
    os.environ["PGPASSWORD"] = PASSWORD  # as libpq has it, for whoever states none
    try:
        made = ("-A", "scram-sha-256", f"--pwfile={secret}", "-U", "tester", "-E", "UTF8", "-N", "--locale=C")
        as_owner(programs / "initdb", "-D", data, *made)
        options = f"-k {home} -c listen_addresses='' -c fsync=off -c max_connections=20"
        as_owner(programs / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", home / "log", "-o", options, "start")
        home.chmod(0o755)
        try:
            yield f"?host={home}"
        finally:
            as_owner(programs / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        os.environ.pop("PGPASSWORD")
        if before is not None:
            os.environ["PGPASSWORD"] = before
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_register(server: str, *, instants: bool = True) -> Iterator[Register]:
    """The server's only table, made anew."""
    url = f"postgresql+psycopg://tester@/postgres{server}"
    engine = sql.create_engine(url, poolclass=sql.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS registrations")
    made = Register(url, engine, instants=instants)
    made.make()
    yield made
    engine.dispose()
