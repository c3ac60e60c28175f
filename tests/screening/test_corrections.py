"""A corrected lead is scored again by the same path and stays corrected while its source says what it said (A14)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted

from netpursuit.engines.local import LocalEngine
from netpursuit.errors import InputError
from netpursuit.records import Band, LeadState, RunCounts
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead
from netpursuit.screening.correction import Corrected, correct_lead
from netpursuit.screening.run import ScreenRequest, screen

WRONG = person("Ana Example", "1980-01-02", "N80000777")
RIGHT = person("", "1990-09-09")
RIGHT = replace(RIGHT, names=())
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li Hua", reason="seen")


@pytest.fixture
def led(tmp_path: Path) -> Iterator[Bench]:
    bench = open_bench(tmp_path)
    bench.add("pub", [wanted("A", "Ana Example", "1980-01-02")])
    night(bench, row("R1", WRONG))
    yield bench
    bench.workspace.close()


def night(bench: Bench, *rows: Any) -> RunCounts:
    bench.now += timedelta(minutes=1)
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY)
    return screen(bench.desk, request).manifest.counts


def correct(bench: Bench, stated: Any = RIGHT) -> Corrected:
    bench.now += timedelta(minutes=1)
    (lead,) = bench.truth.leads()
    return correct_lead(bench.desk, lead.lead_id, stated, "C-2026/3")


def test_what_is_no_longer_reportable_is_withdrawn_and_stays_so_while_the_source_is_wrong(led: Bench) -> None:
    done = correct(led)
    assert (done.before.state, done.before.match.band) == (LeadState.OPEN, Band.POSSIBLE)
    lead = done.lead
    assert (lead.state, lead.flag, lead.revision) == (LeadState.WITHDRAWN, "not-reported", 2)
    assert [str(day) for day in lead.person.birth_dates] == ["1990-09-09"]
    assert [name.text for name in lead.person.names] == ["Ana Example"], "what is not stated stays"
    (named,) = lead.corrections
    assert (named.order, named.fields, named.user) == ("C-2026/3", ("birth-date",), "officer")
    night(led, row("R1", WRONG))
    assert led.truth.leads() == (lead,), "the source says what it said: the correction holds"
    night(led, row("R1", replace(WRONG, phones=("13800138000",)), end_date=date(2026, 11, 22)))
    assert led.truth.leads() == (lead,), "of the corrected field it says what it said"
    night(led, row("R1", replace(WRONG, birth_dates=person("", "1980-02-01").birth_dates)))
    assert led.truth.leads() == (lead,), "another date, which does not match"
    led.add("pub", [wanted("A", "Ana Example", "1980-02-01")])
    night(led, row("R1", replace(WRONG, birth_dates=person("", "1980-02-01").birth_dates)))
    (after,) = led.truth.leads()
    assert (after.state, after.revision) == (LeadState.OPEN, 3), "the source says something else: its word holds"
    assert after.corrections == lead.corrections
    assert led.desk.gate.log.verify() == []


def test_a_lead_that_still_matches_is_a_new_revision_with_its_evidence(led: Bench) -> None:
    done = correct(led, replace(person(""), names=(), phones=("13800138009",)))
    assert (done.lead.state, done.lead.revision) == (LeadState.OPEN, 2)
    assert done.lead.match == done.before.match
    counts = night(led, row("R1", WRONG))
    (lead,) = led.truth.leads()
    assert lead == done.lead
    assert counts.leads_unchanged == 1
    assert led.desk.matcher_for(led.truth.list_versions()).explain(lead.person, lead.match.key) == lead.match


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_correction_outlives_changes_of_other_fields(led: Bench, confirmed: bool) -> None:
    """The end date that is filled in at departure, a phone number, another name: the corrected number stays."""
    if confirmed:
        (lead,) = led.truth.leads()
        confirm_lead(led.desk, lead.lead_id, STATED, as_of=DAY)
    correct(led, replace(person("", "", "N99000111"), names=()))
    correct(led, replace(person(""), names=(), phones=("13800138009",)))
    left = date(2026, 11, 22)
    night(led, row("R1", WRONG, end_date=left))
    (lead,) = led.truth.leads()
    assert [item.number for item in lead.person.documents] == ["N99000111"]
    assert lead.person.phones == ("13800138009",)
    assert lead.registration.end_date == left, "what the source says of other fields is its word"
    night(led, row("R1", replace(WRONG, emails=("ana@example.org",)), end_date=left))
    (lead,) = led.truth.leads()
    assert [item.number for item in lead.person.documents] == ["N99000111"]
    assert lead.person.emails == ("ana@example.org",)
    assert lead.state is (LeadState.CONFIRMED if confirmed else LeadState.OPEN)
    assert len(lead.corrections) == 2
    again = night(led, row("R1", replace(WRONG, emails=("ana@example.org",)), end_date=left))
    assert again.leads_unchanged == 1
    assert led.truth.leads() == (lead,), "the same night twice changes nothing"
    night(led, row("R1", person("Ana Example", "1980-01-02", "N70000888"), end_date=left))
    (lead,) = led.truth.leads()
    assert [item.number for item in lead.person.documents] == ["N70000888"], "the source says something else of it"
    assert lead.person.phones == ("13800138009",), "and of this one what it said: nothing"


def test_a_correction_that_alone_makes_the_match_outlives_other_changes(led: Bench) -> None:
    correct(led)
    led.add("pub", [wanted("A", "Ana Example", "1990-09-09")])
    night(led, row("R1", WRONG, end_date=date(2026, 11, 22)))
    (lead,) = led.truth.leads()
    assert (lead.state, lead.flag) == (LeadState.OPEN, "returned")
    assert [str(day) for day in lead.person.birth_dates] == ["1990-09-09"]


def test_a_changed_entry_is_compared_with_the_corrected_person(led: Bench) -> None:
    correct(led)
    led.add("pub", [wanted("A", "Ana Example", "1990-09-09")])
    night(led, row("R1", WRONG))
    (lead,) = led.truth.leads()
    assert (lead.state, lead.flag) == (LeadState.OPEN, "returned")
    assert [str(day) for day in lead.person.birth_dates] == ["1990-09-09"]
    assert lead.match.band is Band.POSSIBLE
    led.add("pub", [wanted("A", "Ana Example", "1971-01-01")])
    night(led, row("R1", WRONG))
    (lead,) = led.truth.leads()
    assert lead.state is LeadState.WITHDRAWN


def test_a_confirmed_lead_is_flagged_and_a_cleared_one_looked_at_again(led: Bench) -> None:
    (lead,) = led.truth.leads()
    confirm_lead(led.desk, lead.lead_id, STATED, as_of=DAY)
    confirmed = correct(led).lead
    assert (confirmed.state, confirmed.flag) == (LeadState.CONFIRMED, "changed:left.birth-date")
    clear_lead(led.desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua")
    stays = correct(led, replace(person(""), names=(), phones=("13800138009",))).lead
    assert stays.state is LeadState.CLEARED
    again = correct(led, replace(person("", "1980-01-02"), names=())).lead
    assert (again.state, again.flag) == (LeadState.OPEN, "reopened:left.birth-date")
    assert len(again.corrections) == 3


def test_a_second_correction_still_holds_against_the_same_source(led: Bench) -> None:
    correct(led)
    second = correct(led, replace(person("", "1991-01-01"), names=())).lead
    night(led, row("R1", WRONG))
    assert led.truth.leads() == (second,)


def test_nothing_is_corrected_without_value_order_or_entry(led: Bench) -> None:
    (lead,) = led.truth.leads()
    empty = replace(person(""), names=())
    for stated, order in ((empty, "C-1"), (RIGHT, "not a number"), (replace(WRONG, documents=()), "C-1")):
        with pytest.raises(InputError):
            correct_lead(led.desk, lead.lead_id, stated, order)
    led.add("pub", [wanted("B", "Ben Example", "1971-01-01")], accept_withdrawals=True)
    with pytest.raises(InputError, match="in force no longer"):
        correct(led)
    assert led.truth.leads()[0].person == WRONG
