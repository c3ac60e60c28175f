"""One query: what it finds, what it says about one entry, what it leaves in the log, and a lead opened from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from fake_workbench import DAY, WHO, Bench, person, wanted, warrant

from netpursuit.custody.lists import remove_list
from netpursuit.enquiry.search import SearchAnswer, SearchRequest, search
from netpursuit.errors import InputError, RefusedError
from netpursuit.records import Authority, Band, EntryKey, EntryKind, LeadState, Person, Verb
from netpursuit.review.leads import clear_lead
from netpursuit.screening.decide import Action
from netpursuit.screening.opening import open_from_query

BEN = person("Ben Example", "1981-03-04", "N-81-000-123")
REVIEW = DAY + timedelta(days=10)


@pytest.fixture
def listed(bench: Bench) -> Bench:
    bench.add(
        "own",
        [
            wanted("B", "Ben Example", "1981-03-04", "N-81-000-123", warrant=warrant(REVIEW + timedelta(days=20))),
            wanted("E", "Ben Example", "1981-03-04", warrant=warrant(REVIEW)),
        ],
        own=True,
        max_age_days=None,
    )
    bench.add(
        "pub",
        [
            wanted("N", "Ben Example"),
            wanted("O", "Other Person", "1950-01-01"),
            wanted("S", "Example Shipping", kind=EntryKind.ORGANISATION),
            wanted("W", "Gone Person"),
        ],
    )
    bench.add("pub", [entry for entry in bench.truth.entries("pub") if entry.entry_id != "W"])
    return bench


def ask(bench: Bench, someone: Person = BEN, *, against: str = "", **more: Any) -> SearchAnswer:
    key = None
    if against:
        list_id, _, entry_id = against.partition(":")
        key = EntryKey(list_id=list_id, entry_id=entry_id)
    return search(bench.desk, SearchRequest(person=someone, against=key, as_of=more.pop("as_of", DAY), **more))


def test_a_query_answers_with_matches_best_first_their_entries_and_the_lists(listed: Bench) -> None:
    answer = ask(listed)
    assert [found.entry.entry_id for found in answer.matches] == ["B", "E", "N"]
    assert [found.match.band for found in answer.matches] == [Band.STRONG, Band.POSSIBLE, Band.WEAK]
    assert [(item.list_id, item.status.value) for item in answer.lists] == [("own", "fresh"), ("pub", "fresh")]
    assert (answer.policy, answer.truncated, answer.against, answer.troubled) == ("table-1", False, None, False)
    assert listed.truth.leads() == (), "a query stores no lead"


def test_limit_and_band_narrow_the_answer_and_it_says_so(listed: Bench) -> None:
    answer = ask(listed, limit=1)
    assert [found.entry.entry_id for found in answer.matches] == ["B"]
    assert answer.truncated
    assert [found.entry.entry_id for found in ask(listed, min_band=Band.STRONG).matches] == ["B"]


def test_an_entry_past_its_review_date_is_not_found(listed: Bench) -> None:
    assert len(ask(listed, as_of=REVIEW).matches) == 3
    assert [found.entry.entry_id for found in ask(listed, as_of=REVIEW + timedelta(days=1)).matches] == ["B", "N"]


def test_stale_lists_answer_and_say_that_they_are_stale(listed: Bench) -> None:
    listed.add("gone", [wanted("G", "Grace Gone")])
    with listed.truth.transaction() as unit:
        unit.remove_list("gone")  # behind the back of whoever keeps the lists
    answer = ask(listed, as_of=DAY + timedelta(days=31))
    statuses = {item.list_id: item.status.value for item in answer.lists}
    assert statuses == {"own": "expired", "pub": "stale", "gone": "missing"}
    assert answer.troubled
    assert "N" in [found.entry.entry_id for found in answer.matches]


@pytest.mark.parametrize(
    ("key", "more", "expected"),
    [
        ("own:B", {}, "found"),
        ("pub:O", {}, "below-band"),
        ("pub:N", {"min_band": Band.POSSIBLE}, "below-band"),
        ("pub:N", {"limit": 1}, "cut-by-limit"),
        ("own:E", {"as_of": REVIEW + timedelta(days=1)}, "expired"),
        ("pub:W", {}, "withdrawn"),
        ("pub:404", {}, "not-listed"),
        ("none:1", {}, "not-listed"),
        ("pub:S", {}, "not-a-person"),
    ],
)
def test_an_answer_against_one_entry_says_why(listed: Bench, key: str, more: dict[str, Any], expected: str) -> None:
    answer = ask(listed, against=key, **more)
    assert answer.against is not None
    assert answer.against.answer == expected
    compared = expected in ("found", "below-band", "cut-by-limit", "expired")
    assert (answer.against.match is not None) is compared


def test_an_answer_against_an_entry_of_a_damaged_list_says_that_it_was_held_out(listed: Bench) -> None:
    with listed.truth.transaction() as unit:
        unit.mark_list(replace(listed.truth.list_version("own"), damaged=True))
    answer = ask(listed, against="own:B")
    assert answer.against is not None
    assert answer.against.answer == "held-out"
    assert answer.troubled


def test_a_list_that_cannot_be_read_is_held_out_and_the_others_answer(listed: Bench) -> None:
    listed.truth._file.run("UPDATE entry_body SET body = '{}' WHERE body LIKE '%Other Person%'")
    answer = ask(listed)
    assert [found.match.key.list_id for found in answer.matches] == ["own", "own"]
    assert {item.list_id: item.status.value for item in answer.lists} == {"own": "fresh", "pub": "damaged"}
    assert answer.troubled


def test_an_answer_against_a_removed_list_names_the_entry_it_had(listed: Bench) -> None:
    remove_list(listed.desk, "own")
    answer = ask(listed, against="own:B")
    assert answer.against is not None
    assert answer.against.answer == "withdrawn"
    assert answer.against.entry is not None


def test_the_log_tells_fields_counts_and_entries_and_no_value(listed: Bench) -> None:
    answer = ask(listed)
    record = list(listed.desk.gate.log.read())[-1]
    assert (record.consultation_id, record.intent.verb) == (answer.consultation_id, Verb.MATCH)
    assert record.intent.fields == ("name", "birth-date", "document")
    assert record.outcome is not None
    assert record.outcome.entry_ids == ("own:B", "own:E", "pub:N")
    assert record.outcome.counts["matches"] == 3
    payloads = " ".join(item.payload or "" for item in listed.truth.log_records())
    for value in ("Ben", "1981-03-04", "N-81-000-123"):
        assert value not in payloads


def test_two_queries_about_one_person_cannot_be_told_to_be_so(listed: Bench) -> None:
    ask(listed)
    ask(listed)
    first, second = [item.outcome for item in listed.desk.gate.log.read() if item.intent.verb is Verb.MATCH]
    assert first is not None
    assert second is not None
    assert first.about["query"] != second.about["query"]


def test_who_is_asked_about_and_not_found_is_in_no_byte_of_the_workspace(listed: Bench) -> None:
    ask(listed, person("Zoe Canary", "1990-09-09", "CANARY-77-000"))
    for path in listed.workspace.folder.parent.rglob("*"):
        if path.is_file():
            assert b"canary" not in path.read_bytes().lower(), path.name


@pytest.mark.parametrize("someone", [Person(nationalities=("FR",)), person("王"), person("Zh*")])
def test_a_query_for_a_group_is_refused(listed: Bench, someone: Person) -> None:
    with pytest.raises(RefusedError):
        ask(listed, someone)
    record = list(listed.desk.gate.log.read())[-1]
    assert record.outcome is not None
    assert record.outcome.refused


def test_without_a_reason_nothing_runs(listed: Bench) -> None:
    desk = listed.as_user(Authority(who=WHO))
    with pytest.raises(RefusedError) as refusal:
        search(desk, SearchRequest(person=BEN, as_of=DAY))
    assert refusal.value.code == "no-reason"


def key_of(entry_id: str, list_id: str = "own") -> EntryKey:
    return EntryKey(list_id=list_id, entry_id=entry_id)


def test_a_lead_is_opened_from_a_query_by_giving_its_fields_again(listed: Bench) -> None:
    query = ask(listed)
    opened = open_from_query(listed.desk, query.consultation_id, key_of("B"), BEN, as_of=DAY)
    assert opened.action is Action.NEW
    (lead,) = listed.truth.leads()
    assert lead == opened.lead
    assert (lead.key.feed_id, lead.key.registration_id, lead.state) == ("query", query.consultation_id, LeadState.OPEN)
    assert lead.match == query.matches[0].match
    again = open_from_query(listed.desk, query.consultation_id, key_of("B"), BEN, as_of=DAY)
    assert (again.action, again.lead) == (Action.UNCHANGED, lead)


def test_a_lead_is_opened_only_for_what_that_query_asked_and_showed(listed: Bench) -> None:
    query = ask(listed, limit=1)
    with pytest.raises(InputError, match="not the fields of that query"):
        open_from_query(listed.desk, query.consultation_id, key_of("B"), replace(BEN, emails=("a@b.c",)), as_of=DAY)
    with pytest.raises(InputError, match="has not shown"):
        open_from_query(listed.desk, query.consultation_id, key_of("E"), BEN, as_of=DAY)
    with pytest.raises(InputError, match="no consultation"):
        open_from_query(listed.desk, "C-none", key_of("B"), BEN, as_of=DAY)
    other = open_from_query(listed.desk, query.consultation_id, key_of("B"), BEN, as_of=DAY)
    with pytest.raises(InputError, match="no finished query"):
        open_from_query(listed.desk, other.consultation_id, key_of("B"), BEN, as_of=DAY)
    assert len(listed.truth.leads()) == 1


def test_an_entry_that_has_ended_since_the_query_opens_no_lead(listed: Bench) -> None:
    query = ask(listed)
    with pytest.raises(InputError, match="matches no longer"):
        open_from_query(listed.desk, query.consultation_id, key_of("E"), BEN, as_of=REVIEW + timedelta(days=1))
    assert listed.truth.leads() == ()


def test_a_person_cleared_of_an_entry_opens_no_lead_on_it_again(listed: Bench) -> None:
    first = ask(listed)
    opened = open_from_query(listed.desk, first.consultation_id, key_of("B"), BEN, as_of=DAY)
    assert opened.lead is not None
    clear_lead(listed.desk, opened.lead.lead_id, reason="other-document", cleared_by="Li Hua")
    second = ask(listed)
    again = open_from_query(listed.desk, second.consultation_id, key_of("B"), BEN, as_of=DAY)
    assert (again.action, again.lead) == (Action.INHERITED, None)
    other = open_from_query(listed.desk, second.consultation_id, key_of("N", "pub"), BEN, as_of=DAY)
    assert other.action is Action.NEW, "clearing one pair never hides another"
