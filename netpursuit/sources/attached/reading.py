"""The rows of a case's own table by its mapping: all of them, or nothing and every row that is wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from netpursuit.errors import InputError, RowsError, SettingsError
from netpursuit.policy.limits import MOST_ATTACHED_ROWS, MOST_CALLS
from netpursuit.records import Rejected
from netpursuit.records.attachments import Call, Holding, TableKind
from netpursuit.sources.attached.columns import COLUMNS
from netpursuit.sources.attached.mapping import Mapping
from netpursuit.sources.attached.rows import HOLDINGS, Cells, WrongCellError
from netpursuit.sources.attached.values import LONGEST_SECONDS, Instant, instant_of, seconds_of, telephone_of
from netpursuit.sources.registrations.reader import parts_of
from netpursuit.sources.registrations.values import clean, clean_number
from netpursuit.sources.tables import Row, Table, fold_header, open_table

Made = TypeVar("Made")
MOST_TOLD = 50  # wrong rows that are told one by one
_UNREADABLE = {
    "ragged-row": "another number of cells than the header",
    "unclosed-quote": "a quote that is not closed",
    "undecodable": "characters that cannot be read",
    "nul-byte": "a zero byte",
    "field-too-long": "a cell that is too long",
    "bad-json": "no JSON object",
    "nested-value": "a cell that holds several values",
    "repeated-column": "a name that stands twice",
}


def open_attached(path: Path, mapping: Mapping) -> AttachedRows:
    """Open a table by its mapping.

    Raises ``InputError`` for whatever ``open_table`` refuses, ``SettingsError`` where columns that are mapped are not
    in the file.
    """
    mapped = frozenset(part for header in mapping.columns.values() for part in (header, *parts_of(header)))
    table = open_table(path, format=mapping.format, encoding=mapping.encoding, header_words=mapped)
    return AttachedRows(table, mapping, _headers(table, mapping))


def _headers(table: Table, mapping: Mapping) -> dict[str, tuple[str, ...]]:
    """The program's column -> the headers whose cells make it up."""
    present = {fold_header(column): column for column in table.columns}
    headers, lost = {}, []
    for name, header in mapping.columns.items():
        # A header that itself contains " + " is taken as it stands.
        parts = (header,) if fold_header(header) in present else parts_of(header)
        missing = [part for part in parts if fold_header(part) not in present]
        lost += [f"columns.{name}: {table.path.name} has no column {part!r}" for part in missing]
        headers[name] = tuple(present[fold_header(part)] for part in parts if part not in missing)
    if lost:
        raise SettingsError(str(mapping.path), [*lost, f"expected some of: {', '.join(table.columns)}"])
    return headers


