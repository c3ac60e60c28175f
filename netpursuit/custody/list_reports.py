"""What lists hold and how they stand as of a date, and what ends soon."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from netpursuit.gate.workbench import (
    ListStanding,
    Workbench,
    changes_setting,
    expired_keys,
    list_standings,
    review_dates,
)
from netpursuit.policy.standing import ANNOUNCED_DAYS, ListStatus, is_expired, is_matched
from netpursuit.ports.truth import Truth
from netpursuit.records import Entry, Intent, ListVersion, Outcome, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReport:
    """One list as of a date; ``about_to_expire`` counts entries by days ahead (30, 7), each within the larger.
    ``changes``: how many entries this version added, changed and withdrew against the one before; empty where that was
    not kept."""

    standing: ListStanding
    expired: int
    about_to_expire: dict[int, int]
    changes: dict[str, int] = field(default_factory=dict)


def show_lists(desk: Workbench, as_of: date | None = None) -> tuple[ListReport, ...]:
    """Every list that was added and not removed, with its standing as of a date (today unless stated), by id."""
    day = as_of or desk.today
    intent = Intent(verb=Verb.LISTS_SHOW, authority=desk.authority, as_of=day)
    with desk.gate.consult(intent) as consultation:
        reports = tuple(_report(desk.truth, stands, day) for stands in list_standings(desk.truth, day))
        statuses = Counter(report.standing.status.value for report in reports)
        consultation.conclude(Outcome(counts={"lists": len(reports), **statuses}))
    return reports


def _report(truth: Truth, stands: ListStanding, as_of: date) -> ListReport:
    version = stands.version
    if version is None or stands.status is ListStatus.DAMAGED:
        return ListReport(standing=stands, expired=0, about_to_expire={})
    return ListReport(
        standing=stands,
        expired=len(expired_keys(truth, version, as_of)),
        about_to_expire=expiring(truth, version, as_of),
        changes=json.loads(truth.setting(changes_setting(version.list_id, version.version)) or "{}"),
    )


def active_entries(truth: Truth, as_of: date) -> Iterator[tuple[str, Entry]]:
    """What may match as of a date: (list id, entry) of all sound lists, people or unstated, in force; streaming."""
    for version in truth.list_versions():
        if not version.damaged:
            for entry in matchable_entries(truth, (version,)):
                if not is_expired(entry[1], as_of):
                    yield entry


def matchable_entries(truth: Truth, versions: Sequence[ListVersion]) -> Iterator[tuple[str, Entry]]:
    """What an index over these versions holds: (list id, entry), expired ones included; streaming."""
    for version in versions:
        for entry in truth.entries(version.list_id, version.version):
            if is_matched(entry):
                yield version.list_id, entry


def about_to_expire(truth: Truth, list_id: str, as_of: date, days: int) -> tuple[Entry, ...]:
    """Entries in force as of a date that pass their review date within so many days."""
    last = as_of + timedelta(days=days)
    return tuple(
        entry
        for entry in truth.entries(list_id)
        if entry.warrant.review_by is not None and as_of <= entry.warrant.review_by <= last
    )


def expiring(truth: Truth, version: ListVersion, as_of: date) -> dict[int, int]:
    """How many entries of a list pass their review date within 30 and within 7 days; empty where none has one."""
    first, _ = review_dates(truth, version)
    if first is None:
        return {}
    soon = about_to_expire(truth, version.list_id, as_of, max(ANNOUNCED_DAYS))
    ahead = [(entry.warrant.review_by - as_of).days for entry in soon if entry.warrant.review_by is not None]
    return {days: sum(left <= days for left in ahead) for days in ANNOUNCED_DAYS}
