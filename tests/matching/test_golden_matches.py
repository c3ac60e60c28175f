"""Pairs of people with the band a careful reviewer expects; a new case is a new row of a ``golden/matches*.csv``.

``list_size``: judged as among so many entries, not as a pair. ``expected``: a band, ``none`` below ``weak``, or a bound
such as ``>=possible`` and ``<strong``. ``name_level``, where given: the level of the name comparison.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from netpursuit.match import compare
from netpursuit.policy.weights import PAIR_PRIOR_MILLIBITS, band_of, prior_millibits
from netpursuit.records import Band
from netpursuit.sources.queries import person_of

GOLDEN = Path(__file__).parent.parent / "golden"


def cases() -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    for path in sorted(GOLDEN.glob("matches*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            found += [defaultdict(str, row) for row in csv.DictReader(stream)]
    return found


@pytest.mark.parametrize("row", cases(), ids=lambda row: f"{row['category']}: {row['source']}")
def test_a_careful_reviewer_would_agree(row: dict[str, str]) -> None:
    left, right = (person_of(row, prefix=side, strict=False) for side in ("left_", "right_"))
    match = compare(left, right)
    assert sum(item.millibits for item in match.evidence) == match.millibits
    found = match.band
    if row["list_size"]:  # judged as among so many entries instead of as a pair
        of_list = band_of(match.millibits - PAIR_PRIOR_MILLIBITS + prior_millibits(int(row["list_size"])))
        found = min(found, of_list)
    expected = row["expected"]
    band = Band[expected.lstrip("<>=").upper()]
    shown = [(item.field, item.level, item.bits, item.note) for item in match.evidence if item.level != "not-compared"]
    if expected.startswith(">="):
        assert found >= band, shown
    elif expected.startswith("<"):
        assert found < band, shown
    else:
        assert found is band, shown
    if row["name_level"]:
        assert [item.level for item in match.evidence if item.field == "name"] == [row["name_level"]], shown
    turned = compare(right, left)
    assert turned.band is match.band, "the order of the two sides must not matter"
