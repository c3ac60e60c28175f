"""A lead beside its entries as they stand now, and why nothing on them can be confirmed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from netpursuit.errors import StorageError
from netpursuit.gate.erased import find_lead
from netpursuit.gate.groups import ENTRY_LEFT, Groups
from netpursuit.gate.workbench import ListStanding, Workbench, kept_lists, standing
from netpursuit.policy.standing import ENTRY_EXPIRED, ENTRY_WITHDRAWN, ListStatus, is_expired
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import Band, Entry, EntryKey, Lead, LeadState, Match, Outcome

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


def _as_made(truth: Truth, key: EntryKey, list_version: str) -> Entry | None:
    """The entry as it stood when the lead was made; None where it cannot be read any more."""
    try:
        return truth.entry(key, list_version) if list_version else None
    except StorageError:
        return None


def known_lead(desk: Workbench, lead_id: str) -> Lead:
    """The lead. Raises ``InputError`` where there is none, ``ErasedError`` where it was erased (A17)."""
    return find_lead(desk.truth, desk.keys, lead_id)


def put_links(desk: Workbench, unit: UnitOfWork, lead: Lead) -> None:
    """Queue what the lead brings to the link graph as it now is."""
    found = {match.key: desk.truth.entry(match.key) for match in lead.matches}
    entries = {key: entry for key, entry in found.items() if entry is not None}
    if entries:
        unit.put_outbox(lead.lead_id, "upsert", desk.links(lead, entries))


def about_lead(lead: Lead, counted: str = "shown") -> Outcome:
    """The outcome of an act on one lead."""
    entry_ids = tuple(name_of(match.key) for match in lead.matches)
    return Outcome(counts={counted: 1}, lead_ids=(lead.lead_id,), entry_ids=entry_ids)


def name_of(key: EntryKey) -> str:
    """An entry as people write it: ``list:entry``."""
    return f"{key.list_id}:{key.entry_id}"


def tidy(name: str) -> str:
    """A name as it is kept and asked for: without spaces around it or twice within."""
    return " ".join(name.split())
