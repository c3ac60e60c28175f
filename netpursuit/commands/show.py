"""Showing things at a terminal: the console, banners of lists that are not fresh, a person in one line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from rich.console import Console

from netpursuit.catalogue import Catalogue
from netpursuit.catalogue.steering import steerless
from netpursuit.records import Person

FILE_WIDTH = 160  # columns where nobody's window sets a width: rows stay on one line, as a file wants them


class _Console(Console):
    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(steerless(item) if isinstance(item, str) else item for item in objects), **options)


def console(stderr: bool = False) -> Console:
    """A console that colours only a terminal, never interprets values as markup by itself and lets no text steer it."""
    out = _Console(stderr=stderr, highlight=False, soft_wrap=False, emoji=False)
    if not out.is_terminal and "COLUMNS" not in os.environ:
        out.width = FILE_WIDTH
    return out


def show_banners(out: Console, words: Catalogue, standings: Iterable[Any]) -> None:
    """One loud line for each list that is stale, expired, damaged or missing (A16)."""
    from netpursuit.reports.standings import banner_lines

    for line in banner_lines(words, standings):
        out.print(line, style="bold red", markup=False)


def show_person(out: Console, words: Catalogue, person: Person) -> None:
    """What was asked about, in one line."""
    parts = [name.text for name in person.names]
    parts += [str(date) for date in person.birth_dates]
    parts += [words(f"sex.{person.sex.value}")] if person.sex else []
    parts += [f"{document.country}:{document.number}".lstrip(":") for document in person.documents]
    parts += [*person.nationalities, *person.phones, *person.emails, *(place.text for place in person.addresses)]
    out.print(f"{words('match.query')}: {' · '.join(parts)}", markup=False, style="bold")
