"""Figures of merit: ranking, thresholds, review load, calibration. Pure, on arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from netpursuit.evaluation.labelled import Labelled
from netpursuit.policy.weights import PAIR_PRIOR_MILLIBITS
from netpursuit.records import Band

Array = npt.NDArray[Any]
BINS = 10
_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What calling pairs one person from a threshold on gives. ``bits`` is None for a band, whose caps count too.

    ``low`` and ``high``: the 95 % interval (Wilson) of precision and of recall. ``reviews`` per true match (None where
    nothing true is found) and ``false_leads`` per 100,000 pairs of different people.
    """

    name: str
    bits: float | None
    called: int
    hits: int
    precision: float
    precision_interval: tuple[float, float]
    recall: float
    recall_interval: tuple[float, float]
    f1: float
    reviews: float | None
    false_leads: float


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a reliability curve: pairs, their mean probability, and the share of them that is true."""

    pairs: int
    predicted: float
    observed: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well pairs are told apart. ``auc`` and ``best`` are None where all labels are alike.

    ``brier``, ``calibration_error`` (bins of equal mass) and ``calibration_error_fixed`` (bins of equal width) rest on
    the posterior with the prior of ``prevalence``. The intervals are those of resampled persons.
    """

    pairs: int
    true_pairs: int
    prevalence: float
    auc: float | None
    auc_interval: tuple[float, float] | None
    average_precision: float | None
    best: Threshold | None
    f1_interval: tuple[float, float] | None
    bands: tuple[Threshold, ...]
    brier: float
    calibration_error: float
    reliability: tuple[Bin, ...]
    calibration_error_fixed: float
    reliability_fixed: tuple[Bin, ...]


