"""OFAC's advanced XML (the Advanced Sanctions Data Model of the UN and the Wolfsberg Group).

The file is read twice: what profiles refer to (reference values, locations, documents, relationships, sanctions
entries) stands before and after them. Sources: OFAC "SDN Advanced data: XML schema" and "SDN advanced notes".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

from netpursuit.errors import InputError
from netpursuit.records import Entry, EntryKind, ListHeader, ListItem
from netpursuit.sources.lists.fields import clean
from netpursuit.sources.lists.ofac_advanced_parts import References, read_date_period, read_day, read_names
from netpursuit.sources.lists.ofac_facts import LINKED_TO, PUBLISHER, Facts, entry_kind, list_title
from netpursuit.sources.lists.ofac_remarks import read_remarks
from netpursuit.sources.lists.published import BrokenRecordError, RecordPlace, converted, rejection
from netpursuit.sources.lists.published_files import all_match, child_text, list_files, xml_records, xml_root

_EXPECTED = "OFAC's advanced XML"
_ROOT = re.compile(
    r"<(?:\w+:)?Sanctions\b[^>]*(?:ADVANCED_XML|sanctions/advanced|asdm)|<(?:\w+:)?ReferenceValueSets\b", re.I
)
_CONTACT = re.compile(r"^gender$|phone|e-?mail", re.I)
_NATIONALITIES = frozenset({"nationality country", "citizenship country"})


class OfacAdvancedReader:
    """One entry per ``DistinctParty``; its line is the ordinal of the element."""

    format = "ofac-advanced-xml"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return all_match(paths, _ROOT)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        dates = []
        for file in list_files(paths, _EXPECTED):
            if xml_root(file.path, _EXPECTED).tag != "Sanctions":
                raise InputError("another kind of XML", where=file.path.name, expected=_EXPECTED)
            dates.append(_published_on(file.path))
        stated = [day for day in dates if day is not None]
        return ListHeader(
            format=self.format,
            published_on=min(stated) if len(stated) == len(dates) else None,
            publisher=PUBLISHER,
            title=list_title(tuple(paths)),
        )

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        seen: set[str] = set()
        for file in list_files(paths, _EXPECTED):
            references = References.of(file.path, _EXPECTED)
            for ordinal, party in enumerate(xml_records(file.path, frozenset({"DistinctParty"}), _EXPECTED), start=1):
                place, party_id = file.at(ordinal), party.get("FixedRef", "")
                if not party_id:
                    yield rejection(place, BrokenRecordError("FixedRef", "no-id", "the number of the party"))
                elif party_id in seen:
                    yield rejection(
                        place, BrokenRecordError("FixedRef", "repeated-id", "each number once"), entry_id=party_id
                    )
                else:
                    item = converted(partial(_entry, party, references, place), place, entry_id=party_id)
                    if isinstance(item, Entry):
                        seen.add(party_id)
                    yield item


def _published_on(path: Path) -> date | None:
    for element in xml_records(path, frozenset({"DateOfIssue", "ReferenceValueSets", "DistinctParty"}), _EXPECTED):
        return read_day(element)
    return None


def _entry(party: Element, references: References, place: RecordPlace) -> Entry:
    party_id = party.get("FixedRef", "")
    profiles = party.findall("Profile")
    if not profiles:
        raise BrokenRecordError("Profile", "entry-bad-row", "a profile")
    kind = _kind(profiles[0], references)
    person = kind is EntryKind.PERSON
    facts = Facts()
    listed_on = None
    for profile in profiles:
        for identity in sorted(profile.findall("Identity"), key=lambda item: item.get("Primary") != "true"):
            for name in read_names(identity, references, person=person):
                facts.add_name(name)
            for label, number, country in references.documents.get(identity.get("ID", ""), ()):
                facts.add_identifier(label, number, country)
        for feature in profile.findall("Feature"):
            _add_feature(feature, facts, references)
        profile_id = profile.get("ID", "")
        for relation_type, target_id in references.relations.get(profile_id, ()):
            facts.add_relation(relation_type or LINKED_TO, references.profile_names.get(target_id, ""), target_id)
        for day, programmes in references.sanctions.get(profile_id, ()):
            listed_on = min(filter(None, (listed_on, day)), default=None)
            for programme in programmes:
                facts.add_programme(programme)
    read_remarks(child_text(party, "Comment"), facts, person=person)
    return facts.entry(party_id, kind, place.source, listed_on=listed_on)


def _kind(profile: Element, references: References) -> EntryKind:
    sub_type, party_type = references.party_types.get(profile.get("PartySubTypeID", ""), ("", ""))
    return entry_kind(sub_type if sub_type.casefold() in ("vessel", "aircraft") else party_type)


def _add_feature(feature: Element, facts: Facts, references: References) -> None:
    label = references.values("FeatureType", feature.get("FeatureTypeID", ""))
    for version in feature.findall("FeatureVersion"):
        for period in version.findall("DatePeriod"):
            born = read_date_period(period)
            if label.casefold() != "birthdate":
                facts.add_note(f"{label}: {born}" if born else "")
            elif born is None:
                facts.add_note("DOB not readable")
            elif born not in facts.birth_dates:
                facts.birth_dates.append(born)
        for location in version.findall("VersionLocation"):
            _add_location(label, references.locations.get(location.get("LocationID", "")), facts)
        for detail in version.findall("VersionDetail"):
            _add_detail(label, clean(detail.text) or references.detail(detail), facts)


def _add_detail(label: str, text: str, facts: Facts) -> None:
    if not text:
        return
    if label.casefold() == "birthdate":
        facts.add_birth_date(text)
    elif label.casefold() == "place of birth":
        facts.add_birth_place(text)
    elif label.casefold() in _NATIONALITIES:
        facts.add_nationality(text)
    elif _CONTACT.search(label):
        facts.add_identifier(label, text)
    else:
        facts.add_note(f"{label}: {text}")


def _add_location(label: str, parts: dict[str, str] | None, facts: Facts) -> None:
    if parts is None:
        return
    country = parts.get("country", "")
    if label.casefold() == "place of birth":
        named = (parts.get(key, "") for key in ("street", "city", "region", "country"))
        facts.add_birth_place(", ".join(filter(None, named)))
    elif label.casefold() in _NATIONALITIES:
        facts.add_nationality(country)
    elif label.casefold() == "location":
        facts.add_address(
            parts.get("street", ""), parts.get("city", ""), country, parts.get("region", ""), parts.get("postcode", "")
        )
    else:
        facts.add_note(f"{label}: {country}" if country else "")
