"""Pairs of records as CSV: opened, checked and read with a word about whatever cannot be used."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError
from netpursuit.records import Person

CELL_LIMIT = 100_000  # characters; no name or address is longer, and comparing takes time with the square
_FIELD_LIMIT = 1 << 27  # what the CSV reader takes before it gives up on the file
_ROWS_AT_ONCE = 2_000
_SAID_AT_MOST = 20
REST = "\0rest"  # the cells of a row beyond its header


@contextmanager
def open_input(path: str) -> Iterator[IO[str]]:
    """A CSV file as text in whatever encoding it has, or standard input (UTF-8) for ``-``.

    Raises ``InputError`` for a file that is missing, empty or no text.
    """
    from netpursuit.sources.tables.encodings import choose_encoding, survey

    if path == "-":
        stream = io.TextIOWrapper(sys.stdin.buffer, encoding="utf-8-sig", newline="")
        try:
            yield stream
        finally:
            stream.detach()  # else it would close the process's own standard input with it
        return
    encoding = choose_encoding(survey(Path(path)), "", frozenset())
    with Path(path).open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
        yield file


@contextmanager
def open_output(path: str) -> Iterator[IO[str]]:
    """A new file that takes its name only when it is whole, or standard output for ``-``."""
    if path == "-":
        out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
        try:
            yield out
        finally:
            out.detach()
        return
    target = Path(path)
    temporary = target.with_name(f".{target.name}.part")
    try:
        with temporary.open("w", encoding="utf-8", newline="") as stream:
            yield stream
        temporary.replace(target)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=path, expected="a writable place") from None
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def long_fields() -> Iterator[None]:
    """Let the CSV reader take long fields; its limit is one for the whole process, so it is put back."""
    before = csv.field_size_limit(_FIELD_LIMIT)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def checked_columns(
    reader: csv.DictReader[str], pairs: str, *, reserved: Sequence[str] = (), own: Sequence[str] = ()
) -> list[str]:
    """The header; columns of ``own`` are the command's, those of ``reserved`` must not be there.

    Raises ``InputError`` where names are missing, or a column is unknown, double or reserved."""
    from netpursuit.sources.queries import KEYS

    try:
        columns = list(reader.fieldnames or ())
    except (csv.Error, UnicodeError) as error:
        raise InputError(f"not readable as CSV: {_reason(error)}", where=pairs, line=1, expected="CSV") from None
    sides = {f"{side}_{key}" for side in ("left", "right") for key in KEYS}
    if not {"left_names", "right_names"} <= set(columns):
        raise InputError("columns are missing", where=pairs, line=1, expected="left_names and right_names")
    if clash := [column for column in columns if column in reserved]:
        raise InputError(f"the column {clash[0]!r} would be overwritten", where=pairs, line=1)
    if double := [column for column in columns if columns.count(column) > 1]:
        raise InputError(f"the column {double[0]!r} stands there twice", where=pairs, line=1)
    if strange := [c for c in columns if c.startswith(("left_", "right_")) and c not in sides and c not in own]:
        raise InputError(f"unknown column {strange[0]!r}", where=pairs, line=1, expected=", ".join(sorted(sides)))
    return columns


class PairReport:
    """Rows into pairs of persons, with a word about whatever cannot be used."""

    def __init__(self, words: Catalogue, pairs: str, counts: dict[str, int], *, quiet: bool = False) -> None:
        self._words, self._pairs, self._counts, self._quiet = words, pairs, counts, quiet
        self._said = 0

    def persons(self, line: int, row: dict[str, Any]) -> tuple[Person, Person] | None:
        """Both sides of a row; None where the row cannot be used."""
        from netpursuit.sources.queries import readable_person

        ragged = REST in row or None in row.values()
        if ragged or any(len(value) > CELL_LIMIT for value in row.values()):
            self._counts["rejected"] += 1
            self._say("compare.ragged" if ragged else "compare.long", line)
            return None
        left, left_out = readable_person(row, prefix="left_")
        right, right_out = readable_person(row, prefix="right_")
        for column in (*left_out, *right_out):
            self._counts["left_out"] += 1
            self._say("compare.left-out", line, column=column)
        return left, right

    def end(self) -> None:
        """How much more there was than has been said."""
        if self._said > _SAID_AT_MOST and not self._quiet:
            click.echo(self._words("compare.more", count=self._said - _SAID_AT_MOST), err=True)

    def _say(self, key: str, line: int, **values: str) -> None:
        self._said += 1
        if self._said <= _SAID_AT_MOST and not self._quiet:
            click.echo(self._words(key, file=self._pairs, line=line, **values), err=True)


def row_chunks(reader: csv.DictReader[str], where: str) -> Iterator[list[tuple[int, dict[str, Any]]]]:
    """Rows with their line numbers. Raises ``InputError`` for a broken quote or text in another encoding."""
    chunk: list[tuple[int, dict[str, Any]]] = []
    try:
        for row in reader:
            chunk.append((reader.line_num, dict(row)))
            if len(chunk) == _ROWS_AT_ONCE:
                yield chunk
                chunk = []
    except (csv.Error, UnicodeError) as error:
        raise InputError(f"not readable as CSV: {_reason(error)}", where=where, line=reader.line_num + 1) from None
    if chunk:
        yield chunk


def _reason(error: Exception) -> str:
    return "the text is not UTF-8" if isinstance(error, UnicodeError) else str(error)
