"""What the CSV and the XML of the EU consolidated list have in common: its publisher, terms and codes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from netpursuit.records import (
    DocumentKind,
    EntryKind,
    ListHeader,
    PartialDate,
)
from netpursuit.sources.lists.published import BirthDates, BrokenRecordError

PUBLISHER: Final = "European Commission"
TITLE: Final = "Consolidated list of persons, groups and entities subject to EU financial sanctions"
PAGE: Final = "https://www.sanctionsmap.eu/"
DOCUMENTS = {
    "passport": DocumentKind.PASSPORT,
    "diplpassport": DocumentKind.PASSPORT,
    "id": DocumentKind.NATIONAL_ID,
    "electionid": DocumentKind.OTHER,
    "birthcert": DocumentKind.OTHER,
    "drivinglicence": DocumentKind.DRIVING_LICENCE,
    "ssn": DocumentKind.SOCIAL_SECURITY,
    "fiscalcode": DocumentKind.TAX_NUMBER,
    "taxid": DocumentKind.TAX_NUMBER,
    "residentperm": DocumentKind.RESIDENCE_PERMIT,
    "resperm": DocumentKind.RESIDENCE_PERMIT,
    "traveldoc": DocumentKind.TRAVEL_PERMIT,
    "travdoc": DocumentKind.TRAVEL_PERMIT,
}


def list_header(format_name: str, dates: Sequence[date | None]) -> ListHeader:
    published = max((day for day in dates if day), default=None)
    return ListHeader(format=format_name, published_on=published, publisher=PUBLISHER, title=TITLE)


def kind_of(words: str) -> EntryKind:
    if words in {"person", "p"}:
        return EntryKind.PERSON
    if words in {"vessel", "ship", "v"}:
        return EntryKind.VESSEL
    if words in {"enterprise", "entity", "e", "group", "g"}:
        return EntryKind.ORGANISATION
    raise BrokenRecordError("subjectType", "entry-kind", "person or enterprise")


def take_birth(births: BirthDates, written: str, span: tuple[str, str], *, circa: bool) -> None:
    first, last = span
    if not written and first.isdigit() and last.isdigit() and int(first) < int(last):
        births.take(PartialDate(year=int(first), last_year=int(last), circa=circa))
    else:
        births.add(written or first or last, circa=circa)
