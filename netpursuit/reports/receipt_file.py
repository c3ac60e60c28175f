"""The receipt of a run as a file (A18): JSON lines in UTF-8, read and written as a stream.

The first line says what the receipt is of, and what every export says (A13); the last has rows, root and the run's key.
Between them stand blocks of ``BLOCK_ROWS`` rows: ``marks`` as [mark, how many rows] and ``bodies``, 32 bytes a row in
base64. ``docs/receipts.md`` describes it for others.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import groupby
from pathlib import Path
from typing import IO, Any

from netpursuit.audit.merkle import HASH_BYTES
from netpursuit.audit.receipts import KEY_BYTES, HeldReceipt, RowSeals
from netpursuit.audit.row_form import ROW_FORM
from netpursuit.errors import InputError, StorageError
from netpursuit.ports.receipts import OpenReceipt, ReceiptSink
from netpursuit.records import RunManifest

BLOCK_ROWS = 4096
SUFFIX = ".receipt.jsonl"
_LONGEST_LINE = 1 << 24


class ReceiptFile:
    """``ports.receipts.ReceiptSink`` over a file beside its final name; only ``finish`` gives it that name."""

    def __init__(self, file: IO[bytes], part: Path, path: Path, head: dict[str, Any]) -> None:
        self._file, self._part, self._path = file, part, path
        self._bodies = bytearray()
        self._marks: list[str] = []
        self._put(head)

    def add(self, bodies: bytes, marks: Sequence[str]) -> None:
        self._bodies += bodies
        self._marks += marks
        while len(self._marks) >= BLOCK_ROWS:
            self._put_block(BLOCK_ROWS)

    def finish(self, rows: int, root: str, key: bytes) -> None:
        if self._marks:
            self._put_block(len(self._marks))
        self._put({"rows": rows, "root": root, "key": key.hex()})
        with _worded(self._path):
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            self._part.replace(self._path)
            _keep_name(self._path.parent)

    def _put_block(self, rows: int) -> None:
        bodies = base64.b64encode(self._bodies[: rows * HASH_BYTES]).decode("ascii")
        marks = [[mark, len(list(same))] for mark, same in groupby(self._marks[:rows])]
        self._put({"marks": marks, "bodies": bodies})
        del self._bodies[: rows * HASH_BYTES], self._marks[:rows]

    def _put(self, line: dict[str, Any]) -> None:
        with _worded(self._path):
            self._file.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode("utf-8") + b"\n")


def receipt_at(path_of: Callable[[RunManifest], Path], notice: dict[str, str]) -> OpenReceipt:
    """Opens receipts of runs, each at the path of its run; ``notice`` is what every export says of itself.

    Opening raises ``InputError`` where the file is there and not what an earlier part of the same run has left: it may
    hold the only key of another run. A run that is killed leaves no file but ``.<name>.part``, without the key.
    """

    def opened(manifest: RunManifest) -> AbstractContextManager[ReceiptSink]:
        return _opened(path_of(manifest), manifest, notice)

    return opened


@contextmanager
def _opened(path: Path, manifest: RunManifest, notice: dict[str, str]) -> Iterator[ReceiptSink]:
    if path.exists() and not _is_of(path, manifest.run_id):
        raise InputError("the file is there already", where=str(path), expected="another name: it may hold a key")
    part = path.with_name(f".{path.name}.part")
    head = {
        "receipt": ROW_FORM,
        **notice,
        "run": manifest.run_id,
        "feed": manifest.feed_id,
        "file": manifest.file,
        "file_digest": manifest.file_digest,
        "lists": dict(manifest.lists),
        "policy": manifest.policy,
        "as_of": manifest.as_of.isoformat(),
    }
    with _worded(path):
        file = os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb")
        if os.name == "posix":
            part.chmod(0o600)
    try:
        yield ReceiptFile(file, part, path, head)
    finally:
        with _worded(path):
            file.close()
            part.unlink(missing_ok=True)


def read_receipt(path: Path | str) -> HeldReceipt:
    """Read a receipt whole. Raises ``InputError`` where it is none, of a form that is not known, or not whole."""
    path = Path(path)
    where = str(path)
    try:
        with path.open("rb") as file:
            lines = [_read_line(line, where, number) for number, line in enumerate(_lines(file), 1)]
    except FileNotFoundError:
        raise InputError("file not found", where=where, expected="the receipt of a run") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=where) from None
    if len(lines) < 2 or "receipt" not in lines[0]:
        raise _no_receipt(where)
    if lines[0]["receipt"] != ROW_FORM:
        raise InputError(f"a receipt of form {lines[0]['receipt']}", where=where, expected=f"form {ROW_FORM}")
    try:
        return _held(lines[0], lines[1:-1], lines[-1])
    except (KeyError, TypeError, ValueError):
        raise _no_receipt(where) from None


def _held(head: dict[str, Any], blocks: list[dict[str, Any]], last: dict[str, Any]) -> HeldReceipt:
    marks: list[str] = []
    for block in blocks:
        for mark, count in block["marks"]:
            marks += [str(mark)] * int(count)
    bodies = b"".join(base64.b64decode(block["bodies"], validate=True) for block in blocks)
    key, rows = bytes.fromhex(last["key"]), int(last["rows"])
    if (len(key), len(marks), len(bodies)) != (KEY_BYTES, rows, rows * HASH_BYTES):
        raise ValueError("the receipt is not whole")
    "".join(marks).encode("ascii")
    return HeldReceipt(
        run_id=str(head["run"]),
        rows=rows,
        root=str(last["root"]),
        seals=RowSeals(key, str(head["file_digest"])),
        bodies=bodies,
        marks=tuple(marks),
        purpose=str(head["purpose"]),
        expires_on=str(head["expires_on"]),
    )


def _is_of(path: Path, run_id: str) -> bool:
    try:
        with path.open("rb") as file:
            head = json.loads(file.readline(_LONGEST_LINE))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(head, dict) and "receipt" in head and head.get("run") == run_id


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        yield line


def _read_line(line: bytes, where: str, number: int) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        raise _no_receipt(where, number) from None
    if not isinstance(found, dict):
        raise _no_receipt(where, number)
    return found


def _no_receipt(where: str, line: int | None = None) -> InputError:
    return InputError("not the whole receipt of a run", where=where, line=line, expected="the file as it was written")


def _keep_name(folder: Path) -> None:
    """A new name survives a power cut only once its folder is on disk."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def _worded(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(f"{path.name}: cannot be written: {error.strerror or error}") from error
