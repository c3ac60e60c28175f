"""Tables of matches, leads, lists and runs for a terminal; without lines and colours where the output is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from netpursuit.catalogue import Catalogue
from netpursuit.gate.workbench import ListStanding
from netpursuit.records import Band, Entry, EntryKey, Match
from netpursuit.reports.wording import band_word, capped_word, clean, percent, signed, term

if TYPE_CHECKING:
    from netpursuit.records import Lead, RunManifest

BAND_STYLES = {Band.STRONG: "bold magenta", Band.POSSIBLE: "cyan", Band.WEAK: "dim", Band.NONE: "dim"}
_TROUBLED = "bold red"


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; ``number`` aligns right, ``firm`` is never broken over lines."""

    heading: str
    number: bool = False
    firm: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as rich prints it: lined and coloured on a terminal, plain text elsewhere. Cells fold, none is cut."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Text, ...], ...]
    title: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lined = console.is_terminal
        table = Table(
            title=self.title or None,
            title_justify="left",
            box=box.SIMPLE_HEAD if lined else None,
            pad_edge=False,
            show_header=True,
            header_style="bold" if lined else "",
        )
        for column in self.columns:
            justify = "right" if column.number else "left"
            table.add_column(column.heading, justify=justify, overflow="fold", no_wrap=column.firm)  # type: ignore[arg-type]
        for row in self.rows:
            table.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
        yield table


def matches_table(
    found: Sequence[tuple[Match, Entry | None]], catalogue: Catalogue, groups: Sequence[str] = ()
) -> Grid:
    """Matches in the order given: band, probability, bits, entry, names, birth dates; below the entry its group's id,
    where ``groups`` (in the same order) names one."""
    rows = []
    for (match, entry), group in zip(found, groups or [""] * len(found), strict=True):
        band = Text(band_word(catalogue, match.band), BAND_STYLES[match.band])
        if match.capped:
            band.append(f"\n{capped_word(catalogue, match.capped)}", "yellow")
        rows.append(
            (
                band,
                percent(match.probability),
                signed(match.millibits),
                entry_name(entry),
                ", ".join(str(day) for day in entry.person.birth_dates) if entry else "",
                _with_id(_key(match.key), group) if group else _key(match.key),
            )
        )
    columns = (
        Column(catalogue("report.band")),
        Column(catalogue("report.probability"), number=True, firm=True),
        Column(catalogue("report.bits"), number=True, firm=True),
        Column(catalogue("field.name")),
        Column(catalogue("field.birth-date")),
        Column(catalogue("report.entry")),
    )
    return Grid(columns, tuple(rows))


def leads_table(leads: Iterable[tuple[Lead, Entry | None]], catalogue: Catalogue) -> Grid:
    """Leads in the order given: the person above the registration, the listed name above the entry, the state."""
    rows = []
    for lead, entry in leads:
        names = lead.person.names
        state = Text(term(catalogue, f"lead.state.{lead.state.value}", lead.state.value))
        if lead.flag:
            state.append(f"\n{term(catalogue, f'lead.flag.{lead.flag}', lead.flag)}", "yellow")
        for line in _handled(lead, catalogue):
            state.append(f"\n{clean(line)}", "dim")
        keys = " + ".join(_key(match.key) for match in lead.matches)
        rows.append(
            (
                lead.lead_id,
                Text(band_word(catalogue, lead.match.band), BAND_STYLES[lead.match.band]),
                percent(lead.match.probability),
                _with_id(names[0].text if names else "", lead.key.registration_id),
                _with_id(entry_name(entry), keys),
                state,
            )
        )
    columns = (
        Column(catalogue("report.lead"), firm=True),
        Column(catalogue("report.band"), firm=True),
        Column(catalogue("report.probability"), number=True, firm=True),
        Column(catalogue("report.registered-person")),
        Column(catalogue("report.listed-person")),
        Column(catalogue("report.state")),
    )
    return Grid(columns, tuple(rows))


