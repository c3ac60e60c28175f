"""Only a named human confirms, and the program sends nothing anywhere by itself (A5): read off the source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec
from fake_workbench import DAY, FEED, Bench, RowsSource, person, row, wanted

import netpursuit
from netpursuit.api import Workspace
from netpursuit.catalogue import Catalogue
from netpursuit.commands import build_cli
from netpursuit.custody.policies import set_four_eyes
from netpursuit.engines.local import LocalEngine
from netpursuit.records import LeadState, SpotResult
from netpursuit.reports.notices import NightNotice
from netpursuit.review.check_sheet import check_sheet
from netpursuit.review.handling import assign_lead, note_lead, record_outcome, reopen_lead
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead, list_leads, show_lead
from netpursuit.review.replay import replay_lead
from netpursuit.screening.run import ScreenRequest, screen
from netpursuit.web.app import ENDPOINTS

SOURCE = Path(netpursuit.__file__).parent
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li", reason="seen")
SENDING = {
    *("socket", "socketserver", "smtplib", "imaplib", "ftplib", "telnetlib", "http", "urllib.request", "xmlrpc"),
    *("requests", "httpx", "aiohttp", "urllib3", "paramiko", "webbrowser", "ssl", "asyncio"),
    *("sqlalchemy", "psycopg"),
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        yield path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def test_one_function_alone_makes_a_lead_confirmed() -> None:
    found = [
        name
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "state" and ast.unparse(keyword.value) == "LeadState.CONFIRMED"
    ]
    assert found == ["review/leads.py"]


def test_one_command_alone_confirms_and_it_asks_for_both_facts_and_a_name() -> None:
    cli = build_cli(Catalogue("en"))
    context = click.Context(cli)

    def verbs(group: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
        if not isinstance(group, click.Group):
            yield path.strip(), group
            return
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            assert command is not None
            yield from verbs(command, f"{path} {name}")

    found = dict(verbs(cli))
    assert len(found) > 15
    assert [name for name in found if "confirm" in name] == ["leads confirm"]
    options = {parameter.name for parameter in found["leads confirm"].params}
    assert {"same_person", "entry_in_force", "name", "note"} <= options
    assert [name for name in dir(Workspace) if "confirm" in name] == [], "not by a program"


def test_one_call_of_the_page_alone_confirms_and_it_asks_for_both_facts_and_a_name() -> None:
    (confirming,) = [item for item in ENDPOINTS if "confirm" in item.path]
    stated = {field.name: field.required for field in msgspec.structs.fields(confirming.asks)}
    assert [stated[name] for name in ("same_person", "entry_in_force", "name", "reason")] == [True] * 4


def test_nothing_that_is_done_with_a_lead_beside_confirming_makes_it_confirmed(bench: Bench) -> None:
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    source = RowsSource([row("R1", person("Ben Example", "1981-03-04", "N-81-000-123"))])
    screen(bench.desk, ScreenRequest(feed=FEED, source=source, engine=LocalEngine(), as_of=DAY))
    (lead,) = bench.truth.leads()
    acts: list[Callable[[], Any]] = [
        lambda: list_leads(bench.desk, as_of=DAY),
        lambda: show_lead(bench.desk, lead.lead_id, as_of=DAY),
        lambda: check_sheet(bench.desk, lead.lead_id, as_of=DAY),
        lambda: assign_lead(bench.desk, lead.lead_id, "Li"),
        lambda: note_lead(bench.desk, lead.lead_id, name="Li", note="it is he"),
        *(partial(record_outcome, bench.desk, lead.lead_id, result, name="Li") for result in SpotResult),
        lambda: replay_lead(bench.desk, lead.lead_id, lambda versions, _: bench.desk.matcher_for(versions)),
        lambda: set_four_eyes(bench.desk, on=True),
        lambda: confirm_lead(bench.desk, lead.lead_id, STATED, as_of=DAY),
        lambda: set_four_eyes(bench.desk, on=False),
        lambda: set_four_eyes(bench.of("another"), on=False),
        lambda: clear_lead(bench.desk, lead.lead_id, reason="elsewhere", cleared_by="Li"),
        lambda: reopen_lead(bench.desk, lead.lead_id, name="Li", note="wrong"),
    ]
    for act in acts:
        act()
        assert bench.truth.lead(lead.lead_id).state is not LeadState.CONFIRMED
    confirm_lead(bench.desk, lead.lead_id, STATED, as_of=DAY)
    assert bench.truth.lead(lead.lead_id).state is LeadState.CONFIRMED, "a named human, with both facts"


# Looks a name up, or waits for others: neither begins to send.
QUIET = {"getaddrinfo", "create_server", "socket", "AF_INET", "AF_INET6"}


def test_one_module_alone_can_send_and_what_it_sends_is_counts_and_ids() -> None:
    # The other one asks publishers for their lists, with a GET that has no body.
    found = []
    for name, tree in modules():
        for node in ast.walk(tree):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [item.name for item in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                if node.module == "socket" and {item.name for item in node.names} <= QUIET:
                    continue
                names = [node.module or "", *(f"{node.module}.{item.name}" for item in node.names)]
            found += [(name, item) for item in names if item in SENDING or item.partition(".")[0] in SENDING]
    # A third one reads the database that a feed names, in a transaction that cannot write.
    databases = {(name, item) for name, item in found if item.partition(".")[0] in ("sqlalchemy", "psycopg")}
    assert {name for name, _ in databases} == {"sources/registrations/database.py", "sources/registrations/query.py"}
    assert sorted(set(found) - databases) == [
        ("commands/web.py", "webbrowser"),  # opens the page on this machine
        ("reports/notices.py", "urllib.request"),
        ("sources/fetching.py", "http.client"),
        ("sources/fetching.py", "http.client.HTTPException"),
        ("sources/fetching.py", "urllib.request"),
    ]
    asked = ast.unparse(dict(modules())["sources/fetching.py"])
    assert "data=" not in asked
    assert "method=" not in asked
    assert {field.name: field.type for field in fields(NightNotice)} == {
        "night": "str",
        "as_of": "str",
        "exit_code": "int",
        "counts": "Mapping[str, int]",
        "leads": "Mapping[str, tuple[str, ...]]",
    }
