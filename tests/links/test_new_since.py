"""What is new around a node since a day: what nobody states before it, and nothing that merely has no date."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from netpursuit.links.newness import new_since
from netpursuit.links.views import Bounds, Findings, View
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records.graph import Contribution, Edge, EdgeKind, LinkSet, Node, NodeKind
from netpursuit.stores.graph_sqlite import SqliteGraph
from tests.graph.seeded import seeded

DAY = "2026-05-01"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GraphStore]:
    opened = SqliteGraph(tmp_path / "graph.sqlite")
    yield opened
    opened.close()


def lead(owner: str, since: str, *things: tuple[EdgeKind, NodeKind, str, str], fact: bool = True) -> Contribution:
    """A person who is first seen on a day (empty: no day), and what hangs on the person: kind, kind, key, day."""
    source = f"registration {owner}"
    person = Node(kind=NodeKind.SUBJECT, key=f"subject:{owner}", label=owner, source=source, fact=fact, seen_from=since)
    nodes = {person.key: person}
    edges = []
    for edge_kind, node_kind, key, day in things:
        start = "unit:1" if edge_kind is EdgeKind.UNIT_IN else person.key
        nodes[key] = Node(kind=node_kind, key=key, label=key, source=source, fact=fact)
        edges.append(Edge(kind=edge_kind, start=start, end=key, source=source, fact=fact, seen_from=day))
    return Contribution(
        owner=owner,
        links=LinkSet(
            nodes=tuple(nodes[key] for key in sorted(nodes)),
            edges=tuple(sorted(edges, key=lambda edge: (edge.kind, edge.start, edge.end))),
        ),
    )


def phone(key: str = "phone:1", day: str = "") -> tuple[EdgeKind, NodeKind, str, str]:
    return EdgeKind.USES_PHONE, NodeKind.PHONE, key, day


def stay(day: str) -> tuple[EdgeKind, NodeKind, str, str]:
    return EdgeKind.STAYED_AT, NodeKind.RENTAL_UNIT, "unit:1", day


HOUSE = (EdgeKind.UNIT_IN, NodeKind.ADDRESS, "address:1", "")


def new(store: GraphStore, *keys: str, **bounds: object) -> Findings:
    return new_since(View(store, Bounds(since=DAY, **{"hops": 1, **bounds})), keys)  # type: ignore[arg-type]


def told(found: Findings) -> list[tuple[object, object, object]]:
    return [(row["from"], row["kind"], row["label"]) for row in found.rows]


def test_the_second_guest_of_a_unit_is_new_and_the_first_is_not(store: GraphStore) -> None:
    store.put([lead("old", "2026-03-01", stay("2026-03-01")), lead("late", "2026-05-02", stay("2026-05-02"))])
    found = new(store, "unit:1")
    assert told(found) == [
        ("2026-05-02", "Subject", "late"),
        ("2026-05-02", "stayed-at", "late — unit:1"),
    ]
    assert [edge.start for edge in found.edges] == ["subject:late"]
    assert {row["source"] for row in found.rows} == {"registration late"}
    assert {node.key for node in found.nodes} == {"subject:late", "unit:1"}, "what was asked for stands there too"


def test_the_day_itself_is_new_and_the_day_before_is_not(store: GraphStore) -> None:
    store.put([lead("a", DAY, stay(DAY)), lead("b", "2026-04-30", stay("2026-04-30"))])
    assert [label for _, _, label in told(new(store, "unit:1"))] == ["a", "a — unit:1"]


def test_what_a_new_person_brings_without_a_date_is_new_with_the_person(store: GraphStore) -> None:
    store.put([lead("late", "2026-05-02", phone())])
    assert told(new(store, "subject:late")) == [
        ("2026-05-02", "Phone", "phone:1"),
        ("2026-05-02", "Subject", "late"),
        ("2026-05-02", "uses-phone", "late — phone:1"),
    ]


def test_a_telephone_that_somebody_used_before_is_not_new_but_its_link_is(store: GraphStore) -> None:
    store.put([lead("old", "2020-01-01", phone()), lead("late", "2026-05-02", phone())])
    assert told(new(store, "subject:late")) == [
        ("2026-05-02", "Subject", "late"),
        ("2026-05-02", "uses-phone", "late — phone:1"),
    ]


def test_an_old_stay_that_has_ended_still_says_that_the_unit_is_old(store: GraphStore) -> None:
    ended = lead("old", "2020-01-01", stay("2020-01-01"))
    assert ended.links is not None
    edges = tuple(
        Edge(kind=edge.kind, start=edge.start, end=edge.end, source="x", seen_from="2020-01-01", seen_to="2020-02-01")
        for edge in ended.links.edges
    )
    past = Contribution(owner="old", links=LinkSet(nodes=ended.links.nodes, edges=edges))
    store.put([past, lead("late", "2026-05-02", stay("2026-05-02"))])
    assert "RentalUnit" not in {kind for _, kind, _ in told(new(store, "subject:late"))}


def test_a_new_unit_makes_its_house_new_unless_somebody_lived_there_before(store: GraphStore) -> None:
    store.put([lead("late", "2026-05-02", stay("2026-05-02"), HOUSE)])
    kinds = {kind for _, kind, _ in told(new(store, "subject:late", hops=2))}
    assert {"RentalUnit", "Address", "unit-in"} <= kinds
    before = (EdgeKind.RESIDED_AT, NodeKind.ADDRESS, "address:1", "2019-01-01")
    store.put([lead("old", "2019-01-01", before)])
    kinds = {kind for _, kind, _ in told(new(store, "subject:late", hops=2))}
    assert "Address" not in kinds
    assert "RentalUnit" in kinds


def test_what_has_no_date_at_all_is_never_called_new(store: GraphStore) -> None:
    store.put([lead("undated", "", phone())])
    assert new(store, "subject:undated").rows == ()
    store.put([lead("late", "2026-05-02", phone())])
    kinds = {kind for _, kind, _ in told(new(store, "phone:1"))}
    assert kinds == {"Subject", "uses-phone"}, "the telephone may be as old as the use without a date"


def test_a_statement_without_a_date_may_be_older_than_one_with(store: GraphStore) -> None:
    first = lead("one", "", phone(day="2026-05-02"))
    also = Contribution(owner="list", links=lead("one", "", phone()).links)
    store.put([first])
    assert ("2026-05-02", "uses-phone", "one — phone:1") in told(new(store, "subject:one"))
    store.put([also])
    assert new(store, "subject:one").rows == ()


def test_open_leads_stay_outside_and_bear_no_witness(store: GraphStore) -> None:
    store.put([lead("old", "2020-01-01", phone(), fact=False), lead("late", "2026-05-02", phone())])
    assert "Phone" in {kind for _, kind, _ in told(new(store, "phone:1"))}
    seen = new(store, "phone:1", with_open_leads=True)
    assert "Phone" not in {kind for _, kind, _ in told(seen)}


def test_bounds_hold_and_say_so(store: GraphStore) -> None:
    store.put([lead(f"p{number}", f"2026-05-{number + 1:02}", stay(f"2026-05-{number + 1:02}")) for number in range(9)])
    assert new(store, "unit:1", until="2026-05-02").rows == new(store, "unit:1").rows[:5]
    few = new(store, "unit:1", limit=4)
    assert few.truncated
    assert len(few.rows) == 4
    assert {edge.start for edge in few.edges} <= {str(row["key"]) for row in few.rows}
    assert new(store, "unit:1", kinds=(EdgeKind.USES_PHONE,)).rows == (
        (
            {"from": "2026-05-01", "kind": "RentalUnit", "key": "unit:1", "label": "unit:1", "fact": True}
            | {"source": "; ".join(f"registration p{number}" for number in range(9))}
        ),
    )


def test_the_way_to_what_is_new_leads_over_what_is_old(store: GraphStore) -> None:
    store.put([lead("old", "2020-01-01", phone(), stay("2020-01-01")), lead("late", "2026-05-02", phone())])
    assert new(store, "unit:1").rows == ()
    assert [label for _, _, label in told(new(store, "unit:1", hops=3))] == ["late", "late — phone:1"]


@pytest.mark.parametrize("with_open_leads", [True, False])
def test_nothing_new_is_stated_before_the_day_and_a_later_day_finds_no_more(
    store: GraphStore, with_open_leads: bool
) -> None:
    parts = seeded(11)
    store.put(parts)
    stated: dict[object, set[str]] = {}
    facts = {node.key for part in parts if part.links for node in part.links.nodes if node.fact}
    for part in parts:
        for edge in part.links.edges if part.links else ():
            edge_fact = any(
                other.fact
                for owner in parts
                for other in (owner.links.edges if owner.links else ())
                if (other.kind, other.start, other.end) == (edge.kind, edge.start, edge.end)
            )
            if with_open_leads or (edge_fact and {edge.start, edge.end} <= facts):
                for seen in ((edge.kind.value, edge.start, edge.end), edge.start, edge.end):
                    stated.setdefault(seen, set()).add(edge.seen_from)
    total = 0
    for key in sorted(facts):
        rows = []
        for day in ("2026-04-01", "2026-07-01"):
            bounds = Bounds(since=day, hops=2, limit=2_000, with_open_leads=with_open_leads)
            found = new_since(View(store, bounds), [key])
            called = [str(row["key"]) for row in found.rows if row["key"]]
            for seen in (*called, *((edge.kind.value, edge.start, edge.end) for edge in found.edges)):
                assert min(stated[seen]) >= day, seen
            rows.append({(row["kind"], row["label"]) for row in found.rows})
            total += len(found.rows)
        assert rows[1] <= rows[0]
    assert total > 50
