"""A person who matches several entries of one accepted group is one lead, whatever becomes of it (A5, A7, A8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, person, row, wanted, warrant

from netpursuit.custody.grouping import accept_group, dissolve_group
from netpursuit.custody.groups import Proposing, propose_groups
from netpursuit.engines.local import LocalEngine
from netpursuit.enquiry.search import SearchRequest, search
from netpursuit.errors import RefusedError
from netpursuit.records import (
    Band,
    Entry,
    EntryKey,
    Lead,
    LeadState,
    Name,
    PartialDate,
    Person,
    Registration,
    RunCounts,
)
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead, list_leads, show_lead
from netpursuit.screening.opening import open_from_query
from netpursuit.screening.run import ScreenRequest, screen

FACTS = ("Ben Example", "1981-03-04", "N-81-000-123")
BEN = person(*FACTS)
HALF = wanted("1", *FACTS[:2])  # without the number: possible where the other is strong
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li Hua", reason="passport seen")
A, B, C = (EntryKey(list_id=list_id, entry_id="1") for list_id in ("a", "b", "c"))


@pytest.fixture
def listed(bench: Bench) -> Bench:
    bench.add("a", [wanted("1", *FACTS)])
    bench.add("b", [HALF])
    return bench


def night(bench: Bench, *rows: Registration) -> RunCounts:
    source = RowsSource(rows or [row("R1", BEN)])
    return screen(bench.desk, ScreenRequest(feed=FEED, source=source, engine=LocalEngine(), as_of=DAY)).manifest.counts


def grouped(bench: Bench, *keys: EntryKey) -> str:
    """Accept the pair of the entries, by a named user; answers the group's id."""
    propose_groups(bench.desk, Proposing(min_band=Band.POSSIBLE, as_of=DAY))
    pair = next(pair for pair in bench.truth.entry_pairs() if set(pair.members) == set(keys))
    done = accept_group(bench.desk, pair.pair_id, accepted_by="Li Hua", as_of=DAY)
    assert done.group is not None
    bench.now += timedelta(minutes=1)
    return done.group.group_id


def standing(bench: Bench) -> dict[tuple[str, str], tuple[LeadState, str]]:
    """State and flag of all leads, by registration and what the lead is on."""
    return {
        (lead.key.registration_id, f"{lead.key.entry.list_id or 'group'}"): (lead.state, lead.flag)
        for lead in bench.truth.leads()
    }


def only(bench: Bench, state: LeadState = LeadState.OPEN) -> Lead:
    (lead,) = [lead for lead in bench.truth.leads() if lead.state is state]
    return lead  # type: ignore[no-any-return]


def everything(bench: Bench) -> Any:
    return bench.truth.leads(), [bench.truth.lead_revisions(lead.lead_id) for lead in bench.truth.leads()]


def test_a_match_on_two_entries_of_a_group_is_one_lead_with_the_best_score_and_all_evidence(listed: Bench) -> None:
    group = grouped(listed, A, B)
    counts = night(listed)
    (lead,) = listed.truth.leads()
    assert lead.key.entry == EntryKey(list_id="", entry_id=group)
    assert [(match.key, match.band) for match in lead.matches] == [(A, Band.STRONG), (B, Band.POSSIBLE)]
    assert lead.match == lead.matches[0]
    assert (counts.leads_new, counts.strong, counts.possible) == (1, 1, 0)
    view = show_lead(listed.desk, lead.lead_id, as_of=DAY).view
    assert [(item.key, item.obstacle) for item in view.entries] == [(A, ""), (B, "")]


def test_an_entry_of_the_group_that_does_not_match_by_itself_is_shown_too(listed: Bench) -> None:
    listed.add("c", [wanted("1", "Ben Example", "1990-09-09", "N-81-000-123")])
    grouped(listed, A, C)
    night(listed, row("R1", person(*FACTS[:2])))
    lead = next(lead for lead in listed.truth.leads() if not lead.key.entry.list_id)
    assert [(match.key, match.band) for match in lead.matches] == [(A, Band.POSSIBLE), (C, Band.NONE)]


def test_the_same_night_twice_changes_nothing(listed: Bench) -> None:
    grouped(listed, A, B)
    night(listed)
    before = everything(listed)
    counts = night(listed)
    assert (counts.leads_unchanged, counts.leads_new, counts.leads_updated, counts.leads_withdrawn) == (1, 0, 0, 0)
    assert everything(listed) == before


