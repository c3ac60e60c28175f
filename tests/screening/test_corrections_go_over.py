"""A correction goes over into the lead that takes another's place: entries grouped, a group dissolved, an id given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted

from netpursuit.custody.grouping import accept_group, dissolve_group
from netpursuit.custody.groups import Proposing, propose_groups
from netpursuit.engines.local import LocalEngine
from netpursuit.records import Band, Lead, LeadState, RunCounts
from netpursuit.review.handling import assign_lead
from netpursuit.review.replay import replay_lead
from netpursuit.screening.correction import correct_lead
from netpursuit.screening.run import ScreenRequest, screen

ANA = ("Ana Example", "1980-01-02", "N80000777")
WRONG = person(*ANA)
NUMBER = replace(person("", "", "N99000111"), names=())  # leaves a match by name and birth date
DATE = replace(person("", "1990-09-09"), names=())  # leaves none
ROW = row("R1", WRONG)


@pytest.fixture
def led(tmp_path: Path) -> Iterator[Bench]:
    """One person on two lists, and a lead on the first of them."""
    bench = open_bench(tmp_path)
    bench.add("a", [wanted("1", *ANA[:2])])
    night(bench, ROW)
    yield bench
    bench.workspace.close()


def night(bench: Bench, *rows: Any) -> RunCounts:
    bench.now += timedelta(minutes=1)
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY)
    return screen(bench.desk, request).manifest.counts


def correct(bench: Bench, stated: Any, order: str = "C-2026/3") -> Lead:
    bench.now += timedelta(minutes=1)
    lead = next(lead for lead in bench.truth.leads() if lead.state is LeadState.OPEN)
    return correct_lead(bench.desk, lead.lead_id, stated, order).lead


def group(bench: Bench) -> str:
    bench.add("b", [wanted("1", *ANA[:2])])
    propose_groups(bench.desk, Proposing(min_band=Band.POSSIBLE, as_of=DAY))
    (pair,) = bench.truth.entry_pairs()
    bench.now += timedelta(minutes=1)
    accept_group(bench.desk, pair.pair_id, accepted_by="Li Hua", as_of=DAY)
    return str(pair.pair_id)


def the_open(bench: Bench) -> Lead:
    (lead,) = [lead for lead in bench.truth.leads() if lead.state is LeadState.OPEN]
    return lead  # type: ignore[no-any-return]


def numbers(lead: Lead) -> list[str]:
    return [document.number for document in lead.person.documents]


@pytest.mark.parametrize("read_again", [True, False], ids=["read again", "not read"])
def test_the_lead_on_a_group_keeps_what_was_corrected_in_that_on_its_entry(led: Bench, read_again: bool) -> None:
    before = correct(led, NUMBER)
    assign_lead(led.desk, before.lead_id, "li")
    group(led)
    night(led, *([ROW] if read_again else [row("R2", person("Somebody Else", "1950-05-05"))]))
    lead = the_open(led)
    assert lead.lead_id != before.lead_id
    assert len(lead.matches) == 2
    assert numbers(lead) == ["N99000111"]
    assert lead.corrections == before.corrections
    assert lead.assigned is not None
    assert led.truth.lead(before.lead_id).flag == "grouped"
    counts = night(led, ROW)
    assert the_open(led) == lead, "the source says what it said"
    assert counts.leads_unchanged == 1
    again = correct(led, replace(person(""), names=(), phones=("13800138009",)), "C-2026/4")
    night(led, row("R1", replace(WRONG, emails=("ana@example.org",))))
    assert numbers(the_open(led)) == ["N99000111"]
    assert the_open(led).person.phones == again.person.phones
    night(led, row("R1", person(*ANA[:2], "N70000888")))
    assert numbers(the_open(led)) == ["N70000888"], "the source says something else of it: its word holds"
    replayed = replay_lead(led.desk, lead.lead_id, lambda versions, _: led.desk.matcher_for(versions), revision=1)
    assert (replayed.lacking, replayed.differences) == (None, ()), "the corrected revision is computed again"


def test_who_is_no_longer_reportable_when_corrected_is_no_lead_on_the_group_either(led: Bench) -> None:
    (lead,) = led.truth.leads()
    done = correct_lead(led.desk, lead.lead_id, DATE, "C-2026/3").lead
    assert done.state is LeadState.WITHDRAWN
    group(led)
    for _ in range(2):
        counts = night(led, ROW)
        assert [lead.lead_id for lead in led.truth.leads()] == [lead.lead_id]
        assert counts.leads_new == 0
    right = person("Ana Example", "1980-01-02", "N80000777", phones=("13800138009",))
    night(led, row("R1", right))
    assert [lead.lead_id for lead in led.truth.leads()] == [lead.lead_id], "of the date it says what it said"
    led.add("b", [wanted("1", "Ana Example", "1990-09-09")])
    night(led, ROW)
    assert [str(day) for day in the_open(led).person.birth_dates] == ["1990-09-09"], "whom the right date matches"


def test_a_correction_of_the_lead_on_a_group_goes_back_to_those_on_its_entries(led: Bench) -> None:
    pair = group(led)
    night(led, ROW)
    corrected = correct(led, NUMBER)
    assert len(corrected.matches) == 2
    led.now += timedelta(minutes=1)
    dissolve_group(led.desk, pair, dissolved_by="Li Hua", as_of=DAY)
    night(led, ROW)
    leads = [lead for lead in led.truth.leads() if lead.state is LeadState.OPEN]
    assert [numbers(lead) for lead in leads] == [["N99000111"]] * 2
    assert [lead.corrections for lead in leads] == [corrected.corrections] * 2
    assert led.truth.lead(corrected.lead_id).flag == "ungrouped"


def test_a_row_that_is_given_an_id_keeps_what_was_corrected_and_to_whom_it_was_assigned(led: Bench) -> None:
    plain = replace(ROW, registration_id="")
    led.add("a", [wanted("1", *ANA[:2])])
    night(led, plain)
    old = next(lead for lead in led.truth.leads() if lead.key.registration_id.startswith("N-"))
    led.now += timedelta(minutes=1)
    done = correct_lead(led.desk, old.lead_id, NUMBER, "C-2026/3").lead
    assign_lead(led.desk, old.lead_id, "li")
    night(led, replace(plain, registration_id="R7"))
    lead = next(lead for lead in led.truth.leads() if lead.key.registration_id == "R7")
    assert led.truth.lead(old.lead_id).flag == "rekeyed"
    assert (numbers(lead), lead.corrections) == (["N99000111"], done.corrections)
    assert lead.assigned is not None


def test_somebody_else_of_the_same_registration_is_not_corrected(led: Bench) -> None:
    correct(led, NUMBER)
    group(led)
    night(led, ROW, row("R2", WRONG))
    assert sorted(numbers(lead)[0] for lead in led.truth.leads() if lead.state is LeadState.OPEN) == [
        "N80000777",
        "N99000111",
    ]
