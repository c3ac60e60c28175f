"""The seeded job of the speed benchmark is what its description says."""

from __future__ import annotations

from collections import Counter

from bench.job import make_job


def test_the_same_seed_gives_the_same_job_and_another_seed_another() -> None:
    assert make_job(600, 300, 5) == make_job(600, 300, 5)
    assert make_job(600, 300, 5) != make_job(600, 300, 6)


def test_planted_people_stand_on_the_list_and_are_corrupted_as_often_as_said() -> None:
    job = make_job(3_000, 40_000, 7)
    assert len(job.planted) == 400
    assert len(job.negatives) == 800
    assert job.negatives.isdisjoint(one.registration for one in job.planted)
    counts = Counter(len(one.corruptions) for one in job.planted)
    assert 0.22 < counts[0] / 400 < 0.38
    assert 0.37 < counts[1] / 400 < 0.53
    for one in job.planted:
        if not one.corruptions:
            name, born, number = job.entries[one.entry]
            registered = job.registrations[one.registration]
            assert (registered[0], registered[2]) == (name, number)
            assert registered[1].startswith(born)


def test_entries_lack_numbers_and_whole_dates_as_often_as_said() -> None:
    entries = make_job(8_000, 100, 9).entries
    assert 0.37 < sum(not number for *_, number in entries) / 8_000 < 0.43
    assert 0.17 < sum(len(born) == 4 for _, born, _ in entries) / 8_000 < 0.23
    assert len({name for name, *_ in entries}) > 6_000
