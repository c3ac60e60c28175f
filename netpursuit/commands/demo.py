"""``netpursuit demo``: the main job on bundled data, with a count of what was found and what was not."""

from __future__ import annotations

import csv
import shlex
import time
import tomllib
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.screen import ScreenOptions, run_json, screen_file, show_manifest
from netpursuit.commands.worded import new_command
from netpursuit.records import Lead

REPORT = "report.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What became of the planted people: registration ids with what had been done to them."""

    expected: int
    found: int
    missed: tuple[tuple[str, str], ...]
    false_leads: tuple[str, ...]


def command(words: Catalogue) -> click.Command:
    @new_command(words, "demo", "help.demo")
    @common(words, authority=False, place="option.demo.workspace")
    def demo(settings: Settings) -> int:
        return run_demo(settings)

    return demo


def run_demo(settings: Settings) -> int:
    """Load the lists, screen both files, print the leads with their evidence, write the report."""
    from netpursuit.commands.exporting import Exported, write_page
    from netpursuit.commands.graph import count_all
    from netpursuit.commands.graph_answers import rows_table
    from netpursuit.commands.lists import show_receipt
    from netpursuit.commands.show import console
    from netpursuit.custody.lists import NewList, add_list
    from netpursuit.enquiry.graph import GraphRequest, ask_graph
    from netpursuit.links.views import Bounds
    from netpursuit.reports.tables import leads_table
    from netpursuit.sources.lists.registry import find_reader
    from netpursuit.sources.registrations import read_feed
    from netpursuit.wiring import open_desk, open_graph

    began = time.monotonic()
    workspace = settings.workspace or Path("netpursuit-demo")
    words = settings.words
    with ExitStack() as stack:
        folder = stack.enter_context(resources.as_file(resources.files("netpursuit.demo")))
        plan: dict[str, Any] = tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))
        as_of: date = plan["as_of"]
        settings = replace(settings, as_of=as_of, workspace=workspace)
        desk = stack.enter_context(open_desk(workspace, plan["reason"], create=True))
        for item in plan["lists"]:
            paths = [folder / path for path in item["paths"]]
            reader = find_reader(paths, mapping=folder / item["mapping"] if item["mapping"] else None)
            new = NewList(
                list_id=item["list_id"],
                paths=tuple(paths),
                list_date=item["date"],
                max_age_days=item["max_age_days"],
                as_of=as_of,
            )
            receipt = add_list(desk, new, reader)
            if not settings.as_json:
                show_receipt(words, receipt)
        answers = []
        for item in plan["feeds"]:
            options = ScreenOptions(file=folder / item["file"], feed=folder / item["feed"])
            answers.append(screen_file(desk, settings, options, read_feed(options.feed)))
        exported = Exported.of(desk, answers, plan["reason"], plan["report_expires_on"])
        planted = read_planted(folder / plan["planted"])
        verdict = judge(planted, [lead for lead, _ in exported.leads])
        report = workspace / REPORT
        tags = {row["registration_id"]: (f"{row['kind']}: {row['corruption']}",) for row in planted}
        results = (
            (words("demo.result.planted"), f"{verdict.found} / {verdict.expected}"),
            (words("demo.result.false"), str(len(verdict.false_leads))),
        )
        write_page(desk, exported, words, report, tags=tags, results=results)
        with open_graph(desk, workspace) as store:
            leads = tuple(f"Lead:{lead.lead_id}" for lead, _ in exported.leads)
            question = GraphRequest(analysis="co-residents", nodes=leads, bounds=Bounds(with_open_leads=True))
            together, counts = ask_graph(desk, store, question), store.counts()
    seconds = time.monotonic() - began
    if settings.as_json:
        show_json(
            {
                "runs": [run_json(answer) for answer in answers],
                "planted": verdict.expected,
                "found": verdict.found,
                "missed": [{"registration_id": key, "corruption": how} for key, how in verdict.missed],
                "false_leads": list(verdict.false_leads),
                "graph": counts,
                "co_residents": list(together.found.rows),
                "report": str(report),
                "seconds": round(seconds, 1),
            }
        )
        return 0
    out = console()
    for answer in answers:
        show_manifest(words, answer.manifest)
    out.print(leads_table(exported.leads, words))
    click.echo(words("demo.planted", found=verdict.found, expected=verdict.expected, false=len(verdict.false_leads)))
    for registration, corruption in verdict.missed:
        click.echo("  " + words("demo.missed", registration=registration, corruption=corruption))
    nodes, edges = count_all(counts)
    click.echo(words("demo.graph", nodes=nodes, edges=edges, count=len(together.found.rows)))
    out.print(rows_table(words, together.found.rows))
    click.echo(words("cli.lead-not-verdict"))
    click.echo(words("screen.report", file=report))
    click.echo(words("demo.page", command=f"netpursuit web --workspace {shlex.quote(str(workspace))} --as-of {as_of}"))
    click.echo(words("demo.seconds", seconds=seconds))
    return 0


def read_planted(file: Path) -> list[dict[str, str]]:
    """What was planted: registration_id, role, list, entry_id, kind, corruption, expected."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(line for line in stream if not line.startswith("#")))


def judge(planted: list[dict[str, str]], leads: list[Lead]) -> Verdict:
    """Compare the leads with what was planted. A lead on anybody else, near misses included, is false."""
    wanted = {
        (row["registration_id"], row["list"], row["entry_id"]): row for row in planted if row["expected"] == "lead"
    }
    reported = {(lead.key.registration_id, lead.match.key.list_id, lead.match.key.entry_id) for lead in leads}
    missed = tuple((key[0], row["corruption"]) for key, row in wanted.items() if key not in reported)
    false_leads = tuple(sorted({key[0] for key in reported if key not in wanted}))
    return Verdict(expected=len(wanted), found=len(wanted) - len(missed), missed=missed, false_leads=false_leads)
