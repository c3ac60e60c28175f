"""Who sits at the machine, and to which groups of its users somebody belongs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from netpursuit.errors import RefusedError

LOGIN_UID = Path("/proc/self/loginuid")  # Linux: the user of a login, kept by sudo and su
_UNSET = 2**32 - 1
_FIRST_PERSON = 1000  # login.defs(5), UID_MIN: below are root and the accounts of services


def user_of_machine() -> str:
    """The operating-system user. Behind root and the account of a service, which are nobody's own, it is on Linux who
    logged in, where the kernel knows that: several people share the account that owns a workspace through ``sudo``.

    Where the system knows the user (the password database of POSIX, the session of Windows) the environment is not
    asked: ``LOGNAME``, ``SUDO_USER`` and ``USERNAME`` can be set to anybody. Raises ``RefusedError`` where nobody can
    be named.
    """
    try:
        if os.name == "nt":
            return os.getlogin()
        import pwd

        login = _login_uid()
        if login is not None:
            with suppress(KeyError):  # of a machine around this container
                return pwd.getpwuid(login).pw_name
        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, OSError, AttributeError):
        pass
    getuid = getattr(os, "getuid", None)
    if getuid is not None:  # a container without this user in its password database
        return f"uid-{getuid()}"
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError) as error:
        raise RefusedError("nobody", "the operating system does not say who you are") from error


def _login_uid() -> int | None:
    if os.getuid() >= _FIRST_PERSON:  # an account of somebody: a process without a login may claim any
        return None
    try:
        uid = int(LOGIN_UID.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    return uid if uid != _UNSET else None


def groups_of_machine(who: str) -> frozenset[str]:
    """The operating-system groups of a user; none where the system knows no such user, or no groups (Windows)."""
    try:
        import grp
        import pwd

        ids = os.getgrouplist(who, pwd.getpwnam(who).pw_gid)
    except (ImportError, KeyError, OSError, AttributeError):
        return frozenset()
    names = set()
    for group in ids:
        with suppress(KeyError):
            names.add(grp.getgrgid(group).gr_name)
    return frozenset(names)


def names_of_machine(who: str) -> tuple[str, ...]:
    """The full name that the operating system has of a user (the first part of GECOS); none where it has none."""
    try:
        import pwd

        account = pwd.getpwnam(who)
    except (ImportError, KeyError, OSError):
        return ()
    name = account.pw_gecos.split(",")[0].replace("&", who.capitalize()).strip()
    return (name,) if name and name != who else ()


def is_known_to_machine(name: str) -> bool:
    """Whether the operating system knows a user, or (behind ``@``) a group; true where it cannot be asked."""
    try:
        import grp
        import pwd
    except ImportError:
        return not name.startswith("@")
    try:
        if name.startswith("@"):
            grp.getgrnam(name[1:])
        else:
            pwd.getpwnam(name)
    except (KeyError, OSError):
        return False
    return True
