"""People and registrations many at once, column by column; a record is made where one is asked for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Generic, TypeVar, overload

import numpy as np
import numpy.typing as npt

from netpursuit.records.persons import Address, Document, Name, PartialDate, Person, Sex

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Value = TypeVar("Value")
Other = TypeVar("Other")
Key = TypeVar("Key", bound=Hashable)
_FIELDS = ("names", "birth_dates", "sex", "nationalities", "documents", "phones", "emails", "addresses")
_fields_of = attrgetter(*_FIELDS)


def _are_all(rows: Ints, size: int) -> bool:
    return len(rows) == size and bool((rows == np.arange(size)).all())


@dataclass(frozen=True, slots=True, eq=False)
class Coded(Generic[Value]):
    """A column of few values: row ``i`` has ``values[codes[i]]``. ``codes`` None: each row has a value of its own, in
    order. Several values may be equal, and a value may be that of no row."""

    values: Sequence[Value]
    codes: Ints | None = None

    @staticmethod
    def of(rows: Sequence[Key]) -> Coded[Key]:
        """The column of these rows, each distinct value once, in the order of their first rows."""
        number = {value: at for at, value in enumerate(dict.fromkeys(rows))}
        return Coded(list(number), np.fromiter(map(number.__getitem__, rows), np.int64, len(rows)))

    @staticmethod
    def constant(value: Other, size: int) -> Coded[Other]:
        """A column that says the same everywhere."""
        return Coded((value,), np.zeros(size, np.int64))

    def __len__(self) -> int:
        return len(self.values) if self.codes is None else len(self.codes)

    def __getitem__(self, row: int) -> Value:
        return self.values[row if self.codes is None else int(self.codes[row])]

    def map(self, work: Callable[[Value], Other]) -> Coded[Other]:
        """``work`` of every row, called once a value."""
        return Coded(list(map(work, self.values)), self.codes)

    def rows(self) -> Sequence[Value]:
        """The value of every row."""
        return self.values if self.codes is None else list(map(self.values.__getitem__, self.codes.tolist()))

    def array(self, of: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """What ``of`` has for the value of every row."""
        return of if self.codes is None else of[self.codes]

    def mask(self, holds: Callable[[Value], bool]) -> Bools:
        """Of which rows something holds."""
        return self.array(np.array([holds(value) for value in self.values], np.bool_))

    def pick(self, rows: Ints) -> Coded[Value]:
        """The column of these rows, in this order, with the values that they have; of all as they stand, itself."""
        if _are_all(rows, len(self)):
            return self
        if self.codes is None:
            return Coded([self.values[row] for row in rows.tolist()])
        return Coded(self.values, self.codes[rows]).trimmed()

    def trimmed(self) -> Coded[Value]:
        """Without the values that no row has; the others in the order of their first rows."""
        if self.codes is None:
            return self
        used, first, codes = np.unique(self.codes, return_index=True, return_inverse=True)
        order = np.argsort(first)
        place = np.empty(len(used), np.int64)
        place[order] = np.arange(len(used))
        return Coded([self.values[code] for code in used[order].tolist()], place[codes.reshape(-1)])

    @staticmethod
    def joined(columns: Sequence[Coded[Other]]) -> Coded[Other]:
        """Columns one below the other."""
        if len(columns) == 1:
            return columns[0]
        values: list[Other] = []
        codes = []
        for column in columns:
            rows = np.arange(len(column.values)) if column.codes is None else column.codes
            codes.append(rows + len(values))
            values += column.values
        return Coded(values, np.concatenate(codes))


@dataclass(frozen=True, slots=True, eq=False)
class PersonColumns(Sequence[Person]):
    """People, a column for each field of ``Person``."""

    names: Coded[tuple[Name, ...]]
    birth_dates: Coded[tuple[PartialDate, ...]]
    sex: Coded[Sex | None]
    nationalities: Coded[tuple[str, ...]]
    documents: Coded[tuple[Document, ...]]
    phones: Coded[tuple[str, ...]]
    emails: Coded[tuple[str, ...]]
    addresses: Coded[tuple[Address, ...]]

    @classmethod
    def of(cls, persons: Iterable[Person]) -> PersonColumns:
        """The columns of some people; of columns themselves."""
        if isinstance(persons, cls):
            return persons
        columns = list(zip(*map(_fields_of, persons), strict=True)) or [()] * len(_FIELDS)
        return cls(*map(Coded, columns))

    @property
    def columns(self) -> tuple[Coded[Any], ...]:
        """In the order of the fields."""
        return tuple(getattr(self, field) for field in _FIELDS)

    def __len__(self) -> int:
        return len(self.names)

    @overload
    def __getitem__(self, row: int) -> Person: ...

    @overload
    def __getitem__(self, row: slice) -> PersonColumns: ...

    def __getitem__(self, row: int | slice) -> Person | PersonColumns:
        if isinstance(row, slice):
            return self.pick(np.arange(len(self))[row])
        if not -len(self) <= row < len(self):
            raise IndexError(row)
        return Person(**{field: column[row] for field, column in zip(_FIELDS, self.columns, strict=True)})

    def pick(self, rows: Ints) -> PersonColumns:
        """These people, in this order; all as they stand: themselves."""
        if _are_all(rows, len(self)):
            return self
        return PersonColumns(*(column.pick(rows) for column in self.columns))

    @staticmethod
    def joined(parts: Sequence[PersonColumns]) -> PersonColumns:
        """People one below the other."""
        return PersonColumns(
            *(Coded.joined(columns) for columns in zip(*(part.columns for part in parts), strict=True))
        )
