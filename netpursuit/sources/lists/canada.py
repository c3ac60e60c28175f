"""The consolidated list of Canada under the Special Economic Measures Act and the Magnitsky law (SEMA, JVCFOA), XML.

The list has no ids; country, schedule and item together are unique and identify an entry. Where they repeat, a digest
of the name tells the records apart, whatever their order.
Source: Global Affairs Canada, https://www.international.gc.ca/world-monde/assets/office_docs/international_relations-
relations_internationales/sanctions/sema-lmes.xml.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from netpursuit.records import (
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
from netpursuit.sources.lists.fields import clean, parse_day
from netpursuit.sources.lists.published import (
    REPEATED,
    BirthDates,
    BrokenRecordError,
    RecordPlace,
    by_script,
    converted,
    described,
    joined_names,
    name_kind,
    once,
    published_warrant,
    unlisted,
)
from netpursuit.sources.lists.published_files import all_match, child_text, list_files, xml_records, xml_root

PUBLISHER: Final = "Global Affairs Canada"
TITLE: Final = "Consolidated Canadian Autonomous Sanctions List"
PAGE: Final = (
    "https://www.international.gc.ca/world-monde/international_relations-relations_internationales/sanctions/"
    "consolidated-consolide.aspx"
)
_EXPECTED = "the Canadian consolidated sanctions list as XML: 'data-set' with 'record'"
_HEAD = re.compile(r"<data-set[\s>].*?<record>.*?<(?:Country|LastName|EntityOrShip)>", re.S)
_RECORD = frozenset({"record"})
_LANGUAGE = re.compile(
    r"\b(?:Belarus(?:s)?ian|Russian|Ukrainian|Persian|Farsi|Arabic|Burmese|Chinese|French|English|also known as|"
    r"a\.?k\.?a\.?)\s*:\s*",
    re.I,
)
_SEPARATOR = re.compile(r"[;,\n]")
_CHOICE = re.compile(r"\s*/\s*|\s+(?:or|and)\s+", re.I)
_MONTH_YEAR = re.compile(r"^([A-Z][a-z]{2})-(\d\d)$")


class CanadaReader:
    """Individuals, entities and ships; the file states no date of its own."""

    format = "canada-sema-xml"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _HEAD)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _EXPECTED)
        for path in paths:
            xml_root(path, _EXPECTED)
        return ListHeader(
            format=self.format,
            published_on=None,
            publisher=PUBLISHER,
            title=TITLE,
        )

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        digests: dict[str, set[str]] = {}
        for file in list_files(paths, _EXPECTED):
            for ordinal, element in enumerate(xml_records(file.path, _RECORD, _EXPECTED), start=1):
                place, plain = file.at(ordinal), _plain_id(element)
                digest = _digest(element)
                seen = digests.setdefault(plain, set())
                if plain and digest in seen:
                    yield unlisted(REPEATED, place)
                    continue
                entry_id = f"{plain}~{digest}" if seen else plain
                seen.add(digest)
                yield converted(partial(_entry_of, entry_id, element, place), place, entry_id=entry_id)


def _plain_id(element: Element) -> str:
    """``Belarus:1, Part 1:4``, the country in English; empty where the record states no item."""
    country, item = _country(element), clean(child_text(element, "Item"))
    schedule = clean(child_text(element, "Schedule"))
    return f"{country}:{schedule}:{item}" if country and item else ""


def _country(element: Element) -> str:
    return clean(child_text(element, "Country").partition(" / ")[0])


def _digest(element: Element) -> str:
    parts = (clean(child_text(element, tag)).casefold() for tag in ("LastName", "GivenName", "EntityOrShip"))
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:8]


def _entry_of(entry_id: str, element: Element, place: RecordPlace) -> Entry:
    """One record. Raises ``BrokenRecordError`` without id or name."""
    if not entry_id:
        raise BrokenRecordError("Item", "no-id")
    last, given = clean(child_text(element, "LastName")), clean(child_text(element, "GivenName"))
    title, imo = clean(child_text(element, "TitleOrShip")), clean(child_text(element, "ShipIMONumber"))
    person = bool(last or given)
    kind = EntryKind.PERSON if person else EntryKind.VESSEL if imo else EntryKind.ORGANISATION
    births = BirthDates()
    if person:
        births.add(_spelt_out(clean(child_text(element, "DateOfBirthOrShipBuildDate"))))
    country = _country(element)
    return Entry(
        entry_id=entry_id,
        kind=kind,
        person=Person(
            names=joined_names(_names(element, last, given)),
            birth_dates=births.dates,
            documents=(Document(number=imo, kind=DocumentKind.OTHER, note="IMO"),) if imo else (),
        ),
        source=place.source,
        programmes=once([" ".join(once([country, child_text(element, "Schedule")]))]),
        warrant=published_warrant(PUBLISHER),
        listed_on=parse_day(child_text(element, "DateOfListing")),
        link=PAGE,
        description=described(title, births.description),
    )


def _spelt_out(text: str) -> str:
    """``Sep-99`` as a spreadsheet leaves a month: the year is of the last century."""
    found = _MONTH_YEAR.match(text)
    return f"{found[1]} 19{found[2]}" if found else text


def _names(element: Element, last: str, given: str) -> Iterator[Name]:
    entity = clean(child_text(element, "EntityOrShip"))
    if last or given:
        yield Name(
            text=clean(f"{given} {last}"),
            kind=NameKind.PRIMARY,
            family=last if given else "",
            given=given if last else "",
        )
    else:
        yield Name(text=entity, kind=NameKind.PRIMARY)
    for written in element.iterfind("Aliases"):
        for text in _aliases(written.text or "", person=bool(last or given)):
            yield Name(text=text, kind=name_kind(text))


def _aliases(written: str, *, person: bool) -> Iterator[str]:
    """Aliases without the names of their languages."""
    for chunk in _LANGUAGE.split(written):
        if not person:
            yield from re.split(r"[;\n]", chunk)
            continue
        for part in _SEPARATOR.split(chunk):
            for choice in _choices(clean(part).strip("() ")):
                yield from by_script(choice)


def _choices(text: str) -> list[str]:
    """The whole names that ``Katsiaryna or Katerina Smuschkovich`` or ``Ilia Vasilyevich / Vasilievich`` stand for.

    A word alone replaces the first word of the next whole name, or else the last word of the one before.
    """
    parts = [part for part in map(clean, _CHOICE.split(f" {text} ")) if part]
    whole = [at for at, part in enumerate(parts) if " " in part]
    if not whole:
        return parts
    names: list[str] = []
    for at, part in enumerate(parts):
        following = next((parts[other] for other in whole if other > at), "")
        if at in whole:
            names.append(part)
        elif following:
            names.append(f"{part} {following.partition(' ')[2]}")
        else:
            names.append(f"{parts[whole[-1]].rpartition(' ')[0]} {part}")
    return names
