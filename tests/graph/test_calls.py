"""Calls in both stores: who called whom how often, counted again here by hand."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import replace

import pytest

from netpursuit.links.analyses import ANALYSES
from netpursuit.links.attached import links_of_calls
from netpursuit.links.keys import phone_key
from netpursuit.links.views import Bounds, Findings, View
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records.attachments import Call
from netpursuit.records.graph import Contribution, Edge, EdgeKind, Node, NodeKind
from tests.graph.seeded import links

pytestmark = pytest.mark.xdist_group("neo4j")  # one worker, one server

PHONES = [phone_key(f"+861380013{number:04}") for number in range(12)]
HOSTILE = "'}) DETACH DELETE n //"


def made(seed: int, count: int = 200) -> list[Call]:
    dice = random.Random(seed)
    return [
        Call(
            caller=dice.choice(PHONES[:6]),
            callee=dice.choice(PHONES),
            day=f"2026-{dice.randrange(1, 4):02}-{dice.randrange(1, 29, 5):02}",
            second=number * 7,  # no two alike
            seconds=dice.randrange(600),
            line=number,
        )
        for number in range(count)
    ]


def bring(store: GraphStore, calls: list[Call], name: str = "calls") -> None:
    store.put(
        Contribution(owner=f"part:{name}:{part.name}", links=part.links) for part in links_of_calls(calls, name).parts
    )


def user(store: GraphStore, key: str, *phones: str) -> None:
    person = Node(kind=NodeKind.CONTACT, key=key, label=HOSTILE, source="attached x:2")
    used = [Edge(kind=EdgeKind.USES_PHONE, start=key, end=phone, source="attached x:2") for phone in phones]
    store.put([Contribution(owner=f"user:{key}", links=links([person], used))])


def ask(store: GraphStore, *keys: str, since: str = "", until: str = "", limit: int = 200) -> Findings:
    return ANALYSES["calls"].ask(View(store, Bounds(since=since, until=until, limit=limit)), keys)


def number_of(key: str) -> str:
    return key.split(":", 2)[2]


def test_who_called_whom_is_counted_in_both_directions(store: GraphStore) -> None:
    calls = made(1)
    bring(store, calls)
    asked = PHONES[:2]
    since, until = "2026-01-10", "2026-03-05"
    answer = ask(store, *asked, since=since, until=until)
    right: dict[tuple[str, str], list[Call]] = defaultdict(list)
    for call in calls:
        if since <= call.day <= until and {call.caller, call.callee} & set(asked):
            right[number_of(call.caller), number_of(call.callee)].append(call)
    told = {(row["caller"], row["callee"]): row for row in answer.rows}
    assert told.keys() == right.keys()
    assert len(right) > 10
    for pair, found in right.items():
        row = told[pair]
        assert row["calls"] == len(found)
        assert row["seconds"] == sum(call.seconds or 0 for call in found)
        assert row["days"] == len({call.day for call in found})
        assert str(row["from"])[:10] == min(call.day for call in found)
        assert str(row["to"])[:10] == max(call.day for call in found)
        assert row["source"] == "attached calls"
    counts = [int(row["calls"]) for row in answer.rows]
    assert counts == sorted(counts, reverse=True)
    assert {(edge.start, edge.end) for edge in answer.edges} == {
        (call.caller, call.callee) for found in right.values() for call in found
    }


def test_numbers_that_two_people_have_in_common_are_told(embedded: GraphStore) -> None:
    bring(
        embedded,
        [
            replace(made(1)[0], caller=caller, callee=callee, line=line)
            for line, (caller, callee) in enumerate(
                [(PHONES[0], PHONES[9]), (PHONES[1], PHONES[9]), (PHONES[1], PHONES[8]), (PHONES[2], PHONES[8])], 2
            )
        ],
    )
    user(embedded, "contact:jo", PHONES[0])
    user(embedded, "contact:al", PHONES[1], PHONES[2])  # both telephones are Al's: 8 is nobody else's
    answer = ask(embedded, "contact:jo", "contact:al")
    joins = {(row["caller"], row["callee"]): row["joins"] for row in answer.rows}
    assert joins == {
        (number_of(PHONES[0]), number_of(PHONES[9])): 2,
        (number_of(PHONES[1]), number_of(PHONES[9])): 2,
        (number_of(PHONES[1]), number_of(PHONES[8])): 1,
        (number_of(PHONES[2]), number_of(PHONES[8])): 1,
    }
    assert sum(edge.kind is EdgeKind.USES_PHONE for edge in answer.edges) == 3
    assert {node.label for node in answer.nodes if node.kind is NodeKind.CONTACT} == {HOSTILE}


def test_a_cut_of_calls_is_said_and_the_most_frequent_stay(embedded: GraphStore) -> None:
    bring(embedded, made(2))
    whole, cut = ask(embedded, *PHONES[:3]), ask(embedded, *PHONES[:3], limit=4)
    assert cut.rows == whole.rows[:4]
    assert (cut.truncated, whole.truncated) == (True, False)
    assert sum(edge.kind is EdgeKind.CALLED for edge in cut.edges) == 4


def test_both_stores_tell_the_same_of_calls(embedded: GraphStore, neo4j: GraphStore) -> None:
    found = []
    for one in (embedded, neo4j):
        bring(one, made(3))
        bring(one, made(4, 100), "other")
        user(one, "contact:jo", *PHONES[:2])
        found.append([ask(one, "contact:jo"), ask(one, PHONES[3], since="2026-02-01"), ask(one, "contact:none")])
        found[-1].append(ask(one, "contact:jo", PHONES[3], limit=4))
        one.put([Contribution(owner="part:calls:2026-01-06", links=None)])
        found[-1].append(ask(one, "contact:jo", until="2026-01-31"))
    assert found[0] == found[1]
    assert found[0][0].rows
    assert not found[0][2].rows


def test_a_path_that_many_days_state_is_not_better_stated_than_one_of_two_sources(embedded: GraphStore) -> None:
    one, other, two_sources, many_days = PHONES[:4]
    bring(
        embedded,
        [
            Call(caller=one, callee=many_days, day=f"2026-03-{day:02}", second=1, seconds=1, line=day)
            for day in range(1, 20)
        ]
        + [
            Call(caller=many_days, callee=other, day=f"2026-03-{day:02}", second=1, seconds=1, line=day)
            for day in range(1, 20)
        ],
    )
    way = [
        Call(caller=a, callee=b, day="2026-03-01", second=1, seconds=1, line=2)
        for a, b in ((one, two_sources), (two_sources, other))
    ]
    bring(embedded, way, "first")
    bring(embedded, way, "second")
    rows = ANALYSES["paths"].ask(View(embedded, Bounds(hops=8)), [one, other]).rows
    assert number_of(two_sources) in str(rows[0]["path"])
    assert len(rows) == 2
