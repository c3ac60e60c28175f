"""The cells of some rows by the program's column names, read a column at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import numpy as np

from netpursuit.ids.dates import parse_date
from netpursuit.ports.blocks import Block
from netpursuit.records import PartialDate
from netpursuit.records.columns import Bools, Coded
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


BirthDate = PartialDate | UnreadableCellError | None
Errors = dict[int, UnreadableCellError]  # by row


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

    def texts(self, column: str, cleaned: Callable[[str], str] = clean) -> Coded[str]:
        """The values of a column, cleaned; the default where a row says nothing."""
        default = self._reading.defaults.get(column, "")
        found = self.stated(column, cleaned)
        return found.map(lambda text: text or default) if default else found

    def stated(self, column: str, cleaned: Callable[[str], str] = clean) -> Coded[str]:
        """The same without the default."""
        headers = self._reading.headers.get(column)
        if headers is None:
            return Coded.constant("", len(self))
        if len(headers) == 1:
            return Coded.of(self._column(headers[0])).map(cleaned)
        parts = [Coded.of(self._column(header)).map(cleaned).rows() for header in headers]
        return Coded.of(list(zip(*parts, strict=True))).map(lambda texts: join_parts(list(texts)))

    def numeric(self, column: str) -> Bools:
        """Which rows have a number, not text, in a column."""
        headers = self._reading.headers.get(column, ())
        found = np.zeros(len(self), np.bool_)
        place = 0
        for row in self._rows:
            if isinstance(row, Block):
                place += len(row)
            else:
                found[place] = len(headers) == 1 and headers[0] in row.numeric
                place += 1
        return found

    def partial_dates(self, column: str, on: Coded[date | None] | None = None) -> Coded[BirthDate]:
        """Dates, or the years that ages mean ``on`` the days of the rows; an error in the place of any other text."""
        texts = self.texts(column, clean_date)
        order = self._reading.date_order
        values: list[BirthDate] = [_parsed(text, order) if text else None for text in texts.values]
        found = Coded(values, texts.codes)
        numeric = self.numeric(column)
        odd = texts.mask(bool) & (numeric | found.mask(lambda value: value is None))
        if not odd.any():
            return found
        codes = np.arange(len(values)) if texts.codes is None else texts.codes.copy()
        for row in np.flatnonzero(odd).tolist():
            codes[row] = len(values)
            values.append(self._odd_date(column, texts[row], bool(numeric[row]), on[row] if on else None))
        return Coded(values, codes).trimmed()

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

    def days(self, column: str) -> tuple[Coded[date | None], Errors]:
        """Whole dates, and the rows whose text is none. A month or a year alone begins on its first day: enough to
        judge the feed's period."""
        found = self.partial_dates(column)
        return found.map(_day), errors_in(found)


def _day(found: BirthDate) -> date | None:
    return date(found.year, found.month or 1, found.day or 1) if isinstance(found, PartialDate) else None


def errors_in(column: Coded[Any]) -> Errors:
    """The rows of a column in which an error stands."""
    if not any(isinstance(value, UnreadableCellError) for value in column.values):
        return {}
    return {row: value for row, value in enumerate(column.rows()) if isinstance(value, UnreadableCellError)}
