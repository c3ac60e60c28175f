"""``netpursuit leads``: list, show, confirm, clear and open leads; ``lead_acts`` has the other verbs."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.lead_acts import add_lead_acts, tell_erased
from netpursuit.commands.match import BANDS, read_records
from netpursuit.commands.options import DAY, FILE, LEAD, Settings, common, show_json
from netpursuit.commands.progress import tell_build
from netpursuit.commands.worded import new_group
from netpursuit.errors import ErasedError, InputError
from netpursuit.policy.clearing import CLEAR_REASONS
from netpursuit.records import Band, LeadState

if TYPE_CHECKING:
    from netpursuit.records import Lead


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "leads")

    @group.new("list", "help.leads.list")
    @click.option("--state", type=click.Choice([s.value for s in LeadState]), help=words("option.state"))
    @click.option("--band", type=click.Choice(BANDS), help=words("option.band"))
    @click.option("--feed", "feed_id", default="", metavar="ID", help=words("option.feed-id"))
    @click.option("--list", "list_id", default="", metavar="ID", help=words("option.leads.list"))
    @click.option("--run", "run_id", default="", metavar="RUN", help=words("option.leads.run"))
    @click.option("--new-since", type=DAY, help=words("option.new-since"))
    @click.option("--assigned", default="", metavar="NAME", help=words("option.assigned"))
    @click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help=words("option.leads.limit"))
    @click.option("--offset", type=click.IntRange(0), default=0, help=words("option.offset"))
    @common(words)
    def list_(settings: Settings, **options: Any) -> int:
        return run_list(settings, options)

    @group.new("show", "help.leads.show")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @common(words)
    def show(settings: Settings, lead_id: str) -> int:
        return run_show(settings, lead_id)

    @group.new("confirm", "help.leads.confirm")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @click.option("--same-person", is_flag=True, help=words("option.same-person"))
    @click.option("--entry-in-force", is_flag=True, help=words("option.in-force"))
    @click.option("--name", required=True, help=words("option.confirm.name"))
    @click.option("--note", required=True, help=words("option.note"))
    @common(words)
    def confirm(settings: Settings, lead_id: str, **options: Any) -> int:
        return run_confirm(settings, lead_id, options)

    @group.new("clear", "help.leads.clear")
    @click.argument("lead_id", metavar="LEAD", type=LEAD)
    @click.option("--why", type=click.Choice(CLEAR_REASONS), required=True, help=words("option.clear.reason"))
    @click.option("--name", required=True, help=words("option.clear.name"))
    @click.option("--note", default="", help=words("option.clear.note"))
    @common(words)
    def clear(settings: Settings, lead_id: str, why: str, name: str, note: str) -> int:
        return run_clear(settings, lead_id, why, name, note)

    @group.new("open", "help.leads.open")
    @click.argument("consultation", metavar="CONSULTATION")
    @click.argument("entry", metavar="LIST:ENTRY")
    @click.option("--record", required=True, type=FILE, metavar="FILE|-", help=words("option.record"))
    @common(words)
    def open_(settings: Settings, consultation: str, entry: str, record: str) -> int:
        return run_open(settings, consultation, entry, record)

    add_lead_acts(group, words)
    return group


def run_list(settings: Settings, options: dict[str, Any]) -> int:
    from netpursuit.ports.truth import LeadQuery
    from netpursuit.review.leads import list_leads
    from netpursuit.wiring import open_desk

    since = options["new_since"]
    query = LeadQuery(
        states=(LeadState(options["state"]),) if options["state"] else (),
        bands=(Band[options["band"].upper()],) if options["band"] else (),
        feed_id=options["feed_id"],
        list_id=options["list_id"],
        run_id=options["run_id"],
        assigned=" ".join(options["assigned"].split()),
        new_since=datetime.combine(since, time.min).astimezone() if since else None,
    )
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        page = list_leads(desk, query, limit=options["limit"], offset=options["offset"], as_of=settings.as_of)
    if settings.as_json:
        from netpursuit.reports.lead_json import lead_json

        show_json(
            {
                "leads": [lead_json(view) for view in page.leads],
                "total": page.total,
                "consultation": page.consultation_id,
            }
        )
    elif not page.leads:
        click.echo(settings.words("leads.none"))
    else:
        from netpursuit.commands.show import console, show_banners
        from netpursuit.reports.tables import leads_table

        out = console()
        standings = {item.standing.list_id: item.standing for view in page.leads for item in view.entries}
        show_banners(out, settings.words, standings.values())
        out.print(leads_table([(view.lead, view.entry) for view in page.leads], settings.words))
        out.print(settings.words("leads.page", shown=len(page.leads), total=page.total))
        out.print(settings.words("cli.lead-not-verdict"))
    fresh = all(item.standing.status.value == "fresh" for view in page.leads for item in view.entries)
    return 0 if fresh else 3


def run_show(settings: Settings, lead_id: str) -> int:
    from netpursuit.review.leads import show_lead
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        try:
            sheet = show_lead(desk, lead_id, as_of=settings.as_of)
        except ErasedError as erased:
            return tell_erased(settings, erased)
    if settings.as_json:
        from netpursuit.reports.lead_json import sheet_json

        show_json(sheet_json(sheet))
    else:
        from netpursuit.commands.sheet import draw_lead
        from netpursuit.commands.show import console, show_banners
        from netpursuit.reports.lead_words import obstacle_word

        out = console()
        show_banners(out, settings.words, {view.key.list_id: view.standing for view in sheet.view.entries}.values())
        draw_lead(out, sheet, settings.words)
        if sheet.view.obstacle:
            told = obstacle_word(settings.words, sheet.view.entries[0], sheet.view.obstacle)
            out.print(told, style="bold red")
        out.print(settings.words("cli.lead-not-verdict"))
        out.print(settings.words("match.consultation", id=sheet.consultation_id), markup=False)
    return 0 if all(item.standing.status.value == "fresh" for item in sheet.view.entries) else 3


def run_confirm(settings: Settings, lead_id: str, options: dict[str, Any]) -> int:
    from netpursuit.review.leads import Confirmation, confirm_lead
    from netpursuit.wiring import open_desk

    stated = Confirmation(
        same_person=options["same_person"],
        entry_in_force=options["entry_in_force"],
        confirmed_by=options["name"],
        reason=options["note"],
    )
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        lead = confirm_lead(desk, lead_id, stated, as_of=settings.as_of)
    if lead.proposed is not None:
        return _say(settings, lead, "leads.confirmation-proposed", name=lead.proposed.name)
    return _say(settings, lead, "leads.confirmed", name=lead.decided_by)


def run_clear(settings: Settings, lead_id: str, why: str, name: str, note: str = "") -> int:
    from netpursuit.review.leads import clear_lead
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        cleared = clear_lead(desk, lead_id, reason=why, cleared_by=name, note=note, as_of=settings.as_of)
    if settings.as_json:
        show_json({"cleared": list(cleared.lead_ids), "why": why, "consultation": cleared.consultation_id})
    else:
        for cleared_id in cleared.lead_ids:
            click.echo(settings.words("leads.cleared", lead=cleared_id))
    return 0


def run_open(settings: Settings, consultation_id: str, entry: str, record: str) -> int:
    from netpursuit.screening.opening import open_from_query
    from netpursuit.sources.typed import parse_key
    from netpursuit.wiring import open_desk

    key = parse_key(entry)
    persons = list(read_records(record))
    if key is None or len(persons) != 1:
        raise InputError(f"{len(persons)} records", where=record, expected="the one record of the query")
    tell = tell_build(settings.words)
    with open_desk(settings.workspace, settings.reason, settings.case_id, tell=tell) as desk:
        opened = open_from_query(desk, consultation_id, key, persons[0], as_of=settings.as_of)
    if settings.as_json:
        show_json(
            {
                "lead": opened.lead.lead_id if opened.lead else None,
                "action": opened.action.value,
                "consultation": opened.consultation_id,
            }
        )
        return 0
    if opened.lead is None:
        click.echo(settings.words("leads.cleared-before"))
        return 0
    return _say(settings, opened.lead, "leads.opened")


def _say(settings: Settings, lead: Lead, key: str, **values: str) -> int:
    if settings.as_json:
        from netpursuit.reports.lead_json import handled_json

        shown = {"lead": lead.lead_id, "state": lead.state.value, "revision": lead.revision}
        show_json({**shown, "confirmation_proposed": handled_json(lead)["confirmation_proposed"]})
    else:
        click.echo(settings.words(key, lead=lead.lead_id, **values))
    return 0
