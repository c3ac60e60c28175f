"""Backups as the use cases see them: files that are written whole, checked, and unpacked beside where they go."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from netpursuit.ports.truth import LogHead
from netpursuit.records.backups import BackupFile, BackupHeader, BackupKind, Restoration


class WrittenBackup(Protocol):
    """A backup that is complete and nobody sees yet."""

    @property
    def file(self) -> BackupFile: ...

    def publish(self) -> None:
        """Give it its name. Raises ``StorageError`` where that cannot be done."""
        ...


class Backups(Protocol):
    """Writes and reads backups. Raises ``StorageError`` where a disk refuses, ``InputError`` for a file that is none or
    of a newer version, ``DamagedError`` for every difference from what was written."""

    def schema(self, kind: BackupKind) -> int:
        """The version of the database that this program keeps."""
        ...

    def writing(self, target: Path, header: BackupHeader) -> AbstractContextManager[WrittenBackup]:
        """Make a backup beside its place, of one instant while others write; gone at the end unless published."""
        ...

    def header(self, source: Path) -> BackupHeader:
        """What a backup says of itself, not yet verified."""
        ...

    def read(self, source: Path) -> BackupFile:
        """Read and verify a whole backup; nothing is written."""
        ...

    def unpacked(self, source: Path, target: Path) -> AbstractContextManager[UnpackedBackup]:
        """Verify a backup into a private folder beside ``target``; gone at the end unless it is put there."""
        ...

    def record_refusal(self, restoration: Restoration, workspace_id: str) -> None:
        """Put a refused restore on record in the key folder."""
        ...

    def recorded(
        self, restoration: Restoration, heads: Sequence[LogHead], workspace_id: str
    ) -> AbstractContextManager[None]:
        """Put a restore and what is anchored after it on record in the key folder, together; an error in the block
        takes them back."""
        ...

    def record_restored_keys(self, folder: Path, restoration: Restoration, workspace_id: str) -> None:
        """Put on record, in an unpacked key folder, that it is an older one."""
        ...


class UnpackedBackup(Protocol):
    """The verified parts of a backup in a private folder."""

    @property
    def file(self) -> BackupFile: ...

    @property
    def folder(self) -> Path: ...

    def put_in_place(self) -> None:
        """Rename the folder to its target. Raises ``StorageError`` where something stands there by now."""
        ...
