"""Wanted lists, their versions and their entries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from netpursuit.records.matches import EntryKey, Match
from netpursuit.records.persons import Person


class EntryKind(StrEnum):
    """Only ``person`` and ``unstated`` are ever matched; the others are kept for links."""

    PERSON = "person"
    ORGANISATION = "organisation"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"
    UNSTATED = "unstated"


class Instrument(StrEnum):
    """The closed set of A8. ``PUBLISHED`` is a published list, which carries its publisher's authority."""

    ARREST_WARRANT = "arrest-warrant"
    DETENTION_DECISION = "detention-decision"
    COURT_WARRANT = "court-warrant"
    SENTENCE_TO_SERVE = "sentence-to-serve"
    EXTRADITION_OR_RED_NOTICE = "extradition-or-red-notice"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRef:
    """Where a record was read: file name without folder, and 1-based line (or element ordinal in XML/JSON)."""

    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Warrant:
    """What authorises an entry. All of it is demanded of a user's own list (A8); published lists leave most empty."""

    instrument: Instrument = Instrument.PUBLISHED
    document_number: str = ""
    authority: str = ""
    issuing_unit: str = ""
    issuing_phone: str = ""
    issue_date: date | None = None
    review_by: date | None = None
    offence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """A link as published, e.g. OFAC "Linked To: LAZARUS GROUP". ``target_id`` where the list gives an id."""

    kind: str
    target_name: str = ""
    target_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One wanted person, or an organisation or vessel kept for links, on one list.

    ``person`` holds the comparable fields (an organisation uses names, addresses, documents, phones).
    ``description`` is shown to people and never scored. ``flagged`` says why a previous version stays in force.
    """

    entry_id: str
    kind: EntryKind
    person: Person
    source: SourceRef
    relations: tuple[Relation, ...] = ()
    programmes: tuple[str, ...] = ()
    warrant: Warrant = Warrant()
    listed_on: date | None = None
    link: str = ""
    description: str = ""
    birth_places: tuple[str, ...] = ()
    flagged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListVersion:
    """One sealed version of a list in the workspace. ``version`` is the content digest (16 hex digits)."""

    list_id: str
    version: str
    format: str
    publisher: str
    title: str
    list_date: date
    max_age_days: int | None
    added_at: datetime
    own: bool
    people: int
    others: int
    unlisted: dict[str, int] = field(default_factory=dict)
    rejected: int = 0
    damaged: bool = False


class PairState(StrEnum):
    """What a named human has said about two entries; ``proposed``: nobody yet."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DISSOLVED = "dissolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPair:
    """Two entries that may be one person: proposed by the program, decided by a named human alone.

    ``pair_id`` is derived from both keys (``G-`` and 12 characters). ``match`` compares the person of ``entry`` with
    ``match.key``. ``group_id`` is the group it holds together while accepted; a proposal has one where both entries
    belong to it through others, so that nothing is left to decide. ``fingerprints`` are keyed digests of
    the fields of ``entry`` (``left.*``) and of the other (``right.*``), as they were when it was proposed or decided.
    """

    pair_id: str
    state: PairState
    entry: EntryKey
    match: Match
    policy: str
    proposed_at: datetime
    fingerprints: dict[str, str] = field(default_factory=dict)
    group_id: str = ""
    flag: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    decision: str = ""

    @property
    def members(self) -> tuple[EntryKey, EntryKey]:
        return self.entry, self.match.key


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryGroup:
    """Entries that are one person by accepted pairs, directly or through one another.

    ``group_id`` is that of its oldest pair and outlives members; ``pair_ids`` are those of all its pairs, so that a
    group that was taken into this one is still known. ``members`` and ``pair_ids`` are sorted.
    """

    group_id: str
    members: tuple[EntryKey, ...]
    pair_ids: tuple[str, ...]
