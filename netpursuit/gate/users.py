"""Who sits at the machine."""

from __future__ import annotations

import os

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
