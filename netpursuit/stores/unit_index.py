"""Indexes of registers by unit: for each row a keyed digest of its unit, its line and its first byte (A4).

Each is one NumPy file of three rows of 64-bit integers, sorted by digest and line, and mapped into memory. Who has the
workspace without its key learns how many rows share a unit, and of no unit which.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from netpursuit.errors import StorageError
from netpursuit.stores.files import make_private_file, make_private_folder

KEPT = 8
"""Indexes kept at a time; those used longest ago go first."""

_ROW = np.dtype([("unit", "<u8"), ("line", "<u8"), ("offset", "<i8")])


class UnitIndexFile:
    """``ports.units.UnitPlaces`` over the array of one file."""

    def __init__(self, columns: NDArray[np.uint64]) -> None:
        self._units, self._lines, self._offsets = columns[0], columns[1], columns[2].view(np.int64)

    def places(self, unit: int) -> list[tuple[int, int]]:
        wanted = np.uint64(unit)
        begin, end = (int(np.searchsorted(self._units, wanted, side=side)) for side in ("left", "right"))
        return list(zip(self._lines[begin:end].tolist(), self._offsets[begin:end].tolist(), strict=True))


class UnitIndexFolder:
    """``ports.units.UnitIndexes``: a private folder with a file for each register."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, name: str) -> UnitIndexFile | None:
        path = self._folder / f"{name}.npy"
        try:
            columns = np.load(path, mmap_mode="r", allow_pickle=False)
            with suppress(OSError):
                os.utime(path)
        except (OSError, ValueError, EOFError):
            return None
        whole = columns.ndim == 2 and columns.shape[0] == 3 and columns.dtype == np.dtype("<u8")
        return UnitIndexFile(columns) if whole else None

    def write(self, name: str, rows: Iterable[tuple[int, int, int]]) -> UnitIndexFile:
        found = np.fromiter(rows, dtype=_ROW)
        found.sort(order=("unit", "line"))
        columns = np.stack([found["unit"], found["line"], found["offset"].view("<u8")])
        path, beside = self._folder / f"{name}.npy", self._folder / f".{name}.{os.getpid()}.part"
        make_private_folder(self._folder)
        try:
            make_private_file(beside)
            with beside.open("wb") as file:
                np.save(file, columns, allow_pickle=False)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except OSError as error:
            with suppress(OSError):
                beside.unlink(missing_ok=True)
            raise StorageError(f"{path}: {error.strerror or 'cannot be written'}") from error
        self._drop_old()
        return UnitIndexFile(columns)

    def _drop_old(self) -> None:
        files = sorted(self._folder.glob("*.npy"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in files[KEPT:]:
            with suppress(OSError):  # one that another process has mapped stays until the next time
                path.unlink()
