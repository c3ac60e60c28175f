"""Whether a file of a list was cut off on its way: one that ends within a line, where the edition before did not.

XML and JSON tell by themselves; rows of text do not, and what is missing behind the cut would be withdrawn.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.ports.truth import Truth, UnitOfWork

_TAIL_BYTES = 64
_TELLING = (b"<", b"{", b"[", b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0")  # formats that are broken where they are cut
_BEFORE = b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"
_BEHIND = b"\x00 \t\x1a"  # of a wide line end, and what old systems leave


def ends_within_line(paths: Sequence[Path]) -> bool | None:
    """Whether any of the files is rows of text and ends within one; None where none of them is text, or there."""
    found = [ends for path in paths if (ends := _ends_within_line(path)) is not None]
    return any(found) if found else None


def _ends_within_line(path: Path) -> bool | None:
    try:
        with path.open("rb") as file:
            begin = file.read(_TAIL_BYTES)
            file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
            end = file.read()
    except OSError:
        return None
    if begin.lstrip(_BEFORE).startswith(_TELLING):
        return None
    return not end.rstrip(_BEHIND).endswith((b"\n", b"\r"))


def refuse_cut_off(truth: Truth, list_id: str, open_end: bool | None, files: str) -> None:
    """Raise ``InputError`` where the edition before ended with a line end and this one does not."""
    if open_end and truth.setting(_setting(list_id)) == "line":
        raise InputError(
            "the file ends within a line, and the edition before did not: it may have been cut off",
            where=files,
            expected="the whole file, or --accept-withdrawals where it is whole",
        )


def keep_end(unit: UnitOfWork, list_id: str, open_end: bool | None) -> None:
    """Keep how an edition ended."""
    unit.put_setting(_setting(list_id), None if open_end is None else "open" if open_end else "line")


def _setting(list_id: str) -> str:
    return f"end.{list_id}"
