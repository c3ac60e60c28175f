"""What the calls of the graph browser are asked with: the shapes of their bodies and their bounds."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from netpursuit.enquiry.graph_counts import MOST_COUNTED
from netpursuit.enquiry.graph_seen import MOST_EDGES
from netpursuit.enquiry.graph_seen import MOST_NODES as MOST_SEEN
from netpursuit.errors import InputError
from netpursuit.links.views import MOST_HOPS, MOST_NODES, Bounds
from netpursuit.policy.limits import DRAWN_IN_MOST
from netpursuit.records.graph import EdgeKind, NodeKind
from netpursuit.web.endpoints import Asked

MOST_PATHS = 50  # that a report tells
Key = Annotated[str, Meta(min_length=1, max_length=1_000)]
Name = Annotated[str, Meta(max_length=200)]
Day = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
_Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
_Kinds = Annotated[list[Name], Meta(max_length=100)]


class Days(Asked, kw_only=True, rename={"since": "from", "until": "to"}):
    """Days from which on and up to which links count, and whether open leads do."""

    since: Day = ""
    until: Day = ""
    with_open_leads: bool = False

    def bounds(self) -> Bounds:
        check_day("from", self.since)
        check_day("to", self.until)
        return Bounds(since=self.since, until=self.until, with_open_leads=self.with_open_leads)


class Dated(Days):
    """``graph``: an imported graph by its name; empty: the program's own."""

    graph: Name = ""


class Find(Asked):
    """``graph``: an imported graph by its name; empty: the program's own."""

    text: Annotated[str, Meta(max_length=500)]
    with_open_leads: bool = False
    graph: Name = ""


class Ask(Dated, kw_only=True):
    """One analysis; ``hops`` 0: as far as it goes unless told, ``max_links`` 0: no bound."""

    analysis: Name
    nodes: Annotated[list[Key], Meta(max_length=MOST_NODES)] = field(default_factory=list)
    hops: Annotated[int, Meta(ge=0, le=MOST_HOPS)] = 0
    limit: Annotated[int, Meta(ge=1, le=MOST_NODES)] = 200
    edges: _Kinds = field(default_factory=list)
    labels: _Kinds = field(default_factory=list)
    sources: _Kinds = field(default_factory=list)
    max_links: Annotated[int, Meta(ge=0, le=1_000_000)] = 0

    def narrowed(self, hops: int) -> Bounds:
        """The bounds of the question; ``hops``: those of the analysis."""
        dated = self.bounds()
        if not self.graph:
            check_kinds("edges", self.edges, tuple(EdgeKind))
            check_kinds("labels", self.labels, tuple(NodeKind))
        return Bounds(
            hops=self.hops or hops,
            limit=self.limit,
            since=dated.since,
            until=dated.until,
            kinds=tuple(self.edges) if self.graph else tuple(map(EdgeKind, self.edges)),
            with_open_leads=self.with_open_leads,
            labels=tuple(self.labels) if self.graph else tuple(map(NodeKind, self.labels)),
            sources=tuple(self.sources),
            most_links=self.max_links,
        )


class Count(Dated, kw_only=True):
    """Keys of nodes whose links are counted."""

    nodes: Annotated[list[Key], Meta(min_length=1, max_length=MOST_COUNTED)]


class Building(Days, kw_only=True):
    """A house, or a unit in it, by key."""

    node: Key


class DrawIn(Asked, kw_only=True, rename={"since": "from", "until": "to"}):
    """A unit by key, or ``Lead:ID`` whose unit is meant."""

    unit: Key
    since: Day = ""
    until: Day = ""
    limit: Annotated[int, Meta(ge=1, le=DRAWN_IN_MOST)] = DRAWN_IN_MOST


class Told(Asked):
    """What an analyst wrote of a node."""

    label: Annotated[str, Meta(max_length=200)] = ""
    note: Annotated[str, Meta(max_length=4_000)] = ""
    mark: Annotated[str, Meta(max_length=50)] = ""


