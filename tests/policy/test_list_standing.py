"""When lists and entries may be relied on (A8, A16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from netpursuit.policy.standing import ListStatus, is_expired, is_mass_withdrawal, judge_list
from netpursuit.records import Entry, EntryKind, ListVersion, Person, SourceRef, Warrant

DAY = date(2026, 11, 20)
VERSION = ListVersion(
    list_id="own",
    version="0" * 16,
    format="mapped",
    publisher="Example Bureau",
    title="Wanted",
    list_date=DAY,
    max_age_days=30,
    added_at=datetime(2026, 11, 20, tzinfo=UTC),
    own=True,
    people=1,
    others=0,
)


def test_a_list_is_fresh_on_its_last_day_and_stale_on_the_next() -> None:
    assert judge_list(VERSION, DAY + timedelta(days=30)) is ListStatus.FRESH
    assert judge_list(VERSION, DAY + timedelta(days=31)) is ListStatus.STALE
    assert judge_list(replace(VERSION, max_age_days=None), date(2099, 1, 1)) is ListStatus.FRESH


def test_a_damaged_or_missing_list_says_so_before_its_age() -> None:
    assert judge_list(replace(VERSION, damaged=True), DAY) is ListStatus.DAMAGED
    assert judge_list(None, DAY) is ListStatus.MISSING


def test_an_own_list_expires_with_its_last_review_date() -> None:
    review = DAY + timedelta(days=5)
    assert judge_list(VERSION, review, last_review=review) is ListStatus.FRESH
    assert judge_list(VERSION, review + timedelta(days=1), last_review=review) is ListStatus.EXPIRED


def test_an_entry_is_in_force_on_its_review_date_and_not_after() -> None:
    entry = Entry(
        entry_id="1",
        kind=EntryKind.PERSON,
        person=Person(),
        source=SourceRef(file="a.csv", line=2),
        warrant=Warrant(review_by=DAY),
    )
    assert not is_expired(entry, DAY)
    assert is_expired(entry, DAY + timedelta(days=1))
    assert not is_expired(replace(entry, warrant=Warrant()), date(2099, 1, 1))


@pytest.mark.parametrize(
    ("withdrawn", "before", "mass"),
    [
        *((9, 100, False), (10, 200, False), (10, 199, True), (11, 200, True), (0, 0, False), (12, 12, True)),
        *((2, 2, False), (2, 3, False), (3, 3, True), (3, 5, True), (3, 6, False), (5, 10, False), (9, 10, True)),
    ],
)
def test_ten_entries_and_more_than_five_in_a_hundred_or_most_of_a_short_list_are_a_mass_withdrawal(
    withdrawn: int, before: int, mass: bool
) -> None:
    assert is_mass_withdrawal(withdrawn, before) is mass