def test_leads_on_single_entries_go_over_into_that_on_the_group(listed: Bench) -> None:
    night(listed)
    assert len(listed.truth.leads()) == 2
    grouped(listed, A, B)
    counts = night(listed)
    assert standing(listed) == {
        ("R1", "a"): (LeadState.WITHDRAWN, "grouped"),
        ("R1", "b"): (LeadState.WITHDRAWN, "grouped"),
        ("R1", "group"): (LeadState.OPEN, ""),
    }
    assert (counts.leads_new, counts.leads_withdrawn) == (1, 2)
    before = everything(listed)
    night(listed)
    assert everything(listed) == before


def test_also_where_the_registration_is_not_read_again(listed: Bench) -> None:
    night(listed)
    grouped(listed, A, B)
    night(listed, row("R2", person("Nobody Known", "1970-01-01")))
    assert standing(listed)["R1", "group"] == (LeadState.OPEN, "")
    assert [match.key for match in only(listed).matches] == [A, B]
    before = everything(listed)
    night(listed)
    assert [(lead.state, lead.revision) for lead in listed.truth.leads()] == [
        (lead.state, lead.revision) for lead in before[0]
    ]


def test_a_dissolved_group_gives_its_leads_back_to_the_entries(listed: Bench) -> None:
    night(listed)
    group = grouped(listed, A, B)
    night(listed)
    dissolve_group(listed.desk, group, as_of=DAY)
    night(listed, row("R2", person("Nobody Known", "1970-01-01")))
    assert standing(listed) == {
        ("R1", "a"): (LeadState.OPEN, "returned"),
        ("R1", "b"): (LeadState.OPEN, "returned"),
        ("R1", "group"): (LeadState.WITHDRAWN, "ungrouped"),
    }


def test_what_a_human_confirmed_is_neither_lost_nor_asked_a_second_time(listed: Bench) -> None:
    night(listed)
    strong = next(lead for lead in listed.truth.leads() if lead.match.key == A)
    confirm_lead(listed.desk, strong.lead_id, STATED, as_of=DAY)
    grouped(listed, A, B)
    night(listed)
    assert standing(listed) == {
        ("R1", "a"): (LeadState.CONFIRMED, "entry-joined"),
        ("R1", "b"): (LeadState.WITHDRAWN, "grouped"),
    }
    assert [match.key for match in only(listed, LeadState.CONFIRMED).matches] == [A, B]
    before = everything(listed)
    night(listed)
    assert everything(listed) == before


def test_clearing_the_lead_on_a_group_clears_each_of_its_entries_for_that_person(listed: Bench) -> None:
    group = grouped(listed, A, B)
    night(listed)
    clear_lead(listed.desk, only(listed).lead_id, reason="other-appearance", cleared_by="Li Hua")
    assert night(listed, row("R1", BEN), row("R2", BEN, line=3)).leads_cleared == 2
    assert [lead.state for lead in listed.truth.leads()] == [LeadState.CLEARED]
    dissolve_group(listed.desk, group, as_of=DAY)
    night(listed, row("R3", BEN))
    assert [lead.key.registration_id for lead in listed.truth.leads()] == ["R1"]


def test_a_clearance_of_one_entry_hides_no_other_entry_of_the_group(listed: Bench) -> None:
    night(listed)
    (first,) = [lead for lead in listed.truth.leads() if lead.match.key == A]
    clear_lead(listed.desk, first.lead_id, reason="other-appearance", cleared_by="Li Hua")
    grouped(listed, A, B)
    night(listed)
    assert standing(listed) == {
        ("R1", "a"): (LeadState.CLEARED, ""),
        ("R1", "b"): (LeadState.WITHDRAWN, "grouped"),
        ("R1", "group"): (LeadState.OPEN, "cleared-in-part"),
    }


