"""The quality figures are those frozen in ``bench/results``: a change shows as a difference to be decided on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from bench.quality import RESULTS, figures
from netpursuit.policy.model import Policy

COUNTED = "golden cases"  # their number grows with every case; that all pass is a figure of its own


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.xdist_group("quality")
def test_the_figures_are_those_that_were_frozen(shared_data: Path) -> None:
    frozen = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert frozen["policy"] == Policy.shipped().version, "freeze the figures of this policy: bench.quality --write"
    measured = {figure.name.strip(): figure.value for figure in figures(shared_data, sys.executable)}
    own = {name: value for name, value in frozen["figures"].items() if name in measured and name != COUNTED}
    assert len(own) >= 20
    assert measured.keys() - frozen["figures"].keys() == set()
    assert {name: measured[name] for name in own} == pytest.approx(own, abs=2e-4)
