"""Document numbers: family by family, character by character where a side is masked or cut."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from netpursuit.evidence.choice import FieldComparison, choose, not_compared
from netpursuit.ids.documents import fold_confused
from netpursuit.kernel import native_fields
from netpursuit.kernel.native import is_native
from netpursuit.kernel.ragged import distinct, first_that_holds, one_of, pair_rows
from netpursuit.policy.model import Policy
from netpursuit.policy.weights import (
    CITIZEN_CONFLICT_MILLIBITS,
    CITIZEN_NUMBER_MILLIBITS,
    NUMBER_BITS_PER_CHARACTER,
    NUMBER_LENGTH_TOLL,
    codes,
)
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.prepare.numbers import FAMILIES, NumberFlag

Array = npt.NDArray[Any]
LEVEL = codes("document")
WIDTH = 40
_MIN_VISIBLE = 4  # positions that both sides show
_OTHER = FAMILIES.index("other")
_CHINESE = tuple(FAMILIES.index(family) for family in ("cn-resident", "cn-hmt-resident", "cn-foreign-permanent"))
_MIN_SLIP_LENGTH = 6
_MIN_UNTYPED_LENGTH = 9
_AGREEING = [LEVEL[key] for key in ("same", "same-other-form", "shared", "consistent", "ocr", "transposed", "one-slip")]
_UNKNOWN = ord("?")

# What the visible positions of an 18-character Chinese number rule out, in thousandths of a bit: region (people move
# little: capped), year, month, day, sequence, check character (which the others determine unless some are unknown).
_CHINESE_POSITIONS = np.array(
    [1_200] * 6 + [500, 500, 2_500, 2_400, 1_800, 1_800, 2_400, 2_300] + [3_300] * 3 + [1_500]
)
BIRTH_POSITIONS = slice(6, 14)
_BELOW_WHOLE = 500  # thousandths of a bit that a number with hidden positions is short of a whole one, at least


def full_weight(length: Array, family: Array, right_check: Array, most: int) -> Array:
    """What agreement of a whole number weighs: by its length up to ``most``; citizen numbers with a check 28 bits."""
    by_length = np.maximum(np.minimum(length * NUMBER_BITS_PER_CHARACTER - NUMBER_LENGTH_TOLL, most), 0)
    chinese = np.where(right_check, CITIZEN_NUMBER_MILLIBITS, most)
    return np.where(one_of(family, _CHINESE), chinese, by_length)


def share_out(bits: Array, bearers: Array) -> Array:
    """Agreement on a value that several entries share loses the logarithm of their number."""
    return np.where(bits > 0, np.maximum(bits - _loss(bearers), 0), bits)


def _loss(bearers: Array) -> npt.NDArray[np.int64]:
    return np.round(np.log2(np.maximum(bearers, 1)) * 1000).astype(np.int64)


@cache
def losses() -> npt.NDArray[np.int32]:
    """What ``share_out`` takes off by the number of bearers, for the kernel; so many seldom share one number."""
    return _loss(np.arange(1 << 14)).astype(np.int32)


def _positions() -> npt.NDArray[np.int64]:
    positions = np.zeros(WIDTH, np.int64)
    positions[: len(_CHINESE_POSITIONS)] = _CHINESE_POSITIONS
    return positions


def _visible_weight(lm: Array, rm: Array, family: Array, most: int) -> Array:
    """What the positions weigh that both sides show, for numbers that are consistent.

    A birth date of which a digit is hidden is left to the comparison of dates, so that it counts once.
    """
    seen = (lm != _UNKNOWN) & (rm != _UNKNOWN) & (lm > 0)
    hidden = one_of(family, _CHINESE) & ~seen[:, BIRTH_POSITIONS].all(axis=1)
    seen[:, BIRTH_POSITIONS] &= ~hidden[:, None]
    plain = np.maximum(seen.sum(axis=1) * NUMBER_BITS_PER_CHARACTER - NUMBER_LENGTH_TOLL, 0)
    # A region alone is no number: it says where somebody comes from, not who somebody is.
    chinese = np.where(seen[:, 6:18].any(axis=1), seen @ _positions(), 0)
    bits: Array = np.minimum(np.where(one_of(family, _CHINESE), chinese, plain), most - _BELOW_WHOLE)
    return bits


def compare_numbers(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    policy: Policy,
    shared: Array | None = None,
) -> FieldComparison:
    """The best pair of numbers of one family for each pair of records.

    ``shared`` counts, for each number row of the right side, how many entries bear that number (1 where nobody else).
    """
    if not (len(left.number_family) and len(right.number_family)):
        return not_compared("document", len(left_rows))
    if is_native():
        rows = left, right, left_rows, right_rows
        found = native_fields.compare_numbers(*rows, _rules(policy), shared, losses())
        if found is not None:
            return FieldComparison(*found)
    return _compare_numbers(left, right, left_rows, right_rows, policy, shared)


@lru_cache
def _rules(policy: Policy) -> native_fields.NumberRules:
    family = np.arange(native_fields.FAMILIES)
    return native_fields.filled(
        native_fields.NumberRules(),
        **native_fields.in_order(native_fields.NUMBER_LEVELS, LEVEL, policy.weights["document"]),
        position=_positions(),
        is_chinese=one_of(family, _CHINESE),
        confused=[ord(fold_confused(chr(byte))) for byte in range(native_fields.BYTES)],
        other_family=_OTHER,
        unknown=_UNKNOWN,
        birth_from=BIRTH_POSITIONS.start,
        birth_to=BIRTH_POSITIONS.stop,
        chinese_length=len(_CHINESE_POSITIONS),
        per_character=NUMBER_BITS_PER_CHARACTER,
        toll=NUMBER_LENGTH_TOLL,
        citizen=CITIZEN_NUMBER_MILLIBITS,
        citizen_conflict=CITIZEN_CONFLICT_MILLIBITS,
        below_whole=_BELOW_WHOLE,
        least_visible=_MIN_VISIBLE,
        least_slip=_MIN_SLIP_LENGTH,
        least_untyped=_MIN_UNTYPED_LENGTH,
        lifelong=NumberFlag.LIFELONG,
        partial=NumberFlag.PARTIAL,
        fake=NumberFlag.FAKE,
        right_check=NumberFlag.RIGHT_CHECK,
    )


def _compare_numbers(
    left: PreparedBatch,
    right: PreparedBatch,
    left_rows: Array,
    right_rows: Array,
    policy: Policy,
    shared: Array | None = None,
) -> FieldComparison:
    """``compare_numbers`` column by column."""
    pairs = len(left_rows)
    pair, lr, rr = pair_rows(left.number_start, left_rows, right.number_start, right_rows)
    left_family, right_family = left.number_family[lr], right.number_family[rr]
    left_country, right_country = left.number_country[lr], right.number_country[rr]
    same_country = (left_country == right_country) | (left_country == 0) | (right_country == 0)
    either_other = (left_family == _OTHER) | (right_family == _OTHER)
    keep = np.flatnonzero(((left_family == right_family) & same_country) | (either_other & same_country))
    if not len(keep):
        return not_compared("document", pairs)
    pair, lr, rr = pair[keep], lr[keep], rr[keep]
    left_texts, right_texts = left.number_text.take(lr.tolist()), right.number_text.take(rr.tolist())
    lm, rm = left.number_text.matrix(lr, WIDTH), right.number_text.matrix(rr, WIDTH)
    family = np.maximum(left.number_family[lr], right.number_family[rr])
    same_family = left.number_family[lr] == right.number_family[rr]
    left_flags, right_flags = left.number_flags[lr], right.number_flags[rr]
    left_length, right_length = (lm > 0).sum(axis=1), (rm > 0).sum(axis=1)
    right_check = ((left_flags & right_flags) & NumberFlag.RIGHT_CHECK) > 0
    chinese = one_of(family, _CHINESE)
    fixed = policy.weights["document"].astype(np.int64)
    most = int(fixed[LEVEL["same"]])
    whole = full_weight(np.minimum(left_length, right_length), family, right_check, most)

    partial = ((left_flags | right_flags) & NumberFlag.PARTIAL) > 0
    seen = ((lm == rm) & (lm != _UNKNOWN) & (lm > 0)).sum(axis=1)
    fits = ((lm == rm) | (lm == _UNKNOWN) | (rm == _UNKNOWN)).all(axis=1) & (seen >= _MIN_VISIBLE)
    distance = cpdist(left_texts, right_texts, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    same = (distance == 0) & ~partial
    confused = np.fromiter(
        (fold_confused(a) == fold_confused(b) for a, b in zip(left_texts, right_texts, strict=True)), np.bool_, len(lr)
    )
    moved = (np.sort(lm, axis=1) == np.sort(rm, axis=1)).all(axis=1) & (distance == 1)
    long_enough = np.minimum(left_length, right_length) >= _MIN_SLIP_LENGTH
    lifelong = ((left_flags & right_flags) & NumberFlag.LIFELONG) > 0
    # Two numbers of one person's life stand against each other only where one country issued both in one form.
    one_issuer = (left_country[keep] == right_country[keep]) & (left_country[keep] > 0)
    conflict = lifelong & same_family & one_issuer & (left_length == right_length) & ~(partial & fits)
    fake = ((left_flags | right_flags) & NumberFlag.FAKE) > 0
    typed = np.zeros(len(lr), bool)
    for row in np.flatnonzero(same).tolist():
        typed[row] = left.number_raw[int(lr[row])] == right.number_raw[int(rr[row])]

    # A number of unstated kind may be a slip of any; a short one is too easily near another.
    untyped = (left_family[keep] == _OTHER) | (right_family[keep] == _OTHER)
    untyped &= np.minimum(left_length, right_length) >= _MIN_UNTYPED_LENGTH
    close = ~partial & long_enough & (same_family | untyped)
    # Of two numbers whose check characters are both right neither is a slip of the other.
    close &= ~(right_check & (left_length == right_length) & ~confused)
    level = first_that_holds(
        [
            fake & (same | fits),
            fake,
            same & typed,
            same,
            partial & fits,
            close & confused,
            close & moved,
            close & (distance == 1),
            ~same_family,
            conflict,
        ],
        [
            LEVEL["known-fake"],
            LEVEL["not-compared"],
            LEVEL["same"],
            LEVEL["same-other-form"],
            LEVEL["consistent"],
            LEVEL["ocr"],
            LEVEL["transposed"],
            LEVEL["one-slip"],
            LEVEL["not-compared"],
            LEVEL["differs"],
        ],
        LEVEL["renewable-differs"],
    )
    bits = fixed[level]
    bits = np.where((level == LEVEL["differs"]) & right_check & chinese, CITIZEN_CONFLICT_MILLIBITS, bits)
    bits = np.where(level == LEVEL["same"], whole, bits)
    bits = np.where(level == LEVEL["same-other-form"], whole - fixed[LEVEL["same-other-form"]], bits)
    bits = np.where(level == LEVEL["consistent"], _visible_weight(lm, rm, family, most), bits)
    for key in ("ocr", "transposed", "one-slip"):
        bits = np.where(level == LEVEL[key], np.maximum(whole - fixed[LEVEL[key]], 0), bits)
    if shared is not None and len(rr):
        bits = share_out(bits, shared[rr])
        level = np.where((level == LEVEL["same"]) & (shared[rr] > 1), LEVEL["shared"], level)
    compared = np.flatnonzero(level != LEVEL["not-compared"])
    rows = (pair[compared], level[compared], bits[compared], lr[compared], rr[compared])
    return _weigh_conflicts(pairs, family[compared], *rows)


def _weigh_conflicts(
    pairs: int, family: Array, pair: Array, level: Array, bits: Array, left_row: Array, right_row: Array
) -> FieldComparison:
    """The best agreement of each pair, less a conflict of another family; without any agreement the worst conflict.

    Several numbers of one family are alternatives; those of different families are not, so that an agreeing passport
    never hides that the two have different citizen numbers.
    """
    agreeing = one_of(level, _AGREEING)
    group = pair * len(FAMILIES) + family
    agreed = distinct(group[agreeing])
    against = (level == LEVEL["differs"]) & ~np.isin(group, agreed)
    # Without any agreement the strongest disagreement speaks.
    supported = np.zeros(pairs, bool)
    supported[pair[agreeing]] = True
    usable = agreeing | ~supported[pair]
    rank = np.where(agreeing, bits, -bits)[usable]
    chosen = choose("document", pairs, pair[usable], level[usable], rank, left_row[usable], right_row[usable])
    millibits = np.where(supported, chosen.millibits, -chosen.millibits)
    worst = np.zeros(pairs, np.int64)
    np.minimum.at(worst, pair[against], bits[against])
    torn = supported & (worst < 0)
    return FieldComparison(
        level=np.where(torn, LEVEL["agrees-conflicts"], chosen.level).astype(np.int8),
        millibits=(millibits + np.where(torn, worst, 0)).astype(np.int32),
        left_row=chosen.left_row,
        right_row=chosen.right_row,
    )


def erring_side(left: PreparedBatch, right: PreparedBatch, left_row: int, right_row: int) -> str:
    """``left`` or ``right`` where the check characters tell which side of a slip erred, else empty."""
    if left_row < 0 or right_row < 0:
        return ""
    one, other = int(left.number_flags[left_row]), int(right.number_flags[right_row])
    if one & NumberFlag.WRONG_CHECK and other & NumberFlag.RIGHT_CHECK:
        return "left"
    return "right" if other & NumberFlag.WRONG_CHECK and one & NumberFlag.RIGHT_CHECK else ""


def holds(batch: PreparedBatch, rows: Array, flag: NumberFlag) -> npt.NDArray[np.bool_]:
    """Whether the number row has the flag; False for row -1."""
    if not len(batch.number_flags):
        return np.zeros(len(rows), np.bool_)
    return np.where(rows >= 0, (batch.number_flags[np.maximum(rows, 0)] & flag) > 0, False)
