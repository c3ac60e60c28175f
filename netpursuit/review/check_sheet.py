"""What the officer at the door takes along: one lead, for one purpose, until one day (A13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from netpursuit.gate.workbench import Workbench
from netpursuit.policy.standing import ListStatus
from netpursuit.records import Case, Intent, Verb
from netpursuit.review.views import EntryView, LeadView, about_lead, known_lead, view_lead

SHEET_DAYS = 7  # a paper is left in pockets and cars; whoever comes later prints it again, from lists of that day


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckSheet:
    """One lead for a paper: as ``show_lead`` has it, with who prints it, when, why and until when it may be kept.

    ``reason`` is CODE:TASK, or empty under a ``case``.
    """

    view: LeadView
    user: str
    reason: str
    case: Case | None
    made_at: datetime
    as_of: date
    expires_on: date
    consultation_id: str


def check_sheet(desk: Workbench, lead_id: str, *, as_of: date | None = None) -> CheckSheet:
    """A lead's sheet, as one consultation. Raises ``InputError`` where there is no such lead."""
    day = as_of or desk.today
    intent = Intent(verb=Verb.LEADS_SHEET, authority=desk.authority, about={"lead": lead_id}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        view = view_lead(desk.truth, known_lead(desk, lead_id), day)
        case = desk.truth.case(desk.authority.case_id) if desk.authority.case_id else None
        made_at = desk.gate.now().astimezone(desk.clock().tzinfo)  # whatever day it is judged by
        consultation.conclude(about_lead(view.lead, "printed"))
    return CheckSheet(
        view=view,
        user=desk.gate.who,
        reason=str(desk.authority.reason or ""),
        case=case,
        made_at=made_at,
        as_of=day,
        expires_on=expiry(view, case, made_at.date()),
        consultation_id=consultation.consultation_id,
    )


def expiry(view: LeadView, case: Case | None, day: date) -> date:
    """The last day of a sheet printed on a day: a week, never beyond the case, the review of the entry or the age up to
    which its list is fresh; the day itself where one of these is over or the entry is not in force."""
    last = [day + timedelta(days=SHEET_DAYS), *([case.expires_on] if case else [])]
    best = view.entries[0]
    if best.obstacle:
        return day
    return max(day, min([*last, *_ends(best)]))


def _ends(view: EntryView) -> list[date]:
    ends = [view.entry.warrant.review_by] if view.entry and view.entry.warrant.review_by else []
    version = view.standing.version
    if version is not None and version.max_age_days is not None and view.standing.status is ListStatus.FRESH:
        ends.append(version.list_date + timedelta(days=version.max_age_days))
    return ends
