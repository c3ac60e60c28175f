"""What a person is told of their own data: a page of its own, or JSON (promise A14).

Who was asked about in queries, what is held under a case, and the names of officers are not on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from netpursuit.catalogue import Catalogue
from netpursuit.records import Lead, Person
from netpursuit.reports.page import page_environment
from netpursuit.reports.wording import field_word


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLead:
    """A lead as its person is told of it. ``own_entries``: of the entries those that are surely about this person;
    ``handed_on``: (day, verb) of every act on record that gave it away."""

    lead: Lead
    same: bool
    kept_until: date
    entries: tuple[str, ...]
    own_entries: tuple[str, ...]
    handed_on: tuple[tuple[date, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEntry:
    """An entry that the person matches, its publisher, whether its list is the user's own, and whether it is surely
    about this person."""

    name: str
    publisher: str
    own: bool
    same: bool


def subject_page(
    leads: Sequence[ToldLead], entries: Sequence[ToldEntry], besides: Iterable[str], notice: list[str], words: Catalogue
) -> str:
    """The page as text; the same facts give the same bytes."""
    shown = [
        {"id": item.lead.lead_id, "rows": [(words(key), values) for key, values in _rows(item, words)]}
        for item in leads
    ]
    said = [{"name": item.name, "said": entry_words(item, words)} for item in entries]
    return (
        page_environment(words)
        .get_template("subject.html.j2")
        .render(leads=shown, entries=said, besides=list(besides), notice=notice)
    )


def entry_words(item: ToldEntry, words: Catalogue) -> str:
    """Who answers for an entry."""
    return words("subject.entry.own" if item.own else "subject.entry.published", publisher=item.publisher)


def told_json(item: ToldLead) -> dict[str, Any]:
    """A lead as JSON, without the person, whose shape is that of every answer."""
    lead = item.lead
    return {
        "lead": lead.lead_id,
        "same": item.same,
        "state": lead.state.value,
        "source": {
            "feed": lead.key.feed_id,
            "registration_id": lead.key.registration_id,
            "file": lead.registration.file,
        },
        "role": lead.key.role,
        "since": lead.created_at.isoformat(),
        "changed": lead.updated_at.isoformat(),
        "kept_until": item.kept_until.isoformat(),
        "entries": list(item.entries),
        "handed_on": [{"day": day.isoformat(), "by": verb} for day, verb in item.handed_on],
        "corrections": [
            {"day": one.at.astimezone().date().isoformat(), "order": one.order, "fields": list(one.fields)}
            for one in lead.corrections
        ],
    }


def _rows(item: ToldLead, words: Catalogue) -> Iterable[tuple[str, list[str]]]:
    lead = item.lead
    stay = lead.registration
    place = " ".join(filter(None, (stay.address, stay.unit, stay.unit_code)))
    dates = f"{stay.start_date or '…'} – {stay.end_date or '…'}" if stay.start_date or stay.end_date else ""
    rows = [
        (
            "subject.stored",
            [f"{field_word(words, name)}: {', '.join(values)}" for name, values in _stored(lead.person)],
        ),
        ("subject.stay", [text for text in (place, dates) if text]),
        ("subject.source", [f"{lead.key.feed_id}, {lead.key.registration_id}"]),
        ("subject.compared", list(item.entries)),
        ("subject.state", [words(f"lead.state.{lead.state.value}")]),
        ("subject.since", [lead.created_at.astimezone().date().isoformat()]),
        ("subject.kept-until", [item.kept_until.isoformat()]),
        ("subject.handed-on", [f"{day.isoformat()}: {words(f'verb.{verb}')}" for day, verb in item.handed_on] or ["–"]),
    ]
    return [(key, values) for key, values in rows if values]


def _stored(person: Person) -> Iterable[tuple[str, list[str]]]:
    fields = (
        ("name", [name.text for name in person.names]),
        ("birth-date", [str(day) for day in person.birth_dates]),
        ("document", [item.number for item in person.documents]),
        ("sex", [person.sex.value] if person.sex else []),
        ("nationality", list(person.nationalities)),
        ("phone", list(person.phones)),
        ("email", list(person.emails)),
        ("address", [item.text for item in person.addresses]),
    )
    return [(name, values) for name, values in fields if values]
