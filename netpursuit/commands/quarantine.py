"""``netpursuit quarantine``: rows that could not be screened, by place and reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_group
from netpursuit.records import Intent, Outcome, Rejected, Verb

if TYPE_CHECKING:
    from netpursuit.sources.registrations import RowAgain


def command(words: Catalogue) -> click.Command:
    group = new_group(words, "quarantine")

    @group.new("show", "help.quarantine.show")
    @click.option("--run", "run_id", default="", metavar="RUN", help=words("option.run"))
    @click.option("--source", metavar="FILE", type=click.Path(path_type=Path), help=words("option.source"))
    @common(words)
    def show(settings: Settings, run_id: str, source: Path | None) -> int:
        return run_show(settings, run_id, source)

    return group


def run_show(settings: Settings, run_id: str, source: Path | None) -> int:
    """The rows of a run; with ``source`` their values too, read again from the file and never stored."""
    from netpursuit.reports.wording import clean
    from netpursuit.sources.registrations import read_again, read_feed, read_query_again
    from netpursuit.wiring import open_desk

    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        about = {"run": run_id, "source": source.name if source else ""}
        stated = {key: value for key, value in about.items() if value}
        verb = Verb.QUARANTINE_READ if source else Verb.QUARANTINE_SHOW
        intent = Intent(verb=verb, authority=desk.authority, about=stated, as_of=settings.as_of)
        with desk.gate.consult(intent) as consultation:
            rows = desk.truth.quarantine(run_id=run_id)
            run = desk.truth.run(run_id)
            values: dict[int, RowAgain] = {}
            if source and run is not None and run.query is not None:
                values = read_query_again(read_feed(source), run.query, rows)
            elif source:
                values = {row.line: read_again(source, row) for row in rows}
            consultation.conclude(Outcome(counts={"shown": len(rows), "read again": len(values)}))
    if settings.as_json:
        show_json([row_json(row, values.get(row.line)) for row in rows])
    elif not rows:
        click.echo(settings.words("quarantine.none"))
    for row in () if settings.as_json else rows:
        key = f"rejected.{row.reason}"
        reason = settings.words(key) if key in settings.words else row.reason
        expected = f" ({settings.words.sentence(row.expected)})" if row.expected else ""
        click.echo(clean(f"{row.file}:{row.line}  {row.column or '–'}  {reason}{expected}"))
        again = values.get(row.line)
        for column, value in again.values.items() if again else ():
            click.echo(f"    {column}: {clean(value)}")
        if source and again is None:
            click.echo(f"    {settings.words('quarantine.changed')}")
        if again and again.raw:
            click.echo(f"    {clean(again.raw)}")
    return 0


def row_json(row: Rejected, again: RowAgain | None) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "file": row.file,
        "file_digest": row.file_digest,
        "line": row.line,
        "column": row.column,
        "reason": row.reason,
        "expected": row.expected,
    }
    return shape | ({"values": again.values, "raw": again.raw} if again is not None else {})
