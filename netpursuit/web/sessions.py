"""Who is signed in to the page. Sessions live in the server's memory alone: a restart ends them all."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

IDLE_SECONDS = 30 * 60.0
LONGEST_SECONDS = 12 * 3600.0  # a shift
LINK_SECONDS = 10 * 60.0
MOST_SESSIONS = 1_000
_BYTES = 32


@dataclass(slots=True, kw_only=True)
class Session:
    """``reason`` or ``case_id`` is why the user looks, until another is chosen. ``of_machine``: the user is the one of
    the operating system, whose groups count. ``stamp``: of the user's password when the session began; under another
    one it is over. ``answered``: answers by the id of their request, for one that is sent again after a dropped
    connection."""

    who: str
    of_machine: bool
    csrf: str
    began: float
    last: float
    stamp: str = ""
    reason: str = ""
    case_id: str = ""
    answered: dict[str, tuple[int, bytes]] = field(default_factory=dict)


class Sessions:
    """Open sessions by the SHA-256 of their cookie. ``clock`` gives seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._open: dict[str, Session] = {}
        self._links: dict[str, tuple[str, float]] = {}

    def new_link(self, who: str) -> str:
        """The secret of a link that signs this user of the machine in, once, within ten minutes."""
        secret, now = secrets.token_urlsafe(_BYTES), self._clock()
        self._links = {digest: held for digest, held in self._links.items() if now < held[1]}
        self._links[_digest(secret)] = (who, now + LINK_SECONDS)
        return secret

    def open_link(self, secret: str) -> str | None:
        """Whom a link signs in; it works no second time. None: it is none, or too old."""
        who, until = self._links.pop(_digest(secret), ("", 0.0))
        return who if who and self._clock() < until else None

    def begin(self, who: str, *, of_machine: bool, stamp: str = "") -> tuple[Session, str]:
        """A new session and its cookie, which nobody has seen before."""
        self._forget()
        cookie, now = secrets.token_urlsafe(_BYTES), self._clock()
        csrf = secrets.token_urlsafe(_BYTES)
        session = Session(who=who, of_machine=of_machine, csrf=csrf, began=now, last=now, stamp=stamp)
        self._open[_digest(cookie)] = session
        return session, cookie

    def find(self, cookie: str) -> Session | None:
        """The session of a cookie, which this use keeps alive; None: there is none, or it is over."""
        session = self._open.get(_digest(cookie)) if cookie else None
        now = self._clock()
        if session is None or not self._lasts(session, now):
            return None
        session.last = now
        return session

    def end(self, session: Session) -> None:
        self._open = {digest: item for digest, item in self._open.items() if item is not session}

    def _lasts(self, session: Session, now: float) -> bool:
        return now - session.last < IDLE_SECONDS and now - session.began < LONGEST_SECONDS

    def _forget(self) -> None:
        now = self._clock()
        kept = {digest: item for digest, item in self._open.items() if self._lasts(item, now)}
        while len(kept) >= MOST_SESSIONS:
            kept.pop(min(kept, key=lambda digest: kept[digest].last))
        self._open = kept


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
