"""``netpursuit case``: open, list and close cases."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import DAY, Settings, common, show_json
from netpursuit.commands.worded import new_group
from netpursuit.errors import StorageError
from netpursuit.reports.cases_json import case_json


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "case")

    @group.new("open", "help.case.open")
    @click.option("--id", "case_id", default="", metavar="ID", help=words("option.case.id"))
    @click.option("--title", required=True, help=words("option.case.title"))
    @click.option("--authority", required=True, help=words("option.case.authority"))
    @click.option("--legal-basis", required=True, help=words("option.case.legal-basis"))
    @click.option("--purpose", required=True, help=words("option.case.purpose"))
    @click.option("--member", "members", multiple=True, help=words("option.case.member"))
    @click.option("--expires", "expires_on", type=DAY, required=True, help=words("option.case.expires"))
    @common(words, authority=False)
    def open_(settings: Settings, **options: Any) -> int:
        return run_open(settings, options)

    @group.new("list", "help.case.list")
    @common(words, authority=False)
    def list_(settings: Settings) -> int:
        return run_list(settings)

    @group.new("close", "help.case.close")
    @click.argument("case_id", metavar="ID")
    @common(words, authority=False)
    def close(settings: Settings, case_id: str) -> int:
        return run_close(settings, case_id)

    return group


def run_open(settings: Settings, options: dict[str, Any]) -> int:
    from netpursuit.gate.cases import NewCase, case_state, open_case
    from netpursuit.wiring import open_desk

    expires_on: date = options["expires_on"]
    with open_desk(settings.workspace, create=True) as desk:
        new = NewCase(
            case_id=options["case_id"],
            title=options["title"],
            authority=options["authority"],
            legal_basis=options["legal_basis"],
            purpose=options["purpose"],
            # Whoever opens a case without naming members works on it alone.
            members=options["members"] or (desk.gate.who,),
            expires_on=expires_on,
        )
        case = open_case(desk.gate, new, new_id=lambda: f"K-{secrets.randbelow(10**8):08d}")
        state = case_state(desk.gate, case)
    if settings.as_json:
        show_json(case_json(case, state))
    else:
        click.echo(settings.words("case.opened", case=case.case_id, date=case.expires_on.isoformat()))
    return 0


def run_list(settings: Settings) -> int:
    from netpursuit.gate.cases import case_state, list_cases
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace) as desk:
        cases = [(case, case_state(desk.gate, case)) for case in list_cases(desk.gate)]
    if settings.as_json:
        show_json([case_json(case, state) for case, state in cases])
        return 0
    for case, state in cases:
        words = settings.words(f"case.state.{state}")
        click.echo(f"{case.case_id}  {words}  {case.expires_on.isoformat()}  {case.title}  ({', '.join(case.members)})")
    return 0


def run_close(settings: Settings, case_id: str) -> int:
    from netpursuit.gate.cases import case_state, close_case
    from netpursuit.wiring import open_desk, open_graph

    with open_desk(settings.workspace) as desk:
        case = close_case(desk.gate, case_id)
        state = case_state(desk.gate, case)
        try:
            with open_graph(desk, settings.workspace):
                pass  # bringing it up to the truth removes what belonged to the case
        except StorageError as error:  # the case is closed; its part of the graph is seen by nobody
            click.echo(settings.words("case.graph-later", why=str(error)), err=True)
    if settings.as_json:
        show_json(case_json(case, state))
    else:
        click.echo(settings.words("case.closed", case=case.case_id))
    return 0
