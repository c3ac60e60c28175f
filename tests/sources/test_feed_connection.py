"""How a connection to a feed's database is set up."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from netpursuit.errors import InputError
from netpursuit.records import FeedSource
from netpursuit.sources.registrations.database import open_database


def test_sqlite_sorts_in_memory(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "r.sqlite").execute("CREATE TABLE r (a)").connection.close()
    source = FeedSource(url=f"sqlite:///{tmp_path / 'r.sqlite'}", query="SELECT a FROM r", high_water="a")
    with open_database(source) as database:
        row = database.row(text("PRAGMA temp_store"))
    assert row is not None
    assert row[0] == 2


@pytest.mark.parametrize("tables", [("secret", "sealing"), ("log", "log_payload"), ("node_claim", "edge_claim")])
def test_the_programs_own_files_are_no_source(tmp_path: Path, tables: tuple[str, str]) -> None:
    with closing(sqlite3.connect(tmp_path / "r.sqlite")) as made:
        for table in tables:
            made.execute(f"CREATE TABLE {table} (name TEXT)")
    source = FeedSource(url=f"sqlite:///{tmp_path / 'r.sqlite'}", query="SELECT name FROM secret", high_water="name")
    with pytest.raises(InputError, match="a file of netpursuit's own"), open_database(source):
        pass
