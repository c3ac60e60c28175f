"""Birth dates: as precise as both sides are."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.evidence.choice import FieldComparison, choose, not_compared
from netpursuit.ids.lunar import FIRST_YEAR, month_table, solar_dates
from netpursuit.kernel import native_fields
from netpursuit.kernel.native import is_native
from netpursuit.kernel.ragged import expand, first_that_holds, one_of, pair_rows
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import codes
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.text.scripts import Script

Array = npt.NDArray[Any]
LEVEL = codes("birth-date")
_CIRCA_YEARS = 2
_LUNAR_SCRIPTS = (int(Script.HAN), int(Script.HANGUL))


def _digits_apart(left: Array, right: Array, width: int) -> Array:
    """How many decimal digits differ."""
    count = np.zeros(len(left), np.int64)
    for place in range(width):
        scale = 10**place
        count += (left // scale) % 10 != (right // scale) % 10
    return count


def _are_lunar(ly: Array, lm: Array, ld: Array, ry: Array, rm: Array, rd: Array) -> npt.NDArray[np.bool_]:
    """Whether either date, read by the Chinese lunar calendar, is the other."""
    left, right = ly * 10_000 + lm * 100 + ld, ry * 10_000 + rm * 100 + rd
    there = (solar_dates(ly, lm, ld) == right[:, None]).any(axis=1)
    found: npt.NDArray[np.bool_] = there | (solar_dates(ry, rm, rd) == left[:, None]).any(axis=1)
    return found


def _are_written_in(batch: PreparedBatch, records: Array) -> npt.NDArray[np.bool_]:
    """Whether a part of a name of each record is written in a script whose writers know the lunar calendar."""
    at, name = expand(batch.name_start, records)
    row, slot = expand(batch.slot_start, name)
    found = one_of(batch.tokens.script[batch.slot_token[slot]], _LUNAR_SCRIPTS)
    written: npt.NDArray[np.bool_] = np.bincount(at[row], found, len(records)) > 0
    return written


def _are_near(year_gap: Array, lm: Array, rm: Array, ld: Array, rd: Array) -> npt.NDArray[np.bool_]:
    """Day, month and year each off by a little: three days, a month, a year or a decade."""
    near: npt.NDArray[np.bool_] = (np.abs(ld - rd) <= 3) & (np.abs(lm - rm) <= 1) & one_of(year_gap, (1, 10))
    return near


def _levels(left: PreparedBatch, right: PreparedBatch, lr: Array, rr: Array) -> Array:
    """The level of each pair of date rows, a lunar day looked for in every one."""
    ly, ry = left.date_year[lr].astype(np.int64), right.date_year[rr].astype(np.int64)
    lm, rm = left.date_month[lr].astype(np.int64), right.date_month[rr].astype(np.int64)
    ld, rd = left.date_day[lr].astype(np.int64), right.date_day[rr].astype(np.int64)
    left_last, right_last = left.date_last[lr].astype(np.int64), right.date_last[rr].astype(np.int64)
    left_slack = np.where(left.date_circa[lr], _CIRCA_YEARS, 0)
    right_slack = np.where(right.date_circa[rr], _CIRCA_YEARS, 0)
    left_from, left_to = ly - left_slack, np.where(left_last > 0, left_last, ly) + left_slack
    right_from, right_to = ry - right_slack, np.where(right_last > 0, right_last, ry) + right_slack
    wide = (left_to > left_from) | (right_to > right_from)
    overlap = (left_from <= right_to) & (right_from <= left_to)
    both_days = (ld > 0) & (rd > 0)
    both_months = (lm > 0) & (rm > 0)
    # 1 January stands for "day unknown" on many documents: then only the year speaks.
    left_new_year, right_new_year = (lm == 1) & (ld == 1), (rm == 1) & (rd == 1)
    conventional = left_new_year | right_new_year
    same_year, same_month, same_day = ly == ry, both_months & (lm == rm), both_days & (ld == rd)
    year_gap = np.abs(ly - ry)
    digits = _digits_apart(ly, ry, 4) + _digits_apart(lm, rm, 2) + _digits_apart(ld, rd, 2)
    full = both_days & both_months
    far = np.where(wide, np.maximum(left_from - right_to, right_from - left_to), year_gap)
    circa = (left.date_circa[lr] | right.date_circa[rr]) & (left_last == 0) & (right_last == 0)
    conditions = [
        ("same-circa-year", circa & same_year & ~(full & same_month & same_day)),
        ("within-span", wide & overlap & ~(full & same_year & same_month & same_day)),
        ("same-day-conventional", full & same_year & same_month & same_day & conventional),
        ("same-day", full & same_year & same_month & same_day),
        ("day-month-swapped", full & same_year & (lm == rd) & (ld == rm)),
        ("year-off-by-one", full & same_month & same_day & (year_gap == 1) & ~conventional),
        ("one-digit", full & (digits == 1) & ~conventional),
        ("lunar", full & _are_lunar(ly, lm, ld, ry, rm, rd)),
        ("same-month", ~full & same_year & same_month),
        ("same-year", same_year & (~both_months | conventional)),
        ("near", full & ~conventional & ~same_year & _are_near(year_gap, lm, rm, ld, rd)),
        ("same-year-other-day", same_year),
        ("year-near", ~wide & (~full | conventional) & (year_gap == 1)),
        ("two-digits", full & (digits == 2) & ~conventional),
        ("differs-widely", far > 10),
    ]
    names, tests = zip(*conditions, strict=True)
    return first_that_holds(tests, [LEVEL[name] for name in names], LEVEL["differs"])


def compare_dates(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, policy: Policy
) -> FieldComparison:
    """The best agreeing dates of each pair; several dates of a list are alternatives."""
    if not (len(left.date_year) and len(right.date_year)):
        return not_compared("birth-date", len(left_rows))
    if is_native():
        return FieldComparison(*native_fields.compare_dates(left, right, left_rows, right_rows, _rules(policy)))
    return _compare_dates(left, right, left_rows, right_rows, policy)


@lru_cache
def _rules(policy: Policy) -> native_fields.DateRules:
    first, length = month_table()
    return native_fields.filled(
        native_fields.DateRules(),
        **native_fields.in_order(native_fields.DATE_LEVELS, LEVEL, policy.weights["birth-date"]),
        first=first,
        length=length,
        lunar_from=FIRST_YEAR,
        circa_years=_CIRCA_YEARS,
        counts_by_moon=np.isin(np.arange(native_fields.SCRIPTS), _LUNAR_SCRIPTS),
    )


def _compare_dates(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, policy: Policy
) -> FieldComparison:
    """``compare_dates`` column by column."""
    pair, lr, rr = pair_rows(left.date_start, left_rows, right.date_start, right_rows)
    if not len(pair):
        return not_compared("birth-date", len(left_rows))
    level = _levels(left, right, lr, rr)
    # Only who writes the name in Chinese characters or Hangul may count days by the moon.
    lunar = np.flatnonzero(level == LEVEL["lunar"])
    written = _are_written_in(left, left_rows[pair[lunar]]) | _are_written_in(right, right_rows[pair[lunar]])
    alike = left.date_year[lr[lunar]] == right.date_year[rr[lunar]]
    otherwise = np.where(alike, LEVEL["same-year-other-day"], LEVEL["differs"])
    level[lunar] = np.where(written, LEVEL["lunar"], otherwise)
    return choose("birth-date", len(left_rows), pair, level, policy.weights["birth-date"][level], lr, rr)


def show_date(batch: PreparedBatch, row: int) -> str:
    """A date as people write it, as precise as it is; empty for row -1."""
    if row < 0:
        return ""
    text = f"{batch.date_year[row]:04d}"
    if batch.date_month[row]:
        text += f"-{batch.date_month[row]:02d}"
    if batch.date_day[row]:
        text += f"-{batch.date_day[row]:02d}"
    if batch.date_last[row]:
        text += f"/{batch.date_last[row]:04d}"
    return f"circa {text}" if batch.date_circa[row] else text
