"""What all routes share: the open workspace, its use by one call of the page at a time and a few questions of programs
beside it, and how many may come in."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response

from netpursuit.web import limits
from netpursuit.web.answers import say, too_many
from netpursuit.web.sessions import Sessions
from netpursuit.wiring import Service

Answer = TypeVar("Answer")
Handle = Callable[[Request], Awaitable[Response]]


class Room:
    """``clock`` gives seconds that never go back. ``reports``: the folder of the nights' reports, if one is known."""

    def __init__(
        self, service: Service, clock: Callable[[], float] = time.monotonic, *, reports: Path | None = None
    ) -> None:
        self.service, self.clock, self.reports = service, clock, reports
        self.sessions = Sessions(clock)
        self.users = limits.Buckets(limits.PER_SECOND, limits.BURST, clock)
        self.strangers = limits.Buckets(limits.WRONG_TOKENS / limits.LOCKED_SECONDS, float(limits.WRONG_TOKENS), clock)
        self.unknown = limits.Buckets(limits.UNKNOWN_IDS / limits.UNKNOWN_SECONDS, float(limits.UNKNOWN_IDS), clock)
        self._inside = 0
        self._of_user: Counter[str] = Counter()
        self._one: anyio.CapacityLimiter | None = None
        self._few: anyio.CapacityLimiter | None = None

    def take(self, who: str) -> None:
        """Count a question of a user. Raises ``Refused`` (429) beyond the rate."""
        if (seconds := self.users.take(who)) > 0:
            raise too_many(seconds)

    def take_stranger(self, request: Request) -> None:
        """Count a wrong credential by address. Raises ``Refused`` (429) beyond the rate."""
        if (seconds := self.strangers.take(request.client.host if request.client else "")) > 0:
            raise too_many(seconds)

    def refuse_who_tries_ids(self, who: str) -> None:
        """Raises ``Refused`` (429) for a user who asked for too many ids that were none, whatever is asked now: else
        the answer would tell which ids are some."""
        if (seconds := self.unknown.wait(who)) > 0:
            raise too_many(seconds)

    @contextmanager
    def at_once(self, who: str) -> Iterator[None]:
        """One user's requests leave room for those of others."""
        if self._of_user[who] >= limits.MOST_OF_USER:
            raise too_many(1)
        self._of_user[who] += 1
        try:
            yield
        finally:
            self._of_user[who] -= 1

    async def in_turn(self, work: Callable[[], Answer]) -> Answer:
        """One piece of work at a time, of those that do not say that they may be done beside others."""
        if self._one is None:
            self._one = anyio.CapacityLimiter(1)
        return await run_sync(work, limiter=self._one)

    async def beside(self, work: Callable[[], Answer]) -> Answer:
        """A look that changes nothing, at a workbench of its own: a few at a time, beside what is in turn. While one
        waits for the disk another one looks, and their records share a commit."""
        if self._few is None:
            self._few = anyio.CapacityLimiter(limits.LOOKS_AT_ONCE)
        return await run_sync(work, limiter=self._few)

    def admitted(self, handle: Handle) -> Handle:
        """A request is let in once, before anything is done for it; whoever would wait too long is told to come
        again."""

        async def admitted(request: Request) -> Response:
            if self._inside >= limits.MOST_INSIDE:
                return say(too_many(1))
            self._inside += 1
            try:
                return await handle(request)
            except Exception as error:  # all of them: a traceback in the server's log could carry values (A4)
                return say(error)
            finally:
                self._inside -= 1

        return admitted
