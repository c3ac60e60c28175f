"""The files of a workspace beside its databases, as far as they are kept for a while only."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from netpursuit.errors import StorageError

_REPORT = re.compile(r"N-\d{8}-\d{6}-\d{3}\.(?:json|html)")  # what a night writes


class WorkspaceFiles:
    """``ports.kept_files.KeptFiles`` over a workspace's folder.

    ``in_use`` names the index and the fetched lists that are needed; ``reports`` is the folder of a night's reports, of
    which the files that a night has written are looked at and no others.
    """

    def __init__(self, folder: Path, in_use: Callable[[str], frozenset[str]], reports: Path | None = None) -> None:
        self._in_use = in_use
        self._folders = {
            "index": folder / "index",
            "unit-index": folder / "units",
            "fetched": folder / "fetched",
            "report": reports or folder / "reports",
        }

    def unused(self, kind: str, before: datetime) -> tuple[str, ...]:
        try:
            present = list(self._folders[kind].iterdir()) if self._folders[kind].is_dir() else []
            found = [path for path in present if _last_used(path) < before]
        except OSError as error:
            raise StorageError(f"{self._folders[kind]}: {error.strerror or 'cannot be read'}") from error
        names = {path.name for path in found if kind != "report" or _REPORT.fullmatch(path.name)}
        return tuple(sorted(names - self._in_use(kind))) if names else ()

    def remove(self, kind: str, names: Sequence[str]) -> None:
        for name in names:
            path = self._folders[kind] / name
            try:
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
                else:
                    path.unlink(missing_ok=True)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise StorageError(f"{path}: {error.strerror or 'cannot be removed'}") from error


def _last_used(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
