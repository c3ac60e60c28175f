"""The periods by which a workspace keeps what it holds: the policy's, and those its agency has chosen within them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from netpursuit.policy.retention import PERIODS, Kept
from netpursuit.ports.truth import Truth, UnitOfWork

_SETTING = "retention"


def periods_in_use(truth: Truth) -> dict[Kept, int]:
    """The days of every kind. What was chosen under another version stays within this version's range."""
    chosen = _chosen(truth)
    return {
        kind: min(max(chosen.get(kind.value, period.days), period.least), period.most)
        for kind, period in PERIODS.items()
    }


def choose_period(truth: Truth, unit: UnitOfWork, kind: Kept, days: int | None) -> None:
    """Keep the days of a kind; None: those of the policy again."""
    chosen = {name: value for name, value in _chosen(truth).items() if name != kind.value}
    if days is not None:
        chosen[kind.value] = days
    unit.put_setting(_SETTING, json.dumps(dict(sorted(chosen.items()))) if chosen else None)


def _chosen(truth: Truth) -> Mapping[str, int]:
    found: dict[str, int] = json.loads(truth.setting(_SETTING) or "{}")
    return found
