"""The UK Sanctions List of the Foreign, Commonwealth and Development Office, CSV and XML.

The CSV begins with ``Report Date: 13-Feb-2026`` and a header; one row a combination of values, many a ``Unique ID``.
The XML holds one ``Designation`` each. Both become the same ``Designated`` before they become an entry.
Source: FCDO, "UK Sanctions List: format guide" and https://www.gov.uk/government/publications/the-uk-sanctions-list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

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
    Relation,
)
from netpursuit.sources.lists.fields import clean, country_code, parse_day, parse_sex
from netpursuit.sources.lists.published import (
    REPEATED,
    SUPERSEDED,
    BirthDates,
    BrokenRecordError,
    RecordPlace,
    converted,
    country_codes,
    country_within,
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
    child_text,
    csv_rows,
    list_files,
    newest,
    texts,
    xml_records,
    xml_root,
)

PUBLISHER: Final = "Foreign, Commonwealth and Development Office"
TITLE: Final = "UK Sanctions List"
PAGE: Final = "https://www.gov.uk/government/publications/the-uk-sanctions-list"
SEARCH_PAGE: Final = "https://search-uk-sanctions-list.service.gov.uk/designations/{}/{}"
_KINDS = {"individual": EntryKind.PERSON, "entity": EntryKind.ORGANISATION, "ship": EntryKind.VESSEL}
_REPORT_DATE = re.compile(r'\A\W*"?Report Date:?\s*,?\s*([^\s",]+)', re.I)
_CSV_HEAD = re.compile(r'\A(?:[^\n]{0,200}\n)?[^\n]*\bUnique ID\b"?,"?OFSI Group ID\b', re.I)
_XML_HEAD = re.compile(r"<Designations[\s>].*?<(?:DateGenerated|Designation)\b", re.S)
_CSV_EXPECTED = "the UK Sanctions List as CSV: a header with 'Unique ID' and 'OFSI Group ID'"
_XML_EXPECTED = "the UK Sanctions List as XML: 'Designations' with 'Designation'"
_NAME_COLUMNS = ("Name 1", "Name 2", "Name 3", "Name 4", "Name 5", "Name 6")
_NAME_TAGS = tuple(column.replace(" ", "") for column in _NAME_COLUMNS)
_LINES = tuple(f"Address Line {number}" for number in range(1, 7))
_LINE_TAGS = tuple(line.replace(" ", "") for line in _LINES)

Row = dict[str, str]


@dataclass(slots=True)
class Designated:
    """One designation with values as written, from either file. ``names`` are (six parts, type, strength)."""

    unique_id: str
    kinds: list[str] = field(default_factory=list)
    names: list[tuple[list[str], str, str]] = field(default_factory=list)
    natives: list[str] = field(default_factory=list)
    births: list[str] = field(default_factory=list)
    sexes: list[str] = field(default_factory=list)
    nationalities: list[str] = field(default_factory=list)
    passports: list[tuple[str, str]] = field(default_factory=list)
    national_ids: list[tuple[str, str]] = field(default_factory=list)
    other_numbers: list[tuple[str, str]] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    addresses: list[tuple[list[str], str, str]] = field(default_factory=list)  # lines, postcode, country
    birth_places: list[tuple[str, str]] = field(default_factory=list)
    regimes: list[str] = field(default_factory=list)
    designated_on: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    relations: list[tuple[str, str]] = field(default_factory=list)


class UkSanctionsListCsvReader:
    """Designations in the order of their first rows. All rows of a file are held until its end."""

    format = "uk-sanctions-list-csv"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _CSV_HEAD)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _CSV_EXPECTED)
        return _header(self.format, map(_report_date, paths))

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        files = list_files(paths, _CSV_EXPECTED)
        in_force = newest(files, [_report_date(file.path) for file in files])
        for at, file in enumerate(files):
            yield from _read_csv(file, superseded=at not in in_force)


class UkSanctionsListXmlReader:
    """Designations in file order, streaming."""

    format = "uk-sanctions-list-xml"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _XML_HEAD)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _XML_EXPECTED)
        return _header(self.format, map(_generated, paths))

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        files = list_files(paths, _XML_EXPECTED)
        in_force = newest(files, [_generated(file.path) for file in files])
        seen: set[str] = set()
        for at, file in enumerate(files):
            for ordinal, element in enumerate(
                xml_records(file.path, frozenset({"Designation"}), _XML_EXPECTED), start=1
            ):
                place, unique_id = file.at(ordinal), clean(child_text(element, "UniqueID"))
                if at not in in_force:
                    yield unlisted(SUPERSEDED, place)
                elif unique_id and unique_id in seen:
                    yield unlisted(REPEATED, place)
                else:
                    seen.add(unique_id)
                    yield converted(partial(_entry_of_element, element, place), place, entry_id=unique_id)


def _header(format_name: str, dates: Iterable[date | None]) -> ListHeader:
    published = max((day for day in dates if day), default=None)
    return ListHeader(format=format_name, published_on=published, publisher=PUBLISHER, title=TITLE)


def _report_date(path: Path) -> date | None:
    found = _REPORT_DATE.match(checked_head(path, _CSV_EXPECTED))
    return parse_day(found[1]) if found else None


def _generated(path: Path) -> date | None:
    xml_root(path, _XML_EXPECTED)
    head = re.search(r"<DateGenerated>([^<]*)<", checked_head(path, _XML_EXPECTED))
    return parse_day(head[1]) if head else None


def _read_csv(file: ListFile, *, superseded: bool) -> Iterator[ListItem]:
    groups: dict[str, tuple[int, Designated]] = {}
    columns: list[str] = []
    for line, cells in csv_rows(file.path):
        if not columns:
            if cells and "Unique ID" in (names := [clean(cell) for cell in cells]):
                columns = names
            elif line > 10:
                break
            continue
        # Rows may lack the empty cells at their end.
        whole = cells is not None and len(cells) <= len(columns)
        row = dict(zip(columns, (clean(cell) for cell in cells or ()), strict=False)) if whole else {}
        if unique_id := row.get("Unique ID", ""):
            _take_row(groups.setdefault(unique_id, (line, Designated(unique_id)))[1], row)
        else:
            broken = BrokenRecordError("Unique ID", "no-id") if whole else BrokenRecordError("", "entry-columns")
            stated = clean(cells[1]) if cells and len(cells) > 1 and not whole else ""
            yield rejection(file.at(line), broken, entry_id=stated)
    if not columns:
        raise InputError("no header with 'Unique ID'", where=file.path.name, expected=_CSV_EXPECTED)
    for unique_id, (line, designated) in groups.items():
        place = file.at(line)
        if superseded:
            yield unlisted(SUPERSEDED, place)
        else:
            yield converted(partial(_entry_of, designated, place), place, entry_id=unique_id)


def _take_row(designated: Designated, row: Row) -> None:
    get = row.get
    designated.kinds.append(get("Designation Type", "") or get("Individual, Entity, Ship", ""))
    designated.names.append(
        ([get(column, "") for column in _NAME_COLUMNS], get("Name type", ""), get("Alias strength", ""))
    )
    designated.natives.append(get("Name non-latin script", ""))
    designated.births.append(get("D.O.B", ""))
    designated.sexes.append(get("Gender", ""))
    designated.nationalities.append(get("Nationality(/ies)", ""))
    designated.passports.append((get("Passport number", ""), get("Passport additional information", "")))
    designated.national_ids.append(
        (get("National Identifier number", ""), get("National Identifier additional information", ""))
    )
    designated.other_numbers += [
        (get("Business registration number (s)", ""), ""),
        (get("IMO number", ""), "IMO"),
        (get("Hull identification number (HIN)", ""), "HIN"),
    ]
    designated.phones.append(get("Phone number", ""))
    designated.emails.append(get("Email address", ""))
    designated.addresses.append(
        ([get(line, "") for line in _LINES], get("Address Postal Code", ""), get("Address Country", ""))
    )
    designated.birth_places.append((get("Town of birth", ""), get("Country of birth", "")))
    designated.regimes.append(get("Regime Name", ""))
    designated.designated_on.append(get("Date Designated", ""))
    designated.remarks += [get("Position", ""), get("Other Information", ""), get("UK Statement of Reasons", "")]
    designated.relations += [
        ("parent company", get("Parent company", "")),
        ("subsidiary", get("Subsidiaries", "")),
        ("owner or operator", get("Current owner/operator (s)", "")),
    ]


def _entry_of_element(element: Element, place: RecordPlace) -> Entry:
    designated = Designated(clean(child_text(element, "UniqueID")))
    designated.kinds += texts(element, "IndividualEntityShip")
    for name in element.iterfind("Names/Name"):
        parts = [child_text(name, tag) for tag in _NAME_TAGS]
        designated.names.append((parts, child_text(name, "NameType"), child_text(name, "AliasStrength")))
    designated.natives += texts(element, ".//NameNonLatinScript")
    designated.births += texts(element, ".//DOB")
    designated.sexes += texts(element, ".//Gender")
    designated.nationalities += texts(element, ".//Nationality")
    designated.passports += _numbers(element, "Passport")
    designated.national_ids += _numbers(element, "NationalIdentifier")
    designated.other_numbers += [(number, "") for number in texts(element, ".//BusinessRegistrationNumber")]
    designated.other_numbers += [(number, "IMO") for number in texts(element, ".//IMONumber")]
    designated.phones += texts(element, ".//PhoneNumber")
    designated.emails += texts(element, ".//EmailAddress")
    for address in element.iterfind(".//Address"):
        lines = [child_text(address, tag) for tag in _LINE_TAGS]
        postcode = child_text(address, "AddressPostalCode") or child_text(address, "AddressPostCode")
        designated.addresses.append((lines, postcode, child_text(address, "AddressCountry")))
    for place_of_birth in element.iterfind(".//BirthDetails/Location"):
        town, country = child_text(place_of_birth, "TownOfBirth"), child_text(place_of_birth, "CountryOfBirth")
        designated.birth_places.append((town, country))
    designated.regimes += texts(element, "RegimeName")
    designated.designated_on += texts(element, "DateDesignated")
    for path in (".//Position", "OtherInformation", "UKStatementofReasons"):
        designated.remarks += texts(element, path)
    for kind, path in (
        ("parent company", ".//ParentCompany"),
        ("subsidiary", ".//Subsidiary"),
        ("owner or operator", ".//CurrentOwnerOperator"),
    ):
        designated.relations += [(kind, name) for name in texts(element, path)]
    return _entry_of(designated, place)


def _numbers(element: Element, kind: str) -> Iterator[tuple[str, str]]:
    for written in (*element.iterfind(f".//{kind}"), *element.iterfind(f".//{kind}Detail")):
        yield child_text(written, f"{kind}Number"), child_text(written, f"{kind}AdditionalInformation")


def _entry_of(designated: Designated, place: RecordPlace) -> Entry:
    """Raises ``BrokenRecordError`` without id or name, or for an unknown type."""
    if not designated.unique_id:
        raise BrokenRecordError("Unique ID", "no-id")
    kinds = {kind.casefold() for kind in once(designated.kinds)}
    kind = _KINDS.get(kinds.pop()) if len(kinds) == 1 else None
    if kind is None:
        raise BrokenRecordError("Designation Type", "entry-kind", "Individual, Entity or Ship")
    births = BirthDates()
    for written in designated.births:
        births.add(written)
    return Entry(
        entry_id=designated.unique_id,
        kind=kind,
        person=Person(
            names=joined_names(_names(designated, person=kind is EntryKind.PERSON)),
            birth_dates=births.dates,
            sex=next((sex for text in designated.sexes if (sex := parse_sex(text))), None),
            nationalities=country_codes(_listed(designated.nationalities)),
            documents=_documents(designated),
            phones=_listed(designated.phones),
            emails=_listed(designated.emails),
            addresses=tuple(dict.fromkeys(_addresses(designated))),
        ),
        source=place.source,
        relations=tuple(
            dict.fromkeys(
                Relation(kind=kind_of_link, target_name=name)
                for kind_of_link, written in designated.relations
                for name in _listed([written])
            )
        ),
        programmes=once(designated.regimes),
        warrant=published_warrant(PUBLISHER),
        listed_on=min((day for text in designated.designated_on if (day := parse_day(text))), default=None),
        link=_link(designated.unique_id, kind),
        description=described(*once(designated.remarks), births.description),
        birth_places=once(", ".join(once(pair)) for pair in designated.birth_places),
    )


def _link(unique_id: str, kind: EntryKind) -> str:
    words = next(word for word, known in _KINDS.items() if known is kind)
    return SEARCH_PAGE.format(unique_id, words.title()) if unique_id.isalnum() else PAGE


def _listed(written: Iterable[str]) -> tuple[str, ...]:
    """Several values in one cell are separated by ``|``."""
    return once(part for text in written for part in text.split("|"))


def _names(designated: Designated, *, person: bool) -> Iterator[Name]:
    for parts, kind_words, strength in designated.names:
        given, family = clean(" ".join(parts[:5])), clean(parts[5])
        words = clean(kind_words).casefold()
        kind = NameKind.PRIMARY if words in {"primary name", "primary", ""} else NameKind.ALIAS
        if "f.k.a" in f"{words} {strength.casefold()}" or "former" in words:
            kind = NameKind.FORMER
        whole = clean(f"{given} {family}")
        both = person and given and family
        yield Name(
            text=whole,
            kind=name_kind(whole, kind),
            weak="low" in strength.casefold(),
            family=family if both else "",
            given=given if both else "",
        )
    for native in designated.natives:
        yield Name(text=native, kind=NameKind.NATIVE)


def _documents(designated: Designated) -> tuple[Document, ...]:
    found: dict[tuple[str, DocumentKind], Document] = {}
    for numbers, kind in (
        (designated.passports, DocumentKind.PASSPORT),
        (designated.national_ids, DocumentKind.NATIONAL_ID),
        (designated.other_numbers, DocumentKind.OTHER),
    ):
        for written, remark in numbers:
            note = clean(remark)
            for number in _listed([written]):
                stated = kind if kind is not DocumentKind.NATIONAL_ID else document_kind(note, kind)
                document = Document(number=number, kind=stated, country=country_within(note), note=note)
                before = found.get((number, stated))
                if before is None or (document.note and not before.note):
                    found[(number, stated)] = document
    return tuple(found.values())


def _addresses(designated: Designated) -> Iterator[Address]:
    for lines, postcode, country in designated.addresses:
        if text := ", ".join(once([*lines, postcode, country])):
            yield Address(text=text, city=clean(lines[5]), postcode=clean(postcode), country=country_code(country))
