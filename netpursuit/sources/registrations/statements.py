"""Where the one statement of a query ends, as its database reads quotes and remarks. Pure.

What may stand behind it is a remark or nothing. A database that is not known here, or not named by the feed's file, may
read a quote in any of these ways: then all of them must say that there is one statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_DOLLAR = re.compile(r"\$(?:[^\W\d]\w*)?\$")
_REMARK = re.compile(r"/\*|\*/")
_CLOSING = {"[": "]", "(": ")", "{": "}", "<": ">"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """How a database reads. ``escapes``: a backslash before a quote (all strings, or none but ``E'…'``); ``nested``:
    remarks in remarks; ``dashed``: a remark of two dashes needs a space; ``run``: what ``/*!`` begins is no remark."""

    escapes: bool = False
    prefixed: bool = False  # E'…'
    dollars: bool = False  # $tag$…$tag$
    brackets: bool = False  # [name]
    hashes: bool = False  # a remark from # on
    nested: bool = False
    dashed: bool = False
    run: bool = False
    chosen: bool = False  # q'[…]'


_MYSQL = tuple(_Reading(escapes=escapes, hashes=True, dashed=True, run=True) for escapes in (True, False))
_READINGS = {
    "sqlite": (_Reading(brackets=True),),
    # As standard_conforming_strings is on or off.
    "postgresql": tuple(
        _Reading(escapes=escapes, prefixed=True, dollars=True, nested=True) for escapes in (False, True)
    ),
    "mysql": _MYSQL,
    "mariadb": _MYSQL,
    "mssql": (_Reading(brackets=True, nested=True),),
    "oracle": (_Reading(chosen=True),),
}
_ALL = (_Reading(), _Reading(escapes=True), *(reading for known in _READINGS.values() for reading in known))


def one_statement(text: str, database: str = "") -> str | None:
    """The statement without the semicolon and the remarks behind it; None where there is more than one, or none.

    ``database``: its kind, as an address begins (``postgresql``); empty: nobody knows.

    >>> one_statement("SELECT ';' -- a; b"), one_statement("SELECT 1; -- done"), one_statement("SELECT 1; SELECT 2")
    ("SELECT ';' -- a; b", 'SELECT 1', None)
    """
    if ";" not in text:
        return text.strip() or None
    ends = {_end(text, reading) for reading in _READINGS.get(database, _ALL)}
    return (text[: ends.pop()].strip() or None) if len(ends) == 1 and None not in ends else None


def _end(text: str, reading: _Reading) -> int | None:
    """Where the statement ends; None where something but remarks stands behind it, or a quote does not end."""
    end: int | None = None
    for at, what in _pieces(text, reading):
        if what == "open":
            return None
        if what == ";" and end is None:
            end = at
        elif what == "text" and end is not None:
            return None
    return len(text) if end is None else end


def _pieces(text: str, reading: _Reading) -> Iterator[tuple[int, str]]:
    """Where something stands that is no remark, and what: ``;``, ``text``, or ``open`` for a quote without an end."""
    at = 0
    while at < len(text):
        after = _after_remark(text, at, reading)
        if after is not None:
            if after < 0:
                yield at, "open"
                return
            at = after
            continue
        char = text[at]
        if char.isspace():
            at += 1
            continue
        after = _after_quote(text, at, reading)
        if after is not None and after < 0:
            yield at, "open"
            return
        yield at, ";" if char == ";" else "text"
        at = at + 1 if after is None else after


def _after_remark(text: str, at: int, reading: _Reading) -> int | None:
    """The place behind the remark that begins here; -1: it does not end; None: none begins."""
    pair, third = text[at : at + 2], text[at + 2 : at + 3]
    if (pair == "--" and not (reading.dashed and third.strip())) or (pair[0] == "#" and reading.hashes):
        line = text.find("\n", at)
        return len(text) if line < 0 else line
    if pair != "/*" or (reading.run and third in ("!", "+", "M")):
        return None
    depth = 0
    for mark in _REMARK.finditer(text, at):
        if mark.group() == "*/":
            depth -= 1
        elif reading.nested or not depth:
            depth += 1
        if not depth:
            return mark.end()
    return -1


def _after_quote(text: str, at: int, reading: _Reading) -> int | None:
    """The place behind the quote that begins here; -1: it does not end; None: none begins."""
    char, before = text[at], text[at - 1 : at]
    if char == "$" and reading.dollars and not (before.isalnum() or before in ("_", "$")):
        tag = _DOLLAR.match(text, at)
        if tag is not None:
            end = text.find(tag.group(), tag.end())
            return -1 if end < 0 else end + len(tag.group())
    if char == "[" and reading.brackets:
        return text.find("]", at) + 1 or -1
    if char == "'" and reading.chosen and before in ("q", "Q") and at + 1 < len(text):
        closing = _CLOSING.get(text[at + 1], text[at + 1]) + "'"
        end = text.find(closing, at + 2)
        return -1 if end < 0 else end + len(closing)
    if char not in "'\"`":
        return None
    prefixed = reading.prefixed and before in ("e", "E") and not _is_word(text[at - 2 : at - 1])
    escapes = char != "`" and (reading.escapes or (prefixed and char == "'"))
    place = at + 1
    while place < len(text):
        if escapes and text[place] == "\\":
            place += 2
        elif text[place] != char:
            place += 1
        elif text[place + 1 : place + 2] == char:  # twice: one within
            place += 2
        else:
            return place + 1
    return -1


def _is_word(char: str) -> bool:
    return char.isalnum() or char == "_"
