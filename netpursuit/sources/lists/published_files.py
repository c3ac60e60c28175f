"""Files of published lists: their heads, XML records one at a time, CSV rows with their lines, JSON items likewise.

XML goes through defusedxml with document types forbidden, so that entity bombs and outside entities are refused.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from netpursuit.errors import InputError
from netpursuit.sources.lists.fields import digest_file
from netpursuit.sources.lists.published import RecordPlace

HEAD_BYTES = 8192
# What one line or one text may hold before it is no list any more but an attempt on the machine's memory.
LINE_LIMIT = 32 << 20
TEXT_LIMIT_BYTES = 32 << 20
JSON_LIMIT = 256 << 20  # read whole
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ListFile:
    """One file of a list with its digest, from which records take their places."""

    path: Path
    digest: str

    def at(self, line: int) -> RecordPlace:
        return RecordPlace(file=self.path.name, digest=self.digest, line=line)


def list_files(paths: Sequence[Path], expected: str) -> list[ListFile]:
    """The files, read once for their digests. Raises ``InputError`` for none, a missing, empty or binary one, and for
    one with an endless line."""
    if not paths:
        raise InputError("no file", expected=expected)
    for path in paths:
        if not checked_head(path, expected).lstrip().startswith("<"):
            _refuse_endless_line(path)
    return [ListFile(path, digest_file(path)) for path in paths]


def _refuse_endless_line(path: Path) -> None:
    length, number = 0, 1
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            ends = block.count(b"\n")
            last = max(block.rfind(b"\n"), block.rfind(b"\r"))
            length = len(block) - last - 1 if last >= 0 else length + len(block)
            number += ends
            if length > LINE_LIMIT:
                raise InputError(
                    "a line without an end", where=path.name, line=number, expected=f"at most {LINE_LIMIT >> 20} MiB"
                )


class _Bounded:
    """A file for the XML parser that stops where it is given no element for too long. ``given`` is set to 0 by whoever
    gets one."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file, self._path, self.given = file, path, 0

    def read(self, size: int = -1) -> bytes:
        block = self._file.read(size)
        self.given += len(block)
        if self.given > TEXT_LIMIT_BYTES:
            raise InputError(
                "a text without an end", where=self._path.name, expected=f"at most {TEXT_LIMIT_BYTES >> 20} MiB"
            )
        return block


def newest(files: Sequence[ListFile], dates: Sequence[date | None]) -> frozenset[int]:
    """Positions of the files in force: of several complete lists the latest; all where a file states no date.

    A list published anew replaces the one before; loading both would bring back people who were taken off it.
    """
    stated = [day for day in dates if day]
    if len(stated) != len(files):
        return frozenset(range(len(files)))
    return frozenset(at for at, day in enumerate(dates) if day == max(stated))


