"""A lead at a terminal: both records side by side, the evidence, and what the entry tells a human."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from netpursuit.catalogue import Catalogue
from netpursuit.records import Entry, Lead, LeadState, Match, Statement
from netpursuit.reports.sides import face_fields
from netpursuit.reports.tables import entry_name
from netpursuit.reports.waterfall import draw_waterfall
from netpursuit.reports.wording import clean, field_word, group_of, term

if TYPE_CHECKING:
    from netpursuit.review.leads import LeadSheet
    from netpursuit.review.views import EntryView


def draw_lead(out: Console, sheet: LeadSheet, words: Catalogue) -> None:
    """Everything a reviewer needs before deciding."""
    lead = sheet.view.lead
    state = words(f"lead.state.{lead.state.value}")
    out.print(f"{lead.lead_id}  {state}  {words('leads.revision', number=lead.revision)}", style="bold", markup=False)
    if lead.decided_by:
        decision = term(words, f"clear.reason.{lead.decision}", lead.decision)
        out.print(f"{clean(lead.decided_by)}: {clean(decision)}", markup=False)
    for line in handled_lines(lead, words):
        out.print(line, markup=False)
    for past in sheet.revisions:
        if past.decided_by:
            out.print(_decided_before(past, words), markup=False)
    out.print(_stay(lead, words), markup=False)
    if lead.entries:
        group = group_of(lead) or lead.lead_id
        out.print(words("lead.group", count=len(sheet.view.entries), group=group), style="bold", markup=False)
    for view in sheet.view.entries:
        if lead.entries:
            _draw_standing(out, view, words)
        if view.match is not None:
            _draw_match(out, lead, view.match, view.entry, words)


def _decided_before(past: Lead, words: Catalogue) -> str:
    """A decision that a later revision has replaced."""
    decision = clean(term(words, f"clear.reason.{past.decision}", past.decision))
    state, at = words(f"lead.state.{past.state.value}"), past.decided_at
    told = words("leads.shown.past", number=past.revision, state=state, name=clean(past.decided_by), decision=decision)
    return f"{told} ({at.astimezone().isoformat(' ', 'minutes')})" if at else told


def handled_lines(lead: Lead, words: Catalogue) -> list[str]:
    """What people did with a lead beside deciding, a line each."""

    def told(key: str, said: Statement) -> str:
        line = words(
            key, name=clean(said.name), user=clean(said.user), at=said.at.astimezone().isoformat(" ", "minutes")
        )
        return f"{line}: {clean(said.note)}" if said.note else line

    lines = [told("leads.shown.assigned", lead.assigned)] if lead.assigned else []
    if lead.proposal is not None and (lead.proposed or lead.state is LeadState.CONFIRMED):
        lines.append(told("leads.shown.proposed" if lead.proposed else "leads.shown.first", lead.proposal))
    if lead.reopened is not None:
        lines.append(told("leads.shown.reopened", lead.reopened))
    visits = (
        f"{words(f'spot.{item.result.value}')} – {told('leads.shown.outcome', item.said)}" for item in lead.outcomes
    )
    return [*lines, *visits]


def _draw_standing(out: Console, view: EntryView, words: Catalogue) -> None:
    """The heading of one entry of a group, with whatever keeps it from being confirmed."""
    out.print(clean(f"{view.key.list_id}:{view.key.entry_id} {entry_name(view.entry)}"), style="bold", markup=False)
    if view.obstacle:
        out.print(words(f"lead.not-in-force.{view.obstacle}"), style="bold red")
    if view.match is None:
        out.print(words("lead.entry-joined"))


def _draw_match(out: Console, lead: Lead, match: Match, entry: Entry | None, words: Catalogue) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", words("leads.registered"), words("leads.listed")):
        table.add_column(heading, overflow="fold")
    for pair in face_fields(lead.person, entry.person if entry else None, match):
        left, right = (
            "\n".join(term(words, f"{pair.field}.{_plain(value)}", _plain(value)) for value in values)
            for values in (pair.left, pair.right)
        )
        table.add_row(field_word(words, pair.field), left, right)
    out.print(table)
    out.print(draw_waterfall(match, words))
    if entry is not None:
        _draw_warrant(out, entry, words)


def _plain(spans: object) -> str:
    """A value whose differing characters are marked, as plain text."""
    if isinstance(spans, str):
        return clean(spans)
    return clean("".join(getattr(span, "text", str(span)) for span in spans))  # type: ignore[attr-defined]


def _stay(lead: Lead, words: Catalogue) -> str:
    registration, role = lead.registration, words(f"role.{lead.key.role}")
    dates = f"{registration.start_date or '…'} – {registration.end_date or '…'}"
    place = " ".join(part for part in (registration.address, registration.unit, registration.unit_code) if part)
    return f"{words('leads.registration')} {lead.key.registration_id}: {role}, {clean(place)}, {dates}"


def _draw_warrant(out: Console, entry: Entry, words: Catalogue) -> None:
    """What the entry tells a human; never scored."""
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
    for key, value in facts.items():
        if value:
            out.print(f"{words(f'entry.{key}')}: {clean(value)}", markup=False)
