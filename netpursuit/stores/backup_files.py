"""Backups: one sealed file each, in it a gzipped tar of a manifest and of snapshots of the databases.

What can be built again (index, link graph, indexes of units, fetched lists) is not in it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import secrets
import shutil
import tarfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from netpursuit.errors import DamagedError, InputError, StorageError
from netpursuit.records.backups import BackupFile, BackupHeader, BackupKind, BackupManifest, BackupPart
from netpursuit.stores.files import make_private_file, make_private_folder
from netpursuit.stores.sealed_file import (
    LINE_BYTES,
    SALT_BYTES,
    Header,
    SealedReader,
    SealedWriter,
    damaged_file,
    line_of,
    read_line,
)
from netpursuit.stores.snapshots import digest_of

FORMAT = 1
MANIFEST = "manifest.json"
RESTORING = ".restoring"
_AT_ONCE = 1 << 20
_LARGEST_MANIFEST = 1 << 24
KeyFor = Callable[[BackupHeader, bytes], bytes]
"""The key of a backup's file by its header and its salt."""
Take = Callable[[str, Iterator[bytes]], None]
"""Is given a part of a backup by its name, piece by piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshots:
    """What goes into a backup: open copies by their names, and what was read in their instant."""

    files: Sequence[tuple[str, BinaryIO]]
    log_size: int = 0
    log_root: bytes = b""
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """``ports.backups.WrittenBackup``: a file with a temporary name."""

    file: BackupFile
    beside: Path
    target: Path

    def publish(self) -> None:
        try:
            os.link(self.beside, self.target)  # never over a file that came meanwhile
        except FileExistsError:
            raise there_already(self.target) from None
        except OSError:  # a disk without links
            if self.target.exists():
                raise there_already(self.target) from None
            try:
                self.beside.replace(self.target)
            except OSError as error:
                raise StorageError(f"{self.target}: {error.strerror or 'cannot be written'}") from error
        sync_folder(self.target.parent)


@contextmanager
def writing(target: Path, header: BackupHeader, snapshots: Snapshots, key_for: KeyFor) -> Iterator[WrittenFile]:
    """A backup beside its place, complete and on the disk; gone at the end unless it was published.

    What a kill left of an earlier one of the same workspace to the same place goes first: a workspace makes one at a
    time."""
    if target.exists():
        raise there_already(target)
    beside = target.with_name(f".{target.name}.{header.workspace_id}.part")
    try:
        beside.unlink(missing_ok=True)
        make_private_file(beside)
        with beside.open("r+b") as file:
            manifest = BackupManifest(
                parts=tuple(_parts(snapshots)),
                log_size=snapshots.log_size,
                log_root=snapshots.log_root,
                missing=snapshots.missing,
            )
            salt = secrets.token_bytes(SALT_BYTES)
            sealed = SealedWriter(file, _stated(header, salt), key_for(header, salt))
            with (
                gzip.GzipFile(filename="", fileobj=sealed, mode="wb", compresslevel=4, mtime=0) as packed,
                tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
            ):
                text = json.dumps(_manifest_json(manifest), indent=1).encode("ascii")
                _add(tar, MANIFEST, len(text), _Bytes(text))
                for part, (_, copy) in zip(manifest.parts, snapshots.files, strict=True):
                    _add(tar, part.name, part.size, copy)
            sealed.finish()
            file.flush()
            os.fsync(file.fileno())
        whole = BackupFile(header=header, manifest=manifest, digest=sealed.digest.hexdigest(), size=sealed.size)
        yield WrittenFile(whole, beside, target)
    except OSError as error:
        raise StorageError(f"{target}: {error.strerror or 'cannot be written'}") from error
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


class _Bytes:
    """Bytes as an open file."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def read(self, size: int = -1) -> bytes:
        data = self._data[: size if size >= 0 else None]
        self._data = self._data[len(data) :]
        return data


def _parts(snapshots: Snapshots) -> Iterator[BackupPart]:
    for name, copy in snapshots.files:
        size, digest = digest_of(copy)
        yield BackupPart(name=name, size=size, digest=digest)


def _add(tar: tarfile.TarFile, name: str, size: int, file: Any) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = size, 0o600, 0
    tar.addfile(info, file)


def read_header(source: Path) -> BackupHeader:
    """What a backup says of itself. Raises ``InputError`` for what is none, or of a newer version."""
    try:
        with source.open("rb") as file:
            return header_of(read_line(file.readline(LINE_BYTES), str(source)), str(source))[0]
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror or type(error).__name__})", where=str(source), expected="a backup"
        ) from error


def read_backup(source: Path, key_for: KeyFor, take: Take | None = None) -> BackupFile:
    """Read and verify a whole backup; ``take`` gets each part but the manifest by its name, piece by piece.

    Raises ``DamagedError`` for every difference from what was written."""
    where = str(source)

    def key(line: Header) -> bytes:
        return key_for(*header_of(line, where))

    try:
        with source.open("rb") as file:
            sealed = SealedReader(file, where, key)
            header, _ = header_of(sealed.header, where)
            manifest = _read_parts(sealed, where, take)
            sealed.finish()
            return BackupFile(header=header, manifest=manifest, digest=sealed.digest.hexdigest(), size=sealed.size)
    except OSError as error:
        raise StorageError(f"{where}: {error.strerror or 'cannot be read'}") from error


