"""netpursuit finds wanted people in new registrations and shows how they connect.

``compare`` and ``Matcher`` score what the caller holds. ``open`` goes through the gate and does what the commands do::

    import netpursuit

    with netpursuit.open("workspace", reason="check:2026-0417") as workspace:
        answer = workspace.match(netpursuit.Person(names=(netpursuit.Name(text="Zhang Wei"),)))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from netpursuit.api import Workspace, open  # noqa: A004 - ``netpursuit.open`` reads as what it is
    from netpursuit.errors import InputError, NetpursuitError, RefusedError, StorageError, VerificationError
    from netpursuit.match import Matcher, compare
    from netpursuit.records import (
        Address,
        Band,
        Document,
        DocumentKind,
        Entry,
        EntryKey,
        Evidence,
        Match,
        MatchSet,
        Name,
        NameKind,
        PartialDate,
        Person,
        Sex,
    )

__version__ = "0.1.0"

_HOMES = {
    "netpursuit.api": ("Workspace", "open"),
    "netpursuit.errors": ("InputError", "NetpursuitError", "RefusedError", "StorageError", "VerificationError"),
    "netpursuit.match": ("Matcher", "compare"),
    "netpursuit.records": (
        "Address",
        "Band",
        "Document",
        "DocumentKind",
        "Entry",
        "EntryKey",
        "Evidence",
        "Match",
        "MatchSet",
        "Name",
        "NameKind",
        "PartialDate",
        "Person",
        "Sex",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Address",
    "Band",
    "Document",
    "DocumentKind",
    "Entry",
    "EntryKey",
    "Evidence",
    "InputError",
    "Match",
    "MatchSet",
    "Matcher",
    "Name",
    "NameKind",
    "NetpursuitError",
    "PartialDate",
    "Person",
    "RefusedError",
    "Sex",
    "StorageError",
    "VerificationError",
    "Workspace",
    "compare",
    "open",
]


def __getattr__(name: str) -> Any:
    """Import a public name where it is first used, so that small commands start at once."""
    if name in _HOME_OF:
        return getattr(import_module(_HOME_OF[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
