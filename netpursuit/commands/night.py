"""``netpursuit night``: the unattended batch."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_command

if TYPE_CHECKING:
    from netpursuit.night.answer import NightAnswer
    from netpursuit.night.plan import NightPlan

# Events that a person at a terminal is told of; the JSON log has all.
_TOLD = ("began", "waiting", "file", "problem", "notice-failed")
_PUBLIC = 0o644  # metrics are read by an agent of another user and say nothing about anybody


def command(words: Catalogue) -> click.Command:
    @new_command(words, "night", "help.night")
    @click.argument("config", metavar="CONFIG.toml", type=click.Path(path_type=Path))
    @click.option("--dry-run", is_flag=True, help=words("option.night.dry-run"))
    @click.option(
        "--log", type=click.Choice(["text", "json"]), default="text", show_default=True, help=words("option.log")
    )
    @common(words)
    def night(settings: Settings, config: Path, dry_run: bool, log: str) -> int:
        return run_night(settings, config, dry_run=dry_run, log=log)

    return night


def run_night(settings: Settings, config: Path, *, dry_run: bool, log: str) -> int:
    from netpursuit.commands.receipts import receipt_notice
    from netpursuit.night.run import foresee, night
    from netpursuit.reports.night import night_json, summary_lines
    from netpursuit.sources.night_config import read_night
    from netpursuit.wiring import foreseeing_desk, night_tools, open_desk

    plan = read_night(config)
    workspace = settings.workspace or plan.workspace
    reason = settings.reason or ("" if settings.case_id else plan.reason)
    tell = _teller(settings.words, log)
    opened = foreseeing_desk(workspace) if dry_run else open_desk(workspace, reason, settings.case_id, create=True)
    with opened as desk:

        def publish(answer: NightAnswer) -> None:
            _publish(settings.words, plan, answer, tell)

        notice = partial(receipt_notice, settings.words, desk.gate.who)
        tools = night_tools(desk, plan, workspace, tell, publish, notice)
        answer = (foresee if dry_run else night)(desk, plan, tools, settings.as_of)
    if settings.as_json:
        show_json(night_json(answer))
    else:
        for line in summary_lines(answer, settings.words):
            click.echo(line)
    return answer.exit_code


def _publish(words: Catalogue, plan: NightPlan, answer: NightAnswer, tell: Callable[..., None]) -> None:
    """Report, notices, metrics, in this order; a notice that fails is told and counted, and fails nothing."""
    from netpursuit.reports.leads_file import write_whole
    from netpursuit.reports.night import night_json, night_page, notice_of
    from netpursuit.reports.night_metrics import metrics_text
    from netpursuit.reports.notices import post, run_command
    from netpursuit.wiring import make_report_folder

    if plan.report_folder is not None:
        make_report_folder(plan.report_folder)
        shape = json.dumps(night_json(answer), ensure_ascii=False, indent=2) + "\n"
        write_whole(plan.report_folder / f"{answer.night_id}.json", shape)
        write_whole(plan.report_folder / f"{answer.night_id}.html", night_page(answer, words))
        tell("report", folder=str(plan.report_folder))
    failed = 0
    notice = notice_of(answer)
    for kind, wrong in (
        ("command", run_command(plan.notify_command, notice) if plan.notify_command else ""),
        ("webhook", post(plan.webhook, notice) if plan.webhook else ""),
    ):
        if wrong:
            failed += 1
            tell("notice-failed", kind=kind, why=wrong)
    if plan.metrics_file is not None:
        write_whole(plan.metrics_file, metrics_text(answer, failed), mode=_PUBLIC)


def _teller(words: Catalogue, log: str) -> Callable[..., None]:
    """Tells events on standard error: all as one JSON object a line, or a few in words."""

    def as_json(event: str, **facts: Any) -> None:
        level = "warning" if event in ("problem", "notice-failed", "refused", "waiting") else "info"
        line = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "event": event, **facts}
        click.echo(json.dumps(line, ensure_ascii=False, separators=(",", ":")), err=True)

    def as_text(event: str, **facts: Any) -> None:
        if event not in _TOLD or (event == "file" and facts["fate"] == "known"):
            return
        for key, area in (("fate", "night.fate"), ("kind", "night.problem")):
            if event != "notice-failed" and key in facts:
                facts[key] = words(f"{area}.{facts[key]}")
        said = "resumed" if event == "began" and facts["resumed"] else event
        click.echo(words(f"night.event.{said}", **facts), err=True)

    return as_json if log == "json" else as_text
