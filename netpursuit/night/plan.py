"""What a night is asked to do, and the collaborators it does it with."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.errors import InputError
from netpursuit.policy.standing import MAX_AGE_DAYS
from netpursuit.records import Feed

if TYPE_CHECKING:
    from netpursuit.night.answer import NightAnswer
    from netpursuit.ports.engine import Engine
    from netpursuit.ports.graph_store import GraphStore
    from netpursuit.ports.readers import ListReader, QuerySource, RegistrationSource
    from netpursuit.ports.receipts import OpenReceipt

_BLOCK = 1 << 20


class Backwards(StrEnum):
    """Which registrations of files that were screened before are screened against entries that are new or changed."""

    RUNNING = "running"  # those whose stay has not ended, and those about which there are leads
    PERIOD = "period"  # all of the feed's period
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTask:
    """One list and where its files lie, folders not yet expanded, or the https addresses they are fetched from, each of
    at most ``most_bytes``.

    ``list_date`` dates files that state no date; ``by_file_date``: those files are of the day on which they were last
    written.
    """

    list_id: str
    paths: tuple[Path, ...] = ()
    urls: tuple[str, ...] = ()
    most_bytes: int = 512 << 20
    format: str = ""
    mapping: Path | None = None
    list_date: date | None = None
    by_file_date: bool = False
    max_age_days: int | None = MAX_AGE_DAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedTask:
    """One feed and where its files lie: named ones, and those of a folder whose names fit a pattern. A feed with a
    database has none."""

    feed: Feed
    files: tuple[Path, ...] = ()
    folder: Path | None = None
    pattern: str = "*"
    backwards: Backwards = Backwards.RUNNING

    def present(self) -> tuple[Path, ...]:
        """The files that are there, by name; hidden ones and ``.part``, ``.tmp`` and ``.toml`` files of a folder are
        none. Raises ``InputError`` where the folder or a named file is not there."""
        found = set(self.files)
        if self.folder is not None:
            if not self.folder.is_dir():
                raise InputError("the folder does not exist", where=str(self.folder), expected="the feed's files")
            found |= {path for path in self.folder.glob(self.pattern) if path.is_file() and not _is_unfinished(path)}
        return tuple(sorted(found, key=lambda path: (path.name, str(path))))


@dataclass(frozen=True, slots=True, kw_only=True)
class NightPlan:
    """A whole night. ``name`` tells this plan from others of the workspace; ``reason`` is CODE:TASK or empty."""

    name: str
    workspace: Path | None = None
    reason: str = ""
    workers: int = 1
    lists: tuple[ListTask, ...] = ()
    feeds: tuple[FeedTask, ...] = ()
    report_folder: Path | None = None
    receipt_folder: Path | None = None
    metrics_file: Path | None = None
    notify_command: tuple[str, ...] = ()
    webhook: str = ""
    wait_seconds: float = 0.0
    min_free_bytes: int = 1 << 30
    retain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What a night works with. ``tell`` takes an event's name and its facts, which never hold a person's value;
    ``publish`` writes and sends what has been concluded; ``holder`` is the user and host that the lock names;
    ``receipts`` opens the receipts of a feed's runs, None: nobody keeps them;
    ``retain`` purges what was kept for its period and answers counts by kind; ``open_query`` opens a feed's database
    from a mark on, or, where that is asked for, backwards from it."""

    read_list: Callable[[ListTask], tuple[tuple[Path, ...], ListReader]]
    open_file: Callable[[Path, Feed], RegistrationSource]
    open_query: Callable[[Feed, str, bool], AbstractContextManager[QuerySource]]
    source_digest: Callable[[Feed], str]
    open_graph: Callable[[], AbstractContextManager[GraphStore]]
    engine: Engine
    free_bytes: Callable[[], int]
    tell: Callable[..., None]
    publish: Callable[[NightAnswer], None]
    holder: str
    receipts: Callable[[Feed], OpenReceipt] | None = None
    retain: Callable[[], Mapping[str, int]] = dict


def digest_of(path: Path) -> str:
    """SHA-256 of a file's bytes, as runs keep it. Raises ``InputError`` where it cannot be read."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from None
    return digest.hexdigest()


def _is_unfinished(path: Path) -> bool:
    name = path.name.casefold()
    return name.startswith((".", "~$")) or name.endswith((".part", ".tmp", ".toml"))
