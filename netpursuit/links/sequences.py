"""A sequence of analyses under a name, as it is passed on: which questions in which order, and nobody in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from netpursuit.links.views import Bounds

MOST_STEPS = 20  # what a person still reads; each step is a consultation of its own
MOST_CARRIED = 200  # nodes of one answer that a later step is asked of, as many as an answer has rows unless told


class Given(StrEnum):
    """Nodes that no earlier step has found."""

    START = "start"  # those named at the command line
    NONE = ""  # none: the whole graph is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class NodesOf:
    """The nodes of one kind in the answer of an earlier step, by that step's name."""

    step: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAgo:
    """A day told from the one as of which is asked, so that a shared sequence does not age."""

    days: int


Day = date | DaysAgo | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question. ``name`` may be empty; ``kinds`` of links (none: all)."""

    analysis: str
    nodes: Given | NodesOf
    hops: int
    limit: int
    name: str = ""
    since: Day = None
    until: Day = None
    kinds: tuple[str, ...] = ()

    def bounds(self, as_of: date, with_open_leads: bool) -> Bounds:
        """The step's bounds as of a day."""
        return Bounds(
            hops=self.hops,
            limit=self.limit,
            since=_iso(self.since, as_of),
            until=_iso(self.until, as_of),
            kinds=self.kinds,
            with_open_leads=with_open_leads,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """1 to 20 steps in their order. ``names`` and ``descriptions`` by language, ``digest`` the SHA-256 of the file."""

    names: dict[str, str]
    descriptions: dict[str, str]
    steps: tuple[Step, ...]
    digest: str


def _iso(day: Day, as_of: date) -> str:
    if day is None:
        return ""
    return (as_of - timedelta(days=day.days) if isinstance(day, DaysAgo) else day).isoformat()
