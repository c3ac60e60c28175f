"""What files are attached to a case, as its workspace remembers them until the case is over."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records.attachments import Attachment, TableKind


def attachments_setting(case_id: str) -> str:
    """The setting of the truth that names the files attached to a case."""
    return f"attached.{case_id}"


def kept_attachments(truth: Truth, case_id: str) -> tuple[Attachment, ...]:
    """The files attached to a case, by name."""
    return tuple(_read(kept) for kept in json.loads(truth.setting(attachments_setting(case_id)) or "[]"))


def find_attachment(truth: Truth, case_id: str, name: str) -> Attachment | None:
    """The file attached to a case under a name."""
    return next((item for item in kept_attachments(truth, case_id) if item.name == name), None)


def keep_attachments(unit: UnitOfWork, case_id: str, attachments: Sequence[Attachment]) -> None:
    """Remember these files of a case and no others."""
    kept = [asdict(item) for item in sorted(attachments, key=lambda item: item.name)]
    text = json.dumps(kept, ensure_ascii=False, default=datetime.isoformat) if kept else None
    unit.put_setting(attachments_setting(case_id), text)


def _read(kept: dict[str, Any]) -> Attachment:
    return Attachment(
        **{
            **kept,
            "kind": TableKind(kept["kind"]),
            "parts": tuple(kept["parts"]),
            "attached_at": datetime.fromisoformat(kept["attached_at"]),
        }
    )