def _handled(lead: Lead, catalogue: Catalogue) -> list[str]:
    """Who has a lead in hand, who proposed to confirm it, and what was last found on the spot."""
    lines = [f"→ {lead.assigned.name}"] if lead.assigned else []
    if lead.proposed is not None:
        lines.append(catalogue("lead.proposed", name=lead.proposed.name))
    if lead.outcomes:
        lines.append(catalogue(f"spot.{lead.outcomes[-1].result.value}"))
    return lines


def lists_table(standings: Iterable[ListStanding], as_of: date, catalogue: Catalogue) -> Grid:
    """Lists with their date, their age in days as of a date, their size and how far they can be relied on."""
    rows: list[tuple[str | Text, ...]] = []
    for item in standings:
        version = item.version
        fresh = item.status.value == "fresh"
        status = Text(catalogue(f"list.status.{item.status.value}"), "" if fresh else _TROUBLED)
        if version is None:
            rows.append((item.list_id, "", "", "", "", "", status))
            continue
        age = (as_of - version.list_date).days
        rows.append(
            (
                *(item.list_id, version.title or version.publisher, version.list_date.isoformat(), str(age)),
                *(f"{version.people:,}", f"{version.others:,}", status),
            )
        )
    columns = (
        Column(catalogue("report.list"), firm=True),
        Column(catalogue("report.title")),
        Column(catalogue("report.list-date"), firm=True),
        Column(catalogue("report.age-days"), number=True),
        Column(catalogue("report.people"), number=True, firm=True),
        Column(catalogue("report.others"), number=True, firm=True),
        Column(catalogue("report.status")),
    )
    return Grid(columns, tuple(rows))


def runs_table(runs: Iterable[RunManifest], catalogue: Catalogue) -> Grid:
    """Screening runs in the order given with what they read and found."""
    rows = []
    for run in runs:
        counts = run.counts
        ended = (
            run.finished_at.isoformat(sep=" ", timespec="seconds")
            if run.finished_at
            else catalogue("report.unfinished")
        )
        rows.append(
            (
                *(run.run_id, run.feed_id, run.file, run.as_of.isoformat(), ended),
                *(f"{counts.read:,}", f"{counts.rejected:,}", f"{counts.screened:,}", f"{counts.strong:,}"),
                *(f"{counts.possible:,}", f"{run.seconds:.1f}"),
            )
        )
    columns = (
        *(
            Column(catalogue("report.run"), firm=True),
            Column(catalogue("report.feed")),
            Column(catalogue("report.file")),
        ),
        *(Column(catalogue("report.as-of"), firm=True), Column(catalogue("report.finished"))),
        *(Column(catalogue("report.read"), number=True), Column(catalogue("report.rejected"), number=True)),
        *(Column(catalogue("report.screened"), number=True), Column(catalogue("band.strong"), number=True)),
        *(Column(catalogue("band.possible"), number=True), Column(catalogue("report.seconds"), number=True)),
    )
    return Grid(columns, tuple(rows))


def _key(key: EntryKey) -> str:
    return f"{key.list_id}:{key.entry_id}"


def _with_id(name: str, identifier: str) -> Text:
    """A name with the identifier below it."""
    return Text.assemble(clean(name), "\n", (clean(identifier), "dim"))


def entry_name(entry: Entry | None) -> str:
    """The name under which an entry is shown; empty where there is none."""
    return entry.person.names[0].text if entry and entry.person.names else ""


def entry_names(entries: Mapping[EntryKey, Entry]) -> dict[EntryKey, str]:
    """The names under which entries are shown, for a file of leads."""
    return {key: entry_name(entry) for key, entry in entries.items()}


def announced(words: Catalogue, list_id: str, about_to_expire: Mapping[int, int]) -> tuple[str, ...]:
    """What is said of entries that pass their review date soon; the longer period counts those of the shorter one,
    too, and is named only where it has more."""
    lines = []
    said = 0
    for days, count in sorted(about_to_expire.items()):
        if count > said:
            said = count
            lines.append(words("list.about-to-expire", list=list_id, count=count, days=days))
    return tuple(lines)
