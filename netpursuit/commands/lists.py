"""``netpursuit lists``: add, show and remove wanted lists; ``groups`` has a module of its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.groups import command as groups_command
from netpursuit.commands.options import DAY, Settings, common, show_json
from netpursuit.commands.worded import new_group
from netpursuit.errors import InputError

if TYPE_CHECKING:
    from netpursuit.custody.lists import ListReceipt


class AgeType(click.ParamType[int | None]):
    """Days, or ``none``."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | None:
        if value is None or isinstance(value, int):
            return value
        if value.casefold() == "none":
            return -1
        if not (value.isascii() and value.isdigit() and int(value) > 0):
            self.fail(f"{value!r}: expected a number of days, or none", param, ctx)
        return int(value)


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "lists")

    @group.new("add", "help.lists.add")
    @click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
    @click.option("--list", "list_id", required=True, metavar="ID", help=words("option.list-id"))
    @click.option("--format", "format_name", default="", metavar="FORMAT", help=words("option.format"))
    @click.option("--mapping", type=click.Path(path_type=Path), metavar="FILE", help=words("option.mapping"))
    @click.option("--date", "list_date", type=DAY, metavar="D", help=words("option.date"))
    @click.option("--max-age", type=AgeType(), default=30, show_default=True, help=words("option.max-age"))
    @click.option("--delta", is_flag=True, help=words("option.delta"))
    @click.option("--accept-withdrawals", is_flag=True, help=words("option.accept-withdrawals"))
    @click.option("--accept-older", is_flag=True, help=words("option.accept-older"))
    @common(words)
    def add(settings: Settings, paths: tuple[Path, ...], **options: Any) -> int:
        return run_add(settings, paths, options)

    @group.new("show", "help.lists.show")
    @common(words)
    def show(settings: Settings) -> int:
        return run_show(settings)

    @group.new("remove", "help.lists.remove")
    @click.argument("list_id", metavar="ID")
    @common(words)
    def remove(settings: Settings, list_id: str) -> int:
        return run_remove(settings, list_id)

    group.add_command(groups_command(words))
    return group


def run_add(settings: Settings, paths: tuple[Path, ...], options: dict[str, Any]) -> int:
    from netpursuit.custody.lists import NewList, add_list
    from netpursuit.sources.lists.registry import expand, find_reader
    from netpursuit.wiring import open_desk

    files = expand(paths)
    reader = find_reader(files, format=options["format_name"], mapping=options["mapping"])
    max_age: int | None = options["max_age"]
    list_date: date | None = options["list_date"]
    new = NewList(
        list_id=options["list_id"],
        paths=tuple(files),
        list_date=list_date,
        max_age_days=None if max_age == -1 else max_age,
        delta=options["delta"],
        accept_withdrawals=options["accept_withdrawals"],
        accept_older=options["accept_older"],
        as_of=settings.as_of,
    )
    with open_desk(settings.workspace, settings.reason, settings.case_id, create=True) as desk:
        receipt = add_list(desk, new, reader)
    if settings.as_json:
        show_json(receipt_json(receipt))
    else:
        show_receipt(settings.words, receipt)
    return 0


def receipt_json(receipt: ListReceipt) -> dict[str, Any]:
    version = receipt.version
    return {
        "list": version.list_id,
        "version": version.version,
        "format": version.format,
        "date": version.list_date.isoformat(),
        "date_before": receipt.date_before.isoformat() if receipt.date_before else None,
        "people": version.people,
        "others": version.others,
        "unlisted": version.unlisted,
        "added": receipt.added,
        "changed": receipt.changed,
        "withdrawn": receipt.withdrawn,
        "unchanged": receipt.unchanged,
        "kept": receipt.kept,
        "rejected": version.rejected,
        "rejections": [
            {
                "file": item.file,
                "line": item.line,
                "column": item.column,
                "reason": item.reason,
                "expected": item.expected,
            }
            for item in receipt.rejected
        ],
        "leads_marked": receipt.leads_marked,
        "consultation": receipt.consultation_id,
    }


def show_receipt(words: Catalogue, receipt: ListReceipt) -> None:
    version = receipt.version
    click.echo(
        words(
            "lists.added",
            list=version.list_id,
            people=version.people,
            others=version.others,
            added=receipt.added,
            changed=receipt.changed,
            withdrawn=receipt.withdrawn,
            unchanged=receipt.unchanged,
            unlisted=sum(version.unlisted.values()),
            rejected=version.rejected,
            version=version.version,
            date=version.list_date.isoformat(),
        )
    )
    if receipt.date_before is not None and version.list_date < receipt.date_before:
        click.echo(words("lists.older", list=version.list_id, date=version.list_date, before=receipt.date_before))
    if receipt.kept:
        click.echo(words("lists.kept", count=receipt.kept))
    for item in receipt.rejected:
        key = f"rejected.{item.reason}"
        reason = words(key) if key in words else item.reason
        click.echo("  " + words("lists.rejected", file=item.file, line=item.line, column=item.column, reason=reason))


def run_show(settings: Settings) -> int:
    from netpursuit.custody.list_reports import show_lists
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        day = settings.as_of or desk.today
        reports = show_lists(desk, day)
    if settings.as_json:
        from netpursuit.reports.standings import report_json

        show_json([report_json(report) for report in reports])
    elif not reports:
        click.echo(settings.words("lists.none"))
    else:
        from netpursuit.commands.show import console, show_banners
        from netpursuit.reports.tables import announced, lists_table

        out = console()
        show_banners(out, settings.words, [report.standing for report in reports])
        out.print(lists_table([report.standing for report in reports], day, settings.words))
        for report in reports:
            for line in announced(settings.words, report.standing.list_id, report.about_to_expire):
                out.print(line, markup=False)
    return 3 if any(report.standing.status.value != "fresh" for report in reports) else 0


def run_remove(settings: Settings, list_id: str) -> int:
    from netpursuit.custody.lists import remove_list
    from netpursuit.wiring import open_desk

    if not list_id:
        raise InputError("no list named", where="lists remove", expected="the id of a list")
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        marked = remove_list(desk, list_id, as_of=settings.as_of)
    if settings.as_json:
        show_json({"list": list_id, "leads_marked": marked})
    else:
        click.echo(settings.words("lists.removed", list=list_id, count=marked))
    return 0
