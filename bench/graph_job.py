"""A seeded link graph that looks like the product's own: entries of lists, and leads with what registrations bring.

Three kinds of contributions, with the keys, kinds and sources of the program:

- an **entry** brings itself, its list, documents, telephones, addresses, and its relations to other entries and to
  organisations;
- a **lead** brings its person, the registration that names them, the rental unit and its house, telephones, e-mail,
  documents, and ``same-as`` edges to entries; a registration has one to four people (families, flat shares, landlords);
- a lead is open (an assessment) or, one in three, confirmed (a fact).

Stocks are shared by a power law: most telephones and documents have one holder, some telephones many (agents,
companies); a few addresses and organisations have hundreds of links, as formation agents do on published lists.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from netpursuit.links.keys import NORMALISER
from netpursuit.records.graph import Contribution, Edge, EdgeKind, LinkSet, Node, NodeKind

LISTS = ("ofac", "un", "eu", "uk", "own")
_FIRST_DAY = date(2024, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many entries and registrations there are. 1.0 gives some 630,000 nodes and 1.5 M edges."""

    share: float = 1.0

    @property
    def entries(self) -> int:
        return max(50, int(100_000 * self.share))

    @property
    def registrations(self) -> int:
        return max(50, int(62_500 * self.share))


def entry_key(number: int) -> str:
    return f"entry:{NORMALISER}:{LISTS[number % len(LISTS)]}:{number:06}"


def subject_key(registration: int, place: int) -> str:
    return f"subject:{NORMALISER}:bench:tenant:R{registration:06}#{place}"


def contributions(size: Size, seed: int) -> Iterator[Contribution]:
    """All of it, entries first; the same for the same seed."""
    dice = random.Random(seed)
    for number in range(size.entries):
        yield _entry(dice, size, number)
    for number in range(size.registrations):
        yield from _registration(dice, size, number)


