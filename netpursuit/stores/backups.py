"""The backups of one workspace and of its key folder, over their files."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from netpursuit.errors import DamagedError, InputError, StorageError
from netpursuit.ports.truth import LogHead
from netpursuit.records.backups import BackupFile, BackupHeader, BackupKind, Restoration
from netpursuit.stores import schema
from netpursuit.stores.backup_files import (
    Snapshots,
    UnpackedFolder,
    WrittenFile,
    read_backup,
    read_header,
    unpacked,
    writing,
)
from netpursuit.stores.claims import claim
from netpursuit.stores.keys import KeyFolder
from netpursuit.stores.restored_keys import RestoreRecords
from netpursuit.stores.sealed_file import damaged_file, key_of_file, key_of_passphrase
from netpursuit.stores.snapshots import Query, snapshot, sweep
from netpursuit.stores.workspace import TRUTH_FILE, utc_now

GRAPHS = "graphs"
KEY_FILE = "keys.sqlite"
SCHEMAS = {BackupKind.WORKSPACE: schema.VERSION, BackupKind.KEYS: schema.KEY_VERSION}
_TRIES = 3


class BackupFolder:
    """``ports.backups.Backups`` for the workspace in ``folder`` with its keys below ``keys_root``.

    ``passphrase`` is asked for a backup of the keys alone; that of a workspace is sealed under its key folder."""

    def __init__(self, folder: Path, keys_root: Path, who: str, passphrase: Callable[[], str]) -> None:
        self._folder, self._keys_root, self._who, self._passphrase = folder, keys_root, who, passphrase

    def schema(self, kind: BackupKind) -> int:
        return SCHEMAS[kind]

    @contextmanager
    def writing(self, target: Path, header: BackupHeader) -> Iterator[WrittenFile]:
        self._refuse_inside(target)
        with claim(self._folder / "claims", "a backup", self._who, utc_now()), ExitStack() as stack:
            sweep(self._folder)
            taken = (
                self._copy_keys(stack, header.workspace_id)
                if header.kind is BackupKind.KEYS
                else self._copy_workspace(stack)
            )
            yield stack.enter_context(writing(target, header, taken, lambda of, salt: self._key(of, salt, create=True)))

    def header(self, source: Path) -> BackupHeader:
        header = read_header(source)
        if header.schema > SCHEMAS[header.kind]:
            raise InputError(
                f"made by a newer version of netpursuit (schema {header.schema})",
                where=str(source),
                expected=f"schema {SCHEMAS[header.kind]} or older",
            )
        return header

    def read(self, source: Path) -> BackupFile:
        self.header(source)
        return read_backup(source, lambda header, salt: self._key(header, salt, create=False))

    @contextmanager
    def unpacked(self, source: Path, target: Path) -> Iterator[UnpackedFolder]:
        header = self.header(source)
        keys = self._keys_root.resolve()
        if header.kind is BackupKind.WORKSPACE and keys.is_relative_to(target.resolve()):
            raise InputError(
                "the keys would lie inside the workspace",
                where=str(self._keys_root),
                expected="a folder outside (NETPURSUIT_KEYS)",
            )
        if target.exists() and not (target.is_dir() and not any(target.iterdir())):
            raise InputError(
                "something stands there already: nothing is restored over it",
                where=str(target),
                expected="a folder that is not there yet",
            )
        if header.kind is BackupKind.WORKSPACE:
            KeyFolder(self._keys_root, header.workspace_id, create=False).close()
        with (
            claim(keys / "claims", f"a restore of {header.workspace_id}", self._who, utc_now()),
            unpacked(source, target, lambda of, salt: self._key(of, salt, create=False)) as folder,
        ):
            yield folder

    def record_refusal(self, restoration: Restoration, workspace_id: str) -> None:
        """Put a refused restore on record in the key folder."""
        keys = RestoreRecords(self._keys_root, workspace_id, create=False)
        try:
            keys.record(restoration)
        finally:
            keys.close()

    @contextmanager
    def recorded(self, restoration: Restoration, heads: Sequence[LogHead], workspace_id: str) -> Iterator[None]:
        keys = RestoreRecords(self._keys_root, workspace_id, create=False)
        try:
            numbers = keys.record(restoration, heads)
            try:
                yield
            except BaseException:
                keys.withdraw(*numbers)
                raise
        finally:
            keys.close()

    def record_restored_keys(self, folder: Path, restoration: Restoration, workspace_id: str) -> None:
        """Put on record, in an unpacked key folder, that it is an older one; ``DamagedError`` where it is none."""
        path = folder / KEY_FILE
        if not path.is_file():
            raise DamagedError(f"{path}: the backup holds no keys")
        keys = RestoreRecords(folder.parent, folder.name, create=False)
        keys.workspace_id = workspace_id
        try:
            for digest, _ in tuple(keys.tokens()):
                keys.keep_token(digest, None)  # one that was revoked since must not come back
            for who in keys.password_users():
                keys.keep_password(who, None)  # nor one that was changed
            keys.record(replace(restoration, kept=max((size for size, _ in keys.anchors()), default=0)))
        finally:
            keys.close()

    def _refuse_inside(self, target: Path) -> None:
        place = target.resolve()
        for folder, what in ((self._folder, "workspace"), (self._keys_root, "key folder")):
            if place.is_relative_to(folder.resolve()):
                raise InputError(
                    f"the backup would lie inside the {what}", where=str(target), expected="a file on another disk"
                )
        if not target.parent.is_dir():
            raise InputError("no such folder", where=str(target.parent), expected="a folder that is there")

    def _copy_workspace(self, stack: ExitStack) -> Snapshots:
        """The truth, and the imported graphs that it names in the same instant."""
        for _ in range(_TRIES):
            attempt = ExitStack()
            with attempt:
                truth, (size, root, names) = attempt.enter_context(
                    snapshot(self._folder / TRUTH_FILE, self._folder, _look)
                )
                files, missing = [(TRUTH_FILE, truth)], list[str]()
                for name in names:
                    path = self._folder / GRAPHS / name
                    if path.is_file():
                        copy, _ = attempt.enter_context(snapshot(path, self._folder, lambda query: None))
                        files.append((f"{GRAPHS}/{name}", copy))
                    else:
                        missing.append(name)
                if missing and not self._still_names(missing):
                    continue  # one was dropped while the others were copied
                stack.enter_context(attempt.pop_all())
                return Snapshots(files=files, log_size=size, log_root=root, missing=tuple(missing))
        raise StorageError(f"{self._folder}: imported graphs come and go; try again")

    def _still_names(self, names: list[str]) -> bool:
        connection = sqlite3.connect(self._folder / TRUTH_FILE)
        try:
            return set(names) <= set(_look(lambda sql: connection.execute(sql).fetchone())[2])
        finally:
            connection.close()

    def _copy_keys(self, stack: ExitStack, workspace_id: str) -> Snapshots:
        folder = self._keys_root / workspace_id
        keys = KeyFolder(self._keys_root, workspace_id, create=False)
        try:
            keys.backup_secret(create=True)  # so that this copy opens every backup that is made after it
        finally:
            keys.close()
        copy, _ = stack.enter_context(snapshot(folder / KEY_FILE, folder, lambda query: None))
        return Snapshots(files=[(KEY_FILE, copy)])

    def _key(self, header: BackupHeader, salt: bytes, *, create: bool) -> bytes:
        if header.kind is BackupKind.KEYS:
            return key_of_passphrase(self._passphrase(), salt)
        keys = KeyFolder(self._keys_root, header.workspace_id, create=False)
        try:
            secret = keys.backup_secret(create=create)
        finally:
            keys.close()
        if secret is None:
            raise damaged_file(f"a backup of workspace {header.workspace_id}")
        return key_of_file(secret, salt, f"netpursuit backup 1\0{header.workspace_id}")


def _look(query: Query) -> tuple[int, bytes, list[str]]:
    head = query("SELECT size, root FROM log_head ORDER BY size DESC LIMIT 1")
    graphs: Any = query("SELECT value FROM setting WHERE key = 'graphs'")
    names = [graph["place"] for graph in json.loads(graphs[0])] if graphs else []
    return (int(head[0]), bytes(head[1]), names) if head else (0, b"", names)
