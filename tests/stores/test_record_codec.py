"""Every record comes back from its JSON as it went in, and nothing else is taken for one."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from datetime import UTC, date, datetime
from enum import Enum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.errors import StorageError
from netpursuit.records import (
    Case,
    Clearance,
    Entry,
    Feed,
    Lead,
    ListVersion,
    Match,
    PartialDate,
    Person,
    Rejected,
    RunManifest,
    Sex,
)
from netpursuit.stores.codec import decode, encode

KINDS = (Case, Clearance, Entry, Feed, Lead, ListVersion, Match, Person, Rejected, RunManifest)


def strategy_for(kind: object) -> st.SearchStrategy[typing.Any]:
    """Values of a field's type, independent of how the codec reads types."""
    if isinstance(kind, typing.NewType):
        return strategy_for(kind.__supertype__)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{field.name: strategy_for(hints[field.name]) for field in dataclasses.fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    simple: dict[object, st.SearchStrategy[typing.Any]] = {
        str: st.text(max_size=8),
        int: st.integers(-(2**62), 2**62),
        bool: st.booleans(),
        float: st.floats(allow_nan=False, allow_infinity=False),
        date: st.dates(),
        datetime: st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    }
    if kind in simple:
        return simple[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is tuple and arguments[-1] is Ellipsis:
        return st.lists(strategy_for(arguments[0]), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(strategy_for, arguments))
    if origin is dict:
        return st.dictionaries(strategy_for(arguments[0]), strategy_for(arguments[1]), max_size=2)
    assert origin in (types.UnionType, typing.Union)
    return st.one_of(*(st.none() if part is type(None) else strategy_for(part) for part in arguments))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_a_record_comes_back_from_its_json(kind: type, data: st.DataObject) -> None:
    record = data.draw(strategy_for(kind))
    text = encode(record)
    assert decode(kind, text) == record
    assert encode(decode(kind, text)) == text


def test_half_a_surrogate_pair_survives_and_can_be_written_to_a_file() -> None:
    person = Person(emails=("a\ud800b", "张伟"))
    text = encode(person)
    text.encode("utf-8")
    assert decode(Person, text) == person


def test_empty_fields_take_no_room() -> None:
    assert encode(Person(sex=Sex.MALE)) == '{"sex":"male"}'
    assert encode(PartialDate(year=1958)) == '{"year":1958}'


def test_a_meaningful_default_is_written_out_so_that_it_may_change_later() -> None:
    assert json.loads(encode(RunManifest(**run_fields())))["seconds"] == 0.0


def run_fields() -> dict[str, typing.Any]:
    stamp = datetime(2026, 11, 23, 12, tzinfo=UTC)
    return {
        "run_id": "R-1",
        "feed_id": "f",
        "file": "a.csv",
        "file_digest": "00",
        "lists": (("ofac", "1"),),
        "policy": "p",
        "as_of": date(2026, 11, 23),
        "started_at": stamp,
    }


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        "{}",
        '{"year":"1958"}',
        '{"year":true}',
        '{"year":1958.0}',
        '{"year":1958,"era":"AD"}',
        '{"year":1958,"circa":1}',
        '{"month":2}',
    ],
)
def test_what_is_no_record_is_refused(text: str) -> None:
    with pytest.raises(StorageError):
        decode(PartialDate, text)


def test_an_instant_without_zone_is_never_stored() -> None:
    naive = datetime(2026, 11, 23, 12)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        encode(RunManifest(**(run_fields() | {"started_at": naive})))
