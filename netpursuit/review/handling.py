"""What people do with a lead beside deciding: give it to somebody, record what was found, remark on it, take a decision
back.

None of it decides: an assignment, a remark and an outcome on the spot change no state (A5). ``seen`` is what the author
of a change saw; where the lead is another by now, ``ChangedError`` is raised and nothing is done.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.roles import roles_for
from netpursuit.ports.truth import LeadQuery, Truth
from netpursuit.records import (
    Clearance,
    Intent,
    Lead,
    LeadState,
    Outcome,
    SpotOutcome,
    SpotResult,
    Statement,
    Verb,
)
from netpursuit.review.seen import Seen, seen_lead
from netpursuit.review.views import about_lead, put_links, tidy

TAKEN_BACK = "taken-back"  # the flag of a lead that a human has opened again


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """A lead that is open again, how many clearances ended with it, and the ids of the leads that the same decision
    has cleared: they stay cleared until somebody opens them or their registrations are screened again."""

    lead: Lead
    clearances: int
    along: tuple[str, ...]
    consultation_id: str


def assign_lead(desk: Workbench, lead_id: str, to: str, *, seen: Seen | None = None) -> Lead:
    """Give a lead to somebody, or (``to`` empty) to nobody. An attribute: no state, no decision.

    Raises ``InputError`` where there is no such lead; ``RefusedError`` (``assign-reviewer``) where roles are in use and
    it would go to somebody who may not decide it.
    """
    name = tidy(to)
    intent = Intent(
        verb=Verb.LEADS_ASSIGN,
        authority=desk.authority,
        fields=("assigned",) if name else (),
        about={"lead": lead_id},
        sealed=name,
    )
    with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
        lead = seen_lead(desk, lead_id, seen)
        if name and not desk.gate.roles_of(name) & roles_for(Verb.LEADS_CONFIRM):
            raise RefusedError("assign-reviewer", "a lead is given to a user who may decide it: one with role reviewer")
        said = Statement(user=desk.gate.who, name=name, at=unit.at)
        back = said if lead.assigned else lead.given_back
        assigned = replace(lead, assigned=said if name else None, given_back=None if name else back)
        unit.put_lead(assigned)
        consultation.conclude(about_lead(lead, "assigned" if name else "given back"), unit)
    return assigned


def note_lead(desk: Workbench, lead_id: str, *, name: str, note: str, seen: Seen | None = None) -> Lead:
    """Keep a remark on a lead. It decides nothing, and the lead is kept no longer for it.

    Raises ``InputError`` without a name or a remark, or where there is no such lead.
    """
    intent = Intent(verb=Verb.LEADS_NOTE, authority=desk.authority, about={"lead": lead_id})
    with desk.gate.consult(intent) as consultation:
        if not name.strip():
            raise InputError("nobody makes the remark", expected="a name")
        if not note.strip():
            raise InputError("the remark is empty", expected="a text")
        with desk.truth.transaction() as unit:
            lead = seen_lead(desk, lead_id, seen)
            said = Statement(user=desk.gate.who, name=tidy(name), at=unit.at, note=note.strip())
            noted = replace(lead, notes=(*lead.notes, said))
            unit.put_lead(noted)
            consultation.conclude(about_lead(lead, "noted"), unit)
    return noted


def record_outcome(
    desk: Workbench, lead_id: str, result: SpotResult, *, name: str, note: str = "", seen: Seen | None = None
) -> Lead:
    """Record what was found on the spot. What follows from it a named human decides: the state stays as it is.

    Raises ``InputError`` without a name, or where there is no such lead.
    """
    intent = Intent(verb=Verb.LEADS_OUTCOME, authority=desk.authority, about={"lead": lead_id, "found": result.value})
    with desk.gate.consult(intent) as consultation:
        if not name.strip():
            raise InputError("nobody says what was found", expected="a name")
        with desk.truth.transaction() as unit:
            lead = seen_lead(desk, lead_id, seen)
            said = Statement(user=desk.gate.who, name=tidy(name), at=unit.at, note=note.strip())
            visited = replace(lead, outcomes=(*lead.outcomes, SpotOutcome(result=result, said=said)))
            unit.put_lead(visited)
            consultation.conclude(about_lead(lead, "recorded"), unit)
    return visited


def reopen_lead(desk: Workbench, lead_id: str, *, name: str, note: str, seen: Seen | None = None) -> Reopened:
    """Take back a confirmation or a clearance: the lead is open again as a new revision, the decision stays readable in
    the one before, and the clearance ends with its record kept.

    Raises ``InputError`` without a name or a reason, or where the lead is neither confirmed nor cleared.
    """
    intent = Intent(verb=Verb.LEADS_REOPEN, authority=desk.authority, about={"lead": lead_id})
    with desk.gate.consult(intent) as consultation:
        if not name.strip():
            raise InputError("nobody takes the decision back", expected="a name")
        if not note.strip():
            raise InputError("a decision is not taken back without saying why", expected="a reason")
        with desk.truth.transaction() as unit:
            lead = seen_lead(desk, lead_id, seen)
            if not may_reopen(lead):
                raise InputError(f"the lead {lead_id} is {lead.state.value}", expected="a confirmed or a cleared lead")
            ended = _clearances(desk.truth, lead) if lead.state is LeadState.CLEARED else ()
            for clearance in ended:
                unit.put_clearance(replace(clearance, ended_at=unit.at))
            opened = replace(
                lead,
                state=LeadState.OPEN,
                revision=lead.revision + 1,
                flag=TAKEN_BACK,
                decided_by="",
                decided_at=None,
                decision="",
                proposal=None,
                opened_at=unit.at,
                reopened=Statement(user=desk.gate.who, name=tidy(name), at=unit.at, note=note.strip()),
                updated_at=unit.at,
            )
            unit.put_lead(opened)
            put_links(desk, unit, opened)
            along = _along(desk.truth, lead, ended)
            outcome = about_lead(opened, "reopened")
            counts = {"reopened": 1, "clearances ended": len(ended), "cleared along": len(along)}
            consultation.conclude(Outcome(counts=counts, lead_ids=(lead_id, *along), entry_ids=outcome.entry_ids), unit)
    return Reopened(lead=opened, clearances=len(ended), along=along, consultation_id=consultation.consultation_id)


def may_reopen(lead: Lead) -> bool:
    """Whether there is a decision to take back."""
    return lead.state in (LeadState.CONFIRMED, LeadState.CLEARED)


def _clearances(truth: Truth, lead: Lead) -> tuple[Clearance, ...]:
    """The clearances in force that silence a lead: of its person, of any entry that it shows. One that no other lead
    could share was stored under the lead that the entry had before it joined a group."""
    found = (item for match in lead.matches for item in truth.clearances_of_entry(match.key))
    return tuple(item for item in found if item.ended_at is None and _concerns(truth, item, lead))


def _concerns(truth: Truth, clearance: Clearance, lead: Lead) -> bool:
    if clearance.person_digest == lead.fingerprints["person"]:
        return True
    before = truth.lead(clearance.lead_id)
    return before is not None and replace(before.key, entry=lead.key.entry) == lead.key


def _along(truth: Truth, lead: Lead, ended: tuple[Clearance, ...]) -> tuple[str, ...]:
    """The other leads that are cleared by these clearances, at once or by a run since; sorted."""
    found = set()
    for clearance in ended:
        key = clearance.entry
        for other in truth.leads(LeadQuery(list_id=key.list_id, entry_id=key.entry_id, states=(LeadState.CLEARED,))):
            same = other.fingerprints.get("person") == clearance.person_digest
            if same and other.decided_at == clearance.cleared_at:
                found.add(other.lead_id)
    return tuple(sorted(found - {lead.lead_id}))