def _read_parts(sealed: SealedReader, where: str, take: Take | None) -> BackupManifest:
    manifest: BackupManifest | None = None
    seen: list[BackupPart] = []
    try:
        with gzip.GzipFile(fileobj=sealed, mode="rb") as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            for info in tar:
                content = tar.extractfile(info)
                if content is None or info.name != Path(info.name).as_posix() or ".." in Path(info.name).parts:
                    raise damaged_file(where)
                if manifest is None:
                    if info.name != MANIFEST or info.size > _LARGEST_MANIFEST:
                        raise damaged_file(where)
                    manifest = _read_manifest(content.read(), where)
                    continue
                digest = hashlib.sha256()
                if take is not None:
                    take(info.name, _pieces(content, digest))
                for _ in _pieces(content, digest):
                    pass
                seen.append(BackupPart(name=info.name, size=info.size, digest=digest.hexdigest()))
            while packed.read(_AT_ONCE):
                pass
    except (tarfile.TarError, EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise damaged_file(where) from error
    if manifest is None or tuple(seen) != manifest.parts:
        raise damaged_file(where)
    return manifest


def _pieces(content: Any, digest: Any) -> Iterator[bytes]:
    while data := content.read(_AT_ONCE):
        digest.update(data)
        yield data


@dataclass(frozen=True, slots=True)
class UnpackedFolder:
    """``ports.backups.UnpackedBackup``: a folder with a temporary name beside its target."""

    file: BackupFile
    folder: Path
    target: Path

    def put_in_place(self) -> None:
        for path in (*self.folder.rglob("*"), self.folder):
            sync_folder(path)
        try:
            if self.target.is_dir():
                self.target.rmdir()  # an empty one; another is refused
            if self.target.exists():
                raise FileExistsError
            self.folder.rename(self.target)
        except OSError as error:
            raise StorageError(f"{self.target}: something stands there by now: nothing is restored over it") from error
        sync_folder(self.target.parent)


@contextmanager
def unpacked(source: Path, target: Path, key_for: KeyFor) -> Iterator[UnpackedFolder]:
    """The verified parts of a backup in a private folder beside their place; gone at the end unless put there.

    What a kill left of an earlier restore to the same place goes first."""
    try:
        for left in target.parent.glob(f".{target.name}.*{RESTORING}"):
            shutil.rmtree(left, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{target}: {error.strerror or 'cannot be made'}") from error
    folder = target.with_name(f".{target.name}.{secrets.token_hex(4)}{RESTORING}")
    make_private_folder(folder)

    def take(name: str, pieces: Iterator[bytes]) -> None:
        place = folder / name
        if place.parent != folder:
            make_private_folder(place.parent)
        make_private_file(place)
        with place.open("r+b") as out:
            for data in pieces:
                out.write(data)
            out.flush()
            os.fsync(out.fileno())

    try:
        yield UnpackedFolder(read_backup(source, key_for, take), folder, target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def there_already(target: Path) -> InputError:
    return InputError("the file is there already", where=str(target), expected="a name that is free")


def sync_folder(path: Path) -> None:
    """Bring a file, or the names in a folder, onto the disk, where the system can."""
    with suppress(OSError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _stated(header: BackupHeader, salt: bytes) -> Header:
    return {
        "netpursuit-backup": FORMAT,
        "kind": header.kind.value,
        "warning": header.warning,
        "purpose": header.purpose,
        "user": header.made_by,
        "consultation": header.consultation_id,
        "made_at": header.made_at.astimezone(UTC).isoformat(),
        "expires_on": header.expires_on.isoformat(),
        "workspace": header.workspace_id,
        "schema": header.schema,
        "salt": salt.hex(),
    }


def header_of(line: Header, where: str) -> tuple[BackupHeader, bytes]:
    """The header and the salt that a first line states."""
    if "netpursuit-backup" not in line:
        raise InputError("no backup of netpursuit", where=where, expected="a file that 'backup create' has made")
    form = line["netpursuit-backup"]
    if isinstance(form, int) and form > FORMAT:
        raise InputError(
            f"a backup made by a newer version of netpursuit (format {form})", where=where, expected="format 1"
        )
    try:
        header = BackupHeader(
            kind=BackupKind(line["kind"]),
            workspace_id=str(line["workspace"]),
            schema=int(line["schema"]),
            made_at=datetime.fromisoformat(line["made_at"]),
            made_by=str(line["user"]),
            purpose=str(line["purpose"]),
            consultation_id=str(line["consultation"]),
            expires_on=date.fromisoformat(line["expires_on"]),
            warning=str(line["warning"]),
        )
        salt = bytes.fromhex(line["salt"])
    except (KeyError, TypeError, ValueError) as error:
        raise DamagedError(f"{where}: no backup of netpursuit, or its first line was changed") from error
    # Written as it is read, or it was changed; an id that is a path leads nowhere.
    if line_of(_stated(header, salt)) != line_of(line) or not header.workspace_id.isalnum() or len(salt) != SALT_BYTES:
        raise DamagedError(f"{where}: no backup of netpursuit, or its first line was changed")
    return header, salt


def _manifest_json(manifest: BackupManifest) -> dict[str, Any]:
    return {
        "parts": [{"name": part.name, "size": part.size, "sha256": part.digest} for part in manifest.parts],
        "log": {"records": manifest.log_size, "root": manifest.log_root.hex()},
        "missing": list(manifest.missing),
    }


def _read_manifest(text: bytes, where: str) -> BackupManifest:
    try:
        found = json.loads(text)
        return BackupManifest(
            parts=tuple(
                BackupPart(name=part["name"], size=part["size"], digest=part["sha256"]) for part in found["parts"]
            ),
            log_size=found["log"]["records"],
            log_root=bytes.fromhex(found["log"]["root"]),
            missing=tuple(found["missing"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise damaged_file(where) from error
