"""The compiled comparisons of fields give the levels, weights and rows that NumPy gives, and stop at damage."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netpursuit.errors import StorageError
from netpursuit.evidence import dates
from netpursuit.evidence.choice import FieldComparison
from netpursuit.kernel.native import is_native
from netpursuit.policy.model import Policy
from netpursuit.prepare import PreparedBatch, Preparer
from netpursuit.records import Name, PartialDate, Person
from tests.conftest import leave_out

POLICY = Policy.shipped()
PREPARER = Preparer(POLICY.frequencies)


@pytest.fixture(autouse=True)
def _compiled_here() -> None:
    if not is_native():
        leave_out("the native kernel is not compiled (it needs a C compiler while the package is installed)")


def crossed(left: PreparedBatch, right: PreparedBatch) -> tuple[np.ndarray, np.ndarray]:
    """Every record with every other, and the last one again first."""
    one, other = (grid.ravel() for grid in np.meshgrid(np.arange(len(left)), np.arange(len(right)), indexing="ij"))
    return np.concatenate([one[-1:], one]), np.concatenate([other[-1:], other])


def assert_alike(native: FieldComparison, reference: FieldComparison) -> set[int]:
    """The levels that came up."""
    for name in ("level", "millibits", "left_row", "right_row"):
        np.testing.assert_array_equal(getattr(native, name), getattr(reference, name), name)
    assert native.level.dtype == reference.level.dtype == np.int8
    assert native.millibits.dtype == reference.millibits.dtype == np.int32
    return set(native.level.tolist())


def date_of(dice: random.Random) -> PartialDate:
    """Few years, months and days, so that dates meet; spans, years about, parts unknown, days by the moon."""
    year, last = dice.choice([1950, 1969, 1970, 1970, 1971, 1979, 1980, 2080, 1850, 2310]), None
    month = dice.choice([None, 1, 1, 2, 3, 10, 11, 12])
    day = dice.choice([None, 1, 1, 2, 3, 5, 11, 12, 28]) if month else None
    if dice.random() < 0.1:
        month, day, last = None, None, year + dice.randrange(1, 4)
    elif dice.random() < 0.1:
        return PartialDate(year=1985, month=dice.choice([1, 1, 3]), day=dice.choice([1, 6, 15]))
    return PartialDate(year=year, month=month, day=day, last_year=last, circa=dice.random() < 0.15)


def born(seed: int, count: int) -> PreparedBatch:
    dice = random.Random(seed)
    names = ("Ivan Petrov", "张伟", "김민준", "Zhang Wei")
    return PREPARER.prepare(
        Person(
            names=tuple(Name(text=dice.choice(names)) for _ in range(dice.randrange(3))),
            birth_dates=tuple(date_of(dice) for _ in range(dice.choice([0, 1, 1, 1, 3]))),
        )
        for _ in range(count)
    )


def anything_in(batch: PreparedBatch, seed: int) -> PreparedBatch:
    """The batch with dates that no calendar has, of the ranges of their columns."""
    dice, rows = np.random.default_rng(seed), len(batch.date_year)
    return replace(
        batch,
        date_year=dice.choice(np.array([-3, 0, 1899, 1900, 1985, 2099, 2100, 32767], np.int16), rows),
        date_month=dice.choice(np.array([-128, -1, 0, 1, 2, 12, 13, 127], np.int8), rows),
        date_day=dice.choice(np.array([-1, 0, 1, 2, 15, 29, 30, 31, 34, 127], np.int8), rows),
        date_last=dice.choice(np.array([-5, 0, 0, 1898, 1990], np.int16), rows),
    )


@pytest.mark.parametrize("seed", range(4))
def test_dates_weigh_alike(seed: int) -> None:
    left, right = born(seed, 90), born(seed + 100, 400)
    rows = crossed(left, right)
    came_up = assert_alike(
        dates.compare_dates(left, right, *rows, POLICY), dates._compare_dates(left, right, *rows, POLICY)
    )
    assert came_up == set(dates.LEVEL.values()) - {dates.LEVEL["in-number"]}


@pytest.mark.parametrize("seed", range(4))
def test_dates_of_no_calendar_weigh_alike(seed: int) -> None:
    left, right = anything_in(born(seed, 60), seed), anything_in(born(seed + 100, 300), seed + 1)
    rows = crossed(left, right)
    assert_alike(dates.compare_dates(left, right, *rows, POLICY), dates._compare_dates(left, right, *rows, POLICY))


def astray(start: np.ndarray) -> list[np.ndarray]:
    """Offsets that lead behind the end, below nought, or backwards."""
    made = [start.copy() for _ in range(3)]
    made[0][-1] += 1
    made[1][0] = -1
    made[2][len(start) // 2] = start[-1] + 7
    return made


Compare = Callable[[PreparedBatch, PreparedBatch, np.ndarray, np.ndarray, Policy], FieldComparison]


def assert_damage(compare: Compare, left: PreparedBatch, right: PreparedBatch, **columns: Any) -> None:
    with pytest.raises(StorageError, match="the index is damaged"):
        compare(left, replace(right, **columns), *crossed(left, right), POLICY)


def test_damaged_dates_are_told() -> None:
    by_moon, by_sun = PartialDate(year=1985, month=1, day=15), PartialDate(year=1985, month=3, day=6)
    left = PREPARER.prepare([Person(names=(Name(text="Ivan"),), birth_dates=(by_sun,))])
    right = PREPARER.prepare([Person(names=(Name(text="Ivan Petrov"),), birth_dates=(by_moon,))] * 3)
    for start in astray(right.date_start):
        assert_damage(dates.compare_dates, left, right, date_start=start)
    for start in astray(right.name_start):
        assert_damage(dates.compare_dates, left, right, name_start=start)
    for start in astray(right.slot_start):
        assert_damage(dates.compare_dates, left, right, slot_start=start)
    assert_damage(dates.compare_dates, left, right, date_month=right.date_month[:-1])
    assert_damage(dates.compare_dates, left, right, slot_token=np.full_like(right.slot_token, 1 << 20))
    outside = np.zeros(1, np.int64), np.array([len(right)])
    with pytest.raises(StorageError, match="the index is damaged"):
        dates.compare_dates(left, right, *outside, POLICY)
