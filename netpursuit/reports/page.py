"""The page of a screening: one self-contained HTML file, without scripts and without anything from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import resources
from math import log10
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from netpursuit.catalogue import Catalogue
from netpursuit.gate.workbench import ListStanding
from netpursuit.policy.weights import BAND_FLOORS
from netpursuit.records import Band, Entry, EntryKey, Lead, Match, Person, RunManifest
from netpursuit.records.graph import LinkSet
from netpursuit.reports.leads_file import Notice, write_whole
from netpursuit.reports.linkmap import LinkMap, lay_out
from netpursuit.reports.sides import FieldPair, face_fields
from netpursuit.reports.tables import entry_name
from netpursuit.reports.waterfall import Step, not_compared, waterfall_steps
from netpursuit.reports.wording import (
    band_word,
    capped_word,
    clean,
    field_word,
    level_word,
    note_text,
    percent,
    signed,
    term,
)

BANDS = (Band.STRONG, Band.POSSIBLE, Band.WEAK)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedLead:
    """A lead with its entry (None: no longer readable), its links, and words to mark it with (``planted: alias``).

    ``others`` are the further entries of a lead on a group; one that is no longer readable is left out. ``silent`` are
    those of the group that are not in force, and so were not compared.
    """

    lead: Lead
    entry: Entry | None
    links: LinkSet | None = None
    tags: tuple[str, ...] = ()
    others: Mapping[EntryKey, Entry] = field(default_factory=dict)
    silent: tuple[EntryKey, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What one page shows.

    ``runs`` are summed; ``lists`` are the standings the leads rest on; ``notice`` is what A13 demands of an export;
    ``warnings`` stand at the top as they are; ``results`` are further (label, value) figures, as the demonstration's.
    """

    runs: tuple[RunManifest, ...]
    leads: tuple[ReportedLead, ...]
    lists: tuple[ListStanding, ...]
    as_of: date
    made_at: datetime
    notice: Notice
    warnings: tuple[str, ...] = ()
    results: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A piece of evidence on the common scale of a drawing: left edge and width in percent."""

    step: Step
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The bars of one lead, where zero and the bands' floors stand, and the sum's own bar."""

    bars: tuple[Bar, ...]
    zero: float
    floors: tuple[tuple[Band, float], ...]
    total: float


@dataclass(frozen=True, slots=True)
class EntryCard:
    """One entry of a lead beside the registered person."""

    match: Match
    entry: Entry | None
    list_date: date
    listed_name: str
    fields: tuple[FieldPair, ...]
    drawing: Drawing
    silent: tuple[str, ...]
    href: str
    publisher: str


