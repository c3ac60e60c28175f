"""Look-ups of evidence that weighs much by itself: numbers, telephones, e-mails, flats, houses, whole dates."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from netpursuit.index.bounds import RowRanges, unkeyed_most
from netpursuit.index.compiled import (
    CompiledList,
    Lookup,
    day_code,
    email_hashes,
    number_hashes,
    phone_tail,
    slip_hashes,
)
from netpursuit.kernel.ragged import counts_of, owners_of
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import CITIZEN_NUMBER_MILLIBITS
from netpursuit.prepare.columns import PreparedBatch, TextColumn
from netpursuit.prepare.fields import AddressPart
from netpursuit.prepare.hashes import hash_texts
from netpursuit.prepare.numbers import NumberFlag

Array = npt.NDArray[Any]

ROWS_PER_LOOKUP = 200_000  # of one value of one person; a value that more entries share says little
_WIDTH = 40
_MIN_VISIBLE = 4


class Keyed(NamedTuple):
    """One look-up: its field, what it may add to what the field may weigh without one, and whether it is a number."""

    field: str
    millibits: int
    exact: bool = False


@lru_cache
def look_ups(policy: Policy) -> tuple[Keyed, ...]:
    """Every look-up there is, in the order of the numbers below."""

    def beyond(field: str, *levels: str) -> Keyed:
        most = max(policy.weight(field, level) for level in levels)
        return Keyed(field, max(0, most - unkeyed_most(policy, field)))

    slip = min(policy.weight("document", level) for level in ("transposed", "one-slip"))
    number = max(CITIZEN_NUMBER_MILLIBITS, policy.weight("document", "same"))
    return (
        Keyed("document", number, True),
        Keyed("document", number - slip),
        Keyed("document", number),
        beyond("phone", "same", "consistent"),
        beyond("email", "same"),
        beyond("address", "same-unit"),
        beyond("address", "same-house"),
        beyond("birth-date", "same-day", "same-day-conventional"),
        beyond("birth-date", "same-month"),
        beyond("birth-date", "day-month-swapped"),
        beyond("email", "similar", "same-name-elsewhere"),
    )


_NUMBER, _SLIP, _PARTIAL, _PHONE, _EMAIL, _UNIT, _HOUSE, _DAY, _MONTH, _SWAPPED, _NEAR_EMAIL = range(11)


def _look_up(lookup: Lookup, hashes: Array, persons: Array) -> RowRanges | None:
    if not len(hashes):
        return None
    known = np.flatnonzero(hashes)
    known = known[hashes[known].argsort()]  # so that the search walks through memory once
    asked = hashes[known]
    low = lookup.hash.searchsorted(asked)
    listed = np.flatnonzero(lookup.hash.take(low, mode="clip") == asked) if len(lookup.hash) else low[:0]
    low = low[listed]
    return RowRanges(persons[known[listed]], low, lookup.hash.searchsorted(asked[listed], "right"), lookup.record)


def keyed_ranges(query: PreparedBatch, compiled: CompiledList, cut: Array) -> list[tuple[int, RowRanges]]:
    """(row of ``look_ups``, rows found). A value that too many entries share is left out and added to ``cut``."""
    found: list[tuple[int, RowRanges | None]] = []
    for stated, looked_up in (
        (query.number_family, _by_number),
        (query.phone_hash, _by_phone),
        (query.email_hash, _by_email),
        (query.address_kind, _by_address),
        (query.date_year, _by_date),
    ):
        if len(stated):
            found += looked_up(query, compiled)
    return [(source, _within_cap(ranges, cut)) for source, ranges in found if ranges is not None]


def _by_number(query: PreparedBatch, compiled: CompiledList) -> list[tuple[int, RowRanges | None]]:
    owner = owners_of(query.number_start)
    texts = query.number_text.take(range(len(query.number_text)))
    row, hashes = number_hashes(texts)
    slip_row, slips = slip_hashes(texts)
    return [
        (_NUMBER, _look_up(compiled.numbers, hashes, owner[row])),
        (_SLIP, _look_up(compiled.slips, slips, owner[slip_row])),
    ]


def _by_phone(query: PreparedBatch, compiled: CompiledList) -> list[tuple[int, RowRanges | None]]:
    owner, texts = owners_of(query.phone_start), query.phone_text.take(range(len(query.phone_text)))
    return [
        (_PHONE, _look_up(compiled.phones, query.phone_hash, owner)),
        (_PHONE, _look_up(compiled.phones, hash_texts(map(phone_tail, texts)), owner)),
    ]


def _by_email(query: PreparedBatch, compiled: CompiledList) -> list[tuple[int, RowRanges | None]]:
    owner = owners_of(query.email_start)
    row, hashes = email_hashes(query)
    return [
        (_EMAIL, _look_up(compiled.emails, query.email_hash, owner)),
        (_NEAR_EMAIL, _look_up(compiled.near_emails, hashes, owner[row])),
    ]


def _by_address(query: PreparedBatch, compiled: CompiledList) -> list[tuple[int, RowRanges | None]]:
    owner = owners_of(query.address_start)
    return [
        (_UNIT, _look_up(compiled.units, query.address_parts[:, AddressPart.UNIT], owner)),
        (_HOUSE, _look_up(compiled.houses, query.address_parts[:, AddressPart.HOUSE], owner)),
    ]


def _by_date(query: PreparedBatch, compiled: CompiledList) -> list[tuple[int, RowRanges | None]]:
    owner, days = owners_of(query.date_start), compiled.days
    year, month, day = (column.astype(np.int64) for column in (query.date_year, query.date_month, query.date_day))
    whole, monthly = (month > 0) & (day > 0), (month > 0) & (day == 0)
    swappable = whole & (day <= 12) & (day != month)

    def on(code: Array, rows: Array) -> RowRanges | None:
        return _look_up(days, code.astype(np.uint64)[rows], owner[rows])

    found = [
        (_DAY, on(day_code(year, month, day), whole)),
        (_MONTH, on(day_code(year, month, np.zeros_like(day)), whole)),
        (_SWAPPED, on(day_code(year, day, month), swappable)),
    ]
    if monthly.any():
        low = days.hash.searchsorted(day_code(year, month, np.zeros_like(day)).astype(np.uint64)[monthly])
        high = days.hash.searchsorted(day_code(year, month, np.full_like(day, 32)).astype(np.uint64)[monthly])
        found.append((_MONTH, RowRanges(owner[monthly], low, high, days.record)))
    return found


def _within_cap(ranges: RowRanges, cut: Array) -> RowRanges:
    count = ranges.high - ranges.low
    wide = count > ROWS_PER_LOOKUP
    if not wide.any():
        return ranges
    np.add.at(cut, ranges.person[wide], count[wide])
    return RowRanges(ranges.person[~wide], ranges.low[~wide], ranges.high[~wide], ranges.records)


def keyed_pairs(query: PreparedBatch, compiled: CompiledList) -> list[tuple[int, Array, Array]]:
    """(row of ``look_ups``, person, record) for masked and cut numbers and masked telephones, position by position."""
    batch = compiled.batch
    found: list[tuple[int, Array, Array]] = []
    partial = (query.number_flags & NumberFlag.PARTIAL) > 0
    if partial.any() or (len(partial) and len(compiled.partial_numbers)):
        one, other = _partly_seen(query.number_text, partial, batch.number_text, compiled.partial_numbers, as_long=True)
        found.append((_PARTIAL, _owners(query.number_start, one), _owners(batch.number_start, other)))
    if not len(query.phone_text):
        return found
    asked = query.phone_text.matrix(np.arange(len(query.phone_text)), _WIDTH, reverse=True)
    masked = _IS_HIDDEN[asked].max(axis=1, initial=False)
    one, other = _partly_seen(query.phone_text, masked, batch.phone_text, compiled.masked_phones, reverse=True)
    found.append((_PHONE, _owners(query.phone_start, one), _owners(batch.phone_start, other)))
    return found


def _owners(start: Array, rows: Array) -> Array:
    """The record of each of a few rows."""
    return np.searchsorted(start, rows.astype(start.dtype), "right") - 1


def _partly_seen(
    asked: TextColumn,
    hidden: Array,
    listed: TextColumn,
    listed_hidden: Array,
    *,
    as_long: bool = False,
    reverse: bool = False,
) -> tuple[Array, Array]:
    """(row asked, row listed) of texts that agree wherever both can be read and of which a side hides something.

    ``hidden`` marks rows asked, ``listed_hidden`` are rows of the list. ``as_long``: both are of one length.
    """
    rows, found = asked.matrix(np.arange(len(asked)), _WIDTH, reverse=reverse), [np.zeros((2, 0), np.int64)]
    whole, size = np.flatnonzero(~hidden), counts_of(asked.start)
    for row in np.flatnonzero(hidden).tolist():
        others = np.flatnonzero(counts_of(listed.start) == size[row]) if as_long else np.arange(len(listed))
        hits = others[_fits(listed.matrix(others, _WIDTH, reverse=reverse), rows[row], _MIN_VISIBLE)]
        found.append(np.stack([np.full(len(hits), row), hits]))
    if len(whole):
        for row, text in zip(
            listed_hidden.tolist(), listed.matrix(listed_hidden, _WIDTH, reverse=reverse), strict=True
        ):
            others = whole[size[whole] == listed.start[row + 1] - listed.start[row]] if as_long else whole
            hits = others[_fits(rows[others], text, _MIN_VISIBLE)]
            found.append(np.stack([hits, np.full(len(hits), row)]))
    one, other = np.concatenate(found, axis=1)
    return one, other


_IS_HIDDEN = np.isin(np.arange(256), (ord("?"), ord("*")))
_IS_BLANK = np.isin(np.arange(256), (0, ord("?"), ord("*"), ord("+")))


def _fits(matrix: Array, wanted: Array, least: int) -> Array:
    """Rows that agree with ``wanted`` wherever both can be read, on ``least`` positions or more."""
    unknown = _IS_BLANK[matrix] | _IS_BLANK[wanted]
    equal = matrix == wanted
    return np.flatnonzero((equal | unknown).all(axis=1) & ((equal & ~unknown).sum(axis=1) >= least))
