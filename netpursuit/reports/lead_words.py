"""What is said of a lead in words: where its person is registered, who did what with it, what its entry tells a human,
what computing it again came to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from netpursuit.catalogue import Catalogue
from netpursuit.records import Entry, Lead, LeadState, Statement
from netpursuit.reports.wording import clean, term

if TYPE_CHECKING:
    from netpursuit.review.replay import Replay
    from netpursuit.review.views import EntryView


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that an entry tells a human; ``key`` is ``entry.<key>`` of the catalogue."""

    key: str
    label: str
    text: str


def local_time(at: datetime) -> str:
    """An instant by the reader's clock, to the minute."""
    return at.astimezone().isoformat(" ", "minutes")


def handled_lines(lead: Lead, words: Catalogue) -> list[str]:
    """What people did with a lead beside deciding, a line each."""

    def told(key: str, said: Statement) -> str:
        line = words(key, name=clean(said.name), user=clean(said.user), at=local_time(said.at))
        return f"{line}: {clean(said.note)}" if said.note else line

    lines = [told("leads.shown.assigned", lead.assigned)] if lead.assigned else []
    if lead.proposal is not None and (lead.proposed or lead.state is LeadState.CONFIRMED):
        lines.append(told("leads.shown.proposed" if lead.proposed else "leads.shown.first", lead.proposal))
    if lead.reopened is not None:
        lines.append(told("leads.shown.reopened", lead.reopened))
    visits = (
        f"{words(f'spot.{item.result.value}')} – {told('leads.shown.outcome', item.said)}" for item in lead.outcomes
    )
    return [*lines, *visits, *(told("leads.shown.note", said) for said in lead.notes)]


def decision_word(words: Catalogue, lead: Lead) -> str:
    """Why a lead was decided as it is: the reason code of a clearance in words, what a confirmation rests on."""
    return clean(term(words, f"clear.reason.{lead.decision}", lead.decision))


def decided(lead: Lead, words: Catalogue) -> str:
    """Who decided a lead, why, and when."""
    return _dated(f"{clean(lead.decided_by)}: {decision_word(words, lead)}", lead)


def decided_before(past: Lead, words: Catalogue) -> str:
    """A decision that a later revision has replaced."""
    told = words(
        "leads.shown.past",
        number=past.revision,
        state=words(f"lead.state.{past.state.value}"),
        name=clean(past.decided_by),
        decision=decision_word(words, past),
    )
    return _dated(told, past)


def _dated(told: str, lead: Lead) -> str:
    return f"{told} ({local_time(lead.decided_at)})" if lead.decided_at else told


def stay_line(lead: Lead, words: Catalogue) -> str:
    """The registration, the role in it, the place and the dates."""
    registration, role = lead.registration, words(f"role.{lead.key.role}")
    dates = f"{registration.start_date or '…'} – {registration.end_date or '…'}"
    place = " ".join(part for part in (registration.address, registration.unit, registration.unit_code) if part)
    return f"{words('leads.registration')} {lead.key.registration_id}: {role}, {clean(place)}, {dates}"


def entry_facts(entry: Entry, words: Catalogue) -> tuple[Fact, ...]:
    """What the entry tells a human and nothing scores, without what it does not say."""
    warrant = entry.warrant
    facts = {
        "instrument": words(f"instrument.{warrant.instrument.value}"),
        "authority": warrant.authority,
        "document-number": warrant.document_number,
        "issuing-unit": warrant.issuing_unit,
        "issuing-phone": warrant.issuing_phone,
        "issue-date": str(warrant.issue_date or ""),
        "review-by": str(warrant.review_by or ""),
        "offence": warrant.offence,
        "description": entry.description,
        "link": entry.link,
    }
    return tuple(Fact(key, words(f"entry.{key}"), clean(text)) for key, text in facts.items() if text)


def obstacle_word(words: Catalogue, view: EntryView, obstacle: str) -> str:
    """Why nothing on an entry can be confirmed; empty for no obstacle."""
    version = view.standing.version
    days = version.max_age_days if version else None
    return words(f"lead.not-in-force.{obstacle}", days=days) if obstacle else ""


def replay_lines(words: Catalogue, replay: Replay) -> tuple[str, str, tuple[str, ...]]:
    """Why it was only recomputed (empty: all was there), what it came to, and a line for each difference."""
    lead, lacking = replay.lead, ""
    if replay.lacking is not None:
        made = f"{lead.code or words('replay.unknown-program')}, {lead.policy}"
        now = f"{replay.program}, {replay.policy}"
        lacking = words(f"replay.lacking.{replay.lacking.value}", made=made, now=now)
    key = f"replay.{replay.mode.value}" if replay.agrees else "replay.differs"
    told = words(key, lead=lead.lead_id, revision=lead.revision, digest=replay.digest, count=len(replay.differences))
    differences = (f"{clean(item.what)}: {clean(item.stored)} → {clean(item.again)}" for item in replay.differences)
    return lacking, told, tuple(differences)
