"""The compiled comparisons of fields give the levels, weights and rows that NumPy gives, and stop at damage."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from netpursuit.errors import StorageError
from netpursuit.evidence import FIELDS as COLUMNS
from netpursuit.evidence import Comparison, comparison, contacts, dates, numbers
from netpursuit.evidence.choice import FieldComparison
from netpursuit.ids.lunar import solar_dates
from netpursuit.kernel.native import is_native
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import TABLES, codes
from netpursuit.prepare import PreparedBatch, Preparer
from netpursuit.prepare.columns import TextColumn
from netpursuit.prepare.numbers import FAMILIES
from netpursuit.records import Name, PartialDate, Person
from netpursuit.scoring import posterior
from tests.conftest import leave_out
from tests.matching.test_lossless import people

POLICY = Policy.shipped()
PREPARER = Preparer(POLICY.frequencies)
# Every level another weight, some of the wrong sign, as a fitted table may have them.
FITTED = Policy(
    {table: np.random.default_rng(7).integers(-9_000, 24_000, len(rows), np.int32) for table, rows in TABLES.items()},
    POLICY.frequencies,
)
FIELDS = {
    "date": (dates.compare_dates, dates._compare_dates),
    "number": (numbers.compare_numbers, numbers._compare_numbers),
    "phone": (contacts.compare_phones, contacts._compare_phones),
    "address": (contacts.compare_addresses, contacts._compare_addresses),
    "nation": (contacts.compare_nationalities, contacts._compare_nationalities),
}


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


def test_every_day_by_the_moon_is_told_alike() -> None:
    year, month, day, leap = (
        part.ravel() for part in np.meshgrid(np.arange(1899, 2101), np.arange(1, 13), np.arange(1, 32), (0, 1))
    )
    solar = solar_dates(year, month, day)[np.arange(len(day)), leap]
    one = np.arange(len(day) + 1, dtype=np.int32)
    written = replace(
        PREPARER.prepare([Person(names=(Name(text="伟"),))]),
        date_start=one,
        date_last=np.zeros(len(day), np.int16),
        date_circa=np.zeros(len(day), bool),
        name_start=one,
        slot_start=one,
        slot_token=np.zeros(len(day), np.int32),
    )
    left, right = (
        replace(written, date_year=parts[0], date_month=parts[1], date_day=parts[2])
        for parts in ((year, month, day), (solar // 10_000, solar // 100 % 100, solar % 100))
    )
    rows = one[:-1].astype(np.int64)
    for sides in ((left, right), (right, left)):
        native = dates.compare_dates(*sides, rows, rows, POLICY)
        assert_alike(native, dates._compare_dates(*sides, rows, rows, POLICY))
        assert (native.level == dates.LEVEL["lunar"]).sum() > 60_000


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


def slipped(text: str, dice: random.Random, letters: str) -> str:
    """A text with a few letters put in, left out, changed, hidden or swapped."""
    for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 4])):
        at = dice.randrange(len(text) + 1)
        new = dice.choice([dice.choice(letters), "", text[at : at + 2][::-1], text[at : at + 1] * 2, "?"])
        text = text[:at] + new + text[at + dice.choice([0, 1, len(new)]) :]
    return text


def texts_of(rows: int, dice: random.Random, stems: tuple[str, ...], letters: str) -> TextColumn:
    return TextColumn.of(slipped(dice.choice(stems), dice, letters) for _ in range(rows))


NUMBERS = (
    *("11010519491231002X", "440524188001010014", "130503670401001", "G12345678", "AB12", "é123456789", ""),
    *("EO1234S6Z", "E01234562", "EO1234S6Z", "E01234562", "1234567890" * 4 + "1", "1234567890" * 4 + "2"),
    *("110105????????002X", "??????19491231????", "12??????"),
)


def starts(count: int, dice: random.Random) -> np.ndarray:
    return np.cumsum([0, *(dice.choice([0, 1, 1, 1, 1, 4]) for _ in range(count))]).astype(np.int32)


def numbered(seed: int, count: int) -> PreparedBatch:
    """Numbers whose families, countries and flags are anything."""
    dice, batch = random.Random(seed), born(seed, count)
    start = starts(count, dice)
    rows, any_of = int(start[-1]), np.random.default_rng(seed)
    text = texts_of(rows, dice, NUMBERS, "0O1I5S8B2Zé?")
    flags = any_of.choice(np.array([0, 1, 1, 1, 33, 33, 32, 4, 255], np.uint8), rows)
    hidden = np.array([2 if "?" in text[row] else 0 for row in range(rows)], np.uint8)
    return replace(
        batch,
        number_start=start,
        number_text=text,
        number_raw=texts_of(rows, dice, ("same", "other"), "ab"),
        number_family=any_of.choice(np.array([0, 0, 1, 1, 1, 2, 5, len(FAMILIES) - 1], np.int8), rows),
        number_country=any_of.choice(np.array([0, 95, 95, 95, 500], np.int16), rows),
        number_flags=np.where(any_of.random(rows) < 0.9, (flags & 0xFD) | hidden, flags),
    )


PHONES = ("+8613800138000", "13800138000", "+44207946*****", "+442079460000", "+1", "", "008613800138000é", "1" * 30)


def reachable(seed: int, count: int) -> PreparedBatch:
    """Telephones and addresses that are anything."""
    dice, any_of, batch = random.Random(seed), np.random.default_rng(seed), born(seed, count)
    phones, places = starts(count, dice), starts(count, dice)
    stems = ("nevsky prospekt sankt petersburg", "high street oxford", "mill lane", "", "königstraße berlin mitte ost")
    return replace(
        batch,
        phone_start=phones,
        phone_text=texts_of(int(phones[-1]), dice, PHONES, "0123*+é"),
        phone_hash=any_of.integers(0, 9, phones[-1]).astype(np.uint64),
        address_start=places,
        address_text=TextColumn.of("somewhere" for _ in range(places[-1])),
        address_kind=any_of.integers(0, 3, places[-1]).astype(np.int8),
        address_place=texts_of(int(places[-1]), dice, stems, "aeiou"),
        address_parts=(any_of.integers(0, 3, (places[-1], 9)) * any_of.integers(0, 2, (places[-1], 1))).astype(
            np.uint64
        ),
        nation_start=places,
        nation_code=any_of.integers(1, 5, places[-1]).astype(np.int16),
    )


def compare_both(field: str, left: PreparedBatch, right: PreparedBatch, policy: Policy, *more: Any) -> set[int]:
    native, reference = FIELDS[field]
    rows = crossed(left, right)
    return assert_alike(native(left, right, *rows, policy, *more), reference(left, right, *rows, policy, *more))


@pytest.mark.parametrize("policy", [POLICY, FITTED], ids=["shipped", "fitted"])
def test_numbers_weigh_alike(policy: Policy) -> None:
    came_up = set()
    for seed in range(6):
        left, right = numbered(seed, 80), numbered(seed + 50, 200)
        bearers = np.random.default_rng(seed).choice([0, 1, 1, 2, 7, 16_000], len(right.number_family))
        came_up |= compare_both("number", left, right, policy)
        came_up |= compare_both("number", left, right, policy, bearers)
    if policy is POLICY:
        assert came_up == set(codes("document").values()) - {codes("document")["same-other-name"]}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("policy", [POLICY, FITTED], ids=["shipped", "fitted"])
def test_telephones_addresses_and_nationalities_weigh_alike(seed: int, policy: Policy) -> None:
    left, right = reachable(seed, 50), reachable(seed + 50, 100)
    bearers = np.random.default_rng(seed).choice([0, 1, 1, 2, 7, 16_000], len(right.phone_hash))
    came_up = {field: compare_both(field, left, right, policy) for field in ("phone", "address", "nation")}
    compare_both("phone", left, right, policy, bearers)
    if policy is POLICY:
        assert came_up == {
            "phone": set(codes("phone").values()),
            "address": set(codes("address").values()) - {codes("address")["in-number"]},
            "nation": set(codes("nationality").values()),
        }


@pytest.mark.parametrize("field", list(FIELDS))
def test_invented_people_compare_alike(field: str) -> None:
    left, right = (PREPARER.prepare(people(seed, size)) for seed, size in ((3, 120), (4, 200)))
    assert len(compare_both(field, left, right, POLICY)) > 2
    nobody = PREPARER.prepare([Person()])
    assert len(compare_both(field, left, nobody, POLICY)) == len(compare_both(field, nobody, right, POLICY)) == 1


@pytest.mark.parametrize("field", ["number", "phone"])
def test_a_value_of_more_bearers_than_are_known_weighs_alike(field: str) -> None:
    batch = numbered(1, 30) if field == "number" else reachable(1, 30)
    many = np.full(len(batch.number_family) + len(batch.phone_hash), len(numbers.losses()))
    assert len(compare_both(field, batch, batch, POLICY, many)) > 2
    few = compare_both(field, batch, batch, POLICY, many - 1)
    assert len(few) > 2


def lists_of(column: TextColumn) -> list[TextColumn]:
    """The column with texts behind the end, and one text too few."""
    behind = column.start.copy()
    behind[1::2] = 1 << 40
    return [TextColumn(behind, column.data), TextColumn(column.start[:-1], column.data)]


def test_damaged_numbers_telephones_and_addresses_are_told() -> None:
    left, right, here, there = numbered(1, 30), numbered(2, 40), reachable(1, 30), reachable(2, 40)
    for start in astray(right.number_start):
        assert_damage(numbers.compare_numbers, left, right, number_start=start)
    for text in lists_of(right.number_text):
        assert_damage(numbers.compare_numbers, left, right, number_text=text)
    raw = TextColumn(np.full_like(right.number_raw.start, -1), right.number_raw.data)
    assert_damage(numbers.compare_numbers, left, right, number_raw=raw)
    assert_damage(numbers.compare_numbers, left, right, number_flags=right.number_flags[1:])
    assert_damage(numbers.compare_numbers, left, right, number_family=np.full_like(right.number_family, 99))
    for start in astray(there.phone_start):
        assert_damage(contacts.compare_phones, here, there, phone_start=start)
    for text in lists_of(there.phone_text):
        assert_damage(contacts.compare_phones, here, there, phone_text=text)
    for start in astray(there.address_start):
        assert_damage(contacts.compare_addresses, here, there, address_start=start)
        assert_damage(contacts.compare_nationalities, here, there, nation_start=start)
    for text in lists_of(there.address_place):
        assert_damage(contacts.compare_addresses, here, there, address_place=text)
    assert_damage(contacts.compare_addresses, here, there, address_parts=there.address_parts[:, 1:])
    assert_damage(contacts.compare_nationalities, here, there, nation_code=there.nation_code[:-1])
    with pytest.raises(StorageError, match="columns of one table differ in length"):
        numbers.compare_numbers(left, right, *crossed(left, right), POLICY, np.ones(1, np.int64))


def weighed(pairs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Any level of each field at any weight."""
    dice = np.random.default_rng(seed)
    levels = np.column_stack([dice.integers(0, len(TABLES[field]), pairs) for field in COLUMNS]).astype(np.int8)
    return levels, (dice.integers(-9, 16, levels.shape) * dice.choice([0, 500, 1_000], levels.shape)).astype(np.int32)


