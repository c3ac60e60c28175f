"""The files that a run leaves: its leads for other programs, and the page for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.catalogue import Catalogue
from netpursuit.gate.groups import Groups
from netpursuit.records import Entry, EntryKey, Lead

if TYPE_CHECKING:
    from netpursuit.gate.workbench import ListsInForce, Workbench
    from netpursuit.reports.leads_file import Notice
    from netpursuit.screening.run import ScreenAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What the exports of one or more runs show."""

    answers: tuple[ScreenAnswer, ...]
    leads: tuple[tuple[Lead, Entry | None], ...]
    entries: Mapping[EntryKey, Entry]
    groups: Groups
    purpose: str
    expires_on: date | None

    @classmethod
    def of(cls, desk: Workbench, answers: Sequence[ScreenAnswer], purpose: str, expires_on: date | None) -> Exported:
        """The leads that the runs reported, each with its best entry as it stands on its list, and all entries."""
        ids = [lead_id for answer in answers for lead_id in answer.lead_ids]
        leads = [lead for lead in map(desk.truth.lead, ids) if lead is not None]
        entries: dict[EntryKey, Entry] = {}
        for lead in leads:
            versions = [(item.match.key, item.list_version) for item in lead.entries]
            for key, version in versions or [(lead.match.key, lead.list_version)]:
                entry = desk.truth.entry(key, version)
                if entry is not None:
                    entries[key] = entry
        shown = tuple((lead, entries.get(lead.match.key)) for lead in leads)
        return cls(
            answers=tuple(answers),
            leads=shown,
            entries=entries,
            groups=Groups.of(desk.truth),
            purpose=purpose,
            expires_on=expires_on,
        )


def write_leads_file(desk: Workbench, exported: Exported, words: Catalogue, path: Path) -> None:
    """The leads as CSV or JSON lines, with the notice that every export carries beside them (A13)."""
    from netpursuit.reports.leads_file import write_leads, write_notice
    from netpursuit.reports.tables import entry_names

    write_leads([lead for lead, _ in exported.leads], entry_names(exported.entries), path)
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
            others={key: found for key, found in exported.entries.items() if key in _others(lead)},
            silent=_silent(lead, exported.groups),
            links=links_for(lead, exported.entries) if entry is not None else None,
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
        warnings=_announced(desk, first.lists, words),
        results=results,
    )
    write_report(report, words, path)


def _announced(desk: Workbench, lists: ListsInForce, words: Catalogue) -> tuple[str, ...]:
    """What passes its review date within 30 and 7 days, list by list (A8)."""
    from netpursuit.custody.list_reports import expiring
    from netpursuit.reports.tables import announced

    found = ((version.list_id, expiring(desk.truth, version, lists.as_of)) for version in lists.versions)
    return tuple(line for list_id, soon in found for line in announced(words, list_id, soon))


def _others(lead: Lead) -> frozenset[EntryKey]:
    return frozenset(match.key for match in lead.matches[1:])


def _silent(lead: Lead, groups: Groups) -> tuple[EntryKey, ...]:
    """The entries of a lead's group that were not compared: withdrawn, expired or held out."""
    group = groups.find(lead.match.key) if lead.entries else None
    shown = {match.key for match in lead.matches}
    return tuple(key for key in group.members if key not in shown) if group else ()


def notice_of(desk: Workbench, exported: Exported) -> Notice:
    """Warning, purpose, user, runs and expiry of an export (A13)."""
    from netpursuit.reports.leads_file import Notice

    return Notice(
        purpose=exported.purpose,
        user=desk.gate.who,
        run_ids=tuple(answer.manifest.run_id for answer in exported.answers),
        expires_on=exported.expires_on,
    )
