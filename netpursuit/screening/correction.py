"""Correction of what a lead stores of its person, by order (promise A14): scored again by the same path.

The source stays as it is. As long as it says of a corrected field what it said, later runs keep the correction of that
field, whatever else changes; once it says something else there, its word holds again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from netpursuit.errors import InputError
from netpursuit.gate.erased import find_lead
from netpursuit.gate.groups import Groups
from netpursuit.gate.orders import check_order
from netpursuit.gate.workbench import Workbench, describe_person, open_matcher
from netpursuit.records import Intent, Lead, Outcome, Person, Verb
from netpursuit.screening.book import LeadBook
from netpursuit.screening.sealed import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """A lead after its correction, and as it stood before."""

    lead: Lead
    before: Lead
    consultation_id: str


def correct_lead(desk: Workbench, lead_id: str, stated: Person, order: str, *, as_of: date | None = None) -> Corrected:
    """Replace the fields that ``stated`` has in the stored person of a lead, as a new revision.

    What is no longer reportable becomes withdrawn; a confirmed lead is flagged, a cleared one looked at again where an
    identifying field changed. Raises ``InputError`` where nothing is stated or changed, the order has no number, there
    is no such lead, or its entries are in force no longer.
    """
    changed: Mapping[str, Any] = {
        item.name: getattr(stated, item.name) for item in fields(Person) if getattr(stated, item.name)
    }
    day = as_of or desk.today
    names, sealed_values = describe_person(stated)
    intent = Intent(
        verb=Verb.SUBJECT_CORRECT,
        authority=desk.authority,
        fields=names,
        about={"lead": lead_id},
        as_of=day,
        sealed=sealed_values if changed else "",
    )
    with desk.gate.consult(intent) as consultation:
        number = check_order(order)
        if not changed:
            raise InputError("nothing is stated", where="subject correct", expected="a field and its right value")
        lists, matcher = open_matcher(desk, day)
        sealed = Sealed(
            run_id=consultation.consultation_id,
            feed_id="",
            policy=matcher.policy_version,
            lists=lists,
            groups=Groups.of(desk.truth),
            explain=matcher.explain,
        )
        with desk.truth.transaction() as unit:
            lead = find_lead(desk.truth, desk.keys, lead_id)
            person = replace(lead.person, **changed)
            if person == lead.person:
                raise InputError(f"the lead {lead_id} says so already", expected="another value")
            book = LeadBook(desk, replace(sealed, feed_id=lead.key.feed_id), ())
            after = book.correct(unit, lead, person, order=number, stated=names)
            counts = {"corrected": 1, after.state.value: 1}
            shown = tuple(f"{match.key.list_id}:{match.key.entry_id}" for match in after.matches)
            outcome = Outcome(counts=counts, lead_ids=(lead_id,), entry_ids=shown, about={"order": number})
            consultation.conclude(outcome, unit)
    return Corrected(lead=after, before=lead, consultation_id=consultation.consultation_id)
