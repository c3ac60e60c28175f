"""The consolidated list of the UK Office of Financial Sanctions Implementation, CSV (until January 2026).

A first line ``Last Updated,<date>``, a header, then one row a name and birth date; the rows of one ``Group ID`` are one
person, entity or ship. Columns of 2014 and of the later edition (names in other scripts, alias quality) are both read.
Source: OFSI, "Financial sanctions: consolidated list format guide".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

from netpursuit.errors import InputError
from netpursuit.records import (
    Address,
    Document,
    DocumentKind,
    Entry,
    EntryKind,
    ListHeader,
    ListItem,
    Name,
    NameKind,
    Person,
)
from netpursuit.sources.lists.fields import clean, country_code, parse_day, parse_sex
from netpursuit.sources.lists.published import (
    SUPERSEDED,
    BirthDates,
    BrokenRecordError,
    converted,
    country_codes,
    country_within,
    described,
    joined_names,
    name_kind,
    numbered,
    once,
    published_warrant,
    read_document,
    rejection,
    unlisted,
)
from netpursuit.sources.lists.published_files import ListFile, all_match, checked_head, csv_rows, list_files, newest

PUBLISHER: Final = "HM Treasury, Office of Financial Sanctions Implementation"
PAGE: Final = "https://www.gov.uk/government/publications/financial-sanctions-consolidated-list-of-targets"
_EXPECTED = "the OFSI consolidated list as CSV: 'Last Updated,<date>', then a header with 'Group ID'"
_HEAD = re.compile(r'\A\W*"?Last Updated"?,"?(\d\d/\d\d/\d{4})"?.*?\n[^\n]*\bName 6\b[^\n]*\bGroup ID\b', re.S)
_KINDS = {
    "individual": EntryKind.PERSON,
    "entity": EntryKind.ORGANISATION,
    "ship": EntryKind.VESSEL,
}
_NAME_PARTS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_PRIMARY = frozenset({"prime alias", "primary name", "prime"})
_UN_REF = re.compile(r"\(?UN Ref[^\w]*([A-Z]{1,3}[\w.]*\d)", re.I)

Row = dict[str, str]


@dataclass(slots=True)
class Group:
    """The rows of one group, in file order, with the line of the first."""

    line: int
    rows: list[Row] = field(default_factory=list)

    def values(self, column: str) -> tuple[str, ...]:
        return once(row.get(column) for row in self.rows)


class UkConlistReader:
    """Groups in the order of their first rows. All rows of a file are held until its end: groups are scattered."""

    format = "uk-conlist-csv"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _HEAD)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _EXPECTED)
        updated = [_updated(path) for path in paths]
        return ListHeader(
            format=self.format,
            published_on=max((day for day in updated if day), default=None),
            publisher=PUBLISHER,
            title="Consolidated List of Financial Sanctions Targets in the UK",
        )

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        files = list_files(paths, _EXPECTED)
        in_force = newest(files, [_updated(file.path) for file in files])
        for at, file in enumerate(files):
            yield from self._read_file(file, superseded=at not in in_force)

    def _read_file(self, file: ListFile, *, superseded: bool) -> Iterator[ListItem]:
        groups: dict[str, Group] = {}
        rows = csv_rows(file.path)
        next(rows, None)
        _, names = next(rows, (0, None))
        if not names or "Group ID" not in (columns := [clean(name) for name in names]):
            raise InputError("no column 'Group ID'", where=file.path.name, line=2, expected=_EXPECTED)
        for line, cells in rows:
            row = dict(zip(columns, cells, strict=False)) if cells and len(cells) == len(columns) else {}
            group_id = clean(row.get("Group ID"))
            if group_id:
                groups.setdefault(group_id, Group(line)).rows.append(row)
            elif row:
                yield rejection(file.at(line), BrokenRecordError("Group ID", "no-id"))
            else:
                yield rejection(file.at(line), BrokenRecordError("", "entry-columns"), entry_id=_last_number(cells))
        for group_id, group in groups.items():
            place = file.at(group.line)
            if superseded:
                yield unlisted(SUPERSEDED, place)
            else:
                yield converted(partial(entry_of, group_id, group, file), place, entry_id=group_id)


def _updated(path: Path) -> date | None:
    found = _HEAD.match(checked_head(path, _EXPECTED))
    return parse_day(found[1]) if found else None


def _last_number(cells: list[str] | None) -> str:
    """The group id of a row whose columns are off: it is the last cell."""
    last = clean(cells[-1]) if cells else ""
    return last if last.isdigit() else ""


def entry_of(group_id: str, group: Group, file: ListFile) -> Entry:
    """One group. Raises ``BrokenRecordError`` for an unknown type, or no name."""
    types = {value.casefold() for value in group.values("Group Type")}
    kind = _KINDS.get(next(iter(types))) if len(types) == 1 else None
    if kind is None:
        raise BrokenRecordError("Group Type", "entry-kind", "Individual, Entity or Ship")
    births = BirthDates()
    for written in group.values("DOB"):
        for item in numbered(written):
            births.add(item)
    remarks = group.values("Other Information")
    return Entry(
        entry_id=group_id,
        kind=kind,
        person=Person(
            names=joined_names(name for row in group.rows for name in _names(row, person=kind is EntryKind.PERSON)),
            birth_dates=births.dates,
            sex=next((sex for value in group.values("Gender") if (sex := parse_sex(value))), None),
            nationalities=country_codes(group.values("Nationality")),
            documents=_documents(group),
            phones=once(item for value in group.values("Phone Number") for item in numbered(value)),
            emails=once(item for value in group.values("Email Address") for item in numbered(value)),
            addresses=tuple(dict.fromkeys(address for row in group.rows if (address := _address(row)))),
        ),
        source=file.at(group.line).source,
        programmes=group.values("Regime"),
        warrant=published_warrant(PUBLISHER, document_number=_un_reference(remarks)),
        listed_on=min((day for value in group.values("Listed On") if (day := parse_day(value))), default=None),
        link=PAGE,
        description=described(*group.values("Position"), births.description, *remarks),
        birth_places=_birth_places(group),
    )


def _un_reference(remarks: tuple[str, ...]) -> str:
    found = next((match for remark in remarks if (match := _UN_REF.search(remark))), None)
    return found[1].rstrip(".") if found else ""


def _names(row: Row, *, person: bool) -> Iterator[Name]:
    alias = clean(row.get("Alias Type")).casefold()
    weak = clean(row.get("Alias Quality")).casefold().startswith("low")
    kind = (
        NameKind.PRIMARY
        if alias in _PRIMARY
        else NameKind.FORMER
        if "fka" in alias or "f.k.a" in alias
        else NameKind.ALIAS
    )
    parts = [clean(row.get(part)) for part in _NAME_PARTS]
    given, family = " ".join(part for part in parts[:-1] if part), parts[-1]
    both = person and given and family
    written = " ".join(part for part in (given, family) if part)
    yield Name(
        text=written,
        kind=name_kind(written, kind),
        weak=weak,
        family=family if both else "",
        given=given if both else "",
    )
    for native in numbered(row.get("Name Non-Latin Script")):
        yield Name(text=native, kind=NameKind.NATIVE, weak=weak)


def _documents(group: Group) -> tuple[Document, ...]:
    """Numbers and their details stand in one column (2014) or in two."""
    found: dict[tuple[str, DocumentKind], Document] = {}
    for row in group.rows:
        for number, details, kind in (
            ("Passport Number", "Passport Details", DocumentKind.PASSPORT),
            ("National Identification Number", "National Identification Details", DocumentKind.NATIONAL_ID),
            ("NI Number", "", DocumentKind.NATIONAL_ID),
        ):
            numbers, remarks = numbered(row.get(number)), numbered(row.get(details))
            pairs = (
                zip(numbers, remarks, strict=True)
                if len(numbers) == len(remarks)
                else ((item, " ".join(remarks)) for item in numbers)
                if numbers
                else ((item, "") for item in remarks)
            )
            for item, remark in pairs:
                document = read_document(item, kind=kind, country=country_within(remark), note=remark)
                if document:
                    found.setdefault((document.number, document.kind), document)
    return tuple(found.values())


def _address(row: Row) -> Address | None:
    lines = [row.get(f"Address {number}") for number in range(1, 7)]
    postcode, country = clean(row.get("Post/Zip Code")), clean(row.get("Country"))
    text = ", ".join(once([*lines, postcode, country]))
    if not text:
        return None
    return Address(text=text, city=clean(row.get("Address 6")), postcode=postcode, country=country_code(country))


def _birth_places(group: Group) -> tuple[str, ...]:
    places: list[str] = []
    for row in group.rows:
        towns, countries = numbered(row.get("Town of Birth")), numbered(row.get("Country of Birth"))
        if len(towns) == len(countries):
            places += (", ".join(once(pair)) for pair in zip(towns, countries, strict=True))
        else:
            country = countries[0] if len(countries) == 1 else ""
            places += (", ".join(once([town, country])) for town in towns or [""])
    return once(places)
