"""Readers of wanted lists and registrations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from netpursuit.records import ListHeader, ListItem, QueryRead, Registration, Rejected

if TYPE_CHECKING:
    from netpursuit.records.register import RegisterRows


class ListReader(Protocol):
    """One published format. ``paths`` are the files of one list, a folder already expanded."""

    format: str

    def recognises(self, paths: Sequence[Path]) -> bool:
        """Whether these files are of this format, judged by content (a few kilobytes), never by name alone."""
        ...

    def header(self, paths: Sequence[Path]) -> ListHeader:
        """What the files say about the list. Raises ``InputError`` for empty, binary or wrong files."""
        ...

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        """Every record of the files, in file order, streaming; each becomes exactly one item."""
        ...


class RowReader(Protocol):
    """Makes a registration or a rejection of each of some raw rows, in order; picklable."""

    def __call__(self, rows: Sequence[Any], /) -> list[Registration | Rejected]: ...

    def columns(self, rows: Sequence[Any], /) -> RegisterRows:
        """The same, column by column."""
        ...


class RegistrationSource(Protocol):
    """One file of registrations, opened under a feed; streaming."""

    @property
    def file(self) -> str: ...

    @property
    def file_digest(self) -> str: ...

    @property
    def rows_estimate(self) -> int | None: ...

    @property
    def keyed_by(self) -> str:
        """The file's header whose value is the registration's id; empty where there is none."""
        ...

    def raw(self) -> Iterator[Any]:
        """Every row of the file as it stands, in order; streaming, picklable."""
        ...

    @property
    def reader(self) -> RowReader:
        """What reads some raw rows."""
        ...

    @property
    def canonical(self) -> Callable[[Sequence[Any]], list[bytes]]:
        """What gives the canonical bytes of raw rows, in order, of which receipts speak; picklable."""
        ...


class ReadPlace(NamedTuple):
    """Behind which row of a database a read goes on: its mark, and how many rows with this mark are done."""

    mark: str
    ties: int


class QuerySource(RegistrationSource, Protocol):
    """The rows of a feed's database within a window of marks, in the order of marks; one snapshot throughout."""

    @property
    def read(self) -> QueryRead:
        """What is read, so far."""
        ...

    @property
    def place(self) -> ReadPlace | None:
        """Where the row stands that ``raw`` gave last; None before the first."""
        ...

    @property
    def reached(self) -> str:
        """The mark up to which everything has been read that was there; empty where nothing was."""
        ...

    def rows_before(self, place: ReadPlace) -> int:
        """How many rows of the window an earlier read had done when it was at a place."""
        ...

    def rows_of(self, registration_ids: Sequence[str]) -> list[Any]:
        """Every row of these registrations, within the window or not, as ``raw`` gives them."""
        ...
