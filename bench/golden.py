"""How many golden cases the matcher judges as a careful reviewer does, by category."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

from netpursuit.match import compare
from netpursuit.policy.weights import PAIR_PRIOR_MILLIBITS, band_of, prior_millibits
from netpursuit.records import Band
from netpursuit.sources.queries import person_of

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"


def golden_cases() -> tuple[Counter[str], Counter[str]]:
    """Cases, and cases judged as expected, by category; the band is that of the pair, or among a stated number."""
    cases: Counter[str] = Counter()
    passed: Counter[str] = Counter()
    for path in sorted(GOLDEN.glob("matches*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for record in csv.DictReader(stream):
                row = defaultdict(str, record)
                cases[row["category"]] += 1
                passed[row["category"]] += _as_expected(row)
    return cases, passed


def _as_expected(row: dict[str, str]) -> bool:
    match = compare(*(person_of(row, prefix=side, strict=False) for side in ("left_", "right_")))
    band = match.band
    if row["list_size"]:
        among = match.millibits - PAIR_PRIOR_MILLIBITS + prior_millibits(int(row["list_size"]))
        band = min(band, band_of(among))
    expected = row["expected"]
    bound = Band[expected.lstrip("<>=").upper()]
    if row["name_level"] and row["name_level"] not in [one.level for one in match.evidence if one.field == "name"]:
        return False
    if expected.startswith(">="):
        return band >= bound
    return band < bound if expected.startswith("<") else band is bound
