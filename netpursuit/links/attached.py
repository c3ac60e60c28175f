"""The nodes and links that a case's own records bring, in parts that are stored one by one.

A link is stated once a part, so that a thing that changed hands twice keeps both periods: what is stated of one link
for the second time stands in a part of its own. Calls are counted by day (see ``call_notes``), a part a day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from netpursuit.errors import InputError
from netpursuit.links.call_notes import DayOfCalls
from netpursuit.links.keys import NORMALISER, address_key, company_key, contact_key, document_key, unit_key
from netpursuit.policy.limits import MOST_ATTACHED_STATEMENTS
from netpursuit.records.attachments import Call, Holding, Party
from netpursuit.records.graph import Edge, EdgeKind, LinkSet, Node, NodeKind
from netpursuit.records.persons import Address

PART_SIZE = 2_000  # nodes or links
MOST_NAMES = 5  # of those that records give to one person or thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of an attachment; ``name`` tells it apart within it."""

    name: str
    links: LinkSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """All that an attachment brings."""

    parts: tuple[Part, ...]
    nodes: int
    statements: int


def links_of_calls(calls: Iterable[Call], name: str) -> Brought:
    """The telephones and their calls. One call told twice to the second counts once.

    Raises ``InputError`` for more statements than a case may hold of one file.
    """
    source = f"attached {name}"
    told: dict[str, dict[tuple[str, str], _Day]] = defaultdict(dict)
    statements = 0
    phones: set[str] = set()
    for call in calls:
        pairs = told[call.day]
        pair = (call.caller, call.callee)
        if pair not in pairs:
            statements += 1
            _check_count(statements, name)
            pairs[pair] = _Day(line=call.line)
            phones.update(pair)
        pairs[pair].add(call)
    nodes = [Node(kind=NodeKind.PHONE, key=key, label=key.split(":", 2)[2], source=source) for key in sorted(phones)]
    parts = list(_node_parts(nodes))
    for day in sorted(told):
        edges = [
            Edge(
                kind=EdgeKind.CALLED,
                start=caller,
                end=callee,
                source=source,
                seen_from=day,
                seen_to=day,
                note=str(told[day][caller, callee].counted()),
            )
            for caller, callee in sorted(told[day])
        ]
        parts += _edge_parts(day, edges)
    return Brought(parts=tuple(parts), nodes=len(nodes), statements=statements)


@dataclass(slots=True)
class _Day:
    """The calls from one telephone to another on one day, as they are read."""

    line: int
    timed: set[tuple[int, int | None]] = field(default_factory=set)
    untimed: list[int | None] = field(default_factory=list)

    def add(self, call: Call) -> None:
        if call.second is None:
            self.untimed.append(call.seconds)
        else:
            self.timed.add((call.second, call.seconds))

    def counted(self) -> DayOfCalls:
        lengths = [seconds for _, seconds in self.timed] + self.untimed
        known = [seconds for seconds in lengths if seconds is not None]
        times = [second for second, _ in self.timed]
        return DayOfCalls(
            calls=len(lengths),
            seconds=sum(known) if known else None,
            first=_time(min(times)) if times else "",
            last=_time(max(times)) if times else "",
            line=self.line,
        )


