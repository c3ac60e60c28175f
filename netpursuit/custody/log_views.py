"""What a supervisor sees of the consultation log: consultations narrowed by a filter, and signs of unusual use."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta

from netpursuit.audit.unusual import Sign, find_unusual, history
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.oversight import SHOWN_MOST
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Consultation, EntryKey, Intent, Outcome, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFilter:
    """Which consultations are asked for; an empty field does not narrow.

    ``since`` inclusive, ``until`` exclusive. ``lead_id``: whoever was shown that lead or asked for it. ``entry``:
    whoever was shown that listed person, or a lead on them."""

    since: datetime | None = None
    until: datetime | None = None
    who: str = ""
    case_id: str = ""
    verb: Verb | None = None
    lead_id: str = ""
    entry: EntryKey | None = None
    refused: bool = False
    interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LogView:
    """The latest consultations that were asked for, the earliest first; ``total``: how many there are."""

    items: tuple[Consultation, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusualUse:
    """Signs within a period, and how many consultations were looked at, those of earlier weeks included."""

    since: datetime
    until: datetime
    signs: tuple[Sign, ...]
    consultations: int


def show_log(desk: Workbench, asked: LogFilter, *, last: int | None, as_of: date | None = None) -> LogView:
    """The consultations that a filter leaves, at most ``last`` (None: ``SHOWN_MOST``), on record as a look of its own.

    What was typed to narrow by (a user, an entry) is on record only where the log itself holds it."""
    about = {"last": str(last) if last else "", **_span(asked.since, asked.until)}
    about |= {"lead": asked.lead_id, "verb": asked.verb.value if asked.verb else ""}
    if asked.case_id and desk.truth.case(asked.case_id) is not None:
        about["of-case"] = asked.case_id
    about = {key: value for key, value in about.items() if value}
    used = tuple(item.name.replace("_", "-") for item in fields(asked) if getattr(asked, item.name))
    intent = Intent(verb=Verb.AUDIT_SHOW, authority=desk.authority, fields=used, about=about, as_of=as_of)
    with desk.gate.consult(intent) as consultation:
        leads = _leads_of(desk, asked)
        found: deque[Consultation] = deque(maxlen=last or SHOWN_MOST)
        total = 0
        # This very look has no outcome yet; it will be shown by the next one.
        for item in _others(desk, consultation.consultation_id, asked.since, asked.until):
            if _fits(item, asked, leads):
                found.append(item)
                total += 1
        known = {"user": asked.who} if asked.who and total else {}
        entries = (_entry_id(asked.entry),) if asked.entry and total else ()
        consultation.conclude(Outcome(counts={"shown": len(found)}, entry_ids=entries, about=known))
    return LogView(items=tuple(found), total=total)


def unusual_use(desk: Workbench, *, since: datetime, until: datetime, who: str = "") -> UnusualUse:
    """Signs of unusual use within a period, of all users or of one, on record as a look of its own."""
    intent = Intent(
        verb=Verb.AUDIT_UNUSUAL,
        authority=desk.authority,
        fields=("who",) if who else (),
        about=_span(since, until),
    )
    with desk.gate.consult(intent) as consultation:
        count = _Count(lambda item: not who or item.intent.authority.who == who)
        others = _others(desk, consultation.consultation_id, since - history(), until)
        signs = find_unusual(count.those(others), since=since, until=until, zone=None)
        known = {"user": who} if who and count.seen else {}
        consultation.conclude(Outcome(counts={"signs": len(signs), "consultations": count.seen}, about=known))
    return UnusualUse(since=since, until=until, signs=signs, consultations=count.seen)


def day_begins(day: date) -> datetime:
    """The first instant of a day where the machine is."""
    return datetime.combine(day, time.min).astimezone()


def day_ends(day: date) -> datetime:
    """The first instant of the day after."""
    return day_begins(day + timedelta(days=1))


class _Count:
    """Passes on what fits, and counts it."""

    def __init__(self, fits: Callable[[Consultation], bool]) -> None:
        self._fits, self.seen = fits, 0

    def those(self, items: Iterator[Consultation]) -> Iterator[Consultation]:
        for item in items:
            if self._fits(item):
                self.seen += 1
                yield item


def _others(desk: Workbench, own: str, since: datetime | None, until: datetime | None) -> Iterator[Consultation]:
    return (item for item in desk.gate.log.read(since=since, until=until) if item.consultation_id != own)


def _span(since: datetime | None, until: datetime | None) -> dict[str, str]:
    stated = {"since": since, "until": until}
    return {key: at.isoformat(timespec="seconds") for key, at in stated.items() if at is not None}


def _leads_of(desk: Workbench, asked: LogFilter) -> frozenset[str]:
    """The lead that is asked for, or those on the entry that is."""
    if asked.lead_id:
        return frozenset((asked.lead_id,))
    if asked.entry is None:
        return frozenset()
    query = LeadQuery(list_id=asked.entry.list_id, entry_id=asked.entry.entry_id)
    return frozenset(lead.lead_id for lead in desk.truth.leads(query))


def _fits(item: Consultation, asked: LogFilter, leads: frozenset[str]) -> bool:
    authority, outcome = item.intent.authority, item.outcome
    return (
        (not asked.who or authority.who == asked.who)
        and (not asked.case_id or authority.case_id == asked.case_id)
        and (asked.verb is None or item.intent.verb is asked.verb)
        and (not asked.refused or (outcome is not None and bool(outcome.refused)))
        and (not asked.interrupted or outcome is None)
        and ((not asked.lead_id and asked.entry is None) or _shows(item, asked.entry, leads))
    )


def _shows(item: Consultation, entry: EntryKey | None, leads: frozenset[str]) -> bool:
    """Whether a consultation named, or was asked for, one of these leads or the entry."""
    told = item.outcome or item.stored or Outcome()
    if item.intent.about.get("lead") in leads or not leads.isdisjoint(told.lead_ids):
        return True
    return entry is not None and _entry_id(entry) in told.entry_ids


def _entry_id(entry: EntryKey) -> str:
    return f"{entry.list_id}:{entry.entry_id}"
