"""Records on their way between processes: a class and its values, without the names of the fields."""

from __future__ import annotations

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
