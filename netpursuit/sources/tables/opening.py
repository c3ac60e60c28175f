"""Opening a table: which format, encoding and header."""

from __future__ import annotations

import zipfile
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.sources.tables.delimited import lines_of, open_text, open_text_table
from netpursuit.sources.tables.encodings import choose_encoding, survey
from netpursuit.sources.tables.headers import COMMON_HEADER_WORDS, fold_header
from netpursuit.sources.tables.json_lines import open_json_table
from netpursuit.sources.tables.parquet import open_parquet_table
from netpursuit.sources.tables.sheets import open_sheet_table, sheet_line
from netpursuit.sources.tables.table import FileFacts, Table

TABLE_FORMATS = ("csv", "tsv", "jsonl", "xlsx", "xls", "parquet")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def open_table(
    path: Path | str,
    *,
    format: str = "",  # noqa: A002 - the word of the settings files
    encoding: str = "",
    header_words: frozenset[str] = COMMON_HEADER_WORDS,
) -> Table:
    """Open a table of any format; what is not given is recognised by content, never by the file's name.

    ``header_words`` are folded here, so headers may be given as written; they find the header row, tell legacy
    encodings apart and choose the sheet. Raises ``InputError`` for a missing, empty, binary or damaged file, an
    unknown format or encoding, a missing header, and a header with a column twice.
    """
    path = Path(path)
    if format and format not in TABLE_FORMATS:
        raise InputError(f"unknown format {format!r}", where=str(path), expected=" or ".join(TABLE_FORMATS))
    words = frozenset(filter(None, map(fold_header, header_words)))
    facts = survey(path)
    form = _container(facts)
    if form:
        if format and format != form and {format, form} != {"xls", "xlsx"}:
            raise InputError(f"a file of format {form}", where=str(path), expected=format)
        return open_parquet_table(facts) if form == "parquet" else open_sheet_table(facts, form, words)
    if format in ("xlsx", "xls", "parquet"):
        raise InputError(f"not a file of format {format}", where=str(path), expected=format)
    codec = choose_encoding(facts, encoding, words)
    beginning = _beginning(path, codec)
    if not format and beginning[:6].lower() in ("<html>", "<table", "<!doct", "<html ", "<?xml ", "<style"):
        raise InputError("a web page or XML, not a table", where=str(path), expected="a file saved as XLSX or CSV")
    if format == "jsonl" or (not format and beginning.startswith("{")):
        return open_json_table(facts, codec)
    if not format and beginning.startswith("["):
        raise InputError("a JSON array", where=str(path), expected="JSON lines: one object a line")
    return open_text_table(facts, codec, "\t" if format == "tsv" else "", words)


def read_line(table: Table, line: int) -> str:
    """The text of one physical line (sheets: of one row, its cells parted by tabs; Parquet: nothing), at most about
    a million characters; empty where the file has no such line."""
    if table.format in ("xlsx", "xls"):
        return sheet_line(table, line)
    if table.format == "parquet":
        return ""
    with open_text(table.path, table.encoding) as file:
        found = next((each for each in lines_of(file) if each.number == line), None)
    if found is None:
        return ""
    return found.text.rstrip("\r\n").encode("utf-8", "replace").decode("utf-8")


def _beginning(path: Path, codec: str) -> str:
    with open_text(path, codec) as file:
        return file.read(4096).lstrip("\ufeff \t\r\n")[:64]


def _container(facts: FileFacts) -> str:
    """``xlsx``, ``xls``, ``parquet``, or nothing for text."""
    if facts.sample.startswith(b"PAR1"):
        return "parquet"
    if facts.sample.startswith(_OLE):
        return "xls"
    if not facts.sample.startswith(b"PK\x03\x04"):
        return ""
    try:
        with zipfile.ZipFile(facts.path) as archive:
            if any(name.startswith("xl/") for name in archive.namelist()):
                return "xlsx"
    except zipfile.BadZipFile:
        raise InputError("the file is damaged", where=str(facts.path), expected="an XLSX file") from None
    raise InputError("an archive, not a table", where=str(facts.path), expected="the unpacked file")
