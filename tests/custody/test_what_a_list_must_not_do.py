"""Holes in the custody of lists: dates to come, other people's headings, ids that are sentences (A1, A8, A16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, person, row, wanted, warrant

from netpursuit.custody.lists import remove_list
from netpursuit.engines.local import LocalEngine
from netpursuit.enquiry.search import SearchRequest, search
from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.records import EntryKey, Verb
from netpursuit.screening.run import ScreenRequest, screen

BEN = person("Ben Example", "1981-03-04", "N-81-000-123")
LISTED = wanted("B", "Ben Example", "1981-03-04", "N-81-000-123")
ANA = wanted("A", "Ana Example", "1980-01-02")


def night(bench: Bench, *rows: Any) -> Any:
    return screen(bench.desk, ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY))


def test_a_date_to_come_lets_no_entry_run_longer_than_ninety_days_from_its_delivery(bench: Bench) -> None:
    late = wanted("L", "Lena Example", warrant=warrant(DAY + timedelta(days=120)))
    fine = wanted("F", "Finn Example", warrant=warrant(DAY + timedelta(days=90)))
    receipt = bench.add("own", [late, fine], own=True, as_of=DAY + timedelta(days=40))
    assert [(item.entry_id, item.reason) for item in receipt.rejected] == [("L", "late-review")]
    assert receipt.version.people == 1


@pytest.mark.parametrize("own", [True, False])
@pytest.mark.parametrize("title", ["2026年信訪人員名單", "Petitioners 2026"])
def test_a_register_of_watched_people_is_refused_whoever_is_said_to_publish_it(
    bench: Bench, own: bool, title: str
) -> None:
    with pytest.raises(RefusedError) as refusal:
        bench.add("pub", [LISTED], own=own, title=title)
    assert refusal.value.code == "watch-register"
    assert bench.truth.list_versions() == ()


@pytest.mark.parametrize("list_id", ["", "a:b", "Zoe Canary", "x" * 65, "../up", "-x"])
def test_what_is_no_id_for_a_list_is_refused_before_anything_is_logged(bench: Bench, list_id: str) -> None:
    with pytest.raises(InputError, match="no id for a list"):
        bench.add(list_id, [LISTED])
    assert list(bench.desk.gate.log.read()) == []


def test_the_log_names_the_leads_that_a_delivery_or_a_removal_marks(bench: Bench) -> None:
    bench.add("pub", [LISTED, ANA])
    night(bench, row("R1", BEN))
    (lead,) = bench.truth.leads()
    bench.add("pub", [ANA])
    record = list(bench.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert record.outcome.lead_ids == (lead.lead_id,)
    assert record.outcome.entry_ids == ("pub:B",)
    bench.add("pub", [LISTED, ANA])
    night(bench, row("R1", BEN))
    remove_list(bench.desk, "pub")
    record = list(bench.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert (record.intent.verb, record.outcome.lead_ids) == (Verb.LISTS_REMOVE, (lead.lead_id,))


def test_the_names_of_a_lists_files_stay_out_of_the_log(bench: Bench) -> None:
    bench.add("pub", [LISTED])
    assert all("wanted.csv" not in (record.payload or "") for record in bench.truth.log_records())


@pytest.mark.parametrize("change", ["replace(body, 'Ben Example', 'Bob Example')", "'{}'"])
def test_content_changed_on_disk_is_replaced_by_the_next_delivery(bench: Bench, change: str) -> None:
    bench.add("pub", [LISTED, ANA])
    bench.truth._file.run(f"UPDATE entry_body SET body = {change} WHERE body LIKE '%Ben Example%'")
    with pytest.raises(StorageError, match="was changed in the workspace"):
        bench.truth.entry(EntryKey(list_id="pub", entry_id="B"))
    receipt = bench.add("pub", [LISTED, ANA])
    assert list(bench.truth.entries("pub")) == [ANA, LISTED]
    assert not receipt.version.damaged


def test_an_entry_changed_after_the_index_was_built_holds_its_list_out(bench: Bench) -> None:
    bench.add("pub", [LISTED])
    bench.add("other", [LISTED])
    bench.add("pub", [replace(LISTED, description="seen in autumn")])
    built = bench.desk.matcher_for(bench.truth.list_versions())
    bench.truth._file.run("UPDATE entry_body SET body = replace(body, 'autumn', 'spring')")

    def matcher_for(versions: Any) -> Any:
        return built if len(versions) == 2 else bench.desk.matcher_for(versions)

    desk = replace(bench.desk, matcher_for=matcher_for)
    answer = search(desk, SearchRequest(person=BEN, as_of=DAY))
    assert [found.match.key.list_id for found in answer.matches] == ["other"]
    assert {item.list_id: item.status.value for item in answer.lists} == {"other": "fresh", "pub": "damaged"}
    assert answer.troubled


def test_an_entry_removed_after_the_index_was_built_holds_its_list_out(bench: Bench) -> None:
    bench.add("pub", [LISTED])
    bench.add("other", [wanted("O", "Ben Example", "1981-03-04", "N-81-000-123", description="x")])
    built = bench.desk.matcher_for(bench.truth.list_versions())
    bench.truth._file.run("DELETE FROM list_entry WHERE list_id = 'pub'")

    def matcher_for(versions: Any) -> Any:
        return built if len(versions) == 2 else bench.desk.matcher_for(versions)

    answer = search(replace(bench.desk, matcher_for=matcher_for), SearchRequest(person=BEN, as_of=DAY))
    assert [found.match.key.list_id for found in answer.matches] == ["other"]
    assert {item.list_id: item.status.value for item in answer.lists} == {"other": "fresh", "pub": "damaged"}


def test_a_run_that_meets_a_changed_entry_stops_and_the_next_one_goes_on_without_its_list(bench: Bench) -> None:
    bench.add("pub", [LISTED])
    bench.add("other", [wanted("O", "Ben Example", "1981-03-04", "N-81-000-123", description="x")])
    built = bench.desk.matcher_for(bench.truth.list_versions())
    bench.truth._file.run("UPDATE entry_body SET body = '{}' WHERE id = 1")
    desk = replace(bench.desk, matcher_for=lambda _: built)
    request = ScreenRequest(feed=FEED, source=RowsSource([row("R1", BEN)]), engine=LocalEngine(), as_of=DAY)
    with pytest.raises(StorageError, match="held out from now on: pub"):
        screen(desk, request)
    answer = screen(bench.desk, request)
    assert answer.lists.troubled
    assert [lead.key.entry.list_id for lead in bench.truth.leads()] == ["other"]