@pytest.mark.parametrize("policy", [POLICY, FITTED], ids=["shipped", "fitted"])
def test_what_a_number_holds_counts_once_alike(policy: Policy) -> None:
    left, right, dice = numbered(1, 40), numbered(2, 60), np.random.default_rng(3)
    right = replace(right, number_flags=dice.integers(0, 256, len(right.number_flags)).astype(np.uint8))
    levels, millibits = weighed(40_000, 4)
    rows = (dice.integers(-1, len(batch.number_flags), len(levels)) for batch in (left, right))
    column = COLUMNS.index("document")
    document = FieldComparison(levels[:, column].copy(), millibits[:, column].copy(), *rows)
    native, reference = (levels.copy(), millibits.copy()), (levels.copy(), millibits.copy())
    comparison._condition(left, right, *native, document, policy)
    comparison._condition_columns(left, right, *reference, document, policy)
    for one, other, before in zip(native, reference, (levels, millibits), strict=True):
        np.testing.assert_array_equal(one, other)
        changed = np.flatnonzero((one != before).any(axis=0))
        assert {"birth-date", "document", "address", "sex"} <= {COLUMNS[at] for at in changed}


def test_sums_bands_and_caps_come_alike() -> None:
    names: Any = None  # nobody asks for them
    for prior in (-24_000, -14_000, 0):
        some = Comparison(*weighed(40_000, prior + 30_000), names, {})
        native, reference = posterior.score(some, prior), posterior._score(some, prior)
        for name in ("millibits", "band", "capped"):
            np.testing.assert_array_equal(getattr(native, name), getattr(reference, name), name)
            assert getattr(native, name).dtype == getattr(reference, name).dtype
        assert set(reference.capped.tolist()) == set(range(6))
        assert set(reference.band.tolist()) == {0, 1, 2, 3}
