"""The rows of one rental unit in a register: where they stand, and how they are read again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple, Protocol, runtime_checkable

from netpursuit.records import Registration, Rejected


class UnitRow(NamedTuple):
    """A row of a register: its line, the byte at which it begins (-1: not told), and the unit as it states it."""

    line: int
    offset: int
    address: str
    unit: str
    unit_code: str


class UnitSource(Protocol):
    """A register that can be read again. Raises ``InputError`` where it cannot."""

    @property
    def file(self) -> str: ...

    @property
    def file_digest(self) -> str:
        """SHA-256 of the file's bytes, 64 hex digits."""
        ...

    @property
    def unit_columns(self) -> str:
        """By which columns and defaults the unit of a row is read: another text, another index."""
        ...

    def units(self) -> Iterator[UnitRow]:
        """Every row that can be read, in order."""
        ...

    def rows_at(self, places: Sequence[tuple[int, int]]) -> list[Registration | Rejected]:
        """The rows at these places (line, offset), in order of lines."""
        ...


class UnitPlaces(Protocol):
    """An index of one register: digests of units and places, nothing else."""

    def places(self, unit: int) -> list[tuple[int, int]]:
        """(line, offset) of every row of a unit, by line."""
        ...


class UnitIndexes(Protocol):
    """Where a workspace keeps such indexes. Raises ``StorageError`` where they cannot be written."""

    def find(self, name: str) -> UnitPlaces | None:
        """The index of this name; None where there is none or it is damaged."""
        ...

    def write(self, name: str, rows: Iterable[tuple[int, int, int]]) -> UnitPlaces:
        """Keep (digest of the unit below 2^64, line, offset) of every row, whole or not at all."""
        ...


@runtime_checkable
class UnitQuery(Protocol):
    """A register that is asked for the rows of one unit. Raises ``InputError`` where it cannot be."""

    @property
    def file(self) -> str: ...

    @property
    def file_digest(self) -> str:
        """64 hex digits of where the rows come from, as runs keep it."""
        ...

    def rows_of(self, stated: Sequence[tuple[str, str, str]], most: int) -> list[Registration | Rejected]:
        """The rows that answer to (address, unit, unit code) as registrations state them; of each at most ``most`` and
        one more, which says that there are more."""
        ...
