"""Lines on standard error about work that takes longer than a moment; standard output stays as it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from netpursuit.catalogue import Catalogue

SILENT_SECONDS = 2.0
"""What takes no longer says nothing."""
_BETWEEN_LINES = 30.0  # seconds, where nobody sits at a terminal


@contextmanager
def telling(words: Catalogue, key: str) -> Iterator[Callable[[int], None]]:
    """What is called in the block with a count shows the words of ``key`` with it (``count``): at a terminal in one
    line that goes away in the end, elsewhere as a line now and then. Standard output stays as it is."""
    from netpursuit.commands.show import console

    err = console(stderr=True)
    began = time.monotonic()
    shown = 0.0  # the instant of the last line

    def tell(count: int) -> None:
        nonlocal shown
        now = time.monotonic()
        pause = 0.2 if err.is_terminal else _BETWEEN_LINES
        if now - began < SILENT_SECONDS or (shown and now - shown < pause):
            return
        shown = now
        line = words(key, count=f"{count:,}")
        click.echo(f"\r\x1b[2K{line}" if err.is_terminal else line, err=True, nl=not err.is_terminal)

    try:
        yield tell
    finally:
        if shown and err.is_terminal:
            click.echo("\r\x1b[2K", err=True, nl=False)


WORTH_TELLING = 2_000  # people of an index: what takes longer than a moment to build


def tell_build(words: Catalogue) -> Callable[[int], None]:
    """What says, before an index is built, over how many people; of a small one nothing."""

    def tell(people: int) -> None:
        if people >= WORTH_TELLING:
            click.echo(words("index.building", count=f"{people:,}"), err=True)

    return tell
