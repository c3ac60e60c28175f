"""A process that has loaded the program once and forks a child for each call, which dies at its n-th write.

Writes are statements that change a database, begin or commit, and files opened for writing, renamed or removed. Read
from standard input, one JSON object a line: ``{"at": n, "arguments": [...]}`` (``at`` 0: not at all). Answered, one a
line: ``{"status": …, "writes": …}``, the status negative for a signal.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from typing import Any

_CHANGING = ("INSERT", "UPDATE", "DELETE", "REPLACE", "COMMIT", "BEGIN", "CREATE", "DROP", "ALTER", "PRAGMA")
_FILES = frozenset(("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"))


class Counter:
    """Counts writes and kills the process before the n-th."""

    def __init__(self) -> None:
        self.at = self.writes = 0
        self.armed = False

    def count(self) -> None:
        if self.armed:
            self.writes += 1
            if self.writes == self.at:
                os.kill(os.getpid(), signal.SIGKILL)

    def audited(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.armed:
            return
        if event in _FILES or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            self.count()


COUNTER = Counter()


class Counting(sqlite3.Connection):
    """A connection that counts what it changes."""

    def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
        if sql.split(None, 1)[0].upper() in _CHANGING:
            COUNTER.count()
        return super().execute(sql, *values)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:
        COUNTER.count()
        return super().executemany(sql, rows)


def main() -> None:
    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **more: connect(*args, **{"factory": Counting, **more})  # type: ignore[assignment]
    sys.addaudithook(COUNTER.audited)
    from netpursuit.cli import run

    warm = json.loads(sys.stdin.readline())
    run(warm["arguments"])  # loads every module that a night needs
    for line in sys.stdin:
        asked = json.loads(line)
        told, tell = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            COUNTER.at, COUNTER.armed = asked["at"], True
            code = run(asked["arguments"])
            COUNTER.armed = False
            os.write(tell, str(COUNTER.writes).encode("ascii"))
            os._exit(code)
        os.close(tell)
        with os.fdopen(told, "rb") as answer:
            writes = int(answer.read() or 0)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.__stdout__.write(json.dumps({"status": status, "writes": writes}) + "\n")  # type: ignore[union-attr]
        sys.__stdout__.flush()  # type: ignore[union-attr]


if __name__ == "__main__":
    main()
