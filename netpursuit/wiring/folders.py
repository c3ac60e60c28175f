"""Where workspace and keys are, and what time it is."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from netpursuit.errors import InputError


def places(workspace: Path | None) -> tuple[Path, Path]:
    """The folders of workspace and keys: as stated, else from the environment, else the platform's."""
    from netpursuit.stores.workspace import default_places

    if workspace is None and not os.environ.get("NETPURSUIT_WORKSPACE"):
        return default_places(os.environ)
    # "." and ".." have no name of their own, and keys must never come to lie inside.
    named = (workspace or Path(os.environ["NETPURSUIT_WORKSPACE"]).expanduser()).resolve()
    if not named.name:
        raise InputError("a whole drive is no workspace", where=str(named), expected="a folder of its own")
    # Keys of a workspace that is named lie beside it, unless the environment says where all keys are.
    keys = os.environ.get("NETPURSUIT_KEYS")
    return named, Path(keys).expanduser() if keys else named.with_name(f"{named.name}-keys")


def local_clock() -> datetime:
    """The instant, in the machine's time zone."""
    return datetime.now().astimezone()
