"""The JSON shapes of answers, stable for users' programs; keys are English."""

from __future__ import annotations

from typing import Any

from netpursuit.records import Address, Document, Entry, EntryKey, Evidence, Match, Name, Person


def name_json(name: Name) -> dict[str, Any]:
    return {"text": name.text, "kind": name.kind.value, "weak": name.weak}


def document_json(document: Document) -> dict[str, Any]:
    return {"number": document.number, "kind": document.kind.value, "country": document.country}


def address_json(address: Address) -> dict[str, Any]:
    return {"text": address.text, "kind": address.kind.value, "unit": address.unit, "country": address.country}


def person_json(person: Person) -> dict[str, Any]:
    """Everything that one side states."""
    return {
        "names": [name_json(name) for name in person.names],
        "birth_dates": [str(date) for date in person.birth_dates],
        "sex": person.sex.value if person.sex else None,
        "nationalities": list(person.nationalities),
        "documents": [document_json(document) for document in person.documents],
        "phones": list(person.phones),
        "emails": list(person.emails),
        "addresses": [address_json(address) for address in person.addresses],
    }


def entry_json(key: EntryKey, entry: Entry) -> dict[str, Any]:
    """An entry with what tells a human where it comes from."""
    warrant = entry.warrant
    return {
        "list": key.list_id,
        "id": key.entry_id,
        "name": entry.person.names[0].text if entry.person.names else "",
        "kind": entry.kind.value,
        **person_json(entry.person),
        "programmes": list(entry.programmes),
        "instrument": warrant.instrument.value,
        "authority": warrant.authority,
        "document_number": warrant.document_number,
        "issuing_unit": warrant.issuing_unit,
        "issuing_phone": warrant.issuing_phone,
        "issue_date": warrant.issue_date.isoformat() if warrant.issue_date else None,
        "review_by": warrant.review_by.isoformat() if warrant.review_by else None,
        "offence": warrant.offence,
        "description": entry.description,
        "link": entry.link,
        "listed_on": entry.listed_on.isoformat() if entry.listed_on else None,
        "source": {"file": entry.source.file, "line": entry.source.line},
        "flagged": entry.flagged,
    }


def evidence_json(item: Evidence) -> dict[str, Any]:
    return {
        "field": item.field,
        "level": item.level,
        "bits": item.bits,
        "millibits": item.millibits,
        "left": item.left,
        "right": item.right,
        "note": item.note,
    }


def match_json(match: Match, entry: Entry | None) -> dict[str, Any]:
    """One match with its entry and all evidence."""
    shown = {"list": match.key.list_id, "id": match.key.entry_id} if entry is None else entry_json(match.key, entry)
    return {
        "entry": shown,
        "probability": match.probability,
        "bits": match.bits,
        "band": match.band.word,
        "capped": match.capped,
        "evidence": [evidence_json(item) for item in match.evidence],
    }