class AttachedRows:
    """``ports.attached.AttachedTable`` over a file."""

    def __init__(self, table: Table, mapping: Mapping, headers: dict[str, tuple[str, ...]]) -> None:
        self._table, self._mapping, self._headers = table, mapping, headers
        self._zone = ZoneInfo(mapping.time_zone) if mapping.time_zone else None
        self._left: Counter[str] = Counter()
        self._phones: dict[str, tuple[str, str]] = {}
        self._problems: list[str] = []
        self._wrong = self._rows = 0

    @property
    def kind(self) -> TableKind:
        return self._mapping.kind

    @property
    def file(self) -> str:
        return self._table.path.name

    @property
    def digest(self) -> str:
        return self._table.file_digest

    @property
    def mapping_digest(self) -> str:
        return self._mapping.digest

    @property
    def headings(self) -> tuple[str, ...]:
        used = {header for parts in self._headers.values() for header in parts}
        return (self._mapping.title, self._table.path.stem, *sorted(used))

    @property
    def rows(self) -> int:
        return self._rows

    @property
    def left_out(self) -> dict[str, int]:
        return dict(sorted(self._left.items()))

    def calls(self) -> Iterator[Call]:
        return self._each(self._call, MOST_CALLS)

    def holdings(self) -> Iterator[Holding]:
        make = HOLDINGS[self.kind]
        return self._each(lambda row: make(self._cells(row)), MOST_ATTACHED_ROWS)

    def _each(self, make: Callable[[Row], Made | None], most: int) -> Iterator[Made]:
        self._left.clear()
        self._problems.clear()
        self._wrong = self._rows = 0
        for row in self._table.rows():
            self._rows += 1
            if self._rows > most:
                raise InputError(f"more than {most:,} rows", where=self.file, expected="a file of fewer")
            if isinstance(row, Rejected):
                reason = _UNREADABLE.get(row.reason, row.reason)
                self._tell(row.line, row.column, reason, "a row that fits its header")
                continue
            try:
                made = make(row)
            except WrongCellError as error:
                self._tell(row.line, " + ".join(self._headers.get(error.column, ())), error.what, error.expected)
                continue
            if made is not None and not self._wrong:
                yield made
        if self._wrong:
            raise RowsError(self.file, self._problems, self._wrong)
        if not self._rows:
            raise InputError("no rows", where=self.file, expected="a table with rows below its header")

    def _tell(self, line: int, header: str, what: str, expected: str) -> None:
        """Remember a wrong row: where and what was expected, never the value (A4)."""
        self._wrong += 1
        if len(self._problems) < MOST_TOLD:
            column = f", column {header!r}" if header else ""
            self._problems.append(f"line {line}{column}: {what}, expected {expected}")

    def _cells(self, row: Row) -> Cells:
        return Cells(
            line=row.line,
            texts={name: self._text(row, name) for name in COLUMNS[self.kind]},
            country=self._mapping.country,
            date_order=self._mapping.date_order,
            telephone=self._telephone,
            left=self._left,
        )

    def _text(self, row: Row, name: str) -> str:
        parts = self._headers.get(name, ())
        if len(parts) == 1:
            return clean(row.values[parts[0]]) or self._mapping.defaults.get(name, "")
        text = " ".join(filter(None, (clean(row.values[part]) for part in parts)))
        return text or self._mapping.defaults.get(name, "")

    def _telephone(self, text: str) -> tuple[str, str]:
        """As ``telephone_of``; a file says the same few numbers again and again."""
        found = self._phones.get(text)
        if found is None:
            found = self._phones[text] = telephone_of(clean_number(text), self._mapping.country)
        return found

    def _call(self, row: Row) -> Call | None:
        ends = []
        for column in ("caller", "callee"):
            key, why = self._telephone(self._text(row, column))
            if why == "wrong":
                raise WrongCellError(column, "no telephone number", "a number, or nothing where it is withheld")
            if why:
                self._left[why] += 1
                return None
            ends.append(key)
        day, second = self._instant(row, "begin")
        seconds = self._length(row, day, second)
        return Call(caller=ends[0], callee=ends[1], day=day, second=second, seconds=seconds, line=row.line)

    def _instant(self, row: Row, column: str) -> Instant:
        found = instant_of(self._text(row, column), self._mapping.date_order, self._zone)
        if found is None:
            order = self._mapping.date_order
            raise WrongCellError(column, "no day with time", f"one as 2026-03-01 22:14:05 (date_order {order})")
        return found

    def _length(self, row: Row, day: str, second: int | None) -> int | None:
        """The length of a call: as stated, or from its beginning to its end; None where the row does not say."""
        if text := self._text(row, "duration"):
            seconds = seconds_of(text)
            if seconds is None:
                raise WrongCellError("duration", "no length of a call", "seconds as 83, or 0:01:23, at most ten days")
            return seconds
        if "end" not in self._headers or not self._text(row, "end"):
            return None
        end_day, end_second = self._instant(row, "end")
        if second is None or end_second is None:
            return None
        days = (date.fromisoformat(end_day) - date.fromisoformat(day)).days
        seconds = days * 86_400 + end_second - second
        if not 0 <= seconds <= LONGEST_SECONDS:
            raise WrongCellError("end", "no end of this call", "an instant within ten days after its beginning")
        return seconds
