"""The file of a workspace's users, in TOML: who holds which role. Read and checked whole.

::

    [users]
    anna = ["administrator"]
    "li.hua" = ["investigator", "reviewer"]
    "@np-audit" = ["auditor"]        # everybody in this group of the operating system
    wang = { roles = ["supervisor"], names = ["王安娜", "Wang Anna"] }   # with full names of the user
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netpursuit.errors import InputError, SettingsError
from netpursuit.gate.roles import Grant, user_name, user_names
from netpursuit.policy.roles import UserRole

_MOST_BYTES = 1_000_000
_ROLES = ", ".join(UserRole)
_OF_USER = frozenset(("roles", "names"))


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFile:
    """Names with their roles and full names, and the SHA-256 of the file in hex."""

    users: dict[str, Grant]
    digest: str


def read_users(path: Path | str) -> UserFile:
    """Read and check a file of users. Raises ``InputError`` where it cannot be read, ``SettingsError`` with all its
    problems together."""
    path = Path(path)
    try:
        with path.open("rb") as file:
            read = file.read(_MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError("file not found", where=str(path), expected="a file of users (docs/roles.md)") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror or 'unreadable'}", where=str(path)) from None
    if len(read) > _MOST_BYTES:
        raise InputError("the file is too long", where=str(path), expected="at most 1 MB")
    try:
        settings = tomllib.loads(read.decode("utf-8-sig").replace("\r\n", "\n"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"this is no TOML: {error}", where=str(path), expected="a file as in docs/roles.md") from None
    problems = [f"unknown setting {key!r}: expected [users]" for key in settings if key != "users"]
    stated = settings.get("users")
    if not isinstance(stated, dict) or not stated:
        problems.append("it names nobody: expected [users] with a line for each")
        stated = {}
    users: dict[str, Grant] = {}
    for name, held in stated.items():
        try:
            known = user_name(name)
        except InputError as error:
            problems.append(f"{name!r}: {error}")
            continue
        if known in users:
            problems.append(f"{known}: named twice")
        users[known] = _grant(known, held, problems)
    if problems:
        raise SettingsError(str(path), problems)
    return UserFile(users=users, digest=hashlib.sha256(read).hexdigest())


def _grant(name: str, stated: Any, problems: list[str]) -> Grant:
    """Roles alone, or a table of ``roles`` and full ``names``."""
    if not isinstance(stated, dict):
        return Grant(roles=_roles(name, stated, problems))
    problems.extend(f"{name}: unknown setting {key!r}: expected roles, names" for key in stated.keys() - _OF_USER)
    texts = stated.get("names", [])
    names: tuple[str, ...] = ()
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        problems.append(f"{name}: names: expected a list of full names")
    else:
        try:
            names = user_names(name, texts)
        except InputError:
            problems.append(f"{name}: names: expected full names of a user, of two parts or more each")
    return Grant(roles=_roles(name, stated.get("roles"), problems), names=names)


def _roles(name: str, stated: Any, problems: list[str]) -> tuple[UserRole, ...]:
    if not isinstance(stated, list) or not stated:
        problems.append(f"{name}: expected a list of roles ({_ROLES})")
        return ()
    unknown = [role for role in stated if role not in tuple(UserRole)]
    problems.extend(f"{name}: unknown role {role!r}: expected one of {_ROLES}" for role in unknown)
    return tuple(UserRole(role) for role in stated if role not in unknown)
