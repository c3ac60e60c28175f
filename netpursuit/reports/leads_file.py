"""Leads as a file for other programs: CSV or JSON lines, the same bytes for the same leads.

Spreadsheets run cells that begin with ``=``, ``+``, ``-`` or ``@`` as formulas (OWASP, CSV Injection); such texts get
an apostrophe before them in CSV. JSON lines carry every value as it is.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, Literal

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError, StorageError
from netpursuit.records import EntryKey, Lead, Match
from netpursuit.reports.wording import group_of

COLUMNS = (
    *("registration_id", "feed", "role", "list", "entry_id"),
    *("entry_name", "band", "probability", "bits", "evidence"),
)
GROUP_COLUMNS = ("group", "entries")
Format = Literal["csv", "jsonl"]
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What every export says of itself (A13)."""

    purpose: str
    user: str
    run_ids: tuple[str, ...]
    expires_on: date | None
    case_id: str = ""


def format_of(path: Path) -> Format:
    """The format that a file name asks for. Raises ``InputError`` for another ending than .csv, .jsonl or .ndjson."""
    match path.suffix.lower():
        case ".csv":
            return "csv"
        case ".jsonl" | ".ndjson":
            return "jsonl"
        case other:
            raise InputError(f"no format for {other!r}", where=path.name, expected="a name ending in .csv or .jsonl")


def write_leads(
    leads: Iterable[Lead], names: Mapping[EntryKey, str], path: Path, file_format: Format | None = None
) -> int:
    """Write leads sorted by their keys and return how many; ``names`` gives each entry's name.

    Written beside the target under a temporary name and renamed, so that nobody reads half a file; ``file_format`` None
    goes by the name's ending. Raises ``InputError`` for an unknown ending, ``StorageError`` where the disk refuses.
    """
    rows = list(lead_rows(leads, names))
    text = rows_as_csv(rows) if (file_format or format_of(path)) == "csv" else rows_as_jsonl(rows)
    write_whole(path, text)
    return len(rows)


def notice_lines(path: Path, notice: Notice, catalogue: Catalogue) -> list[str]:
    """What an export says of itself: file, warning, purpose, user, case and runs where there are any, expiry."""
    expires = notice.expires_on.isoformat() if notice.expires_on else catalogue("report.no-expiry")
    return [
        path.name,
        catalogue("report.warning"),
        f"{catalogue('report.purpose')}: {notice.purpose}",
        f"{catalogue('report.user')}: {notice.user}",
        *([f"{catalogue('report.case')}: {notice.case_id}"] if notice.case_id else []),
        *([f"{catalogue('report.run')}: {', '.join(notice.run_ids)}"] if notice.run_ids else []),
        f"{catalogue('report.expires-on')}: {expires}",
    ]


def write_notice(path: Path, notice: Notice, catalogue: Catalogue, besides: Iterable[str] = ()) -> Path:
    """Lay the export's notice beside it as ``<name>.notice.txt`` and return where; ``besides``: lines behind it."""
    beside = path.with_name(f"{path.name}.notice.txt")
    write_whole(beside, "".join(f"{line}\n" for line in (*notice_lines(path, notice, catalogue), *besides)))
    return beside


def lead_rows(leads: Iterable[Lead], names: Mapping[EntryKey, str]) -> Iterator[dict[str, Any]]:
    """One dict a lead with the keys of ``COLUMNS``, in the order of lead keys.

    A lead on a group is told by its best entry, and has besides the keys of ``GROUP_COLUMNS``: the group's id and all
    entries.
    """
    for lead in sorted(leads, key=_sort_key):
        yield {
            "registration_id": lead.key.registration_id,
            "feed": lead.key.feed_id,
            "role": lead.key.role,
            **_matched(lead.match, names),
            **_grouped(lead, names),
        }


def _grouped(lead: Lead, names: Mapping[EntryKey, str]) -> dict[str, Any]:
    if not lead.entries:
        return {}
    return {"group": group_of(lead), "entries": [_matched(item.match, names) for item in lead.entries]}


def _matched(match: Match, names: Mapping[EntryKey, str]) -> dict[str, Any]:
    return {
        "list": match.key.list_id,
        "entry_id": match.key.entry_id,
        "entry_name": names.get(match.key, ""),
        "band": match.band.word,
        "probability": round(match.probability, 6),
        "bits": match.bits,
        "evidence": evidence_json(match),
    }


def evidence_json(match: Match) -> list[dict[str, Any]]:
    """The evidence of a match as programs read it."""
    return [
        {
            "field": item.field,
            "level": item.level,
            "bits": item.bits,
            "left": item.left,
            "right": item.right,
            "note": item.note,
        }
        for item in match.evidence
    ]


def rows_as_csv(rows: Iterable[dict[str, Any]]) -> str:
    """Rows as CSV (RFC 4180 with LF); the evidence reads ``name:same:+9.1; birth-date:same-day:+14.2``.

    Where a lead is on a group, two columns more; its entries read ``un:QDi.086:strong:+20.4; uk:6894:strong:+18.3``.
    """
    rows = list(rows)
    columns = (*COLUMNS, *GROUP_COLUMNS) if any("entries" in row for row in rows) else COLUMNS
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        evidence = "; ".join(f"{item['field']}:{item['level']}:{item['bits']:+.1f}" for item in row["evidence"])
        entries = "; ".join(
            f"{item['list']}:{item['entry_id']}:{item['band']}:{item['bits']:+.1f}" for item in row.get("entries", ())
        )
        flat = {"group": "", **row, "evidence": evidence, "entries": entries}
        flat |= {"probability": f"{row['probability']:.6f}", "bits": f"{row['bits']:.1f}"}
        writer.writerow([flat[name] if name in {"probability", "bits"} else safe_cell(flat[name]) for name in columns])
    return out.getvalue()


def rows_as_jsonl(rows: Iterable[dict[str, Any]]) -> str:
    """One JSON object a line, keys in the order of ``COLUMNS`` and ``GROUP_COLUMNS``."""
    return "".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in rows)


def write_whole(path: Path, content: str | bytes, *, mode: int | None = None) -> None:
    """Write a file (text as UTF-8, LF) as ``whole_file`` does. Raises as that."""
    with whole_file(path, mode=mode) as file:
        file.write(content.encode("utf-8") if isinstance(content, str) else content)


@contextmanager
def whole_file(path: Path, *, mode: int | None = None) -> Iterator[BinaryIO]:
    """A file that is written under a temporary name in its folder and renamed at the end of the block; ``mode`` None:
    its owner alone reads it.

    Raises ``StorageError`` where it cannot be written; the temporary file is gone then, as after any error in the
    block, and an earlier file untouched.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StorageError(f"{path.name}: cannot be written: {error.strerror or error}") from error


def _sort_key(lead: Lead) -> tuple[str, ...]:
    key = lead.key
    return (key.feed_id, key.registration_id, key.role, key.person_ref, key.entry.list_id, key.entry.entry_id)


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
