"""``Preparer`` turns persons into a ``PreparedBatch``; entries of a list and persons of a feed go the same way."""

from __future__ import annotations

from collections.abc import Iterable, Sized

from netpursuit.policy.frequencies import Frequencies
from netpursuit.prepare.columns import KnownTokens, PreparedBatch
from netpursuit.prepare.fields import field_columns
from netpursuit.prepare.names import name_columns
from netpursuit.prepare.tokens import TokenBook
from netpursuit.records import Person
from netpursuit.records.columns import PersonColumns

_WORTH_REMEMBERING = 32  # persons; for fewer it costs more than it saves


class Preparer:
    """Prepares batches and remembers the facts of tokens between them (in memory only, bounded).

    ``known``: the tokens of a list compiled with the same tables, whose facts are taken from there. Threads may share
    one.
    """

    def __init__(self, frequencies: Frequencies, known: KnownTokens | None = None) -> None:
        self.frequencies = frequencies
        self._known = known
        self._kept: list[TokenBook] = []  # none while a batch uses it, so that no other thread does

    def __reduce__(self) -> tuple[type[Preparer], tuple[object, ...]]:
        return Preparer, (self.frequencies, self._known)  # another process remembers for itself

    def prepare(self, persons: Iterable[Person]) -> PreparedBatch:
        """Columns of the persons, in order; an empty iterable gives a batch of length 0. Never raises on content."""
        if isinstance(persons, Sized) and len(persons) < _WORTH_REMEMBERING:
            return _prepare(persons, TokenBook(self.frequencies, self._known, lasts=False))
        try:
            book = self._kept.pop()
        except IndexError:
            book = TokenBook(self.frequencies, self._known)
        batch = _prepare(persons, book)
        self._kept[:] = [book]
        return batch


def _prepare(persons: Iterable[Person], book: TokenBook) -> PreparedBatch:
    people = PersonColumns.of(persons)
    return PreparedBatch(**name_columns(people.names, book), **field_columns(people))
