"""The consolidated list of the United Nations Security Council, XML.

Source: https://scsanctions.un.org/resources/xml/en/consolidated.xml and its schema sc-sanctions.xsd.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

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
    PartialDate,
    Person,
    Sex,
    Unlisted,
)
from netpursuit.sources.lists.fields import clean, country_code, parse_day, parse_partial_date, parse_sex
from netpursuit.sources.lists.published import (
    REPEATED,
    SUPERSEDED,
    BirthDates,
    BrokenRecordError,
    RecordPlace,
    alias_names,
    converted,
    country_codes,
    country_within,
    described,
    document_kind,
    joined_names,
    listing_day,
    name_kind,
    once,
    published_warrant,
    read_document,
    unlisted,
)
from netpursuit.sources.lists.published_files import (
    all_match,
    child_text,
    list_files,
    newest,
    texts,
    xml_records,
    xml_root,
)

PUBLISHER: Final = "United Nations Security Council"
PAGE: Final = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"
_EXPECTED = "the consolidated list of the UN Security Council as XML"
_HEAD = re.compile(r"<CONSOLIDATED_LIST[\s>]")
_RECORDS = frozenset({"INDIVIDUAL", "ENTITY"})
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
# The notice of one person; the address .../Notices/View-UN-Notices-Individuals that most entries carry is a form.
_NOTICE = re.compile(r"https?://[^\s,;<>]+?/(?:\d{4}-\d+|\d{5,})(?![^\s,;])")
_GENDER = re.compile(r"\bGender\s*:\s*(male|female)\b", re.I)
_IN_ARABIC = re.compile(r"(?:original script|in arabic)\s*:?\s*([^A-Za-z;]+)", re.I)


class UnReader:
    """Individuals and entities; the reference number (``QDi.430``) identifies an entry."""

    format = "un-xml"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _HEAD)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _EXPECTED)
        return ListHeader(
            format=self.format,
            published_on=max((day for path in paths if (day := _generated(path))), default=None),
            publisher=PUBLISHER,
            title="Consolidated List",
        )

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        seen: set[str] = set()
        files = list_files(paths, _EXPECTED)
        in_force = newest(files, [_generated(file.path) for file in files])
        for at, file in enumerate(files):
            for ordinal, element in enumerate(xml_records(file.path, _RECORDS, _EXPECTED), start=1):
                place = file.at(ordinal)
                entry_id = entry_id_of(element)
                if at not in in_force or (entry_id and entry_id in seen):
                    yield unlisted(REPEATED if at in in_force else SUPERSEDED, place)
                    continue
                seen.add(entry_id)
                yield converted(partial(entry_of, element, place), place, entry_id=entry_id)


def _generated(path: Path) -> date | None:
    return parse_day(xml_root(path, _EXPECTED).get("dateGenerated"))


def entry_id_of(element: Element) -> str:
    return clean(child_text(element, "REFERENCE_NUMBER")) or clean(child_text(element, "DATAID"))


def entry_of(element: Element, place: RecordPlace) -> Entry | Unlisted:
    """One INDIVIDUAL or ENTITY. Raises ``BrokenRecordError`` without id or name."""
    entry_id = entry_id_of(element)
    if not entry_id:
        raise BrokenRecordError("REFERENCE_NUMBER", "no-id")
    person = element.tag == "INDIVIDUAL"
    births = _birth_dates(element) if person else BirthDates()
    comments = child_text(element, "COMMENTS1")
    notice = _NOTICE.search(comments)
    return Entry(
        entry_id=entry_id,
        kind=EntryKind.PERSON if person else EntryKind.ORGANISATION,
        person=Person(
            names=joined_names(_names(element, person)),
            birth_dates=births.dates,
            sex=_sex(element, comments) if person else None,
            nationalities=country_codes(texts(element, "NATIONALITY/VALUE")),
            documents=tuple(_documents(element)),
            addresses=tuple(_addresses(element)),
        ),
        source=place.source,
        programmes=once([child_text(element, "UN_LIST_TYPE")]),
        warrant=published_warrant(PUBLISHER),
        listed_on=listing_day(child_text(element, "LISTED_ON")),
        link=notice[0].rstrip(".") if notice else PAGE,
        description=described(*texts(element, "DESIGNATION/VALUE"), births.description, comments),
        birth_places=once(_birth_places(element)),
    )


def _sex(element: Element, comments: str) -> Sex | None:
    in_comments = _GENDER.search(comments)
    return parse_sex(child_text(element, "GENDER")) or parse_sex(in_comments[1] if in_comments else "")


def _names(element: Element, person: bool) -> Iterator[Name]:
    written = " ".join(child_text(element, part).strip() for part in _NAMES)
    yield Name(text=written, kind=NameKind.PRIMARY)
    native = child_text(element, "NAME_ORIGINAL_SCRIPT")
    yield Name(text=native, kind=name_kind(clean(native)))
    for alias in element.iterfind("INDIVIDUAL_ALIAS" if person else "ENTITY_ALIAS"):
        text, note = clean(child_text(alias, "ALIAS_NAME")), clean(child_text(alias, "NOTE"))
        quality = clean(child_text(alias, "QUALITY")).casefold()
        weak = quality == "low"
        former = quality == "f.k.a." or bool(re.search(r"\b(?:previously|formerly) listed\b", note, re.I))
        if person:
            yield from alias_names(text, weak=weak, former=former)
        else:
            yield Name(text=text, kind=name_kind(text, NameKind.FORMER if former else NameKind.ALIAS), weak=weak)
        for found in _IN_ARABIC.findall(note):
            yield Name(text=found.strip(" .,"), kind=NameKind.NATIVE, weak=weak)


def _birth_dates(element: Element) -> BirthDates:
    births = BirthDates()
    for birth in element.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        circa = clean(child_text(birth, "TYPE_OF_DATE")).casefold() == "approximately"
        note = clean(child_text(birth, "NOTE"))
        first, last = clean(child_text(birth, "FROM_YEAR")), clean(child_text(birth, "TO_YEAR"))
        day, year = clean(child_text(birth, "DATE")), clean(child_text(birth, "YEAR"))
        if first.isdigit() and last.isdigit() and int(first) < int(last):
            births.take(PartialDate(year=int(first), last_year=int(last), circa=circa))
        elif day:
            births.add(day, circa=circa)
        elif year or first or last:
            month = parse_partial_date(f"{note} {year}") if note else None  # <YEAR>1958</YEAR><NOTE>Sep.</NOTE>
            if month and month.month:
                births.take(month)
            else:
                births.add(year or first or last, circa=circa)
        elif note and "hijri" not in note.casefold():
            births.add(note, circa=circa)
        else:
            births.note(note)
    for alias in element.iterfind("INDIVIDUAL_ALIAS"):
        births.add(child_text(alias, "DATE_OF_BIRTH"))
    return births


def _documents(element: Element) -> Iterator[Document]:
    seen: set[tuple[str, DocumentKind]] = set()
    for written in element.iterfind("INDIVIDUAL_DOCUMENT"):
        kind_words = f"{child_text(written, 'TYPE_OF_DOCUMENT2')} {child_text(written, 'TYPE_OF_DOCUMENT')}"
        specific = document_kind(child_text(written, "TYPE_OF_DOCUMENT2"), document_kind(kind_words))
        country = country_code(child_text(written, "ISSUING_COUNTRY")) or country_code(
            child_text(written, "COUNTRY_OF_ISSUE")
        )
        country = country or country_within(child_text(written, "TYPE_OF_DOCUMENT2"))
        number, note = clean(child_text(written, "NUMBER")), clean(child_text(written, "NOTE"))
        remark = "; ".join(once([child_text(written, "TYPE_OF_DOCUMENT2"), note if number else ""]))
        found = read_document(
            number or note or child_text(written, "TYPE_OF_DOCUMENT2"), kind=specific, country=country, note=remark
        )
        if found and (found.number, found.kind) not in seen:
            seen.add((found.number, found.kind))
            yield found


def _addresses(element: Element) -> Iterator[Address]:
    for written in (*element.iterfind("INDIVIDUAL_ADDRESS"), *element.iterfind("ENTITY_ADDRESS")):
        city, region = clean(child_text(written, "CITY")), clean(child_text(written, "STATE_PROVINCE"))
        postcode, country = clean(child_text(written, "ZIP_CODE")), clean(child_text(written, "COUNTRY"))
        text = ", ".join(once([child_text(written, "STREET"), city, region, postcode, country]))
        if text:
            yield Address(text=text, city=city, region=region, postcode=postcode, country=country_code(country))


def _birth_places(element: Element) -> Iterator[str]:
    for place in element.iterfind("INDIVIDUAL_PLACE_OF_BIRTH"):
        yield ", ".join(once(child_text(place, part) for part in ("CITY", "STATE_PROVINCE", "COUNTRY")))
    for alias in element.iterfind("INDIVIDUAL_ALIAS"):
        yield ", ".join(once(child_text(alias, part) for part in ("CITY_OF_BIRTH", "COUNTRY_OF_BIRTH")))
