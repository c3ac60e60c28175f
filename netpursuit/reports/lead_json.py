"""Leads as JSON, the same behind every face; keys are English."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netpursuit.reports.shapes import entry_json, match_json, person_json
from netpursuit.reports.tables import entry_name
from netpursuit.reports.wording import group_of

if TYPE_CHECKING:
    from netpursuit.records import Clearance, Lead, Statement
    from netpursuit.review.leads import LeadSheet
    from netpursuit.review.replay import Replay
    from netpursuit.review.views import EntryView, LeadView


def lead_json(view: LeadView) -> dict[str, Any]:
    """A lead with both records; of a lead on a group with all its entries."""
    lead = view.lead
    return {
        "lead": lead.lead_id,
        "state": lead.state.value,
        "flag": lead.flag or None,
        "revision": lead.revision,
        "feed": lead.key.feed_id,
        "registration_id": lead.key.registration_id,
        "role": lead.key.role,
        "person_ref": lead.key.person_ref,
        "registered": {
            **person_json(lead.person),
            "address": lead.registration.address,
            "unit": lead.registration.unit,
            "unit_code": lead.registration.unit_code,
            "start_date": lead.registration.start_date.isoformat() if lead.registration.start_date else None,
            "end_date": lead.registration.end_date.isoformat() if lead.registration.end_date else None,
        },
        **match_json(lead.match, view.entry),
        "list": lead.match.key.list_id,
        "list_date": lead.list_date.isoformat(),
        "list_status": view.standing.status.value,
        "obstacle": view.obstacle or None,
        "group": group_of(lead) or None,
        "entries": [entry_view_json(item) for item in view.entries] if lead.entries else [],
        "policy": lead.policy,
        "run": lead.run_id,
        "created_at": lead.created_at.isoformat(),
        "updated_at": lead.updated_at.isoformat(),
        "decided_by": lead.decided_by or None,
        "decided_at": lead.decided_at.isoformat() if lead.decided_at else None,
        "decision": lead.decision or None,
        **handled_json(lead),
    }


def entry_view_json(view: EntryView) -> dict[str, Any]:
    """An entry of a group as a lead shows it; without a comparison where it joined the group later."""
    shown = {"list": view.key.list_id, "id": view.key.entry_id}
    if view.match is not None:
        shape = match_json(view.match, view.entry)
    else:
        shape = {"entry": entry_json(view.key, view.entry) if view.entry else shown}
    return shape | {"list_status": view.standing.status.value, "obstacle": view.obstacle or None}


def queued_json(view: LeadView) -> dict[str, Any]:
    """A lead in a queue: who, which entry, how strong, in whose hands."""
    lead, names = view.lead, view.lead.person.names
    keys = [f"{match.key.list_id}:{match.key.entry_id}" for match in lead.matches]
    return {
        "lead": lead.lead_id,
        "state": lead.state.value,
        "flag": lead.flag or None,
        "revision": lead.revision,
        "band": lead.match.band.word,
        "bits": lead.match.bits,
        "probability": lead.match.probability,
        "capped": lead.match.capped,
        "list": lead.match.key.list_id,
        "entry": keys[0],
        "entry_name": entry_name(view.entry),
        "entries": keys,
        "group": group_of(lead) or None,
        "person": names[0].text if names else "",
        "role": lead.key.role,
        "feed": lead.key.feed_id,
        "registration_id": lead.key.registration_id,
        "list_status": view.standing.status.value,
        "obstacle": view.obstacle or None,
        "opened_at": (lead.opened_at or lead.created_at).isoformat(),
        "updated_at": lead.updated_at.isoformat(),
        "run": lead.run_id,
        "assigned_to": lead.assigned.name if lead.assigned else None,
        "confirmation_proposed": said_json(lead.proposed),
        "last_outcome": lead.outcomes[-1].result.value if lead.outcomes else None,
        "notes": len(lead.notes),
    }


def beside_json(view: LeadView, shown: Lead) -> dict[str, Any]:
    """Another lead of the registration of one that is shown; ``same_person``: on the same person of it."""
    key = view.lead.key
    same = (key.role, key.person_ref) == (shown.key.role, shown.key.person_ref)
    return {**queued_json(view), "person_ref": key.person_ref, "same_person": same}


def _clearance_json(clearance: Clearance | None) -> dict[str, Any] | None:
    if clearance is None:
        return None
    return {
        "reason": clearance.reason,
        "by": clearance.cleared_by,
        "at": clearance.cleared_at.isoformat(),
        "ended_at": clearance.ended_at.isoformat() if clearance.ended_at else None,
        "lead": clearance.lead_id,
    }


def sheet_json(sheet: LeadSheet) -> dict[str, Any]:
    """A lead with its past, the person's clearance of its entry and the other leads of its registration."""
    return {
        **lead_json(sheet.view),
        "revisions": [
            {
                "revision": past.revision,
                "state": past.state.value,
                "bits": past.match.bits,
                "flag": past.flag or None,
                "decided_by": past.decided_by or None,
                "decided_at": past.decided_at.isoformat() if past.decided_at else None,
                "decision": past.decision or None,
            }
            for past in sheet.revisions
        ],
        "clearance": _clearance_json(sheet.clearance),
        "changed": list(sheet.changed),
        "others": [beside_json(view, sheet.view.lead) for view in sheet.others],
        "consultation": sheet.consultation_id,
    }


def handled_json(lead: Lead) -> dict[str, Any]:
    """What people did with a lead beside deciding."""
    return {
        "assigned_to": lead.assigned.name if lead.assigned else None,
        "assigned_by": lead.assigned.user if lead.assigned else None,
        "assigned_at": lead.assigned.at.isoformat() if lead.assigned else None,
        "confirmation_proposed": said_json(lead.proposed),
        "reopened": said_json(lead.reopened),
        "outcomes": [{"outcome": item.result.value, **(said_json(item.said) or {})} for item in lead.outcomes],
        "notes": [said_json(said) for said in lead.notes],
    }


def said_json(said: Statement | None) -> dict[str, Any] | None:
    if said is None:
        return None
    return {"by": said.name, "user": said.user, "at": said.at.isoformat(), "note": said.note or None}


def replay_json(replay: Replay) -> dict[str, Any]:
    """A lead computed again, and what came out otherwise."""
    return {
        "lead": replay.lead.lead_id,
        "revision": replay.lead.revision,
        "mode": replay.mode.value,
        "lacking": replay.lacking.value if replay.lacking else None,
        "agrees": replay.agrees,
        "sha256": replay.digest,
        "made_by": {"program": replay.lead.code or None, "policy": replay.lead.policy},
        "replayed_by": {"program": replay.program, "policy": replay.policy},
        "differences": [{"what": item.what, "stored": item.stored, "again": item.again} for item in replay.differences],
        "consultation": replay.consultation_id,
    }
