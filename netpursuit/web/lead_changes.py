"""What people do with a lead on the page. Every change states what its author saw; where somebody was faster nothing is
done, and the answer (409) says who and shows the lead as it is now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, TypedDict

import msgspec
from starlette.responses import Response

from netpursuit.errors import ChangedError
from netpursuit.records import LeadState, SpotResult
from netpursuit.reports.lead_words import local_time
from netpursuit.reports.wording import clean
from netpursuit.review.handling import assign_lead, note_lead, record_outcome, reopen_lead
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead
from netpursuit.review.seen import Seen
from netpursuit.web.answers import json_answer
from netpursuit.web.bounds import Short, Text, day_of
from netpursuit.web.endpoints import Asked, Call, Endpoint
from netpursuit.web.lead_calls import shown

# The act that a named human would do next; nothing does it by itself (A5).
_SUGGESTED = {SpotResult.FOUND: "confirm", SpotResult.ANOTHER_PERSON: "clear", SpotResult.NO_LONGER_WANTED: ""}


class ChangeAsked(Asked):
    """``revision`` and ``updated_at`` are those of ``seen`` in the lead that was shown."""

    revision: Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]
    updated_at: Annotated[datetime, msgspec.Meta(tz=True)]

    def seen(self) -> Seen:
        return Seen(revision=self.revision, updated_at=self.updated_at)


class ConfirmAsked(ChangeAsked):
    """Both facts, who states them, and on what the statement rests."""

    same_person: bool
    entry_in_force: bool
    name: Short
    reason: Text
    as_of: date | None = None


class ClearAsked(ChangeAsked):
    """``reason``: a code."""

    reason: Short
    name: Short
    note: Text = ""


class AssignAsked(ChangeAsked):
    """``to`` empty: to nobody."""

    to: Short


class NoteAsked(ChangeAsked):
    name: Short
    note: Text


class OutcomeAsked(ChangeAsked):
    result: SpotResult
    name: Short
    note: Text = ""


class ReopenAsked(ChangeAsked):
    name: Short
    note: Text


class ChangeAnswer(TypedDict):
    """The lead as it is after the change, and what was done in words."""

    lead: dict[str, Any]
    text: str


Change = Callable[[Call, str], dict[str, Any]]


def confirm(call: Call, lead_id: str) -> dict[str, Any]:
    asked: ConfirmAsked = call.body
    stated = Confirmation(
        same_person=asked.same_person,
        entry_in_force=asked.entry_in_force,
        confirmed_by=asked.name,
        reason=asked.reason,
    )
    lead = confirm_lead(call.desk, lead_id, stated, as_of=day_of(asked.as_of, "as_of"), seen=asked.seen())
    done = "confirmed" if lead.state is LeadState.CONFIRMED and lead.proposed is None else "proposed"
    key = "leads.confirmed" if done == "confirmed" else "leads.confirmation-proposed"
    name = lead.proposed.name if lead.proposed else lead.decided_by
    return {"done": done, "text": call.words(key, lead=lead_id, name=clean(name))}


def clear(call: Call, lead_id: str) -> dict[str, Any]:
    asked: ClearAsked = call.body
    cleared = clear_lead(
        call.desk, lead_id, reason=asked.reason, cleared_by=asked.name, note=asked.note, seen=asked.seen()
    )
    text = " ".join(call.words("leads.cleared", lead=item) for item in cleared.lead_ids)
    return {"cleared": list(cleared.lead_ids), "why": asked.reason, "text": text}


def assign(call: Call, lead_id: str) -> dict[str, Any]:
    lead = assign_lead(call.desk, lead_id, call.body.to, seen=call.body.seen())
    name = lead.assigned.name if lead.assigned else ""
    return {"text": call.words("leads.assigned" if name else "leads.given-back", lead=lead_id, name=clean(name))}


def note(call: Call, lead_id: str) -> dict[str, Any]:
    asked: NoteAsked = call.body
    note_lead(call.desk, lead_id, name=asked.name, note=asked.note, seen=asked.seen())
    return {"text": call.words("leads.noted", lead=lead_id)}


def outcome(call: Call, lead_id: str) -> dict[str, Any]:
    asked: OutcomeAsked = call.body
    lead = record_outcome(call.desk, lead_id, asked.result, name=asked.name, note=asked.note, seen=asked.seen())
    told, state = call.words(f"spot.{asked.result.value}"), call.words(f"lead.state.{lead.state.value}")
    text = call.words("leads.outcome", lead=lead_id, outcome=told, state=state)
    return {"suggested": _SUGGESTED[asked.result], "text": text}


def reopen(call: Call, lead_id: str) -> dict[str, Any]:
    asked: ReopenAsked = call.body
    done = reopen_lead(call.desk, lead_id, name=asked.name, note=asked.note, seen=asked.seen())
    said = done.lead.reopened
    text = [call.words("leads.reopened", lead=lead_id, name=clean(said.name if said else asked.name))]
    if done.clearances:
        text.append(call.words("leads.clearances-ended", count=done.clearances))
    if done.along:
        text.append(call.words("leads.cleared-along", count=len(done.along), leads=", ".join(done.along)))
    return {"clearances_ended": done.clearances, "cleared_along": list(done.along), "text": " ".join(text)}


def _changing(change: Change) -> Callable[[Call], Any]:
    """A change, then the lead as it is now; one that came too late as 409 with the lead as it is now."""

    def handle(call: Call) -> dict[str, Any] | Response:
        lead_id = call.path["lead"]
        try:
            done = change(call, lead_id)
        except ChangedError as late:
            return _too_late(call, lead_id, late)
        return {**done, "lead": shown(call, lead_id)}

    return handle


def _too_late(call: Call, lead_id: str, late: ChangedError) -> Response:
    words = call.words
    act = words(f"lead.act.{late.act}")
    if late.by and late.at:
        act = words("lead.changed.by", act=act, name=clean(late.by), at=local_time(late.at))
    return json_answer(
        {
            "code": "changed",
            "detail": words("lead.changed", lead=lead_id, act=act),
            "what": late.act,
            "by": late.by,
            "user": late.user,
            "at": late.at.isoformat() if late.at else None,
            "lead": shown(call, lead_id),
        },
        409,
    )


ENDPOINTS = tuple(
    Endpoint(
        method="POST",
        path=f"/leads/{{lead}}/{act}",
        summary=summary,
        handle=_changing(change),
        asks=asks,
        answers=ChangeAnswer,
    )
    for act, summary, change, asks in (
        ("confirm", "Confirm a lead by its two facts", confirm, ConfirmAsked),
        ("clear", "Say that the person is not the entry", clear, ClearAsked),
        ("assign", "Give a lead to somebody, or to nobody", assign, AssignAsked),
        ("note", "Keep a remark on a lead", note, NoteAsked),
        ("outcome", "Record what was found on the spot", outcome, OutcomeAsked),
        ("reopen", "Take a decision back", reopen, ReopenAsked),
    )
)
