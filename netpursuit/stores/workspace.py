"""A workspace: one private folder with the truth, and its keys in another place."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from netpursuit.errors import InputError, StorageError
from netpursuit.stores.files import make_private_folder
from netpursuit.stores.keys import KeyFolder
from netpursuit.stores.sqlite import Clock, SqliteTruth

TRUTH_FILE = "truth.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """An open workspace; ``folder`` is where the index and other projections stand too."""

    folder: Path
    truth: SqliteTruth
    keys: KeyFolder

    def close(self) -> None:
        self.truth.close()
        self.keys.close()


def utc_now() -> datetime:
    """The machine's clock in UTC."""
    return datetime.now(UTC)


def new_workspace_id() -> str:
    """16 random hex digits."""
    return secrets.token_hex(8)


def open_workspace(
    folder: Path,
    keys_root: Path,
    *,
    clock: Clock = utc_now,
    create: bool = True,
    new_id: Callable[[], str] = new_workspace_id,
    keys_as: type[KeyFolder] = KeyFolder,
) -> Workspace:
    """Open a workspace, and make it where there is none and ``create`` allows it.

    The folder gets mode 0700, its files 0600. Raises ``InputError`` where there is no workspace to open, where the
    keys would lie inside it, or for one made by a newer version; ``StorageError`` where it cannot be used. ``keys_as``:
    how the keys of a workspace that is there are opened.
    """
    if keys_root.absolute().is_relative_to(folder.absolute()) or keys_root.resolve().is_relative_to(folder.resolve()):
        raise InputError(
            "the keys would lie inside the workspace",
            where=str(keys_root),
            expected="a folder outside (NETPURSUIT_KEYS)",
        )
    path = folder / TRUTH_FILE
    if not path.is_file():
        if folder.exists() and not folder.is_dir():
            raise InputError("a file stands where the workspace should be", where=str(folder), expected="a folder")
        if not create:
            raise InputError(
                "no workspace here",
                where=str(folder),
                expected="the folder of one (--workspace, NETPURSUIT_WORKSPACE); 'lists add' and 'screen' make one",
            )
    elif not path.stat().st_size and (folder / "index").is_dir():
        raise StorageError(f"{path}: empty, though an index is there: restore it from a backup")
    make_private_folder(folder)
    made: list[KeyFolder] = []

    def make_keys() -> str:
        workspace_id = new_id()
        made.append(KeyFolder(keys_root, workspace_id, create=True))
        return workspace_id

    try:
        truth = SqliteTruth(path, clock=clock, new_workspace_id=make_keys)
        try:
            keys = made[0] if made else keys_as(keys_root, truth.workspace_id, create=False)
        except StorageError:
            truth.close()
            raise
    except BaseException:
        for folder_of_keys in made:
            with suppress(StorageError):
                folder_of_keys.close()
        raise
    return Workspace(folder=folder, truth=truth, keys=keys)


def default_places(environment: Mapping[str, str]) -> tuple[Path, Path]:
    """Where workspace and keys are when nobody says: ``NETPURSUIT_WORKSPACE`` and ``NETPURSUIT_KEYS``, or else two
    neighbouring folders of the platform's user data."""
    from platformdirs import user_data_path

    base = user_data_path("netpursuit", appauthor=False)
    workspace, keys = environment.get("NETPURSUIT_WORKSPACE", ""), environment.get("NETPURSUIT_KEYS", "")
    return (
        Path(workspace).expanduser() if workspace else base / "workspace",
        Path(keys).expanduser() if keys else base / "keys",
    )
