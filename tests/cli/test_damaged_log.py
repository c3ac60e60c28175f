"""A consultation log, or a database, that was cut or damaged: nothing runs, and one sentence says what to do."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, Run

Damage = Callable[[Path], None]


def statements(*texts: str) -> Damage:
    def damage(file: Path) -> None:
        with sqlite3.connect(file) as base:
            for text in texts:
                base.execute(text)
        base.close()

    return damage


def cut(share: float) -> Damage:
    def damage(file: Path) -> None:
        content = whole(file)
        file.write_bytes(content[: int(len(content) * share)])

    return damage


def whole(file: Path) -> bytes:
    """The database's bytes, its write-ahead log emptied."""
    with sqlite3.connect(file) as base:
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    base.close()
    return file.read_bytes()


LAST = "position = (SELECT max(position) FROM log)"
LOGS = {
    "last record": statements(f"DELETE FROM log_payload WHERE {LAST}", f"DELETE FROM log WHERE {LAST}"),
    "all records": statements("DELETE FROM log_payload", "DELETE FROM log"),
    "last head": statements("DELETE FROM log_head WHERE size = (SELECT max(size) FROM log_head)"),
    "all heads": statements("DELETE FROM log_head"),
    "no edge": statements("DELETE FROM log_edge"),
    "another edge": statements("UPDATE log_edge SET edge = zeroblob(length(edge))"),
}
UNREADABLE = {
    "no instant": statements("UPDATE log_head SET at = 'never'"),
    "no digest": statements("UPDATE log_head SET root = 'x'"),
}
FILES = {
    "no table": statements("DROP TABLE log_payload"),
    "half a file": cut(0.5),
    "hardly a file": cut(0.001),
    "an empty file": cut(0),
}


def match(command: Run, workspace: Path, lang: str = "en") -> str:
    asked = ("match", "欧阳志远", "--reason", "check:T-1", "--as-of", AS_OF, "--workspace", workspace, "--lang", lang)
    answer = command(*asked)
    assert (answer.code, answer.out) == (1, "")
    return answer.err


@pytest.mark.parametrize("name", LOGS)
def test_a_cut_log_stops_a_query_says_why_and_verify_finds_it(command: Run, workspace: Path, name: str) -> None:
    LOGS[name](workspace / "truth.sqlite")
    said = match(command, workspace)
    assert said.startswith("Error: the consultation log is damaged (")
    assert said.endswith("nothing is run; 'netpursuit audit verify' says where\n")
    assert "查询日志已损坏" in match(command, workspace, "zh")
    before = whole(workspace / "truth.sqlite")
    verified = command("audit", "verify", "--workspace", workspace, "--lang", "en")
    assert verified.code == 6
    assert "Difference found" in verified.err
    match(command, workspace)
    assert whole(workspace / "truth.sqlite") == before, "what is damaged is not built upon"


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_log_that_cannot_be_read_is_called_damaged(command: Run, workspace: Path, name: str) -> None:
    UNREADABLE[name](workspace / "truth.sqlite")
    assert "the consultation log is damaged (a record cannot be read)" in match(command, workspace)
    assert command("audit", "verify", "--workspace", workspace).code == 1


@pytest.mark.parametrize("name", FILES)
def test_a_cut_database_is_called_damaged_and_left_alone(command: Run, workspace: Path, name: str) -> None:
    assert command("index", "build", "--workspace", workspace, "--as-of", AS_OF).code == 0
    file = workspace / "truth.sqlite"
    FILES[name](file)
    left = file.read_bytes()
    said = match(command, workspace)
    assert "truth.sqlite" in said
    assert "restore it from a backup" in said
    assert "Internal failure" not in said
    assert file.read_bytes() == left
