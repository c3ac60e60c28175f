"""What a backup says of itself, and what the key folder remembers of a restored workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class BackupKind(StrEnum):
    """What a backup holds."""

    WORKSPACE = "workspace"
    KEYS = "keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupHeader:
    """The first line of a backup, readable without a key and covered by every seal behind it (A13).

    ``purpose`` is the reason or case under which it was made; ``schema`` the version of the database in it."""

    kind: BackupKind
    workspace_id: str
    schema: int
    made_at: datetime
    made_by: str
    purpose: str
    consultation_id: str
    expires_on: date
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupPart:
    """One file of a backup; ``digest`` is its SHA-256 in hex digits."""

    name: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupManifest:
    """What stands in a backup, sealed: its parts, and the log's last head in it (0 and empty where there is none).

    ``missing``: imported graphs that the workspace names and whose files were not there."""

    parts: tuple[BackupPart, ...]
    log_size: int
    log_root: bytes
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFile:
    """A backup as a whole; ``digest`` is the SHA-256 of the file in hex digits, ``size`` its bytes."""

    header: BackupHeader
    manifest: BackupManifest
    digest: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoration:
    """A restore on record in the key folder, outside the workspace that it changed.

    Of a workspace: the log went back to ``size`` records with this ``root``; of what was anchored before, the records
    from ``kept`` up to ``lost_to`` are gone. ``anchors`` counts the anchors made before it. ``refused`` is the code of
    a refusal, after which nothing was restored. Of the key folder itself: ``kept`` is the last size that it still knew.
    """

    kind: BackupKind
    at: datetime
    who: str
    backup: str  # SHA-256 of the backup's file in hex digits
    made_at: datetime
    consultation_id: str = ""
    size: int = 0
    root: bytes = b""
    kept: int = 0
    lost_to: int = 0
    anchors: int = 0
    refused: str = ""

    @property
    def lost(self) -> int:
        """How many records of the log are gone."""
        return self.lost_to - self.kept
