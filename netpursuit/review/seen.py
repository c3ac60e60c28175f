"""Two people at one lead: a change states what its author saw, and is made only where the lead is still that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from netpursuit.errors import ChangedError
from netpursuit.gate.workbench import Workbench
from netpursuit.records import Lead, Statement
from netpursuit.review.views import known_lead


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A lead as somebody saw it: its revision, and when anything was last done with it."""

    revision: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAct:
    """What was last done with a lead; the words are ``lead.act.<act>``. ``by`` is the name stated, ``user`` who
    stated it; a run has neither."""

    act: str
    by: str
    user: str
    at: datetime


def seen_of(lead: Lead) -> Seen:
    """What somebody to whom this lead is shown has seen."""
    return Seen(revision=lead.revision, updated_at=last_act(lead).at)


def last_act(lead: Lead) -> LastAct:
    """The latest of what people and runs did with a lead, as far as the lead keeps it."""
    acts = []
    if lead.decided_at is not None:
        acts.append(LastAct(act=lead.state.value, by=lead.decided_by, user="", at=lead.decided_at))

    def say(act: str, said: Statement | None) -> None:
        if said is not None:
            acts.append(LastAct(act=act, by=said.name, user=said.user, at=said.at))

    say("proposed", lead.proposed)
    say("reopened", lead.reopened)
    say("visited", lead.outcomes[-1].said if lead.outcomes else None)
    say("noted", lead.notes[-1] if lead.notes else None)
    for act, said in (("assigned", lead.assigned), ("given-back", lead.given_back)):
        if said is not None:
            acts.append(LastAct(act=act, by=said.user, user=said.user, at=said.at))
    if lead.corrections:
        made = lead.corrections[-1]
        acts.append(LastAct(act="corrected", by=made.user, user=made.user, at=made.at))
    acts.append(LastAct(act="screened", by="", user="", at=lead.updated_at))
    return max(acts, key=lambda item: item.at)  # of one instant the first: what a human did


def seen_lead(desk: Workbench, lead_id: str, seen: Seen | None) -> Lead:
    """The lead, for one who holds the transaction that will change it; ``seen`` None: whatever it is.

    Raises ``ChangedError`` where it is no longer as it was seen, and as ``known_lead``.
    """
    lead = known_lead(desk, lead_id)
    if seen is None or seen == seen_of(lead):
        return lead
    last = last_act(lead)
    raise ChangedError(f"the lead {lead_id}", act=last.act, by=last.by, user=last.user, at=last.at)
