"""The consolidated list of persons and groups under financial sanctions of the European Union, CSV.

One row a name, birth date, address, document or citizenship; the rows of one logical id are one entry. Columns of the
short export and of the full one are both read. Source: European Commission, Financial Sanctions Files, CSV exports.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.records import (
    Address,
    Document,
    Entry,
    EntryKind,
    ListHeader,
    ListItem,
    Name,
    NameKind,
    Person,
)
from netpursuit.sources.lists.eu_terms import DOCUMENTS, PAGE, PUBLISHER, kind_of, list_header, take_birth
from netpursuit.sources.lists.fields import clean, country_code, parse_day, parse_sex
from netpursuit.sources.lists.published import (
    SUPERSEDED,
    BirthDates,
    BrokenRecordError,
    RecordPlace,
    converted,
    described,
    document_kind,
    joined_names,
    name_kind,
    once,
    published_warrant,
    rejection,
    unlisted,
)
from netpursuit.sources.lists.published_files import (
    ListFile,
    all_match,
    checked_head,
    csv_rows,
    list_files,
    newest,
    split_row,
)

_CSV_EXPECTED = "the EU consolidated list as CSV: ';' between columns, among them Entity_logical_id"
_CSV_HEAD = re.compile(r"\A\W*(?:Date_file|fileGenerationDate|Entity_)[^;\n]*;[^\n]*Entity_?logical_?id", re.I)
_CONTACT = re.compile(r"\b(PHONE|MOBILE|EMAIL)\[([^\]]*)\]", re.I)
_IN_BRACKETS = re.compile(r"\s*\(([^()]*(?:\([^()]*\))?[^()]*)\)")

# The columns of the short export and of the full one under one name each; compared without "_" and case.
_COLUMNS = {
    "entity": ("entitylogicalid",),
    "reference": ("euref num", "eurefnum", "entityeureferencenumber"),
    "generated": ("datefilexxxx", "datefile", "filegenerationdate"),
    "subject": ("subjecttype", "entitysubjecttypeclassificationcode", "entitysubjecttype"),
    "published": ("lebapublicationdate", "entityregulationpublicationdate"),
    "url": ("lebaurl", "entityregulationpublicationurl"),
    "programme": ("programme", "entityregulationprogramme"),
    "remark": ("entityremark",),
    "whole": ("naalwholename", "namealiaswholename"),
    "last": ("naallastname", "namealiaslastname"),
    "first": ("naalfirstname", "namealiasfirstname"),
    "middle": ("naalmiddlename", "namealiasmiddlename"),
    "gender": ("naalgender", "namealiasgender"),
    "function": ("naalfunction", "namealiasfunction"),
    "street": ("addrstreet", "addressstreet"),
    "house": ("addrnumber",),
    "postcode": ("addrzipcode", "addresszipcode"),
    "city": ("addrcity", "addresscity"),
    "country": ("addrcountry", "addresscountryiso2code"),
    "contact": ("addrother", "addresscontactinfo"),
    "born": ("birtdate", "birthdatebirthdate"),
    "born_year": ("birthdateyear",),
    "born_from": ("birthdateyearrangefrom",),
    "born_to": ("birthdateyearrangeto",),
    "born_circa": ("birthdatecirca",),
    "born_place": ("birtplace", "birthdatecity"),
    "born_country": ("birtcountry", "birthdatecountrydescription"),
    "number": ("idennumber", "identificationnumber"),
    "number_kind": ("identificationtypecode",),
    "number_country": ("idencountry", "identificationcountryiso2code"),
    "citizenship": ("citicountry", "citizenshipcountryiso2code"),
}

Row = dict[str, str]


class EuCsvReader:
    """Entities in the order of their first rows. All rows of a file are held until its end."""

    format = "eu-csv"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _CSV_HEAD)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _CSV_EXPECTED)
        return list_header(self.format, [_stated_in(path) for path in paths])

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        files = list_files(paths, _CSV_EXPECTED)
        in_force = newest(files, [_stated_in(file.path) for file in files])
        for at, file in enumerate(files):
            yield from _read_csv(file, superseded=at not in in_force)


def _stated_in(path: Path) -> date | None:
    """The date that every row of the CSV carries, taken from the first."""
    checked_head(path, _CSV_EXPECTED)
    row = next((row for _, row, _ in _rows(path) if row), None)
    return parse_day(row.get("generated")) if row else None


@dataclass(slots=True)
class _Rows:
    line: int
    rows: list[Row] = field(default_factory=list)

    def values(self, column: str) -> tuple[str, ...]:
        return once(row.get(column) for row in self.rows)


def _rows(path: Path) -> Iterator[tuple[int, Row | None, str]]:
    """Rows under the common column names, None where one cannot be read, with the entity's id as far as readable.

    Some exports quote each line as one field with tabs at its end; such a line is split once more.
    """
    names: list[str] = []
    for line, cells in csv_rows(path, delimiter=";"):
        if cells and len(cells) == 1 and ";" in cells[0]:
            cells = split_row(cells[0].rstrip("\t"), ";")
        if not names:
            folded = [re.sub(r"[\W_]", "", cell).casefold() for cell in cells or []]
            known = {alias: name for name, aliases in _COLUMNS.items() for alias in aliases}
            names = [known.get(column, "") for column in folded]
            if "entity" not in names:
                raise InputError("no column Entity_logical_id", where=path.name, line=line, expected=_CSV_EXPECTED)
            continue
        if not cells or len(cells) != len(names):
            at = names.index("entity")
            yield line, None, clean(cells[at]) if cells and len(cells) > at else ""
            continue
        row: Row = {}
        for name, cell in zip(names, cells, strict=True):
            if name and name not in row:  # Entity_logical_id stands once more before every part
                row[name] = clean(cell.replace("\\n", " "))
        yield line, row, row.get("entity", "")


def _read_csv(file: ListFile, *, superseded: bool) -> Iterator[ListItem]:
    groups: dict[str, _Rows] = {}
    for line, row, logical_id in _rows(file.path):
        if row is None:
            known = groups.get(logical_id)
            entry_id = next(iter(known.values("reference")), logical_id) if known else logical_id
            yield rejection(file.at(line), BrokenRecordError("", "entry-columns"), entry_id=entry_id)
        elif not logical_id:
            yield rejection(file.at(line), BrokenRecordError("Entity_logical_id", "no-id"))
        else:
            groups.setdefault(logical_id, _Rows(line)).rows.append(row)
    for logical_id, group in groups.items():
        place = file.at(group.line)
        entry_id = next(iter(group.values("reference")), logical_id)
        if superseded:
            yield unlisted(SUPERSEDED, place)
        else:
            yield converted(partial(_entry_of_rows, entry_id, group, place), place, entry_id=entry_id)


def _entry_of_rows(entry_id: str, group: _Rows, place: RecordPlace) -> Entry:
    kind = kind_of(next(iter(group.values("subject")), "").casefold())
    births = BirthDates()
    for row in group.rows:
        get = row.get
        circa = get("born_circa", "").casefold() == "true"
        span = (get("born_from", ""), get("born_to", ""))
        take_birth(births, get("born", "") or get("born_year", ""), span, circa=circa)
    contacts = [found for text in group.values("contact") for found in _CONTACT.findall(text)]
    return Entry(
        entry_id=entry_id,
        kind=kind,
        person=Person(
            names=joined_names(_row_names(group, person=kind is EntryKind.PERSON)),
            birth_dates=births.dates,
            sex=next((sex for value in group.values("gender") if (sex := parse_sex(value))), None),
            nationalities=once(country_code(value) for value in group.values("citizenship")),
            documents=tuple(dict.fromkeys(_row_documents(group))),
            phones=once(number for key, number in contacts if key.upper() != "EMAIL"),
            emails=once(address for key, address in contacts if key.upper() == "EMAIL"),
            addresses=tuple(dict.fromkeys(address for row in group.rows if (address := _row_address(row)))),
        ),
        source=place.source,
        programmes=group.values("programme"),
        warrant=published_warrant(PUBLISHER),
        listed_on=min((day for value in group.values("published") if (day := parse_day(value))), default=None),
        link=next(iter(group.values("url")), PAGE),
        description=described(*group.values("function"), births.description, *group.values("remark")),
        birth_places=once(", ".join(once([row.get("born_place"), row.get("born_country")])) for row in group.rows),
    )


def _row_names(group: _Rows, *, person: bool) -> Iterator[Name]:
    first = True
    for row in group.rows:
        get = row.get
        given = clean(f"{get('first', '')} {get('middle', '')}")
        text = get("whole", "") or clean(f"{given} {get('last', '')}")
        if not text or "??" in text:  # letters that an export in a Western code page could not hold
            continue
        both = person and given and get("last", "")
        yield Name(
            text=text,
            kind=NameKind.PRIMARY if first else name_kind(text),
            family=get("last", "") if both else "",
            given=given if both else "",
        )
        first = False


def _row_documents(group: _Rows) -> Iterator[Document]:
    """``AD001095 (passport-National passport) (issued 1997)``: the number, its kind, remarks."""
    for row in group.rows:
        written = row.get("number", "")
        number = clean(written.partition(" (")[0])
        if not number:
            continue
        remarks = [part.strip("()? ") for part in _IN_BRACKETS.findall(written[len(number) :])]
        code = (row.get("number_kind") or (remarks[0].partition("-")[0] if remarks else "")).casefold()
        yield Document(
            number=number,
            kind=DOCUMENTS.get(code) or document_kind(" ".join(remarks[:1])),
            country=country_code(row.get("number_country")),
            note="; ".join(once(remarks)),
        )


def _row_address(row: Row) -> Address | None:
    country = row.get("country", "")
    street = clean(f"{row.get('street', '')} {row.get('house', '')}")
    text = ", ".join(once([street, row.get("city"), row.get("postcode"), country]))
    if not text:
        return None
    return Address(text=text, city=row.get("city", ""), postcode=row.get("postcode", ""), country=country_code(country))
