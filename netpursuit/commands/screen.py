"""``netpursuit screen``: a file of registrations against all lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, check_folder, common, show_json
from netpursuit.commands.progress import tell_build
from netpursuit.commands.worded import new_command
from netpursuit.records import Feed, RunManifest

if TYPE_CHECKING:
    from netpursuit.gate.workbench import Workbench
    from netpursuit.ports.engine import Engine
    from netpursuit.ports.readers import QuerySource, RegistrationSource
    from netpursuit.screening.run import Progress, ScreenAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenOptions:
    """What one call of ``screen`` is asked for."""

    file: Path | None
    feed: Path
    url: str = ""  # of what the engine reads
    again: bool = False
    out: Path | None = None
    report: Path | None = None
    receipt: Path | None = None
    workers: int = 1
    engine: str = "local"
    spark_master: str = ""
    rows: int | None = None


def command(words: Catalogue) -> click.Command:
    @new_command(words, "screen", "help.screen")
    @click.argument("register", metavar="[FILE]", required=False, type=click.Path())
    @click.option(
        "--feed", required=True, metavar="FEED.toml", type=click.Path(path_type=Path), help=words("option.feed")
    )
    @click.option("--again", is_flag=True, help=words("option.screen.again"))
    @click.option("--out", metavar="LEADS", type=click.Path(path_type=Path), help=words("option.screen.out"))
    @click.option("--report", metavar="FILE.html", type=click.Path(path_type=Path), help=words("option.report"))
    @click.option("--receipt", metavar="FILE", type=click.Path(path_type=Path), help=words("option.receipt"))
    @click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help=words("option.workers"))
    @click.option("--engine", type=click.Choice(["local", "spark"]), default="local", help=words("option.engine"))
    @click.option("--spark-master", default="", metavar="URL", help=words("option.spark-master"))
    @common(words)
    def screen(settings: Settings, register: str | None, **options: Any) -> int:
        file, url = place_of(register, options["engine"])
        return run_screen(settings, ScreenOptions(file=file, url=url, **options))

    return screen


def place_of(register: str | None, engine: str) -> tuple[Path | None, str]:
    """A file of this machine, or the address of what executors read: what has a scheme, a table, on Spark a folder."""
    if register and ("://" in register or register.startswith("table:")):
        return None, register
    file = Path(register) if register else None
    if file is not None and engine == "spark" and file.is_dir():
        # As Spark reads addresses: nothing is percent-encoded, and a backslash says that no pattern is meant.
        return None, "file://" + re.sub(r"[\\{}\[\]*?]", r"\\\g<0>", "/" + file.resolve().as_posix().lstrip("/"))
    return file, ""


def run_screen(settings: Settings, options: ScreenOptions) -> int:
    from netpursuit.commands.exporting import Exported, write_leads_file, write_page
    from netpursuit.sources.registrations import read_feed
    from netpursuit.wiring import open_desk

    check_places(options)
    tell = tell_build(settings.words)
    with open_desk(settings.workspace, settings.reason, settings.case_id, tell=tell, create=True) as desk:
        feed = read_feed(options.feed)
        answer = screen_file(desk, settings, options, feed)
        # The run's consultation, concluded by now, names every lead that these files show.
        exported = Exported.of(desk, [answer], feed.purpose, feed.expires_on)
        if options.out is not None:
            write_leads_file(desk, exported, settings.words, options.out)
        if options.report is not None:
            write_page(desk, exported, settings.words, options.report)
    warn_of_keys(settings.words, answer)
    warn_of_earlier_rows(settings.words, answer)
    if settings.as_json:
        show_json(run_json(answer))
    else:
        show_run(settings.words, answer)
        if options.receipt is not None:
            click.echo(settings.words("screen.receipt", file=options.receipt.name, root=answer.receipt.root))
    return 3 if answer.lists.troubled else 0


def screen_file(desk: Workbench, settings: Settings, options: ScreenOptions, feed: Feed) -> ScreenAnswer:
    """Run the screening with a progress bar on standard error where that is a terminal, and remember where the register
    stands."""
    from netpursuit.commands.receipts import receipt_of
    from netpursuit.gate.registers import RegisterPlace, keep_place, kept_place
    from netpursuit.screening.run import ScreenRequest, screen
    from netpursuit.wiring.engines import open_engine

    with (
        open_engine(options.engine, workers=options.workers, master=options.spark_master) as engine,
        source_of(desk, options, feed, engine) as (source, query),
        progress_bar(settings.words) as progress,
    ):
        request = ScreenRequest(
            feed=feed,
            source=source,
            engine=engine,
            as_of=settings.as_of,
            query=query,
            receipt=receipt_of(desk, settings.words, feed, options.receipt),
        )
        answer = screen(desk, request, progress)
    file = str(options.file.resolve()) if options.file else options.url
    place = RegisterPlace(feed=str(options.feed.resolve()), source=file)
    if kept_place(desk.truth, feed.feed_id) != place:
        with desk.truth.transaction() as unit:
            keep_place(unit, feed.feed_id, place)
    return answer


@contextmanager
def source_of(
    desk: Workbench, options: ScreenOptions, feed: Feed, engine: Engine
) -> Iterator[tuple[RegistrationSource, QuerySource | None]]:
    """The file that is meant, or what executors read at an address, or the feed's database from its mark on (``again``:
    from its beginning)."""
    from netpursuit.errors import InputError
    from netpursuit.screening.high_water import mark_to_begin_from
    from netpursuit.sources.registrations import open_registrations
    from netpursuit.sources.registrations.database import source_digest
    from netpursuit.wiring import open_source
    from netpursuit.wiring.engines import open_address

    if options.file is not None or options.url:
        if feed.source is not None:
            raise InputError("the feed is read from its database", where="FILE", expected="no file")
        if options.again:
            raise InputError("a file is read whole anyway", where="--again", expected="a feed with a database")
        yield open_registrations(options.file, feed) if options.file else open_address(options.url, feed, engine), None
        return
    if feed.source is None:
        raise InputError("missing", where="FILE", expected="a file, or a feed with a [source]")
    since = "" if options.again else mark_to_begin_from(desk.truth, feed, source_digest(feed.source))
    with open_source(desk, feed, since) as query:
        yield query, query


def check_places(options: ScreenOptions) -> None:
    """Refuse a place that cannot be written before anything runs."""
    from netpursuit.errors import InputError

    for path, kinds in ((options.out, (".csv", ".jsonl")), (options.report, (".html", ".htm"))):
        if path is None:
            continue
        if path.suffix.lower() not in kinds:
            raise InputError(f"unknown kind of file {path.suffix!r}", where=str(path), expected=" or ".join(kinds))
        check_folder(path)
    if options.receipt is not None:
        check_folder(options.receipt)


@contextmanager
def progress_bar(words: Catalogue) -> Iterator[Callable[[Progress], None]]:
    """Rows, rate and time left; silent where standard error is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from netpursuit.commands.show import console

    err = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"))
    with Bar(*columns, TimeRemainingColumn(), console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task(words("screen.progress"), total=None, rate="")

        def show(done: Progress) -> None:
            speed = bar.tasks[0].speed
            rate = f"{speed:,.0f}/s" if speed else ""
            bar.update(task, completed=done.rows_done, total=done.rows_estimate, rate=rate)

        yield show


def run_json(answer: ScreenAnswer) -> dict[str, Any]:
    from dataclasses import asdict

    from netpursuit.reports.standings import standing_json

    manifest = answer.manifest
    return {
        "run": manifest.run_id,
        "feed": manifest.feed_id,
        "file": manifest.file,
        "lists": [standing_json(item) for item in answer.lists.standings],
        "policy": manifest.policy,
        "as_of": manifest.as_of.isoformat(),
        "counts": asdict(manifest.counts),
        "seconds": round(manifest.seconds, 3),
        "query": asdict(manifest.query) if manifest.query else None,
        "resumed_rows": answer.resumed_rows,
        "keyed_by": answer.keyed_by,
        "keyed_before": answer.keyed_before,
        "receipt": asdict(answer.receipt),
        "leads": list(answer.lead_ids),
        "consultation": answer.consultation_id,
    }


def warn_of_keys(words: Catalogue, answer: ScreenAnswer) -> None:
    """Say on standard error where leads cannot be told apart by an id, or are known by another one than before."""
    rows = answer.manifest.counts.without_id
    if not answer.keyed_by:
        click.echo(words("feed.without-id"), err=True)
    elif rows:
        click.echo(words("screen.without-id", count=rows, column=answer.keyed_by), err=True)
    if answer.keyed_before is not None:
        before, now = (column or words("screen.keyed-by-content") for column in (answer.keyed_before, answer.keyed_by))
        click.echo(words("screen.keyed-otherwise", feed=answer.manifest.feed_id, before=before, now=now), err=True)


def warn_of_earlier_rows(words: Catalogue, answer: ScreenAnswer) -> None:
    """Say on standard error that rows before the mark have met other lists."""
    if answer.earlier_rows_left:
        click.echo(words("screen.earlier-rows-left", feed=answer.manifest.feed_id), err=True)


def show_run(words: Catalogue, answer: ScreenAnswer) -> None:
    from netpursuit.commands.show import console, show_banners

    show_banners(console(), words, answer.lists.standings)
    show_manifest(words, answer.manifest)


def show_manifest(words: Catalogue, manifest: RunManifest) -> None:
    """The summary of a run in two lines, and one more for those who could not be screened."""
    counts = manifest.counts
    click.echo(
        words(
            "screen.done",
            run=manifest.run_id,
            read=counts.read,
            rejected=counts.rejected,
            screened=counts.screened,
            truncated=counts.truncated_numbers,
            seconds=manifest.seconds,
        )
    )
    if counts.leads_erased:
        click.echo(words("screen.erased", count=counts.leads_erased))
    if counts.unscreened_unnamed:
        click.echo(words("screen.unnamed", count=counts.unscreened_unnamed, run=manifest.run_id))
    click.echo(
        words(
            "screen.leads",
            strong=counts.strong,
            possible=counts.possible,
            weak=counts.weak,
            new=counts.leads_new,
            updated=counts.leads_updated,
            unchanged=counts.leads_unchanged,
            withdrawn=counts.leads_withdrawn,
            cleared=counts.leads_cleared,
        )
    )
