"""A change that states what its author saw is made only where nobody has done anything since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, person, row, wanted
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netpursuit.engines.local import LocalEngine
from netpursuit.errors import ChangedError
from netpursuit.records import Lead, SpotResult
from netpursuit.review.handling import assign_lead, may_reopen, note_lead, record_outcome, reopen_lead
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead, may_clear, may_confirm
from netpursuit.review.seen import Seen, last_act, seen_of
from netpursuit.screening.run import ScreenRequest, screen

BEN = person("Ben Example", "1981-03-04", "N-81")
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li", reason="seen")

Act = Callable[[Bench, str, Seen | None], Any]
ACTS: dict[str, tuple[Callable[[Lead], bool], Act]] = {
    "assigned": (lambda lead: True, lambda bench, lead, seen: assign_lead(bench.desk, lead, "Li", seen=seen)),
    "given-back": (
        lambda lead: lead.assigned is not None,
        lambda bench, lead, seen: assign_lead(bench.desk, lead, "", seen=seen),
    ),
    "noted": (
        lambda lead: True,
        lambda bench, lead, seen: note_lead(bench.desk, lead, name="Li", note="rang", seen=seen),
    ),
    "visited": (
        lambda lead: True,
        lambda bench, lead, seen: record_outcome(bench.desk, lead, SpotResult.FOUND, name="Li", seen=seen),
    ),
    "confirmed": (may_confirm, lambda bench, lead, seen: confirm_lead(bench.desk, lead, STATED, as_of=DAY, seen=seen)),
    "cleared": (
        may_clear,
        lambda bench, lead, seen: clear_lead(bench.desk, lead, reason="elsewhere", cleared_by="Li", seen=seen),
    ),
    "reopened": (
        may_reopen,
        lambda bench, lead, seen: reopen_lead(bench.desk, lead, name="Li", note="wrong", seen=seen),
    ),
}


@pytest.fixture
def led(bench: Bench) -> Bench:
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81")])
    source = RowsSource([row("R1", BEN)])
    screen(bench.desk, ScreenRequest(feed=FEED, source=source, engine=LocalEngine(), as_of=DAY))
    return bench


def lead_of(bench: Bench) -> Lead:
    (lead,) = bench.truth.leads()
    return lead


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(ACTS)), max_size=4), st.sampled_from(sorted(ACTS)))
def test_a_change_is_made_where_nothing_was_done_since_it_was_seen_and_nowhere_else(
    led: Bench, acts: list[str], late: str
) -> None:
    before = lead_of(led)
    seen, done = seen_of(before), []
    for act in acts:
        led.now += timedelta(seconds=1)
        if ACTS[act][0](lead_of(led)):
            ACTS[act][1](led, before.lead_id, seen_of(lead_of(led)))  # who looks again may go on
            done.append(act)
    now = lead_of(led)
    assert last_act(now).at == seen_of(now).updated_at
    led.now += timedelta(seconds=1)
    if now == before:
        if ACTS[late][0](now):
            ACTS[late][1](led, before.lead_id, seen)
            assert lead_of(led) != before
        return
    assert done
    with pytest.raises(ChangedError) as changed:
        ACTS[late][1](led, before.lead_id, seen)
    assert lead_of(led) == now, "nothing was done"
    assert changed.value.act in (done[-1], last_act(now).act)
    record = list(led.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert record.outcome.about == {"failed": "ChangedError"}
    assert led.desk.gate.log.verify() == []


def test_what_was_done_last_is_told_with_who_and_when(led: Bench) -> None:
    lead = lead_of(led).lead_id
    assert last_act(lead_of(led)).act == "screened"
    for act in ("assigned", "noted", "visited", "confirmed", "reopened", "cleared"):
        led.now += timedelta(seconds=1)
        ACTS[act][1](led, lead, None)
        last = last_act(lead_of(led))
        assert (last.act, last.at) == (act, led.now)
        assert last.by in ("Li", "officer")
