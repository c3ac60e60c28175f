"""Expressions that wait for their first use are what ``re.compile`` would have made of them."""

from __future__ import annotations

import copy
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

import netpursuit
from netpursuit.text import patterns
from netpursuit.text.patterns import regex


def waiting(value: Any) -> Iterator[Any]:
    """The expressions in a constant of a module."""
    if isinstance(value, patterns._Pattern):
        yield value
    elif isinstance(value, tuple | list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from waiting(item)


def test_it_answers_as_the_compiled_one() -> None:
    text = "Abba, abba"
    for flags in (0, re.IGNORECASE):
        late, now = regex("(a)b+", flags), re.compile("(a)b+", flags)
        assert late.sub("c", text) == now.sub("c", text)
        assert late.findall(text) == now.findall(text)
        assert [found.span(1) for found in late.finditer(text)] == [found.span(1) for found in now.finditer(text)]
        assert (late.pattern, late.flags, bool(late.match(text))) == (now.pattern, now.flags, bool(now.match(text)))
        assert copy.deepcopy(late).split(text) == now.split(text)


def test_what_is_wrong_shows_at_the_first_use() -> None:
    wrong = regex("(")
    with pytest.raises(re.error):
        wrong.search("")


def test_every_expression_of_the_program_can_be_compiled() -> None:
    names = [module.name for module in pkgutil.walk_packages(netpursuit.__path__, "netpursuit.")]
    rooms = ("text", "ids", "gate", "prepare", "sources.registrations")
    modules = [import_module(name) for name in names if name.startswith(tuple(f"netpursuit.{room}." for room in rooms))]
    found = [one for module in modules for value in vars(module).values() for one in waiting(value)]
    assert len(found) > 80
    for one in found:
        assert one.pattern
