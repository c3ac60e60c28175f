"""Candidate generation: every pair that could reach the band, and a count of what a cap cut.

A pair can reach a band only if its evidence makes up for the prior. Evidence that weighs as much by itself (a number, a
telephone, an e-mail, a unit, a whole date) has a look-up of its own. What has none (a bare year, sex, nationality, a
street) can add at most ``UNKEYED_MILLIBITS``; the rest must come from names, which are walked token by token.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.index.compiled import CompiledList, Lookup, day_code, half_hashes, owners_of, phone_tail
from netpursuit.kernel.ragged import expand, join_sorted
from netpursuit.kernel.relate import COSTS, Relations
from netpursuit.policy.weights import (
    ADDRESS_LEVELS,
    BIRTH_DATE_LEVELS,
    NAME_DAMP_FROM,
    NAME_DAMP_PERCENT,
    NATIONALITY_LEVELS,
    SEX_LEVELS,
    codes,
)
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.prepare.fields import AddressPart, NumberFlag
from netpursuit.prepare.hashes import hash_texts

Array = npt.NDArray[Any]

UNKEYED_MILLIBITS = (
    BIRTH_DATE_LEVELS[codes("birth-date")["same-year"]].millibits
    + ADDRESS_LEVELS[codes("address")["same-house"]].millibits
    + SEX_LEVELS[codes("sex")["same"]].millibits
    + NATIONALITY_LEVELS[codes("nationality")["same"]].millibits
)
POSTINGS_PER_PERSON = 20_000  # walked for the names of one person, rarest tokens first
CANDIDATES_PER_PERSON = 5_000


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs to be scored, sorted by person then record; ``cut`` counts per person what a cap left out."""

    person: Array
    record: Array
    cut: Array


def _look_up(lookup: Lookup, hashes: Array, persons: Array) -> tuple[Array, Array]:
    known = hashes != 0
    at, found = join_sorted(hashes[known], lookup.hash)
    return persons[known][at], lookup.record[found].astype(np.int64)


def _by_number(query: PreparedBatch, compiled: CompiledList) -> list[tuple[Array, Array]]:
    owner = owners_of(query.number_start)
    texts = query.number_text.take(range(len(query.number_text)))
    rows, halves = half_hashes(texts)
    found = [_look_up(compiled.numbers, hash_texts(texts), owner)]
    if len(rows):
        found.append(_look_up(compiled.halves, halves, owner[rows]))
    listed_owner = owners_of(compiled.batch.number_start)
    # Masked and cut numbers are compared with every number of the list, position by position.
    partial = np.flatnonzero((query.number_flags & NumberFlag.PARTIAL) > 0)
    if len(partial) or (len(compiled.partial_numbers) and len(texts)):
        listed = compiled.batch.number_text
        matrix = _bytes_matrix(
            listed.take(range(len(listed))) if len(partial) else listed.take(compiled.partial_numbers)
        )
        owners = listed_owner if len(partial) else listed_owner[compiled.partial_numbers]
        for row in partial if len(partial) else range(len(texts)):
            hits = owners[_fits(matrix, texts[row])]
            found.append((np.full(len(hits), owner[row]), hits))
        if len(partial) and len(compiled.partial_numbers):
            few = matrix[compiled.partial_numbers]
            for row in range(len(texts)):
                hits = listed_owner[compiled.partial_numbers][_fits(few, texts[row])]
                found.append((np.full(len(hits), owner[row]), hits))
    return found


def _bytes_matrix(texts: list[str]) -> npt.NDArray[np.uint8]:
    array = np.array([text[:24].encode("ascii", "replace") for text in texts], dtype="S24")
    return array.view(np.uint8).reshape(len(texts), 24) if len(texts) else np.zeros((0, 24), np.uint8)


def _fits(matrix: Array, text: str) -> Array:
    """Rows that agree with the text wherever both can be read, on four positions or more."""
    wanted = np.frombuffer(text[:24].encode("ascii", "replace").ljust(24, b"\0"), np.uint8)
    unknown = (matrix == ord("?")) | (wanted == ord("?"))
    equal = matrix == wanted
    return np.flatnonzero((equal | unknown).all(axis=1) & ((equal & (wanted > 0)).sum(axis=1) >= 4))


def _by_day(query: PreparedBatch, compiled: CompiledList) -> list[tuple[Array, Array]]:
    """The same day, the same month where a side has no day, day and month swapped, neighbouring years."""
    owner = owners_of(query.date_start)
    year, month, day = (column.astype(np.int64) for column in (query.date_year, query.date_month, query.date_day))
    dated = month > 0
    whole = dated & (day > 0)
    swappable = whole & (day <= 12) & (day != month)
    wanted = [
        (day_code(year, month, day), dated),
        (day_code(year, month, np.zeros_like(day)), whole),
        (day_code(year, day, month), swappable),
        (day_code(year + 1, month, day), whole),
        (day_code(year - 1, month, day), whole),
    ]
    found = [_look_up(compiled.days, code[rows].astype(np.uint64), owner[rows]) for code, rows in wanted]
    # A query that gives no day meets every day of its month.
    monthly = np.flatnonzero(dated & (day == 0))
    for row in monthly:
        low = day_code(year[row : row + 1], month[row : row + 1], np.zeros(1, np.int64))[0]
        first, last = np.searchsorted(compiled.days.hash, np.array([low, low + 31], np.uint64))
        hits = compiled.days.record[first:last].astype(np.int64)
        found.append((np.full(len(hits), owner[row]), hits))
    return found


