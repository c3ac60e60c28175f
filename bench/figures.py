"""Figures of a ranking and of probabilities, from scores and labels as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]


def area_under_curve(scores: Array, same: Array) -> float:
    """The ROC AUC: how often a true pair scores above a false one, ties half."""
    order = np.argsort(scores, kind="stable")
    values, start, count = np.unique(scores[order], return_index=True, return_counts=True)
    rank = np.repeat(start + (count + 1) / 2, count)
    true = same[order].astype(bool)
    positives, negatives = int(true.sum()), int((~true).sum())
    del values
    return float((rank[true].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def best_f1(scores: Array, same: Array, true_pairs: int) -> tuple[float, float]:
    """The best F1 over all thresholds, and the threshold; true pairs that were not scored count as missed."""
    order = np.argsort(-scores, kind="stable")
    ranked, hits = scores[order], np.cumsum(same[order])
    last = np.append(ranked[1:] != ranked[:-1], True)
    f1 = 2 * hits / (np.arange(1, len(ranked) + 1) + true_pairs)
    best = int(np.argmax(np.where(last, f1, -1)))
    return float(f1[best]), float(ranked[best])


def f1_at(scores: Array, same: Array, threshold: float, true_pairs: int) -> float:
    """F1 of calling a pair one person from a threshold on."""
    called = scores >= threshold
    return float(2 * (called & same.astype(bool)).sum() / (called.sum() + true_pairs))


def calibration_error(probabilities: Array, same: Array, bins: int = 15) -> float:
    """The expected calibration error over bins of equal mass (Naeini et al., AAAI 2015), 0 to 1."""
    order = np.argsort(probabilities, kind="stable")
    error = 0.0
    for part in np.array_split(order, bins):
        if len(part):
            error += len(part) / len(order) * abs(float(probabilities[part].mean()) - float(same[part].mean()))
    return error