class _Parts:
    """Nodes and edges of one contribution, once each."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str, str], Edge] = {}

    def node(self, kind: NodeKind, key: str, label: str, *, fact: bool = True, seen: str = "") -> str:
        self.nodes[key] = Node(kind=kind, key=key, label=label, source=self.source, fact=fact, seen_from=seen)
        return key

    def edge(
        self,
        kind: EdgeKind,
        start: str,
        end: str,
        *,
        fact: bool = True,
        source: str = "",
        seen: tuple[str, str] = ("", ""),
        note: str = "",
    ) -> None:
        self.edges[kind, start, end] = Edge(
            kind=kind,
            start=start,
            end=end,
            source=source or self.source,
            fact=fact,
            seen_from=seen[0],
            seen_to=seen[1],
            note=note,
        )

    def of(self, owner: str) -> Contribution:
        links = LinkSet(
            nodes=tuple(self.nodes[key] for key in sorted(self.nodes)),
            edges=tuple(self.edges[key] for key in sorted(self.edges)),
        )
        return Contribution(owner=owner, links=links)


def _rare(dice: random.Random, stock: int, power: float) -> int:
    """A number below ``stock``; the larger the power, the more often a low one."""
    return int(stock * dice.random() ** power)


def _some(dice: random.Random, mean: float) -> int:
    """How many: none, one, two ... geometrically."""
    count = 0
    while dice.random() < mean / (1 + mean) and count < 12:
        count += 1
    return count


def _phone(parts: _Parts, holder: str, number: int, *, fact: bool = True) -> None:
    text = f"+86138{number:08}"
    key = parts.node(NodeKind.PHONE, f"phone:{NORMALISER}:{text}", text, fact=fact)
    parts.edge(EdgeKind.USES_PHONE, holder, key, fact=fact)


def _document(parts: _Parts, holder: str, number: int, *, fact: bool = True) -> None:
    key = parts.node(NodeKind.DOCUMENT, f"document:{NORMALISER}:passport:CN:E{number:08}", f"E{number:08}", fact=fact)
    parts.edge(EdgeKind.HOLDS_DOCUMENT, holder, key, fact=fact)


def _house(parts: _Parts, number: int) -> str:
    street, house = divmod(number, 40)
    key = f"address:{NORMALISER}:cn|region {street % 31}|city {street % 340}||street {street}|{house}|"
    return parts.node(NodeKind.ADDRESS, key, f"{house} Street {street}, City {street % 340}")


def _entry(dice: random.Random, size: Size, number: int) -> Contribution:
    list_id = LISTS[number % len(LISTS)]
    parts = _Parts(f"list {list_id}")
    listed = (_FIRST_DAY - timedelta(days=dice.randrange(5_000))).isoformat()
    own = parts.node(NodeKind.ENTRY, entry_key(number), f"Entry {number}", seen=listed)
    home = parts.node(NodeKind.LIST, f"list:{NORMALISER}:{list_id}", list_id)
    parts.edge(EdgeKind.LISTED_ON, own, home, seen=(listed, ""))
    for _ in range(_some(dice, 0.9)):
        _document(parts, own, _rare(dice, int(1.2 * size.entries), 1.2))
    for _ in range(_some(dice, 0.5)):
        _phone(parts, own, _rare(dice, size.entries, 1.6))
    for _ in range(_some(dice, 1.1)):
        place = _house(parts, _rare(dice, int(1.2 * size.entries), 2.6))
        parts.edge(EdgeKind.RESIDED_AT, own, place)
    for _ in range(_some(dice, 4.2)):
        other = int(dice.gauss(number, 40)) if dice.random() < 0.9 else _rare(dice, size.entries, 4.0)
        if dice.random() < 0.75 and other != number and 0 <= other < size.entries:
            key = parts.node(NodeKind.ENTRY, entry_key(other), f"Entry {other}")
        else:
            name = f"organisation {_rare(dice, size.entries // 3, 3.0)}"
            key = parts.node(NodeKind.ORGANISATION, f"organisation:{NORMALISER}:{list_id}:{name}", name.title())
        parts.edge(EdgeKind.LINKED_TO, own, key, note="associate of")
    return parts.of(f"entry:{list_id}:{number:06}")


def _registration(dice: random.Random, size: Size, number: int) -> Iterator[Contribution]:
    """The leads of one registration: everybody in it who matched."""
    source = f"feed bench, registration R{number:06}"
    start = _FIRST_DAY + timedelta(days=dice.randrange(1_000))
    stay = (start.isoformat(), (start + timedelta(days=dice.randrange(30, 700))).isoformat())
    unit_number = _rare(dice, int(1.1 * size.registrations), 1.1)
    family_phone = _rare(dice, 2 * size.registrations, 1.6)
    for place in range(1 + min(3, _some(dice, 0.8))):
        parts = _Parts(source)
        lead_id, fact = f"L-{number:06}-{place}", dice.random() < 1 / 3
        own = parts.node(
            NodeKind.SUBJECT, subject_key(number, place), f"Person {number} {place}", fact=fact, seen=stay[0]
        )
        held = parts.node(
            NodeKind.REGISTRATION,
            f"registration:{NORMALISER}:bench:R{number:06}",
            f"R{number:06}",
            seen=stay[0],
        )
        parts.edge(EdgeKind.NAMED_IN, own, held, seen=stay)
        for _ in range(1 + (dice.random() < 0.25)):
            entry = entry_key(dice.randrange(size.entries))
            parts.edge(EdgeKind.SAME_AS, own, entry, fact=fact, source=f"lead {lead_id}", note="possible, 18.2 bits")
        house = _house(parts, unit_number // 3)
        unit = parts.node(
            NodeKind.RENTAL_UNIT,
            f"unit:{NORMALISER}:code:U{unit_number:07}",
            f"Unit {unit_number}, house {unit_number // 3}",
        )
        parts.edge(EdgeKind.UNIT_IN, unit, house)
        parts.edge(EdgeKind.LANDLORD_OF if place == 3 else EdgeKind.STAYED_AT, own, unit, seen=stay)
        _phone(parts, own, family_phone, fact=fact)
        for _ in range(_some(dice, 1.0)):
            _phone(parts, own, _rare(dice, 2 * size.registrations, 1.6), fact=fact)
        for _ in range(1 + (dice.random() < 0.2)):
            _document(parts, own, _rare(dice, int(1.7 * size.registrations), 1.1), fact=fact)
        if dice.random() < 0.3:
            mail = f"box{_rare(dice, size.registrations, 1.3)}@example.org"
            box = parts.node(NodeKind.EMAIL, f"email:{NORMALISER}:{mail}", mail, fact=fact)
            parts.edge(EdgeKind.USES_EMAIL, own, box, fact=fact)
        yield parts.of(f"lead:{lead_id}")
