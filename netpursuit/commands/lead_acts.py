"""What people do with a lead beside deciding: ``leads assign, note, outcome, reopen, sheet, replay``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import LEAD, Settings, check_folder, common, show_json
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import ErasedError, InputError, VerificationError
from netpursuit.policy.clearing import CLEAR_REASONS
from netpursuit.records import SpotResult

if TYPE_CHECKING:
    from netpursuit.review.replay import Replay

# What a named human would do next; nothing does it by itself (A5).
SUGGESTED = {
    SpotResult.FOUND: "netpursuit leads confirm {lead}",
    SpotResult.ANOTHER_PERSON: "netpursuit leads clear {lead}",
    SpotResult.NO_LONGER_WANTED: "netpursuit lists add",
}


def add_lead_acts(group: WordedGroup, words: Catalogue) -> None:
    @group.new("assign", "help.leads.assign")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @click.option("--to", metavar="NAME", help=words("option.assign.to"))
    @click.option("--nobody", is_flag=True, help=words("option.assign.nobody"))
    @common(words)
    def assign(settings: Settings, lead_id: str, to: str | None, nobody: bool) -> int:
        return run_assign(settings, lead_id, to, nobody)

    @group.new("note", "help.leads.note")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @click.option("--name", required=True, help=words("option.note.name"))
    @click.option("--note", required=True, help=words("option.note.text"))
    @common(words)
    def note(settings: Settings, lead_id: str, name: str, note: str) -> int:
        return run_note(settings, lead_id, name, note)

    @group.new("outcome", "help.leads.outcome")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @click.option("--found", "results", flag_value="found", multiple=True, help=words("option.outcome.found"))
    @click.option(
        "--another-person", "results", flag_value="another-person", multiple=True, help=words("option.outcome.another")
    )
    @click.option(
        "--no-longer-wanted", "results", flag_value="no-longer-wanted", multiple=True, help=words("option.outcome.gone")
    )
    @click.option("--name", required=True, help=words("option.outcome.name"))
    @click.option("--note", default="", help=words("option.note"))
    @common(words)
    def outcome(settings: Settings, lead_id: str, results: tuple[str, ...], name: str, note: str) -> int:
        return run_outcome(settings, lead_id, results, name, note)

    @group.new("reopen", "help.leads.reopen")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @click.option("--name", required=True, help=words("option.reopen.name"))
    @click.option("--note", required=True, help=words("option.note"))
    @common(words)
    def reopen(settings: Settings, lead_id: str, name: str, note: str) -> int:
        return run_reopen(settings, lead_id, name, note)

    @group.new("sheet", "help.leads.sheet")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @click.option(
        "--out", required=True, metavar="FILE.html", type=click.Path(path_type=Path), help=words("option.sheet.out")
    )
    @common(words)
    def sheet(settings: Settings, lead_id: str, out: Path) -> int:
        return run_sheet(settings, lead_id, out)

    @group.new("replay", "help.leads.replay")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @click.option("--revision", type=click.IntRange(1), metavar="N", help=words("option.replay.revision"))
    @common(words)
    def replay(settings: Settings, lead_id: str, revision: int | None) -> int:
        return run_replay(settings, lead_id, revision)


def run_assign(settings: Settings, lead_id: str, to: str | None, nobody: bool) -> int:
    from netpursuit.reports.lead_json import handled_json
    from netpursuit.review.handling import assign_lead
    from netpursuit.wiring import open_desk

    if nobody == bool((to or "").strip()):
        raise InputError("a lead is given to somebody or to nobody", expected="one of --to NAME and --nobody")
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        lead = assign_lead(desk, lead_id, to or "")
    name = lead.assigned.name if lead.assigned else ""
    if settings.as_json:
        show_json({"lead": lead.lead_id, "state": lead.state.value, **handled_json(lead)})
    else:
        click.echo(settings.words("leads.assigned" if name else "leads.given-back", lead=lead.lead_id, name=name))
    return 0


def run_note(settings: Settings, lead_id: str, name: str, text: str) -> int:
    from netpursuit.reports.lead_json import handled_json
    from netpursuit.review.handling import note_lead
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        lead = note_lead(desk, lead_id, name=name, note=text)
    if settings.as_json:
        show_json({"lead": lead.lead_id, "state": lead.state.value, **handled_json(lead)})
    else:
        click.echo(settings.words("leads.noted", lead=lead.lead_id))
    return 0


def run_outcome(settings: Settings, lead_id: str, results: tuple[str, ...], name: str, note: str) -> int:
    from netpursuit.reports.lead_json import handled_json
    from netpursuit.review.handling import record_outcome
    from netpursuit.wiring import open_desk

    if len(results) != 1:
        raise InputError(
            f"{len(results)} outcomes at once", expected="one of --found, --another-person, --no-longer-wanted"
        )
    result = SpotResult(results[0])
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        lead = record_outcome(desk, lead_id, result, name=name, note=note)
    suggested = SUGGESTED[result].format(lead=lead.lead_id)
    if settings.as_json:
        show_json({"lead": lead.lead_id, "state": lead.state.value, "suggested": suggested, **handled_json(lead)})
    else:
        told = settings.words(f"spot.{result.value}")
        state = settings.words(f"lead.state.{lead.state.value}")
        click.echo(settings.words("leads.outcome", lead=lead.lead_id, outcome=told, state=state))
        codes = ", ".join(CLEAR_REASONS)
        click.echo(settings.words(f"leads.outcome.next.{result.value}", command=suggested, codes=codes))
    return 0


def run_reopen(settings: Settings, lead_id: str, name: str, note: str) -> int:
    from netpursuit.review.handling import reopen_lead
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        done = reopen_lead(desk, lead_id, name=name, note=note)
    if settings.as_json:
        show_json(
            {
                "lead": done.lead.lead_id,
                "state": done.lead.state.value,
                "revision": done.lead.revision,
                "clearances_ended": done.clearances,
                "cleared_along": list(done.along),
                "consultation": done.consultation_id,
            }
        )
        return 0
    said = done.lead.reopened
    click.echo(settings.words("leads.reopened", lead=done.lead.lead_id, name=said.name if said else name))
    if done.clearances:
        click.echo(settings.words("leads.clearances-ended", count=done.clearances))
    if done.along:
        click.echo(settings.words("leads.cleared-along", count=len(done.along), leads=", ".join(done.along)))
    return 0


def run_sheet(settings: Settings, lead_id: str, out: Path) -> int:
    from netpursuit.reports.check_sheet import render_sheet, sheet_notice
    from netpursuit.reports.leads_file import write_whole
    from netpursuit.review.check_sheet import check_sheet
    from netpursuit.wiring import open_desk

    if out.suffix.lower() not in (".html", ".htm"):
        raise InputError(f"unknown kind of file {out.suffix!r}", where=str(out), expected="a name ending in .html")
    check_folder(out)
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        sheet = check_sheet(desk, lead_id, as_of=settings.as_of)
    write_whole(out, render_sheet(sheet, sheet_notice(sheet, settings.words), settings.words))
    if settings.as_json:
        expires = sheet.expires_on.isoformat()
        show_json({"lead": lead_id, "file": str(out), "expires_on": expires, "consultation": sheet.consultation_id})
    else:
        from netpursuit.commands.show import console, show_banners

        show_banners(
            console(), settings.words, {view.key.list_id: view.standing for view in sheet.view.entries}.values()
        )
        click.echo(settings.words("sheet.written", file=out, date=sheet.expires_on))
    return 0 if all(view.standing.status.value == "fresh" for view in sheet.view.entries) else 3


def run_replay(settings: Settings, lead_id: str, revision: int | None) -> int:
    from netpursuit.review.replay import replay_lead
    from netpursuit.wiring import open_desk, past_matchers

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        try:
            replay = replay_lead(desk, lead_id, past_matchers(desk, settings.workspace), revision=revision)
        except ErasedError as erased:
            return tell_erased(settings, erased)
    if settings.as_json:
        from netpursuit.reports.lead_json import replay_json

        show_json(replay_json(replay))
    else:
        _show_replay(settings.words, replay)
    if not replay.agrees:
        raise VerificationError(f"the lead {lead_id} does not come out as it is stored")
    return 0


def _show_replay(words: Catalogue, replay: Replay) -> None:
    from netpursuit.commands.show import console
    from netpursuit.reports.lead_words import replay_lines

    out = console()
    lacking, told, differences = replay_lines(words, replay)
    if lacking:
        out.print(lacking, markup=False)
    out.print(told, markup=False, style="" if replay.agrees else "bold red")
    for line in differences:
        out.print(f"  {line}", markup=False)


def tell_erased(settings: Settings, erased: ErasedError) -> int:
    """The answer for a lead that was erased under an order (A17)."""
    if settings.as_json:
        show_json({"lead": erased.about, "erased_on": erased.on.isoformat(), "order": erased.order})
    else:
        told = settings.words("leads.erased", date=erased.on, order=erased.order)
        click.echo(f"{erased.about}: {told}")
    return 0
