"""Leads, clearances and screening runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from netpursuit.records.matches import Band, EntryKey, Match
from netpursuit.records.persons import Person
from netpursuit.records.registrations import RegisteredPerson, Registration


class LeadState(StrEnum):
    OPEN = "open"
    CONFIRMED = "confirmed"
    CLEARED = "cleared"
    WITHDRAWN = "withdrawn"


class SpotResult(StrEnum):
    """What somebody found at the door. It changes no state: that a named human decides (A5)."""

    FOUND = "found"
    ANOTHER_PERSON = "another-person"
    NO_LONGER_WANTED = "no-longer-wanted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What somebody said about a lead: the operating-system user, the name they stated (of an assignment the name of
    whoever it went to), when, and in what words."""

    user: str
    name: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpotOutcome:
    """One visit: what was found, and who says so."""

    result: SpotResult
    said: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What was corrected in a lead's person by order, and by whom: ``fields``, as prints name them. ``source`` and
    ``result`` are the fingerprints of the registered side as its source states it and as it was corrected; ``least``
    is the band that is reported."""

    at: datetime
    user: str
    order: str
    fields: tuple[str, ...]
    source: dict[str, str]
    result: dict[str, str]
    least: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadKey:
    """The identity of a lead. ``person_ref`` is ``person_id``, or else the position in the row as ``#0``.

    ``entry`` of an accepted group of entries has an empty ``list_id`` and the group's id as its ``entry_id``.
    """

    feed_id: str
    registration_id: str
    role: str
    person_ref: str
    entry: EntryKey


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedEntry:
    """One entry of a group as a lead shows it. ``fingerprints`` are those of the entry (``right.*``)."""

    match: Match
    entry_version: str
    list_version: str
    list_date: date
    fingerprints: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A stored match that waits for a human.

    ``lead_id`` is derived from the key (``L-`` and 12 characters). ``fingerprints`` are keyed digests per field, as
    ``left.name``, ``right.birth-date`` ...; a changed one makes a new ``revision``. ``flag`` tells a reviewer what
    changed since (as ``changed``, ``entry-withdrawn``, ``entry-expired``, ``inherited-clearance`` ...), or is empty.
    Of a group of entries ``match`` is the best and ``entries`` are all that were compared, the best first; on a single
    entry ``entries`` is empty. ``code`` is the program that scored it; ``lists`` are the (list id, version) pairs that
    it was matched against where no run's manifest says so. ``proposal`` is the first of two confirmations, which lasts
    as long as nothing else changes the lead; ``assigned``, ``outcomes``, ``notes`` and ``corrections`` (oldest first)
    and ``reopened`` go from revision to revision; ``given_back`` ended the last assignment of this one. ``opened_at``
    None: it was opened when it was made.
    """

    lead_id: str
    key: LeadKey
    state: LeadState
    revision: int
    match: Match
    registered: RegisteredPerson
    registration: Registration
    entry_version: str
    list_version: str
    list_date: date
    policy: str
    run_id: str
    created_at: datetime
    updated_at: datetime
    flag: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""
    fingerprints: dict[str, str] = field(default_factory=dict)
    entries: tuple[MatchedEntry, ...] = ()
    code: str = ""
    lists: tuple[tuple[str, str], ...] = ()
    opened_at: datetime | None = None
    assigned: Statement | None = None
    given_back: Statement | None = None
    proposal: Statement | None = None
    reopened: Statement | None = None
    outcomes: tuple[SpotOutcome, ...] = ()
    corrections: tuple[Correction, ...] = ()
    notes: tuple[Statement, ...] = ()

    @property
    def proposed(self) -> Statement | None:
        """The first confirmation, while it waits for a second."""
        waits = self.state is LeadState.OPEN or (self.state is LeadState.CONFIRMED and bool(self.flag))
        return self.proposal if waits and self.proposal and self.proposal.at == self.updated_at else None

    @property
    def person(self) -> Person:
        return self.registered.person

    @property
    def matches(self) -> tuple[Match, ...]:
        """The comparison with every entry that the lead shows, the best first."""
        return tuple(item.match for item in self.entries) or (self.match,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance:
    """The decision that a certain person is not a certain entry (A7).

    ``person_digest`` is a keyed digest of document, name and birth date; ``fingerprints`` those of the identifying
    fields of both sides when it was cleared. ``ended_at`` is set when the entry ends, or when a human takes it back.
    """

    person_digest: str
    entry: EntryKey
    fingerprints: dict[str, str]
    reason: str
    cleared_by: str
    cleared_at: datetime
    lead_id: str
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCounts:
    """Counters of a screening run; nothing else remains of those who are not leads."""

    read: int = 0
    rejected: int = 0
    persons: int = 0
    screened: int = 0
    unscreened_role: int = 0
    unscreened_unnamed: int = 0  # of screened roles, without name and number: quarantined, the rest of the row is not
    out_of_period: int = 0
    stays_ended: int = 0  # rows passed over by a run of running stays alone
    without_id: int = 0  # rows whose leads are known by a digest of what the row says
    truncated_numbers: int = 0
    candidates: int = 0
    candidates_cut: int = 0
    leads_new: int = 0
    leads_updated: int = 0
    leads_unchanged: int = 0
    leads_withdrawn: int = 0
    leads_cleared: int = 0
    leads_erased: int = 0  # not made again: erased under an order
    weak: int = 0
    possible: int = 0
    strong: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryRead:
    """What a run read of a database. ``digest`` (64 hex digits) of the database's address, query and column; the marks
    that it began from and came to (numbers, dates or instants as text; empty: the beginning, nothing yet).
    ``backwards``: what had been screened before, up to the mark."""

    digest: str
    since: str = ""
    until: str = ""
    backwards: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RunManifest:
    """One screening run, pinned to the list versions it began with. ``finished_at`` None: interrupted."""

    run_id: str
    feed_id: str
    file: str
    file_digest: str
    lists: tuple[tuple[str, str], ...]  # (list id, version), sorted
    policy: str
    as_of: date
    started_at: datetime
    finished_at: datetime | None = None
    counts: RunCounts = RunCounts()
    seconds: float = 0.0
    query: QueryRead | None = None  # None: a file
