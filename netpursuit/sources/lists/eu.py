"""The consolidated list of persons and groups under financial sanctions of the European Union, full XML.

Entries are keyed by the EU reference number (``EU.27.28``), or by the logical id where there is none.
Source: European Commission, Financial Sanctions Files: schema export/1.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from itertools import takewhile
from pathlib import Path
from xml.etree.ElementTree import Element

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
from netpursuit.sources.lists.eu_csv import EuCsvReader
from netpursuit.sources.lists.eu_terms import DOCUMENTS, PAGE, PUBLISHER, kind_of, list_header, take_birth
from netpursuit.sources.lists.fields import clean, country_code, parse_day, parse_sex
from netpursuit.sources.lists.published import (
    REPEATED,
    SUPERSEDED,
    BirthDates,
    BrokenRecordError,
    RecordPlace,
    converted,
    described,
    document_kind,
    joined_names,
    listing_day,
    name_kind,
    once,
    published_warrant,
    unlisted,
)
from netpursuit.sources.lists.published_files import (
    all_match,
    list_files,
    newest,
    texts,
    xml_records,
    xml_root,
)

_XML_EXPECTED = "the EU consolidated list as XML: 'export' with 'sanctionEntity'"
_XML_HEAD = re.compile(r"<export[\s>][^>]*(?:fpi/fsd/export|generationDate)|<sanctionEntity\b")
__all__ = ["EuCsvReader", "EuXmlReader"]


class EuXmlReader:
    """Entities in file order, streaming."""

    format = "eu-xml"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _XML_HEAD)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _XML_EXPECTED)
        return list_header(self.format, [_generated(path) for path in paths])

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        files = list_files(paths, _XML_EXPECTED)
        in_force = newest(files, [_generated(file.path) for file in files])
        seen: set[str] = set()
        for at, file in enumerate(files):
            elements = xml_records(file.path, frozenset({"sanctionEntity"}), _XML_EXPECTED)
            for ordinal, element in enumerate(elements, start=1):
                place, entry_id = file.at(ordinal), _reference(element)
                if at not in in_force:
                    yield unlisted(SUPERSEDED, place)
                elif entry_id and entry_id in seen:
                    yield unlisted(REPEATED, place)
                else:
                    seen.add(entry_id)
                    yield converted(partial(_entry_of_element, element, place), place, entry_id=entry_id)


def _generated(path: Path) -> date | None:
    return parse_day(xml_root(path, _XML_EXPECTED).get("generationDate"))


def _reference(element: Element) -> str:
    return clean(element.get("euReferenceNumber")) or clean(element.get("logicalId"))


def _entry_of_element(element: Element, place: RecordPlace) -> Entry:
    """One sanctionEntity. Raises ``BrokenRecordError`` without id or name, or for an unknown subject type."""
    entry_id = _reference(element)
    if not entry_id:
        raise BrokenRecordError("euReferenceNumber", "no-id")
    subject = element.find("subjectType")
    stated = "" if subject is None else clean(subject.get("code") or subject.get("classificationCode")).casefold()
    kind = kind_of(stated)
    aliases, regulation = element.findall("nameAlias"), element.find("regulation")
    births = _birth_dates(element)
    return Entry(
        entry_id=entry_id,
        kind=kind,
        person=Person(
            names=joined_names(_names(aliases, person=kind is EntryKind.PERSON)),
            birth_dates=births.dates,
            sex=next((sex for alias in aliases if (sex := parse_sex(alias.get("gender")))), None),
            nationalities=once(_country(found) for found in element.iterfind("citizenship")),
            documents=tuple(dict.fromkeys(_documents(element))),
            phones=_contacts(element, "PHONE"),
            emails=_contacts(element, "EMAIL"),
            addresses=tuple(dict.fromkeys(_addresses(element))),
        ),
        source=place.source,
        programmes=once(found.get("programme") for found in element.iterfind("regulation")),
        warrant=published_warrant(
            PUBLISHER, document_number=clean(regulation.get("numberTitle")) if regulation is not None else ""
        ),
        listed_on=listing_day(element.get("designationDate"))
        or min(
            (day for found in element.iterfind("regulation") if (day := listing_day(found.get("publicationDate")))),
            default=None,
        ),
        link=next(iter(once(texts(element, "regulation/publicationUrl"))), PAGE),
        description=described(
            *once(alias.get("function") for alias in aliases), births.description, *once(texts(element, "remark"))
        ),
        birth_places=once(
            ", ".join(once(found.get(part) for part in ("city", "place", "region", "countryDescription")))
            for found in element.iterfind("birthdate")
        ),
    )


def _country(element: Element) -> str:
    """The country of an element; ``00`` means unknown."""
    return country_code(element.get("countryIso2Code")) or country_code(element.get("countryDescription"))


def _names(aliases: Sequence[Element], *, person: bool) -> Iterator[Name]:
    """The first strong alias in Latin letters is the primary name: the list itself does not say which."""
    primary = next((alias for alias in aliases if _is_primary(alias)), aliases[0] if aliases else None)
    for alias in aliases:
        get = alias.get
        parts = [get("firstName"), get("middleName"), get("lastName")]
        text = clean(get("wholeName")) or " ".join(once(parts))
        given = clean(f"{get('firstName', '')} {get('middleName', '')}")
        yield Name(
            text=text,
            kind=NameKind.PRIMARY if alias is primary else name_kind(text),
            weak=clean(get("strong")).casefold() == "false",
            family=clean(get("lastName")) if person and given else "",
            given=given if person and clean(get("lastName")) else "",
        )


def _is_primary(alias: Element) -> bool:
    text = clean(alias.get("wholeName") or alias.get("lastName"))
    return bool(text) and name_kind(text) is NameKind.ALIAS and clean(alias.get("strong")).casefold() != "false"


def _birth_dates(element: Element) -> BirthDates:
    births = BirthDates()
    for found in element.iterfind("birthdate"):
        get = found.get
        if clean(get("calendarType")).upper() not in {"", "GREGORIAN"}:
            births.note(clean(f"{get('birthdate') or get('year') or ''} ({get('calendarType')})"))
            continue
        parts = takewhile(bool, (clean(get(part)) for part in ("year", "monthOfYear", "dayOfMonth")))
        split = "-".join(part.zfill(2) for part in parts)
        take_birth(
            births,
            clean(get("birthdate")) or split,
            (clean(get("yearRangeFrom")), clean(get("yearRangeTo"))),
            circa=clean(get("circa")).casefold() == "true",
        )
    return births


def _documents(element: Element) -> Iterator[Document]:
    for found in element.iterfind("identification"):
        get = found.get
        code, words = clean(get("identificationTypeCode")).casefold(), clean(get("identificationTypeDescription"))
        flags = (
            flag
            for flag in ("diplomatic", "knownExpired", "knownFalse", "reportedLost", "revokedByIssuer")
            if clean(get(flag)).casefold() == "true"
        )
        number = clean(get("number")) or clean(get("latinNumber"))
        if number:
            yield Document(
                number=number,
                kind=DOCUMENTS.get(code) or document_kind(words),
                country=_country(found),
                note="; ".join(once([words, *flags, get("nameOnDocument"), *texts(found, "remark")])),
            )


def _addresses(element: Element) -> Iterator[Address]:
    for found in element.iterfind("address"):
        get = found.get
        parts = ("street", "poBox", "place", "city", "region", "zipCode", "countryDescription")
        if text := ", ".join(once(get(part) for part in parts)):
            yield Address(
                text=text,
                city=clean(get("city")),
                region=clean(get("region")),
                postcode=clean(get("zipCode")),
                country=_country(found),
            )


def _contacts(element: Element, key: str) -> tuple[str, ...]:
    return once(
        found.get("value")
        for found in element.iterfind("address/contactInfo")
        if clean(found.get("key")).upper() in ({"PHONE", "MOBILE"} if key == "PHONE" else {key})
    )
