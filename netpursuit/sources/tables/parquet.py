"""Parquet, read batch by batch: memory holds one row group's columns at most in part."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from netpursuit.errors import InputError
from netpursuit.records import Rejected
from netpursuit.sources.tables.headers import name_columns
from netpursuit.sources.tables.json_lines import write_number
from netpursuit.sources.tables.sheets import reason_of, write_cell
from netpursuit.sources.tables.table import FileFacts, Row

_BATCH_ROWS = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetTable:
    """A Parquet file; see ``Table``. Lists of plain values are joined by ``|``; structs and bytes are rejected."""

    facts: FileFacts
    columns: tuple[str, ...]
    rows_estimate: int | None
    format: str = "parquet"
    encoding: str = ""
    header_line: int = 0

    @property
    def path(self) -> Path:
        return self.facts.path

    @property
    def file_digest(self) -> str:
        return self.facts.digest

    def rows(self) -> Iterator[Row | Rejected]:
        import pyarrow
        import pyarrow.parquet

        line = 0
        try:
            with pyarrow.parquet.ParquetFile(self.path) as file:
                for batch in file.iter_batches(batch_size=_BATCH_ROWS):
                    for values in _values(batch):
                        line += 1
                        row = read_values(self.facts, self.columns, line, values)
                        if row is not None:
                            yield row
        except (pyarrow.ArrowException, OSError) as error:
            what = f"the Parquet file is damaged ({type(error).__name__})"
            raise InputError(what, where=str(self.path), line=line + 1) from None


def rows_of_batches(batches: Iterable[Any], facts: FileFacts) -> Iterator[Row | Rejected]:
    """The rows of Arrow's record batches, numbered from 1, as those of a Parquet file are."""
    line = 0
    for batch in batches:
        columns = tuple(batch.schema.names)
        for values in _values(batch):
            line += 1
            row = read_values(facts, columns, line, values)
            if row is not None:
                yield row


def read_values(facts: FileFacts, columns: Sequence[str], line: int, values: Sequence[Any]) -> Row | Rejected | None:
    """Typed values as a row; None where all are empty."""
    texts: dict[str, str] = {}
    numeric: list[str] = []
    for name, value in zip(columns, values, strict=True):
        text = text_of(value)
        reason = "nested-value" if text is None else reason_of(text)
        if text is None or reason:
            return facts.reject(line, reason, column=name)
        if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
            numeric.append(name)
        texts[name] = text
    return Row(line, texts, frozenset(numeric)) if any(map(str.strip, texts.values())) else None


def open_parquet_table(facts: FileFacts) -> ParquetTable:
    """Raises ``InputError`` where the file is damaged or a column stands twice."""
    import pyarrow
    import pyarrow.parquet

    try:
        with pyarrow.parquet.ParquetFile(facts.path) as file:
            columns = tuple(file.schema_arrow.names)
            count = file.metadata.num_rows
    except (pyarrow.ArrowException, OSError) as error:
        raise InputError(f"the Parquet file is damaged ({type(error).__name__})", where=str(facts.path)) from None
    name_columns(columns, where=str(facts.path), line=0)
    if not columns:
        raise InputError("the Parquet file has no columns", where=str(facts.path))
    return ParquetTable(facts=facts, columns=columns, rows_estimate=count)


def _values(batch: Any) -> Iterator[tuple[Any, ...]]:
    return zip(*(_plain(column) for column in batch.columns), strict=True)


def _plain(column: Any) -> list[Any]:
    import pyarrow

    # Nanoseconds do not fit Python's datetime; a register needs no more than seconds.
    if pyarrow.types.is_timestamp(column.type):
        column = column.cast(pyarrow.timestamp("us", tz=column.type.tz), safe=False)
    plain: list[Any] = column.to_pylist()
    return plain


def text_of(value: Any) -> str | None:
    """A typed value as text; None for what is no plain value (structs, bytes)."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return write_number(str(value))
    if isinstance(value, float) and value != value:
        return ""  # pandas writes missing numbers as NaN
    if isinstance(value, (str, bool, int, float, datetime.date, datetime.time)):
        return write_cell(value)
    if isinstance(value, list):
        parts = [text_of(part) for part in value if not isinstance(part, list)]
        return "|".join(part for part in parts if part) if len(parts) == len(value) and None not in parts else None
    return None