Position = tuple[_Number, _Number]
Positions = Annotated[dict[Key, Position], Meta(max_length=MOST_SEEN)]
Links = Annotated[list[tuple[Name, Key, Key]], Meta(max_length=MOST_EDGES)]
_Keys = Annotated[list[Key], Meta(max_length=MOST_SEEN)]
Notes = Annotated[dict[Key, Told], Meta(max_length=MOST_SEEN)]


class Filters(Asked):
    """Kinds of nodes and links that are filtered out, and a text."""

    kinds: _Kinds = field(default_factory=list)
    links: _Kinds = field(default_factory=list)
    text: Name = ""


class Period(Asked, rename={"since": "from", "until": "to"}):
    """The days of the slider."""

    since: Day
    until: Day


class ViewState(Asked, kw_only=True):
    """A canvas: its nodes by their places, its links, and how it is looked at."""

    positions: Positions
    edges: Links = field(default_factory=list)
    hidden: _Keys = field(default_factory=list)
    pinned: _Keys = field(default_factory=list)
    notes: Notes = field(default_factory=dict)
    filters: Filters = field(default_factory=Filters)
    period: Period | None = None
    assessments: bool = False
    styling: Literal["kind", "band", "date"] = "kind"
    layout: Annotated[str, Meta(max_length=50)] = ""
    text: Annotated[str, Meta(max_length=4_000)] = ""

    def check(self) -> None:
        """Raise ``InputError`` for what is about nodes that the view does not hold."""
        about = {"hidden": self.hidden, "pinned": self.pinned, "notes": list(self.notes)}
        about["edges"] = [key for edge in self.edges for key in edge[1:]]
        for where, keys in about.items():
            if not set(keys) <= self.positions.keys():
                raise InputError("a node that the view does not hold", where=where, expected="keys of positions")
        for where, day in (("from", self.period.since), ("to", self.period.until)) if self.period else ():
            check_day(where, day)


class SaveView(Asked, kw_only=True):
    """``revision``: the one that was opened, 0 for a new view. ``graph``: the imported graph it is of."""

    revision: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    name: Annotated[str, Meta(min_length=1, max_length=200)]
    state: ViewState
    graph: Name = ""


class DropView(Asked):
    """The revision that was seen."""

    revision: Annotated[int, Meta(ge=1, le=1_000_000_000)]


class Changed(Asked, kw_only=True):
    """``seen``: this is a look, from which on the next changes count."""

    view: Annotated[str, Meta(min_length=1, max_length=50)]
    seen: bool = False


_Path = Annotated[list[Key], Meta(min_length=2, max_length=MOST_HOPS + 1)]


class Export(Asked, kw_only=True):
    """What is seen, by keys. ``edges`` left out: all links among the nodes; ``asked``: nodes that wear a ring;
    ``paths``: those that a report tells in sentences, each by the keys of its nodes in their order."""

    format: Literal["svg", "png", "csv", "graphml", "gexf", "ftm", "report"]
    keys: Annotated[list[Key], Meta(min_length=1, max_length=MOST_SEEN)]
    edges: Links | None = None
    positions: Positions = field(default_factory=dict)
    asked: Annotated[list[Key], Meta(max_length=MOST_SEEN)] = field(default_factory=list)
    paths: Annotated[list[_Path], Meta(max_length=MOST_PATHS)] = field(default_factory=list)
    notes: Notes = field(default_factory=dict)
    title: Annotated[str, Meta(max_length=200)] = ""
    with_open_leads: bool = False
    graph: Name = ""


def check_day(where: str, text: str) -> date | None:
    """A day, or None for none. Raises ``InputError`` for one that no calendar has."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError("not a date", where=where, expected="YYYY-MM-DD") from None


def check_kinds(where: str, asked: list[str], known: tuple[str, ...]) -> None:
    """Raises ``InputError`` for kinds that are none of the program's own."""
    if not set(asked) <= set(known):
        raise InputError("no such kind", where=where, expected=", ".join(known))
