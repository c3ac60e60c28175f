"""Who holds which role in a workspace. Kept with its keys, outside it: whoever can write the workspace alone can give
himself nothing. Until a first role is granted, roles are not in use and the files' permissions alone say who gets in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from netpursuit.audit.log import ConsultationLog
from netpursuit.errors import DamagedError, InputError
from netpursuit.gate.own_names import full_name
from netpursuit.policy.reasons import holds_number
from netpursuit.policy.roles import UserRole
from netpursuit.ports.truth import Truth
from netpursuit.text.patterns import regex

GROUP = "@"  # begins the name of an operating-system group
IN_USE = "user-roles"  # the truth remembers that roles are in use, and nothing else about them

_NAME = regex(r"@?\w(?:[\w.\-\\ ]{0,62}[\w.\-$])?")


def user_name(text: str) -> str:
    """The name of a user, or of a group behind ``@``. Raises ``InputError`` for what can be neither."""
    name = text.strip()
    if not _NAME.fullmatch(name) or holds_number(name):
        raise InputError(
            "this is no name of a user", expected="up to 64 letters, digits, dots and dashes, @ for a group"
        )
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a user or a group is to hold: roles, and full names of the user (none: those given before stay)."""

    roles: tuple[UserRole, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A user or a group, the roles in the order of ``UserRole``, and who last changed them when (UTC). ``names``: the
    full names of a user, for the log to tell of looks for one's own."""

    name: str
    roles: tuple[UserRole, ...]
    by: str
    at: datetime
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UserBook:
    """The holders of a workspace by name; never empty once roles are in use."""

    holders: Mapping[str, Holder]

    @classmethod
    def read(cls, text: str) -> UserBook:
        """Raises ``DamagedError`` for what ``text`` did not write."""
        try:
            return cls({name: _holder(name, kept) for name, kept in json.loads(text).items()} if text else {})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedError("the roles in the key folder cannot be read: restore it from a backup") from error

    def text(self) -> str:
        kept = {name: _kept(item) for name, item in sorted(self.holders.items())}
        return json.dumps(kept, ensure_ascii=False)

    def roles_of(self, who: str, groups: Iterable[str] = ()) -> frozenset[UserRole]:
        """What a user holds by name and through groups; nobody is a group by being called like one."""
        own = self.held(who) if not who.startswith(GROUP) else frozenset()
        return own.union(*(self.held(GROUP + group) for group in groups))

    def held(self, name: str) -> frozenset[UserRole]:
        """What is granted to exactly this name, of a user or a group."""
        return frozenset(self.holders[name].roles) if name in self.holders else frozenset()

    def names_of(self, who: str) -> tuple[str, ...]:
        """The full names that were given to a user."""
        return self.holders[who].names if who in self.holders else ()

    def holding(self, role: UserRole) -> tuple[str, ...]:
        """The names that hold a role, users and groups."""
        return tuple(sorted(name for name, item in self.holders.items() if role in item.roles))

    def put(
        self, name: str, roles: Iterable[UserRole], *, by: str, at: datetime, names: Iterable[str] = ()
    ) -> UserBook:
        """The book in which a name holds these roles and no others; one that holds them already stays as it is. Full
        ``names`` take the place of those before; without any those stay, as long as there is a role."""
        ordered = tuple(role for role in UserRole if role in frozenset(roles))
        before = self.holders.get(name)
        others = {other: item for other, item in self.holders.items() if other != name}
        full = tuple(dict.fromkeys(names)) or (before.names if before else ())
        if before is not None and (before.roles, before.names) == (ordered, full):
            return self
        if ordered:
            others[name] = Holder(name=name, roles=ordered, by=by, at=at.astimezone(UTC), names=full)
        return replace(self, holders=others)


def user_names(name: str, texts: Iterable[str]) -> tuple[str, ...]:
    """The full names of a user. Raises ``InputError`` for what is no full name, and for a group, which has none."""
    names = tuple(dict.fromkeys(map(full_name, texts)))
    if names and name.startswith(GROUP):
        raise InputError("a group has no full name", where=name, expected="the name of a user")
    return names


def _kept(item: Holder) -> dict[str, object]:
    kept: dict[str, object] = {
        "roles": [role.value for role in item.roles],
        "by": item.by,
        "at": item.at.isoformat(),
    }
    return {**kept, "names": list(item.names)} if item.names else kept


def _holder(name: str, kept: Mapping[str, object]) -> Holder:
    stated, names = kept["roles"], kept.get("names", [])
    if not isinstance(stated, list) or not stated or not isinstance(names, list):
        raise ValueError(name)
    return Holder(
        name=name,
        roles=tuple(UserRole(role) for role in stated),
        by=str(kept["by"]),
        at=datetime.fromisoformat(str(kept["at"])),
        names=tuple(map(str, names)),
    )


def book_in_force(truth: Truth, log: ConsultationLog) -> UserBook | None:
    """Who holds which role; None where roles are not in use.

    A change that a kill has interrupted is settled first: it holds if its outcome is on record. Raises ``DamagedError``
    where roles are in use and the key folder has none, ``StorageError`` where it cannot be read.
    """
    text, unsettled = log.keys.roles()
    if unsettled:
        with truth.transaction():  # whoever is changing roles holds this lock
            return settled_book(truth, log)
    return _book(truth, text)


def settled_book(truth: Truth, log: ConsultationLog) -> UserBook | None:
    """As ``book_in_force``, for one who holds the truth's write lock."""
    text, unsettled = log.keys.roles()
    if unsettled:
        made = next((item.outcome for item in log.read() if item.consultation_id == unsettled), None)
        done = made is not None and not made.refused and "failed" not in made.about
        log.keys.settle_roles(unsettled, done=done)
        text, _ = log.keys.roles()
    return _book(truth, text)


def _book(truth: Truth, text: str) -> UserBook | None:
    if text:
        return UserBook.read(text)
    # Asked for only where there are none: what the workspace says of itself can close it and never opens it.
    if truth.setting(IN_USE) is not None:
        raise DamagedError("roles are in use here, and the key folder has none: restore it from a backup")
    return None