@pytest.mark.parametrize("someone", [BEN, Person(names=BEN.names, birth_dates=(PartialDate(year=1981),))])
def test_who_was_cleared_of_all_entries_that_match_is_cleared_of_the_group(bench: Bench, someone: Person) -> None:
    for list_id in ("a", "b"):
        year = Person(names=BEN.names, birth_dates=(PartialDate(year=1981),), documents=BEN.documents)
        bench.add(list_id, [replace(HALF, person=replace(year, birth_dates=(*year.birth_dates, *BEN.birth_dates)))])
    night(bench, row("R1", someone))
    for lead in bench.truth.leads():
        clear_lead(bench.desk, lead.lead_id, reason="other-appearance", cleared_by="Li Hua")
    before = everything(bench)
    assert len(before[0]) == 2
    grouped(bench, A, B)
    bench.add("a", list(bench.truth.entries("a")))
    night(bench, row("R1", someone))
    night(bench, row("R1", someone))
    assert everything(bench) == before


def test_clearing_a_lead_on_one_entry_clears_no_lead_that_shows_others_too(bench: Bench) -> None:
    bench.add("a", [wanted("1", *FACTS)])
    night(bench)
    single = only(bench)
    confirm_lead(bench.desk, single.lead_id, STATED, as_of=DAY)
    bench.add("b", [HALF])
    grouped(bench, A, B)
    night(bench, row("R2", BEN))
    done = clear_lead(bench.desk, single.lead_id, reason="other-appearance", cleared_by="Li Hua")
    assert done.lead_ids == (single.lead_id,)
    assert standing(bench)["R2", "group"] == (LeadState.OPEN, "")


def test_a_run_that_was_interrupted_before_a_group_was_accepted_begins_anew(listed: Bench) -> None:
    def stop(progress: Any) -> None:
        raise InterruptedError

    source = RowsSource([row("R1", BEN), row("R2", person("Nobody Known", "1970-01-01"), line=3)])
    request = ScreenRequest(feed=FEED, source=source, engine=LocalEngine(), as_of=DAY, chunk_rows=1)
    with pytest.raises(InterruptedError):
        screen(listed.desk, request, stop)
    assert set(standing(listed)) == {("R1", "a"), ("R1", "b")}
    grouped(listed, A, B)
    assert screen(listed.desk, request).resumed_rows == 0
    assert standing(listed)["R1", "group"] == (LeadState.OPEN, "")


def test_an_identifying_change_of_one_entry_opens_the_cleared_group_again_and_is_named(listed: Bench) -> None:
    grouped(listed, A, B)
    night(listed)
    clear_lead(listed.desk, only(listed).lead_id, reason="other-appearance", cleared_by="Li Hua")
    names = (Name(text="Ben Example"), Name(text="Benny"))
    listed.add("b", [replace(HALF, person=replace(HALF.person, names=names))])
    night(listed, row("R1", BEN), row("R2", BEN, line=3))
    assert standing(listed) == {
        ("R1", "group"): (LeadState.OPEN, "reopened:right.name"),
        ("R2", "group"): (LeadState.OPEN, "cleared-before:right.name"),
    }


def test_an_entry_that_joins_a_cleared_group_is_looked_at(listed: Bench) -> None:
    grouped(listed, A, B)
    night(listed)
    clear_lead(listed.desk, only(listed).lead_id, reason="other-appearance", cleared_by="Li Hua")
    listed.add("c", [wanted("1", *FACTS)])
    grouped(listed, A, C)
    night(listed)
    assert standing(listed) == {("R1", "group"): (LeadState.OPEN, "entry-joined")}
    assert {match.key for match in only(listed).matches} == {A, B, C}


def test_where_one_entry_is_withdrawn_the_lead_says_so_and_goes_on_with_the_others(listed: Bench) -> None:
    grouped(listed, A, B)
    night(listed)
    lead_id = only(listed).lead_id
    assert listed.add("a", [wanted("2", "Ana Other", "1970-01-01")]).leads_marked == 1
    assert only(listed).flag == "entry-left"
    view = show_lead(listed.desk, lead_id, as_of=DAY).view
    assert [(item.key, item.obstacle) for item in view.entries] == [(A, "withdrawn"), (B, "")]
    night(listed)
    lead = only(listed)
    assert (lead.lead_id, lead.key.entry.list_id) == (lead_id, ""), "one live entry keeps the key of the group"
    assert [match.key for match in lead.matches] == [B]
    view = show_lead(listed.desk, lead_id, as_of=DAY).view
    assert [(item.key, item.obstacle) for item in view.entries] == [(B, ""), (A, "withdrawn")]
    assert confirm_lead(listed.desk, lead_id, STATED, as_of=DAY).state is LeadState.CONFIRMED


