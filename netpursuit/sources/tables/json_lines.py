"""JSON lines: one object a line; its keys are the columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from netpursuit.errors import InputError
from netpursuit.records import Rejected
from netpursuit.sources.tables.delimited import UNREADABLE, Line, lines_of, open_text, open_text_at
from netpursuit.sources.tables.table import FIELD_LIMIT, FileFacts, Row

_HEAD = 200  # lines whose keys make the columns; a key that comes only later still stands in ``Row.values``


class _UnusableError(ValueError):
    def __init__(self, reason: str, column: str = "") -> None:
        self.reason, self.column = reason, column
        super().__init__(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonTable:
    """JSON lines; see ``Table``. Lists of plain values are joined by ``|``; objects within objects are rejected."""

    facts: FileFacts
    columns: tuple[str, ...]
    encoding: str
    format: str = "jsonl"
    header_line: int = 0

    @property
    def path(self) -> Path:
        return self.facts.path

    @property
    def file_digest(self) -> str:
        return self.facts.digest

    @property
    def rows_estimate(self) -> int | None:
        return self.facts.line_ends

    def rows(self) -> Iterator[Row | Rejected]:
        with open_text(self.path, self.encoding) as file:
            for line in lines_of(file):
                if (row := self._row(line)) is not None:
                    yield row

    def row_at(self, line: int, offset: int) -> Row | Rejected | None:
        """The row that begins on a line, at a byte of the file."""
        with open_text_at(self.path, self.encoding, offset) as file:
            found = next(lines_of(file, first=line), None)
        return None if found is None else self._row(found)

    def _row(self, line: Line) -> Row | Rejected | None:
        try:
            item = _object(line)
            if item is None:
                return None
            values, numeric = _flat(item)
        except _UnusableError as error:
            return self.facts.reject(line.number, error.reason, column=error.column)
        if not any(map(str.strip, values.values())):
            return None
        return Row(line.number, dict.fromkeys(self.columns, "") | values, frozenset(numeric))


def open_json_table(facts: FileFacts, encoding: str) -> JsonTable:
    """Columns are the keys of the first lines. Raises ``InputError`` where none of them is an object."""
    columns: dict[str, None] = {}
    with open_text(facts.path, encoding) as file:
        for line in lines_of(file):
            if line.number > _HEAD:
                break
            try:
                columns.update(dict.fromkeys(_object(line) or ()))
            except _UnusableError:
                continue
    if not columns:
        raise InputError("no JSON object in the first lines", where=str(facts.path), expected="one object a line")
    return JsonTable(facts=facts, columns=tuple(columns), encoding=encoding)


def write_number(number: str) -> str:
    """A decimal literal without exponent and without ``.0``; an absurd exponent stays as written.

    >>> write_number("1.10101199003079E+17")
    '110101199003079000'
    """
    try:
        value = Decimal(number)
    except InvalidOperation:
        return number
    if not value.is_finite() or abs(value.adjusted()) > 40:
        return number
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


class _Number(str):
    __slots__ = ()


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _UnusableError("repeated-column")
    return found


def _refuse_constant(_name: str) -> Any:
    raise _UnusableError("bad-json")


def _object(line: Line) -> dict[str, Any] | None:
    if line.too_long:
        raise _UnusableError("field-too-long")
    text = line.text.strip("\x1a \t\r\n")
    if not text:
        return None
    if "\0" in text:
        raise _UnusableError("nul-byte")
    if not text.isascii() and UNREADABLE.search(text):
        raise _UnusableError("undecodable")
    try:
        item = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_refuse_constant,
        )
    except _UnusableError:
        raise
    except (ValueError, RecursionError):
        raise _UnusableError("bad-json") from None
    if not isinstance(item, dict):
        raise _UnusableError("bad-json")
    return item


def _flat(item: dict[str, Any]) -> tuple[dict[str, str], list[str]]:
    values: dict[str, str] = {}
    numeric: list[str] = []
    for column, value in item.items():
        if type(value) is str:
            text = value
        elif isinstance(value, list):
            text = "|".join(_scalar(part, column) for part in value)
        else:
            text = _scalar(value, column)
            if isinstance(value, _Number):
                numeric.append(column)
        if len(text) > FIELD_LIMIT:
            raise _UnusableError("field-too-long", column)
        if "\0" in text or (not text.isprintable() and UNREADABLE.search(text)):
            raise _UnusableError("nul-byte" if "\0" in text else "undecodable", column)
        values[column] = text
    return values, numeric


def _scalar(value: Any, column: str) -> str:
    if isinstance(value, _Number):
        return write_number(str(value))
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    raise _UnusableError("nested-value", column)
