"""The life of a lead in human hands: seen, confirmed, cleared. Nothing here happens by itself (promise A5)."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.four_eyes import needs_two
from netpursuit.gate.groups import Groups
from netpursuit.gate.workbench import ListStanding, Workbench
from netpursuit.ids.fingerprints import identifying_changes
from netpursuit.policy.clearing import CLEAR_REASONS
from netpursuit.ports.lead_queue import LeadOrigins
from netpursuit.ports.truth import LeadQuery, Truth, UnitOfWork
from netpursuit.records import Clearance, Intent, Lead, LeadState, Outcome, Statement, Verb
from netpursuit.review.seen import Seen, seen_lead
from netpursuit.review.views import (
    HELD_OUT,
    STALE,
    LeadView,
    about_lead,
    known_lead,
    name_of,
    put_links,
    tidy,
    view_lead,
)

MOST_BESIDE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadList:
    """One page of leads in their order; ``total`` counts all that were asked for. ``origins``: what the queue can be
    narrowed to."""

    leads: tuple[LeadView, ...]
    total: int
    origins: LeadOrigins
    as_of: date
    consultation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSheet:
    """All about one lead: both records, the evidence, past revisions (oldest first) and the person's clearance of the
    entry, ended or not, with the identifying fields that have changed since (as ``left.name``). ``others`` are the
    other leads of the same registration, the best first, at most ``MOST_BESIDE``."""

    view: LeadView
    revisions: tuple[Lead, ...]
    clearance: Clearance | None
    changed: tuple[str, ...]
    others: tuple[LeadView, ...]
    as_of: date
    consultation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What a named human states: both facts, their name, and what the statement rests on."""

    same_person: bool
    entry_in_force: bool
    confirmed_by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleared:
    """A clearance and the ids of all leads that it cleared, the asked one first."""

    clearance: Clearance
    lead_ids: tuple[str, ...]
    consultation_id: str


def list_leads(
    desk: Workbench,
    query: LeadQuery | None = None,
    *,
    limit: int | None = None,
    offset: int = 0,
    as_of: date | None = None,
) -> LeadList:
    """One page of leads, as one consultation."""
    wanted, day = query or LeadQuery(), as_of or desk.today
    about = {
        "states": ",".join(state.value for state in wanted.states),
        "bands": ",".join(band.word for band in wanted.bands),
        "new-since": wanted.new_since.isoformat() if wanted.new_since else "",
    }
    # What narrows by text is typed, and may be anybody's name or number: it stands in the sealed part alone.
    typed = {
        "feed": wanted.feed_id,
        "registration": wanted.registration_id,
        "list": wanted.list_id,
        "entry": wanted.entry_id,
        "run": wanted.run_id,
        "assigned": wanted.assigned,
    }
    typed = {name: value for name, value in typed.items() if value}
    intent = Intent(
        verb=Verb.LEADS_LIST,
        authority=desk.authority,
        fields=tuple(typed),
        about={name: value for name, value in about.items() if value},
        as_of=day,
        sealed=json.dumps(typed, ensure_ascii=False) if typed else "",
    )
    with desk.gate.consult(intent) as consultation:
        found = desk.truth.leads(wanted, limit=limit, offset=offset)
        total = desk.truth.count_leads(wanted)
        origins = desk.truth.lead_origins()
        known: dict[str, ListStanding] = {}
        groups = Groups.of(desk.truth)
        views = tuple(view_lead(desk.truth, lead, day, known, groups) for lead in found)
        consultation.conclude(
            Outcome(counts={"shown": len(views), "total": total}, lead_ids=tuple(lead.lead_id for lead in found))
        )
    return LeadList(leads=views, total=total, origins=origins, as_of=day, consultation_id=consultation.consultation_id)


