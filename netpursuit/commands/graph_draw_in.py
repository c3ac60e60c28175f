"""``netpursuit graph draw-in``: who else is registered in a unit of a lead, under a case."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import DAY, Settings, common, show_json
from netpursuit.commands.worded import WordedGroup
from netpursuit.errors import InputError
from netpursuit.policy.limits import DRAWN_IN_MOST

if TYPE_CHECKING:
    from netpursuit.enquiry.draw_in import DrawnIn


def add_draw_in_command(group: WordedGroup, words: Catalogue) -> None:
    """Add it to ``netpursuit graph``."""
    file = click.Path(path_type=Path)

    @group.new("draw-in", "help.graph.draw-in")
    @click.argument("unit", metavar="UNIT")
    @click.option("--feed", metavar="FEED.toml", type=file, help=words("option.draw-in.feed"))
    @click.option("--source", metavar="FILE", type=file, help=words("option.draw-in.source"))
    @click.option("--from", "since", type=DAY, help=words("option.draw-in.since"))
    @click.option("--to", "until", type=DAY, help=words("option.draw-in.until"))
    @click.option(
        "--limit",
        type=click.IntRange(1, DRAWN_IN_MOST),
        default=DRAWN_IN_MOST,
        show_default=True,
        help=words("option.draw-in.limit"),
    )
    @common(words)
    def draw_in(settings: Settings, unit: str, **options: Any) -> int:
        return run_draw_in(settings, unit, **options)


def run_draw_in(
    settings: Settings,
    unit: str,
    feed: Path | None,
    source: Path | None,
    since: date | None,
    until: date | None,
    limit: int,
) -> int:
    from netpursuit.custody.graph import drain
    from netpursuit.enquiry import draw_in
    from netpursuit.wiring import open_desk, open_graph, open_register, unit_indexes

    if source is not None and feed is None:
        raise InputError("a register without its feed", where="--source", expected="--feed FEED.toml")
    stated = (feed, source) if feed is not None else None
    typed = tuple(str(file) for file in stated or () if file is not None)
    request = draw_in.DrawInRequest(unit=unit, since=since, until=until, limit=limit, typed=typed)
    with (
        open_desk(settings.workspace, settings.reason, settings.case_id) as desk,
        open_graph(desk, settings.workspace) as store,
    ):
        indexes = unit_indexes(settings.workspace)
        answer = draw_in.draw_in(desk, store, indexes, request, lambda feeds: open_register(desk.truth, feeds, stated))
        drain(desk.truth, store)
    if settings.as_json:
        from netpursuit.reports.graph_json import drawn_json

        show_json(drawn_json(answer))
    else:
        show_drawn(settings.words, answer)
    return 0


def show_drawn(words: Catalogue, answer: DrawnIn) -> None:
    """The people as a table, then what was left out and why."""
    from netpursuit.commands.show import console
    from netpursuit.reports.tables import Column, Grid
    from netpursuit.reports.wording import clean, term

    out, counts = console(), answer.counts
    out.print(clean(answer.unit.label), style="bold", markup=False)
    if answer.people:
        names = ("label", "role", "from", "to", "key")
        rows = (
            (
                clean(person.label),
                term(words, f"role.{person.role}", person.role),
                person.start.isoformat() if person.start else "",
                person.end.isoformat() if person.end else "",
                person.key,
            )
            for person in answer.people
        )
        columns = tuple(Column(words(f"graph.column.{name}")) for name in names)
        out.print(Grid(columns=columns, rows=tuple(rows)))
    out.print(words("graph.draw-in.done", file=clean(answer.file), feed=answer.feed_id, **counts), markup=False)
    out.print(words("graph.draw-in.left-out", **counts), markup=False)
    if answer.truncated:
        out.print(words("graph.draw-in.cut", cut=counts["cut"]), style="yellow", markup=False)
    out.print(words("graph.links-not-guilt"))
    out.print(words("match.consultation", id=answer.consultation_id), markup=False)
