"""A house with its rental units by floor, and who of the graph stays in each: under a case only (A10)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from netpursuit.enquiry.graph import outcome_of, resolve
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.workbench import ListStanding, Workbench, list_standings
from netpursuit.ids.floors import unit_place
from netpursuit.links.keys import NORMALISER
from netpursuit.links.views import MOST_NODES, Bounds, Findings, View, sources
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records import Intent, Verb
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind

_STAYS = (EdgeKind.STAYED_AT, EdgeKind.LANDLORD_OF, EdgeKind.OWNS)
_CODE = f"unit:{NORMALISER}:code:"


@dataclass(frozen=True, slots=True)
class Occupant:
    """Somebody, or an organisation, at a unit or a house, and how."""

    node: GraphNode
    edge: GraphEdge

    @property
    def source(self) -> str:
        """Who says so."""
        return sources(self.edge)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit with its number in the house and who is tied to it, the earliest first."""

    node: GraphNode
    number: str
    people: tuple[Occupant, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """A floor (0: ground floor; None: unknown) with its units by number."""

    number: int | None
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """A house: its floors, the highest first and the unknown one last; ``elsewhere``: who is tied to the house alone.
    ``found``: all its nodes and links."""

    address: GraphNode
    floors: tuple[Floor, ...]
    elsewhere: tuple[Occupant, ...]
    found: Findings
    lists: tuple[ListStanding, ...]
    consultation_id: str


def show_building(desk: Workbench, store: GraphStore, text: str, bounds: Bounds) -> Building:
    """The house that a text names, or that its unit stands in; at most ``MOST_NODES`` units.

    Raises ``RefusedError`` without a case, ``InputError`` for what is neither house nor unit.
    """
    intent = Intent(
        verb=Verb.GRAPH,
        authority=desk.authority,
        fields=("node",),
        about={"analysis": "building", "open_leads": str(bounds.with_open_leads).lower()},
        sealed=json.dumps({"nodes": [text]}, ensure_ascii=False),
    )
    with desk.gate.consult(intent, texts=(text,)) as consultation:
        if not desk.authority.case_id:
            raise RefusedError("building-case", "everybody of a building is asked for under a case only")
        store = store.under(desk.authority.case_id)
        view = View(store, replace(bounds, limit=MOST_NODES))
        address = _house(view, resolve(desk, store, text, bounds.with_open_leads))
        inside = [edge for edge in view.edges([address.key], (EdgeKind.UNIT_IN,)) if edge.end == address.key]
        view.truncated |= len(inside) > MOST_NODES
        inside = inside[:MOST_NODES]
        units = view.nodes(edge.start for edge in inside)
        stays = view.at(units, _STAYS)
        housed = view.edges([address.key], (EdgeKind.RESIDED_AT, *_STAYS))
        found = view.findings((), [*inside, *housed, *(edge for at in stays.values() for edge in at)], [address.key])
        lists = list_standings(desk.truth, desk.today)
        consultation.conclude(outcome_of(found))
    nodes = {node.key: node for node in found.nodes}
    return Building(
        address=address,
        floors=_floors([_unit(unit, nodes, stays.get(unit.key, ())) for unit in units.values()]),
        elsewhere=_occupants(nodes, housed),
        found=found,
        lists=lists,
        consultation_id=consultation.consultation_id,
    )


def _house(view: View, node: GraphNode) -> GraphNode:
    if node.kind == NodeKind.ADDRESS:
        return node
    if node.kind != NodeKind.RENTAL_UNIT:
        raise InputError(f"a node of kind {node.kind}", where="node", expected="an address or a rental unit")
    houses = [edge.end for edge in view.edges([node.key], (EdgeKind.UNIT_IN,)) if edge.start == node.key]
    if not houses:
        raise InputError("no source says in which house this unit is", where="node", expected="an address")
    return view.nodes(houses)[houses[0]]


def _unit(unit: GraphNode, nodes: dict[str, GraphNode], stays: Iterable[GraphEdge]) -> tuple[int | None, Unit]:
    code = unit.key.removeprefix(_CODE) if unit.key.startswith(_CODE) else ""
    place = unit_place(unit.label, code)
    return place.floor, Unit(node=unit, number=place.number, people=_occupants(nodes, stays))


def _occupants(nodes: dict[str, GraphNode], edges: Iterable[GraphEdge]) -> tuple[Occupant, ...]:
    found = [Occupant(nodes[edge.start], edge) for edge in edges]
    return tuple(sorted(found, key=lambda item: (item.edge.seen_from, item.node.label, item.edge.at)))


def _floors(placed: Sequence[tuple[int | None, Unit]]) -> tuple[Floor, ...]:
    by_floor: defaultdict[int | None, list[Unit]] = defaultdict(list)
    for floor, unit in placed:
        by_floor[floor].append(unit)
    order = sorted(by_floor, key=lambda floor: (floor is None, -(floor or 0)))
    return tuple(
        Floor(
            number=floor, units=tuple(sorted(by_floor[floor], key=lambda unit: (_natural(unit.number), unit.node.key)))
        )
        for floor in order
    )


def _natural(number: str) -> tuple[tuple[int, str], ...]:
    """Numbers within a number by their value: 502 before 1001."""
    return tuple((int(part), "") if part.isdecimal() else (0, part) for part in number.replace("/", "-").split("-"))
