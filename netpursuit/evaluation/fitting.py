"""Weights re-estimated on labelled pairs: log2(m/u) of each level, drawn towards the shipped one where pairs are few.

Of the pairs that show a level a share is true; the prior for that share is a Beta distribution worth ``PRIOR_PAIRS``
pairs at the odds that the shipped weight predicts. The posterior odds, over the odds of all compared pairs, are the
new weight; it stays between the shipped one and ``log2((n1 + 1/2) / (N1 + 1)) - log2((n0 + 1/2) / (N0 + 1))``, so that
no level claims more than the pairs can show. Where a level's weight comes from rarity, its cost is moved by what the
mean weight of the level was off.
Levels that lie in
an order by their nature (the same day, month, year) keep it: neighbours out of order take their common mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np

from netpursuit.evaluation.labelled import Labelled
from netpursuit.evidence import FIELDS
from netpursuit.policy.model import MOST_MILLIBITS, Policy
from netpursuit.policy.weights import COSTS, TABLES

PRIOR_PAIRS = 200
MIN_PAIRS = 10  # of a level: with fewer nothing is changed
# Levels without a weight of their own: not compared, counted elsewhere, or by positions and bearers.
_LEFT_ALONE = frozenset({"not-compared", "in-number", "consistent", "shared", "known-fake", "agrees-conflicts"})

# What agrees better never weighs less, best first; each level stands in one chain at most.
ORDERED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "name": (("part-near", "part-two-near", "part-alike", "part-differs"),),
    "birth-date": (
        ("same-day", "same-month", "same-year", "within-span"),
        ("one-digit", "two-digits", "differs", "differs-widely"),
    ),
    "document": (("renewable-differs", "differs"),),
    "phone": (("same", "one-digit", "differs"),),
    "email": (("same", "similar", "differs"),),
    "address": (("same-unit", "same-house", "same-street", "same-city", "other"),),
    "sex": (("same", "differs"),),
    "nationality": (("same", "differs"),),
}
_GIVES_WAY = 1e-9  # the worth of a level that too few pairs show: it only follows its neighbours


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


@dataclass(slots=True)
class _Estimate:
    """One level: its weight so far (a cost is negative), what that is worth, and the pairs it rests on."""

    millibits: float
    worth: float
    true: int
    false: int


def fit_weights(labelled: Labelled, policy: Policy) -> Fit:
    """Re-estimate every level that enough pairs show; ``policy`` is what the pairs were scored with."""
    changes = []
    for column, table in enumerate(FIELDS):
        found = _estimate_table(table, labelled, column, policy)
        for chain in ORDERED.get(table, ()):
            if found.keys() & set(chain):
                _put_in_order([found.setdefault(key, _kept(table, key, policy)) for key in chain])
        for key in (level.key for level in TABLES[table] if level.key in found):
            one, cost, shipped = found[key], key in COSTS.get(table, ()), policy.weight(table, key)
            fitted = round(-one.millibits if cost else one.millibits)
            fitted = max(0 if cost else -MOST_MILLIBITS, min(MOST_MILLIBITS, fitted))
            if fitted != shipped:
                changes.append(Change(table, key, shipped, fitted, one.true, one.false))
    return Fit(tuple(changes), len(labelled), len(np.unique(labelled.group)))


def _kept(table: str, key: str, policy: Policy) -> _Estimate:
    shipped = policy.weight(table, key)
    return _Estimate(-shipped if key in COSTS.get(table, ()) else shipped, _GIVES_WAY, 0, 0)


def _estimate_table(table: str, labelled: Labelled, column: int, policy: Policy) -> dict[str, _Estimate]:
    """The levels of one comparison that can be estimated, in the order of the table."""
    levels, bits = labelled.levels[:, column], labelled.millibits[:, column]
    skipped = [code for code, level in enumerate(TABLES[table]) if level.key in _LEFT_ALONE]
    compared = ~np.isin(levels, skipped)
    true_all, false_all = int((compared & labelled.same).sum()), int((compared & ~labelled.same).sum())
    found: dict[str, _Estimate] = {}
    for code, level in enumerate(TABLES[table]):
        rows = compared & (levels == code)
        true, false = int((rows & labelled.same).sum()), int((rows & ~labelled.same).sum())
        if not true_all or not false_all or true + false < MIN_PAIRS:
            continue
        shipped = _kept(table, level.key, policy).millibits
        if level.key not in COSTS.get(table, ()) and not bool((bits[rows] == shipped).all()):
            continue  # its weight is that of the value
        seen = float(bits[rows].mean())
        moved = _estimate(true, false, true_all, false_all, seen) - seen
        found[level.key] = _Estimate(shipped + moved, true + false + PRIOR_PAIRS, true, false)
    return found


def _estimate(true: int, false: int, true_all: int, false_all: int, shipped: float) -> float:
    """Thousandths of a bit: the posterior weight, between the shipped one and what the counts alone show."""
    own = (log2((true + 0.5) / (true_all + 1)) - log2((false + 0.5) / (false_all + 1))) * 1000
    odds = 2 ** (shipped / 1000) * true_all / false_all
    likely, unlikely = PRIOR_PAIRS * odds / (1 + odds), PRIOR_PAIRS / (1 + odds)
    found = (log2((true + likely) / (false + unlikely)) - log2(true_all / false_all)) * 1000
    return min(max(found, min(own, shipped)), max(own, shipped))


def _put_in_order(chain: Sequence[_Estimate]) -> None:
    """Make the weights of a chain fall (pool adjacent violators; Ayer et al., Ann. Math. Stat. 26, 1955)."""
    blocks: list[list[_Estimate]] = []
    means: list[float] = []
    for one in chain:
        blocks.append([one])
        means.append(one.millibits)
        while len(means) > 1 and means[-2] < means[-1]:
            last = blocks.pop()
            blocks[-1] += last
            means[-2:] = [
                sum(each.millibits * each.worth for each in blocks[-1]) / sum(each.worth for each in blocks[-1])
            ]
    for block, mean in zip(blocks, means, strict=True):
        for one in block:
            one.millibits = mean
