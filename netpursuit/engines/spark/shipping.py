"""The compiled index on its way to the executors: one archive, unpacked and checked there, its arrays mapped.

A task is pickled with a ticket in the place of its index. Whoever redeems the ticket reads every file of the index and
compares it with the manifest whose digest the ticket states: a damaged index is unpacked anew, and where the archive
itself is damaged nothing runs.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netpursuit.errors import StorageError
from netpursuit.index.compiled import verify_list
from netpursuit.match import Matcher
from netpursuit.policy.model import Policy

MANIFEST = "manifest.json"
SUFFIX = ".packed"  # Spark unpacks by itself what is called .tar


@dataclass(frozen=True, slots=True)
class IndexTicket:
    """An index by the SHA-256 of its manifest. ``folder``: where every executor sees it; empty: in ``archive``."""

    digest: str
    folder: str
    archive: str
    policy: Policy


class _Packer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, ticket: Callable[[Matcher], IndexTicket]) -> None:
        super().__init__(file, protocol=pickle.HIGHEST_PROTOCOL)
        self._ticket = ticket

    def persistent_id(self, item: Any) -> IndexTicket | None:
        return self._ticket(item) if isinstance(item, Matcher) and item.folder is not None else None


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, redeem: Callable[[IndexTicket], Matcher]) -> None:
        super().__init__(file)
        self._redeem = redeem

    def persistent_load(self, ticket: IndexTicket) -> Matcher:
        return self._redeem(ticket)


def pack(task: Any, ticket: Callable[[Matcher], IndexTicket]) -> bytes:
    """A task as bytes, each index on disk replaced by its ticket."""
    packed = io.BytesIO()
    _Packer(packed, ticket).dump(task)
    return packed.getvalue()


def unpack(packed: bytes, room: Path) -> Any:
    """The task again; its indexes stand in ``room``, or where their tickets say."""
    return _Unpacker(io.BytesIO(packed), lambda ticket: redeem(ticket, room)).load()


def manifest_digest(folder: Path) -> str:
    """Raises ``StorageError`` where there is no index."""
    try:
        return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()
    except OSError as error:
        raise StorageError(f"no whole index at {folder}: {error.strerror}") from None


@contextmanager
def archived(folder: Path) -> Iterator[Path]:
    """One file of an index, in a folder of its own that is gone at the end of the block."""
    with tempfile.TemporaryDirectory(prefix="netpursuit-") as room:
        archive = Path(room) / f"netpursuit-index-{manifest_digest(folder)[:16]}{SUFFIX}"
        with tarfile.open(archive, "w") as tar:
            for file in sorted(folder.iterdir()):
                tar.add(file, file.name, recursive=False)
        archive.chmod(0o600)
        yield archive


def redeem(ticket: IndexTicket, room: Path) -> Matcher:
    """The index that is meant. Raises ``StorageError`` where it is damaged and cannot be made again."""
    if ticket.folder:
        _check(Path(ticket.folder), ticket)
        return Matcher.opened(Path(ticket.folder), ticket.policy)
    place = room / ticket.archive.removesuffix(SUFFIX)
    with _alone(room / f"{place.name}.lock"):
        try:
            _check(place, ticket)
        except StorageError:
            _unpack_archive(room / ticket.archive, place, ticket)
        return Matcher.opened(place, ticket.policy)


def _check(folder: Path, ticket: IndexTicket) -> None:
    if manifest_digest(folder) != ticket.digest:
        raise StorageError(f"the index at {folder} is another one than the driver's")
    verify_list(folder)


def _unpack_archive(archive: Path, place: Path, ticket: IndexTicket) -> None:
    beside = Path(tempfile.mkdtemp(prefix=f".{place.name}-", dir=place.parent))
    try:
        with tarfile.open(archive) as tar:
            tar.extractall(beside, filter="data")
        _check(beside, ticket)
        # Workers that have mapped a damaged one keep their files until they end.
        shutil.rmtree(place, ignore_errors=True)
        beside.rename(place)
    except (tarfile.TarError, OSError) as error:
        raise StorageError(f"the index that was shipped cannot be unpacked ({type(error).__name__})") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


@contextmanager
def _alone(file: Path) -> Iterator[None]:
    """The workers of one executor unpack one after another; a lock ends with its process."""
    try:
        import fcntl
    except ImportError:  # a cluster of Windows machines: each worker of Python checks and unpacks for itself
        yield
        return
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
