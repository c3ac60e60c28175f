"""Document numbers: family by family, character by character where a side is masked or cut."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import OSA
from rapidfuzz.process import cpdist

from netpursuit.evidence.choice import FieldComparison, choose
from netpursuit.kernel.ragged import pair_rows
from netpursuit.policy.weights import DOCUMENT_LEVELS, NUMBER_BITS_PER_CHARACTER, NUMBER_LENGTH_TOLL, codes
from netpursuit.prepare.columns import PreparedBatch
from netpursuit.prepare.fields import FAMILIES, NumberFlag

Array = npt.NDArray[Any]
LEVEL = codes("document")
WIDTH = 24
_OTHER = FAMILIES.index("other")
_CHINESE = tuple(FAMILIES.index(family) for family in ("cn-resident", "cn-hmt-resident", "cn-foreign-permanent"))
_SAME = DOCUMENT_LEVELS[LEVEL["same"]].millibits
_SAME_OTHER_FORM = DOCUMENT_LEVELS[LEVEL["same-other-form"]].millibits
_UNKNOWN = ord("?")
_CONFUSED = str.maketrans("OIQDLSBZ", "0100158" + "2")  # what scanners and tired eyes take for one another

# What the visible positions of an 18-character Chinese number rule out, in thousandths of a bit: region (people move
# little: capped), year, month, day, sequence, check character (which the others determine unless some are unknown).
_CHINESE_POSITIONS = np.array(
    [1_200] * 6 + [500, 500, 2_500, 2_400, 1_800, 1_800, 2_400, 2_300] + [3_300] * 3 + [1_500]
)
BIRTH_POSITIONS = slice(6, 14)


def number_matrix(texts: list[str]) -> npt.NDArray[np.uint8]:
    """(numbers, 24) bytes, 0 behind the end; longer numbers keep their first 24 characters."""
    matrix = np.zeros((len(texts), WIDTH), np.uint8)
    for row, text in enumerate(texts):
        raw = text.encode("ascii", "replace")[:WIDTH]
        matrix[row, : len(raw)] = np.frombuffer(raw, np.uint8)
    return matrix


def full_weight(length: Array, family: Array) -> Array:
    """What agreement of a whole number weighs: by its length, at most 24 bits."""
    by_length = np.minimum(length * NUMBER_BITS_PER_CHARACTER - NUMBER_LENGTH_TOLL, _SAME)
    return np.where(np.isin(family, _CHINESE), _SAME, np.maximum(by_length, 0))


def _visible_weight(lm: Array, rm: Array, family: Array) -> Array:
    """What the positions weigh that both sides show, for numbers that are consistent.

    A birth date of which a digit is hidden is left to the comparison of dates, so that it counts once.
    """
    seen = (lm != _UNKNOWN) & (rm != _UNKNOWN) & (lm > 0)
    hidden = np.isin(family, _CHINESE) & ~seen[:, BIRTH_POSITIONS].all(axis=1)
    seen[:, BIRTH_POSITIONS] &= ~hidden[:, None]
    plain = np.maximum(seen.sum(axis=1) * NUMBER_BITS_PER_CHARACTER - NUMBER_LENGTH_TOLL, 0)
    positions = np.zeros(WIDTH, np.int64)
    positions[:18] = _CHINESE_POSITIONS
    chinese = seen @ positions
    bits: Array = np.minimum(np.where(np.isin(family, _CHINESE), chinese, plain), _SAME - 500)
    return bits


def compare_numbers(
    left: PreparedBatch, right: PreparedBatch, left_rows: Array, right_rows: Array, shared: Array | None = None
) -> FieldComparison:
    """The best pair of numbers of one family for each pair of records.

    ``shared`` counts, for each number row of the right side, how many entries bear that number (1 where nobody else).
    """
    pairs = len(left_rows)
    pair, lr, rr = pair_rows(left.number_start, left_rows, right.number_start, right_rows)
    left_family, right_family = left.number_family[lr], right.number_family[rr]
    left_country, right_country = left.number_country[lr], right.number_country[rr]
    same_country = (left_country == right_country) | (left_country == 0) | (right_country == 0)
    either_other = (left_family == _OTHER) | (right_family == _OTHER)
    keep = np.flatnonzero(((left_family == right_family) & same_country) | (either_other & same_country))
    pair, lr, rr = pair[keep], lr[keep], rr[keep]
    left_texts, right_texts = left.number_text.take(lr.tolist()), right.number_text.take(rr.tolist())
    lm, rm = number_matrix(left_texts), number_matrix(right_texts)
    family = np.maximum(left.number_family[lr], right.number_family[rr])
    same_family = left.number_family[lr] == right.number_family[rr]
    left_flags, right_flags = left.number_flags[lr], right.number_flags[rr]
    left_length, right_length = (lm > 0).sum(axis=1), (rm > 0).sum(axis=1)
    whole = full_weight(np.minimum(left_length, right_length), family)

    partial = ((left_flags | right_flags) & NumberFlag.PARTIAL) > 0
    fits = ((lm == rm) | (lm == _UNKNOWN) | (rm == _UNKNOWN)).all(axis=1)
    same = (lm == rm).all(axis=1) & ~partial
    distance = cpdist(left_texts, right_texts, scorer=OSA.distance, score_cutoff=1, dtype=np.uint8)
    folded_left = [text.translate(_CONFUSED) for text in left_texts]
    folded_right = [text.translate(_CONFUSED) for text in right_texts]
    confused = np.fromiter((a == b for a, b in zip(folded_left, folded_right, strict=True)), np.bool_, len(lr))
    moved = (np.sort(lm, axis=1) == np.sort(rm, axis=1)).all(axis=1) & (distance == 1)
    long_enough = np.minimum(left_length, right_length) >= 6
    lifelong = ((left_flags & right_flags) & NumberFlag.LIFELONG) > 0
    fake = ((left_flags | right_flags) & NumberFlag.FAKE) > 0
    typed = np.fromiter(
        (left.number_raw[a] == right.number_raw[b] for a, b in zip(lr.tolist(), rr.tolist(), strict=True)),
        np.bool_,
        len(lr),
    )

    close = ~partial & long_enough & same_family
    level = np.select(
        [
            fake & (same | fits),
            same & typed,
            same,
            partial & fits,
            close & confused,
            close & moved,
            close & (distance == 1),
            ~same_family,
            lifelong,
        ],
        [
            LEVEL["known-fake"],
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
    fixed = np.array([entry.millibits for entry in DOCUMENT_LEVELS], np.int64)
    bits = fixed[level]
    bits = np.where(level == LEVEL["same"], whole, bits)
    bits = np.where(level == LEVEL["same-other-form"], np.minimum(whole, _SAME_OTHER_FORM), bits)
    bits = np.where(level == LEVEL["consistent"], _visible_weight(lm, rm, family), bits)
    for key in ("ocr", "transposed", "one-slip"):
        bits = np.where(level == LEVEL[key], np.maximum(whole - fixed[LEVEL[key]], 0), bits)
    if shared is not None and len(rr):
        bearers = shared[rr]
        agreeing = (bits > 0) & (bearers > 1)
        bits = np.where(agreeing, np.maximum(bits - (np.log2(bearers) * 1000).astype(np.int64), 0), bits)
        level = np.where(agreeing & (level == LEVEL["same"]), LEVEL["shared"], level)
    compared = level != LEVEL["not-compared"]
    return choose("document", pairs, pair[compared], level[compared], bits[compared], lr[compared], rr[compared])


def holds(batch: PreparedBatch, rows: Array, flag: NumberFlag) -> npt.NDArray[np.bool_]:
    """Whether the number row has the flag; False for row -1."""
    if not len(batch.number_flags):
        return np.zeros(len(rows), np.bool_)
    return np.where(rows >= 0, (batch.number_flags[np.maximum(rows, 0)] & flag) > 0, False)
