"""The one store of truth as the use cases see it: records in, records out, writes in one transaction.

``Truth`` reads; ``Truth.transaction()`` gives a ``UnitOfWork``, the only way to write. Leads, their outbox rows and
the log's outcome are put into the same unit of work, so that all of them happen or none does (A3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from netpursuit.ports.graph_views import ViewReads, ViewWrites
from netpursuit.ports.lead_queue import LeadOrder, LeadOrigins

if TYPE_CHECKING:
    from netpursuit.records import (
        Band,
        Case,
        Clearance,
        Entry,
        EntryGroup,
        EntryKey,
        EntryPair,
        Lead,
        LeadKey,
        LeadState,
        ListVersion,
        PairState,
        Rejected,
        RunManifest,
    )
    from netpursuit.records.case_links import CaseLinks


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadQuery:
    """Which leads are asked for; an empty field does not narrow. Bands are exact, not minimal.

    ``list_id`` and ``entry_id`` also find leads on a group that show, or once showed, such an entry. ``run_id`` is the
    run that last made or changed a lead. ``new_since``: first opened, or opened again, at that instant or later.
    """

    states: tuple[LeadState, ...] = ()
    bands: tuple[Band, ...] = ()
    feed_id: str = ""
    registration_id: str = ""
    list_id: str = ""
    entry_id: str = ""
    run_id: str = ""
    assigned: str = ""
    new_since: datetime | None = None
    order: LeadOrder = LeadOrder.BEST


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """One change of the link graph that has been committed here and waits to be drained, in order of ``number``.

    ``owner``: the id of the lead that changed, or the owner of a case's links.
    """

    number: int
    owner: str
    kind: str
    payload: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogRecord:
    """One leaf of the consultation log. ``leaf`` = SHA-256(salt ‖ payload), 32 bytes.

    ``payload`` (canonical JSON), ``salt`` and ``sealed`` (encrypted typed values) are None once purged; the leaf stays.
    ``position`` counts from 0 without gaps; -1 before it is appended.
    """

    position: int
    consultation_id: str
    kind: str
    at: datetime | None
    leaf: bytes
    salt: bytes | None
    payload: str | None
    sealed: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogHead:
    """The Merkle tree head (RFC 6962) over the first ``size`` leaves, with its Ed25519 signature.

    ``edge`` holds the roots of the complete subtrees, largest first, 32 bytes each: all that appending needs.
    """

    size: int
    root: bytes
    at: datetime
    signature: bytes
    edge: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedVersion:
    """A sealed version of a list with the number that tells it from others of the same content."""

    number: int
    in_force: bool
    version: ListVersion


class UnitOfWork(ViewWrites, Protocol):
    """One write transaction. What it writes becomes visible to others together, at its end."""

    @property
    def at(self) -> datetime:
        """The instant (UTC) this unit of work began; never before the last log record."""
        ...

    @property
    def head(self) -> LogHead | None:
        """The last signed head of the log, the one put here if one was."""
        ...

    def put_list_version(self, version: ListVersion, entries: Iterable[Entry]) -> None:
        """Seal a version and make it the current one of its list. Entries are stored once per content, so an update
        costs what changed. Raises ``InputError`` where an ``entry_id`` comes twice."""
        ...

    def remove_list(self, list_id: str) -> None:
        """End a list: no current version, its entries match no more. Sealed versions stay readable."""
        ...

    def mark_list(self, version: ListVersion) -> None:
        """Replace the description of a sealed version (``damaged``, ``max_age_days`` ...); its entries stay."""
        ...

    def put_lead(self, lead: Lead) -> None:
        """Insert or replace by ``lead_id``. A lead replaced by a higher revision stays readable as a past one."""
        ...

    def put_entry_pair(self, pair: EntryPair) -> None:
        """Insert or replace by ``pair_id``."""
        ...

    def put_clearance(self, clearance: Clearance) -> None:
        """Insert or replace by person digest and entry."""
        ...

    def put_run(self, run: RunManifest) -> None:
        """Insert or replace by ``run_id``."""
        ...

    def put_rejected(self, run_id: str, rejected: Iterable[Rejected]) -> None:
        """Quarantine rows of a run (or of an added list: its version's id); the same row twice is one row."""
        ...

    def put_outbox(self, owner: str, kind: str, payload_json: str) -> None:
        """Queue a change of the link graph."""
        ...

    def drop_outbox(self, through: int) -> None:
        """Forget rows that have been drained, up to and including this number."""
        ...

    def put_case(self, case: Case) -> None:
        """Insert or replace by ``case_id``."""
        ...

    def put_case_links(self, links: CaseLinks) -> None:
        """Insert or replace by ``owner``."""
        ...

    def drop_case_links(self, case_id: str, owners: Sequence[str] | None = None) -> tuple[str, ...]:
        """Delete the links of a case, of all owners or of these, leaving no byte of them; answers the owners."""
        ...

    def put_setting(self, key: str, value: str | None) -> None:
        """Keep a small value; None removes it."""
        ...

    def checkpoint(self, run_id: str, rows_done: int) -> None:
        """How many rows of a run's file are done with this transaction."""
        ...

    def append_log(self, record: LogRecord) -> int:
        """Append a leaf and return its position. Only the consultation log calls this."""
        ...

    def put_head(self, head: LogHead) -> None:
        """Keep the signed head that follows the leaves appended here."""
        ...

    def purge_payloads(self, before_position: int) -> tuple[str, ...]:
        """Remove payload, salt and sealed values of all earlier leaves; answers their consultation ids."""
        ...

    def drop_lead(self, lead_id: str) -> None:
        """Delete a lead with its past revisions and what of it waits for the link graph; the caller queues what the
        graph is to forget."""
        ...

    def drop_revision(self, lead_id: str, revision: int) -> None: ...

    def drop_clearance(self, person_digest: str, list_id: str, entry_id: str) -> None: ...

    def drop_run(self, run_id: str) -> None:
        """Delete a run's manifest, its checkpoint and its quarantined rows."""
        ...

    def drop_rejected(self, run_id: str) -> None:
        """Delete the quarantined rows of a run or of an added list."""
        ...

    def drop_case(self, case_id: str) -> None: ...

    def drop_entry_pair(self, pair_id: str) -> None: ...

    def drop_list_versions(self, list_id: str, numbers: Sequence[int]) -> None:
        """Delete sealed versions that are not in force, and the content that no other version of any list holds."""
        ...

    def after_commit(self, action: Callable[[], None]) -> None:
        """Run an action once the transaction is safely on disk (never after a rollback)."""
        ...


class Truth(ViewReads, Protocol):
    """Reads see what is committed and, inside one's own transaction, what it has written so far."""

    workspace_id: str

    def transaction(self) -> AbstractContextManager[UnitOfWork]:
        """One write transaction: committed at the end of the block, rolled back by any exception.

        Raises ``StorageError`` where nothing can be written, or where the clock is behind the last log record.
        """
        ...

    @property
    def is_writing(self) -> bool:
        """Whether the calling thread is in a transaction of its own."""
        ...

    def alone(self, purpose: str, who: str) -> AbstractContextManager[None]:
        """Hold a purpose for oneself among all processes on this workspace; given up at the end of the block, and by
        the operating system where the process ends in any other way.

        Raises ``HeldError`` that names who holds it and since when; it does not wait.
        """
        ...

    def list_versions(self) -> tuple[ListVersion, ...]:
        """The current version of every list, in the order of list ids."""
        ...

    def list_version(self, list_id: str, version: str = "") -> ListVersion | None:
        """A sealed version, or the current one; None where there is none."""
        ...

    def entries(self, list_id: str, version: str = "") -> Iterator[Entry]:
        """The entries of a version (or the current one) in the order of their ids, streaming."""
        ...

    def entry_digests(self, list_id: str, version: str = "") -> Iterator[tuple[str, str]]:
        """(id, hex digest of the content) of every entry, in the order of ``entries``; each is proved as it is read."""
        ...

    def entry(self, key: EntryKey, version: str = "") -> Entry | None:
        """One entry of a version, or of the current one."""
        ...

    def entry_pair(self, pair_id: str) -> EntryPair | None: ...

    def entry_pairs(
        self,
        states: Sequence[PairState] = (),
        *,
        group_id: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[EntryPair, ...]:
        """Pairs of any of these states (none: of all) and of a group (empty: of no group), those with most bits first,
        then by id."""
        ...

    def count_entry_pairs(self, states: Sequence[PairState] = (), *, group_id: str | None = None) -> int: ...

    def entry_groups(self) -> tuple[EntryGroup, ...]:
        """The groups that accepted pairs make, by id; read without their evidence."""
        ...

    def lead(self, lead_id: str) -> Lead | None: ...

    def lead_by_key(self, key: LeadKey) -> Lead | None: ...

    def lead_revisions(self, lead_id: str) -> tuple[Lead, ...]:
        """Past revisions, oldest first, without the present one."""
        ...

    def leads(self, query: LeadQuery | None = None, *, limit: int | None = None, offset: int = 0) -> tuple[Lead, ...]:
        """Leads in their order; of equal ones by band (best first), then bits (most first), then id."""
        ...

    def lead_origins(self) -> LeadOrigins: ...

    def count_leads(self, query: LeadQuery | None = None) -> int: ...

    def clearances(self, person_digest: str) -> tuple[Clearance, ...]:
        """All clearances of a person, ended ones too, in the order of their entries."""
        ...

    def clearances_of_entry(self, key: EntryKey) -> tuple[Clearance, ...]: ...

    def run(self, run_id: str) -> RunManifest | None: ...

    def past_leads(self) -> Iterator[Lead]:
        """The past revisions of all leads, by lead and revision, streaming."""
        ...

    def all_clearances(self) -> tuple[Clearance, ...]: ...

    def entries_cleared(self, list_id: str) -> frozenset[EntryKey]:
        """The entries of a list that anybody was cleared of."""
        ...

    def sealed_versions(self) -> tuple[SealedVersion, ...]:
        """Every version of every list, removed lists included, by list and age."""
        ...

    def quarantined(self) -> tuple[str, ...]:
        """The runs, and the versions of lists, that have quarantined rows."""
        ...

    def gone_pairs(self) -> tuple[str, ...]:
        """Pairs of entries that no sealed version holds both of; accepted ones where none holds any of their group."""
        ...

    def empty_wal(self) -> None:
        """Cut the write-ahead log, so that what was deleted is in no file of the truth.

        Raises ``StorageError`` where another process keeps reading."""
        ...

    def runs(self, feed_id: str = "") -> tuple[RunManifest, ...]:
        """Runs, the latest first."""
        ...

    def rows_done(self, run_id: str) -> int:
        """The last checkpoint of a run; 0 without one."""
        ...

    def quarantine(self, *, run_id: str = "", file_digest: str = "") -> tuple[Rejected, ...]:
        """Quarantined rows of a run or of a file, in the order of file and line."""
        ...

    def outbox(self, *, after: int = 0, limit: int = 1000) -> tuple[OutboxRow, ...]: ...

    def cases(self) -> tuple[Case, ...]:
        """All cases, by id."""
        ...

    def case(self, case_id: str) -> Case | None: ...

    def case_links(self, case_id: str = "") -> Iterator[CaseLinks]:
        """The links of a case (empty: of every case), by owner, read one by one."""
        ...

    def case_links_of(self, owner: str) -> CaseLinks | None: ...

    def cases_with_links(self) -> tuple[str, ...]:
        """The ids of all cases that own links, sorted."""
        ...

    def setting(self, key: str) -> str | None: ...

    def log_records(self, *, after: int = -1) -> Iterator[LogRecord]:
        """Leaves in order of position."""
        ...

    def log_records_of(self, consultation_id: str) -> tuple[LogRecord, ...]:
        """The leaves of one consultation whose payloads are kept, in order of position."""
        ...

    def log_head(self) -> LogHead | None:
        """The last head; None while the log is empty."""
        ...

    def log_heads(self) -> Iterator[LogHead]:
        """All heads by size."""
        ...
