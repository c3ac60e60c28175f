"""Registrations that are read where they are matched: no row of them comes to the process that keeps the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

Result = TypeVar("Result")

# Some raw rows in order, how many rows of the source are done with them, and whether an earlier run had done them.
OfRows = Callable[[list[Any], int, bool], Result]


class StoredFile(NamedTuple):
    """A file, or a part of a table, that an engine reaches; ``number``: its place among those of its source."""

    number: int
    path: str
    size: int


@runtime_checkable
class FileEngine(Protocol):
    """Maps a task over the contents of files and tables, wherever they are stored."""

    def files(self, url: str) -> list[StoredFile]:
        """The files of an address (one file, a folder, a pattern), in order of their paths. Raises ``InputError`` where
        there are none."""
        ...

    def table(self, name: str, leaves_out: Callable[[str], bool]) -> list[StoredFile]:
        """The parts of a table as it now is, its rows in the order of their cells; columns may be left out by name.
        Raises ``InputError`` where there is no such table, or no row in it."""
        ...

    def map_files(
        self, task: Callable[[StoredFile, Any], Iterator[Result]], jobs: Iterable[Sequence[StoredFile]]
    ) -> Iterator[tuple[StoredFile, Result]]:
        """The results over each file (its bytes) or part of a table (its Arrow record batches), in order; ``jobs`` say
        which are worked through at once. The task must be picklable. Raises as ``Engine.map``."""
        ...


@runtime_checkable
class Spread(Protocol):
    """A source of registrations whose rows are read and matched elsewhere."""

    def spread(self, task: OfRows[Result], *, size: int, done: int) -> Iterator[Result]:
        """One result for each at most ``size`` rows, in the order of the source; the first ``done`` rows are those that
        an earlier run had done, in chunks of their own. ``task`` must be picklable."""
        ...
