"""Files that were given out of a log, checked alone: without workspace, keys or network."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from netpursuit.audit.exported import EXPORT, MOST_BYTES, check_export
from netpursuit.audit.heads import ANCHOR, Anchor, Checked, check_anchors, read_anchors
from netpursuit.audit.record_proof import RECORD, check_record_proof
from netpursuit.audit.verification import Tell, tell_nobody
from netpursuit.errors import InputError


def check_file(
    path: Path, outside: Sequence[Anchor] = (), public_key: bytes | None = None, tell: Tell = tell_nobody
) -> Checked:
    """Check an export, the proof of a record, or anchors. Raises ``InputError`` for a file that is none of these."""
    try:
        with path.open("rb") as file:
            kind = _kind(file.readline(MOST_BYTES))
            file.seek(0)
            if kind == EXPORT:
                return check_export(file, path.name, outside, public_key, tell)
            text = file.read(MOST_BYTES).decode("utf-8-sig") if kind in (RECORD, ANCHOR) else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read: {type(error).__name__}", where=str(path)) from None
    if kind == RECORD:
        return check_record_proof(text, path.name, outside, public_key)
    if kind == ANCHOR:
        return check_anchors(read_anchors(text, path.name), path.name, outside, public_key)
    raise InputError(
        "this is no file of a consultation log",
        where=str(path),
        expected="what 'netpursuit audit export', 'anchor' or 'prove-record' wrote",
    )


def _kind(line: bytes) -> str:
    try:
        found = json.loads(line.decode("utf-8-sig"))
        return str(found["netpursuit"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
