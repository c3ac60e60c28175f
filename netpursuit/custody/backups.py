"""Backups are made and restored, each on record; a restore is told from a log that somebody rolled back (A2, A14)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from netpursuit.custody.erasure import replay_ledger
from netpursuit.errors import DamagedError, InputError, RefusedError
from netpursuit.gate.four_eyes import keep_four_eyes
from netpursuit.gate.restored import RESTORED
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.backups import Backups, UnpackedBackup
from netpursuit.ports.truth import LogHead
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.records.backups import BackupFile, BackupHeader, BackupKind, Restoration

_VERBS = {BackupKind.WORKSPACE: Verb.BACKUP_CREATE, BackupKind.KEYS: Verb.BACKUP_KEYS}


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupTerms:
    """What the user says of a backup. ``warning`` stands in its first line, in the user's language."""

    kind: BackupKind
    kept_days: int
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """A backup that was made; ``problems``: how the log in it is not what was written."""

    file: BackupFile
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A workspace that was restored. ``upgraded_from``: the schema it was made with, where that is an older one.

    ``purged``: consultations that had been purged since the backup and were removed again; ``erased``: leads that an
    order had erased since, and that were erased again; ``four_eyes``: they were switched on since, and stay on."""

    file: BackupFile
    restoration: Restoration
    purged: int
    erased: tuple[str, ...]
    four_eyes: bool
    upgraded_from: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    restoration: Restoration
    purged: int
    erased: tuple[str, ...]
    four_eyes: bool


OpenRestored = Callable[[Path], AbstractContextManager[tuple[Workbench, Sequence[LogHead]]]]
"""Opens a restored workspace under its keys; the second is what is anchored meanwhile, which waits for the record."""


def create_backup(desk: Workbench, backups: Backups, target: Path, terms: BackupTerms) -> BackupMade:
    """Back up the workspace or its key folder into one new file, whole or not at all.

    It is on record before it has its name. Raises ``InputError`` where a file is there already."""
    intent = Intent(verb=_VERBS[terms.kind], authority=desk.authority)
    with desk.gate.consult(intent) as consultation:
        at = desk.gate.now()
        header = BackupHeader(
            kind=terms.kind,
            workspace_id=desk.truth.workspace_id,
            schema=backups.schema(terms.kind),
            made_at=at,
            made_by=desk.gate.who,
            purpose=str(desk.authority),
            consultation_id=consultation.consultation_id,
            expires_on=desk.today + timedelta(days=terms.kept_days),
            warning=terms.warning,
        )
        problems = tuple(desk.gate.log.verify())
        with backups.writing(target, header) as written:
            file = written.file
            counts = {"parts": len(file.manifest.parts), "bytes": file.size, "records": file.manifest.log_size}
            consultation.conclude(Outcome(counts=counts, about={"backup": file.digest}))
            written.publish()
    return BackupMade(file=file, problems=problems)


def verify_backup(backups: Backups, source: Path) -> BackupFile:
    """Read a whole backup and hold every byte against what was written. Raises ``DamagedError`` for any difference."""
    return backups.read(source)


def restore_workspace(
    backups: Backups, source: Path, target: Path, open_restored: OpenRestored, *, who: str, now: datetime
) -> Restored:
    """Put the workspace of a backup into a new folder, whole or not at all.

    Verified before it is opened, upgraded, cleared of what was purged since, and put on record in its own log and
    in the key folder before it gets its name. A refused restore is on record in the key folder alone.
    """
    header = backups.header(source)
    _demand(header, BackupKind.WORKSPACE, source)
    with backups.unpacked(source, target) as unpacked:
        try:
            with open_restored(unpacked.folder) as (desk, heads):
                _check_log(desk, unpacked, source)
                done = _on_record(desk, unpacked)
        except RefusedError as refusal:
            refused = Restoration(
                kind=BackupKind.WORKSPACE,
                at=now,
                who=who,
                backup=unpacked.file.digest,
                made_at=header.made_at,
                refused=refusal.code,
            )
            backups.record_refusal(refused, header.workspace_id)
            raise
        # Closed before it is moved; from here on the key folder knows of it.
        with backups.recorded(done.restoration, heads, header.workspace_id):
            unpacked.put_in_place()
    older = header.schema if header.schema < backups.schema(BackupKind.WORKSPACE) else None
    return Restored(
        file=unpacked.file,
        restoration=done.restoration,
        purged=done.purged,
        erased=done.erased,
        four_eyes=done.four_eyes,
        upgraded_from=older,
    )


def restore_keys(backups: Backups, source: Path, keys_root: Path, *, who: str, now: datetime) -> BackupFile:
    """Put the key folder of a backup below ``keys_root``, whole or not at all; it remembers that it is an older one."""
    header = backups.header(source)
    _demand(header, BackupKind.KEYS, source)
    with backups.unpacked(source, keys_root / header.workspace_id) as unpacked:
        restoration = Restoration(
            kind=BackupKind.KEYS, at=now, who=who, backup=unpacked.file.digest, made_at=header.made_at
        )
        backups.record_restored_keys(unpacked.folder, restoration, header.workspace_id)
        unpacked.put_in_place()
    return unpacked.file


def _demand(header: BackupHeader, kind: BackupKind, source: Path) -> None:
    if header.kind is not kind:
        command = {BackupKind.WORKSPACE: "backup restore", BackupKind.KEYS: "backup restore-keys"}[header.kind]
        raise InputError(
            f"this is a backup of the {'workspace' if header.kind is BackupKind.WORKSPACE else 'key folder'}",
            where=str(source),
            expected=f"it at 'netpursuit {command}'",
        )


def _check_log(desk: Workbench, unpacked: UnpackedBackup, source: Path) -> None:
    if desk.truth.workspace_id != unpacked.file.header.workspace_id:
        raise DamagedError(f"{source}: holds another workspace than it says")
    head, manifest = desk.truth.log_head(), unpacked.file.manifest
    if (head.size, head.root) != (manifest.log_size, manifest.log_root) if head else manifest.log_size:
        raise DamagedError(f"{source}: the consultation log in it does not end where it says")
    problems = desk.gate.log.verify_alone()
    if problems:
        raise DamagedError(f"{source}: the consultation log in it is not what was written: {problems[0]}")


def _on_record(desk: Workbench, unpacked: UnpackedBackup) -> _Recorded:
    """Record the restore in the log of what was restored, remove what had been purged or erased since, and keep four
    eyes on."""
    manifest, header = unpacked.file.manifest, unpacked.file.header
    kept, lost_to = desk.gate.log.shared_records()
    about = {"backup": unpacked.file.digest, "made": header.made_at.astimezone(UTC).isoformat(timespec="seconds")}
    with desk.gate.consult(Intent(verb=Verb.BACKUP_RESTORE, authority=desk.authority, about=about)) as consultation:
        purged = desk.gate.log.purge_again(who=desk.gate.who)
        with desk.truth.transaction() as unit:
            at = unit.at
            erased = replay_ledger(desk.truth, desk.keys, unit)
            four_eyes = keep_four_eyes(desk.truth, desk.keys, unit)
            unit.put_setting(RESTORED, consultation.consultation_id)
            counts = {"records": manifest.log_size, "lost": lost_to - kept, "purged": purged, "erased": len(erased)}
            kept_on = {"four-eyes": "on"} if four_eyes else {}
            consultation.conclude(Outcome(counts=counts, lead_ids=erased, about=kept_on), unit)
        desk.truth.empty_wal()  # what was erased again is in no file of the workspace
    restoration = Restoration(
        kind=BackupKind.WORKSPACE,
        at=at,
        who=desk.gate.who,
        backup=unpacked.file.digest,
        made_at=header.made_at,
        consultation_id=consultation.consultation_id,
        size=manifest.log_size,
        root=manifest.log_root,
        kept=kept,
        lost_to=lost_to,
    )
    return _Recorded(restoration=restoration, purged=purged, erased=erased, four_eyes=four_eyes)
