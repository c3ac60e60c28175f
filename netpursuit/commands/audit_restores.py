"""How ``netpursuit audit verify`` names restores: what they ended is no tampering, and is lost all the same."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from netpursuit.catalogue import Catalogue

if TYPE_CHECKING:
    from netpursuit.records.backups import Restoration


def restore_json(item: Restoration) -> dict[str, Any]:
    """A restore on record, in its stable shape; ``lost`` counts records, from position ``kept`` on."""
    return {
        "kind": item.kind.value,
        "at": item.at.isoformat(),
        "who": item.who,
        "backup": item.backup,
        "made_at": item.made_at.isoformat(),
        "consultation": item.consultation_id or None,
        "records": item.size,
        "kept": item.kept,
        "lost": item.lost if item.kind.value == "workspace" else None,
        "refused": item.refused or None,
    }


def say_restore(words: Catalogue, item: Restoration) -> str:
    """One sentence for a person; records are counted from 0, as ``audit verify`` names them."""
    said = {"at": _local(item.at), "who": item.who, "made": _local(item.made_at)}
    if item.refused:
        key = f"refused.{item.refused}"
        return words("audit.restored.refused", **said, why=words(key) if key in words else item.refused)
    if item.kind.value == "keys":
        return words("audit.restored.keys", **said, size=item.kept)
    if not item.lost:
        return words("audit.restored.nothing-lost", **said, size=item.size)
    return words(
        "audit.restored.workspace",
        **said,
        size=item.size,
        first=item.kept,
        last=item.lost_to - 1,
        count=item.lost,
    )


def _local(at: datetime) -> str:
    return at.astimezone().isoformat(sep=" ", timespec="minutes")
