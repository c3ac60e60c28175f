"""The life of a lead in human hands: seen, confirmed, cleared. Nothing here happens by itself (promise A5)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.gate.groups import ENTRY_LEFT, Groups
from netpursuit.gate.workbench import ListStanding, Workbench, kept_lists, standing
from netpursuit.ids.fingerprints import identifying_changes
from netpursuit.policy.clearing import CLEAR_REASONS
from netpursuit.policy.standing import ENTRY_EXPIRED, ENTRY_WITHDRAWN, ListStatus, is_expired
from netpursuit.ports.truth import LeadQuery, Truth, UnitOfWork
from netpursuit.records import Band, Clearance, Entry, EntryKey, Intent, Lead, LeadState, Match, Outcome, Verb

# Why a lead cannot be confirmed; the words are ``lead.not-in-force.<value>``.
STALE = "stale"
WITHDRAWN = "withdrawn"
EXPIRED = "expired"
HELD_OUT = "held-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """An entry that a lead shows. ``entry`` is as it stands now, or as it stood when the lead was made where it stands
    no more. ``obstacle`` is empty or says why nothing on it can be confirmed as of the date asked: ``withdrawn``,
    ``expired``, ``stale``, ``held-out``. ``match`` None: it joined the group later and was not compared yet."""

    key: EntryKey
    entry: Entry | None
    standing: ListStanding
    obstacle: str
    match: Match | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadView:
    """A lead beside its entry, or beside all of its group.

    ``entry`` and ``standing`` are those of the best match; ``entries`` are all, the best first. A lead on a group can
    be confirmed (``obstacle`` empty) where one of those that match well enough can.
    """

    lead: Lead
    entry: Entry | None
    standing: ListStanding
    obstacle: str
    entries: tuple[EntryView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadList:
    """One page of leads, best first; ``total`` counts all that were asked for."""

    leads: tuple[LeadView, ...]
    total: int
    as_of: date
    consultation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSheet:
    """All about one lead: both records, the evidence, past revisions (oldest first) and the person's clearance of the
    entry, ended or not, with the identifying fields that have changed since (as ``left.name``)."""

    view: LeadView
    revisions: tuple[Lead, ...]
    clearance: Clearance | None
    changed: tuple[str, ...]
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
    }
    # What narrows by text is typed, and may be anybody's name or number: it stands in the sealed part alone.
    typed = {
        "feed": wanted.feed_id,
        "registration": wanted.registration_id,
        "list": wanted.list_id,
        "entry": wanted.entry_id,
        "run": wanted.run_id,
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
        known: dict[str, ListStanding] = {}
        groups = Groups.of(desk.truth)
        views = tuple(view_lead(desk.truth, lead, day, known, groups) for lead in found)
        consultation.conclude(
            Outcome(counts={"shown": len(views), "total": total}, lead_ids=tuple(lead.lead_id for lead in found))
        )
    return LeadList(leads=views, total=total, as_of=day, consultation_id=consultation.consultation_id)


def show_lead(desk: Workbench, lead_id: str, *, as_of: date | None = None) -> LeadSheet:
    """Everything that is known about one lead. Raises ``InputError`` where there is no such lead."""
    day = as_of or desk.today
    intent = Intent(verb=Verb.LEADS_SHOW, authority=desk.authority, about={"lead": lead_id}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        lead = _lead(desk.truth, lead_id)
        clearance = _clearance(desk.truth, lead)
        before = clearance.fingerprints if clearance is not None else lead.fingerprints
        sheet = LeadSheet(
            view=view_lead(desk.truth, lead, day),
            revisions=desk.truth.lead_revisions(lead_id),
            clearance=clearance,
            changed=identifying_changes(before, lead.fingerprints),
            as_of=day,
            consultation_id=consultation.consultation_id,
        )
        consultation.conclude(_about(lead))
    return sheet


def confirm_lead(desk: Workbench, lead_id: str, stated: Confirmation, *, as_of: date | None = None) -> Lead:
    """Record that a named human says: this is the person, and the entry is still in force.

    Raises ``InputError`` where a fact, the name or the reason is missing or the lead is not open; ``RefusedError``
    where the list is stale or held out (``list-stale``, ``list-held-out``), or the entry is withdrawn or past its
    review date (``entry-ended``). A confirmed lead that was flagged since can be confirmed again. A date before today
    does not make a stale list fresh: it is taken only for a lead of a run that itself looked back (old data, training).
    """
    day = as_of or desk.today
    intent = Intent(verb=Verb.LEADS_CONFIRM, authority=desk.authority, about={"lead": lead_id}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        _check_stated(stated)
        with desk.truth.transaction() as unit:
            lead = _lead(desk.truth, lead_id)
            if lead.state is not LeadState.OPEN and not (lead.state is LeadState.CONFIRMED and lead.flag):
                raise InputError(f"the lead {lead_id} is {lead.state.value}", expected="an open lead")
            _refuse_obstacle(view_lead(desk.truth, lead, _judged_on(desk, lead, day)))
            confirmed = replace(
                lead,
                state=LeadState.CONFIRMED,
                flag="",
                decided_by=stated.confirmed_by.strip(),
                decided_at=unit.at,
                decision=stated.reason.strip(),
                updated_at=unit.at,
            )
            unit.put_lead(confirmed)
            _put_links(desk, unit, confirmed)
            consultation.conclude(_about(confirmed), unit)
    return confirmed


def clear_lead(desk: Workbench, lead_id: str, *, reason: str, cleared_by: str, as_of: date | None = None) -> Cleared:
    """Record that a named human says: this person is not this entry; it follows the person (A7).

    Other open leads of the same person on the same entry, whose identifying fields agree, are cleared with it. A lead
    on a group clears each entry that it shows.
    ``reason`` is one of ``CLEAR_REASONS``. Raises ``InputError`` for another reason, without a name, or where the lead
    is neither open nor confirmed.
    """
    day = as_of or desk.today
    intent = Intent(verb=Verb.LEADS_CLEAR, authority=desk.authority, about={"lead": lead_id}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        if reason not in CLEAR_REASONS:
            raise InputError(f"{reason!r} is no reason to clear a lead", expected=f"one of {', '.join(CLEAR_REASONS)}")
        if not cleared_by.strip():
            raise InputError("nobody says that the lead is cleared", expected="a name")
        with desk.truth.transaction() as unit:
            lead = _lead(desk.truth, lead_id)
            if lead.state not in (LeadState.OPEN, LeadState.CONFIRMED):
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
            cleared = (lead, *_others(desk.truth, lead))
            for item in cleared:
                _clear(unit, item, clearance, "" if item.lead_id == lead_id else "inherited-clearance")
            ids = tuple(item.lead_id for item in cleared)
            consultation.conclude(
                Outcome(counts={"cleared": len(ids)}, lead_ids=ids, entry_ids=_about(lead).entry_ids), unit
            )
    return Cleared(clearance=clearance, lead_ids=ids, consultation_id=consultation.consultation_id)


def view_lead(
    truth: Truth,
    lead: Lead,
    as_of: date,
    known: dict[str, ListStanding] | None = None,
    groups: Groups | None = None,
) -> LeadView:
    """A lead beside its entries as of a date. ``known`` and ``groups`` go from one lead to the next."""
    known = {} if known is None else known
    made = [(item.match, item.list_version) for item in lead.entries] or [(lead.match, lead.list_version)]
    views = [_view_entry(truth, match.key, as_of, known, match, version) for match, version in made]
    best = views[0]
    obstacle = best.obstacle
    if lead.entries:
        shown = {match.key for match in lead.matches}
        group = (groups or Groups.of(truth)).find(lead.match.key)
        joined = [key for key in group.members if key not in shown] if group else []
        views += [_view_entry(truth, key, as_of, known) for key in joined]
        enough = min(lead.match.band, Band.POSSIBLE)
        if any(view.match and view.match.band >= enough and not view.obstacle for view in views):
            obstacle = ""
    return LeadView(
        lead=_marked(lead, views), entry=best.entry, standing=best.standing, obstacle=obstacle, entries=tuple(views)
    )


def _view_entry(
    truth: Truth,
    key: EntryKey,
    as_of: date,
    known: dict[str, ListStanding],
    match: Match | None = None,
    list_version: str = "",
) -> EntryView:
    if key.list_id not in known:
        version = truth.list_version(key.list_id)
        missing = ListStanding(list_id=key.list_id, status=ListStatus.MISSING, version=None)
        known[key.list_id] = standing(truth, version, as_of) if version is not None else missing
    stands = known[key.list_id]
    entry, obstacle = _entry_now(truth, key, stands, as_of)
    made = entry or _as_made(truth, key, list_version)
    return EntryView(key=key, entry=made, standing=stands, obstacle=obstacle, match=match)


def _entry_now(truth: Truth, key: EntryKey, stands: ListStanding, as_of: date) -> tuple[Entry | None, str]:
    """The entry as it stands, and why a lead on it cannot be confirmed as of a date."""
    if stands.version is None:
        # A list that was never removed has got lost: what stood on it may well be in force.
        return None, HELD_OUT if key.list_id in kept_lists(truth) else WITHDRAWN
    if stands.status is ListStatus.DAMAGED:
        return None, HELD_OUT
    try:
        entry = truth.entry(key)
    except StorageError:
        return None, HELD_OUT
    if entry is None:
        return None, WITHDRAWN
    if is_expired(entry, as_of):
        return entry, EXPIRED
    return entry, STALE if stands.status is ListStatus.STALE else ""


def _marked(lead: Lead, views: Sequence[EntryView]) -> Lead:
    """A lead on an entry that has ended says so at once, also before the next run stores the mark (A8); so does one
    on a group of which an entry has ended."""
    marks = [{EXPIRED: ENTRY_EXPIRED, WITHDRAWN: ENTRY_WITHDRAWN}.get(view.obstacle, "") for view in views]
    ended = all(marks)
    unflagged = lead.state in (LeadState.OPEN, LeadState.CONFIRMED) and not lead.flag
    if (ended and lead.state is LeadState.OPEN) or (any(marks) and unflagged):
        return replace(lead, flag=marks[0] if ended else ENTRY_LEFT)
    return lead


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


def _refuse_obstacle(view: LeadView) -> None:
    name = _name(view.lead.match.key)
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


def _put_links(desk: Workbench, unit: UnitOfWork, lead: Lead) -> None:
    found = {match.key: desk.truth.entry(match.key) for match in lead.matches}
    entries = {key: entry for key, entry in found.items() if entry is not None}
    if entries:
        unit.put_outbox(lead.lead_id, "upsert", desk.links(lead, entries))


def _lead(truth: Truth, lead_id: str) -> Lead:
    lead = truth.lead(lead_id)
    if lead is None:
        raise InputError(f"there is no lead {lead_id!r}")
    return lead


def _as_made(truth: Truth, key: EntryKey, list_version: str) -> Entry | None:
    """The entry as it stood when the lead was made; None where it cannot be read any more."""
    try:
        return truth.entry(key, list_version) if list_version else None
    except StorageError:
        return None


def _clearance(truth: Truth, lead: Lead) -> Clearance | None:
    kept = truth.clearances(lead.fingerprints.get("person", ""))
    return next((item for item in kept if item.entry == lead.match.key), None)


def _about(lead: Lead) -> Outcome:
    entry_ids = tuple(_name(match.key) for match in lead.matches)
    return Outcome(counts={"shown": 1}, lead_ids=(lead.lead_id,), entry_ids=entry_ids)


def _name(key: EntryKey) -> str:
    return f"{key.list_id}:{key.entry_id}"
