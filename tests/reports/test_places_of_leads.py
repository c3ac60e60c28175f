"""Where the people of leads meet in the link graph: in a unit, in a house that is lived in, never in a hotel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from netpursuit.graph import EdgeKind, NodeKind, links_for
from netpursuit.records import Entry, Lead, StayKind


@pytest.mark.parametrize(
    ("stay", "role", "meets_in_house"),
    [
        (None, "tenant", True),
        (StayKind.RENTAL, "tenant", True),
        (StayKind.HOTEL, "tenant", False),
        (StayKind.LODGING, "tenant", False),
        (None, "guest", False),
    ],
)
@pytest.mark.parametrize("unit", ["201", ""])
def test_guests_of_a_hotel_meet_in_a_room_at_most(
    make_lead: Callable[..., Lead],
    make_entry: Callable[..., Entry],
    stay: StayKind | None,
    role: str,
    meets_in_house: bool,
    unit: str,
) -> None:
    lead = make_lead()
    registration = replace(lead.registration, stay_kind=stay, unit=unit)
    lead = replace(lead, key=replace(lead.key, role=role), registration=registration)
    links = links_for(lead, {lead.match.key: make_entry()})
    houses = {edge.end for edge in links.edges if edge.kind is EdgeKind.UNIT_IN}
    stays = [edge for edge in links.edges if edge.kind is EdgeKind.STAYED_AT]
    kinds = {node.key: node.kind for node in links.nodes}
    assert bool(houses) == (meets_in_house and bool(unit))
    place = NodeKind.RENTAL_UNIT if unit else NodeKind.ADDRESS
    assert [kinds[edge.end] for edge in stays] == ([place] if unit or meets_in_house else [])