def checked_head(path: Path, expected: str) -> str:
    """The first kilobytes as text. Raises ``InputError`` for a missing, empty or binary file."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=path.name, expected=expected) from error
    if not head.strip():
        raise InputError("the file is empty", where=path.name, expected=expected)
    if b"\0" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise InputError("a binary file", where=path.name, expected=expected)
    return _decoded(head)


def head_text(path: Path) -> str:
    """The first kilobytes as text, or empty where there are none."""
    try:
        return checked_head(path, "")
    except InputError:
        return ""


def _decoded(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", errors="replace")
    return head.decode("utf-8-sig", errors="replace")


def all_match(paths: Sequence[Path], pattern: re.Pattern[str]) -> bool:
    """Whether the head of every file holds the pattern."""
    return bool(paths) and all(pattern.search(head_text(path)) for path in paths)


def local_name(tag: str) -> str:
    """An XML tag without its namespace."""
    return tag.rpartition("}")[2]


def xml_root(path: Path, expected: str) -> Element:
    """The root element with its attributes only. Raises ``InputError`` where the file is no XML or unsafe."""
    checked_head(path, expected)
    try:
        with path.open("rb") as file:
            for _, element in iterparse(_Bounded(file, path), events=("start",), forbid_dtd=True):
                return Element(local_name(element.tag), dict(element.attrib))
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _unusable_xml(path, error, expected) from error
    raise InputError("no element", where=path.name, expected=expected)


def xml_records(path: Path, names: frozenset[str], expected: str) -> Iterator[Element]:
    """Elements with one of these local names, complete and with namespaces taken off, streaming.

    Raises ``InputError`` after the last readable record where the file is cut short, malformed or unsafe.
    """
    open_elements: list[Element] = []
    inside = 0
    try:
        with path.open("rb") as file:
            bounded = _Bounded(file, path)
            for event, element in iterparse(bounded, events=("start", "end"), forbid_dtd=True):
                bounded.given = 0
                if event == "start":
                    open_elements.append(element)
                    inside += local_name(element.tag) in names
                    continue
                open_elements.pop()
                element.tag = local_name(element.tag)
                if element.tag in names:
                    inside -= 1
                    if not inside:
                        yield element
                if not inside and open_elements:
                    open_elements[-1].remove(element)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise _unusable_xml(path, error, expected) from error


def _unusable_xml(path: Path, error: Exception, expected: str) -> InputError:
    if isinstance(error, DefusedXmlException):
        return InputError("document types and entities are refused", where=path.name, expected=expected)
    line = error.position[0] if isinstance(error, ParseError) else None
    return InputError("malformed or cut short XML", where=path.name, line=line, expected=expected)


def child_text(element: Element, path: str) -> str:
    """The text of the first such child, or empty."""
    return element.findtext(path) or ""


def texts(element: Element, path: str) -> list[str]:
    """The texts of all such children that have one."""
    return [found.text for found in element.iterfind(path) if found.text and found.text.strip()]


def text_encoding(path: Path) -> str:
    """``utf-16`` by its mark, else ``utf-8-sig`` where all bytes are UTF-8, else ``cp1252``."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def csv_rows(path: Path, *, delimiter: str = ",") -> Iterator[tuple[int, list[str] | None]]:
    """Rows that are not blank with the 1-based line where each begins; None for a row that cannot be read."""
    with path.open(encoding=text_encoding(path), errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield line, None
                continue
            if any(cell.strip() for cell in row):
                yield line, row


_ARRAY_START = re.compile(r"\s*\[\s*")
_SPACE = re.compile(r"[\s,]*")


def json_items(path: Path, key: str, expected: str) -> Iterator[Any]:
    """The items of a JSON array, of the array under ``key`` of an object, or of a list of such objects.

    Raises ``InputError`` after the last readable item where the file is cut short or no such JSON.
    """
    if path.stat().st_size > JSON_LIMIT:
        raise InputError("too large", where=path.name, expected=f"at most {JSON_LIMIT >> 20} MiB of JSON")
    with path.open("rb") as file:
        raw = file.read()
    try:
        text = raw.decode("utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
        start = _array_start(text, key)
        if start is None:
            raise InputError(f"no items under {key!r}", where=path.name, expected=expected)
        decoder = json.JSONDecoder()
        at = start
        while text[at : at + 1] != "]":
            item, at = decoder.raw_decode(text, at)
            at = _SPACE.match(text, at).end()  # type: ignore[union-attr]
            if isinstance(item, dict) and isinstance(item.get(key), list):
                yield from item[key]
            else:
                yield item
    except (ValueError, RecursionError) as error:
        raise InputError("malformed or cut short JSON", where=path.name, expected=expected) from error


def _array_start(text: str, key: str) -> int | None:
    """Where the first item begins. Raises ``ValueError`` for malformed JSON before it."""
    if found := _ARRAY_START.match(text):
        return found.end()
    decoder, at = json.JSONDecoder(), text.find("{") + 1
    while at and text[(at := _SPACE.match(text, at).end()) : at + 1] == '"':  # type: ignore[union-attr]
        name, at = decoder.raw_decode(text, at)
        at = text.index(":", at) + 1
        if name == key and (found := _ARRAY_START.match(text, at)):
            return found.end()
        _, at = decoder.raw_decode(text, _SPACE.match(text, at).end())  # type: ignore[union-attr]
    return None


def split_row(text: str, delimiter: str) -> list[str]:
    """One row out of a text."""
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
