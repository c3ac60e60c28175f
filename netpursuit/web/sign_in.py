"""Signing in: by a link that works once, or with a password where users have them.

A wrong password and an unknown user take the same time and get the same answer. Passwords are checked outside the one
thread of the workspace, a few at a time, and only for who has not tried too often: by user and by address.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, TypedDict, TypeVar

import anyio
from anyio.to_thread import run_sync
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from netpursuit.custody import passwords
from netpursuit.errors import InputError
from netpursuit.policy.passwords import LEAST
from netpursuit.web import limits
from netpursuit.web.answers import Refused, json_answer, read_body, say, too_many
from netpursuit.web.endpoints import (
    BASE,
    COOKIE,
    Asked,
    Described,
    caller,
    check_session,
    language_of,
    read_as,
)
from netpursuit.web.room import Handle, Room
from netpursuit.web.sessions import LONGEST_SECONDS, Session

Answer = TypeVar("Answer")
_NAME = Annotated[str, Meta(max_length=64)]
_PASSWORD = Annotated[str, Meta(max_length=1024)]


class SignIn(Asked):
    """``link``: the secret of a sign-in link; or a user's name and password."""

    link: Annotated[str, Meta(max_length=128)] = ""
    user: _NAME = ""
    password: _PASSWORD = ""


class NewPassword(Asked):
    """The password until now, and the one from now on."""

    old: _PASSWORD = ""
    new: _PASSWORD = ""


class SignedIn(TypedDict):
    """``csrf`` goes into the header X-CSRF-Token of every call that is no GET."""

    user: str
    csrf: str


class Ways(TypedDict):
    """How one signs in here: whether there are users with passwords, and of how many characters these are at least."""

    passwords: bool
    least: int


SIGN_IN = Described(method="POST", path="/sign-in", summary="Sign in", asks=SignIn, answers=SignedIn, signed_in=False)
WAYS = Described(method="GET", path="/sign-in", summary="How one signs in here", answers=Ways, signed_in=False)
CHANGE = Described(
    method="PUT", path="/session/password", summary="Change the own password", asks=NewPassword, answers=SignedIn
)
CALLS = (SIGN_IN, WAYS, CHANGE)


class SignIns:
    """What is remembered between the tries of one server."""

    def __init__(self, room: Room) -> None:
        self._room, self._keys = room, room.service.keys
        self._users = limits.Waits(limits.FREE_OF_USER, room.clock)
        self._addresses = limits.Waits(limits.FREE_OF_ADDRESS, room.clock)
        self._waiting = 0
        self._few: anyio.CapacityLimiter | None = None

    def routes(self) -> list[Route]:
        return [
            self._route(SIGN_IN, self.sign_in),
            self._route(WAYS, self.ways),
            self._route(CHANGE, self.change),
        ]

    def _route(self, described: Described, handle: Handle) -> Route:
        async def worded(request: Request) -> Response:
            try:
                return await handle(request)
            except Exception as error:
                return say(error, language_of(request))

        return Route(BASE + described.path, self._room.admitted(worded), methods=[described.method])

    async def ways(self, _request: Request) -> Response:
        found = Ways(passwords=passwords.in_use(self._keys), least=LEAST)
        return json_answer(found)

    async def sign_in(self, request: Request) -> Response:
        asked = read_as(SignIn, await read_body(request))
        assert isinstance(asked, SignIn)
        if asked.link and (asked.user or asked.password):
            raise InputError("a link and a password at once", where="body", expected="one of both")
        before = self._room.sessions.find(request.cookies.get(COOKIE, ""))
        if asked.link:
            return await self._begin(await self._by_link(request, asked.link), "link", None, before)
        who = asked.user.strip()
        return await self._begin(who, "password", await self._checked(request, who, asked.password), before)

    async def change(self, request: Request) -> Response:
        """The new password begins a new session; every other one of the user is over."""
        session = caller(self._room, request)
        self._room.take(session.who)
        asked = read_as(NewPassword, await read_body(request))
        assert isinstance(asked, NewPassword)
        await self._room.in_turn(partial(check_session, self._room, session))
        await self._checked(request, session.who, asked.old)
        if asked.new == asked.old:
            raise InputError("this is the password until now", where="new", expected="another one")
        hashed = await self._apart(lambda: passwords.hash_new(asked.new, session.who))
        desk = self._room.service.desk(session.who, of_machine=session.of_machine)
        stamp = await self._room.in_turn(lambda: passwords.keep_hash(desk, session.who, hashed))
        return await self._begin(session.who, "password", stamp, session)

    async def _by_link(self, request: Request, link: str) -> str:
        who = self._room.sessions.open_link(link)
        if who is None:
            self._room.take_stranger(request)
            raise await self._refusal("", "link")
        return who

    async def _checked(self, request: Request, who: str, password: str) -> str:
        """The stamp of the password. Raises ``Refused``: 401, on record, for what does not fit, 429 for too many."""
        address = request.client.host if request.client else ""
        if (seconds := self._addresses.begin(address)) > 0:
            raise too_many(seconds)
        if (seconds := self._users.begin(who)) > 0:
            self._addresses.forgive(address)  # nothing was tried
            raise too_many(seconds)
        stamp = await self._apart(lambda: passwords.check_password(self._keys, who, password))
        if stamp is None:
            raise await self._refusal(who, "password")
        self._addresses.forgive(address)
        self._users.forget(who)
        return stamp

    async def _refusal(self, who: str, way: str) -> Refused:
        """What to raise; it is on record."""
        desk = self._room.service.desk(passwords.STRANGER)
        await self._room.in_turn(lambda: passwords.record_refused_sign_in(desk, who, way))
        return Refused(401, "sign-in", "this signs nobody in")

    async def _begin(self, who: str, way: str, stamp: str | None, before: Session | None) -> Response:
        """A session that nobody has seen before; the one that the browser had is over."""
        of_machine = way == "link"

        def record() -> str:
            desk = self._room.service.desk(who, of_machine=of_machine)
            passwords.record_sign_in(desk, way)
            return passwords.standing_of(self._keys, who).stamp if stamp is None else stamp

        held = await self._room.in_turn(record)
        session, cookie = self._room.sessions.begin(who, of_machine=of_machine, stamp=held)
        if before is not None:
            if before.who == who:
                session.reason, session.case_id = before.reason, before.case_id
            self._room.sessions.end(before)
        answer = json_answer(SignedIn(user=session.who, csrf=session.csrf))
        answer.set_cookie(
            COOKIE, cookie, max_age=int(LONGEST_SECONDS), path="/", secure=True, httponly=True, samesite="strict"
        )
        return answer

    async def _apart(self, work: Callable[[], Answer]) -> Answer:
        """Work that takes memory and time, beside that on the workspace. Raises ``Refused`` (429) where too much waits
        for it."""
        if self._few is None:
            self._few = anyio.CapacityLimiter(limits.CHECKING)
        if self._waiting >= limits.MOST_CHECKING:
            raise too_many(1)
        self._waiting += 1
        try:
            return await run_sync(work, limiter=self._few)
        finally:
            self._waiting -= 1