def _by_phone(query: PreparedBatch, compiled: CompiledList) -> list[tuple[Array, Array]]:
    owner = owners_of(query.phone_start)
    texts = query.phone_text.take(range(len(query.phone_text)))
    found = [_look_up(compiled.phones, hash_texts(phone_tail(text) for text in texts), owner)]
    listed_owner = owners_of(compiled.batch.phone_start)
    listed = compiled.batch.phone_text
    for row, text in enumerate(texts):
        masked = "?" in text or "*" in text
        rows = np.arange(len(listed)) if masked else compiled.masked_phones
        hits = [other for other in rows.tolist() if _phones_fit(text, listed[other])]
        found.append((np.full(len(hits), owner[row]), listed_owner[hits] if hits else np.zeros(0, np.int64)))
    return found


def _phones_fit(one: str, other: str) -> bool:
    pairs = list(zip(reversed(one.lstrip("+")), reversed(other.lstrip("+")), strict=False))
    return all(a == b or a in "?*" or b in "?*" for a, b in pairs)


def _by_name(
    query: PreparedBatch, compiled: CompiledList, relations: Relations, needed: int
) -> tuple[Array, Array, Array]:
    """Pairs whose agreeing tokens could carry the names over ``needed``; and the postings cut per person."""
    persons = len(query)
    cut = np.zeros(persons, np.int64)
    slot_person = owners_of(query.name_start)[owners_of(query.slot_start)]
    # Each person's distinct tokens with the largest weight that any role gives them.
    pairs = np.unique(slot_person * max(1, len(query.tokens)) + query.slot_token)
    person, token = np.divmod(pairs, max(1, len(query.tokens)))
    size = max(1, relations.right_size)
    low = np.searchsorted(relations.key, token * size)
    high = np.searchsorted(relations.key, (token + 1) * size)
    counts = high - low
    at = np.repeat(np.arange(len(person), dtype=np.int64), counts)
    row = np.arange(int(counts.sum()), dtype=np.int64) - np.repeat(np.cumsum(counts) - counts - low, counts)
    person, left, right = person[at], token[at], relations.key[row] % size
    weight = (
        np.minimum(query.tokens.rarity[left].max(axis=1), compiled.batch.tokens.rarity[right].max(axis=1))
        - COSTS[relations.level[row]]
    )
    keep = weight > 0
    person, right, weight = person[keep], right[keep], weight[keep].astype(np.int64)
    # Of several tokens of one person that meet the same listed token the best counts.
    order = np.lexsort((-weight, right, person))
    person, right, weight = person[order], right[order], weight[order]
    first = np.ones(len(person), bool)
    first[1:] = (person[1:] != person[:-1]) | (right[1:] != right[:-1])
    person, right, weight = person[first], right[first], weight[first]
    length = compiled.posting_start[right + 1] - compiled.posting_start[right]
    # Rarest tokens first, until the person's share of postings is used up.
    order = np.lexsort((length, person))
    person, right, weight, length = person[order], right[order], weight[order], length[order]
    running = np.cumsum(length)
    begins = np.searchsorted(person, person)
    used = running - np.where(begins > 0, running[begins - 1], 0)
    walked = used <= POSTINGS_PER_PERSON
    np.add.at(cut, person[~walked], length[~walked])
    unwalked = np.zeros(persons, np.int64)
    np.add.at(unwalked, person[~walked], weight[~walked])
    at, posting = expand(compiled.posting_start, right[walked])
    bearer = compiled.posting_record[posting].astype(np.int64)
    key = person[walked][at] * max(1, len(compiled)) + bearer
    order = np.argsort(key, kind="stable")
    key, carried = key[order], weight[walked][at][order]
    if not len(key):
        return np.zeros(0, np.int64), np.zeros(0, np.int64), cut
    starts = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    total = np.add.reduceat(carried, starts)
    found_person, found_record = np.divmod(key[starts], max(1, len(compiled)))
    enough = total + unwalked[found_person] >= needed
    return found_person[enough], found_record[enough], cut


def undamped(millibits: int) -> int:
    """The sum of name parts that damping turns into so many thousandths of a bit."""
    beyond = max(0, millibits - NAME_DAMP_FROM)
    return min(millibits, NAME_DAMP_FROM) + beyond * 100 // NAME_DAMP_PERCENT


def generate(query: PreparedBatch, compiled: CompiledList, relations: Relations, floor: int) -> Candidates:
    """Candidates for every person of ``query``.

    ``floor`` is the sum of evidence, prior left out, below which nobody asks, in thousandths of a bit.
    """
    named_person, named_record, cut = _by_name(query, compiled, relations, undamped(floor - UNKEYED_MILLIBITS))
    found = [(named_person, named_record)]
    found += _by_number(query, compiled) + _by_phone(query, compiled) + _by_day(query, compiled)
    found.append(_look_up(compiled.emails, query.email_hash, owners_of(query.email_start)))
    units = query.address_parts[:, AddressPart.UNIT]
    found.append(_look_up(compiled.units, units, owners_of(query.address_start)))
    size = max(1, len(compiled))
    key = np.unique(np.concatenate([person * size + record for person, record in found]))
    person, record = np.divmod(key, size)
    rank = np.arange(len(person)) - np.searchsorted(person, person)
    keep = rank < CANDIDATES_PER_PERSON
    np.add.at(cut, person[~keep], 1)
    return Candidates(person[keep], record[keep], cut)
