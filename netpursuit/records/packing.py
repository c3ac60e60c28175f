"""Many records at once: on their way between processes, and made of columns."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import MISSING
from itertools import repeat
from operator import attrgetter
from typing import Any, TypeVar

Record = TypeVar("Record")
_set = object.__setattr__


def _unpack(cls: type[Record], values: tuple[Any, ...]) -> Record:
    made = object.__new__(cls)
    for name, value in zip(cls.__slots__, values, strict=True):  # type: ignore[attr-defined]
        _set(made, name, value)
    return made


def packed(cls: type[Record]) -> type[Record]:
    """Pickle a frozen, slotted dataclass of two and more fields in a third of the time that its own way takes."""
    values = attrgetter(*cls.__slots__)  # type: ignore[attr-defined]

    def reduce(self: Any) -> tuple[Any, ...]:
        return _unpack, (type(self), values(self))

    cls.__reduce__ = reduce  # type: ignore[method-assign]
    return cls


def of_columns(cls: type[Record], size: int, **columns: Iterable[Any]) -> list[Record]:
    """So many records of a frozen, slotted dataclass, each field a column of values; one that is left out has its
    default. In a third of the time of as many calls of the class."""
    fields = {field.name: field.default for field in cls.__dataclass_fields__.values()}  # type: ignore[attr-defined]
    wrong = (columns.keys() - fields.keys()) | {name for name in fields.keys() - columns if fields[name] is MISSING}
    if wrong:
        raise TypeError(f"{cls.__name__} of columns: {', '.join(sorted(wrong))}")
    made = [object.__new__(cls) for _ in range(size)]
    for name, default in fields.items():
        deque(map(getattr(cls, name).__set__, made, columns.get(name, repeat(default))), maxlen=0)
    return made