def _time(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def links_of_holdings(holdings: Iterable[Holding], name: str, case_id: str) -> Brought:
    """The things, the people and organisations of the rows, and who owns, runs or uses what.

    A person with a readable document is one with whoever else holds it. Anybody else is a node of the row alone: two
    people of one name are never taken for one. Raises as ``links_of_calls``.
    """
    found = _Rows(name, case_id)
    for holding in holdings:
        found.add(holding)
        _check_count(found.statements, name)
    nodes = [found.nodes[key].node() for key in sorted(found.nodes)]
    parts = list(_node_parts(nodes))
    layers: dict[int, list[Edge]] = defaultdict(list)
    for at in sorted(found.edges):
        for layer, edge in enumerate(found.edges[at]):
            layers[layer].append(edge)
    for layer in sorted(layers):
        parts += _edge_parts(f"links-{layer + 1}", layers[layer])
    return Brought(parts=tuple(parts), nodes=len(nodes), statements=found.statements)


@dataclass(slots=True)
class _Named:
    """A node with all the names under which the rows have it."""

    first: Node
    names: dict[str, str] = field(default_factory=dict)

    def node(self) -> Node:
        names = list(self.names.values())
        more = " / …" if len(names) > MOST_NAMES else ""
        return replace(self.first, label=" / ".join(names[:MOST_NAMES]) + more)


@dataclass(slots=True)
class _Rows:
    """Gathers what the rows of one file state."""

    name: str
    case_id: str
    nodes: dict[str, _Named] = field(default_factory=dict)
    edges: dict[tuple[str, str, str], list[Edge]] = field(default_factory=dict)
    statements: int = 0

    def add(self, holding: Holding) -> None:
        source = f"attached {self.name}:{holding.line}"
        if holding.kind in (NodeKind.RENTAL_UNIT, NodeKind.ADDRESS) and holding.address is not None:
            thing = self._place(holding.address, source)
        else:
            key = holding.key or self._of_row(holding.kind, holding.line, "")
            thing = self._node(holding.kind, key, holding.label, source)
            self._belongings(thing, holding.phones, holding.address, source)
        for party in holding.parties:
            self._party(holding, thing, party, source)

    def _party(self, holding: Holding, thing: str, party: Party, source: str) -> None:
        own = self._somebody(party, holding.line, source)
        note = "" if party.role in ("owner", "subscriber") else party.role
        kind = EdgeKind.LINKED_TO if party.column == "officer" else EdgeKind.OWNS
        if holding.kind is NodeKind.PHONE:
            kind = EdgeKind.USES_PHONE
        self._edge(kind, own, thing, source, holding.first, holding.last, note)

    def _somebody(self, party: Party, line: int, source: str) -> str:
        if party.company:
            key = company_key(party.number, party.jurisdiction) or self._of_row(
                NodeKind.ORGANISATION, line, party.column
            )
            own = self._node(NodeKind.ORGANISATION, key, party.name or party.number, source)
        else:
            held = document_key(party.document) if party.document else ""
            key = contact_key(party.document) if party.document else ""
            number = party.document.number if party.document else ""
            own = self._node(
                NodeKind.CONTACT,
                key or self._of_row(NodeKind.CONTACT, line, party.column),
                party.name or number,
                source,
            )
            if held:
                self._node(NodeKind.DOCUMENT, held, number, source)
                self._edge(EdgeKind.HOLDS_DOCUMENT, own, held, source)
        self._belongings(own, party.phones, party.address, source)
        return own

    def _belongings(self, own: str, phones: tuple[str, ...], address: Address | None, source: str) -> None:
        for phone in phones:
            self._node(NodeKind.PHONE, phone, phone.split(":", 2)[2], source)
            self._edge(EdgeKind.USES_PHONE, own, phone, source)
        place = self._place(address, source) if address else ""
        if place:
            self._edge(EdgeKind.RESIDED_AT, own, place, source)

    def _place(self, address: Address, source: str) -> str:
        """The rental unit and its house, or the house alone; its key, or empty."""
        house, unit = address_key(address), unit_key(address)
        if house:
            self._node(NodeKind.ADDRESS, house, address.text, source)
        if not unit:
            return house
        label = address.text
        for part in (address.unit, address.unit_code):
            if part and part not in label:
                label = f"{label} {part}".strip()
        self._node(NodeKind.RENTAL_UNIT, unit, label, source)
        if house:
            self._edge(EdgeKind.UNIT_IN, unit, house, source)
        return unit

    def _of_row(self, kind: NodeKind, line: int, column: str) -> str:
        """The key of what nothing but its row tells apart."""
        return f"{kind.value.casefold()}:{NORMALISER}:row:{self.case_id}:{self.name}:{line}:{column}"

    def _node(self, kind: NodeKind, key: str, label: str, source: str) -> str:
        known = self.nodes.get(key)
        if known is None:
            known = self.nodes[key] = _Named(Node(kind=kind, key=key, label=label, source=source))
        known.names.setdefault(" ".join(label.casefold().split()), label)
        return key

    def _edge(
        self, kind: EdgeKind, start: str, end: str, source: str, first: str = "", last: str = "", note: str = ""
    ) -> None:
        edge = Edge(kind=kind, start=start, end=end, source=source, seen_from=first, seen_to=last, note=note)
        stated = self.edges.setdefault((kind, start, end), [])
        if not any((other.seen_from, other.seen_to, other.note) == (first, last, note) for other in stated):
            stated.append(edge)
            self.statements += 1


def _check_count(statements: int, name: str) -> None:
    if statements > MOST_ATTACHED_STATEMENTS:
        raise InputError(
            f"more than {MOST_ATTACHED_STATEMENTS:,} links",
            where=name,
            expected="a file of fewer, for instance of fewer months or numbers",
        )


def _node_parts(nodes: Iterable[Node]) -> Iterator[Part]:
    rows = iter(nodes)
    number = 0
    while some := tuple(islice(rows, PART_SIZE)):
        number += 1
        yield Part(name=f"nodes-{number}", links=LinkSet(nodes=some, edges=()))


def _edge_parts(name: str, edges: list[Edge]) -> Iterator[Part]:
    """Parts of edges by kind, start and end; the first bears the plain name."""
    for number, begin in enumerate(range(0, len(edges), PART_SIZE), 1):
        some = tuple(edges[begin : begin + PART_SIZE])
        yield Part(name=name if number == 1 else f"{name}-{number}", links=LinkSet(nodes=(), edges=some))
