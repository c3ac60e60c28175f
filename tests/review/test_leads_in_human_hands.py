"""Leads are shown, confirmed and cleared by named humans, on lists that are fresh (A1, A3, A5, A7, A16)."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from fake_workbench import DAY, FEED, WHO, Bench, RowsSource, person, row, wanted, warrant

from netpursuit.catalogue import Catalogue
from netpursuit.custody.policies import set_four_eyes
from netpursuit.engines.local import LocalEngine
from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.policy.clearing import CLEAR_REASONS
from netpursuit.policy.standing import ListStatus
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Authority, Band, Lead, LeadState, RunCounts, SpotResult, Verb
from netpursuit.review.handling import TAKEN_BACK, assign_lead, record_outcome, reopen_lead
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead, list_leads, show_lead
from netpursuit.review.replay import Lacking, ReplayMode
from netpursuit.screening.decide import GONE
from netpursuit.screening.run import ScreenRequest, screen

BEN = person("Ben Example", "1981-03-04", "N-81")
ANA = person("Ana Example", "1980-01-02")
STATED = Confirmation(
    same_person=True, entry_in_force=True, confirmed_by="Li Hua", reason="photograph, asked the court"
)


def night(bench: Bench, *rows: Any, as_of: Any = DAY) -> None:
    screen(bench.desk, ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=as_of))


@pytest.fixture
def led(bench: Bench) -> Bench:
    bench.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")])
    night(bench, row("R1", BEN), row("R2", BEN, line=3), row("R3", ANA, line=4))
    return bench


def lead_of(bench: Bench, registration_id: str) -> Lead:
    (lead,) = bench.truth.leads(LeadQuery(registration_id=registration_id))
    return lead


def test_leads_are_listed_best_first_beside_their_entries_in_one_consultation(led: Bench) -> None:
    page = list_leads(led.desk, limit=2)
    assert (page.total, len(page.leads)) == (3, 2)
    assert [view.lead.match.band.word for view in page.leads] == ["strong", "strong"]
    assert page.leads[0].entry is not None
    assert page.leads[0].entry.person.names[0].text == "Ben Example"
    assert page.leads[0].obstacle == ""
    record = list(led.desk.gate.log.read())[-1]
    assert record.intent.verb is Verb.LEADS_LIST
    assert record.outcome is not None
    assert record.outcome.lead_ids == tuple(view.lead.lead_id for view in page.leads)
    only = list_leads(led.desk, LeadQuery(entry_id="A"))
    assert [view.lead.key.registration_id for view in only.leads] == ["R3"]


def test_a_lead_is_shown_with_its_past_and_its_clearance(led: Bench) -> None:
    lead = lead_of(led, "R1")
    night(led, row("R1", replace(BEN, phones=("1",))))
    clear_lead(led.desk, lead.lead_id, reason="other-document", cleared_by="Li Hua")
    night(led, row("R1", replace(BEN, sex=None, nationalities=("FR",))))
    sheet = show_lead(led.desk, lead.lead_id, as_of=DAY)
    assert [past.revision for past in sheet.revisions] == [1, 2]
    assert sheet.clearance is not None
    assert sheet.clearance.cleared_by == "Li Hua"
    assert sheet.changed == ("left.nationality",)
    assert sheet.view.lead.flag == "reopened:left.nationality"
    with pytest.raises(InputError, match="no lead 'L-NONE'"):
        show_lead(led.desk, "L-NONE")


def test_a_named_human_confirms_with_both_facts(led: Bench) -> None:
    lead = confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    assert (lead.state, lead.decided_by, lead.decision) == (LeadState.CONFIRMED, "Li Hua", STATED.reason)
    assert led.truth.lead(lead.lead_id) == lead
    record = list(led.desk.gate.log.read())[-1]
    assert record.intent.verb is Verb.LEADS_CONFIRM
    assert record.outcome is not None
    assert record.outcome.lead_ids == (lead.lead_id,)
    assert led.truth.outbox()[-1].owner == lead.lead_id


@pytest.mark.parametrize(
    "lacking", [{"same_person": False}, {"entry_in_force": False}, {"confirmed_by": " "}, {"reason": ""}]
)
def test_a_fact_a_name_or_a_reason_short_confirms_nothing(led: Bench, lacking: dict[str, Any]) -> None:
    lead = lead_of(led, "R1")
    with pytest.raises(InputError):
        confirm_lead(led.desk, lead.lead_id, replace(STATED, **lacking), as_of=DAY)
    assert led.truth.lead(lead.lead_id) == lead


def test_nothing_on_a_stale_list_is_confirmed_before_a_refresh(led: Bench) -> None:
    lead = lead_of(led, "R1")
    late = DAY + timedelta(days=31)
    confirm_lead(led.desk, lead_of(led, "R2").lead_id, STATED, as_of=late - timedelta(days=1))
    with pytest.raises(RefusedError) as refusal:
        confirm_lead(led.desk, lead.lead_id, STATED, as_of=late)
    assert refusal.value.code == "list-stale"
    assert show_lead(led.desk, lead.lead_id, as_of=late).view.obstacle == "stale"
    assert list(led.desk.gate.log.read())[-2].outcome.refused == "list-stale"  # type: ignore[union-attr]
    led.add(
        "pub",
        [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")],
        published_on=late,
        as_of=late,
    )
    assert confirm_lead(led.desk, lead.lead_id, STATED, as_of=late).state is LeadState.CONFIRMED


def test_a_withdrawn_entry_is_not_confirmed_and_is_still_shown(led: Bench) -> None:
    led.add("pub", [wanted("A", "Ana Example", "1980-01-02")])
    lead = lead_of(led, "R1")
    with pytest.raises(RefusedError) as refusal:
        confirm_lead(led.desk, lead.lead_id, STATED, as_of=DAY)
    assert refusal.value.code == "entry-ended"
    view = show_lead(led.desk, lead.lead_id, as_of=DAY).view
    assert (view.obstacle, view.lead.flag) == ("withdrawn", "entry-withdrawn")
    assert view.entry is not None
    assert view.entry.entry_id == "B"


def test_an_entry_past_its_review_date_is_marked_and_not_confirmed(bench: Bench) -> None:
    review = DAY + timedelta(days=10)
    entry = wanted("B", "Ben Example", "1981-03-04", "N-81", warrant=warrant(review))
    bench.add("own", [entry], own=True, max_age_days=None)
    night(bench, row("R1", BEN))
    lead = lead_of(bench, "R1")
    assert list_leads(bench.desk, as_of=review).leads[0].obstacle == ""
    assert list_leads(bench.desk, as_of=review + timedelta(days=1)).leads[0].obstacle == "expired"
    with pytest.raises(RefusedError) as refusal:
        confirm_lead(bench.desk, lead.lead_id, STATED, as_of=review + timedelta(days=1))
    assert refusal.value.code == "entry-ended"
    assert confirm_lead(bench.desk, lead.lead_id, STATED, as_of=review).state is LeadState.CONFIRMED


def test_a_damaged_list_confirms_nothing(led: Bench) -> None:
    with led.truth.transaction() as unit:
        unit.mark_list(replace(led.truth.list_version("pub"), damaged=True))
    with pytest.raises(RefusedError) as refusal:
        confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    assert refusal.value.code == "list-held-out"


def test_clearing_stores_a_clearance_and_clears_the_same_person_everywhere(led: Bench) -> None:
    answer = clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="other-document", cleared_by="Li Hua")
    assert answer.lead_ids == (lead_of(led, "R1").lead_id, lead_of(led, "R2").lead_id)
    assert (lead_of(led, "R1").state, lead_of(led, "R1").flag) == (LeadState.CLEARED, "")
    assert (lead_of(led, "R2").state, lead_of(led, "R2").flag) == (LeadState.CLEARED, "inherited-clearance")
    assert lead_of(led, "R3").state is LeadState.OPEN, "another entry, another pair"
    assert led.truth.clearances(answer.clearance.person_digest) == (answer.clearance,)
    assert [item.kind for item in led.truth.outbox()[-2:]] == ["remove", "remove"]


def test_a_cleared_person_of_whom_only_a_name_is_known_clears_no_namesake(bench: Bench) -> None:
    bench.add("pub", [wanted("A", "Ana Example")])
    rows = [row("R1", person("Ana Example")), row("R2", person("Ana Example"), line=3)]
    feed = replace(FEED, min_band=Band.WEAK)
    source = RowsSource(rows)
    screen(bench.desk, ScreenRequest(feed=feed, source=source, engine=LocalEngine(), as_of=DAY))
    clear_lead(bench.desk, lead_of(bench, "R1").lead_id, reason="other-appearance", cleared_by="Li Hua")
    assert lead_of(bench, "R2").state is LeadState.OPEN
    screen(bench.desk, ScreenRequest(feed=feed, source=source, engine=LocalEngine(), as_of=DAY))
    assert lead_of(bench, "R1").state is LeadState.CLEARED, "with its own lead the clearance stays"
    assert lead_of(bench, "R2").state is LeadState.OPEN


@pytest.mark.parametrize(
    ("reason", "name", "expected"), [("no idea", "Li", "one of other-birth-date"), ("elsewhere", " ", "a name")]
)
def test_a_lead_is_cleared_for_a_known_reason_by_somebody(led: Bench, reason: str, name: str, expected: str) -> None:
    lead = lead_of(led, "R1")
    with pytest.raises(InputError, match=expected):
        clear_lead(led.desk, lead.lead_id, reason=reason, cleared_by=name)
    assert led.truth.lead(lead.lead_id) == lead


def test_what_is_decided_is_not_decided_over_again(led: Bench) -> None:
    lead = lead_of(led, "R3")
    clear_lead(led.desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua")
    with pytest.raises(InputError, match="is cleared"):
        confirm_lead(led.desk, lead.lead_id, STATED, as_of=DAY)
    with pytest.raises(InputError, match="is cleared"):
        clear_lead(led.desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua")
    confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    with pytest.raises(InputError, match="is confirmed"):
        confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    assert clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="wrong-data", cleared_by="Li Hua")


def test_a_flag_on_a_confirmed_lead_goes_when_a_human_confirms_again(led: Bench) -> None:
    confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    night(led, row("R1", replace(BEN, phones=("1",))))
    assert lead_of(led, "R1").flag == "changed:left.phone"
    again = replace(STATED, confirmed_by="Wang Fang")
    assert confirm_lead(led.desk, lead_of(led, "R1").lead_id, again, as_of=DAY).flag == ""
    assert lead_of(led, "R1").decided_by == "Wang Fang"


def test_without_a_reason_no_lead_is_listed_shown_or_decided(led: Bench) -> None:
    lead = lead_of(led, "R1")
    desk = led.as_user(Authority(who=WHO))
    acts = [
        lambda: list_leads(desk),
        lambda: show_lead(desk, lead.lead_id),
        lambda: confirm_lead(desk, lead.lead_id, STATED, as_of=DAY),
        lambda: clear_lead(desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua"),
        lambda: assign_lead(desk, lead.lead_id, "Li Hua"),
        lambda: record_outcome(desk, lead.lead_id, SpotResult.FOUND, name="Li Hua"),
        lambda: reopen_lead(desk, lead.lead_id, name="Li Hua", note="wrong"),
    ]
    for act in acts:
        with pytest.raises(RefusedError) as refusal:
            act()
        assert refusal.value.code == "no-reason"
        assert list(led.desk.gate.log.read())[-1].outcome.refused == "no-reason"  # type: ignore[union-attr]
    assert led.truth.lead(lead.lead_id) == lead


def test_where_the_log_cannot_be_written_nothing_is_decided(led: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = lead_of(led, "R1")

    def full(*_: object) -> None:
        raise StorageError("no space left")

    monkeypatch.setattr(led.desk.gate.log, "finish", full)
    for act in (
        lambda: confirm_lead(led.desk, lead.lead_id, STATED, as_of=DAY),
        lambda: clear_lead(led.desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua"),
        lambda: list_leads(led.desk),
    ):
        with pytest.raises(StorageError):
            act()
    assert led.truth.lead(lead.lead_id) == lead
    assert led.truth.clearances(lead.fingerprints["person"]) == ()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_everything_said_about_leads_lists_and_runs_has_its_words(lang: str) -> None:
    words = Catalogue(lang)
    flags = [*GONE, TAKEN_BACK, "changed", "rescored", "returned", "reopened", "cleared-before", "clearance-ended"]
    keys = [
        *(f"clear.reason.{code}" for code in CLEAR_REASONS),
        *(f"lead.state.{state.value}" for state in LeadState),
        *(f"lead.flag.{flag}" for flag in (*flags, "inherited-clearance")),
        *(f"spot.{result.value}" for result in SpotResult),
        *(f"leads.outcome.next.{result.value}" for result in SpotResult),
        *(f"replay.lacking.{lacking.value}" for lacking in Lacking),
        *(f"replay.{mode.value}" for mode in ReplayMode),
        *(f"verb.{verb.value}" for verb in Verb if verb.value.startswith(("leads-", "policy-four"))),
        *(f"lead.not-in-force.{word}" for word in ("stale", "withdrawn", "expired", "held-out")),
        *(f"list.status.{status.value}" for status in ListStatus),
        *(f"run.{item.name}" for item in fields(RunCounts)),
        *(f"refused.{code}" for code in ("list-stale", "list-held-out", "entry-ended", "watch-register", "four-eyes")),
        *(f"refused.{code}" for code in ("feed-incomplete", "feed-expired", "feed-landlords")),
    ]
    assert [key for key in keys if key not in words] == []


def test_looking_back_makes_no_stale_list_fresh_enough_to_confirm(led: Bench) -> None:
    led.now += timedelta(days=31)
    with pytest.raises(RefusedError) as refusal:
        confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    assert refusal.value.code == "list-stale"
    night(led, row("R1", replace(BEN, phones=("1",))), as_of=DAY)  # a run on old data that says so itself
    assert confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY).state is LeadState.CONFIRMED
    with pytest.raises(RefusedError):
        confirm_lead(led.desk, lead_of(led, "R2").lead_id, STATED, as_of=DAY)


def test_a_lead_on_an_expired_entry_is_marked_at_once_wherever_it_is_shown(bench: Bench) -> None:
    review = DAY + timedelta(days=10)
    entry = wanted("B", "Ben Example", "1981-03-04", "N-81", warrant=warrant(review))
    bench.add("own", [entry], own=True, max_age_days=None)
    night(bench, row("R1", BEN))
    late = review + timedelta(days=1)
    assert list_leads(bench.desk, as_of=review).leads[0].lead.flag == ""
    assert list_leads(bench.desk, as_of=late).leads[0].lead.flag == "entry-expired"
    assert show_lead(bench.desk, lead_of(bench, "R1").lead_id, as_of=late).view.lead.flag == "entry-expired"
    assert lead_of(bench, "R1").flag == "", "shown, and stored by the next run"


def test_a_list_that_got_lost_confirms_nothing_and_withdraws_nothing(led: Bench) -> None:
    led.add("other", [wanted("Z", "Zed Example")])
    with led.truth.transaction() as unit:
        unit.remove_list("pub")  # behind the back of whoever keeps the lists
    with pytest.raises(RefusedError) as refusal:
        confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    assert refusal.value.code == "list-held-out"
    assert show_lead(led.desk, lead_of(led, "R1").lead_id, as_of=DAY).view.obstacle == "held-out"
    night(led, row("R1", BEN))
    assert lead_of(led, "R1").state is LeadState.OPEN


def test_an_entry_that_was_changed_on_disk_is_not_confirmed(led: Bench) -> None:
    led.truth._file.run("UPDATE entry_body SET body = replace(body, 'Ben', 'Bob')")
    with pytest.raises(RefusedError) as refusal:
        confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    assert refusal.value.code == "list-held-out"


def test_a_clearance_taken_back_silences_nobody_any_longer(led: Bench) -> None:
    clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="other-document", cleared_by="Li Hua")
    done = reopen_lead(led.desk, lead_of(led, "R1").lead_id, name="Wang Fang", note="the document was forged")
    assert (done.clearances, done.along) == (1, (lead_of(led, "R2").lead_id,))
    assert led.truth.outbox()[-1].kind == "upsert", "it stands in the link graph again"
    night(led, row("R1", BEN), row("R2", BEN, line=3), row("R9", BEN, line=5))
    assert {name: lead_of(led, name).state for name in ("R1", "R2", "R9")} == dict.fromkeys(
        ("R1", "R2", "R9"), LeadState.OPEN
    )
    assert lead_of(led, "R1").revision == 2, "the night found what the human had opened, and left it alone"
    clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="elsewhere", cleared_by="Li Hua")
    assert lead_of(led, "R9").state is LeadState.CLEARED, "it can be cleared again"


def test_a_lead_cleared_with_an_earlier_decision_takes_that_clearance_back_too(led: Bench) -> None:
    clear_lead(led.desk, lead_of(led, "R1").lead_id, reason="other-document", cleared_by="Li Hua")
    done = reopen_lead(led.desk, lead_of(led, "R2").lead_id, name="Wang Fang", note="somebody else lives there")
    assert (done.clearances, done.along) == (1, (lead_of(led, "R1").lead_id,))
    assert lead_of(led, "R1").state is LeadState.CLEARED, "told, not opened by itself"


def test_who_is_known_by_a_name_alone_is_opened_again_too(bench: Bench) -> None:
    bench.add("pub", [wanted("A", "Ana Example")])
    source = RowsSource([row("R1", person("Ana Example"))])
    request = ScreenRequest(feed=replace(FEED, min_band=Band.WEAK), source=source, engine=LocalEngine(), as_of=DAY)
    screen(bench.desk, request)
    clear_lead(bench.desk, lead_of(bench, "R1").lead_id, reason="other-appearance", cleared_by="Li Hua")
    assert reopen_lead(bench.desk, lead_of(bench, "R1").lead_id, name="Li", note="wrong").clearances == 1
    screen(bench.desk, request)
    assert lead_of(bench, "R1").state is LeadState.OPEN


@pytest.mark.parametrize("state", ["open", "withdrawn"])
def test_only_a_decision_is_taken_back(led: Bench, state: str) -> None:
    if state == "withdrawn":
        night(led, row("R1", ANA))
    lead = lead_of(led, "R2") if state == "open" else led.truth.leads(LeadQuery(states=(LeadState.WITHDRAWN,)))[0]
    with pytest.raises(InputError, match=f"is {state}"):
        reopen_lead(led.desk, lead.lead_id, name="Li Hua", note="wrong")
    assert led.truth.lead(lead.lead_id) == lead


def test_a_proposal_on_a_confirmed_lead_that_was_flagged_waits_for_a_second_user(led: Bench) -> None:
    confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    led.now += timedelta(minutes=1)
    night(led, row("R1", replace(BEN, phones=("1",))))
    set_four_eyes(led.desk, on=True)
    proposed = confirm_lead(led.desk, lead_of(led, "R1").lead_id, STATED, as_of=DAY)
    assert (proposed.state, proposed.flag) == (LeadState.CONFIRMED, "changed:left.phone")
    assert proposed.proposed is not None
    with pytest.raises(RefusedError) as refusal:
        confirm_lead(led.desk, proposed.lead_id, STATED, as_of=DAY)
    assert refusal.value.code == "four-eyes"
    led.now += timedelta(minutes=1)
    led.add("pub", [wanted("A", "Ana Example", "1980-01-02")], accept_withdrawals=True)
    assert lead_of(led, "R1").proposed is None, "what the first user saw is no more"
