"""Lists in a table with a mapping file: a user's own list, to which A8 applies, or a published one in any layout."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from netpursuit.errors import InputError, SettingsError
from netpursuit.ids.dates import parse_date
from netpursuit.ids.documents import cut_by_spreadsheet
from netpursuit.policy.standing import REVIEW_WITHIN_DAYS
from netpursuit.records import (
    Address,
    AddressKind,
    Document,
    Entry,
    EntryKind,
    Instrument,
    ListChange,
    ListHeader,
    ListItem,
    Name,
    NameKind,
    Operation,
    PartialDate,
    Person,
    Rejected,
    Warrant,
)
from netpursuit.sources.lists.fields import clean, country_code, is_latin, parse_sex
from netpursuit.sources.lists.mapped_words import document_kind_of, instrument_of, kind_of, operation_of
from netpursuit.sources.lists.mapping import DEMANDED, SEPARATORS, Mapping, refuse_watched
from netpursuit.sources.lists.published import BrokenRecordError, RecordPlace, described, joined_names, rejection
from netpursuit.sources.tables import Row, Table, fold_header, open_table
from netpursuit.sources.tables.opening import read_line

# The groups that public registers name most often; a clause is dropped whole.
_DESCENT = re.compile(
    "民族|籍贯|籍貫|(?:汉|漢|回|藏|满|壮|苗|彝|蒙古|维吾尔|哈萨克|柯尔克孜|朝鲜|土家|布依|侗|瑶|白|傣|黎|畲|哈尼|东乡|撒拉)族"
)
_LATIN = re.compile("[A-Za-zÀ-ɏ]")


class MappedReader:
    """Reads tables through one mapping. Every row is an entry, a change (with ``operation``) or a rejection."""

    format = "mapped"

    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping

    def recognises(self, paths: Sequence[Path]) -> bool:
        """A mapping is always chosen by the user; whether it fits is said by ``header``."""
        return bool(paths)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        self._open(paths)
        mapping = self.mapping
        return ListHeader(
            format=self.format,
            published_on=mapping.list_date,
            publisher=mapping.publisher,
            title=mapping.title,
            own=mapping.own,
        )

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        for table, headers in self._open(paths):
            for row in table.rows():
                yield row if isinstance(row, Rejected) else self._item(row, headers, table)

    def _open(self, paths: Sequence[Path]) -> list[tuple[Table, dict[str, str]]]:
        if not paths:
            raise InputError("no file", expected="a table that the mapping describes")
        return [self._open_one(path) for path in paths]

    def _open_one(self, path: Path) -> tuple[Table, dict[str, str]]:
        mapping = self.mapping
        words = frozenset(mapping.columns.values())
        table = open_table(path, format=mapping.format, encoding=mapping.encoding, header_words=words)
        # A title above the header heads the list as much as its name does.
        above = tuple(read_line(table, line) for line in range(1, table.header_line))
        refuse_watched((path.stem, *above), path.name)
        folded = {fold_header(column): column for column in table.columns}
        headers, missing = {}, []
        for key, header in mapping.columns.items():
            found = header if header in table.columns else folded.get(fold_header(header))
            if found is None:
                missing.append(f"no column {header!r} (for {key})")
            else:
                headers[key] = found
        if missing:
            raise SettingsError(path.name, [*missing, f"the file has {', '.join(table.columns)}"])
        return table, headers

    def _item(self, row: Row, headers: dict[str, str], table: Table) -> ListItem:
        place = RecordPlace(file=table.path.name, digest=table.file_digest, line=row.line)
        cells = _Cells(row, headers, self.mapping)
        entry_id = ""
        try:
            entry_id = _entry_id(cells)
            if not self.mapping.is_delta:
                return _entry(cells, entry_id, place)
            operation = operation_of(cells.text("operation"))
            if operation is None:
                raise BrokenRecordError(
                    cells.column("operation"), "unknown-operation", ", ".join(item.value for item in Operation)
                )
            if operation is Operation.WITHDRAW:
                entry = Entry(entry_id=entry_id, kind=EntryKind.PERSON, person=Person(), source=place.source)
            else:
                entry = _entry(cells, entry_id, place)
            return ListChange(operation=operation, entry=entry)
        except BrokenRecordError as broken:
            return rejection(place, broken, entry_id=entry_id)


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row by the program's names; constants stand in for columns that are missing or empty."""

    row: Row
    headers: dict[str, str]
    mapping: Mapping

    def text(self, key: str) -> str:
        header = self.headers.get(key)
        return (clean(self.row.values[header]) if header else "") or self.mapping.constants.get(key, "")

    def column(self, key: str) -> str:
        """What a rejection names: the file's header, else the program's own name."""
        return self.headers.get(key, key)

    def several(self, key: str, *, names: bool = False) -> list[str]:
        """The values of one cell. A comma is part of a Latin name (``Smith, John``) unless the mapping states it."""
        header = self.headers.get(key)
        written = (self.row.values[header] if header else "") or self.mapping.constants.get(key, "")
        if not written:
            return []
        marks = self.mapping.separators
        if names and marks == SEPARATORS and _LATIN.search(written):
            marks = marks.replace(",", "").replace("，", "")
        # A line break between values must be seen before spaces are put in order.
        return list(dict.fromkeys(part for part in map(clean, re.split(f"[{re.escape(marks)}]", written)) if part))

    def is_numeric(self, key: str) -> bool:
        return self.headers.get(key) in self.row.numeric

    def when(self, key: str) -> PartialDate | None:
        text = self.text(key)
        if not text or not text.strip("0-/. "):
            return None
        found = parse_date(text, order=self.mapping.date_order)
        if found is None:
            raise BrokenRecordError(self.column(key), "entry-bad-date", "a date that a calendar has")
        return found

    def day(self, key: str) -> date | None:
        found = self.when(key)
        if found is None:
            return None
        if found.month is None or found.day is None:
            raise BrokenRecordError(self.column(key), "entry-bad-date", "a whole day")
        return date(found.year, found.month, found.day)


