"""Restores as the key folder keeps and signs them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from netpursuit.records.backups import BackupKind, Restoration


def message_of(workspace_id: str, body: str) -> bytes:
    """What a restore's signature covers."""
    return f"netpursuit restoration 1\n{workspace_id}\n{body}\n".encode()


def body_of(item: Restoration) -> str:
    """A restore as it is kept and signed: canonical JSON."""
    kept = {
        "kind": item.kind.value,
        "at": item.at.astimezone(UTC).isoformat(),
        "who": item.who,
        "backup": item.backup,
        "made_at": item.made_at.astimezone(UTC).isoformat(),
        "consultation": item.consultation_id,
        "size": item.size,
        "root": item.root.hex(),
        "kept": item.kept,
        "lost_to": item.lost_to,
        "anchors": item.anchors,
        "refused": item.refused,
    }
    return json.dumps(kept, sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def read_restoration(body: str) -> Restoration:
    """Raises ``ValueError`` or ``KeyError`` where it is none."""
    found = json.loads(body)
    return Restoration(
        kind=BackupKind(found["kind"]),
        at=datetime.fromisoformat(found["at"]),
        who=found["who"],
        backup=found["backup"],
        made_at=datetime.fromisoformat(found["made_at"]),
        consultation_id=found["consultation"],
        size=found["size"],
        root=bytes.fromhex(found["root"]),
        kept=found["kept"],
        lost_to=found["lost_to"],
        anchors=found["anchors"],
        refused=found["refused"],
    )