@dataclass(frozen=True, slots=True)
class LeadView:
    """One lead as the template lays it out: its best entry, and the others of its group."""

    lead: Lead
    anchor: str
    person_name: str
    best: EntryCard
    others: tuple[EntryCard, ...]
    silent: tuple[EntryKey, ...]
    links: LinkMap | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the funnel; ``width`` in percent, by the logarithm, so that the last stage can still be seen."""

    key: str
    count: int
    width: float


def page_environment(catalogue: Catalogue) -> Environment:
    """Templates that escape by default, with the words and filters that every page shares."""
    environment = Environment(
        loader=FunctionLoader(template_text),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(clean=clean, signed=signed, percent=percent)
    environment.globals.update(
        t=catalogue,
        lang={"en": "en", "zh": "zh-Hans"}[catalogue.lang],
        field_word=lambda field: field_word(catalogue, field),
        note_text=lambda note: note_text(catalogue, note),
        level_word=lambda field, level: level_word(catalogue, field, level),
        band_word=lambda band: band_word(catalogue, band),
        capped_word=lambda capped: capped_word(catalogue, capped),
        css=Markup(template_text("report.css")),  # our own file, nothing of a user's
    )
    return environment


def render_report(report: Report, catalogue: Catalogue) -> str:
    """The whole page as text. The same report gives the same bytes."""
    environment = page_environment(catalogue)
    environment.globals.update(term=lambda key, fallback: term(catalogue, key, fallback))
    leads = sorted(report.leads, key=_order)
    publishers = {item.list_id: item.version.publisher for item in report.lists if item.version}
    bands = {band: [item for item in leads if item.lead.match.band is band] for band in BANDS}
    return environment.get_template("report.html.j2").render(
        report=report,
        views=[view_lead(item, publishers) for item in leads],
        stages=funnel(report.runs, len(leads)),
        bands=[(band, len(items), _share(len(items), len(leads))) for band, items in bands.items()],
        counters={
            "rejected": sum(run.counts.rejected for run in report.runs),
            "truncated": sum(run.counts.truncated_numbers for run in report.runs),
            "unscreened": sum(run.counts.unscreened_role for run in report.runs),
            "unnamed": sum(run.counts.unscreened_unnamed for run in report.runs),
        },
        troubled=[item for item in report.lists if item.status.value != "fresh"],
    )


def write_report(report: Report, catalogue: Catalogue, path: Path) -> None:
    """Render the page into a file, whole or not at all. Raises ``StorageError`` where it cannot be written."""
    write_whole(path, render_report(report, catalogue))


def view_lead(item: ReportedLead, publishers: Mapping[str, str]) -> LeadView:
    """A lead with everything that its drawing needs; ``publishers`` by list id."""
    lead = item.lead
    names = lead.person.names
    others = ((other.match, item.others.get(other.match.key), other.list_date) for other in lead.entries[1:])
    return LeadView(
        lead=lead,
        anchor=f"lead-{lead.lead_id}",
        person_name=clean(names[0].text) if names else "–",
        best=_card(lead.person, lead.match, item.entry, lead.list_date, publishers),
        others=tuple(_card(lead.person, match, entry, day, publishers) for match, entry, day in others),
        silent=item.silent,
        links=lay_out(item.links) if item.links and item.links.nodes else None,
        tags=item.tags,
    )


def _card(person: Person, match: Match, entry: Entry | None, day: date, publishers: Mapping[str, str]) -> EntryCard:
    return EntryCard(
        match=match,
        entry=entry,
        list_date=day,
        listed_name=clean(entry_name(entry)) or "–",
        fields=face_fields(person, entry.person if entry else None, match),
        drawing=draw(match),
        silent=tuple(evidence.field for evidence in not_compared(match)),
        href=safe_link(entry.link) if entry else "",
        publisher=publishers.get(match.key.list_id, ""),
    )


def draw(match: Match) -> Drawing:
    """The evidence of a match on a scale from 0 to 100 that holds every running sum, zero and the bands' floors."""
    steps = waterfall_steps(match)
    ends = [0, match.millibits, *(floor for _, floor in BAND_FLOORS), *(step.start for step in steps)]
    ends += [step.end for step in steps]
    low, high = min(ends) - 500, max(ends) + 500

    def place(value: int) -> float:
        return round((value - low) * 100 / (high - low), 2)

    bars = []
    for step in steps:
        first, last = sorted((place(step.start), place(step.end)))
        bars.append(Bar(step, first, round(max(last - first, 0.4), 2)))
    floors = tuple((band, place(floor)) for band, floor in BAND_FLOORS)
    return Drawing(tuple(bars), place(0), floors, place(match.millibits))


def funnel(runs: Sequence[RunManifest], leads: int) -> tuple[Stage, ...]:
    """Rows read, persons screened, pairs scored, leads; widths by the logarithm."""
    counts = {
        "read": sum(run.counts.read for run in runs),
        "screened": sum(run.counts.screened for run in runs),
        "candidates": sum(run.counts.candidates for run in runs),
        "leads": leads,
    }
    top = log10(max(counts.values(), default=0) + 1) or 1.0
    return tuple(Stage(key, count, round(100 * log10(count + 1) / top, 1)) for key, count in counts.items())


def safe_link(link: str) -> str:
    """The link if a browser may follow it (http or https with a host), else empty."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ""
    return link.strip() if parts.scheme in {"http", "https"} and parts.netloc else ""


def _order(item: ReportedLead) -> tuple[int, int, str]:
    return (-item.lead.match.band, -item.lead.match.millibits, item.lead.lead_id)


def _share(count: int, of: int) -> float:
    return round(100 * count / of, 2) if of else 0.0


def template_text(name: str) -> str:
    return (resources.files(__package__) / "templates" / name).read_text(encoding="utf-8")
