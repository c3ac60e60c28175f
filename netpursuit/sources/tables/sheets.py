"""Sheets: XLSX and XLS through calamine, which loads a sheet whole; very large registers belong into CSV or Parquet."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from netpursuit.errors import InputError
from netpursuit.records import Rejected
from netpursuit.sources.tables.headers import HEADER_ROWS, count_known, find_header, name_columns
from netpursuit.sources.tables.json_lines import write_number
from netpursuit.sources.tables.table import FIELD_LIMIT, FileFacts, Row, Table

UNPACKED_LIMIT = 1 << 30  # bytes; a workbook that unpacks to more is a bomb or no register
Cell = int | float | str | bool | datetime.time | datetime.date | datetime.datetime | datetime.timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable:
    """One sheet of a workbook; see ``Table``. ``sheet`` is its name."""

    facts: FileFacts
    sheet: str
    columns: tuple[str, ...]
    cells: tuple[str, ...]
    header_line: int
    format: str
    rows_estimate: int | None
    encoding: str = ""

    @property
    def path(self) -> Path:
        return self.facts.path

    @property
    def file_digest(self) -> str:
        return self.facts.digest

    def rows(self) -> Iterator[Row | Rejected]:
        names, width = self.cells, len(self.cells)
        for line, row in _numbered(_sheet(self.path, self.sheet)):
            if line <= self.header_line:
                continue
            texts = [write_cell(cell) for cell in row]
            if not any(map(str.strip, texts)):
                continue
            # Cells stand where they stand: what is written beside the table (a remark, a stamp) shifts nothing.
            texts = texts[:width] + [""] * (width - len(texts))
            broken = next((index for index, text in enumerate(texts) if reason_of(text)), None)
            if broken is not None:
                yield self.facts.reject(line, reason_of(texts[broken]), column=names[broken])
                continue
            cells = zip(names, row, strict=False)
            numeric = frozenset(name for name, cell in cells if name and type(cell) in (int, float))
            yield Row(line, {name: text for name, text in zip(names, texts, strict=True) if name}, numeric)


def open_sheet_table(facts: FileFacts, form: str, header_words: frozenset[str]) -> SheetTable:
    """The sheet with a known header, else the first that is not empty.

    Raises ``InputError`` where a workbook is damaged, protected, empty or too large, and where several sheets hold
    a register: reading one and passing over the other would lose people without a word.
    """
    where = str(facts.path)
    if form == "xlsx":
        _refuse_bomb(facts.path)
    found: list[SheetTable] = []
    known: list[SheetTable] = []
    places: list[str] = []
    try:
        with CalamineWorkbook.from_path(facts.path) as book:
            for number, name in enumerate(book.sheet_names, start=1):
                table, is_known = _look_at(facts, form, book.get_sheet_by_name(name), header_words)
                if table is not None:
                    (known if is_known else found).append(table)
                    places += [str(number)] if is_known else []
    except PasswordError:
        raise InputError("the workbook is protected", where=where, expected="one without a password") from None
    except (CalamineError, OSError, ValueError) as error:
        raise InputError(f"the workbook cannot be read ({type(error).__name__})", where=where) from None
    if len(known) > 1:
        what = f"several sheets hold a register: numbers {', '.join(places)}"
        raise InputError(what, where=where, expected="one register a file")
    if not known and not found:
        raise InputError("no header in the first ten rows of any sheet", where=where, expected="a row of column names")
    return (known or found)[0]


def write_cell(cell: Cell) -> str:
    """A cell as text: numbers in full, dates as ``1985-04-03``, instants as ``1985-04-03T14:05:00``."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return write_number(repr(cell))
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(timespec="seconds")
    if isinstance(cell, (datetime.date, datetime.time)):
        return cell.isoformat()
    return str(cell)


def sheet_line(table: Table, line: int) -> str:
    """The cells of one row, parted by tabs."""
    if isinstance(table, SheetTable):
        for number, row in _numbered(_sheet(table.path, table.sheet)):
            if number == line:
                return "\t".join(map(write_cell, row)).rstrip("\t")
    return ""


def reason_of(text: str) -> str:
    """Why a cell cannot be used, or nothing."""
    if len(text) > FIELD_LIMIT:
        return "field-too-long"
    return "nul-byte" if "\0" in text else ""


def _look_at(
    facts: FileFacts, form: str, sheet: CalamineSheet, header_words: frozenset[str]
) -> tuple[SheetTable | None, bool]:
    first: list[tuple[int, list[str]]] = []
    for line, row in _numbered(sheet):
        texts = [write_cell(cell) for cell in row]
        if any(map(str.strip, texts)):
            first.append((line, texts))
        if len(first) == HEADER_ROWS:
            break
    index = find_header([texts for _, texts in first], header_words)
    if index is None:
        return None, False
    line, header = first[index]
    cells = name_columns(header, where=str(facts.path), line=line)
    while cells and not cells[-1]:
        cells = cells[:-1]
    table = SheetTable(
        facts=facts,
        sheet=sheet.name,
        columns=tuple(name for name in cells if name),
        cells=cells,
        header_line=line,
        format=form,
        rows_estimate=max(0, sheet.total_height - line),
    )
    return table, count_known(header, header_words) >= 2


def _sheet(path: Path, name: str) -> CalamineSheet:
    with CalamineWorkbook.from_path(path) as book:
        return book.get_sheet_by_name(name)


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Cell]]]:
    """Rows from the sheet's first with their 1-based numbers, cells from its column A."""
    for number, row in enumerate(sheet.iter_rows(), start=1):
        yield number, list(row)


def _refuse_bomb(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        raise InputError("the workbook is damaged", where=str(path), expected="an XLSX file") from None
    if size > UNPACKED_LIMIT:
        raise InputError("the workbook unpacks to more than 1 GiB", where=str(path), expected="CSV or Parquet")
