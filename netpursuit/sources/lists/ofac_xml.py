"""OFAC's ``sdnList`` XML, of the SDN list and of the consolidated list alike.

Source: OFAC "sdn.xsd"; publish date in ``publshInformation`` (sic), identifiers of all kinds in ``idList``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

from netpursuit.errors import InputError
from netpursuit.records import Entry, EntryKind, ListHeader, ListItem, NameKind
from netpursuit.sources.lists.fields import clean, parse_day
from netpursuit.sources.lists.ofac_facts import (
    LINKED_TO,
    PUBLISHER,
    Facts,
    entry_kind,
    list_title,
    name_kind,
    split_name,
)
from netpursuit.sources.lists.ofac_remarks import read_remarks
from netpursuit.sources.lists.published import BrokenRecordError, RecordPlace, converted, rejection
from netpursuit.sources.lists.published_files import all_match, child_text, list_files, texts, xml_records, xml_root

_EXPECTED = "OFAC's sdnList XML"
_ROOT = re.compile(r"<(?:\w+:)?sdnList\b")
_LINKED = re.compile(r"\(Linked To: (.*?)\)(?=\s*(?:\(|;|$))", re.I)


class OfacXmlReader:
    """One entry per ``sdnEntry``; its line is the ordinal of the element."""

    format = "ofac-xml"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _ROOT)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        dates = []
        for file in list_files(paths, _EXPECTED):
            if xml_root(file.path, _EXPECTED).tag != "sdnList":
                raise InputError("another kind of XML", where=file.path.name, expected=_EXPECTED)
            dates.append(_published_on(file.path))
        stated = [day for day in dates if day is not None]
        # Of several files the oldest counts: staleness must not hide behind the newest.
        return ListHeader(
            format=self.format,
            published_on=min(stated) if len(stated) == len(dates) else None,
            publisher=PUBLISHER,
            title=list_title(tuple(paths)),
        )

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        seen: set[str] = set()
        for file in list_files(paths, _EXPECTED):
            for ordinal, element in enumerate(xml_records(file.path, frozenset({"sdnEntry"}), _EXPECTED), start=1):
                place, uid = file.at(ordinal), clean(child_text(element, "uid"))
                if not uid:
                    yield rejection(place, BrokenRecordError("uid", "no-id", "the number of the entry"))
                elif uid in seen:
                    yield rejection(place, BrokenRecordError("uid", "repeated-id", "each number once"), entry_id=uid)
                else:
                    item = converted(partial(_entry, element, uid, place), place, entry_id=uid)
                    if isinstance(item, Entry):
                        seen.add(uid)
                    yield item


def _published_on(path: Path) -> date | None:
    for element in xml_records(path, frozenset({"publshInformation", "sdnEntry"}), _EXPECTED):
        return parse_day(child_text(element, "Publish_Date"), order="mdy")
    return None


def _entry(element: Element, uid: str, place: RecordPlace) -> Entry:
    kind = entry_kind(child_text(element, "sdnType"))
    person = kind is EntryKind.PERSON
    facts = Facts()
    _add_name(facts, element, NameKind.PRIMARY, person=person)
    facts.add_note(child_text(element, "title"))
    for alias in element.iterfind("akaList/aka"):
        weak = clean(child_text(alias, "category")).casefold() == "weak"
        _add_name(facts, alias, name_kind(clean(child_text(alias, "type"))), person=person, weak=weak)
    for born in _main_first(element, "dateOfBirthList/dateOfBirthItem", "dateOfBirth"):
        facts.add_birth_date(born)
    for place_of_birth in _main_first(element, "placeOfBirthList/placeOfBirthItem", "placeOfBirth"):
        facts.add_birth_place(place_of_birth)
    for country in (
        *_main_first(element, "nationalityList/nationality", "country"),
        *_main_first(element, "citizenshipList/citizenship", "country"),
    ):
        facts.add_nationality(country)
    for identifier in element.iterfind("idList/id"):
        label, number = child_text(identifier, "idType"), child_text(identifier, "idNumber")
        facts.add_identifier(label, number, child_text(identifier, "idCountry"))
    for address in element.iterfind("addressList/address"):
        lines = filter(None, (clean(child_text(address, f"address{number}")) for number in (1, 2, 3)))
        parts = (clean(child_text(address, name)) for name in ("city", "country", "stateOrProvince", "postalCode"))
        facts.add_address(", ".join(lines), *parts)
    for programme in texts(element, "programList/program"):
        facts.add_programme(programme)
    for detail in element.iterfind("vesselInfo/*"):
        facts.add_note(f"{detail.tag}: {clean(detail.text)}" if clean(detail.text) else "")
    remarks = clean(child_text(element, "remarks"))
    for linked in _LINKED.findall(remarks):
        facts.add_relation(LINKED_TO, linked)
    read_remarks(_LINKED.sub("", remarks), facts, person=person)
    return facts.entry(uid, kind, place.source)


def _add_name(facts: Facts, element: Element, kind: NameKind, *, person: bool, weak: bool = False) -> None:
    family, given = clean(child_text(element, "lastName")), clean(child_text(element, "firstName"))
    text = f"{family}, {given}" if family and given else family or given
    title = clean(child_text(element, "title"))
    facts.add_name(split_name(text, kind, person=person, weak=weak, title=title))


def _main_first(element: Element, path: str, tag: str) -> list[str]:
    items = sorted(element.iterfind(path), key=lambda item: clean(child_text(item, "mainEntry")) != "true")
    return [text for item in items if (text := child_text(item, tag)).strip()]
