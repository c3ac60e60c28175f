"""No use case touches a person before its intent is on record, and none answers before its outcome is (A1, A3)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, WHO, Bench, RowsSource, person, row, wanted

from netpursuit.audit.receipts import HeldReceipt
from netpursuit.custody.grouping import accept_group, dissolve_group, reject_group
from netpursuit.custody.groups import Proposing, list_groups, pair_id, propose_groups, show_group
from netpursuit.custody.list_reports import show_lists
from netpursuit.custody.lists import remove_list
from netpursuit.custody.log_views import LogFilter, show_log, unusual_use
from netpursuit.custody.openings import request_opening
from netpursuit.custody.policies import set_four_eyes
from netpursuit.custody.proving import ProofRequest, prove_row
from netpursuit.engines.local import LocalEngine
from netpursuit.enquiry.search import SearchRequest, search
from netpursuit.errors import RefusedError, StorageError
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.receipts import OpenReceipt
from netpursuit.records import Authority, EntryKey, PairState, SpotResult
from netpursuit.reports.receipt_file import read_receipt, receipt_at
from netpursuit.review.check_sheet import check_sheet
from netpursuit.review.handling import assign_lead, note_lead, record_outcome, reopen_lead
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead, list_leads, show_lead
from netpursuit.review.replay import replay_lead
from netpursuit.screening.opening import open_from_query
from netpursuit.screening.run import ScreenRequest, screen

BEN = person("Ben Example", "1981-03-04", "N-81-000-123")
LISTED = wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")
STATED = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li", reason="seen")
KEY = EntryKey(list_id="pub", entry_id="B")
PERSONAL = {
    *("lead", "leads", "lead_by_key", "lead_revisions", "count_leads", "entry", "entries"),
    *("clearances", "clearances_of_entry", "quarantine", "outbox"),
    *("entry_pair", "entry_pairs", "count_entry_pairs", "entry_groups"),
}


class WatchedTruth:
    """The truth, which fails the test where a person is read while no intent newer than ``before`` is on record."""

    def __init__(self, inner: Any, before: int) -> None:
        self._inner, self._before = inner, before

    def __getattr__(self, name: str) -> Any:
        if name in PERSONAL:
            head = self._inner.log_head()
            assert head is not None, f"{name} before any intent"
            assert head.size > self._before, f"{name} before the intent of this consultation"
        return getattr(self._inner, name)


RECEIPTS: dict[str, HeldReceipt] = {}  # workspace -> the receipt of its first run


def screened(desk: Workbench, receipt: OpenReceipt | None = None) -> Any:
    source = RowsSource([row("R1", BEN), row("R2", BEN, line=3)])
    return screen(desk, ScreenRequest(feed=FEED, source=source, engine=LocalEngine(), as_of=DAY, receipt=receipt))


def proved(desk: Workbench) -> Any:
    """The first row is proved by the receipt, neither of which is read before the intent."""
    before = desk.truth.log_head()

    def held() -> HeldReceipt:
        head = desk.truth.log_head()
        assert before is not None
        assert head is not None
        assert head.size > before.size, "the receipt was read before the intent"
        return replace(RECEIPTS[desk.truth.workspace_id])

    run_id = RECEIPTS[desk.truth.workspace_id].run_id
    return prove_row(desk, ProofRequest(run_id=run_id, receipt=held, record=lambda: {"id": "R1", "line": "2"}))


def first_lead(bench: Bench) -> str:
    return str(bench.truth.leads()[0].lead_id)


def ready(bench: Bench, act: Act) -> str:
    """The lead that an act is tried on, as the act needs it."""
    lead = first_lead(bench)
    if act is ACTS["leads reopen"]:
        confirm_lead(bench.desk, lead, STATED, as_of=DAY)
    return lead


def queried(bench: Bench) -> str:
    return search(bench.desk, SearchRequest(person=BEN, as_of=DAY)).consultation_id


def stored(bench: Bench) -> Any:
    truth = bench.truth
    return truth.leads(), truth.list_versions(), truth.clearances_of_entry(KEY), truth.entry_pairs()


def proposed(desk: Workbench) -> str:
    """A proposal that waits for a decision."""
    return pair_id(desk.keys, EntryKey(list_id="old", entry_id="P"), EntryKey(list_id="old", entry_id="Q"))


def grouped(desk: Workbench) -> str:
    """A group that somebody has accepted before."""
    return pair_id(desk.keys, EntryKey(list_id="old", entry_id="X"), EntryKey(list_id="old", entry_id="Y"))


Act = Callable[[Workbench, str, str], Any]
ACTS: dict[str, Act] = {
    "match": lambda desk, lead, query: search(desk, SearchRequest(person=BEN, as_of=DAY)),
    "match against": lambda desk, lead, query: search(desk, SearchRequest(person=BEN, against=KEY, as_of=DAY)),
    "screen": lambda desk, lead, query: screened(desk),
    "leads list": lambda desk, lead, query: list_leads(desk, as_of=DAY),
    "leads show": lambda desk, lead, query: show_lead(desk, lead, as_of=DAY),
    "leads open": lambda desk, lead, query: open_from_query(desk, query, KEY, BEN, as_of=DAY),
    "leads confirm": lambda desk, lead, query: confirm_lead(desk, lead, STATED, as_of=DAY),
    "leads clear": lambda desk, lead, query: clear_lead(desk, lead, reason="elsewhere", cleared_by="Li"),
    "leads assign": lambda desk, lead, query: assign_lead(desk, lead, "Li"),
    "leads note": lambda desk, lead, query: note_lead(desk, lead, name="Li", note="rang"),
    "leads outcome": lambda desk, lead, query: record_outcome(desk, lead, SpotResult.FOUND, name="Li"),
    "leads reopen": lambda desk, lead, query: reopen_lead(desk, lead, name="Li", note="wrong"),
    "leads sheet": lambda desk, lead, query: check_sheet(desk, lead, as_of=DAY),
    "leads replay": lambda desk, lead, query: replay_lead(desk, lead, lambda versions, _: desk.matcher_for(versions)),
    "audit prove": lambda desk, lead, query: proved(desk),
    "audit show": lambda desk, lead, query: show_log(desk, LogFilter(lead_id=lead, entry=KEY), last=None),
    "audit unusual": lambda desk, lead, query: unusual_use(desk, since=desk.clock(), until=desk.clock()),
    "audit request": lambda desk, lead, query: request_opening(desk, query),
    "policy four-eyes": lambda desk, lead, query: set_four_eyes(desk, on=True),
    "lists show": lambda desk, lead, query: show_lists(desk, DAY),
    "lists remove": lambda desk, lead, query: remove_list(desk, "pub"),
    "lists groups propose": lambda desk, lead, query: propose_groups(desk, Proposing(as_of=DAY)),
    "lists groups list": lambda desk, lead, query: list_groups(desk, (PairState.PROPOSED,), as_of=DAY),
    "lists groups show": lambda desk, lead, query: show_group(desk, proposed(desk), as_of=DAY),
    "lists groups accept": lambda desk, lead, query: accept_group(desk, proposed(desk), accepted_by="Li", as_of=DAY),
    "lists groups reject": lambda desk, lead, query: reject_group(desk, proposed(desk), reason="too-little"),
    "lists groups dissolve": lambda desk, lead, query: dissolve_group(desk, grouped(desk)),
}


@pytest.fixture
def led(bench: Bench, tmp_path: Path) -> Bench:
    bench.add("pub", [LISTED])
    notice = dict.fromkeys(("purpose", "expires_on"), "")
    screened(bench.desk, receipt_at(lambda manifest: tmp_path / "receipt", notice))
    RECEIPTS[bench.truth.workspace_id] = read_receipt(tmp_path / "receipt")
    bench.add("old", [wanted(key, "Xan Old", "1950-01-01", "N-50-1") for key in "XY"])
    bench.add("old", [*bench.truth.entries("old"), *(wanted(key, "Pat Old", "1960-01-01", "N-60-1") for key in "PQ")])
    propose_groups(bench.desk, Proposing(within=True, as_of=DAY))
    accept_group(bench.desk, grouped(bench.desk), accepted_by="Li", as_of=DAY)
    return bench


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_no_person_is_read_before_the_intent_and_nothing_answered_before_the_outcome(led: Bench, act: Act) -> None:
    lead, query = ready(led, act), queried(led)
    head = led.truth.log_head()
    watched = WatchedTruth(led.truth, head.size)

    def matcher_for(versions: Any) -> Any:
        assert led.truth.log_head().size > head.size, "matched before the intent"
        return led.desk.matcher_for(versions)

    act(replace(led.desk, truth=watched, matcher_for=matcher_for), lead, query)  # type: ignore[arg-type]
    record = list(led.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert record.outcome.about.get("failed") is None


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_where_the_outcome_cannot_be_written_nothing_is_shown_and_nothing_done(
    led: Bench, act: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead, query = ready(led, act), queried(led)
    before = stored(led)

    def full(*_: object) -> None:
        raise StorageError("no space left")

    monkeypatch.setattr(led.desk.gate.log, "finish", full)
    with pytest.raises(StorageError):
        act(led.desk, lead, query)
    assert stored(led) == before


@pytest.mark.parametrize("act", [name for name in ACTS if name != "screen"])
def test_without_a_reason_no_use_case_runs_and_the_refusal_is_on_record(led: Bench, act: str) -> None:
    lead, query = ready(led, ACTS[act]), queried(led)
    before = stored(led)
    with pytest.raises(RefusedError):
        ACTS[act](replace(led.desk, authority=Authority(who=WHO)), lead, query)
    record = list(led.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert record.outcome.refused == "no-reason"
    assert stored(led) == before


def test_what_a_run_withdraws_at_its_end_is_named_in_its_outcome(led: Bench) -> None:
    led.add("other", [wanted("Z", "Zed Example")])
    led.add("pub", [wanted("A", "Ana Example")], accept_withdrawals=True)
    source = RowsSource([row("R9", person("Zed Nobody", "1970-01-01"))])
    screen(led.desk, ScreenRequest(feed=FEED, source=source, engine=LocalEngine(), as_of=DAY))
    record = list(led.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert set(record.outcome.lead_ids) == {lead.lead_id for lead in led.truth.leads()}
    assert record.outcome.counts["leads_withdrawn"] == 2
