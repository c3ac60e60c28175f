"""What people do with a lead holds for a lead on a group of entries too."""

from __future__ import annotations

from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, person, row, wanted

from netpursuit.custody.grouping import accept_group
from netpursuit.custody.groups import Proposing, propose_groups
from netpursuit.engines.local import LocalEngine
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import EntryKey, LeadState
from netpursuit.review.check_sheet import check_sheet
from netpursuit.review.handling import assign_lead, reopen_lead
from netpursuit.review.leads import clear_lead
from netpursuit.review.replay import ReplayMode, replay_lead
from netpursuit.screening.run import ScreenRequest, screen

BEN = person("Ben Example", "1981-03-04", "N-81-000-123")
LISTS = ("pub", "un")


def night(bench: Bench, *rows: Any) -> None:
    screen(bench.desk, ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY))


def accept(bench: Bench) -> None:
    propose_groups(bench.desk, Proposing(as_of=DAY))
    accept_group(bench.desk, bench.truth.entry_pairs()[0].pair_id, accepted_by="Li", as_of=DAY)


@pytest.fixture
def twice(bench: Bench) -> Bench:
    """One person on two lists."""
    for list_id in LISTS:
        bench.add(list_id, [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    return bench


def test_a_clearance_of_a_group_ends_for_each_of_its_entries(twice: Bench) -> None:
    accept(twice)
    night(twice, row("R1", BEN), row("R2", BEN, line=3))
    first, second = (lead.lead_id for lead in twice.truth.leads())
    clear_lead(twice.desk, first, reason="elsewhere", cleared_by="Li Hua")
    assert twice.truth.lead(second).state is LeadState.CLEARED
    done = reopen_lead(twice.desk, first, name="Wang", note="wrong")
    assert (done.clearances, done.along) == (2, (second,))
    for list_id in LISTS:
        (kept,) = twice.truth.clearances_of_entry(EntryKey(list_id=list_id, entry_id="B"))
        assert kept.ended_at is not None
    night(twice, row("R1", BEN), row("R2", BEN, line=3))
    assert {lead.state for lead in twice.truth.leads()} == {LeadState.OPEN}


def test_a_name_cleared_before_its_entries_were_grouped_is_opened_with_that_clearance(twice: Bench) -> None:
    half = person("Ben Example", "", "N-81")  # no number and no date that a clearance could follow
    for list_id in LISTS:
        twice.add(list_id, [wanted("B", "Ben Example", "", "N-81")], accept_withdrawals=True)
    night(twice, row("R1", half))
    for lead in twice.truth.leads():
        clear_lead(twice.desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua")
    (cleared, other) = twice.truth.leads()
    assert reopen_lead(twice.desk, cleared.lead_id, name="Wang", note="wrong").clearances == 1
    assert twice.truth.lead(other.lead_id).state is LeadState.CLEARED


def test_an_assignment_goes_over_to_the_lead_that_takes_the_place(twice: Bench) -> None:
    night(twice, row("R1", BEN))
    for lead in twice.truth.leads():
        assign_lead(twice.desk, lead.lead_id, "Li Hua")
    accept(twice)
    night(twice, row("R1", BEN))
    (lead,) = twice.truth.leads(LeadQuery(states=(LeadState.OPEN,)))
    assert len(lead.entries) == 2
    assert lead.assigned is not None
    assert lead.assigned.name == "Li Hua"


def test_a_lead_on_a_group_is_printed_and_replayed_with_all_its_entries(twice: Bench) -> None:
    accept(twice)
    night(twice, row("R1", BEN))
    (lead,) = twice.truth.leads()
    assert len(check_sheet(twice.desk, lead.lead_id, as_of=DAY).view.entries) == 2
    replay = replay_lead(twice.desk, lead.lead_id, lambda versions, _: twice.desk.matcher_for(versions))
    assert (replay.agrees, replay.mode) == (True, ReplayMode.REPLAYED)
    twice.truth._file.run("UPDATE lead SET body = replace(body, '\"millibits\":20000', '\"millibits\":20001')")
    again = replay_lead(twice.desk, lead.lead_id, lambda versions, _: twice.desk.matcher_for(versions))
    assert {item.what for item in again.differences} == {"pub:B document", "un:B document"}
