"""What all OFAC formats have in common: names, labels of identifiers, countries, and gathering an entry.

Source: OFAC "SDN list data formats and data schemas" and the reference values of the advanced XML.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from netpursuit.records import (
    Address,
    Document,
    DocumentKind,
    Entry,
    EntryKind,
    Name,
    NameKind,
    PartialDate,
    Person,
    Relation,
    Sex,
    SourceRef,
    Warrant,
)
from netpursuit.sources.lists.fields import clean, country_code, parse_partial_date, parse_sex
from netpursuit.sources.lists.published import described, joined_names

PUBLISHER = "US Department of the Treasury, Office of Foreign Assets Control"
LINKED_TO = "linked-to"

_KINDS = {
    "individual": EntryKind.PERSON,
    "vessel": EntryKind.VESSEL,
    "aircraft": EntryKind.AIRCRAFT,
}

# First fitting row decides; from the particular to the general.
_DOCUMENT_KINDS = tuple(
    (re.compile(pattern, re.I), kind)
    for pattern, kind in (
        (r"passport", DocumentKind.PASSPORT),
        (r"driver|driving", DocumentKind.DRIVING_LICENCE),
        (r"\bssn\b|social (security|insurance)|seguro social", DocumentKind.SOCIAL_SECURITY),
        (
            r"\btax\b|taxpayer|\bv\.?a\.?t\b|fiscal|\brfc\b|r\.f\.c|\bnit\b|c\.?u\.?i\.?[tl]\b|\bruc\b|\brif\b|\brtn\b|c\.i\.f|\binn\b",
            DocumentKind.TAX_NUMBER,
        ),
        (r"resid|foreign id|alien|n\.i\.e\b", DocumentKind.RESIDENCE_PERMIT),
        (
            r"business|trade|company|commercial|compan|enterprise|vessel|aircraft|legal entity|registration|seafarer"
            r"|birth certificate|travel document|militar|visa|c\.u\.i\.p",
            DocumentKind.OTHER,
        ),
        (
            r"identi|national id|personal id|\bid card|cedula|citizen|\bd\.?n\.?i|c\.?u\.?i\b|c\.?u\.?r\.?p|i\.?f\.?e\b"
            r"|\ble number|electoral|election|tazkira|civil id|\bcnp\b|\bid no|national no|\bnin\b",
            DocumentKind.NATIONAL_ID,
        ),
    )
)
_CITIZEN_NUMBER = re.compile(r"\d{17}[\dX]", re.I)
_REGION = re.compile(r"^Region:\s*")
_PHONE = re.compile(r"phone|telephone|mobile", re.I)
_EMAIL = re.compile(r"e-?mail", re.I)
# Identifiers that are no documents of anybody: what is done to the entry, its name in telegraph code, its accounts.
_NO_DOCUMENT = re.compile(
    r"website|fax|digital currency|sanctions|commercial code|executive order|transactions|caatsa|established date"
    r"|(?:listing|effective|divestment) date|nationality of registration|target type|organization type|isin|issuer name"
    r"|equity ticker|\bbik\b|swift|ofac|directive|section",
    re.I,
)


def entry_kind(sdn_type: str) -> EntryKind:
    """``individual``, ``vessel`` and ``aircraft`` say what they are; everything else is an organisation."""
    return _KINDS.get(clean(sdn_type).casefold(), EntryKind.ORGANISATION)


def document_kind(label: str) -> DocumentKind:
    """What OFAC's label of an identifier means, ``OTHER`` where it is none of a person's usual documents.

    >>> document_kind("Cedula No."), document_kind("Diplomatic Passport")
    (<DocumentKind.NATIONAL_ID: 'national-id'>, <DocumentKind.PASSPORT: 'passport'>)
    """
    return next((kind for pattern, kind in _DOCUMENT_KINDS if pattern.search(label)), DocumentKind.OTHER)


def name_kind(alias_type: str) -> NameKind:
    """``f.k.a.`` is a former name; ``a.k.a.`` and ``n.k.a.`` are aliases."""
    return NameKind.FORMER if alias_type.casefold().startswith("f") else NameKind.ALIAS


def country_of(text: str) -> str:
    """Alpha-2 of a country as OFAC writes it (``Region: Gaza`` too), or empty."""
    return country_code(_REGION.sub("", clean(text)))


def split_name(text: str, kind: NameKind, *, person: bool = True, weak: bool = False, title: str = "") -> Name | None:
    """A name as OFAC writes it, ``FAMILY, Given``; of people the parts are told apart, a title is dropped.

    None for an empty name.
    """
    text = clean(text)
    if not text:
        return None
    family, comma, given = (part.strip() for part in text.partition(","))
    if not person or not comma or not family or not given:
        return Name(text=text, kind=kind, weak=weak)
    if title and given.casefold().startswith(f"{title.casefold()} "):
        given = given[len(title) :].strip()
    return Name(text=f"{family}, {given}", kind=kind, weak=weak, family=family, given=given)


def list_title(paths_or_names: tuple[Path, ...]) -> str:
    """The title of the list, from the publisher's own file names; they are not stated inside the files."""
    names = " ".join(path.name.casefold() for path in paths_or_names)
    if "cons" in names:
        return "Consolidated Sanctions List (non-SDN)"
    return "Specially Designated Nationals and Blocked Persons List" if "sdn" in names else "OFAC sanctions list"


