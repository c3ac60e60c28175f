"""Passwords of users who sign in to the page: set by themselves or by an administrator, on record, kept as Argon2id.

The key folder keeps for each user what the password is checked by and a stamp, which is new with every change: a
session that was begun under another stamp is over.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netpursuit.errors import DamagedError, InputError
from netpursuit.gate.roles import GROUP, user_name
from netpursuit.gate.workbench import Workbench
from netpursuit.policy import passwords as policy
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import UnitOfWork
from netpursuit.records import Authority, Intent, Outcome, Verb

if TYPE_CHECKING:
    from argon2 import PasswordHasher

STRANGER = "(stranger)"
"""Who the log names where nobody is signed in; no user is called so."""

_HASH_BYTES, _SALT_BYTES = 32, 16


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """``by``: who set it."""

    hashed: str
    stamp: str
    by: str


def set_password(desk: Workbench, who: str, password: str) -> None:
    """Give a user a password in the place of one before.

    Raises ``InputError`` for what is no name of a user or no password, before any of it is logged; ``RefusedError``
    where it is another's and whoever asks is no administrator.
    """
    who = _user(who)
    keep_hash(desk, who, hash_new(password, who))


def hash_new(password: str, who: str) -> str:
    """What a new password is checked by: some 50 ms of work. Raises ``InputError`` for what no password may be (NIST SP
    800-63B)."""
    if not policy.LEAST <= len(policy.normal(password)) <= policy.MOST:
        raise InputError(
            "this is no password",
            expected=f"{policy.LEAST} to {policy.MOST} characters of any kind; a few words are a good one",
        )
    if policy.is_guessed_first(password, who):
        raise InputError("this password is guessed soon", expected="no well-known word, row of keys or name of yours")
    return _hash(password)


def keep_hash(desk: Workbench, who: str, hashed: str) -> str:
    """Keep what ``hash_new`` gave for a user; answers the new stamp. Raises ``RefusedError`` as ``set_password``."""
    kept = _Kept(hashed=hashed, stamp=secrets.token_hex(16), by=desk.gate.who)
    with _changing(desk, who, "set") as conclude, desk.truth.transaction() as unit:
        conclude(unit)
        # Behind the commit: a record without its password harms nobody, a password without its record might.
        unit.after_commit(lambda: desk.keys.keep_password(who, _write(kept)))
    return kept.stamp


def remove_password(desk: Workbench, who: str) -> None:
    """Let a user sign in no more. Raises as ``set_password``, and ``InputError`` where there is none."""
    who = _user(who)
    with _changing(desk, who, "removed") as conclude:
        if desk.keys.password(who) is None:
            raise InputError(f"{who} has no password", expected="a user who signs in with one")
        desk.keys.keep_password(who, None)  # first: it holds, also where its outcome cannot be written
        conclude(None)


def check_password(keys: Keys, who: str, password: str) -> str | None:
    """The stamp of a user whose password this is; None: it is not. Some 50 ms of work, the same for a user who has
    none. Where the parameters have risen it is kept under the new ones."""
    from argon2.exceptions import InvalidHashError, VerificationError

    kept = keys.password(who)
    known = _read(kept) if kept else None
    hasher = _hasher()
    try:
        hasher.verify(known.hashed if known else _nobodys(), policy.normal(password))
    except (VerificationError, InvalidHashError):
        return None
    if kept is None or known is None:
        return None
    if hasher.check_needs_rehash(known.hashed):
        keys.replace_password(who, kept, _write(_Kept(hashed=_hash(password), stamp=known.stamp, by=known.by)))
    return known.stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """``stamp``: what changes with a user's password, empty where there is none; ``given``: by another, who knows
    it."""

    stamp: str = ""
    given: bool = False


def standing_of(keys: Keys, who: str) -> Standing:
    """How a user's password stands now."""
    kept = keys.password(who)
    if kept is None:
        return Standing()
    known = _read(kept)
    return Standing(stamp=known.stamp, given=known.by != who)


def in_use(keys: Keys) -> bool:
    """Whether anybody signs in with a password."""
    return bool(keys.password_users())


def record_sign_in(desk: Workbench, way: str) -> None:
    """Put on record that the user of this desk was signed in, by ``password`` or ``link``.

    Raises ``RefusedError`` (``role``, on record) for a password where roles are in use and its user holds none; who
    sits at the machine is told on the page."""
    if way == "password":
        desk.gate.check_user()
    log, intent = desk.gate.log, Intent(verb=Verb.SIGN_IN, authority=Authority(who=desk.gate.who), about={"by": way})
    log.finish(None, log.begin(intent), Outcome(counts={"signed_in": 1}))


def record_refused_sign_in(desk: Workbench, who: str, way: str) -> None:
    """Put on record that nobody was signed in. The name is kept where it is that of a user with a password; another may
    be anybody's."""
    about = {"by": way, "user": who if desk.keys.password(who) else ""}
    desk.gate.log.refuse(Intent(verb=Verb.SIGN_IN, authority=Authority(who=STRANGER), about=about), "sign-in")


@contextmanager
def _changing(desk: Workbench, who: str, change: str) -> Iterator[Callable[[UnitOfWork | None], None]]:
    """The bracket around a change; gives what puts its outcome on record. One's own is no look at anybody and needs no
    reason, only that one is a user here."""
    done, about = Outcome(counts={"changed": 1}), {"user": who, "change": change}
    if who != desk.gate.who:
        intent = Intent(verb=Verb.USERS_PASSWORD, authority=desk.authority, about=about)
        with desk.gate.consult(intent) as consultation:
            yield lambda unit: consultation.conclude(done, unit)
        return
    desk.gate.check_user()
    log = desk.gate.log
    opened = log.begin(Intent(verb=Verb.OWN_PASSWORD, authority=desk.authority, about=about))
    yield lambda unit: log.finish(unit, opened, done)


def _user(text: str) -> str:
    who = user_name(text)
    if who.startswith(GROUP):
        raise InputError("this is no name of a user", expected="one user, and no group")
    return who


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(
        time_cost=policy.PASSES,
        memory_cost=policy.MEMORY_KIB,
        parallelism=policy.LANES,
        hash_len=_HASH_BYTES,
        salt_len=_SALT_BYTES,
    )


def _hash(password: str) -> str:
    return _hasher().hash(policy.normal(password))


def _nobodys() -> str:
    """What no password fits: it is checked in the place of that of a user who has none."""
    salt, hashed = (
        base64.b64encode(secrets.token_bytes(count)).rstrip(b"=").decode() for count in (_SALT_BYTES, _HASH_BYTES)
    )
    costs = f"m={policy.MEMORY_KIB},t={policy.PASSES},p={policy.LANES}"
    return f"$argon2id$v=19${costs}${salt}${hashed}"


def _write(kept: _Kept) -> str:
    return json.dumps({"hash": kept.hashed, "stamp": kept.stamp, "by": kept.by}, ensure_ascii=False)


def _read(text: str) -> _Kept:
    try:
        stored = json.loads(text)
        return _Kept(hashed=stored["hash"], stamp=stored["stamp"], by=stored["by"])
    except (ValueError, KeyError, TypeError) as error:
        raise DamagedError("a password in the key folder cannot be read: set it again") from error
