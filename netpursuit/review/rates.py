"""How often leads turned out to be wrong, by the script of the registered name (A15): counts of decisions, of nobody.

A script with few decisions is not told apart: its counts would be somebody's. Scripts are counted, traditions are not;
no user and no reviewer is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import sqrt

from netpursuit.gate.workbench import Workbench
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Intent, Lead, LeadState, Outcome, Verb
from netpursuit.text.scripts import script_of

LEAST = 10
"""Decisions of one kind, below which they are told only together with others."""
OTHERS = "others"
_Z = 1.959964  # two-sided 95 %


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Decided pairs of a person and a listed person under one script. ``low`` and ``high``: the 95 % interval (Wilson)
    of the share that was cleared."""

    script: str
    confirmed: int
    cleared: int
    low: float
    high: float

    @property
    def decided(self) -> int:
        return self.confirmed + self.cleared


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRates:
    """``scripts``, the most decisions first, those below ``LEAST`` together as ``others`` where they are as many, else
    left out (``left_out`` scripts); ``reasons``: why those of the shown scripts were cleared, in the same way."""

    scripts: tuple[Rate, ...]
    reasons: dict[str, int] = field(default_factory=dict)
    left_out: int = 0


def error_rates(desk: Workbench) -> ErrorRates:
    """What was decided about the leads that the workspace still keeps, on record as a look of its own."""
    intent = Intent(verb=Verb.RATES_SHOW, authority=desk.authority)
    with desk.gate.consult(intent) as consultation:
        decided = desk.truth.leads(LeadQuery(states=(LeadState.CONFIRMED, LeadState.CLEARED)))
        found = count_decisions(decided)
        consultation.conclude(Outcome(counts={"scripts": len(found.scripts)}))
    return found


def count_decisions(leads: Iterable[Lead]) -> ErrorRates:
    """A decision about a person counts once, however many registrations it reached."""
    pairs = {
        (lead.fingerprints.get("person") or lead.lead_id, lead.match.key): lead for lead in leads if lead.decided_by
    }
    confirmed, cleared, why = Counter[str](), Counter[str](), Counter[tuple[str, str]]()
    for lead in pairs.values():
        script = _script(lead)
        if lead.state is LeadState.CONFIRMED:
            confirmed[script] += 1
        else:
            cleared[script] += 1
            why[script, lead.decision] += 1
    shown, left_out = _pooled(confirmed + cleared)
    told_of = {script for scripts in shown.values() for script in scripts}
    reasons = Counter[str]()
    for (script, reason), count in why.items():
        if script in told_of:  # else the difference of the sums would tell what is left out
            reasons[reason] += count
    rates = []
    for name, scripts in shown.items():
        yes, no = sum(confirmed[script] for script in scripts), sum(cleared[script] for script in scripts)
        low, high = wilson(no, yes + no)
        rates.append(Rate(script=name, confirmed=yes, cleared=no, low=low, high=high))
    told, _ = _pooled(reasons)
    return ErrorRates(
        scripts=tuple(rates),
        reasons={name: sum(reasons[code] for code in codes) for name, codes in told.items()},
        left_out=left_out,
    )


def wilson(hits: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); (0, 1) where there is nothing to count."""
    if of == 0:
        return 0.0, 1.0
    share, square = hits / of, _Z * _Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = _Z * sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))


def _pooled(counts: Counter[str]) -> tuple[dict[str, tuple[str, ...]], int]:
    """Names with what they stand for, the most first; and how many are too few to be told even together."""
    few = tuple(name for name, count in counts.items() if count < LEAST)
    found: dict[str, tuple[str, ...]] = {name: (name,) for name, count in counts.most_common() if count >= LEAST}
    if sum(counts[name] for name in few) >= LEAST and len(few) > 1:
        return {**found, OTHERS: few}, 0
    return found, len(few)


def _script(lead: Lead) -> str:
    names = lead.person.names
    return script_of(names[0].text).name.lower() if names else OTHERS
