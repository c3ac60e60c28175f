"""Records to JSON text and back: generic over the dataclasses of ``records``, strict, canonical.

Fields stand in their declared order under their own names; a field that is empty (``""``, ``()``, ``{}``, ``None``,
``False``) and whose default is that same emptiness is left out. Enums stand as their values, dates and instants as ISO
8601 (instants in UTC), tuples as arrays. Reading refuses unknown fields, missing ones and wrong types with
``StorageError``: a record is never half understood.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from netpursuit.errors import StorageError

T = TypeVar("T")
Encoder = Callable[[Any], Any]
Decoder = Callable[[Any], Any]


def encode(record: object) -> str:
    """The canonical JSON text of a record. Raises ``ValueError`` for instants without zone and numbers not finite."""
    return as_text(encode_object(record))


def encode_object(record: object) -> dict[str, Any]:
    """The same as a JSON object, before it becomes text."""
    kind: Any = type(record)
    return typing.cast("dict[str, Any]", _codec(kind)[0](record))


def as_text(value: Any) -> str:
    """JSON without spaces; escaped to ASCII only where the text holds half a surrogate pair."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return text


def decode(kind: type[T], text: str) -> T:
    """The record of a JSON text. Raises ``StorageError`` where the text is no such record."""
    try:
        value = json.loads(text)
    except ValueError as error:
        raise StorageError(f"a stored {kind.__name__} is no JSON") from error
    return decode_object(kind, value)


def decode_object(kind: type[T], value: Any) -> T:
    """The record of a parsed JSON object."""
    wanted: Any = kind
    return typing.cast("T", _codec(wanted)[1](value))


def _broken(wanted: str) -> StorageError:
    return StorageError(f"a stored record does not hold what it should: expected {wanted}")


@cache
def _codec(kind: Any) -> tuple[Encoder, Decoder]:
    if isinstance(kind, typing.NewType):
        return _codec(kind.__supertype__)
    if dataclasses.is_dataclass(kind):
        return _record(kind)
    if kind in (str, int, float, bool):
        return _plain(kind)
    if kind is datetime:
        return _instant, _read_instant
    if kind is date:
        return date.isoformat, _read_date
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _enum(kind)
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple:
        return _many(arguments[0]) if arguments[-1] is Ellipsis else _fixed(arguments)
    if origin is dict and arguments[0] is str:
        return _mapping(arguments[1])
    if origin in (types.UnionType, typing.Union) and len(arguments) == 2 and type(None) in arguments:
        return _optional(next(argument for argument in arguments if argument is not type(None)))
    raise TypeError(f"no JSON form for {kind!r}")


def _plain(kind: type) -> tuple[Encoder, Decoder]:
    allowed: tuple[type, ...] = (float, int) if kind is float else (kind,)

    def check(value: Any) -> Any:
        if type(value) not in allowed:
            raise _broken(kind.__name__)
        return float(value) if kind is float else value

    return (lambda value: value), check


def _enum(kind: type[Enum]) -> tuple[Encoder, Decoder]:
    members = {member.value: member for member in kind}

    def read(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, str | int) or value not in members:
            raise _broken(kind.__name__)
        return members[value]

    return (lambda member: member.value), read


def _instant(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError("an instant without time zone cannot be stored")
    return value.astimezone(UTC).isoformat()


def _read_instant(value: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _broken("an instant") from error
    if instant.tzinfo is None:
        raise _broken("an instant in UTC")
    return instant


def _read_date(value: Any) -> date:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise _broken("a date") from error


def _many(item: Any) -> tuple[Encoder, Decoder]:
    write, read_item = _codec(item)

    def read(value: Any) -> Any:
        if type(value) is not list:
            raise _broken("an array")
        return tuple([read_item(part) for part in value])

    return (lambda values: [write(value) for value in values]), read


def _fixed(items: tuple[Any, ...]) -> tuple[Encoder, Decoder]:
    codecs = [_codec(item) for item in items]

    def write(values: Any) -> Any:
        return [codec[0](value) for codec, value in zip(codecs, values, strict=True)]

    def read(value: Any) -> Any:
        if type(value) is not list or len(value) != len(codecs):
            raise _broken(f"an array of {len(codecs)}")
        return tuple([codec[1](part) for codec, part in zip(codecs, value, strict=True)])

    return write, read


def _mapping(item: Any) -> tuple[Encoder, Decoder]:
    write_item, read_item = _codec(item)

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise _broken("an object")
        return {key: read_item(part) for key, part in value.items()}

    return (lambda values: {key: write_item(values[key]) for key in sorted(values)}), read


def _optional(item: Any) -> tuple[Encoder, Decoder]:
    write, read = _codec(item)
    return (
        lambda value: None if value is None else write(value),
        lambda value: None if value is None else read(value),
    )


def _record(kind: Any) -> tuple[Encoder, Decoder]:
    hints = typing.get_type_hints(kind)
    fields = [(field.name, *_codec(hints[field.name]), *_emptiness(field)) for field in dataclasses.fields(kind)]
    readers = {name: read for name, _, read, _, _ in fields}
    demanded = frozenset(
        field.name
        for field in dataclasses.fields(kind)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    )

    def write(record: Any) -> Any:
        found = {}
        for name, write_field, _, has_empty, empty in fields:
            value = getattr(record, name)
            if not (has_empty and value == empty):
                found[name] = write_field(value)
        return found

    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise _broken(f"a {kind.__name__}")
        if not value.keys() <= readers.keys():
            raise _broken(f"a {kind.__name__} without further fields")
        if not demanded <= value.keys():
            raise _broken(f"a {kind.__name__} with {', '.join(sorted(demanded - value.keys()))}")
        return kind(**{name: readers[name](part) for name, part in value.items()})

    return write, read


def _emptiness(field: dataclasses.Field[Any]) -> tuple[bool, Any]:
    """Whether the default is empty in itself, and that default: only such a value may be left out, so that a
    default which means something can change without changing what was stored."""
    default: Any = field.default
    if field.default_factory is not dataclasses.MISSING:
        default = field.default_factory()
    if default is None or default is False or default in ("", (), {}):
        return True, default
    return False, None
