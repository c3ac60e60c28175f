"""Reads the small tables that come with this package."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources


def table_rows(name: str, separator: str = ";") -> Iterator[list[str]]:
    """The rows of ``tables/<name>`` as lists of cells; lines that begin with ``#`` and empty lines are skipped."""
    text = (resources.files(__package__) / "tables" / name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and line[0] != "#":
            yield line.split(separator)


def words(text: str) -> frozenset[str]:
    """The words of a text as a set: for lists that read better in lines than in quotes."""
    return frozenset(text.split())