def _entry_id(cells: _Cells) -> str:
    """The id as stated; without such a column a digest of name, birth date and number, which an update keeps."""
    if "entry_id" in cells.headers:
        entry_id = cells.text("entry_id")
        if not entry_id:
            raise BrokenRecordError(cells.column("entry_id"), "no-id", "an id")
        return entry_id
    keys = ("name", "family_name", "given_name", "native_name", "birth_date", "id_number")
    digest = hashlib.sha256("\x1f".join(cells.text(key) for key in keys).encode()).hexdigest()
    return f"row-{digest[:12]}"


def _entry(cells: _Cells, entry_id: str, place: RecordPlace) -> Entry:
    category = cells.text("category")
    if cells.mapping.own:
        refuse_watched((category,), f"{place.file}:{place.line}")
    stated_kind = cells.text("kind")
    kind = kind_of(stated_kind) if stated_kind else EntryKind.PERSON
    if kind is None:
        raise BrokenRecordError(cells.column("kind"), "entry-kind", "person, organisation, vessel or aircraft")
    born = cells.when("birth_date")
    birth_place = cells.text("birth_place")
    person = Person(
        names=_names(cells),
        birth_dates=(born,) if born else (),
        sex=parse_sex(cells.text("sex")),
        nationalities=_countries(cells.several("nationality")),
        documents=_documents(cells),
        phones=tuple(cells.several("phone")),
        emails=tuple(cells.several("email")),
        addresses=_addresses(cells),
    )
    return Entry(
        entry_id=entry_id,
        kind=kind,
        person=person,
        source=place.source,
        programmes=(category,) if category else (),
        warrant=_warrant(cells),
        listed_on=cells.day("listed_on"),
        link=cells.text("link"),
        description=described(_without_descent(cells.text("description"))),
        birth_places=(birth_place,) if birth_place else (),
    )


