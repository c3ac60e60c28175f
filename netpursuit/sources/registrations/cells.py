"""The cells of some rows by the program's column names, read a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

from netpursuit.ids.dates import parse_date
from netpursuit.ports.blocks import Block
from netpursuit.records import PartialDate
from netpursuit.sources.registrations.values import clean, clean_date, join_parts
from netpursuit.sources.tables import Row

_SHEET_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet's serial dates (ECMA-376 part 1, 18.17.4)
_LAST_SERIAL = 80_000  # the year 2119
_DATE_EXPECTED = "a date as 1985-04-03"


class UnreadableCellError(ValueError):
    """A cell that makes its row unusable: the program's column, the reason, what was expected; never the value."""

    def __init__(self, column: str, reason: str, expected: str) -> None:
        self.column, self.reason, self.expected = column, reason, expected
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How the columns of one file are read under one feed.

    ``headers``: program's column -> the headers whose cells make up its value; ``defaults``: values for columns that
    are missing or empty.
    """

    headers: Mapping[str, tuple[str, ...]]
    defaults: Mapping[str, str]
    country: str
    date_order: str


@lru_cache(1 << 16)  # a night has some twenty thousand birth dates and a few days on which people moved in
def _parsed(text: str, order: str) -> PartialDate | None:
    return parse_date(text, order=order)


def _day(found: BirthDate) -> date | UnreadableCellError | None:
    return date(found.year, found.month or 1, found.day or 1) if isinstance(found, PartialDate) else found


Text = TypeVar("Text", str, tuple[str, str, str])  # a cell, or several that count together
Value = TypeVar("Value")
BirthDate = PartialDate | UnreadableCellError | None


def each(read: Callable[[Text], Value], texts: Sequence[Text]) -> list[Value]:
    """``read`` of each text, called once for each distinct one."""
    values = {text: read(text) for text in set(texts)}
    return [values[text] for text in texts]


class Cells:
    """The values of some rows by the program's column names."""

    __slots__ = ("_length", "_reading", "_rows")

    def __init__(self, rows: Sequence[Row | Block], reading: Reading) -> None:
        self._rows, self._reading = rows, reading
        self._length = sum(len(row) if isinstance(row, Block) else 1 for row in rows)

    def __len__(self) -> int:
        return self._length

    def lines(self) -> list[int]:
        """Where each row begins."""
        found: list[int] = []
        for row in self._rows:
            if isinstance(row, Block):
                found += row.lines
            else:
                found.append(row.line)
        return found

    def _column(self, header: str) -> list[str]:
        found: list[str] = []
        for row in self._rows:
            if isinstance(row, Block):
                found += row.column(header)
            else:
                found.append(row.values.get(header, ""))
        return found

    def texts(self, column: str, cleaned: Callable[[str], str] = clean) -> list[str]:
        """The values of a column, cleaned; the default where a row says nothing."""
        default = self._reading.defaults.get(column, "")
        found = self.stated(column, cleaned)
        return [text or default for text in found] if default else found

    def stated(self, column: str, cleaned: Callable[[str], str] = clean) -> list[str]:
        """The same without the default."""
        headers = self._reading.headers.get(column)
        if headers is None:
            return [""] * len(self)
        parts = [each(cleaned, self._column(header)) for header in headers]
        return parts[0] if len(parts) == 1 else [join_parts(list(cells)) for cells in zip(*parts, strict=True)]

    def numeric(self, column: str) -> list[bool]:
        """Which rows have a number, not text, in a column."""
        headers = self._reading.headers.get(column, ())
        found: list[bool] = []
        for row in self._rows:
            if isinstance(row, Block):
                found += [False] * len(row)
            else:
                found.append(len(headers) == 1 and headers[0] in row.numeric)
        return found

    def partial_dates(self, column: str, on: Sequence[date | None] | None = None) -> list[BirthDate]:
        """Dates, or the years that ages mean ``on`` the days of the rows; an error in the place of any other text."""
        texts = self.texts(column, clean_date)
        order = self._reading.date_order
        found: list[BirthDate] = list(each(lambda text: _parsed(text, order) if text else None, texts))
        numeric = self.numeric(column)
        for row, text in enumerate(texts):
            if text and (found[row] is None or numeric[row]):
                found[row] = self._odd_date(column, text, numeric[row], on[row] if on else None)
        return found

    def _odd_date(self, column: str, text: str, is_number: bool, on: date | None) -> BirthDate:
        """The day of a number that a spreadsheet means, or the year that an age means."""
        if is_number and len(text) == 5 and text.isdecimal() and int(text) < _LAST_SERIAL:
            day = _SHEET_EPOCH + timedelta(days=int(text))
            return PartialDate(year=day.year, month=day.month, day=day.day)
        order = self._reading.date_order
        found = _parsed(text, order)
        if found is None and on is not None:
            found = parse_date(text, order=order, on=PartialDate(year=on.year, month=on.month, day=on.day))
        return UnreadableCellError(column, "bad-date", _DATE_EXPECTED) if found is None else found

    def days(self, column: str) -> list[date | UnreadableCellError | None]:
        """Whole dates. A month or a year alone begins on its first day: enough to judge the feed's period."""
        dates = self.partial_dates(column)
        days = {id(found): _day(found) for found in dates}  # most are one object: few texts, each read once
        return [days[id(found)] for found in dates]
