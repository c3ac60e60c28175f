"""A quarantined row, read again from its source: the quarantine itself keeps no value (A4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.records import Feed, QueryRead, Registration, Rejected
from netpursuit.sources.registrations.columns import HEADER_WORDS, is_dropped
from netpursuit.sources.tables import Row, open_table, read_line

SHOWN_LIMIT = 2_000  # characters of a raw line or of one cell


@dataclass(frozen=True, slots=True, kw_only=True)
class RowAgain:
    """A row as its file has it, cut to ``SHOWN_LIMIT`` characters a value.

    ``values`` by header, without what is never read (A9). Where the row does not fit its header they are empty and
    ``raw`` is its first line (empty in a file with a column of ethnicity: the line cannot be shown without it).
    """

    rejected: Rejected
    values: dict[str, str]
    raw: str


def read_again(path: Path | str, rejected: Rejected, *, format: str = "", encoding: str = "") -> RowAgain:  # noqa: A002
    """Read the row of a rejection from the file it came from.

    Raises ``InputError`` where the file is not the same any more (its digest differs) or cannot be read.
    """
    path = Path(path)
    table = open_table(path, format=format, encoding=encoding, header_words=HEADER_WORDS)
    if table.file_digest != rejected.file_digest:
        raise InputError(
            "not the file that was read: its digest differs",
            where=str(path),
            expected=f"SHA-256 {rejected.file_digest[:16]}…",
        )
    for row in table.rows():
        if row.line < rejected.line:
            continue
        if isinstance(row, Row) and row.line == rejected.line:
            shown = {name: text[:SHOWN_LIMIT] for name, text in row.values.items() if not is_dropped(name)}
            return RowAgain(rejected=rejected, values=shown, raw="")
        break
    # A line that cannot be split cannot be shown without the column of ethnicity, where the file has one.
    raw = "" if any(map(is_dropped, table.columns)) else read_line(table, rejected.line)[:SHOWN_LIMIT]
    return RowAgain(rejected=rejected, values={}, raw=raw)


def read_query_again(feed: Feed, read: QueryRead, rejected: Sequence[Rejected]) -> dict[int, RowAgain]:
    """The rows of some rejections of one run by their numbers, asked for again from the feed's database.

    A row that is not there any more, or for which another one stands now, is left out: only a row that would be
    quarantined for the same reason again is shown. Raises ``InputError`` where the feed has another source by now.
    """
    from netpursuit.sources.registrations.database import source_digest
    from netpursuit.sources.registrations.query import QUERY_FILE, Window, open_query

    if feed.source is None or source_digest(feed.source) != read.digest:
        raise InputError(
            "not the query that was read: its digest differs",
            where=QUERY_FILE,
            expected=f"SHA-256 {read.digest[:16]}…",
        )
    window = Window(since=read.until if read.backwards else read.since, backwards=read.backwards)
    by_line: dict[int, list[Rejected]] = {}
    for item in rejected:
        by_line.setdefault(item.line, []).append(item)
    found: dict[int, RowAgain] = {}
    seen: set[tuple[str, str, str]] = set()
    with open_query(feed, window, datetime.now(UTC)) as register:
        reader = register.reader
        for row in register.raw():
            made = reader([row])[0]
            keys = _keys(made)
            repeated = not keys.isdisjoint(seen)
            seen |= keys
            for item in by_line.get(row.line, ()):
                if isinstance(row, Row) and _is_rejected_again(item, made, repeated):
                    shown = {name: text[:SHOWN_LIMIT] for name, text in row.values.items() if not is_dropped(name)}
                    found[row.line] = RowAgain(rejected=item, values=shown, raw="")
            if row.line >= max(by_line, default=0):
                break
    return found


def _is_rejected_again(item: Rejected, made: Registration | Rejected, repeated: bool) -> bool:
    if isinstance(made, Rejected):
        return (made.reason, made.column) == (item.reason, item.column)
    if item.reason == "repeated-key":
        return repeated
    return item.reason == "unnamed-person" and any(nobody.column == item.column for nobody in made.unnamed)


def _keys(made: Registration | Rejected) -> set[tuple[str, str, str]]:
    if isinstance(made, Rejected) or not made.registration_id:
        return set()
    return {
        (made.registration_id, someone.role.value, someone.person_id or f"#{someone.position}")
        for someone in made.persons
    }
