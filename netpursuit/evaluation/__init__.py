"""Measuring quality on labelled pairs that the caller holds: no workspace, no consultation, nothing stored."""

from netpursuit.evaluation.against import Against, compare_with_hits
from netpursuit.evaluation.figures import Bin, Quality, Threshold, judge
from netpursuit.evaluation.fitting import Fit, fit_weights
from netpursuit.evaluation.labelled import Labelled, LabelledPair, collect, held_back

__all__ = [
    "Against",
    "Bin",
    "Fit",
    "Labelled",
    "LabelledPair",
    "Quality",
    "Threshold",
    "collect",
    "compare_with_hits",
    "fit_weights",
    "held_back",
    "judge",
]
