"""How long each kind of record is kept (promise A14): compiled in, each with the reason for its length.

An agency may set its own period within the closed range of a kind, never beyond it. Days are counted from what
``since`` names; on the last of them the record is still there.
Sources: Directive (EU) 2016/680, Articles 4(1)(e) and 5 (storage limitation, periodic review) and 25 (logs).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from netpursuit.errors import InputError


class Kept(StrEnum):
    """What is kept for a while; the words are ``kept.<value>``."""

    LEAD_OPEN = "lead-open"
    LEAD_WITHDRAWN = "lead-withdrawn"
    LEAD_CLEARED = "lead-cleared"
    LEAD_CONFIRMED = "lead-confirmed"
    REVISION = "revision"
    CLEARANCE = "clearance"
    LIST_VERSION = "list-version"
    RUN = "run"
    QUARANTINE = "quarantine"
    CASE = "case"
    TYPED = "typed"
    LOG = "log"
    FETCHED = "fetched"
    UNIT_INDEX = "unit-index"
    REPORT = "report"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days that a kind is kept unless the agency says otherwise, the range it may choose from, from when they are
    counted, and why."""

    days: int
    least: int
    most: int
    since: str
    why: str


PERIODS: Mapping[Kept, Period] = {
    Kept.LEAD_OPEN: Period(
        days=180,
        least=7,
        most=365,
        since="its last change",
        why="what nobody decided on in half a year is no lead any more; a new registration makes a new one",
    ),
    Kept.LEAD_WITHDRAWN: Period(
        days=90,
        least=1,
        most=365,
        since="its withdrawal",
        why="long enough to answer why it was shown; the person is wanted no more, or never was the one",
    ),
    Kept.LEAD_CLEARED: Period(
        days=90,
        least=1,
        most=365,
        since="the decision",
        why="long enough to take an error back; the clearance goes on as keyed digests without the person's record",
    ),
    Kept.LEAD_CONFIRMED: Period(
        days=1095,
        least=90,
        most=1825,
        since="the decision or the last outcome on the spot",
        why="proceedings rest on it, and the person may ask how it came about",
    ),
    Kept.REVISION: Period(
        days=365,
        least=30,
        most=730,
        since="its own last change",
        why="to replay what was known when somebody decided",
    ),
    Kept.CLEARANCE: Period(
        days=90,
        least=1,
        most=365,
        since="its end",
        why="while in force it ends with its entry alone; ended, it only explains why the pair is shown again",
    ),
    Kept.LIST_VERSION: Period(
        days=30,
        least=2,
        most=365,
        since="the version after it",
        why="to name what changed since a file was screened; what a lead needs to be replayed stays with the lead",
    ),
    Kept.RUN: Period(
        days=365,
        least=30,
        most=1095,
        since="its start",
        why="counters and digests, by which a night knows a file again; what a lead names stays with the lead",
    ),
    Kept.QUARANTINE: Period(
        days=30,
        least=1,
        most=90,
        since="the run or the delivery",
        why="to mend a source; places and reasons alone, and the file changes meanwhile",
    ),
    Kept.CASE: Period(
        days=1095,
        least=365,
        most=1825,
        since="its end",
        why="the log names it as the authority of what was done under it; what was brought into it ends with it",
    ),
    Kept.TYPED: Period(
        days=180,
        least=30,
        most=365,
        since="the consultation",
        why="to examine a suspicion of misuse under two persons' eyes; who was asked about is mostly nobody's suspect",
    ),
    Kept.LOG: Period(
        days=1095,
        least=365,
        most=1825,
        since="the consultation",
        why="to prove lawfulness after the fact; the leaves stay, so that what is younger can still be verified",
    ),
    Kept.FETCHED: Period(
        days=30,
        least=1,
        most=90,
        since="the last fetch",
        why="files of lists that the workspace holds no more",
    ),
    Kept.UNIT_INDEX: Period(
        days=30,
        least=1,
        most=90,
        since="its last use",
        why="keyed digests and places of a register, made again when they are needed",
    ),
    Kept.REPORT: Period(
        days=365,
        least=30,
        most=1095,
        since="the night",
        why="counts and ids of leads, which end before",
    ),
}


def check_days(kind: str, days: int | None) -> Kept:
    """The kind of which a period is stated (None: the policy's own). Raises ``InputError`` for an unknown kind and for
    days outside its range."""
    if kind not in list(Kept):
        raise InputError("no such kind of record is kept", where="KIND", expected=f"one of {', '.join(Kept)}")
    period = PERIODS[Kept(kind)]
    if days is not None and not period.least <= days <= period.most:
        raise InputError(
            f"{days} days are outside the range of this kind",
            where=kind,
            expected=f"{period.least} to {period.most} days",
        )
    return Kept(kind)
