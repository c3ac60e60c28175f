"""Lists are delivered, replaced, amended, shown and removed (A8, A16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from fake_workbench import DAY, Bench, wanted, warrant

from netpursuit.custody.list_reports import about_to_expire, active_entries, show_lists
from netpursuit.custody.lists import remove_list
from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.gate.workbench import lists_in_force, past_entry, verify_lists
from netpursuit.policy.standing import ListStatus
from netpursuit.records import (
    EntryKey,
    EntryKind,
    Instrument,
    ListChange,
    Operation,
    Rejected,
    SourceRef,
    Unlisted,
    Verb,
)


def people(count: int, start: int = 0) -> list[Any]:
    return [wanted(f"P-{number:03d}", f"Person Number {number}", line=number + 2) for number in range(start, count)]


def ids(bench: Bench, list_id: str = "pub") -> list[str]:
    return [entry.entry_id for entry in bench.truth.entries(list_id)]


def rejection(entry_id: str, reason: str = "bad-date") -> Rejected:
    return Rejected(
        file_digest="0" * 64, file="wanted.csv", line=9, column="birth_date", reason=reason, entry_id=entry_id
    )


def test_an_add_replaces_the_whole_list_and_reports_what_changed(bench: Bench) -> None:
    first = bench.add("pub", [*people(3), Unlisted(reason="victim", source=SourceRef(file="wanted.csv", line=7))])
    assert (first.added, first.version.people, first.version.unlisted) == (3, 3, {"victim": 1})
    second = bench.add("pub", [people(1)[0], wanted("P-001", "Person Renamed"), wanted("P-009", "Somebody New")])
    assert (second.added_ids, second.changed_ids, second.withdrawn_ids) == (("P-009",), ("P-001",), ("P-002",))
    assert second.unchanged == 1
    assert ids(bench) == ["P-000", "P-001", "P-009"]


def test_the_same_delivery_twice_changes_nothing_but_its_age(bench: Bench) -> None:
    first = bench.add("pub", people(3))
    moved = [replace(entry, source=SourceRef(file="later.csv", line=99)) for entry in reversed(people(3))]
    again = bench.add("pub", moved, published_on=DAY + timedelta(days=1))
    assert (again.added, again.changed, again.withdrawn, again.unchanged) == (0, 0, 0, 3)
    assert again.version.version == first.version.version
    assert bench.truth.list_version("pub").list_date == DAY + timedelta(days=1)


def test_organisations_are_kept_and_never_active(bench: Bench) -> None:
    answer = bench.add(
        "pub",
        [
            wanted("1", "Ana Example"),
            wanted("2", "Example Shipping", kind=EntryKind.ORGANISATION),
            wanted("3", "Unstated Name", kind=EntryKind.UNSTATED),
            wanted("4", "MV Example", kind=EntryKind.VESSEL),
        ],
    )
    assert (answer.version.people, answer.version.others) == (2, 2)
    assert ids(bench) == ["1", "2", "3", "4"]
    assert [entry.entry_id for _, entry in active_entries(bench.truth, DAY)] == ["1", "3"]


def test_a_list_without_a_date_needs_one(bench: Bench) -> None:
    with pytest.raises(InputError, match="--date"):
        bench.add("pub", people(1), published_on=None)
    assert bench.truth.list_versions() == ()
    assert bench.add("pub", people(1), published_on=None, list_date=DAY).version.list_date == DAY


def test_a_list_of_the_future_is_a_mistake(bench: Bench) -> None:
    with pytest.raises(InputError, match="future"):
        bench.add("pub", people(1), published_on=DAY + timedelta(days=2))


def test_a_list_without_a_usable_record_changes_nothing(bench: Bench) -> None:
    bench.add("pub", people(2))
    for items in ([], [rejection("P-000")], [Unlisted(reason="victim", source=SourceRef(file="a", line=1))]):
        with pytest.raises(InputError, match="no usable record"):
            bench.add("pub", items)
    assert ids(bench) == ["P-000", "P-001"]


@pytest.mark.parametrize(("count", "withdrawn", "allowed"), [(100, 9, True), (100, 10, False), (300, 10, True)])
def test_many_withdrawals_need_an_explicit_word(bench: Bench, count: int, withdrawn: int, allowed: bool) -> None:
    bench.add("pub", people(count))
    fewer = people(count, start=withdrawn)
    if allowed:
        assert bench.add("pub", fewer).withdrawn == withdrawn
        return
    with pytest.raises(InputError, match=f"{withdrawn} of {count} entries would be withdrawn"):
        bench.add("pub", fewer)
    assert len(ids(bench)) == count
    assert bench.add("pub", fewer, accept_withdrawals=True).withdrawn == withdrawn


def test_a_broken_record_keeps_its_previous_version_in_force_and_says_so(bench: Bench) -> None:
    bench.add("pub", people(3))
    answer = bench.add("pub", [people(1)[0], rejection("P-001"), rejection("P-777")])
    assert (answer.kept_ids, answer.withdrawn_ids) == (("P-001",), ("P-002",))
    assert answer.version.rejected == 2
    kept = bench.truth.entry(EntryKey(list_id="pub", entry_id="P-001"))
    assert (kept.flagged, kept.person) == ("bad-date", people(2)[1].person)
    mended = bench.add("pub", [people(1)[0], people(2)[1]])
    assert mended.kept == 0
    assert bench.truth.entry(EntryKey(list_id="pub", entry_id="P-001")).flagged == ""


def test_of_records_with_one_id_the_first_counts(bench: Bench) -> None:
    answer = bench.add("pub", [wanted("1", "First"), wanted("2", "Other"), wanted("1", "Second", line=8)])
    assert [(item.reason, item.line, item.entry_id) for item in answer.rejected] == [("repeated-id", 8, "1")]
    assert bench.truth.entry(EntryKey(list_id="pub", entry_id="1")).person.names[0].text == "First"
    assert answer.kept == 0


def test_rejections_are_quarantined_under_the_list_and_its_version(bench: Bench) -> None:
    answer = bench.add("pub", [*people(1), rejection("P-009")])
    held = bench.truth.quarantine(run_id=f"pub@{answer.version.version}")
    assert [(item.line, item.column, item.reason) for item in held] == [(9, "birth_date", "bad-date")]


def change_of(operation: Operation, entry: Any) -> ListChange:
    return ListChange(operation=operation, entry=entry)


def test_a_delta_changes_only_what_it_names(bench: Bench) -> None:
    bench.add("pub", people(4))
    answer = bench.add(
        "pub",
        [
            change_of(Operation.ADD, wanted("P-100", "Somebody New")),
            change_of(Operation.CHANGE, wanted("P-001", "Person Renamed")),
            change_of(Operation.WITHDRAW, wanted("P-002", "")),
        ],
        delta=True,
    )
    assert (answer.added_ids, answer.changed_ids, answer.withdrawn_ids) == (("P-100",), ("P-001",), ("P-002",))
    assert ids(bench) == ["P-000", "P-001", "P-003", "P-100"]


def test_an_operation_that_cannot_be_is_rejected_and_the_rest_done(bench: Bench) -> None:
    bench.add("pub", people(2))
    answer = bench.add(
        "pub",
        [
            change_of(Operation.ADD, wanted("P-000", "Known Already")),
            change_of(Operation.WITHDRAW, wanted("P-500", "")),
            change_of(Operation.CHANGE, wanted("P-501", "Nobody")),
            change_of(Operation.ADD, wanted("P-100", "Somebody New")),
        ],
        delta=True,
    )
    assert [item.reason for item in answer.rejected] == ["already-listed", "not-listed", "not-listed"]
    assert ids(bench) == ["P-000", "P-001", "P-100"]
    kept = bench.truth.entry(EntryKey(list_id="pub", entry_id="P-000"))
    assert (kept.person.names[0].text, kept.flagged) == ("Person Number 0", "")


def test_operations_and_delta_go_together_or_not_at_all(bench: Bench) -> None:
    bench.add("pub", people(2))
    with pytest.raises(InputError, match="without an operation"):
        bench.add("pub", people(1), delta=True)
    with pytest.raises(InputError, match="--delta"):
        bench.add("pub", [change_of(Operation.ADD, wanted("9", "Somebody"))])
    with pytest.raises(InputError, match="no sound list 'other' to amend"):
        bench.add("other", [change_of(Operation.ADD, wanted("9", "Somebody"))], delta=True)
    assert ids(bench) == ["P-000", "P-001"]


REVIEW = DAY + timedelta(days=60)


def test_an_own_list_comes_with_its_instruments(bench: Bench) -> None:
    answer = bench.add("own", [wanted("1", "Ana Example", warrant=warrant(REVIEW))], own=True)
    assert (answer.version.own, answer.version.people) == (True, 1)


@pytest.mark.parametrize(
    ("lacking", "reason"),
    [
        ({"instrument": Instrument.PUBLISHED}, "no-instrument"),
        ({"authority": " "}, "no-warrant"),
        ({"document_number": ""}, "no-warrant"),
        ({"issue_date": None}, "no-warrant"),
        ({"review_by": None}, "no-review"),
        ({"review_by": DAY + timedelta(days=91)}, "late-review"),
    ],
)
def test_an_own_entry_without_what_the_law_demands_is_rejected(
    bench: Bench, lacking: dict[str, Any], reason: str
) -> None:
    sound = wanted("1", "Ana Example", warrant=warrant(DAY + timedelta(days=90)))
    bad = wanted("2", "Ben Example", line=3, warrant=warrant(**{"review_by": REVIEW, **lacking}))
    answer = bench.add("own", [sound, bad], own=True)
    assert [(item.reason, item.line) for item in answer.rejected] == [(reason, 3)]
    assert ids(bench, "own") == ["1"]


@pytest.mark.parametrize(
    ("list_id", "title", "more"),
    [
        ("own", "2026年重点人员名单", {}),
        ("信访", "名单", {}),
        ("own", "Wanted", {"programmes": ("Petitioners",)}),
        ("own", "Wanted", {"warrant": warrant(REVIEW, offence="前科人员")}),
    ],
)
def test_registers_of_watched_people_are_refused_and_nothing_is_stored(
    bench: Bench, list_id: str, title: str, more: dict[str, Any]
) -> None:
    entry = wanted("1", "Ana Example", **{"warrant": warrant(REVIEW), **more})
    with pytest.raises(RefusedError) as refusal:
        bench.add(list_id, [entry], own=True, title=title)
    assert refusal.value.code == "watch-register"
    assert bench.truth.list_versions() == ()
    assert [item.outcome.refused for item in bench.desk.gate.log.read()] == ["watch-register"]


def test_an_offence_that_mentions_a_record_is_still_an_offence(bench: Bench) -> None:
    entry = wanted("1", "Ana Example", warrant=warrant(REVIEW, offence="盗窃，有前科"))
    assert bench.add("own", [entry], own=True).added == 1


def test_an_entry_past_its_review_date_is_not_active_and_is_announced_before(bench: Bench) -> None:
    bench.add(
        "own",
        [
            wanted("soon", "A Example", warrant=warrant(DAY + timedelta(days=5))),
            wanted("later", "B Example", warrant=warrant(DAY + timedelta(days=20))),
            wanted("far", "C Example", warrant=warrant(DAY + timedelta(days=60))),
        ],
        own=True,
        max_age_days=None,
    )
    (report,) = show_lists(bench.desk, DAY)
    assert report.about_to_expire == {30: 2, 7: 1}
    assert [entry.entry_id for entry in about_to_expire(bench.truth, "own", DAY, 7)] == ["soon"]
    last = DAY + timedelta(days=5)
    assert len(list(active_entries(bench.truth, last))) == 3, "on its review date an entry is still in force"
    (report,) = show_lists(bench.desk, last + timedelta(days=1))
    assert (report.expired, report.standing.status) == (1, ListStatus.FRESH)
    assert [entry.entry_id for _, entry in active_entries(bench.truth, last + timedelta(days=1))] == ["far", "later"]
    (report,) = show_lists(bench.desk, DAY + timedelta(days=61))
    assert report.standing.status is ListStatus.EXPIRED


def test_each_list_goes_stale_by_its_own_age(bench: Bench) -> None:
    bench.add("short", people(1), max_age_days=7)
    bench.add("usual", people(1))
    bench.add("never", people(1), max_age_days=None)
    bench.add("gone", people(1))
    with bench.truth.transaction() as unit:
        unit.remove_list("gone")  # behind the back of whoever keeps the lists

    def statuses(day: date) -> dict[str, str]:
        reports = show_lists(bench.desk, day)
        return {report.standing.list_id: report.standing.status.value for report in reports}

    assert statuses(DAY) == {"gone": "missing", "never": "fresh", "short": "fresh", "usual": "fresh"}
    assert statuses(DAY + timedelta(days=8))["short"] == "stale"
    assert statuses(DAY + timedelta(days=31)) == {
        "gone": "missing",
        "never": "fresh",
        "short": "stale",
        "usual": "stale",
    }


def test_a_removed_list_matches_nothing_and_its_entries_can_still_be_named(bench: Bench) -> None:
    bench.add("pub", people(2))
    bench.add("pub", people(1))
    key = EntryKey(list_id="pub", entry_id="P-001")
    assert past_entry(bench.truth, key) is not None, "withdrawn, and still known by name"
    remove_list(bench.desk, "pub")
    assert list(active_entries(bench.truth, DAY)) == []
    assert past_entry(bench.truth, key) is not None
    assert past_entry(bench.truth, EntryKey(list_id="pub", entry_id="P-404")) is None
    with pytest.raises(InputError, match="no list 'pub'"):
        remove_list(bench.desk, "pub")


TAMPERINGS = ["replace(body, 'Number 1', 'Number 7')", "'{}'"]


@pytest.mark.parametrize("change", TAMPERINGS)
def test_a_list_whose_content_is_not_what_was_sealed_is_held_out(bench: Bench, change: str) -> None:
    bench.add("pub", people(2))
    bench.add("sound", people(3, start=2))
    assert verify_lists(bench.truth) == ()
    bench.truth._file.run(f"UPDATE entry_body SET body = {change} WHERE body LIKE '%Number 1%'")
    assert verify_lists(bench.truth) == ("pub",)
    assert [entry.entry_id for _, entry in active_entries(bench.truth, DAY)] == ["P-002"]
    statuses = [report.standing.status for report in show_lists(bench.desk, DAY)]
    assert statuses == [ListStatus.DAMAGED, ListStatus.FRESH]
    assert lists_in_force(bench.truth, DAY).troubled
    with pytest.raises(InputError, match="no sound list 'pub'"):
        bench.add("pub", [change_of(Operation.ADD, wanted("9", "Somebody"))], delta=True)
    remove_list(bench.desk, "pub")
    assert not lists_in_force(bench.truth, DAY).troubled


@pytest.mark.parametrize("change", TAMPERINGS)
def test_a_delivery_never_leaves_changed_content_in_force_as_if_it_were_sound(bench: Bench, change: str) -> None:
    bench.add("pub", people(2))
    bench.truth._file.run(f"UPDATE entry_body SET body = {change} WHERE body LIKE '%Number 1%'")
    verify_lists(bench.truth)
    with pytest.raises(StorageError, match="every list is damaged"):
        lists_in_force(bench.truth, DAY)
    try:
        bench.add("pub", people(2))
    except StorageError:
        assert bench.truth.list_version("pub").damaged
    else:
        assert verify_lists(bench.truth) == ()
        assert list(bench.truth.entries("pub")) == people(2)


def test_every_act_on_lists_is_a_consultation_with_its_outcome(bench: Bench) -> None:
    bench.add("pub", people(2))
    show_lists(bench.desk, DAY)
    remove_list(bench.desk, "pub")
    with pytest.raises(InputError):
        bench.add("pub", [])
    records = list(bench.desk.gate.log.read())
    verbs = [record.intent.verb for record in records]
    assert verbs == [Verb.LISTS_ADD, Verb.LISTS_SHOW, Verb.LISTS_REMOVE, Verb.LISTS_ADD]
    assert records[0].outcome is not None
    assert records[0].outcome.counts["added"] == 2
    assert records[3].outcome is not None
    assert records[3].outcome.about == {"failed": "InputError"}
