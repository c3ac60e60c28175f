"""``netpursuit backup``: back up and restore a workspace and its key folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Command, Settings, common, show_json
from netpursuit.commands.worded import WordedGroup, new_group
from netpursuit.errors import DamagedError, InputError, VerificationError
from netpursuit.policy.backups import KEPT_DAYS, MOST_KEPT_DAYS

if TYPE_CHECKING:
    from netpursuit.custody.backups import Restored
    from netpursuit.records.backups import BackupFile, BackupKind

_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
LEAST_LETTERS = 12
Option = Callable[[Command], Command]


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "backup")
    keep = click.option(
        "--keep-days",
        type=click.IntRange(1, MOST_KEPT_DAYS),
        default=KEPT_DAYS,
        show_default=True,
        help=words("option.backup.keep-days"),
    )
    keys_option = click.option("--keys", "keys_root", type=_FOLDER, metavar="DIR", help=words("option.backup.keys"))
    passphrase = click.option("--passphrase-file", type=_FILE, metavar="FILE", help=words("option.backup.passphrase"))
    file = click.argument("file", metavar="FILE", type=_FILE)

    @group.new("create", "help.backup.create")
    @file
    @keep
    @common(words)
    def create(settings: Settings, file: Path, keep_days: int) -> int:
        from netpursuit.records.backups import BackupKind

        return run_create(settings, file, keep_days, BackupKind.WORKSPACE, lambda: "")

    @group.new("keys", "help.backup.keys")
    @file
    @passphrase
    @keep
    @common(words)
    def keys(settings: Settings, file: Path, keep_days: int, passphrase_file: Path | None) -> int:
        from netpursuit.records.backups import BackupKind

        asked = _passphrase(settings, passphrase_file, new=True)
        return run_create(settings, file, keep_days, BackupKind.KEYS, lambda: asked)

    @group.new("verify", "help.backup.verify")
    @file
    @keys_option
    @passphrase
    @common(words, authority=False)
    def verify(settings: Settings, file: Path, keys_root: Path | None, passphrase_file: Path | None) -> int:
        return run_verify(settings, file, keys_root, passphrase_file)

    _add_restores(group, words, file, keys_option, passphrase)
    return group


def _add_restores(group: WordedGroup, words: Catalogue, file: Option, keys_option: Option, passphrase: Option) -> None:
    @group.new("restore", "help.backup.restore")
    @file
    @click.option("--to", "target", type=_FOLDER, metavar="WORKSPACE", required=True, help=words("option.backup.to"))
    @keys_option
    @common(words, workspace=False)
    def restore(settings: Settings, file: Path, target: Path, keys_root: Path | None) -> int:
        return run_restore(settings, file, target, keys_root)

    @group.new("restore-keys", "help.backup.restore-keys")
    @file
    @keys_option
    @passphrase
    @common(words, authority=False)
    def restore_keys(settings: Settings, file: Path, keys_root: Path | None, passphrase_file: Path | None) -> int:
        return run_restore_keys(settings, file, keys_root, passphrase_file)


def backup_json(file: BackupFile) -> dict[str, Any]:
    """A backup in its stable shape."""
    header, manifest = file.header, file.manifest
    return {
        "kind": header.kind.value,
        "workspace": header.workspace_id,
        "schema": header.schema,
        "made_at": header.made_at.isoformat(),
        "made_by": header.made_by,
        "purpose": header.purpose,
        "consultation": header.consultation_id,
        "expires_on": header.expires_on.isoformat(),
        "sha256": file.digest,
        "bytes": file.size,
        "parts": [{"name": part.name, "bytes": part.size, "sha256": part.digest} for part in manifest.parts],
        "missing": list(manifest.missing),
        "log": {"records": manifest.log_size, "root": manifest.log_root.hex()},
    }


def run_create(
    settings: Settings, target: Path, keep_days: int, kind: BackupKind, passphrase: Callable[[], str]
) -> int:
    from netpursuit.custody.backups import BackupTerms, create_backup
    from netpursuit.wiring import open_backups, open_desk

    words = settings.words
    terms = BackupTerms(kind=kind, kept_days=keep_days, warning=words(f"backup.warning.{kind.value}"))
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        made = create_backup(desk, open_backups(settings.workspace, passphrase=passphrase), target, terms)
    file = made.file
    if settings.as_json:
        show_json({**backup_json(file), "intact": not made.problems})
    else:
        click.echo(
            words(
                f"backup.made.{kind.value}",
                file=target,
                size=f"{file.size:,}",
                records=file.manifest.log_size,
                digest=file.digest,
            )
        )
        click.echo(words("backup.expires", date=file.header.expires_on.isoformat()))
    _say_missing(settings, file)
    if made.problems:
        raise VerificationError("the backup is made, but the consultation log in it is not what was written")
    return 3 if file.manifest.missing else 0


def run_verify(settings: Settings, source: Path, keys_root: Path | None, passphrase_file: Path | None) -> int:
    from netpursuit.custody.backups import verify_backup
    from netpursuit.wiring import open_backups

    words = settings.words
    backups = open_backups(settings.workspace, keys_root, lambda: _passphrase(settings, passphrase_file))
    try:
        file = verify_backup(backups, source)
    except DamagedError as error:
        raise VerificationError(str(error)) from error
    if settings.as_json:
        show_json({**backup_json(file), "expired": _expired(file)})
    else:
        header = file.header
        click.echo(
            words(
                "backup.intact",
                made=_local(header.made_at),
                who=header.made_by,
                parts=len(file.manifest.parts),
                records=file.manifest.log_size,
            )
        )
        click.echo(words("backup.expires", date=header.expires_on.isoformat()))
    _say_missing(settings, file)
    _say_expired(settings, file)
    return 0


def run_restore(settings: Settings, source: Path, target: Path, keys_root: Path | None) -> int:
    from netpursuit.custody.backups import restore_workspace
    from netpursuit.gate.users import user_of_machine
    from netpursuit.wiring import open_backups, open_restored, places

    folder, usual_keys = places(target)
    keys = keys_root or usual_keys
    done = restore_workspace(
        open_backups(folder, keys),
        source,
        folder,
        lambda place: open_restored(place, keys, settings.reason, settings.case_id),
        who=user_of_machine(),
        now=datetime.now(UTC),
    )
    _say_restored(settings, done, folder)
    if not settings.as_json and keys.resolve() != usual_keys.resolve():
        click.echo(settings.words("backup.keys-elsewhere", keys=keys.resolve()))
    _say_missing(settings, done.file)
    _say_expired(settings, done.file)
    return 3 if done.file.manifest.missing else 0


def _say_restored(settings: Settings, done: Restored, folder: Path) -> None:
    words, header, restoration = settings.words, done.file.header, done.restoration
    if settings.as_json:
        show_json(
            {
                **backup_json(done.file),
                "restored_to": str(folder),
                "expired": _expired(done.file),
                "lost": restoration.lost,
                "purged": done.purged,
                "erased": list(done.erased),
                "four_eyes_kept": done.four_eyes,
                "upgraded_from": done.upgraded_from,
            }
        )
        return
    click.echo(words("backup.restored", folder=folder, made=_local(header.made_at), records=restoration.size))
    if restoration.lost:
        click.echo(words("backup.lost", count=restoration.lost, made=_local(header.made_at)))
    if done.purged:
        click.echo(words("backup.purged-again", count=done.purged))
    if done.erased:
        click.echo(words("backup.erased-again", count=len(done.erased)))
    if done.four_eyes:
        click.echo(words("backup.four-eyes-kept"))
    if done.upgraded_from is not None:
        click.echo(words("backup.upgraded", schema=done.upgraded_from))
    click.echo(words("backup.next"))


def run_restore_keys(settings: Settings, source: Path, keys_root: Path | None, passphrase_file: Path | None) -> int:
    from netpursuit.custody.backups import restore_keys
    from netpursuit.gate.users import user_of_machine
    from netpursuit.wiring import open_backups, places

    keys = keys_root or places(settings.workspace)[1]
    backups = open_backups(settings.workspace, keys, lambda: _passphrase(settings, passphrase_file))
    file = restore_keys(backups, source, keys, who=user_of_machine(), now=datetime.now(UTC))
    if settings.as_json:
        show_json({**backup_json(file), "restored_to": str(keys), "expired": _expired(file)})
    else:
        click.echo(settings.words("backup.keys-restored", keys=keys, made=_local(file.header.made_at)))
    _say_expired(settings, file)
    return 0


def _say_missing(settings: Settings, file: BackupFile) -> None:
    for name in file.manifest.missing:
        click.echo(settings.words("backup.missing", graph=name), err=True)


def _say_expired(settings: Settings, file: BackupFile) -> None:
    if _expired(file):
        click.echo(settings.words("backup.expired", date=file.header.expires_on.isoformat()), err=True)


def _expired(file: BackupFile) -> bool:
    return datetime.now().astimezone().date() > file.header.expires_on


def _local(at: datetime) -> str:
    return at.astimezone().isoformat(sep=" ", timespec="minutes")


def _passphrase(settings: Settings, file: Path | None, *, new: bool = False) -> str:
    """The first line of a file, or else asked for without being shown; a new one twice."""
    if file is not None:
        try:
            text = file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(
                f"cannot be read: {type(error).__name__}", where="--passphrase-file", expected="UTF-8 text"
            ) from None
    else:
        text = click.prompt(
            settings.words("backup.passphrase"),
            hide_input=True,
            confirmation_prompt=settings.words("backup.passphrase-again") if new else False,
            err=True,
        )
    if new and len(text) < LEAST_LETTERS:
        raise InputError(
            "this passphrase is too short",
            where="--passphrase-file" if file else "",
            expected=f"{LEAST_LETTERS} letters or more",
        )
    return text
