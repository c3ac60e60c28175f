"""``Preparer`` turns persons into a ``PreparedBatch``; entries of a list and persons of a feed go the same way."""

from __future__ import annotations

from collections.abc import Iterable

from netpursuit.policy.frequencies import Frequencies
from netpursuit.prepare.columns import KnownTokens, PreparedBatch
from netpursuit.prepare.fields import FieldColumns
from netpursuit.prepare.names import NameColumns, TokenBook
from netpursuit.records import Person


class Preparer:
    """Prepares batches and remembers the facts of tokens between them (in memory only, bounded).

    ``known``: the tokens of a list compiled with the same tables, whose facts are taken from there.
    """

    def __init__(self, frequencies: Frequencies, known: KnownTokens | None = None) -> None:
        self.frequencies = frequencies
        self._known = known
        self._book = TokenBook(frequencies, known)

    def __reduce__(self) -> tuple[type[Preparer], tuple[object, ...]]:
        return Preparer, (self.frequencies, self._known)  # another process remembers for itself

    def prepare(self, persons: Iterable[Person]) -> PreparedBatch:
        """Columns of the persons, in order; an empty iterable gives a batch of length 0. Never raises on content."""
        names, fields = NameColumns(self._book), FieldColumns()
        for person in persons:
            names.add(person.names)
            fields.add(person)
        return PreparedBatch(tokens=names.table(), **names.columns(), **fields.columns())