def show_lead(desk: Workbench, lead_id: str, *, as_of: date | None = None) -> LeadSheet:
    """Everything that is known about one lead. Raises ``InputError`` where there is no such lead."""
    day = as_of or desk.today
    intent = Intent(verb=Verb.LEADS_SHOW, authority=desk.authority, about={"lead": lead_id}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        lead = known_lead(desk, lead_id)
        clearance = _clearance(desk.truth, lead)
        before = clearance.fingerprints if clearance is not None else lead.fingerprints
        others = _beside(desk.truth, lead, day)
        sheet = LeadSheet(
            view=view_lead(desk.truth, lead, day),
            revisions=desk.truth.lead_revisions(lead_id),
            clearance=clearance,
            changed=identifying_changes(before, lead.fingerprints),
            others=others,
            as_of=day,
            consultation_id=consultation.consultation_id,
        )
        outcome = about_lead(lead)
        if others:
            counts = {**outcome.counts, "beside": len(others)}
            ids = tuple(view.lead.lead_id for view in others)
            outcome = replace(outcome, counts=counts, lead_ids=(*outcome.lead_ids, *ids))
        consultation.conclude(outcome)
    return sheet


def _beside(truth: Truth, lead: Lead, day: date) -> tuple[LeadView, ...]:
    """The other leads of a registration. Who of it is on no lead is kept nowhere (A4)."""
    query = LeadQuery(feed_id=lead.key.feed_id, registration_id=lead.key.registration_id)
    found = [item for item in truth.leads(query, limit=MOST_BESIDE + 1) if item.lead_id != lead.lead_id]
    known: dict[str, ListStanding] = {}
    groups = Groups.of(truth) if found else None
    return tuple(view_lead(truth, item, day, known, groups) for item in found[:MOST_BESIDE])


def confirm_lead(
    desk: Workbench, lead_id: str, stated: Confirmation, *, as_of: date | None = None, seen: Seen | None = None
) -> Lead:
    """Record that a named human says: this is the person, and the entry is still in force.

    Where the workspace asks for four eyes, the first of two users only proposes it (``proposed`` says who, the state
    stays) and another user completes it. A confirmed lead that was flagged since can be confirmed again.

    Raises ``InputError`` where a fact, the name or the reason is missing or the lead is not open; ``RefusedError``
    where the list is stale or held out (``list-stale``, ``list-held-out``), the entry is withdrawn or past its review
    date (``entry-ended``), or one user would be both (``four-eyes``). A date before today does not make a stale list
    fresh: it is taken only for a lead of a run that itself looked back (old data, training). ``ChangedError`` where the
    lead is no longer as it was ``seen``.
    """
    day = as_of or desk.today
    intent = Intent(verb=Verb.LEADS_CONFIRM, authority=desk.authority, about={"lead": lead_id}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        _check_stated(stated)
        with desk.truth.transaction() as unit:
            lead = seen_lead(desk, lead_id, seen)
            if not may_confirm(lead):
                raise InputError(f"the lead {lead_id} is {lead.state.value}", expected="an open lead")
            _refuse_obstacle(view_lead(desk.truth, lead, _judged_on(desk, lead, day)))
            said = Statement(user=desk.gate.who, name=tidy(stated.confirmed_by), at=unit.at, note=stated.reason.strip())
            if needs_two(desk.truth):
                if lead.proposed is None:
                    proposed = replace(lead, proposal=said, updated_at=unit.at)
                    unit.put_lead(proposed)
                    consultation.conclude(about_lead(proposed, "proposed"), unit)
                    return proposed
                _refuse_same(lead.proposed, said)
            confirmed = replace(
                lead,
                state=LeadState.CONFIRMED,
                flag="",
                decided_by=said.name,
                decided_at=said.at,
                decision=said.note,
                updated_at=said.at,
            )
            unit.put_lead(confirmed)
            put_links(desk, unit, confirmed)
            consultation.conclude(about_lead(confirmed, "confirmed"), unit)
    return confirmed


def clear_lead(
    desk: Workbench,
    lead_id: str,
    *,
    reason: str,
    cleared_by: str,
    note: str = "",
    as_of: date | None = None,
    seen: Seen | None = None,
) -> Cleared:
    """Record that a named human says: this person is not this entry; it follows the person (A7).

    Other open leads of the same person on the same entry, whose identifying fields agree, are cleared with it. A lead
    on a group clears each entry that it shows.
    ``reason`` is one of ``CLEAR_REASONS``; a ``note`` is kept as a remark on the lead. Raises ``InputError`` for
    another reason, without a name, or where the lead is neither open nor confirmed; ``ChangedError`` where it is no
    longer as it was ``seen``.
    """
    day = as_of or desk.today
    intent = Intent(verb=Verb.LEADS_CLEAR, authority=desk.authority, about={"lead": lead_id}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        if reason not in CLEAR_REASONS:
            raise InputError(f"{reason!r} is no reason to clear a lead", expected=f"one of {', '.join(CLEAR_REASONS)}")
        if not cleared_by.strip():
            raise InputError("nobody says that the lead is cleared", expected="a name")
        with desk.truth.transaction() as unit:
            lead = seen_lead(desk, lead_id, seen)
            if not may_clear(lead):
                raise InputError(f"the lead {lead_id} is {lead.state.value}", expected="an open or a confirmed lead")
            clearance = Clearance(
                person_digest=lead.fingerprints["person"],
                entry=lead.match.key,
                fingerprints=lead.fingerprints,
                reason=reason,
                cleared_by=cleared_by.strip(),
                cleared_at=unit.at,
                lead_id=lead_id,
            )
            unit.put_clearance(clearance)
            for other in lead.entries[1:]:
                prints = lead.fingerprints | other.fingerprints
                unit.put_clearance(replace(clearance, entry=other.match.key, fingerprints=prints))
            if note.strip():
                said = Statement(user=desk.gate.who, name=tidy(cleared_by), at=unit.at, note=note.strip())
                lead = replace(lead, notes=(*lead.notes, said))
            cleared = (lead, *_others(desk.truth, lead))
            for item in cleared:
                _clear(unit, item, clearance, "" if item.lead_id == lead_id else "inherited-clearance")
            ids = tuple(item.lead_id for item in cleared)
            consultation.conclude(
                Outcome(counts={"cleared": len(ids)}, lead_ids=ids, entry_ids=about_lead(lead).entry_ids), unit
            )
    return Cleared(clearance=clearance, lead_ids=ids, consultation_id=consultation.consultation_id)


def may_confirm(lead: Lead) -> bool:
    """Whether a lead is in a state to be confirmed; the lists have their say besides."""
    return lead.state is LeadState.OPEN or (lead.state is LeadState.CONFIRMED and bool(lead.flag))


def may_clear(lead: Lead) -> bool:
    """Whether a lead is in a state to be cleared."""
    return lead.state in (LeadState.OPEN, LeadState.CONFIRMED)


def _judged_on(desk: Workbench, lead: Lead, stated: date) -> date:
    """The date by which a confirmation is judged: today at the earliest, or that of a run that looked back itself."""
    run = desk.truth.run(lead.run_id)
    # A day less: where the run's clock stood, the calendar may have been a day behind.
    if run is None or run.as_of >= run.started_at.date() - timedelta(days=1):
        return max(stated, desk.today)
    return max(stated, run.as_of)


def _check_stated(stated: Confirmation) -> None:
    if not (stated.same_person and stated.entry_in_force):
        raise InputError(
            "a lead is confirmed by two facts", expected="that it is the same person and that the entry is in force"
        )
    if not stated.confirmed_by.strip():
        raise InputError("nobody says that the lead is confirmed", expected="a name")
    if not stated.reason.strip():
        raise InputError("a lead is not confirmed without saying on what it rests", expected="a reason")


def _refuse_same(first: Statement, second: Statement) -> None:
    """Two users and two names: one person under two names, or two names at one account, are no four eyes."""
    if first.user == second.user or first.name.casefold() == second.name.casefold():
        raise RefusedError("four-eyes", "the second confirmation comes from another user than the first")


def _refuse_obstacle(view: LeadView) -> None:
    name = name_of(view.lead.match.key)
    if view.obstacle == HELD_OUT:
        raise RefusedError(
            "list-held-out", f"the list of {name} is damaged or missing: nothing on it can be confirmed", about=name
        )
    if view.obstacle == STALE:
        raise RefusedError(
            "list-stale", f"the list of {name} is stale: nothing on it can be confirmed before a refresh", about=name
        )
    if view.obstacle:
        raise RefusedError("entry-ended", f"the entry {name} is {view.obstacle}: it cannot be confirmed", about=name)


def _others(truth: Truth, lead: Lead) -> tuple[Lead, ...]:
    """Other open leads of the same person on the same entries, and no others, with the same identifying fields."""
    key, shown = lead.match.key, {match.key for match in lead.matches}
    return tuple(
        item
        for item in truth.leads(LeadQuery(list_id=key.list_id, entry_id=key.entry_id, states=(LeadState.OPEN,)))
        if item.lead_id != lead.lead_id
        and item.fingerprints.get("person") == lead.fingerprints["person"]
        and shown.issuperset(match.key for match in item.matches)
        and not identifying_changes(lead.fingerprints, item.fingerprints)
    )


def _clear(unit: UnitOfWork, lead: Lead, clearance: Clearance, flag: str) -> None:
    unit.put_lead(
        replace(
            lead,
            state=LeadState.CLEARED,
            flag=flag,
            decided_by=clearance.cleared_by,
            decided_at=clearance.cleared_at,
            decision=clearance.reason,
            updated_at=unit.at,
        )
    )
    unit.put_outbox(lead.lead_id, "remove", "{}")


def _clearance(truth: Truth, lead: Lead) -> Clearance | None:
    kept = truth.clearances(lead.fingerprints.get("person", ""))
    return next((item for item in kept if item.entry == lead.match.key), None)
