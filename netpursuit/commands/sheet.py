"""A lead at a terminal: both records side by side, the evidence, and what the entry tells a human."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from netpursuit.catalogue import Catalogue
from netpursuit.records import Entry, Lead, Match
from netpursuit.reports.lead_words import (
    decided,
    decided_before,
    entry_facts,
    handled_lines,
    obstacle_word,
    stay_line,
)
from netpursuit.reports.sides import face_fields
from netpursuit.reports.tables import entry_name
from netpursuit.reports.waterfall import draw_waterfall
from netpursuit.reports.wording import band_word, clean, field_word, group_of, signed, term

if TYPE_CHECKING:
    from netpursuit.review.leads import LeadSheet
    from netpursuit.review.views import EntryView, LeadView


def draw_lead(out: Console, sheet: LeadSheet, words: Catalogue) -> None:
    """Everything a reviewer needs before deciding."""
    lead = sheet.view.lead
    state = words(f"lead.state.{lead.state.value}")
    out.print(f"{lead.lead_id}  {state}  {words('leads.revision', number=lead.revision)}", style="bold", markup=False)
    if lead.decided_by:
        out.print(decided(lead, words), markup=False)
    for line in handled_lines(lead, words):
        out.print(line, markup=False)
    for past in sheet.revisions:
        if past.decided_by:
            out.print(decided_before(past, words), markup=False)
    out.print(stay_line(lead, words), markup=False)
    if lead.entries:
        group = group_of(lead) or lead.lead_id
        out.print(words("lead.group", count=len(sheet.view.entries), group=group), style="bold", markup=False)
    for view in sheet.view.entries:
        if lead.entries:
            _draw_standing(out, view, words)
        if view.match is not None:
            _draw_match(out, lead, view.match, view.entry, words)
    for other in sheet.others:
        out.print(_beside(other, lead, words), markup=False)


def _beside(view: LeadView, shown: Lead, words: Catalogue) -> str:
    """Another lead of the same registration, in one line."""
    lead = view.lead
    same = (lead.key.role, lead.key.person_ref) == (shown.key.role, shown.key.person_ref)
    return words(
        "leads.shown.beside" if same else "leads.shown.beside-other",
        lead=lead.lead_id,
        state=words(f"lead.state.{lead.state.value}"),
        band=band_word(words, lead.match.band),
        bits=signed(lead.match.millibits),
        entry=clean(f"{lead.match.key.list_id}:{lead.match.key.entry_id} {entry_name(view.entry)}"),
        person=clean(lead.person.names[0].text) if lead.person.names else "–",
    )


def _draw_standing(out: Console, view: EntryView, words: Catalogue) -> None:
    """The heading of one entry of a group, with whatever keeps it from being confirmed."""
    out.print(clean(f"{view.key.list_id}:{view.key.entry_id} {entry_name(view.entry)}"), style="bold", markup=False)
    if view.obstacle:
        out.print(obstacle_word(words, view, view.obstacle), style="bold red")
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
        for fact in entry_facts(entry, words):
            out.print(f"{fact.label}: {fact.text}", markup=False)


def _plain(spans: object) -> str:
    """A value whose differing characters are marked, as plain text."""
    if isinstance(spans, str):
        return clean(spans)
    return clean("".join(getattr(span, "text", str(span)) for span in spans))  # type: ignore[attr-defined]
