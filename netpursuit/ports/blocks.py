"""Rows of a table that follow one another, column by column: how many rows travel as few objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

_BETWEEN = "\0"  # stands in no cell


@dataclass(frozen=True, slots=True)
class Block:
    """Rows whose cells are all text. ``lines``: where each begins, as in its file; ``cells``: a sequence for each of
    ``names``, none with a NUL in it."""

    lines: range
    names: tuple[str, ...]
    cells: tuple[Sequence[str], ...]

    def __len__(self) -> int:
        return len(self.lines)

    def part(self, begin: int, end: int) -> Block:
        """The rows from one place up to another, both counted from 0."""
        return Block(self.lines[begin:end], self.names, tuple(column[begin:end] for column in self.cells))

    def column(self, name: str) -> Sequence[str]:
        """The cells under a header; empty ones where there is none of the name."""
        return self.cells[self.names.index(name)] if name in self.names else ("",) * len(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return _apart, (self.lines, self.names, tuple(map(_BETWEEN.join, self.cells)))


def _apart(lines: range, names: tuple[str, ...], joined: tuple[str, ...]) -> Block:
    return Block(lines, names, tuple(column.split(_BETWEEN) for column in joined))


@runtime_checkable
class InBlocks(Protocol):
    """A source of registrations that gives its raw rows in blocks where it can."""

    def blocks(self) -> Iterator[Any]:
        """What ``raw`` gives, but for some rows that follow one another a ``Block``."""
        ...
