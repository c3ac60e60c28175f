"""What stands between the program and a Neo4j server, and kills the server at a stated moment of their conversation."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress

from tools.neo4j_server import Server

# What the program sends first in a transaction that writes, and later in the same one.
OWNERS, NODES = b"MERGE (o:Owner", b"MERGE (n:Entity"
COMMIT = b"\x00\x02\xb0\x12\x00\x00"  # Bolt: a message of two bytes, a structure without fields, 0x12

COMMITTED = "before it says that it has committed"  # it has, and nobody hears of it
MOMENTS = {
    "in mid-write": (NODES, False),  # owners are written, nodes are on their way
    "before it is asked to commit": (COMMIT, False),  # all is written, the order to commit never arrives
    COMMITTED: (COMMIT, True),
}


class Relay:
    """Passes bytes both ways; at the moment the server dies (SIGKILL) and everybody's connections with it. Without a
    moment it only passes on. ``met`` is set once the moment has come."""

    def __init__(self, server: Server, moment: str = "") -> None:
        self.met = threading.Event()
        self._server = server
        self._marker, self._answered = MOMENTS[moment] if moment else (b"", False)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.uri = f"bolt://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes who waits for a connection
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client = self._listener.accept()[0]
                try:
                    server = socket.create_connection(("127.0.0.1", self._server.port))
                except OSError:
                    client.close()  # as a server that is not there
                    continue
                _Conversation(self, client, server)

    def kill(self) -> None:
        self._server.stop(kill=True)
        self.met.set()

    def find(self, said: bytearray) -> int:
        """Where the moment begins in what the program has said so far; -1: not yet."""
        begun = said.find(OWNERS) if self._marker and not self.met.is_set() else -1
        return said.find(self._marker, begun) if begun >= 0 else -1

    @property
    def answered(self) -> bool:
        """Whether the server still hears what begins the moment, and dies when it answers."""
        return self._answered


class _Conversation:
    def __init__(self, relay: Relay, client: socket.socket, server: socket.socket) -> None:
        self._relay, self._client, self._server = relay, client, server
        self._dies_at_answer = False
        for pump in (self._up, self._down):
            threading.Thread(target=pump, daemon=True).start()

    def _up(self) -> None:
        said = bytearray()
        with suppress(OSError):
            while data := self._client.recv(65_536):
                passed = len(said)
                said += data
                at = self._relay.find(said)
                if at >= 0 and not self._dies_at_answer:
                    if not self._relay.answered:
                        self._server.sendall(said[passed : max(at, passed)])
                        self._relay.kill()
                        break
                    self._dies_at_answer = True
                self._server.sendall(data)
        self._close()

    def _down(self) -> None:
        with suppress(OSError):
            while data := self._server.recv(65_536):
                if self._dies_at_answer:
                    self._relay.kill()
                    break
                self._client.sendall(data)
        self._close()

    def _close(self) -> None:
        for side in (self._client, self._server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)
            side.close()
