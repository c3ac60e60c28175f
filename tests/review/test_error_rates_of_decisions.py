"""Error rates by script (A15): decisions, each once, and none where they are so few that they would be somebody's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, person, row, wanted
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.engines.local import LocalEngine
from netpursuit.records import Lead, LeadState, Name, Verb
from netpursuit.review.leads import clear_lead
from netpursuit.review.rates import LEAST, OTHERS, count_decisions, error_rates, wilson
from netpursuit.screening.run import ScreenRequest, screen

NAMES = {"latin": "Ben Example", "han": "王小明", "cyrillic": "Иван Петров", "arabic": "محمد علي"}


@pytest.fixture
def lead(bench: Bench) -> Lead:
    bench.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")])
    rows = [row("R1", person("Ben Example", "1981-03-04", "N-81-000-123"))]
    screen(bench.desk, ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY))
    (found,) = bench.truth.leads()
    return found


def decided(lead: Lead, script: str, state: LeadState, count: int, reason: str = "elsewhere") -> list[Lead]:
    """Decided leads on so many people with a name in this script."""
    named = replace(lead.registered, person=replace(lead.person, names=(Name(text=NAMES[script]),)))
    return [
        replace(
            lead,
            lead_id=f"L-{script}-{state}-{reason}-{number}",
            registered=named,
            state=state,
            decided_by="Li",
            decided_at=datetime(2026, 4, 1, tzinfo=UTC),
            decision=reason if state is LeadState.CLEARED else "",
            fingerprints={"person": f"{script} {state} {reason} {number}"},
        )
        for number in range(count)
    ]


def test_decisions_are_counted_by_the_script_of_the_registered_name(lead: Lead) -> None:
    confirmed, cleared = LeadState.CONFIRMED, LeadState.CLEARED
    found = count_decisions(
        [
            *decided(lead, "han", confirmed, 5),
            *decided(lead, "han", cleared, 15),
            *decided(lead, "latin", cleared, 12, "other-birth-date"),
        ]
    )
    assert [(rate.script, rate.confirmed, rate.cleared) for rate in found.scripts] == [("han", 5, 15), ("latin", 0, 12)]
    assert found.reasons == {"elsewhere": 15, "other-birth-date": 12}
    assert found.scripts[0].low < 15 / 20 < found.scripts[0].high


def test_a_decision_that_reached_several_registrations_counts_once(lead: Lead) -> None:
    one = decided(lead, "latin", LeadState.CLEARED, 12)
    again = [replace(item, lead_id=f"{item.lead_id}-again") for item in one]
    assert count_decisions([*one, *again]) == count_decisions(one)


def test_few_decisions_are_told_together_or_not_at_all(lead: Lead) -> None:
    few = decided(lead, "han", LeadState.CLEARED, LEAST - 1)
    assert count_decisions(few).scripts == ()
    assert count_decisions(few).left_out == 1
    assert count_decisions(few).reasons == {}
    beside = count_decisions([*few, *decided(lead, "latin", LeadState.CLEARED, 30)])
    assert (beside.left_out, beside.reasons) == (1, {"elsewhere": 30}), "nor can they be told from the sums"
    pooled = count_decisions([*few, *decided(lead, "arabic", LeadState.CONFIRMED, 1)])
    assert [(rate.script, rate.decided) for rate in pooled.scripts] == [(OTHERS, LEAST)]
    assert pooled.left_out == 0


@given(st.dictionaries(st.sampled_from(sorted(NAMES)), st.tuples(st.integers(0, 25), st.integers(0, 25))))
def test_no_count_that_is_shown_stands_for_fewer_than_the_least(counts: dict[str, tuple[int, int]]) -> None:
    made = {script: sum(pair) for script, pair in counts.items()}
    shown, left_out = _shown(made)
    assert all(count >= LEAST for count in shown.values())
    hidden = sum(made.values()) - sum(shown.values())
    assert (hidden > 0) == (left_out > 0 and any(0 < count < LEAST for count in made.values()))


def _shown(made: dict[str, int]) -> tuple[dict[str, int], int]:
    from collections import Counter

    from netpursuit.review.rates import _pooled

    told, left_out = _pooled(Counter(made))
    return {name: sum(made[item] for item in items) for name, items in told.items()}, left_out


@given(st.integers(0, 500), st.integers(0, 500))
def test_an_interval_holds_its_share_and_stays_within_bounds(hits: int, misses: int) -> None:
    low, high = wilson(hits, hits + misses)
    assert 0 <= low <= high <= 1
    if hits + misses:
        assert low <= hits / (hits + misses) <= high


def test_what_was_decided_is_read_on_record_and_names_nobody(bench: Bench, lead: Lead) -> None:
    clear_lead(bench.desk, lead.lead_id, reason="elsewhere", cleared_by="Li")
    assert error_rates(bench.desk).left_out == 1
    record = list(bench.desk.gate.log.read())[-1]
    assert record.intent.verb is Verb.RATES_SHOW
    assert record.outcome is not None
    assert (record.outcome.lead_ids, record.outcome.counts) == ((), {"scripts": 0})
