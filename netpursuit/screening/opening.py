"""A lead opened by a human from the answer to a query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from netpursuit.errors import InputError
from netpursuit.gate.groups import Groups
from netpursuit.gate.workbench import Workbench, describe_person, open_matcher, query_digest
from netpursuit.records import (
    Band,
    Consultation,
    EntryKey,
    Intent,
    Lead,
    Match,
    Outcome,
    Person,
    RegisteredPerson,
    Registration,
    Role,
    Verb,
)
from netpursuit.screening.book import LeadBook
from netpursuit.screening.decide import Action
from netpursuit.screening.sealed import Sealed

QUERY_FEED = "query"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLead:
    """What opening did. ``lead`` None: the person has been cleared of this entry (``action`` says ``inherited``)."""

    action: Action
    lead: Lead | None
    consultation_id: str


def open_from_query(
    desk: Workbench, query_id: str, key: EntryKey, person: Person, *, as_of: date | None = None
) -> OpenedLead:
    """Store a match that a query has shown as a lead (feed ``query``, registration id the query's consultation).

    ``person`` gives the fields of the query again; they are checked against the keyed digest that its outcome keeps.
    Raises ``InputError`` where the consultation is no finished query, has not shown this entry, or was about other
    fields, and where the entry is in force no longer.
    """
    day = as_of or desk.today
    registered = RegisteredPerson(role=Role.OCCUPANT, position=0, person_id="", person=person)
    about = {"query": query_id}
    fields, sealed_values = describe_person(person, key)
    intent = Intent(
        verb=Verb.LEADS_OPEN,
        authority=desk.authority,
        fields=fields,
        about=about,
        as_of=day,
        sealed=sealed_values,
    )
    with desk.gate.consult(intent, persons=(person,)) as consultation:
        _check(desk, _query(desk, query_id), key, person)
        lists, matcher = open_matcher(desk, day)
        found = matcher.match((person,), min_band=Band.WEAK, limit=None, held_out=lists.held_out)[0]
        groups = Groups.of(desk.truth)
        matches = _chosen(found.matches, key, groups)
        sealed = Sealed(
            run_id=query_id,
            feed_id=QUERY_FEED,
            policy=matcher.policy_version,
            lists=lists,
            groups=groups,
            explain=matcher.explain,
        )
        book = LeadBook(desk, sealed, ())
        subject = book.subject(key)
        registration = Registration(registration_id=query_id, file_digest="", file="", line=0, persons=())
        with desk.truth.transaction() as unit:
            proposed = book.propose(unit, query_id, registered, registration, matches, subject)
            proposed = replace(proposed, lists=lists.pinned)
            action = book.keep(unit, proposed, matches, Counter())
            lead = desk.truth.lead(proposed.lead_id)
            ids = (proposed.lead_id,) if lead is not None else ()
            shown = tuple(f"{match.key.list_id}:{match.key.entry_id}" for match in proposed.matches)
            consultation.conclude(Outcome(counts={action.value: 1}, lead_ids=ids, entry_ids=shown), unit)
    return OpenedLead(action=action, lead=lead, consultation_id=consultation.consultation_id)


def _query(desk: Workbench, query_id: str) -> Consultation:
    for consultation in desk.gate.log.read():
        if consultation.consultation_id == query_id:
            return consultation
    raise InputError(f"there is no consultation {query_id!r}")


def _check(desk: Workbench, query: Consultation, key: EntryKey, person: Person) -> None:
    if query.intent.verb is not Verb.MATCH or query.outcome is None:
        raise InputError(f"{query.consultation_id} is no finished query", expected="the consultation of a 'match'")
    if f"{key.list_id}:{key.entry_id}" not in query.outcome.entry_ids:
        raise InputError(f"the query has not shown {key.list_id}:{key.entry_id}", expected="one of its matches")
    if query.outcome.about.get("query", "") != query_digest(desk.keys, query.consultation_id, person):
        raise InputError("these are not the fields of that query", expected="the same fields given again")


def _chosen(matches: tuple[Match, ...], key: EntryKey, groups: Groups) -> tuple[Match, ...]:
    """The match with an entry, or all with the entries of its group, the best first."""
    group = groups.find(key)
    if any(match.key == key for match in matches):
        return tuple(match for match in matches if match.key == key or (group and match.key in group.members))
    raise InputError(
        f"{key.list_id}:{key.entry_id} matches no longer", expected="an entry that is in force and reaches a band"
    )
