"""What long work says on standard error while it lasts: a bar at a terminal, one plain line anywhere else.

Nothing is said of work that is done at once, and never a word on standard output, which may be read by a program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from netpursuit.catalogue import Catalogue

WORTH_TELLING = 2_000  # entries: what takes more than about a second


def tell_build(words: Catalogue) -> Callable[[int], None]:
    """Says that an index over so many people is built."""

    def tell(people: int) -> None:
        if people >= WORTH_TELLING:
            click.echo(words("index.building", count=people), err=True)

    return tell


@contextmanager
def counting(words: Catalogue, key: str) -> Iterator[Callable[[int, int], None]]:
    """Yields what is to be called with (done, total) from time to time; ``key`` is what the work is called."""
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    from netpursuit.commands.show import console

    err = console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bar(*columns, console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task(words(key), total=None)
        told = err.is_terminal

        def show(done: int, total: int) -> None:
            nonlocal told
            bar.update(task, completed=done, total=total)
            if not told and total >= WORTH_TELLING:
                click.echo(words(f"{key}.plain", count=total), err=True)
            told = True

        yield show
