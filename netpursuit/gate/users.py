"""Who sits at the machine, and to which groups of its users somebody belongs."""

from __future__ import annotations

import os
from contextlib import suppress

from netpursuit.errors import RefusedError


def user_of_machine() -> str:
    """The operating-system user.

    Where the system knows it (the password database of POSIX, the session of Windows) the environment is not asked:
    ``LOGNAME`` and ``USERNAME`` can be set to anybody. Raises ``RefusedError`` where nobody can be named.
    """
    try:
        if os.name == "nt":
            return os.getlogin()
        import pwd

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
