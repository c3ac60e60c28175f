"""``netpursuit retain``: purge what was kept for its period."""

from __future__ import annotations

import click

from netpursuit.catalogue import Catalogue
from netpursuit.commands.options import Settings, common, show_json
from netpursuit.commands.worded import new_command
from netpursuit.errors import StorageError

LEFT = 3  # something is done later: a graph that cannot be reached, a log that another session still reads


def command(words: Catalogue) -> click.Command:
    @new_command(words, "retain", "help.retain")
    @click.option("--dry-run", is_flag=True, help=words("option.retain.dry-run"))
    @common(words)
    def retain(settings: Settings, dry_run: bool) -> int:
        return run_retain(settings, dry_run=dry_run)

    return retain


def run_retain(settings: Settings, *, dry_run: bool) -> int:
    from netpursuit.wiring import open_desk, open_graph, retain_due

    words, later = settings.words, ""
    with open_desk(settings.workspace, settings.reason, settings.case_id) as desk:
        done = retain_due(desk, settings.workspace, dry_run=dry_run)
        if not dry_run and done.counts:
            try:
                with open_graph(desk, settings.workspace):
                    pass  # bringing it up to the truth removes what was purged
            except StorageError as error:
                later = str(error)
    if settings.as_json:
        show_json(
            {
                "dry_run": done.dry_run,
                "purged": dict(done.counts),
                "leads": list(done.lead_ids),
                "graph": "later" if later else None if dry_run else "forgotten",
                "wal_left": done.wal_left,
                "consultation": done.consultation_id,
            }
        )
    else:
        for kind, count in done.counts.items():
            click.echo(f"{count:>8}  {words(f'kept.{kind}')}")
        key = "nothing" if not done.counts else "would" if dry_run else "done"
        click.echo(words(f"retain.{key}"))
    tell_left(words, later, wal_left=done.wal_left)
    return LEFT if later or done.wal_left else 0


def tell_left(words: Catalogue, later: str, *, wal_left: bool) -> None:
    """Say on standard error what is not gone yet."""
    if later:
        click.echo(words("retain.graph-later", why=words.sentence(later)), err=True)
    if wal_left:
        click.echo(words("retain.wal-left"), err=True)
