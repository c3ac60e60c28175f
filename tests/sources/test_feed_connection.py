"""How a connection to a feed's database is set up."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from sqlalchemy import text

from netpursuit.records import FeedSource
from netpursuit.sources.registrations.database import open_database


def test_sqlite_sorts_in_memory(tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "r.sqlite").execute("CREATE TABLE r (a)").connection.close()
    source = FeedSource(url=f"sqlite:///{tmp_path / 'r.sqlite'}", query="SELECT a FROM r", high_water="a")
    with open_database(source) as database:
        row = database.row(text("PRAGMA temp_store"))
    assert row is not None
    assert row[0] == 2