@dataclass(slots=True)
class Facts:
    """What is known of one entry while its parts are read. Repeated values are kept once, in the order met."""

    names: list[Name] = field(default_factory=list)
    birth_dates: list[PartialDate] = field(default_factory=list)
    birth_places: list[str] = field(default_factory=list)
    sex: Sex | None = None
    nationalities: list[str] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    programmes: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add_name(self, name: Name | None) -> None:
        """Add a name unless it is empty or already there (as strong, where both strengths are stated)."""
        if name is not None and all(name.text != other.text for other in self.names):
            self.names.append(name)

    def add_birth_date(self, text: str) -> None:
        """Add a birth date in words; one that cannot be read stays visible among the notes."""
        born = parse_partial_date(text)
        if born is None:
            self.add_note(f"DOB {clean(text)}")
        elif born not in self.birth_dates:
            self.birth_dates.append(born)

    def add_birth_place(self, text: str) -> None:
        _append(self.birth_places, clean(text))

    def add_nationality(self, text: str) -> None:
        """Add a nationality or citizenship; a state without a code stays visible among the notes."""
        code = country_of(text)
        if code:
            _append(self.nationalities, code)
        else:
            self.add_note(f"nationality {clean(text)}" if clean(text) else "")

    def add_address(self, street: str, city: str, country: str, region: str = "", postcode: str = "") -> None:
        """Add an address from its parts, each possibly empty; nothing at all is no address."""
        parts = [clean(part) for part in (street, city, region, postcode)]
        code, land = country_of(country), _REGION.sub("", clean(country))
        text = ", ".join(filter(None, (*parts, land)))
        if text and text != "undetermined":
            address = Address(text=text, city=parts[1], region=parts[2], postcode=parts[3], country=code)
            if address not in self.addresses:
                self.addresses.append(address)

    def add_identifier(self, label: str, number: str, country: str = "") -> None:
        """Add what OFAC calls an ID: a document, but also the sex, a phone, an e-mail address or a remark."""
        label, number = clean(label).rstrip(":"), clean(number)
        if label.casefold() == "gender":
            self.sex = self.sex or parse_sex(number)
        elif not number or _NO_DOCUMENT.search(label):
            self.add_note(f"{label}: {number}" if number else label)
        elif _PHONE.search(label):
            _append(self.phones, number)
        elif _EMAIL.search(label):
            _append(self.emails, number)
        else:
            issuer = country_of(country)
            # China's citizen number is one number under many labels ("Residency Number", "Citizen's Card Number").
            is_citizen_number = issuer == "CN" and _CITIZEN_NUMBER.fullmatch(number)
            kind = DocumentKind.NATIONAL_ID if is_citizen_number else document_kind(label)
            found = Document(number=number, kind=kind, country=issuer, note=label)
            if found not in self.documents:
                self.documents.append(found)

    def add_relation(self, kind: str, target_name: str, target_id: str = "") -> None:
        relation = Relation(kind=kind, target_name=clean(target_name), target_id=target_id)
        if relation not in self.relations:
            self.relations.append(relation)

    def add_programme(self, text: str) -> None:
        _append(self.programmes, clean(text))

    def add_note(self, text: str) -> None:
        _append(self.notes, clean(text))

    def entry(self, entry_id: str, kind: EntryKind, source: SourceRef, *, listed_on: date | None = None) -> Entry:
        """The entry of all that was gathered. Raises ``BrokenRecordError`` without a name, or with one of no length."""
        person = Person(
            names=joined_names(self.names),
            birth_dates=tuple(self.birth_dates),
            sex=self.sex,
            nationalities=tuple(self.nationalities),
            documents=tuple(self.documents),
            phones=tuple(self.phones),
            emails=tuple(self.emails),
            addresses=tuple(self.addresses),
        )
        return Entry(
            entry_id=entry_id,
            kind=kind,
            person=person,
            source=source,
            relations=tuple(self.relations),
            programmes=tuple(self.programmes),
            warrant=Warrant(authority=PUBLISHER),
            listed_on=listed_on,
            link=f"https://sanctionssearch.ofac.treas.gov/Details.aspx?id={entry_id}",
            description=described("; ".join(self.notes)),
            birth_places=tuple(self.birth_places),
        )


def _append(values: list[str], value: str) -> None:
    if value and value not in values:
        values.append(value)
