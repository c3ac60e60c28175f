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
    from netpursuit.enquiry.draw_in import DrawnIn, FeedRegister
    from netpursuit.ports.truth import Truth
    from netpursuit.ports.units import UnitQuery, UnitSource
    from netpursuit.records import Feed


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
    from netpursuit.wiring import open_desk, open_graph, unit_indexes

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
        answer = draw_in.draw_in(desk, store, indexes, request, lambda feeds: _register(desk.truth, feeds, stated))
        drain(desk.truth, store)
    if settings.as_json:
        show_json(drawn_json(answer))
    else:
        show_drawn(settings.words, answer)
    return 0


def _register(truth: Truth, feeds: frozenset[str], stated: tuple[Path, Path | None] | None) -> FeedRegister:
    """The register that is meant: as stated, or where the one feed that brought the unit in has last been screened."""
    from netpursuit.enquiry.draw_in import FeedRegister
    from netpursuit.gate.registers import kept_place
    from netpursuit.sources.registrations import read_feed

    if stated is not None:
        feed_file, source = stated
    else:
        if len(feeds) > 1:
            raise InputError(
                f"several feeds brought this unit in: {', '.join(sorted(feeds))}",
                where="UNIT",
                expected="--feed and --source of one",
            )
        (feed_id,) = feeds
        place = kept_place(truth, feed_id)
        if place is None:
            raise InputError(
                f"where the register of feed {feed_id!r} stands is not known",
                where="UNIT",
                expected="--feed FEED.toml --source FILE",
            )
        feed_file, source = Path(place.feed), Path(place.source) if place.source else None
    feed = read_feed(feed_file)
    return FeedRegister(feed=feed, open=lambda: _opened(feed, source))


def _opened(feed: Feed, source: Path | None) -> UnitSource | UnitQuery:
    """The register as a file, or the feed's database."""
    from netpursuit.sources.registrations import open_again
    from netpursuit.sources.registrations.query import UnitRows

    if feed.source is not None:
        if source is not None:
            raise InputError("the feed is read from its database", where="--source", expected="no file")
        return UnitRows(feed=feed, source=feed.source)
    if source is None:
        raise InputError("the feed is read from files", where="--feed", expected="--source FILE beside it")
    return open_again(source, feed)


def drawn_json(answer: DrawnIn) -> dict[str, Any]:
    """What was drawn in, in its stable shape."""
    return {
        "unit": {"key": answer.unit.key, "label": answer.unit.label},
        "feed": answer.feed_id,
        "file": answer.file,
        "people": [
            {
                "key": person.key,
                "label": person.label,
                "role": person.role,
                "registration": person.registration_id,
                "from": person.start.isoformat() if person.start else None,
                "to": person.end.isoformat() if person.end else None,
                "new": person.new,
            }
            for person in answer.people
        ],
        "counts": answer.counts,
        "truncated": answer.truncated,
        "consultation": answer.consultation_id,
    }


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
