"""Servers that are there at once: a process that has loaded the program forks one for each test.

A server started anew spends a second of processor time on loading its modules, a hundred times over; forked it is the
same program in a process of its own. What is tested of starting and ending is tested on servers that are started
(``tests/web/test_served.py``).
"""

from __future__ import annotations

import atexit
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import IO

from tests.conftest import ROOT

_MOST = 1 << 20  # bytes of a message
_LOADED = (
    *("netpursuit.commands.web", "netpursuit.web.app", "netpursuit.match"),
    *("uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.protocols.http.auto", "uvicorn.protocols.websockets.auto"),
)


class Forked:
    """A process that the seed has forked. ``alive``: the reading end of a pipe whose other end ends with it."""

    def __init__(self, pid: int, alive: int) -> None:
        self.pid = pid
        self._alive = alive

    def has_ended(self, seconds: float = 0) -> bool:
        """Whether it has, or does within so many seconds."""
        with selectors.DefaultSelector() as ended:
            ended.register(self._alive, selectors.EVENT_READ)
            return bool(ended.select(seconds))

    def close(self) -> None:
        """Ends it, by force where it does not listen."""
        for number in (signal.SIGINT, signal.SIGKILL):
            if not self.has_ended():
                os.kill(self.pid, number)
                self.has_ended(10)
        os.close(self._alive)


class Seed:
    """A process that has loaded the program and waits for commands to run in forks of itself."""

    def __init__(self) -> None:
        self._line, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            command = (sys.executable, "-m", "tests.page.seed", str(other.fileno()))
            self._process = subprocess.Popen(command, pass_fds=(other.fileno(),), cwd=ROOT)

    def fork(self, arguments: Sequence[object], environment: Mapping[str, str], output: IO[bytes]) -> Forked:
        """Runs ``netpursuit`` with the arguments; what it says on either stream goes to ``output``."""
        asked = json.dumps([[*map(str, arguments)], dict(environment)]).encode()
        alive, held = os.pipe()
        socket.send_fds(self._line, [asked], [output.fileno(), held])
        os.close(held)
        return Forked(int(self._line.recv(_MOST)), alive)

    def close(self) -> None:
        self._line.close()
        self._process.wait()


@cache
def seed() -> Seed:
    """One for each process that tests."""
    made = Seed()
    atexit.register(made.close)
    return made


def _serve(line: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here asks how they ended
    while True:
        asked, files, _, _ = socket.recv_fds(line, _MOST, 2)
        if not asked:
            return
        pid = os.fork()
        if pid == 0:
            line.close()
            _run(*json.loads(asked), files[0])
        for file in files:
            os.close(file)
        line.send(str(pid).encode())


def _run(arguments: list[str], environment: dict[str, str], output: int) -> None:
    from netpursuit.cli import main

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for stream, number in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(stream, number)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["netpursuit", *arguments]
    try:
        main()
    except SystemExit:
        pass
    except BaseException:
        traceback.print_exc()
    finally:  # whatever it was, the fork does not go on as another seed
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


if __name__ == "__main__":
    for name in _LOADED:
        import_module(name)
    _serve(socket.socket(fileno=int(sys.argv[1])))
