"""When a list or an entry may still be relied on: staleness, review, expiry (promises A8 and A16). Pure.

All judgements are as of a calendar date that the caller states, never by the machine's clock.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from netpursuit.records import Entry, EntryKind, ListVersion

# Age in days up to which a list counts as fresh unless its keeper says otherwise. Publishers of sanctions lists update
# several times a month; a month without a refresh means that nobody fetches it.
MAX_AGE_DAYS = 30
# An entry of a user's own list must be reviewed at the latest so many days after its delivery (A8).
REVIEW_WITHIN_DAYS = 90
# What is about to expire is announced so many days ahead (A8).
ANNOUNCED_DAYS = (30, 7)
# A replacement that withdraws more than this share, and at least so many entries, is more likely a broken file.
WITHDRAWN_SHARE = 0.05
WITHDRAWN_AT_LEAST = 10
# Of a short list, more than half of the entries and at least so many: one or two come and go.
SHORT_WITHDRAWN_SHARE = 0.5
SHORT_WITHDRAWN_AT_LEAST = 3

# How a lead on an entry that has ended is marked; the words are ``lead.flag.<value>``.
ENTRY_WITHDRAWN = "entry-withdrawn"
ENTRY_EXPIRED = "entry-expired"

# Only these kinds are ever matched as people.
MATCHED_KINDS = frozenset((EntryKind.PERSON, EntryKind.UNSTATED))


class ListStatus(StrEnum):
    """How far a list can be relied on; its words are ``list.status.<value>``."""

    FRESH = "fresh"
    STALE = "stale"  # older than its maximal age: answers under a banner, confirms nothing
    EXPIRED = "expired"  # a user's own list on which no entry is in force any longer
    DAMAGED = "damaged"  # held out
    MISSING = "missing"  # held out


def judge_list(version: ListVersion | None, as_of: date, *, last_review: date | None = None) -> ListStatus:
    """The status of a list's current version; None means that the list is expected and not there.

    ``last_review`` is the latest review date of an own list's entries.
    """
    if version is None:
        return ListStatus.MISSING
    if version.damaged:
        return ListStatus.DAMAGED
    if version.own and last_review is not None and last_review < as_of:
        return ListStatus.EXPIRED
    return ListStatus.STALE if is_stale(version, as_of) else ListStatus.FRESH


def is_stale(version: ListVersion, as_of: date) -> bool:
    """Whether the list is older than its maximal age; a list without one never is."""
    return version.max_age_days is not None and as_of - version.list_date > timedelta(days=version.max_age_days)


def is_matched(entry: Entry) -> bool:
    """Whether the entry is of a kind that is matched as a person."""
    return entry.kind in MATCHED_KINDS


def is_expired(entry: Entry, as_of: date) -> bool:
    """Whether the entry's review date lies before ``as_of``; on the day itself it is still in force."""
    return entry.warrant.review_by is not None and entry.warrant.review_by < as_of


def is_mass_withdrawal(withdrawn: int, before: int) -> bool:
    """Whether so many withdrawals out of the entries before need somebody's explicit word."""
    limits = ((WITHDRAWN_AT_LEAST, WITHDRAWN_SHARE), (SHORT_WITHDRAWN_AT_LEAST, SHORT_WITHDRAWN_SHARE))
    return any(withdrawn >= least and withdrawn > before * share for least, share in limits)
