"""Where the one statement of a feed's query ends: as SQLite itself reads it, and never two of them by any reading."""

from __future__ import annotations

import itertools
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.sources.registrations.statements import one_statement

ONE = [
    ("SELECT ';'", "", "SELECT ';'"),
    ("SELECT 'it''s; ok', \"a;b\" FROM t;", "", "SELECT 'it''s; ok', \"a;b\" FROM t"),
    ("SELECT 1 -- one; only", "", "SELECT 1 -- one; only"),
    ("SELECT 1; -- done; really\n /* yes; */ ;", "", "SELECT 1"),
    ("SELECT /* a; b */ 1 ; ;\n", "", "SELECT /* a; b */ 1"),
    ("SELECT [a;b] FROM t", "sqlite", "SELECT [a;b] FROM t"),
    ("SELECT [a;b] FROM t", "mssql", "SELECT [a;b] FROM t"),
    ("SELECT $$a;b$$, $x$;$$;$x$", "postgresql", "SELECT $$a;b$$, $x$;$$;$x$"),
    ("SELECT /* /* ; */ ; */ 1", "postgresql", "SELECT /* /* ; */ ; */ 1"),
    ("SELECT E'a\\';b'", "postgresql", None),  # not where every string has a backslash, but there it is E's, too
    ("SELECT 'a\\';b'", "mysql", None),  # with NO_BACKSLASH_ESCAPES there are two
    ("SELECT 1 --it's\n; ok --'", "mysql", "SELECT 1 --it's\n; ok --'"),  # two dashes alone are no remark
    ("SELECT 1 # it's; ok", "mysql", "SELECT 1 # it's; ok"),
    ("SELECT q'[it's; ok]' FROM dual", "oracle", "SELECT q'[it's; ok]' FROM dual"),
    ("SELECT 'C:\\' FROM t", "", "SELECT 'C:\\' FROM t"),
    ("SELECT 'C:\\', ';' FROM t", "sqlite", "SELECT 'C:\\', ';' FROM t"),
]
MORE = [
    ("SELECT 1; SELECT 2", ""),
    ("SELECT 1; DELETE FROM t -- ;", "sqlite"),
    ("SELECT 'a\\'' ; DELETE FROM t --'", "postgresql"),
    ("SELECT 'C:\\', ';' FROM t", ""),  # two in a database that reads a backslash
    ("SELECT '; DELETE FROM t", "sqlite"),
    ("SELECT /* /* */ ' */ ; DELETE FROM t -- '", "postgresql"),
    ("SELECT $$;$$", "sqlite"),
    ("SELECT $1$;$1$", "postgresql"),
    ("SELECT a$$;b$$", "postgresql"),
    ("SELECT [a;b] FROM t", "postgresql"),
    ("SELECT 1 # it's\n; DELETE FROM t # '", "mysql"),
    ("SELECT 1 --it's\n; DELETE FROM t --'", "sqlite"),
    ("SELECT /*! 1; DELETE FROM t */", "mysql"),
    ("SELECT 1 /* ; ", "sqlite"),
    (" ; ", ""),
    ("", ""),
    ("-- nothing;", ""),
]


@pytest.mark.parametrize(("text", "database", "statement"), ONE)
def test_one_statement_is_taken_without_what_stands_behind_it(text: str, database: str, statement: str | None) -> None:
    if statement is None:
        assert one_statement(text, database) in (None, text)
    else:
        assert one_statement(text, database) == statement
        assert one_statement(statement, database) == statement


@pytest.mark.parametrize(("text", "database"), MORE)
def test_more_than_one_and_what_does_not_end_are_not(text: str, database: str) -> None:
    if text.startswith("--"):
        assert one_statement(text, database) == text, "the database says that there is no statement in it"
    else:
        assert one_statement(text, database) is None


def test_what_is_taken_is_one_statement_for_sqlite_itself() -> None:
    """SQLite's own reader: a text is complete where its last token is a semicolon outside quotes and remarks."""
    taken = 0
    parts = ("'", '"', "[", "]", "--", "\n", "/*", "*/", ";", "\\", " a ")
    for pieces in itertools.product(parts, repeat=4):
        text = "SELECT " + "".join(pieces)
        statement = one_statement(text, "sqlite")
        if ";" not in text or statement is None:
            continue
        taken += 1
        assert sqlite3.complete_statement(statement + "\n;"), "nothing in it is left open"
        for end, char in enumerate(statement):
            if char == ";":
                assert not sqlite3.complete_statement(statement[: end + 1]), "no statement ends within it"
    assert taken > 1_000


@given(st.text("'\"`[]-/*;\\$#qEe!\n a", max_size=30))
def test_an_unknown_database_takes_nothing_that_a_known_one_would_not(text: str) -> None:
    statement = one_statement(text)
    if statement is not None and ";" in text:
        for database in ("sqlite", "postgresql", "mysql", "mssql", "oracle"):
            assert one_statement(text, database) == statement