def test_where_all_entries_are_withdrawn_the_lead_is_too(listed: Bench) -> None:
    grouped(listed, A, B)
    night(listed)
    for list_id in ("a", "b"):
        listed.add(list_id, [wanted("2", "Ana Other", "1970-01-01")])
    assert only(listed).flag == "entry-withdrawn"
    with pytest.raises(RefusedError, match="is withdrawn"):
        confirm_lead(listed.desk, only(listed).lead_id, STATED, as_of=DAY)
    night(listed, row("R2", person("Nobody Known", "1970-01-01")))
    assert standing(listed) == {("R1", "group"): (LeadState.WITHDRAWN, "entry-withdrawn")}


def test_an_expired_entry_of_a_group_matches_no_more_and_shows(bench: Bench) -> None:
    bench.add("a", [HALF])
    bench.add("b", [wanted("1", *FACTS, warrant=warrant(DAY))], own=True)
    grouped(bench, A, B)
    night(bench)
    assert only(bench).match.key == B
    late = DAY + timedelta(days=1)
    (view,) = list_leads(bench.desk, as_of=late).leads
    assert (view.lead.flag, view.obstacle) == ("entry-left", "")
    source = RowsSource([row("R1", BEN)])
    screen(bench.desk, ScreenRequest(feed=FEED, source=source, engine=LocalEngine(), as_of=late))
    assert [match.key for match in only(bench).matches] == [A]


def test_a_stale_list_confirms_nothing_unless_a_fresh_one_matches_as_well(listed: Bench) -> None:
    grouped(listed, A, B)
    night(listed)
    lead_id, late = only(listed).lead_id, DAY + timedelta(days=40)
    listed.now += timedelta(days=40)
    with pytest.raises(RefusedError, match="stale"):
        confirm_lead(listed.desk, lead_id, STATED, as_of=late)
    listed.add("b", [HALF], as_of=late, published_on=late)
    assert confirm_lead(listed.desk, lead_id, STATED, as_of=late).state is LeadState.CONFIRMED


def test_a_damaged_list_of_a_group_takes_nothing_away(listed: Bench) -> None:
    night(listed)
    grouped(listed, A, B)
    listed.truth._file.run("UPDATE entry_body SET body = '{}' WHERE body LIKE '%N-81-000-123%'")
    night(listed)
    assert standing(listed)["R1", "a"] == (LeadState.OPEN, ""), "its silence says nothing"
    listed.add("a", [wanted("1", *FACTS)])
    night(listed)
    assert standing(listed)["R1", "a"] == (LeadState.WITHDRAWN, "grouped")
    assert [match.key for match in only(listed).matches] == [A, B]


def test_a_lead_from_a_query_is_on_the_group(listed: Bench) -> None:
    group = grouped(listed, A, B)
    query = search(listed.desk, SearchRequest(person=BEN, as_of=DAY)).consultation_id
    opened = open_from_query(listed.desk, query, B, BEN, as_of=DAY)
    assert opened.lead is not None
    assert opened.lead.key.entry.entry_id == group
    assert [match.key for match in opened.lead.matches] == [A, B]


def test_one_lead_of_a_group_links_its_person_with_every_entry(listed: Bench) -> None:
    from netpursuit.graph import EdgeKind, entry_node_key, links_for

    grouped(listed, A, B)
    night(listed)
    lead = only(listed)
    entries: dict[EntryKey, Entry] = {key: listed.truth.entry(key) for key in (A, B)}
    edges = [edge for edge in links_for(lead, entries).edges if edge.kind is EdgeKind.SAME_AS]
    assert {edge.end for edge in edges} == {entry_node_key(A), entry_node_key(B)}
    assert not any(edge.fact for edge in edges)
    assert [row.payload for row in listed.truth.outbox() if row.owner == lead.lead_id] == [
        f'{{"lead":"{lead.lead_id}","entry":"1,1"}}'
    ]


def test_a_namesake_and_other_entries_are_untouched_by_a_group(listed: Bench) -> None:
    listed.add("c", [wanted("1", *FACTS)])
    grouped(listed, A, B)
    night(listed, row("R1", BEN, person("Ben Example", "1999-09-09", "N-99")))
    assert standing(listed) == {("R1", "group"): (LeadState.OPEN, ""), ("R1", "c"): (LeadState.OPEN, "")}
