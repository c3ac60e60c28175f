"""What is kept of the calls from one telephone to another: one statement a day, whose note counts them.

A note reads ``3 calls, 120 s, 08:01:12 to 22:14:05, from line 12``: how many, how long together, when the first and the
last began, and where in the file the first stands; without what the file does not say.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from netpursuit.records.graph import EdgeKind, GraphEdge, Provenance

_NOTE = re.compile(r"(\d+) calls?(?:, (\d+) s)?(?:, (\d\d:\d\d:\d\d)(?: to (\d\d:\d\d:\d\d))?)?(?:, from line (\d+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfCalls:
    """The calls of one day. ``seconds`` None: no length is known; ``first``/``last``: times of day or empty."""

    calls: int
    seconds: int | None = None
    first: str = ""
    last: str = ""
    line: int = 0

    def __str__(self) -> str:
        parts = [_many(self.calls, "call")]
        parts += [f"{self.seconds} s"] if self.seconds is not None else []
        if self.first:
            parts.append(self.first if self.first == self.last else f"{self.first} to {self.last}")
        parts += [f"from line {self.line}"] if self.line else []
        return ", ".join(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """The calls of several days. ``first``/``last``: day, and time where it is known."""

    calls: int
    days: int
    seconds: int | None
    first: str
    last: str

    def __str__(self) -> str:
        length = f", {self.seconds} s" if self.seconds is not None else ""
        return f"{_many(self.calls, 'call')} on {_many(self.days, 'day')}{length}"


def _many(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"


def read_note(note: str) -> DayOfCalls | None:
    """What a note says, or None for any other text."""
    match = _NOTE.fullmatch(note)
    if match is None:
        return None
    count, seconds, first, last, line = match.groups()
    return DayOfCalls(
        calls=int(count),
        seconds=int(seconds) if seconds is not None else None,
        first=first or "",
        last=last or first or "",
        line=int(line or 0),
    )


def count_calls(provenance: Iterable[Provenance], since: str = "", until: str = "") -> Calls | None:
    """The calls of the days from ``since`` to ``until`` (ISO dates or empty), or None where there are none.

    A call may stand in the records of both its operators. Of a day that several sources count, the one with most calls
    counts: to add them would tell of calls that nobody made.
    """
    days: dict[str, list[DayOfCalls]] = defaultdict(list)
    for said in provenance:
        day = read_note(said.note)
        if day is not None and (not since or said.seen_from >= since) and (not until or said.seen_from <= until):
            days[said.seen_from].append(day)
    if not days:
        return None
    most = [max(told, key=lambda day: (day.calls, day.seconds or 0)) for told in days.values()]
    known = [day.seconds for day in most if day.seconds is not None]
    first, last = min(days), max(days)
    return Calls(
        calls=sum(day.calls for day in most),
        days=len(days),
        seconds=sum(known) if known else None,
        first=f"{first} {min((day.first for day in days[first] if day.first), default='')}".strip(),
        last=f"{last} {max((day.last for day in days[last] if day.last), default='')}".strip(),
    )


def condensed(edge: GraphEdge) -> GraphEdge:
    """A link as a file or a picture tells it: of calls one statement for each source, instead of one a day."""
    if edge.kind != EdgeKind.CALLED:
        return edge
    by_source: dict[tuple[str, bool, str], list[Provenance]] = defaultdict(list)
    for said in edge.provenance:
        by_source[said.source, said.fact, "" if read_note(said.note) else said.note].append(said)
    told = []
    for (_, _, note), statements in by_source.items():
        counted = count_calls(statements) if not note else None
        if counted is None:
            told += statements
            continue
        last = max(said.seen_to for said in statements)
        first = min(said.seen_from for said in statements)
        told.append(statements[0]._replace(seen_from=first, seen_to=last, note=str(counted)))
    return edge._replace(provenance=tuple(sorted(told)))