def _names(cells: _Cells) -> tuple[Name, ...]:
    family, given = cells.text("family_name"), cells.text("given_name")
    parts = f"{given} {family}" if is_latin(family + given) else family + given
    names = [Name(text=cells.text("name") or parts.strip(), family=family, given=given)]
    for key, kind, weak in (
        ("native_name", NameKind.NATIVE, False),
        ("former_names", NameKind.FORMER, False),
        ("aliases", NameKind.ALIAS, False),
        ("weak_aliases", NameKind.ALIAS, True),
    ):
        texts = [cells.text(key)] if key == "native_name" else cells.several(key, names=True)
        names += [Name(text=text, kind=kind, weak=weak) for text in texts]
    if not names[0].text:
        names = [replace(name, kind=NameKind.PRIMARY) if name.kind is NameKind.NATIVE else name for name in names]
    try:
        return joined_names(names)
    except BrokenRecordError as broken:
        raise BrokenRecordError(cells.column("name"), broken.reason, broken.expected) from None


def _documents(cells: _Cells) -> tuple[Document, ...]:
    kind = document_kind_of(cells.text("id_type"))
    country = country_code(cells.text("id_country"))
    numeric = cells.is_numeric("id_number")
    documents = []
    for written in cells.several("id_number"):
        # An apostrophe or ="…" keeps a spreadsheet from reading a number as one.
        number = re.sub(r'^(?:="(.*)"|[\'‘’`＇]+(.*))$', r"\1\2", written).strip()
        if number:
            note = "truncated" if cut_by_spreadsheet(number, numeric) else ""
            documents.append(Document(number=number, kind=kind, country=country, note=note))
    return tuple(documents)


def _addresses(cells: _Cells) -> tuple[Address, ...]:
    kinds = (("registered_address", AddressKind.REGISTERED), ("address", AddressKind.RESIDENCE))
    return tuple(Address(text=text, kind=kind) for key, kind in kinds if (text := cells.text(key)))


def _without_descent(description: str) -> str:
    """A description without its clauses on ethnicity and native place, which are dropped on reading (A9).

    >>> _without_descent("身高175厘米，汉族，籍贯河南，戴眼镜")
    '身高175厘米，戴眼镜'
    """
    return "".join(part for part in re.split("(?<=[，。；、,;])", description) if not _DESCENT.search(part))


def _countries(texts: Sequence[str]) -> tuple[str, ...]:
    codes = (country_code(text) or country_code(re.sub("(?:国籍|籍|公民)$", "", text)) for text in texts)
    return tuple(dict.fromkeys(filter(None, codes)))


def _warrant(cells: _Cells) -> Warrant:
    """The warrant; of an own list all that A8 demands, or a rejection that names the first column that lacks."""
    mapping = cells.mapping
    if mapping.own:
        for key in DEMANDED:
            if not cells.text(key):
                raise BrokenRecordError(cells.column(key), "missing-warrant-field", f"the {key.replace('_', ' ')}")
    instrument = Instrument.PUBLISHED
    if mapping.own:
        stated = instrument_of(cells.text("instrument"))
        if stated is None:
            closed = ", ".join(item.value for item in Instrument if item is not Instrument.PUBLISHED)
            raise BrokenRecordError(cells.column("instrument"), "unknown-instrument", closed)
        instrument = stated
    review_by = cells.day("review_by")
    if mapping.own and review_by and mapping.list_date:
        last = mapping.list_date + timedelta(days=REVIEW_WITHIN_DAYS)
        if review_by > last:
            raise BrokenRecordError(cells.column("review_by"), "review-too-late", f"{last} or before")
    return Warrant(
        instrument=instrument,
        document_number=cells.text("document_number"),
        authority=cells.text("authority") or ("" if mapping.own else mapping.publisher),
        issuing_unit=cells.text("issuing_unit"),
        issuing_phone=cells.text("issuing_phone"),
        issue_date=cells.day("issue_date"),
        review_by=review_by,
        offence=cells.text("offence"),
    )
