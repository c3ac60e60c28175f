"""Delimited text: lines of bounded length, records over several lines, and recovery from broken quotes.

Records follow RFC 4180 with any one-character delimiter. A quote that is never closed costs only the line it stands
on: the lines behind it are read again as records of their own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import NamedTuple, TextIO

from netpursuit.errors import InputError
from netpursuit.ports.blocks import Block
from netpursuit.records import Rejected
from netpursuit.sources.tables.headers import HEADER_ROWS, count_known, find_header, name_columns
from netpursuit.sources.tables.table import FIELD_LIMIT, FileFacts, Row

DELIMITERS = ("\t", ",", ";", "|")
LINE_LIMIT = 1 << 20  # characters of one physical line
HEAD_LIMIT = 1 << 18  # characters in which delimiter and header are looked for
OPEN_LIMIT = 1 << 24  # characters looked through for a closing quote
BLOCK_CHARACTERS = 1 << 16  # read at once where nothing stands in the way
_TRIES = 64  # lines with odd quotes looked at for a closing one

UNREADABLE = re.compile("[\ud800-\udfff]")  # lone surrogates: what could not be decoded


class Line(NamedTuple):
    """A physical line with its end; one that is ``too_long`` is not kept. ``odd``: an odd number of quotes."""

    number: int
    text: str
    odd: bool
    too_long: bool


class Record(NamedTuple):
    """Cells, or the reason why there are none (``column`` counts from 0, -1 for the whole row)."""

    line: int
    cells: list[str]
    reason: str = ""
    column: int = -1


def open_text(path: Path, encoding: str) -> TextIOWrapper:
    """Bytes that cannot be decoded become lone surrogates, so that only their row is lost.

    UTF-16 has no such way out where the file ends within a character, nor has UTF-32: there they become U+FFFD.
    """
    errors = "surrogateescape"
    if encoding.startswith(("utf-16", "utf_16")):
        errors = "replace" if path.stat().st_size % 2 else "surrogatepass"
    elif encoding.startswith(("utf-32", "utf_32")):
        errors = "replace"
    return path.open("r", encoding=encoding, errors=errors, newline="")


def open_text_at(path: Path, encoding: str, offset: int) -> TextIOWrapper:
    """The text from a byte on, where a line begins."""
    file = path.open("rb")
    file.seek(offset)
    return TextIOWrapper(file, encoding=encoding, errors="surrogateescape", newline="")


class Lines:
    """Physical lines ended by LF, CR or CRLF, never more than ``LINE_LIMIT`` characters in memory.

    ``number`` is that of the next line; a file begins with 1.
    """

    def __init__(self, file: TextIO, first: int = 1) -> None:
        self.number = first
        self._file, self._wide = file, file.errors == "replace"
        self._ahead: TextIO | None = None  # of a block that is read line by line after all

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        text, number = self._readline(), self.number
        if number == 1:
            text = text.removeprefix("\ufeff")
        if not text:
            raise StopIteration
        self.number += 1
        if len(text) < LINE_LIMIT - 1 or text.endswith(("\n", "\r")):
            if self._wide and "\ufffd" in text:
                text = text.replace("\ufffd", "\udcff")
            return Line(number, text, text.count('"') % 2 == 1, too_long=False)
        while (more := self._readline()) and not more.endswith(("\n", "\r")):
            pass
        return Line(number, "", odd=False, too_long=True)

    def _readline(self) -> str:
        if self._ahead is None:
            return self._file.readline(LINE_LIMIT)
        text = self._ahead.readline(LINE_LIMIT)
        if text.endswith(("\n", "\r")) or len(text) == LINE_LIMIT:
            return text
        self._ahead = None
        return text + self._file.readline(LINE_LIMIT - len(text))

    def block(self) -> list[str] | None:
        """Some whole lines at once, none at the end; None where the next ones need a closer look: then they are read
        one by one."""
        if self._ahead is not None:
            return None
        text = self._file.read(BLOCK_CHARACTERS) + self._file.readline(LINE_LIMIT)
        lines = StringIO(text, newline="").readlines()
        if _is_plain(text, lines) and not (self._wide and "\ufffd" in text):
            return lines
        self._ahead = StringIO(text, newline="")
        return None

    def give_back(self, lines: list[str]) -> None:
        """Read lines that ``block`` gave last one by one after all."""
        self._ahead = StringIO("".join(lines), newline="")


def lines_of(file: TextIO, *, first: int = 1) -> Lines:
    """The lines of a text; ``first`` is the number of the first one."""
    return Lines(file, first)


def _is_plain(text: str, lines: list[str]) -> bool:
    """Whether every line is a record of its own and holds nothing that would be rejected, as far as can be told before
    it is parted into cells."""
    if "\0" in text or "\x1a" in text or max(map(len, lines), default=0) > FIELD_LIMIT:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:  # what could not be decoded
        return False
    return '"' not in text or not any(line.count('"') & 1 for line in lines)


class Records:
    """Records of a text file. ``width`` (columns of the header) may be set once it is known: only then can a record
    over several lines be told from a stray quote."""

    def __init__(self, lines: Iterator[Line], delimiter: str) -> None:
        self._sources: list[Iterator[Line]] = [lines]  # the last one first: lines to be read again lie above the file
        self._delimiter = delimiter
        self.width: int | None = None

    def __iter__(self) -> Iterator[Record]:
        while (line := self._next()) is not None:
            record = self._record(line)
            if record is not None:
                yield record

    @property
    def goes_back(self) -> bool:
        """Whether lines are to be read again before the file goes on."""
        return len(self._sources) > 1

    def _next(self) -> Line | None:
        while self._sources:
            if (line := next(self._sources[-1], None)) is not None:
                return line
            self._sources.pop()
        return None

    def _record(self, line: Line) -> Record | None:
        if line.too_long:
            return Record(line.number, [], "field-too-long")
        text = line.text
        if not line.odd:
            try:
                cells = next(csv.reader((text,), delimiter=self._delimiter))
            except StopIteration:
                return None
            except csv.Error:  # a field beyond the csv module's own limit
                return Record(line.number, [], "field-too-long")
            if not (cells and cells[-1].endswith(("\n", "\r"))):
                return None if text.isspace() or text == "\x1a" else _checked(line.number, text, cells)
        elif closed := split_strict(text, self._delimiter):
            return _checked(line.number, text, closed)
        return self._over_lines(line)

    def _over_lines(self, first: Line) -> Record:
        """A record whose quote is closed on a later line; else a rejection, and the later lines are read again."""
        parts = [first.text]
        size = tries = 0
        while size < OPEN_LIMIT and tries < _TRIES and (line := self._next()) is not None:
            if line.too_long:
                self._sources.append(iter([line]))
                break
            parts.append(line.text)
            size += len(line.text)
            if not line.odd:
                continue
            tries += 1
            text = "".join(parts)
            cells = split_strict(text, self._delimiter)
            if cells:
                if self.width is None or _fits(cells, self.width):
                    return _checked(first.number, text, cells)
                break
            if cells is None:
                break
        again = StringIO("".join(parts[1:]), newline="")
        self._sources.append(lines_of(again, first=first.number + 1))
        return Record(first.number, [], "unclosed-quote")


def split_strict(text: str, delimiter: str) -> list[str] | None:
    """The cells of one record: empty where a quote is still open at the end, None where the text is more than one
    record or has something behind a closing quote."""
    quoted, bare = _patterns(delimiter)
    cells: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            match = quoted.match(text, at)
            if match is None:
                return []
            cells.append(match[1].replace('""', '"'))
        else:
            match = bare.match(text, at)
            assert match is not None  # the pattern matches the empty string
            cells.append(match[0])
        at = match.end()
        if at == len(text) or text[at:] in ("\n", "\r", "\r\n"):
            return cells
        if not text.startswith(delimiter, at):
            return None
        at += 1


def read_head(path: Path, encoding: str) -> str:
    """The first lines, ``HEAD_LIMIT`` characters at most and whole where there are more."""
    with open_text(path, encoding) as file:
        head = file.read(HEAD_LIMIT).removeprefix("\ufeff")
    if len(head) < HEAD_LIMIT - 1:
        return head
    return head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head


def sniff_delimiter(path: Path, encoding: str, header_words: frozenset[str]) -> str:
    """The delimiter that gives most known header words, then most rows of the same width above one, then most columns.

    A first line ``sep=;`` (Excel's) decides. A file with none of the delimiters is one column wide: ``,``.
    """
    head = read_head(path, encoding)
    stated = head[:7].strip()
    if len(stated) == 5 and stated[:4].lower() == "sep=" and stated[4] in DELIMITERS:
        return stated[4]
    best, best_score = ",", (0, 0.0, 0)
    for delimiter in DELIMITERS:
        lines = lines_of(StringIO(head, newline=""))
        records = [record.cells for record, _ in zip(Records(lines, delimiter), range(30), strict=False)]
        widths = [len(cells) for cells in records if len(cells) > 1]
        if not widths:
            continue
        known = max(count_known(cells, header_words) for cells in records[:HEADER_ROWS])
        widest = max(set(widths), key=widths.count)
        score = (known, round(widths.count(widest) / len(records), 1), widest)
        if score > best_score:
            best, best_score = delimiter, score
    return best


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTable:
    """Delimited text; see ``Table``."""

    facts: FileFacts
    columns: tuple[str, ...]
    cells: tuple[str, ...]  # the header with its unnamed cells
    header_line: int
    format: str
    encoding: str
    delimiter: str

    @property
    def path(self) -> Path:
        return self.facts.path

    @property
    def file_digest(self) -> str:
        return self.facts.digest

    @property
    def rows_estimate(self) -> int | None:
        return max(0, self.facts.line_ends - self.header_line)

    def rows(self) -> Iterator[Row | Rejected]:
        with open_text(self.path, self.encoding) as file:
            yield from filter(None, self._rows_of(Records(lines_of(file), self.delimiter)))

    def _rows_of(self, records: Records) -> Iterator[Row | Rejected | None]:
        """What becomes of each record from the header on; None where it is no row."""
        width, named = len(self.cells), all(self.cells)
        for record in records:
            if record.line > self.header_line:
                yield self._row(record, named)
            elif record.line == self.header_line:
                records.width = width
                yield None

    def blocks(self) -> Iterator[Row | Rejected | Block]:
        """As ``rows``, but for rows in which nothing is out of the way blocks of them."""
        with open_text(self.path, self.encoding) as file:
            lines = lines_of(file)
            records = Records(lines, self.delimiter)
            for row in self._rows_of(records):
                if row is not None:
                    yield row
                while not records.goes_back and (block := self._block(lines)) is not None:
                    yield block

    def _block(self, lines: Lines) -> Block | None:
        texts = lines.block()
        if not texts:
            return None
        columns = _columns(texts, self.delimiter, len(self.cells))
        if columns is None:
            lines.give_back(texts)
            return None
        numbers = range(lines.number, lines.number + len(texts))
        lines.number += len(texts)
        kept = [(name, column) for name, column in zip(self.cells, columns, strict=True) if name]
        return Block(numbers, tuple(name for name, _ in kept), tuple(column for _, column in kept))

    def row_at(self, line: int, offset: int) -> Row | Rejected | None:
        """The row that begins on a line, at a byte of the file."""
        with open_text_at(self.path, self.encoding, offset) as file:
            records = Records(lines_of(file, first=line), self.delimiter)
            records.width = len(self.cells)
            record = next(iter(records), None)
        return None if record is None else self._row(record, all(self.cells))

    def _row(self, record: Record, named: bool) -> Row | Rejected | None:
        names, width = self.cells, len(self.cells)
        if record.reason:
            column = names[record.column] if 0 <= record.column < width else ""
            return self.facts.reject(record.line, record.reason, column=column, expected=_expected(record.reason))
        if not any(record.cells) or not any(map(str.strip, record.cells)):
            return None
        if not _fits(record.cells, width):
            return self.facts.reject(record.line, "ragged-row", expected=f"{width} cells")
        if named:
            return Row(record.line, dict(zip(names, record.cells, strict=False)))
        return Row(record.line, {name: cell for name, cell in zip(names, record.cells, strict=False) if name})


def open_text_table(facts: FileFacts, encoding: str, delimiter: str, header_words: frozenset[str]) -> TextTable:
    """Find delimiter (where none is given) and header. Raises ``InputError`` where there is no header."""
    where = str(facts.path)
    delimiter = delimiter or sniff_delimiter(facts.path, encoding, header_words)
    head = read_head(facts.path, encoding)
    if len(head) >= HEAD_LIMIT - 1 and not head.endswith(("\n", "\r")):
        raise InputError(
            "the first line is too long for a header", where=where, line=1, expected=f"at most {HEAD_LIMIT} characters"
        )
    lines = lines_of(StringIO(head, newline=""))
    first: list[Record] = []
    for record in Records(lines, delimiter):
        if record.line > 1 or not _states_separator(record.cells):
            first.append(record)
        if len(first) == HEADER_ROWS:
            break
    found = find_header([record.cells for record in first], header_words)
    if found is None:
        raise InputError("no header in the first ten rows", where=where, expected="a row of column names")
    header = first[found]
    cells = name_columns(header.cells, where=where, line=header.line)
    while cells and not cells[-1]:
        cells = cells[:-1]
    return TextTable(
        facts=facts,
        columns=tuple(name for name in cells if name),
        cells=cells,
        header_line=header.line,
        format="tsv" if delimiter == "\t" else "csv",
        encoding=encoding,
        delimiter=delimiter,
    )


def _columns(lines: list[str], delimiter: str, width: int) -> list[tuple[str, ...]] | None:
    """The cells of plain lines by column; None where one of them is not one row of the width."""
    try:
        records = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return None
    # A quote that a line leaves open takes in the next one; of the last line its end.
    if len(records) != len(lines) or len(set(map(len, records))) > 1 or len(records[0]) < width:
        return None
    columns = list(zip(*records, strict=True))
    if columns[-1][-1].endswith(("\n", "\r")) or any(map(_says_something, columns[width:])):
        return None
    if not all(map(str.strip, columns[0])) and not all(any(map(str.strip, record)) for record in records):
        return None
    return columns[:width]


def _says_something(column: tuple[str, ...]) -> bool:
    return any(map(str.strip, column))


def _states_separator(cells: list[str]) -> bool:
    return bool(cells) and cells[0].strip().lower()[:4] == "sep="


def _checked(line: int, text: str, cells: list[str]) -> Record:
    if "\0" in text:
        return Record(line, [], "nul-byte")
    if not text.isascii() and UNREADABLE.search(text):
        return Record(line, [], "undecodable")
    if len(text) > FIELD_LIMIT:
        for column, cell in enumerate(cells):
            if len(cell) > FIELD_LIMIT:
                return Record(line, [], "field-too-long", column)
    return Record(line, cells)


def _fits(cells: list[str], width: int) -> bool:
    """A row may end in delimiters behind which nothing stands."""
    return len(cells) == width or (len(cells) > width and not any(cell.strip() for cell in cells[width:]))


def _expected(reason: str) -> str:
    return f"at most {FIELD_LIMIT} characters" if reason == "field-too-long" else ""


def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    # re keeps compiled patterns by itself; there are only four delimiters.
    return re.compile(r'"([^"]*(?:""[^"]*)*)"'), re.compile(rf"[^{re.escape(delimiter)}\r\n]*")