def area_under_curve(scores: Array, same: Array) -> float | None:
    """The ROC AUC: how often a true pair scores above a false one, ties half; None without both kinds."""
    positives = int(same.sum())
    negatives = len(same) - positives
    if not positives or not negatives:
        return None
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    first = np.cumsum(count) - count
    rank = (first + (count + 1) / 2)[place]
    return float((rank[same].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def precision_recall(scores: Array, same: Array) -> tuple[Array, Array, Array]:
    """(threshold, precision, recall) at every distinct score, the highest first; empty without true pairs."""
    if not same.any():
        return np.zeros(0), np.zeros(0), np.zeros(0)
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(same[order])
    last = np.append(ranked[1:] != ranked[:-1], True)
    called = np.arange(1, len(ranked) + 1)
    return ranked[last], (hits / called)[last], (hits / hits[-1])[last]


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95 % interval of a rate (Wilson, JASA 22, 1927); (0, 1) without tries."""
    if not tries:
        return 0.0, 1.0
    rate, square = hits / tries, _Z * _Z
    middle = (rate + square / (2 * tries)) / (1 + square / tries)
    half = _Z * sqrt(rate * (1 - rate) / tries + square / (4 * tries * tries)) / (1 + square / tries)
    return max(0.0, middle - half), min(1.0, middle + half)


def at_threshold(name: str, called: Array, same: Array, bits: float | None = None) -> Threshold:
    """What a mask of called pairs gives."""
    count, true = int(called.sum()), int(same.sum())
    hits = int((called & same).sum())
    precision, recall = (hits / count if count else 0.0), (hits / true if true else 0.0)
    strangers = len(same) - true
    return Threshold(
        name=name,
        bits=bits,
        called=count,
        hits=hits,
        precision=precision,
        precision_interval=wilson(hits, count),
        recall=recall,
        recall_interval=wilson(hits, true),
        f1=2 * hits / (count + true) if count + true else 0.0,
        reviews=count / hits if hits else None,
        false_leads=(count - hits) * 100_000 / strangers if strangers else 0.0,
    )


def probabilities(total: Array, prevalence: float) -> Array:
    """The posterior of each sum when a share ``prevalence`` of such pairs is true, in place of the policy's pair prior.

    A labelled file is rich in true pairs; with the policy's prior every probability would be too low for it.
    """
    share = min(max(prevalence, 1e-6), 1 - 1e-6)
    bits = (total - PAIR_PRIOR_MILLIBITS) / 1000 + log2(share / (1 - share))
    return 1.0 / (1.0 + np.exp2(-np.clip(bits, -500, 500)))


def reliability(probability: Array, same: Array, bins: int = BINS) -> tuple[Bin, ...]:
    """The reliability curve over bins of equal mass, the lowest probability first; equal values may share bins."""
    return _bins(probability, same, np.array_split(np.argsort(probability, kind="stable"), bins))


def reliability_fixed(probability: Array, same: Array, bins: int = BINS) -> tuple[Bin, ...]:
    """The reliability curve over bins of equal width from 0 to 1; empty bins are left out."""
    place = np.minimum((probability * bins).astype(np.int64), bins - 1)
    return _bins(probability, same, [np.flatnonzero(place == at) for at in range(bins)])


def _bins(probability: Array, same: Array, parts: Sequence[Array]) -> tuple[Bin, ...]:
    return tuple(
        Bin(len(part), float(probability[part].mean()), float(same[part].mean())) for part in parts if len(part)
    )


def calibration_error(curve: tuple[Bin, ...]) -> float:
    """The expected calibration error, 0 to 1 (Naeini, Cooper and Hauskrecht, AAAI 2015)."""
    pairs = sum(item.pairs for item in curve)
    return sum(item.pairs * abs(item.predicted - item.observed) for item in curve) / pairs if pairs else 0.0


def judge(
    labelled: Labelled,
    *,
    prevalence: float | None = None,
    threshold: float | None = None,
    resamples: int = 0,
    seed: int = 0,
) -> Quality:
    """All figures of labelled pairs.

    ``prevalence`` None: that of these pairs. ``threshold``: a further row, in bits. ``resamples``: bootstrap samples of
    groups for the intervals of AUC and best F1 (0: none).
    """
    total, same = labelled.total, labelled.same
    share = float(same.mean()) if prevalence is None and len(same) else prevalence or 0.0
    probability = probabilities(total, share)
    curve, fixed = reliability(probability, same), reliability_fixed(probability, same)
    auc_interval, f1_interval = _bootstrap(labelled, resamples, seed) if resamples else (None, None)
    bands = [at_threshold(band.word, labelled.band >= band, same) for band in (Band.WEAK, Band.POSSIBLE, Band.STRONG)]
    if threshold is not None:
        bands.append(at_threshold("threshold", total >= threshold * 1000, same, threshold))
    points, precision, recall = precision_recall(total, same)
    best, average = None, None
    if len(points):
        f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
        at = float(points[int(np.argmax(f1))])
        best = at_threshold("best", total >= at, same, at / 1000)
        average = float(np.sum(np.diff(recall, prepend=0.0) * precision))
    return Quality(
        pairs=len(same),
        true_pairs=int(same.sum()),
        prevalence=share,
        auc=area_under_curve(total, same),
        auc_interval=auc_interval,
        average_precision=average,
        best=best,
        f1_interval=f1_interval,
        bands=tuple(bands),
        brier=float(np.mean((probability - same) ** 2)) if len(same) else 0.0,
        calibration_error=calibration_error(curve),
        reliability=curve,
        calibration_error_fixed=calibration_error(fixed),
        reliability_fixed=fixed,
    )


Interval = tuple[float, float] | None


def _bootstrap(labelled: Labelled, resamples: int, seed: int) -> tuple[Interval, Interval]:
    """The 95 % intervals of AUC and best F1 over resampled groups; None where too few samples have both kinds.

    A sample is a count for each group, so that the pairs are sorted once.
    """
    if not len(labelled):
        return None, None
    dice = np.random.default_rng(seed)
    order = np.argsort(-labelled.total, kind="stable")
    total, same = labelled.total[order], labelled.same[order]
    names, group = np.unique(labelled.group[order], return_inverse=True)
    starts = np.flatnonzero(np.append(True, total[1:] != total[:-1]))
    found = []
    for _ in range(resamples):
        times = np.bincount(dice.integers(0, len(names), len(names)), minlength=len(names))[group]
        true = np.add.reduceat(times * same, starts)
        false = np.add.reduceat(times * ~same, starts)
        hits, misses = np.cumsum(true), np.cumsum(false)
        if hits[-1] and misses[-1]:
            area = float((false * (hits - true / 2)).sum()) / float(hits[-1] * misses[-1])
            found.append((area, float((2 * hits / (hits + misses + hits[-1])).max())))
    if len(found) < resamples / 2:
        return None, None
    low, high = np.quantile(found, [0.025, 0.975], axis=0).tolist()
    return (low[0], high[0]), (low[1], high[1])
