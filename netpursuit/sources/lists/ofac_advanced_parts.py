"""The parts of OFAC's advanced XML that profiles refer to, and its dates and names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element

from netpursuit.records import Name, NameKind, PartialDate
from netpursuit.sources.lists.fields import clean, is_latin, partial_date
from netpursuit.sources.lists.published_files import child_text, local_name, xml_records

_SECTIONS = frozenset(
    {
        "ReferenceValueSets",
        "Location",
        "IDRegDocument",
        "ProfileRelationship",
        "SanctionsEntry",
        "DistinctParty",
    }
)
# Which part of an address a LocPartType is.
_PLACES = {
    "address1": "street",
    "address2": "street",
    "address3": "street",
    "city": "city",
    "state/province": "region",
    "region": "region",
    "postal code": "postcode",
}
_FAMILY_PARTS = frozenset({"last name"})
# Scripts whose names are written without spaces between family and given name (ISO 15924).
_UNSPACED = frozenset({"Hani", "Hans", "Hant", "Hang", "Jpan", "Kore", "Hira", "Kana"})


@dataclass(slots=True)
class References:
    """What the file says once and profiles refer to by number, gathered in one pass."""

    _values: dict[tuple[str, str], str] = field(default_factory=dict)
    party_types: dict[str, tuple[str, str]] = field(default_factory=dict)  # sub type -> (its words, its type's words)
    scripts: dict[str, str] = field(default_factory=dict)
    countries: dict[str, str] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    locations: dict[str, dict[str, str]] = field(default_factory=dict)
    documents: dict[str, list[tuple[str, str, str]]] = field(default_factory=lambda: defaultdict(list))
    relations: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    sanctions: dict[str, list[tuple[date | None, list[str]]]] = field(default_factory=lambda: defaultdict(list))
    profile_names: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path, expected: str) -> References:
        """The references of a file. Raises ``InputError`` where it is cut short, malformed or unsafe."""
        found = cls()
        for element in xml_records(path, _SECTIONS, expected):
            if element.tag == "ReferenceValueSets":
                found._add_values(element)
            elif element.tag == "Location":
                found.locations[element.get("ID", "")] = found._place(element)
            elif element.tag == "IDRegDocument":
                found._add_document(element)
            elif element.tag == "ProfileRelationship":
                found._add_relation(element)
            elif element.tag == "SanctionsEntry":
                found._add_sanctions(element)
            else:
                found._add_profile_names(element)
        return found

    def values(self, value_set: str, number: str) -> str:
        """The words of a reference value, or empty."""
        return self._values.get((value_set, number), "")

    def detail(self, version_detail: Element) -> str:
        """The words of a feature that is chosen from a list, as the sex is; or empty."""
        return self.values("DetailReference", version_detail.get("DetailReferenceID", ""))

    def _add_values(self, sets: Element) -> None:
        for value in sets.iterfind("*/*"):
            kind, number = local_name(value.tag), value.get("ID", "")
            self._values[kind, number] = clean(value.text)
            if kind == "Script":
                self.scripts[number] = value.get("ScriptCode", "")
            elif kind == "Country":
                self.countries[number] = value.get("ISO2") or clean(value.text)
            elif kind == "AreaCode":
                self.areas[number] = value.get("Description") or clean(value.text)
        for value in sets.iterfind("*/PartySubType"):
            party_type = self.values("PartyType", value.get("PartyTypeID", ""))
            self.party_types[value.get("ID", "")] = (clean(value.text), party_type)

    def _place(self, location: Element) -> dict[str, str]:
        parts: dict[str, str] = {}
        for part in location.iterfind("LocationPart"):
            label = self.values("LocPartType", part.get("LocPartTypeID", "")).casefold()
            text = clean(child_text(part, "LocationPartValue/Value"))
            key = _PLACES.get(label, "street")
            if text:
                parts[key] = f"{parts[key]}, {text}" if key in parts else text
        for country in location.iterfind("LocationCountry"):
            parts.setdefault("country", self._country(country.get("CountryID", "")))
        for area in location.iterfind("LocationAreaCode"):
            if not parts.get("country"):
                parts["country"] = self.areas.get(area.get("AreaCodeID", ""), "")
        return parts

    def _country(self, number: str) -> str:
        return self.values("Country", number) or self.countries.get(number, "")

    def _add_document(self, document: Element) -> None:
        number = clean(child_text(document, "IDRegistrationNo"))
        if number:
            label = self.values("IDRegDocType", document.get("IDRegDocTypeID", ""))
            country = self._country(document.get("IssuedBy-CountryID", ""))
            self.documents[document.get("IdentityID", "")].append((label, number, country))

    def _add_relation(self, relation: Element) -> None:
        words = self.values("RelationType", relation.get("RelationTypeID", ""))
        kind = "-".join(words.casefold().split())
        self.relations[relation.get("From-ProfileID", "")].append((kind, relation.get("To-ProfileID", "")))

    def _add_sanctions(self, sanctions: Element) -> None:
        days = [read_day(day) for day in sanctions.iterfind("EntryEvent/Date")]
        programmes = [
            comment
            for item in sanctions.iterfind("SanctionsMeasure")
            if (comment := clean(child_text(item, "Comment")))
        ]
        self.sanctions[sanctions.get("ProfileID", "")].append((min(filter(None, days), default=None), programmes))

    def _add_profile_names(self, party: Element) -> None:
        for profile in party.iterfind("Profile"):
            for identity in profile.iterfind("Identity"):
                names = list(read_names(identity, self, person=False))
                primary = [name.text for name in names if name.kind is NameKind.PRIMARY]
                self.profile_names.setdefault(profile.get("ID", ""), next(iter(primary), ""))


def read_day(element: Element | None) -> date | None:
    """``Year``, ``Month`` and ``Day`` as a day; None where one is missing or impossible."""
    found = None if element is None else _date_of(element)
    return date(found.year, found.month, found.day) if found and found.month and found.day else None


def read_date_period(period: Element) -> PartialDate | None:
    """A period as precise as it is: a day, a whole month or year, or the years it spans; ``Approximate`` is circa."""
    first = _date_of(period.find("Start/From"))
    last = _date_of(period.find("End/To"))
    last = last or _date_of(period.find("Start/To")) or first
    if first is None or last is None or last.year < first.year:
        return None
    circa = any(edge.get("Approximate") == "true" for edge in (*period.iterfind("Start"), *period.iterfind("End")))
    if first.year != last.year:
        return PartialDate(year=first.year, last_year=last.year, circa=circa)
    month = first.month if first.month == last.month else None
    day = first.day if month and first.day == last.day else None
    return PartialDate(year=first.year, month=month, day=day, circa=circa)


def _date_of(element: Element | None) -> PartialDate | None:
    if element is None:
        return None
    numbers = [clean(child_text(element, tag)) for tag in ("Year", "Month", "Day")]
    if not numbers[0].isdigit() or not all(number.isdigit() for number in numbers if number):
        return None
    return partial_date(*(int(number or 0) for number in numbers))


def read_names(identity: Element, references: References, *, person: bool) -> Iterator[Name]:
    """The names of an identity, in file order; those in another script than Latin are native names."""
    parts_of_groups = {
        group.get("ID", ""): references.values("NamePartType", group.get("NamePartTypeID", "")).casefold()
        for group in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
    }
    for alias in identity.iterfind("Alias"):
        kind = _alias_kind(alias, references)
        weak = alias.get("LowQuality") == "true"
        for documented in alias.iterfind("DocumentedName"):
            parts: list[tuple[str, str]] = []
            script = ""
            for value in documented.iterfind("DocumentedNamePart/NamePartValue"):
                script = references.scripts.get(value.get("ScriptID", ""), "")
                parts.append((parts_of_groups.get(value.get("NamePartGroupID", ""), ""), clean(value.text)))
            name = _name([part for part in parts if part[1]], script, kind, weak, person)
            if name is not None:
                yield name


def _alias_kind(alias: Element, references: References) -> NameKind:
    if alias.get("Primary") == "true":
        return NameKind.PRIMARY
    label = references.values("AliasType", alias.get("AliasTypeID", "")).casefold()
    return NameKind.FORMER if label.startswith("f.k.a") else NameKind.ALIAS


def _name(parts: list[tuple[str, str]], script: str, kind: NameKind, weak: bool, person: bool) -> Name | None:
    if not parts:
        return None
    joint = "" if script in _UNSPACED else " "
    written = joint.join(text for _, text in parts)
    native = script not in ("", "Latn") or not is_latin(written)
    kind = NameKind.NATIVE if native else kind
    family = joint.join(text for label, text in parts if label in _FAMILY_PARTS)
    given = joint.join(text for label, text in parts if label not in _FAMILY_PARTS)
    if not family or not given:
        return Name(text=written, kind=kind, weak=weak)
    text = written if native else f"{family}, {given}"
    return Name(text=text, kind=kind, weak=weak, family=family if person else "", given=given if person else "")
