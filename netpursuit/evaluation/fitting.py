"""Weights re-estimated on labelled pairs: log2(m/u) of each level, drawn towards the shipped one where pairs are few.

The estimate of a level is ``log2((n1 + 1/2) / (N1 + 1)) - log2((n0 + 1/2) / (N0 + 1))`` with ``n`` pairs of the level
among ``N`` pairs that were compared, true (1) and false (0). Its variance is about ``1/(n1 + 1/2) + 1/(n0 + 1/2)`` in
squared natural units; the shipped weight enters as a second estimate worth ``PRIOR_PAIRS`` pairs of each kind. Where
a level's weight comes from rarity, its cost is moved by what the mean weight of the level was off.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log2

import numpy as np

from netpursuit.evaluation.labelled import Labelled
from netpursuit.evidence import FIELDS
from netpursuit.policy.model import MOST_MILLIBITS, Policy
from netpursuit.policy.weights import COSTS, TABLES

PRIOR_PAIRS = 20
MIN_PAIRS = 10  # of a level: with fewer nothing is changed
# Levels without a weight of their own: not compared, counted elsewhere, or by positions and bearers.
_LEFT_ALONE = frozenset({"not-compared", "in-number", "consistent", "shared", "known-fake", "agrees-conflicts"})


@dataclass(frozen=True, slots=True)
class Change:
    """One level: shipped and fitted weight (or cost) in thousandths of a bit, and the pairs it was seen in."""

    table: str
    level: str
    shipped: int
    fitted: int
    true_pairs: int
    false_pairs: int


@dataclass(frozen=True, slots=True)
class Fit:
    """The changed levels of a fit, and on how many pairs and persons it rests."""

    changes: tuple[Change, ...]
    pairs: int
    persons: int

    def as_toml(self, *, base: str, name: str, source: str, fitted_on: str) -> str:
        """The table as ``Policy.from_text`` reads it; ``source``: the SHA-256 of the labelled file."""
        lines = [
            "# Weights in thousandths of a bit, fitted by netpursuit evaluate --fit; counts: true pairs, false pairs.",
            "[policy]",
            f'name = "{name}"',
            f'base = "{base}"',
            f'labelled = "{source}"',
            f"fitted_on = {fitted_on}",
            f"pairs = {self.pairs}",
            f"persons = {self.persons}",
        ]
        for table in dict.fromkeys(change.table for change in self.changes):
            lines += ["", f"[levels.{table}]"]
            lines += [
                f"{change.level} = {change.fitted}"
                f"  # shipped {change.shipped}; {change.true_pairs}, {change.false_pairs}"
                for change in self.changes
                if change.table == table
            ]
        return "\n".join(lines) + "\n"


def fit_weights(labelled: Labelled, policy: Policy) -> Fit:
    """Re-estimate every level that enough pairs show; ``policy`` is what the pairs were scored with."""
    changes = []
    for column, table in enumerate(FIELDS):
        levels, bits = labelled.levels[:, column], labelled.millibits[:, column]
        codes = {level.key: code for code, level in enumerate(TABLES[table])}
        skipped = [codes[key] for key in _LEFT_ALONE if key in codes]
        compared = ~np.isin(levels, skipped)
        true_all, false_all = int((compared & labelled.same).sum()), int((compared & ~labelled.same).sum())
        if not true_all or not false_all:
            continue
        for level in TABLES[table]:
            code = codes[level.key]
            rows = compared & (levels == code)
            true, false = int((rows & labelled.same).sum()), int((rows & ~labelled.same).sum())
            if true + false < MIN_PAIRS or code in skipped:
                continue
            cost = level.key in COSTS.get(table, ())
            shipped = policy.weight(table, level.key)
            if not cost and not bool((bits[rows] == shipped).all()):
                continue  # its weight is that of the value
            seen = float(bits[rows].mean())
            moved = _estimate(true, false, true_all, false_all, seen) - seen
            fitted = round(shipped - moved if cost else shipped + moved)
            fitted = max(0 if cost else -MOST_MILLIBITS, min(MOST_MILLIBITS, fitted))
            if fitted != shipped:
                changes.append(Change(table, level.key, shipped, fitted, true, false))
    return Fit(tuple(changes), len(labelled), len(np.unique(labelled.group)))


def _estimate(true: int, false: int, true_all: int, false_all: int, shipped: float) -> float:
    """Thousandths of a bit: the estimate of the counts and the shipped weight, each by how much it is worth."""
    own = (log2((true + 0.5) / (true_all + 1)) - log2((false + 0.5) / (false_all + 1))) * 1000
    worth = 1 / (1 / (true + 0.5) + 1 / (false + 0.5))
    prior = PRIOR_PAIRS / 2
    return (own * worth + shipped * prior) / (worth + prior)
