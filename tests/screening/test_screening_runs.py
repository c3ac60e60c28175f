"""A batch against the lists: leads, counters, repeats, resumption, and what leaves no trace (A1, A4, A7, A8, A9)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted, warrant

from netpursuit.custody.lists import remove_list
from netpursuit.engines.local import LocalEngine
from netpursuit.errors import InputError, RefusedError, SettingsError
from netpursuit.records import Address, Band, EntryKey, Feed, Lead, LeadState, Rejected, Role, Verb
from netpursuit.review.leads import Confirmation, clear_lead, confirm_lead
from netpursuit.screening.run import Progress, ScreenAnswer, ScreenRequest, screen

ANA = person("Ana Example", "1980-01-02")
BEN = person("Ben Example", "1981-03-04", "N-81")
NOBODY = person("Zoephira Canary", "1990-09-09", "CANARY-77", phones=("+44 20 7946 0000",))


def night(bench: Bench, rows: list[Any], feed: Feed = FEED, **more: Any) -> ScreenAnswer:
    request = ScreenRequest(
        feed=feed, source=RowsSource(rows), engine=LocalEngine(), as_of=more.pop("as_of", DAY), **more
    )
    return screen(bench.desk, request)


@pytest.fixture
def listed(bench: Bench) -> Bench:
    bench.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")])
    return bench


def leads(bench: Bench) -> tuple[Lead, ...]:
    return bench.truth.leads()


def test_a_listed_person_becomes_a_lead_and_nobody_else_does(listed: Bench) -> None:
    answer = night(listed, [row("R1", ANA, unit="3B"), row("R2", NOBODY, line=3), row("R3", BEN, line=4)])
    counts = answer.manifest.counts
    assert (counts.read, counts.persons, counts.screened, counts.leads_new) == (3, 3, 3, 2)
    assert (counts.possible, counts.strong, counts.weak) == (1, 1, 0)
    assert answer.manifest.finished_at is not None
    assert sorted(answer.lead_ids) == sorted(lead.lead_id for lead in leads(listed))
    strong, possible = leads(listed)
    assert (strong.key.registration_id, strong.key.entry.entry_id, strong.match.band) == ("R3", "B", Band.STRONG)
    assert (possible.registration.unit, possible.registration.line) == ("3B", 2)
    assert possible.list_date == DAY


def test_only_what_reaches_the_feeds_band_is_stored(listed: Bench) -> None:
    rows = [row("R1", person("Ana Example")), row("R2", BEN, line=3)]
    night(listed, rows)
    assert [lead.key.registration_id for lead in leads(listed)] == ["R2"]
    night(listed, rows, replace(FEED, min_band=Band.WEAK))
    assert {lead.key.registration_id for lead in leads(listed)} == {"R1", "R2"}


def test_the_same_file_twice_changes_nothing(listed: Bench) -> None:
    rows = [row("R1", ANA), row("", BEN, line=3)]
    night(listed, rows)
    before, outbox = leads(listed), listed.truth.outbox()
    listed.now += timedelta(days=1)
    counts = night(listed, rows).manifest.counts
    assert (counts.leads_new, counts.leads_updated, counts.leads_unchanged, counts.leads_withdrawn) == (0, 0, 2, 0)
    assert leads(listed) == before
    assert listed.truth.outbox() == outbox


def test_a_changed_registration_updates_its_lead(listed: Bench) -> None:
    night(listed, [row("R1", ANA)])
    counts = night(listed, [row("R1", replace(ANA, phones=("1",)))]).manifest.counts
    assert (counts.leads_new, counts.leads_updated) == (0, 1)
    (lead,) = leads(listed)
    assert (lead.revision, lead.person.phones) == (2, ("1",))
    assert [past.revision for past in listed.truth.lead_revisions(lead.lead_id)] == [1]


def test_a_lead_whose_registration_is_read_again_without_matching_is_withdrawn_not_deleted(listed: Bench) -> None:
    night(listed, [row("R1", ANA), row("R2", BEN, line=3)])
    counts = night(listed, [row("R1", person("Ana Corrected", "1980-01-02"))]).manifest.counts
    assert counts.leads_withdrawn == 1
    states = {lead.key.registration_id: (lead.state, lead.flag) for lead in leads(listed)}
    assert states["R1"] == (LeadState.WITHDRAWN, "not-reported")
    assert states["R2"] == (LeadState.OPEN, ""), "its registration was not in this file"
    assert listed.truth.outbox()[-1].kind == "remove"


def test_a_lead_whose_person_left_the_registration_is_withdrawn(listed: Bench) -> None:
    night(listed, [row("R1", ANA, BEN, ids=["p1", "p2"])])
    night(listed, [row("R1", ANA, ids=["p1"])])
    states = {lead.key.person_ref: (lead.state, lead.flag) for lead in leads(listed)}
    assert states == {"p1": (LeadState.OPEN, ""), "p2": (LeadState.WITHDRAWN, "not-registered")}


def test_a_withdrawn_entry_is_marked_at_once_and_its_leads_end_with_the_next_run(listed: Bench) -> None:
    night(listed, [row("R1", ANA), row("R2", BEN, line=3)])
    answer = listed.add("pub", [wanted("B", "Ben Example", "1981-03-04", "N-81")])
    assert answer.leads_marked == 1
    marks = {lead.key.entry.entry_id: (lead.state, lead.flag) for lead in leads(listed)}
    assert marks["A"] == (LeadState.OPEN, "entry-withdrawn")
    night(listed, [row("R9", NOBODY)])
    marks = {lead.key.entry.entry_id: (lead.state, lead.flag) for lead in leads(listed)}
    assert marks == {"A": (LeadState.WITHDRAWN, "entry-withdrawn"), "B": (LeadState.OPEN, "")}


def test_leads_on_a_removed_list_end_with_the_next_run(listed: Bench) -> None:
    listed.add("other", [wanted("Z", "Zed Example")])
    night(listed, [row("R1", ANA)])
    assert remove_list(listed.desk, "pub") == 1
    night(listed, [row("R1", ANA)])
    assert [(lead.state, lead.flag) for lead in leads(listed)] == [(LeadState.WITHDRAWN, "entry-withdrawn")]


def test_an_entry_past_its_review_date_stops_matching_and_its_leads_end(bench: Bench) -> None:
    review = DAY + timedelta(days=10)
    bench.add("own", [wanted("A", "Ana Example", "1980-01-02", warrant=warrant(review))], own=True, max_age_days=None)
    night(bench, [row("R1", ANA)], as_of=review)
    assert [lead.state for lead in leads(bench)] == [LeadState.OPEN]
    counts = night(bench, [row("R1", ANA), row("R2", ANA, line=3)], as_of=review + timedelta(days=1)).manifest.counts
    assert (counts.leads_withdrawn, counts.leads_new) == (1, 0)
    assert [(lead.state, lead.flag) for lead in leads(bench)] == [(LeadState.WITHDRAWN, "entry-expired")]


def test_the_silence_of_a_damaged_list_withdraws_nothing(listed: Bench) -> None:
    listed.add("other", [wanted("Z", "Zed Example")])
    night(listed, [row("R1", ANA)])
    with listed.truth.transaction() as unit:
        unit.mark_list(replace(listed.truth.list_version("pub"), damaged=True))
    answer = night(listed, [row("R1", ANA), row("R2", BEN, line=3)])
    assert answer.lists.troubled
    assert answer.manifest.counts.leads_withdrawn == 0
    assert [lead.state for lead in leads(listed)] == [LeadState.OPEN]


def test_a_repeated_key_is_quarantined_without_its_value(listed: Bench) -> None:
    rows = [row("R1", NOBODY), row("R1", ANA, line=3), row("R1", BEN, line=4, role=Role.GUEST), row("R4", BEN, line=5)]
    answer = night(listed, rows)
    counts = answer.manifest.counts
    assert (counts.read, counts.rejected, counts.persons, counts.screened) == (4, 1, 4, 3)
    (held,) = listed.truth.quarantine(run_id=answer.manifest.run_id)
    assert (held.line, held.column, held.reason) == (3, "registration_id", "repeated-key")
    assert {lead.key.entry.entry_id for lead in leads(listed)} == {"B"}


def test_what_a_repeated_row_was_compared_with_is_not_counted(listed: Bench) -> None:
    once = night(listed, [row("R1", ANA), row("R2", NOBODY, line=3)]).manifest.counts
    twice = night(listed, [row("R1", ANA), row("R1", ANA, line=3), row("R2", NOBODY, line=4)]).manifest.counts
    assert once.candidates == twice.candidates > 0


def test_rejected_rows_are_counted_and_quarantined(listed: Bench) -> None:
    bad = Rejected(file_digest="d" * 64, file="night.csv", line=3, column="birth_date", reason="bad-date")
    answer = night(listed, [row("R1", ANA), bad])
    assert (answer.manifest.counts.read, answer.manifest.counts.rejected) == (2, 1)
    assert listed.truth.quarantine(run_id=answer.manifest.run_id) == (bad,)


def test_rows_outside_the_period_and_other_roles_are_counted_and_not_screened(listed: Bench) -> None:
    feed = replace(FEED, screened_roles=(Role.TENANT,))
    rows = [
        row("R1", ANA, start_date=date(2025, 12, 31)),
        row("R2", ANA, line=3, start_date=date(2026, 1, 1)),
        row("R3", BEN, line=4, role=Role.LANDLORD),
    ]
    counts = night(listed, rows, feed).manifest.counts
    assert (counts.out_of_period, counts.unscreened_role, counts.screened) == (1, 1, 1)
    assert [lead.key.registration_id for lead in leads(listed)] == ["R2"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"expires_on": DAY - timedelta(days=1)}, "feed-expired"),
        ({"legal_basis": " "}, "feed-incomplete"),
        ({"area": ""}, "feed-incomplete"),
        ({"purpose": ""}, "no-reason"),
        ({"screened_roles": ()}, "feed-incomplete"),
        ({"screened_roles": (Role.LANDLORD,)}, "feed-landlords"),
    ],
)
def test_a_feed_that_must_not_run_runs_nothing_and_the_refusal_is_recorded(
    listed: Bench, change: dict[str, Any], code: str
) -> None:
    with pytest.raises(RefusedError) as refusal:
        night(listed, [row("R1", ANA)], replace(FEED, **change))
    assert refusal.value.code == code
    assert leads(listed) == ()
    assert listed.truth.runs() == ()
    assert list(listed.desk.gate.log.read())[-1].outcome.refused == code


def test_a_feed_without_a_band_would_store_everybody_and_does_not_run(listed: Bench) -> None:
    with pytest.raises(SettingsError, match="min_band"):
        night(listed, [row("R1", NOBODY)], replace(FEED, min_band=Band.NONE))
    assert leads(listed) == ()


def test_a_feed_runs_on_the_last_day_of_its_permission_in_its_own_time_zone(listed: Bench) -> None:
    feed = replace(FEED, time_zone="Asia/Shanghai", expires_on=DAY)
    source = RowsSource([row("R1", ANA)])
    listed.now = listed.now.replace(hour=15, minute=59)
    screen(listed.desk, ScreenRequest(feed=feed, source=source, engine=LocalEngine()))
    listed.now = listed.now.replace(hour=16, minute=0)
    with pytest.raises(RefusedError, match="expired"):
        screen(listed.desk, ScreenRequest(feed=feed, source=source, engine=LocalEngine()))
    with pytest.raises(SettingsError, match="IANA"):
        screen(
            listed.desk, ScreenRequest(feed=replace(feed, time_zone="Mars/Base"), source=source, engine=LocalEngine())
        )


def test_without_a_list_nothing_can_be_screened(bench: Bench) -> None:
    with pytest.raises(InputError, match="no list"):
        night(bench, [row("R1", ANA)])


def test_a_run_is_one_consultation_that_names_its_leads_lists_and_file(listed: Bench) -> None:
    answer = night(listed, [row(f"R{number}", BEN, line=number + 2) for number in range(5)], chunk_rows=2)
    (record,) = [item for item in listed.desk.gate.log.read() if item.intent.verb is Verb.SCREEN]
    assert record.intent.authority.feed_purpose == FEED.purpose
    assert record.intent.about["file"] == answer.manifest.file_digest
    assert record.outcome is not None
    assert sorted(record.outcome.lead_ids) == sorted(answer.lead_ids)
    assert len(record.outcome.lead_ids) == 5
    assert record.outcome.counts["leads_new"] == 5
    assert record.outcome.about["list.pub"] == answer.manifest.lists[0][1]
    assert listed.desk.gate.log.verify() == []


def test_a_lead_keeps_its_own_person_and_not_those_registered_beside(listed: Bench) -> None:
    night(listed, [row("R1", NOBODY, ANA)])
    (lead,) = leads(listed)
    assert lead.registration.persons == ()
    assert lead.person == ANA


def test_who_is_on_no_lead_is_in_no_byte_of_the_workspace(listed: Bench, tmp_path: Path) -> None:
    moved = replace(NOBODY, addresses=(Address(text="77 Canary Wharf Lane"),))
    rows = [row("R1", moved, ANA), row("R2", moved, line=3, unit="CANARY-UNIT"), row("R2", moved, line=4)]
    night(listed, rows, replace(FEED, min_band=Band.WEAK))
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(b"Ana Example" in path.read_bytes() for path in files), "the search finds what is there"
    for path in files:
        content = path.read_bytes().lower()
        for trace in (b"canary", b"zoephira", b"7946 0000"):
            assert trace not in content, f"{trace!r} in {path.name}"


def test_thirty_later_registrations_of_a_cleared_person_make_no_new_lead(listed: Bench) -> None:
    night(listed, [row("R1", BEN)])
    (lead,) = leads(listed)
    clear_lead(listed.desk, lead.lead_id, reason="other-document", cleared_by="Li")
    for number in range(30):
        elsewhere = replace(BEN, phones=(f"555-{number}",), addresses=(Address(text=f"{number} Invented Lane"),))
        rows = [row(f"N{number}", elsewhere, unit=str(number), start_date=date(2026, 2, 1) + timedelta(days=number))]
        counts = night(listed, rows).manifest.counts
        assert (counts.leads_new, counts.leads_cleared) == (0, 1)
    assert [item.state for item in leads(listed)] == [LeadState.CLEARED]


def test_clearing_one_pair_does_not_hide_another_candidate(listed: Bench) -> None:
    night(listed, [row("R1", BEN)])
    clear_lead(listed.desk, leads(listed)[0].lead_id, reason="other-document", cleared_by="Li")
    listed.add("second", [wanted("B2", "Ben Example", "1981-03-04")])
    counts = night(listed, [row("R2", BEN)]).manifest.counts
    assert (counts.leads_new, counts.leads_cleared) == (1, 1)
    (new,) = [lead for lead in leads(listed) if lead.state is LeadState.OPEN]
    assert new.key.entry == EntryKey(list_id="second", entry_id="B2")


def test_a_cleared_lead_opens_again_when_the_entry_names_another_birth_date(listed: Bench) -> None:
    night(listed, [row("R1", BEN)])
    clear_lead(listed.desk, leads(listed)[0].lead_id, reason="other-document", cleared_by="Li")
    listed.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-05", "N-81")])
    night(listed, [row("R1", BEN)])
    (lead,) = leads(listed)
    assert (lead.state, lead.flag) == (LeadState.OPEN, "reopened:right.birth-date")


def test_a_clearance_ends_with_its_entry(listed: Bench) -> None:
    night(listed, [row("R1", BEN)])
    clear_lead(listed.desk, leads(listed)[0].lead_id, reason="other-document", cleared_by="Li")
    listed.add("pub", [wanted("A", "Ana Example", "1980-01-02")])
    listed.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")])
    night(listed, [row("R1", BEN), row("R2", BEN, line=3)])
    flags = {lead.key.registration_id: (lead.state, lead.flag) for lead in leads(listed)}
    assert flags == {"R1": (LeadState.OPEN, "clearance-ended"), "R2": (LeadState.OPEN, "")}


def test_a_confirmed_lead_is_flagged_and_stays_confirmed(listed: Bench) -> None:
    night(listed, [row("R1", BEN)])
    stated = Confirmation(same_person=True, entry_in_force=True, confirmed_by="Li", reason="seen")
    confirm_lead(listed.desk, leads(listed)[0].lead_id, stated, as_of=DAY)
    night(listed, [row("R1", replace(BEN, emails=("ben@example.org",)))])
    (lead,) = leads(listed)
    assert (lead.state, lead.flag, lead.decided_by) == (LeadState.CONFIRMED, "changed:left.email", "Li")


def test_a_lead_can_be_replayed_from_what_is_stored_whatever_happened_since(listed: Bench) -> None:
    night(listed, [row("R1", ANA), row("R2", BEN, line=3)])
    stored = {lead.lead_id: lead.match for lead in leads(listed)}
    listed.add("pub", [wanted("B", "Ben Renamed", "1981-03-04"), wanted("C", "Cy Example")])
    night(listed, [row("R1", ANA)])
    for lead in leads(listed):
        run = listed.truth.run(lead.run_id)
        versions = [listed.truth.list_version(list_id, version) for list_id, version in run.lists]
        again = listed.desk.matcher_for(versions).explain(lead.person, lead.key.entry)
        assert again == lead.match == stored[lead.lead_id]


class StopsHereError(Exception):
    """The run stops here."""


def interrupted(bench: Bench, rows: list[Any], after_rows: int) -> None:
    def stop(progress: Progress) -> None:
        if progress.rows_done >= after_rows:
            raise StopsHereError

    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY, chunk_rows=3)
    with pytest.raises(StopsHereError):
        screen(bench.desk, request, stop)


def some_rows() -> list[Any]:
    people = [ANA, NOBODY, BEN, person("Cy Nobody", "1977-07-07")]
    rows = [row(f"R{number}", people[number % 4], line=number + 2) for number in range(17)]
    return [*rows, row("R2", BEN, line=20), row("R3", NOBODY, line=21)]


@pytest.mark.parametrize("after_rows", [3, 9, 18, 19])
def test_an_interrupted_run_continues_and_ends_as_an_undisturbed_one(
    listed: Bench, tmp_path: Path, after_rows: int
) -> None:
    interrupted(listed, some_rows(), after_rows)
    (begun,) = listed.truth.runs()
    assert begun.finished_at is None
    listed.now += timedelta(minutes=5)
    answer = night(listed, some_rows(), chunk_rows=3)
    assert answer.resumed_rows == min(-(-after_rows // 3) * 3, 19)
    assert answer.manifest.run_id == begun.run_id
    other = open_bench(tmp_path / "undisturbed")
    other.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")])
    whole = night(other, some_rows(), chunk_rows=3)
    assert answer.manifest.counts == whole.manifest.counts
    assert len(answer.lead_ids) == len(whole.lead_ids)
    assert essence(listed) == essence(other)
    assert len(listed.truth.runs()) == 1
    other.workspace.close()


def essence(bench: Bench) -> list[tuple[Any, ...]]:
    """The leads without what differs between two workspaces: their keyed ids and digests, and the instants."""
    return sorted(
        (
            (*(lead.key.registration_id, lead.key.entry, lead.state, lead.revision, lead.flag), repr(lead.match))
            for lead in leads(bench)
        ),
    )


def test_an_interrupted_run_does_not_continue_on_other_lists_or_another_feed(listed: Bench) -> None:
    interrupted(listed, some_rows(), 3)
    assert night(listed, some_rows(), replace(FEED, min_band=Band.WEAK)).resumed_rows == 0
    listed.add("other", [wanted("Z", "Zed Example")])
    assert night(listed, some_rows()).resumed_rows == 0
    assert len(listed.truth.runs()) == 3


def test_an_interrupted_run_still_names_in_the_log_what_it_stored(listed: Bench) -> None:
    interrupted(listed, some_rows(), 3)
    record = list(listed.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert record.outcome.about == {"failed": "StopsHereError"}
    assert set(record.outcome.lead_ids) == {lead.lead_id for lead in leads(listed)}
    assert len(record.outcome.lead_ids) == 2
    assert listed.desk.gate.log.verify() == []


def test_progress_tells_rows_done_and_ends_with_all(listed: Bench) -> None:
    told: list[Progress] = []
    request = ScreenRequest(feed=FEED, source=RowsSource(some_rows()), engine=LocalEngine(), as_of=DAY, chunk_rows=5)
    screen(listed.desk, request, told.append)
    assert [item.rows_done for item in told] == [5, 10, 15, 19]
    assert told[-1].rows_estimate == 19


def test_several_workers_give_the_same_leads(listed: Bench, tmp_path: Path) -> None:
    other = open_bench(tmp_path / "two")
    other.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")])
    night(listed, some_rows())
    request = ScreenRequest(feed=FEED, source=RowsSource(some_rows()), engine=LocalEngine(2), as_of=DAY, chunk_rows=4)
    screen(other.desk, request)
    assert essence(other) == essence(listed)
    other.workspace.close()


@pytest.mark.parametrize("chunk_rows", [1, 2, 7, 100])
def test_whatever_the_chunks_and_workers_the_counts_and_the_quarantine_are_the_same(
    listed: Bench, tmp_path: Path, chunk_rows: int
) -> None:
    rows = [*some_rows(), row("", ANA, line=22), row("", ANA, line=23), row("R2", NOBODY, line=24)]
    once = night(listed, rows)
    other = open_bench(tmp_path / "two")
    other.add("pub", [wanted("A", "Ana Example", "1980-01-02"), wanted("B", "Ben Example", "1981-03-04", "N-81")])
    workers = 2 if chunk_rows == 7 else 1
    request = ScreenRequest(
        feed=FEED, source=RowsSource(rows), engine=LocalEngine(workers), as_of=DAY, chunk_rows=chunk_rows
    )
    again = screen(other.desk, request)
    assert again.manifest.counts == once.manifest.counts
    assert once.manifest.counts.rejected == 4  # R2 and R3 a second time, R2 a third, the row without an id
    held = [
        [(item.line, item.reason) for item in bench.truth.quarantine(run_id=run)]
        for bench, run in ((listed, once.manifest.run_id), (other, again.manifest.run_id))
    ]
    assert held[0] == held[1] == [(line, "repeated-key") for line in (20, 21, 23, 24)]
    other.workspace.close()


def test_a_row_without_an_id_is_the_same_row_in_whatever_process_it_is_read(listed: Bench) -> None:
    rows = [row("", ANA, line=2), row("", BEN, line=3)]
    night(listed, rows)
    request = ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(2), as_of=DAY, chunk_rows=1)
    counts = screen(listed.desk, request).manifest.counts
    assert (counts.leads_new, counts.leads_unchanged, counts.leads_withdrawn) == (0, 2, 0)


def test_a_file_larger_than_a_chunk_is_read_only_as_far_as_it_is_screened(listed: Bench) -> None:
    read = 0

    class Endless(RowsSource):
        def raw(self) -> Iterator[Any]:
            nonlocal read
            while True:
                read += 1
                yield row(f"R{read}", NOBODY, line=read)

    def stop(progress: Progress) -> None:
        if progress.rows_done >= 20:
            raise StopsHereError

    request = ScreenRequest(feed=FEED, source=Endless([]), engine=LocalEngine(), as_of=DAY, chunk_rows=10)
    with pytest.raises(StopsHereError):
        screen(listed.desk, request, stop)
    assert read <= 30


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd"])
def test_a_feed_without_its_time_zone_does_not_run_on_a_stated_date_either(listed: Bench, zone: str) -> None:
    with pytest.raises(SettingsError, match="IANA"):
        night(listed, [row("R1", ANA)], replace(FEED, time_zone=zone), as_of=DAY)
    assert leads(listed) == ()
