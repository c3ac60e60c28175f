"""The files that a run leaves: its leads for other programs, and the page for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.catalogue import Catalogue
from netpursuit.records import Entry, EntryKey, Lead

if TYPE_CHECKING:
    from netpursuit.gate.workbench import Workbench
    from netpursuit.reports.leads_file import Notice
    from netpursuit.screening.run import ScreenAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What the exports of one or more runs show."""

    answers: tuple[ScreenAnswer, ...]
    leads: tuple[tuple[Lead, Entry | None], ...]
    purpose: str
    expires_on: date | None

    @classmethod
    def of(cls, desk: Workbench, answers: Sequence[ScreenAnswer], purpose: str, expires_on: date | None) -> Exported:
        """The leads that the runs reported, each with the entry as it stands on its list."""
        ids = [lead_id for answer in answers for lead_id in answer.lead_ids]
        leads = [lead for lead in map(desk.truth.lead, ids) if lead is not None]
        shown = tuple((lead, desk.truth.entry(lead.key.entry, lead.list_version)) for lead in leads)
        return cls(answers=tuple(answers), leads=shown, purpose=purpose, expires_on=expires_on)


def write_leads_file(desk: Workbench, exported: Exported, words: Catalogue, path: Path) -> None:
    """The leads as CSV or JSON lines, with the notice that every export carries beside them (A13)."""
    from netpursuit.reports.leads_file import write_leads, write_notice
    from netpursuit.reports.tables import entry_names

    entries: dict[EntryKey, Entry] = {lead.key.entry: entry for lead, entry in exported.leads if entry is not None}
    write_leads([lead for lead, _ in exported.leads], entry_names(entries), path)
    write_notice(path, notice_of(desk, exported), words)


def write_page(
    desk: Workbench,
    exported: Exported,
    words: Catalogue,
    path: Path,
    *,
    tags: Mapping[str, tuple[str, ...]] | None = None,
    results: tuple[tuple[str, str], ...] = (),
) -> None:
    """The report page; ``tags`` mark leads by registration id."""
    from netpursuit.graph import links_for
    from netpursuit.reports.page import Report, ReportedLead, write_report

    first = exported.answers[0]
    reported = tuple(
        ReportedLead(
            lead=lead,
            entry=entry,
            links=links_for(lead, entry) if entry is not None else None,
            tags=(tags or {}).get(lead.key.registration_id, ()),
        )
        for lead, entry in exported.leads
    )
    report = Report(
        runs=tuple(answer.manifest for answer in exported.answers),
        leads=reported,
        lists=first.lists.standings,
        as_of=first.lists.as_of,
        made_at=desk.clock(),
        notice=notice_of(desk, exported),
        results=results,
    )
    write_report(report, words, path)


def notice_of(desk: Workbench, exported: Exported) -> Notice:
    """Warning, purpose, user, runs and expiry of an export (A13)."""
    from netpursuit.reports.leads_file import Notice

    return Notice(
        purpose=exported.purpose,
        user=desk.gate.who,
        run_ids=tuple(answer.manifest.run_id for answer in exported.answers),
        expires_on=exported.expires_on,
    )
