"""Registrations that are read where they are matched: no row of them comes to the process that keeps the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

Result = TypeVar("Result")

# Some raw rows in order, how many rows of the source are done with them, and whether an earlier run had done them.
OfRows = Callable[[list[Any], int, bool], Result]


class StoredFile(NamedTuple):
    """A file in a storage that an engine reaches; ``number``: its place among those of its source, by path."""

    number: int
    path: str
    size: int


@runtime_checkable
class FileEngine(Protocol):
    """Maps a task over the contents of files, wherever they are stored."""

    def files(self, url: str) -> list[StoredFile]:
        """The files of an address (one file, a folder, a pattern), in order of their paths. Raises ``InputError`` where
        there are none."""
        ...

    def map_files(
        self, task: Callable[[StoredFile, bytes], Iterator[Result]], jobs: Iterable[Sequence[StoredFile]]
    ) -> Iterator[tuple[StoredFile, Result]]:
        """The results over each file, file by file, in order; ``jobs`` say which are worked through at once. The task
        must be picklable. Raises as ``Engine.map``."""
        ...


@runtime_checkable
class Spread(Protocol):
    """A source of registrations whose rows are read and matched elsewhere."""

    def spread(self, task: OfRows[Result], *, size: int, done: int) -> Iterator[Result]:
        """One result for each at most ``size`` rows, in the order of the source; the first ``done`` rows are those that
        an earlier run had done, in chunks of their own. ``task`` must be picklable."""
        ...
