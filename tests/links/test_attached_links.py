"""What attached rows bring: calls by day, things with their owners, and two people of one name stay two."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.errors import InputError
from netpursuit.links import attached as attached_module
from netpursuit.links.attached import PART_SIZE, Brought, links_of_calls, links_of_holdings
from netpursuit.links.call_notes import DayOfCalls, condensed, count_calls, read_note
from netpursuit.links.keys import document_key, phone_key, vehicle_key
from netpursuit.records import Document, DocumentKind
from netpursuit.records.attachments import Call, Holding, Party
from netpursuit.records.graph import Edge, EdgeKind, GraphEdge, Node, NodeKind, Provenance

ONE, OTHER, THIRD = (phone_key(f"+861380013800{number}") for number in range(3))
often = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PASSPORT = Document(number="C01X00T47", kind=DocumentKind.PASSPORT, country="DE")


def call(caller: str, callee: str, day: str, second: int | None, seconds: int | None = 10, line: int = 2) -> Call:
    return Call(caller=caller, callee=callee, day=day, second=second, seconds=seconds, line=line)


def edges(brought: Brought) -> list[Edge]:
    return [edge for part in brought.parts for edge in part.links.edges]


def nodes(brought: Brought) -> dict[str, Node]:
    return {node.key: node for part in brought.parts for node in part.links.nodes}


def graph_edge(found: list[Edge]) -> GraphEdge:
    said = [
        Provenance(source=edge.source, seen_from=edge.seen_from, seen_to=edge.seen_to, note=edge.note) for edge in found
    ]
    first = found[0]
    return GraphEdge(kind=first.kind, start=first.start, end=first.end, provenance=tuple(sorted(set(said))))


def test_calls_are_counted_by_day_and_direction_with_their_line() -> None:
    brought = links_of_calls(
        [
            call(ONE, OTHER, "2026-03-01", 60, 5, line=7),
            call(ONE, OTHER, "2026-03-01", 30, 6, line=8),
            call(OTHER, ONE, "2026-03-01", 90, None, line=9),
            call(ONE, OTHER, "2026-03-02", None, 7, line=10),
        ],
        "calls",
    )
    told = {(edge.start, edge.seen_from): edge.note for edge in edges(brought)}
    assert told == {
        (ONE, "2026-03-01"): "2 calls, 11 s, 00:00:30 to 00:01:00, from line 7",
        (OTHER, "2026-03-01"): "1 call, 00:01:30, from line 9",
        (ONE, "2026-03-02"): "1 call, 7 s, from line 10",
    }
    assert {edge.source for edge in edges(brought)} == {"attached calls"}
    assert {node.label for node in nodes(brought).values()} == {"+8613800138000", "+8613800138001"}
    assert (brought.nodes, brought.statements) == (2, 3)


def test_a_call_told_twice_to_the_second_is_one_and_one_told_by_day_alone_is_not() -> None:
    twice = [call(ONE, OTHER, "2026-03-01", 60, line=2), call(ONE, OTHER, "2026-03-01", 60, line=3)]
    assert edges(links_of_calls(twice, "c"))[0].note == "1 call, 10 s, 00:01:00, from line 2"
    dated = [call(ONE, OTHER, "2026-03-01", None, line=2), call(ONE, OTHER, "2026-03-01", None, line=3)]
    assert edges(links_of_calls(dated, "c"))[0].note == "2 calls, 20 s, from line 2"


@often
@given(
    st.lists(
        st.tuples(
            st.sampled_from((ONE, OTHER, THIRD)),
            st.sampled_from((ONE, OTHER, THIRD)),
            st.integers(1, 5),
            st.sampled_from((None, 0, 7, 86_399)),
            st.sampled_from((None, 0, 1, 600)),
        ),
        max_size=20,
    ),
    st.integers(1, 5),
)
def test_what_is_counted_is_what_was_read(rows: list[tuple[str, str, int, int | None, int | None]], since: int) -> None:
    read = [call(a, b, f"2026-03-{day:02}", second, length) for a, b, day, second, length in rows]
    different = {(c.caller, c.callee, c.day, c.second, c.seconds) for c in read if c.second is not None}
    all_calls = [*different, *((c.caller, c.callee, c.day, None, c.seconds) for c in read if c.second is None)]
    brought = links_of_calls(read, "c")
    for part in brought.parts:  # a store holds one statement of a link for each owner
        assert max(Counter((e.kind, e.start, e.end) for e in part.links.edges).values(), default=1) == 1
        assert list(part.links.edges) == sorted(part.links.edges, key=lambda e: (e.kind, e.start, e.end))
    for pair in {(c.caller, c.callee) for c in read}:
        stated = graph_edge([edge for edge in edges(brought) if (edge.start, edge.end) == pair])
        right = [c for c in all_calls if c[:2] == pair and c[2] >= f"2026-03-{since:02}"]
        found = count_calls(stated.provenance, since=f"2026-03-{since:02}")
        assert (found.calls if found else 0) == len(right)
        lengths = [c[4] for c in right if c[4] is not None]
        assert (found.seconds if found else None) == (sum(lengths) if lengths else None)
        (whole,) = condensed(stated).provenance
        assert whole.note == str(count_calls(stated.provenance))


@often
@given(
    st.builds(
        DayOfCalls,
        calls=st.integers(1, 10**6),
        seconds=st.one_of(st.none(), st.integers(0, 10**9)),
        first=st.just("00:00:30"),
        last=st.sampled_from(("00:00:30", "23:59:59")),
        line=st.integers(0, 10**6),
    )
)
def test_a_note_is_read_as_it_was_written(day: DayOfCalls) -> None:
    assert read_note(str(day)) == day


@pytest.mark.parametrize("note", ["", "strong, 30 bits", "3 calls and more", "calls", "'}) DETACH DELETE n //"])
def test_other_notes_are_no_calls(note: str) -> None:
    assert read_note(note) is None


def test_a_call_in_the_records_of_both_operators_is_counted_once() -> None:
    said = [
        Provenance(source="attached a", seen_from="2026-03-01", seen_to="2026-03-01", note="3 calls, 30 s"),
        Provenance(source="attached b", seen_from="2026-03-01", seen_to="2026-03-01", note="2 calls, 20 s"),
        Provenance(source="attached b", seen_from="2026-03-02", seen_to="2026-03-02", note="1 call, 5 s"),
    ]
    counted = count_calls(said)
    assert counted is not None
    assert (counted.calls, counted.days, counted.seconds) == (4, 2, 35)


def vehicle(plate: str, line: int, *parties: Party, first: str = "", last: str = "") -> Holding:
    return Holding(
        kind=NodeKind.VEHICLE,
        key=vehicle_key(plate),
        label=plate,
        line=line,
        parties=parties,
        first=first,
        last=last,
    )


def owner(name: str, document: Document | None = None, **more: object) -> Party:
    return Party(column="owner", role="owner", name=name, document=document, **more)  # type: ignore[arg-type]


def test_two_people_of_one_name_stay_two_and_one_document_is_one_person() -> None:
    brought = links_of_holdings(
        [
            vehicle("A1", 2, owner("Jo Doe")),
            vehicle("A2", 3, owner("Jo Doe")),
            vehicle("A3", 4, owner("Jo Doe", PASSPORT)),
            vehicle("A4", 5, owner("J. Doe", PASSPORT)),
        ],
        "cars",
        "K-1",
    )
    people = [node for node in nodes(brought).values() if node.kind is NodeKind.CONTACT]
    assert sorted(node.label for node in people) == ["Jo Doe", "Jo Doe", "Jo Doe / J. Doe"]
    held = [edge for edge in edges(brought) if edge.kind is EdgeKind.HOLDS_DOCUMENT]
    assert [edge.end for edge in held] == [document_key(PASSPORT)]
    assert sum(edge.kind is EdgeKind.OWNS for edge in edges(brought)) == 4


def test_masked_numbers_join_nobody() -> None:
    masked = Document(number="C01X****7", kind=DocumentKind.PASSPORT)
    brought = links_of_holdings(
        [vehicle("A1", 2, owner("Jo", masked)), vehicle("A2", 3, owner("Jo", masked))], "cars", "K-1"
    )
    assert sum(node.kind is NodeKind.CONTACT for node in nodes(brought).values()) == 2
    assert not [node for node in nodes(brought).values() if node.kind is NodeKind.DOCUMENT]


def test_a_thing_that_changed_hands_and_came_back_keeps_every_period() -> None:
    jo = owner("Jo", PASSPORT)
    brought = links_of_holdings(
        [
            vehicle("A1", 2, jo, first="2025-01-01", last="2025-02-01"),
            vehicle("A1", 3, jo, first="2025-06-01"),
            vehicle("A1", 4, jo, first="2025-06-01"),
        ],
        "cars",
        "K-1",
    )
    owned = [edge for edge in edges(brought) if edge.kind is EdgeKind.OWNS]
    assert [(edge.seen_from, edge.seen_to, edge.source) for edge in owned] == [
        ("2025-01-01", "2025-02-01", "attached cars:2"),
        ("2025-06-01", "", "attached cars:3"),
    ]
    for part in brought.parts:
        assert max(Counter((e.kind, e.start, e.end) for e in part.links.edges).values(), default=1) == 1


def test_officers_are_linked_and_owners_own_and_subscribers_use() -> None:
    officer = Party(column="officer", role="director", name="Jo")
    parent = Party(column="owner", role="owner", name="Holding", company=True, number="9", jurisdiction="GB")
    company = Holding(
        kind=NodeKind.ORGANISATION, key="", label="Acme", line=2, parties=(officer, parent), phones=(ONE,)
    )
    line = Holding(
        kind=NodeKind.PHONE,
        key=OTHER,
        label="x",
        line=3,
        parties=(Party(column="subscriber", role="subscriber", name="Al"),),
    )
    found = {(edge.kind, edge.note) for edge in edges(links_of_holdings([company, line], "x", "K-1"))}
    assert found == {
        (EdgeKind.LINKED_TO, "director"),
        (EdgeKind.OWNS, ""),
        (EdgeKind.USES_PHONE, ""),
    }


def test_parts_are_small_and_the_same_rows_bring_the_same_parts() -> None:
    rows = [vehicle(f"A{number}", number, owner(f"P{number}")) for number in range(1, PART_SIZE + 100)]
    brought = links_of_holdings(rows, "cars", "K-1")
    assert brought == links_of_holdings(rows, "cars", "K-1")
    assert max(len(part.links.nodes) + len(part.links.edges) for part in brought.parts) <= PART_SIZE
    assert len({part.name for part in brought.parts}) == len(brought.parts) > 3


def test_more_links_than_a_case_may_hold_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attached_module, "MOST_ATTACHED_STATEMENTS", 2)
    with pytest.raises(InputError, match="more than 2 links"):
        links_of_calls([call(ONE, OTHER, f"2026-03-0{day}", 1) for day in (1, 2, 3)], "calls")
