"""OFAC's legacy CSV set: ``sdn`` or ``cons_prim``, ``alt``, ``add`` and ``comments``, told apart by their columns.

No header; ``-0-`` is null; a file may end with the byte 0x1A. ``comments`` continues Remarks that were cut at 1,000
characters, in the middle of a word. The files state no date. Source: OFAC "SDN list data specification" (DAT_SPEC).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.records import Entry, EntryKind, ListHeader, ListItem, NameKind, Rejected
from netpursuit.sources.lists.fields import clean
from netpursuit.sources.lists.ofac_facts import PUBLISHER, Facts, entry_kind, list_title, name_kind, split_name
from netpursuit.sources.lists.ofac_remarks import read_remarks
from netpursuit.sources.lists.published import BrokenRecordError, RecordPlace, converted, rejection
from netpursuit.sources.lists.published_files import ListFile, head_text, list_files, text_encoding

_PRIMARY, _ALIASES, _ADDRESSES, _COMMENTS = "primary", "aliases", "addresses", "comments"
_WIDTHS = {_PRIMARY: 12, _ALIASES: 5, _ADDRESSES: 6, _COMMENTS: 2}
_TYPES = frozenset({"individual", "vessel", "aircraft", ""})
_ALIAS_TYPES = frozenset({"aka", "fka", "nka", "a.k.a.", "f.k.a.", "n.k.a."})


_EXPECTED = "OFAC's legacy CSV files (sdn or cons_prim, with alt, add and comments)"
_REMARKS_LENGTH = 1000  # the width of the field; what is longer goes on in the file of comments


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    values: tuple[str, ...]


@dataclass(slots=True)
class _Extras:
    """What the other files say of one entry number."""

    aliases: list[_Line] = field(default_factory=list)
    addresses: list[_Line] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


class OfacLegacyReader:
    """Entries from one or several legacy sets; rows of the other files that belong to no entry are rejected."""

    format = "ofac-legacy"

    def recognises(self, paths: Sequence[Path]) -> bool:
        parts = [_part(path) for path in paths]
        return _PRIMARY in parts and "" not in parts

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _EXPECTED)
        _parts(paths)
        return ListHeader(format=self.format, published_on=None, publisher=PUBLISHER, title=list_title(tuple(paths)))

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        files = list_files(paths, _EXPECTED)
        parts = _parts(paths)
        primary = [_Rows(file, _PRIMARY) for file, part in zip(files, parts, strict=True) if part == _PRIMARY]
        others = [_Rows(file, part) for file, part in zip(files, parts, strict=True) if part != _PRIMARY]
        extras: dict[str, _Extras] = defaultdict(_Extras)
        rejected = [item for rows in others for item in _gather(rows, extras)]
        seen: set[str] = set()
        for rows in primary:
            yield from _read_primary(rows, extras, seen)
        yield from rejected
        for rows in others:
            yield from _strays(rows, seen)


class _Rows:
    """One file of the set, read line by line: no value spans lines, so an open quotation mark breaks one row only."""

    def __init__(self, file: ListFile, part: str) -> None:
        self.file = file
        self.part = part

    def __iter__(self) -> Iterator[_Line | Rejected]:
        with self.file.path.open(encoding=text_encoding(self.file.path), newline=None) as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip("\x1a\ufeff \t\r\n"):
                    continue
                values = _split(line)
                if values is None or len(values) != _WIDTHS[self.part] or not values[0].isdigit():
                    # The number, where it can still be read, keeps the entry's previous version in force.
                    begin = line.partition(",")[0].strip(' "')
                    entry_id = begin if begin.isdigit() and self.part == _PRIMARY else ""
                    yield self.reject(number, "", "entry-bad-row", f"{_WIDTHS[self.part]} columns", entry_id)
                else:
                    yield _Line(number, values)

    def reject(self, line: int, column: str, reason: str, expected: str, entry_id: str = "") -> Rejected:
        return rejection(self.file.at(line), BrokenRecordError(column, reason, expected), entry_id=entry_id)


def _split(line: str) -> tuple[str, ...] | None:
    try:
        row = next(csv.reader([line.rstrip("\r\n\x1a")], strict=True))
    except (csv.Error, StopIteration):
        return None
    return tuple("" if value.strip() == "-0-" else value for value in row)


def _parts(paths: Sequence[Path]) -> list[str]:
    """Which file of the set each is. Raises ``InputError`` for a file that is none, and without a file of entries."""
    parts = [_part(path) for path in paths]
    for path, part in zip(paths, parts, strict=True):
        if not part:
            raise InputError("no file of OFAC's legacy set", where=path.name, expected=_EXPECTED)
    if _PRIMARY not in parts:
        names = ", ".join(path.name for path in paths)
        raise InputError("no file of entries", where=names, expected="sdn.csv or cons_prim.csv beside the others")
    return parts


def _part(path: Path) -> str:
    """Which file of the set this is, by its first rows; empty for none."""
    lines = head_text(path).splitlines()
    rows = [_split(line) for line in lines[: max(1, len(lines) - 1)][:50] if line.strip("\x1a\ufeff ")]
    return next((part for part in _WIDTHS if sum(_fits(part, row) for row in rows) * 2 > len(rows)), "")


def _fits(part: str, row: tuple[str, ...] | None) -> bool:
    if row is None or len(row) != _WIDTHS[part] or not row[0].isdigit():
        return False
    if part == _PRIMARY:
        return row[2].strip().casefold() in _TYPES
    if part == _ALIASES:
        return row[1].isdigit() and row[2].strip().casefold() in _ALIAS_TYPES
    return part == _COMMENTS or row[1].isdigit()


def _gather(rows: _Rows, extras: dict[str, _Extras]) -> Iterator[Rejected]:
    for row in rows:
        if isinstance(row, Rejected):
            yield row
        elif rows.part == _ALIASES:
            extras[row.values[0]].aliases.append(row)
        elif rows.part == _ADDRESSES:
            extras[row.values[0]].addresses.append(row)
        else:
            extras[row.values[0]].comments.append(row.values[1])


def _strays(rows: _Rows, seen: set[str]) -> Iterator[Rejected]:
    for row in rows:
        if isinstance(row, _Line) and row.values[0] not in seen:
            yield rows.reject(row.number, "ent_num", "entry-unknown", "the number of an entry of the list")


def _read_primary(rows: _Rows, extras: dict[str, _Extras], seen: set[str]) -> Iterator[ListItem]:
    for row in rows:
        if isinstance(row, Rejected):
            yield row
        elif row.values[0] in seen:
            yield rows.reject(row.number, "ent_num", "repeated-id", "each number once", row.values[0])
        else:
            place = rows.file.at(row.number)
            extra = extras.pop(row.values[0], _Extras())
            seen.add(row.values[0])
            yield converted(partial(_entry, row.values, extra, place), place, entry_id=row.values[0])


def _entry(values: tuple[str, ...], extra: _Extras, place: RecordPlace) -> Entry:
    entry_id, name, sdn_type, programmes, title, *vessel, remarks = values
    kind = entry_kind(sdn_type)
    person = kind is EntryKind.PERSON
    facts = Facts()
    facts.add_name(split_name(name, NameKind.PRIMARY, person=person, title=clean(title)))
    for programme in programmes.split("] ["):
        facts.add_programme(programme.strip("[] "))
    facts.add_note(title)
    for label, value in zip(("call sign", "type", "tonnage", "gross tonnage", "flag", "owner"), vessel, strict=True):
        facts.add_note(f"{label}: {clean(value)}" if clean(value) else "")
    for row in extra.aliases:
        alias = split_name(row.values[3], name_kind(row.values[2].strip()), person=person, title=clean(title))
        facts.add_name(alias)
        facts.add_note(row.values[4])
    for row in extra.addresses:
        _, _, street, city, country, note = row.values
        facts.add_address(street, city, country)
        facts.add_note(note)
    # The continuation goes on in the middle of a word, so nothing may be trimmed in between.
    cut = len(remarks) >= _REMARKS_LENGTH and not extra.comments
    read_remarks("".join((remarks, *extra.comments)), facts, person=person, cut=cut)
    return facts.entry(entry_id, kind, place.source)
