"""One person as somebody types it, field by field or as one pasted line, behind whichever face."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from netpursuit.errors import InputError
from netpursuit.ids.lines import MAX_LENGTH, split_line
from netpursuit.records import Document, EntryKey, Person
from netpursuit.sources.queries import parse_document, person_of
from netpursuit.sources.query_remarks import Remark, refuse_broken_zone

if TYPE_CHECKING:
    from netpursuit.ids.lines import QueryFields


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A person asked about, the birth dates as typed, where it stands, and what is already to be said about it."""

    person: Person
    birth_texts: tuple[str, ...] = ()
    where: str = ""
    remarks: tuple[Remark, ...] = ()


def parse_key(text: str | None) -> EntryKey | None:
    """``LIST:ENTRY``; None stays None. Raises ``InputError`` for another form."""
    if text is None:
        return None
    list_id, colon, entry_id = text.partition(":")
    if not (colon and list_id and entry_id):
        raise InputError(f"{text!r} names no entry", where="entry", expected="LIST:ENTRY")
    return EntryKey(list_id=list_id, entry_id=entry_id)


def typed_line(text: str) -> QueryFields:
    """The fields of a pasted line. Raises ``InputError`` for one that is too long, or a broken machine-readable
    zone."""
    if len(text) > MAX_LENGTH:
        raise InputError(f"{len(text)} characters are no name", where="name", expected=f"at most {MAX_LENGTH}")
    refuse_broken_zone(text, "name")
    return split_line(text)


def line_remarks(line: QueryFields) -> tuple[Remark, ...]:
    """What is to be said about a pasted line: pieces without a place, check digits that are wrong."""
    said = [Remark(kind="not-used", field="", value=text) for text in line.unused]
    said += [Remark(kind="check-digit", field=field.replace("_", "-"), value="") for field in line.wrong_checks]
    return tuple(said)


def typed_person(
    fields: Mapping[str, Any], *, where: str = "", where_id: str = "--id", documents: Sequence[Document] = ()
) -> Asked:
    """The person behind ``name``, ``birth_date``, ``id_numbers``, ``phones``, ``emails``, ``address``, ``sex`` and
    ``nationality``, each of which may be missing or empty, and ``documents`` whose kind is known.

    A name that is a pasted line or an MRZ is split and joined with them. Raises ``InputError`` for a value that is no
    date, sex, country or number; ``where`` and ``where_id`` say what the fields, and the numbers, are called.
    """
    name = fields.get("name") or ""
    line = typed_line(name) if name else None
    record: dict[str, Any] = {
        "birth_date": fields.get("birth_date") or None,
        "phone": list(fields.get("phones") or ()),
        "email": list(fields.get("emails") or ()),
        "address": fields.get("address") or None,
        "sex": fields.get("sex") or None,
        "nationality": fields.get("nationality") or None,
    }
    person = person_of({key: value for key, value in record.items() if value}, where=where)
    numbers = tuple(parse_document(text, where=where_id) for text in fields.get("id_numbers") or ())
    person = replace(person, documents=(*numbers, *documents))
    birth_texts = (record["birth_date"],) if record["birth_date"] else ()
    if line is None:
        return Asked(person=person, birth_texts=birth_texts)
    split = line.person()
    joined = replace(
        person,
        names=split.names,
        birth_dates=person.birth_dates or split.birth_dates,
        sex=person.sex or split.sex,
        nationalities=person.nationalities or split.nationalities,
        documents=(*person.documents, *split.documents),
        phones=(*person.phones, *split.phones),
        emails=(*person.emails, *split.emails),
        addresses=person.addresses or split.addresses,
    )
    return Asked(person=joined, birth_texts=birth_texts or line.birth_texts, remarks=line_remarks(line))
