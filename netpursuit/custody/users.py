"""Giving and taking roles: by administrators, on record, and never so that nobody is left who could.

The first change puts roles in use and makes whoever makes it an administrator. Nobody gives himself a role that another
administrator could give him, nor takes that office from the only other one who holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.roles import GROUP, IN_USE, Grant, Holder, UserBook, settled_book, user_name, user_names
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.roles import UserRole
from netpursuit.ports.truth import UnitOfWork
from netpursuit.records import Intent, Outcome, Verb

Change = Callable[[UserBook, UnitOfWork], UserBook]


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesChanged:
    """Who holds which role now, and the names whose roles changed; ``begun``: roles were not in use before."""

    book: UserBook
    names: tuple[str, ...]
    begun: bool


def list_users(desk: Workbench) -> tuple[Holder, ...]:
    """Who holds which role, by name; empty where roles are not in use."""
    with desk.gate.consult(Intent(verb=Verb.USERS_LIST, authority=desk.authority)) as consultation:
        book = desk.gate.users()
        found = tuple(book.holders[name] for name in sorted(book.holders)) if book else ()
        consultation.conclude(Outcome(counts={"shown": len(found)}))
    return found


def grant_roles(desk: Workbench, name: str, roles: Iterable[UserRole], names: Iterable[str] = ()) -> RolesChanged:
    """Give a user, or the group behind ``@``, roles beside those held already; ``names``: the full names of the user,
    in place of those given before.

    Raises ``InputError`` for what is no name or no full name; ``RefusedError`` ``first-administrator``,
    ``last-administrator`` (no user would be one by name), ``other-administrator`` (only whoever does it would be left),
    ``own-role`` or ``own-name``.
    """
    who, given = user_name(name), frozenset(roles)
    full = user_names(who, names)

    def change(book: UserBook, unit: UnitOfWork) -> UserBook:
        return book.put(who, book.held(who) | given, by=desk.gate.who, at=unit.at, names=full)

    about = {"user": who, "roles": _words(given), **({"names": str(len(full))} if full else {})}
    return _change(desk, Verb.USERS_GRANT, about, change)


def revoke_roles(desk: Workbench, name: str, roles: Iterable[UserRole] = ()) -> RolesChanged:
    """Take these roles from a user or a group, or all of them. Raises as ``grant_roles``, and ``InputError`` where the
    name holds none of them."""
    who, taken = user_name(name), frozenset(roles) or frozenset(UserRole)

    def change(book: UserBook, unit: UnitOfWork) -> UserBook:
        held = book.held(who)
        if not held & taken:
            raise InputError(
                f"{who} holds no such role", expected="a user or @group with its roles, as in 'users list'"
            )
        return book.put(who, held - taken, by=desk.gate.who, at=unit.at)

    return _change(desk, Verb.USERS_REVOKE, {"user": who, "roles": _words(taken)}, change)


def replace_users(desk: Workbench, users: Mapping[str, Grant], digest: str) -> RolesChanged:
    """Let these names hold these roles, and nobody else any; whole or not at all. ``digest``: of the file, 64 hex
    digits. Raises as ``grant_roles``."""

    def change(book: UserBook, unit: UnitOfWork) -> UserBook:
        for name in sorted(book.holders.keys() | users.keys()):
            stated = users.get(name, Grant(roles=()))
            full = user_names(name, stated.names)
            book = book.put(name, stated.roles, by=desk.gate.who, at=unit.at, names=full)
        return book

    return _change(desk, Verb.USERS_IMPORT, {"file": digest}, change)


def _change(desk: Workbench, verb: Verb, about: dict[str, str], change: Change) -> RolesChanged:
    """One change of the roles. It is proposed in the key folder before its outcome is committed in the workspace, and
    settled after that: where a kill falls between, the outcome tells which of both it is."""
    keys = desk.keys
    with desk.gate.consult(Intent(verb=verb, authority=desk.authority, about=about)) as consultation:
        key = consultation.consultation_id
        try:
            with desk.truth.transaction() as unit:
                before = settled_book(desk.truth, desk.gate.log)
                after = change(before or UserBook({}), unit)
                _check_change(desk, before, after)
                names = _changed(before, after)
                keys.propose_roles(key, after.text())
                unit.put_setting(IN_USE, "on")
                consultation.conclude(Outcome(counts={"changed": len(names)}), unit)
                unit.after_commit(lambda: keys.settle_roles(key, done=True))
        except Exception:
            if not consultation.concluded:
                keys.settle_roles(key, done=False)
            raise
    return RolesChanged(book=after, names=names, begun=before is None)


def _check_change(desk: Workbench, before: UserBook | None, after: UserBook) -> None:
    administrator, gate = UserRole.ADMINISTRATOR, desk.gate
    by_name = [name for name in after.holding(administrator) if not name.startswith(GROUP)]
    if before is not None and administrator not in gate.roles_in(before):  # since this consultation was admitted
        names = ", ".join(before.holding(administrator))
        raise RefusedError("role", "roles are given and taken by administrators", about=f"{administrator}; {names}")
    if before is None and gate.who not in by_name:
        raise RefusedError("first-administrator", "whoever puts roles in use is the first administrator, by name")
    if not by_name:
        raise RefusedError("last-administrator", "somebody has to be administrator by name")
    if before is None:
        return
    others = set(before.holding(administrator)) - {gate.who}
    if others and not set(after.holding(administrator)) - {gate.who}:
        # Or one of two would be alone with what only the other could have given him.
        raise RefusedError(
            "other-administrator",
            "whoever is the only other administrator gives that up himself, or when there is a third",
            about=", ".join(sorted(others)),
        )
    gained = gate.roles_in(after) - gate.roles_in(before)
    if gained and others:
        raise RefusedError("own-role", "another administrator gives you a role, not you yourself", about=_words(gained))
    if others and gate.who in after.holders and before.names_of(gate.who) != after.names_of(gate.who):
        raise RefusedError(
            "own-name", "another administrator states your name, not you yourself", about=", ".join(sorted(others))
        )


def _changed(before: UserBook | None, after: UserBook) -> tuple[str, ...]:
    held = before.holders if before else {}
    return tuple(
        name for name in sorted(held.keys() | after.holders.keys()) if held.get(name) != after.holders.get(name)
    )


def _words(roles: Iterable[UserRole]) -> str:
    held = frozenset(roles)
    return ", ".join(role.value for role in UserRole if role in held)
