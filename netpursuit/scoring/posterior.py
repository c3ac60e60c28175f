"""The sum of the evidence, its probability, its band, and the cap on names alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.evidence import FIELDS, Comparison
from netpursuit.kernel import native_fields, native_sums
from netpursuit.kernel.native import is_native
from netpursuit.kernel.ragged import first_that_holds, one_of
from netpursuit.policy.weights import (
    ALIKE_LEVELS,
    BAND_FLOORS,
    CAP_ALIKE,
    CAP_LIFT_MILLIBITS,
    CAP_OTHER_NAME,
    CAP_OTHER_NUMBER,
    CAP_RELATIVE,
    OTHER_NUMBER_LEVELS,
    OWN_NUMBER_LEVELS,
    RELATIVE_LEVELS,
    codes,
)
from netpursuit.records import Band

Array = npt.NDArray[Any]

_LIFTING = ("birth-date", "document", "phone")
_OTHER_NAME = codes("document")["same-other-name"]
_ALIKE = [codes("name")[level] for level in ALIKE_LEVELS]
_RELATIVE = [codes("name")[level] for level in RELATIVE_LEVELS]
_OTHER_NUMBER = [codes("document")[level] for level in OTHER_NUMBER_LEVELS]
_OWN_NUMBER = [codes("document")[level] for level in OWN_NUMBER_LEVELS]


@dataclass(frozen=True, slots=True)
class Scores:
    """One row per pair: the sum with the prior, the band after the cap, and which of ``CAP_REASONS`` took effect."""

    millibits: npt.NDArray[np.int64]
    band: npt.NDArray[np.int8]
    capped: npt.NDArray[np.int8]


def probability_of(millibits: int) -> float:
    """The posterior probability of a sum of evidence, 0 to 1, rounded to six digits."""
    return round(float(1.0 / (1.0 + 2.0 ** (-millibits / 1000))), 6)


def lifting_millibits(comparison: Comparison) -> Array:
    """What may lift the cap (A6): birth date, document number, telephone, an address down to the unit.

    Sex, nationality, city, street and weak aliases never count; disagreement lifts nothing.
    """
    lift = np.zeros(len(comparison.levels), np.int64)
    for field in _LIFTING:
        lift += np.maximum(comparison.millibits[:, FIELDS.index(field)], 0)
    address = FIELDS.index("address")
    unit = comparison.levels[:, address] == codes("address")["same-unit"]
    return lift + np.where(unit, np.maximum(comparison.millibits[:, address], 0), 0)


def score(comparison: Comparison, prior: int) -> Scores:
    """Add the evidence to the prior (thousandths of a bit), and give the band."""
    if is_native():
        return Scores(*native_sums.score(comparison.levels, comparison.millibits, prior, _rules()))
    return _score(comparison, prior)


@cache
def _rules() -> native_sums.ScoreRules:
    name, document, address = (FIELDS.index(field) for field in ("name", "document", "address"))
    caps = (
        (document, [_OTHER_NAME], False, CAP_OTHER_NAME),
        (name, _ALIKE, True, CAP_ALIKE),
        (name, _RELATIVE, True, CAP_RELATIVE),
        (document, _OTHER_NUMBER, False, CAP_OTHER_NUMBER),
    )
    rules = native_sums.ScoreRules(bands=len(BAND_FLOORS), caps=len(caps))
    for at, (band, floor) in enumerate(BAND_FLOORS):
        rules.band[at], rules.floor[at] = band, floor
    for at, (field, levels, unless_own, ceiling) in enumerate(caps):
        rules.cap[at] = native_sums.Cap(native_sums.bits_of(levels), field, unless_own, ceiling)
    for lifting in _LIFTING:
        rules.lifts[FIELDS.index(lifting)] = 1
    return native_fields.filled(
        rules,
        own=native_sums.bits_of(_OWN_NUMBER),
        document=document,
        address=address,
        same_unit=codes("address")["same-unit"],
        fields=len(FIELDS),
        least_lift=CAP_LIFT_MILLIBITS,
        unlifted=Band.WEAK,
    )


def _score(comparison: Comparison, prior: int) -> Scores:
    """``score`` column by column."""
    total = comparison.millibits.sum(axis=1, dtype=np.int64) + prior
    band = np.zeros(len(total), np.int8)
    for level, floor in BAND_FLOORS:
        band = np.where(total >= floor, np.int8(level), band)
    alone = lifting_millibits(comparison) < CAP_LIFT_MILLIBITS
    capped = alone & (band > Band.WEAK)
    name, document = (comparison.levels[:, FIELDS.index(field)] for field in ("name", "document"))
    other = (document == _OTHER_NAME) & (band > CAP_OTHER_NAME)
    own = one_of(document, _OWN_NUMBER)
    alike = one_of(name, _ALIKE) & ~own & (band > CAP_ALIKE)
    relative = one_of(name, _RELATIVE) & ~own & (band > CAP_RELATIVE)
    number = one_of(document, _OTHER_NUMBER) & (band > CAP_OTHER_NUMBER)
    caps = [capped, other, alike, relative, number]
    ceilings = [np.int8(ceiling) for ceiling in (Band.WEAK, CAP_OTHER_NAME, CAP_ALIKE, CAP_RELATIVE, CAP_OTHER_NUMBER)]
    reasons = [np.int8(reason) for reason in range(1, len(caps) + 1)]
    return Scores(
        total,
        first_that_holds(caps, ceilings, band).astype(np.int8),
        first_that_holds(caps, reasons, np.int8(0)).astype(np.int8),
    )
