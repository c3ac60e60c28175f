"""What the truth answers: stored rows back into records."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from netpursuit import records
from netpursuit.errors import StorageError
from netpursuit.ports.lead_queue import LeadOrder, LeadOrigins
from netpursuit.ports.truth import LeadQuery, LogHead, LogRecord, OutboxRow
from netpursuit.records import (
    Case,
    Entry,
    EntryGroup,
    EntryKey,
    EntryPair,
    ListVersion,
    PairState,
)
from netpursuit.stores.codec import decode, decode_object
from netpursuit.stores.files import PAGE_ROWS, SqliteFile
from netpursuit.stores.graph_views import GraphViewReads
from netpursuit.stores.kept import KeptReads

if TYPE_CHECKING:
    from netpursuit.records.case_links import CaseLinks

_LOG_COLUMNS = """
SELECT log.position, consultation_id, kind, at, leaf, salt, payload, sealed
FROM log LEFT JOIN log_payload USING (position)
"""


class TruthReads(KeptReads, GraphViewReads):
    """The reading half of the truth. Long answers are paged by key, so that writing in between is harmless."""

    def __init__(self, file: SqliteFile) -> None:
        self._file = file

    def list_versions(self) -> tuple[ListVersion, ...]:
        rows = self._file.rows("SELECT body FROM list_version WHERE in_force = 1 ORDER BY list_id")
        return tuple(decode(ListVersion, body) for (body,) in rows)

    def list_version(self, list_id: str, version: str = "") -> ListVersion | None:
        found = self._numbered(list_id, version)
        return decode(ListVersion, found[1]) if found else None

    def _numbered(self, list_id: str, version: str) -> tuple[int, str] | None:
        wanted = "version = ?" if version else "in_force = 1 AND ? = ''"
        row = self._file.row(
            f"SELECT number, body FROM list_version WHERE list_id = ? AND {wanted} ORDER BY number DESC LIMIT 1",
            (list_id, version),
        )
        return (row[0], row[1]) if row else None

    def entries(self, list_id: str, version: str = "") -> Iterator[Entry]:
        for _, digest, body, file, line in self._entry_rows(list_id, version):
            yield decode_entry(digest, body, file, line)

    def entry_digests(self, list_id: str, version: str = "") -> Iterator[tuple[str, str]]:
        for entry_id, digest, body, file, _ in self._entry_rows(list_id, version):
            _prove(digest, body, file)
            yield entry_id, digest.hex()

    def _entry_rows(self, list_id: str, version: str) -> Iterator[tuple[str, bytes, str, str, int]]:
        found = self._numbered(list_id, version)
        if found is None:
            if version:
                raise StorageError(f"list {list_id!r} has no version {version!r} in this workspace")
            return
        last = ""
        condition = "entry_id >= ?"
        while True:
            rows = self._file.rows(
                "SELECT entry_id, digest, entry_body.body, file, line "
                "FROM list_entry JOIN entry_body ON list_entry.body = id "
                f"WHERE list_id = ? AND {condition} AND since <= ? AND (until IS NULL OR until > ?) "
                "ORDER BY entry_id LIMIT ?",
                (list_id, last, found[0], found[0], PAGE_ROWS),
            )
            yield from rows
            if len(rows) < PAGE_ROWS:
                return
            last, condition = rows[-1][0], "entry_id > ?"

    def entry(self, key: EntryKey, version: str = "") -> Entry | None:
        found = self._numbered(key.list_id, version)
        if found is None:
            return None
        row = self._file.row(
            "SELECT digest, entry_body.body, file, line FROM list_entry JOIN entry_body ON list_entry.body = id "
            "WHERE list_id = ? AND entry_id = ? AND since <= ? AND (until IS NULL OR until > ?)",
            (key.list_id, key.entry_id, found[0], found[0]),
        )
        return decode_entry(*row) if row else None

    def entry_pair(self, pair_id: str) -> EntryPair | None:
        row = self._file.row("SELECT body FROM entry_pair WHERE pair_id = ?", (pair_id,))
        return decode(EntryPair, row[0]) if row else None

    def entry_pairs(
        self,
        states: Sequence[PairState] = (),
        *,
        group_id: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> tuple[EntryPair, ...]:
        where, values = _of_pairs(states, group_id)
        rows = self._file.rows(
            f"SELECT body FROM entry_pair {where} ORDER BY millibits DESC, pair_id LIMIT ? OFFSET ?",
            (*values, -1 if limit is None else limit, offset),
        )
        return tuple(decode(EntryPair, body) for (body,) in rows)

    def count_entry_pairs(self, states: Sequence[PairState] = (), *, group_id: str | None = None) -> int:
        where, values = _of_pairs(states, group_id)
        row = self._file.row(f"SELECT count(*) FROM entry_pair {where}", values)
        return int(row[0]) if row else 0

    def entry_groups(self) -> tuple[EntryGroup, ...]:
        rows = self._file.rows(
            "SELECT group_id, pair_id, list_id, entry_id, other_list_id, other_entry_id FROM entry_pair "
            "WHERE state = 'accepted' ORDER BY group_id, pair_id"
        )
        groups = []
        for group_id, pairs in groupby(rows, key=lambda row: row[0]):
            members: set[EntryKey] = set()
            pair_ids = []
            for _, pair_id, *keys in pairs:
                pair_ids.append(pair_id)
                members |= {EntryKey(list_id=keys[at], entry_id=keys[at + 1]) for at in (0, 2)}
            groups.append(EntryGroup(group_id=group_id, members=tuple(sorted(members)), pair_ids=tuple(pair_ids)))
        return tuple(groups)

    def lead(self, lead_id: str) -> records.Lead | None:
        row = self._file.row("SELECT body FROM lead WHERE lead_id = ?", (lead_id,))
        return decode(records.Lead, row[0]) if row else None

    def lead_by_key(self, key: records.LeadKey) -> records.Lead | None:
        row = self._file.row(
            "SELECT body FROM lead WHERE feed_id = ? AND registration_id = ? AND role = ? AND person_ref = ? "
            "AND list_id = ? AND entry_id = ?",
            (key.feed_id, key.registration_id, key.role, key.person_ref, key.entry.list_id, key.entry.entry_id),
        )
        return decode(records.Lead, row[0]) if row else None

    def lead_revisions(self, lead_id: str) -> tuple[records.Lead, ...]:
        rows = self._file.rows("SELECT body FROM lead_past WHERE lead_id = ? ORDER BY revision", (lead_id,))
        return tuple(decode(records.Lead, body) for (body,) in rows)

    def leads(
        self, query: LeadQuery | None = None, *, limit: int | None = None, offset: int = 0
    ) -> tuple[records.Lead, ...]:
        wanted = query or LeadQuery()
        where, values = _conditions(wanted)
        order = f"{_ORDERS[wanted.order]}band DESC, millibits DESC, lead_id"
        rows = self._file.rows(
            f"SELECT body FROM lead {where} ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, -1 if limit is None else limit, offset),
        )
        return tuple(decode(records.Lead, body) for (body,) in rows)

    def count_leads(self, query: LeadQuery | None = None) -> int:
        where, values = _conditions(query or LeadQuery())
        row = self._file.row(f"SELECT count(*) FROM lead {where}", values)
        return int(row[0]) if row else 0

    def lead_origins(self) -> LeadOrigins:
        lists, feeds = (
            tuple(row[0] for row in self._file.rows(f"SELECT DISTINCT {of} ORDER BY 1", ()))
            for of in ("list_id FROM lead_entry", "feed_id FROM lead")
        )
        return LeadOrigins(lists=lists, feeds=feeds)

    def clearances(self, person_digest: str) -> tuple[records.Clearance, ...]:
        rows = self._file.rows(
            "SELECT body FROM clearance WHERE person_digest = ? ORDER BY list_id, entry_id", (person_digest,)
        )
        return tuple(decode(records.Clearance, body) for (body,) in rows)

    def clearances_of_entry(self, key: EntryKey) -> tuple[records.Clearance, ...]:
        rows = self._file.rows(
            "SELECT body FROM clearance WHERE list_id = ? AND entry_id = ? ORDER BY person_digest",
            (key.list_id, key.entry_id),
        )
        return tuple(decode(records.Clearance, body) for (body,) in rows)

    def run(self, run_id: str) -> records.RunManifest | None:
        row = self._file.row("SELECT body FROM run WHERE run_id = ?", (run_id,))
        return decode(records.RunManifest, row[0]) if row else None

    def runs(self, feed_id: str = "") -> tuple[records.RunManifest, ...]:
        rows = self._file.rows(
            "SELECT body FROM run WHERE ?1 = '' OR feed_id = ?1 ORDER BY started_at DESC, run_id DESC", (feed_id,)
        )
        return tuple(decode(records.RunManifest, body) for (body,) in rows)

    def rows_done(self, run_id: str) -> int:
        row = self._file.row("SELECT rows_done FROM run_checkpoint WHERE run_id = ?", (run_id,))
        return int(row[0]) if row else 0

    def quarantine(self, *, run_id: str = "", file_digest: str = "") -> tuple[records.Rejected, ...]:
        rows = self._file.rows(
            "SELECT body FROM quarantine WHERE (?1 = '' OR run_id = ?1) AND (?2 = '' OR file_digest = ?2) "
            "ORDER BY file, line, field, reason, run_id",
            (run_id, file_digest),
        )
        return tuple(decode(records.Rejected, body) for (body,) in rows)

    def outbox(self, *, after: int = 0, limit: int = 1000) -> tuple[OutboxRow, ...]:
        rows = self._file.rows(
            "SELECT number, owner, kind, payload, at FROM outbox WHERE number > ? ORDER BY number LIMIT ?",
            (after, limit),
        )
        return tuple(
            OutboxRow(number=number, owner=owner, kind=kind, payload=payload, at=datetime.fromisoformat(at))
            for number, owner, kind, payload, at in rows
        )

    def cases(self) -> tuple[Case, ...]:
        return tuple(decode(Case, body) for (body,) in self._file.rows("SELECT body FROM case_file ORDER BY case_id"))

    def case(self, case_id: str) -> Case | None:
        row = self._file.row("SELECT body FROM case_file WHERE case_id = ?", (case_id,))
        return decode(Case, row[0]) if row else None

    def case_links(self, case_id: str = "") -> Iterator[CaseLinks]:
        from netpursuit.records.case_links import CaseLinks

        after = ""
        while row := self._file.row(
            "SELECT owner, body FROM case_links WHERE (?1 = '' OR case_id = ?1) AND owner > ?2 ORDER BY owner LIMIT 1",
            (case_id, after),
        ):
            after = row[0]
            yield decode(CaseLinks, row[1])

    def case_links_of(self, owner: str) -> CaseLinks | None:
        from netpursuit.records.case_links import CaseLinks

        row = self._file.row("SELECT body FROM case_links WHERE owner = ?", (owner,))
        return decode(CaseLinks, row[0]) if row else None

    def cases_with_links(self) -> tuple[str, ...]:
        return tuple(
            case_id for (case_id,) in self._file.rows("SELECT DISTINCT case_id FROM case_links ORDER BY case_id")
        )

    def setting(self, key: str) -> str | None:
        row = self._file.row("SELECT value FROM setting WHERE key = ?", (key,))
        return str(row[0]) if row else None

    def log_records(self, *, after: int = -1) -> Iterator[LogRecord]:
        while True:
            rows = self._file.rows(
                f"{_LOG_COLUMNS} WHERE log.position > ? ORDER BY log.position LIMIT ?", (after, PAGE_ROWS)
            )
            yield from map(_log_record, rows)
            if len(rows) < PAGE_ROWS:
                return
            after = rows[-1][0]

    def log_records_of(self, consultation_id: str) -> tuple[LogRecord, ...]:
        rows = self._file.rows(f"{_LOG_COLUMNS} WHERE consultation_id = ? ORDER BY log.position", (consultation_id,))
        return tuple(map(_log_record, rows))

    def log_head(self) -> LogHead | None:
        row = self._file.row(
            "SELECT size, root, at, signature, ifnull((SELECT edge FROM log_edge), x'') "
            "FROM log_head ORDER BY size DESC LIMIT 1"
        )
        return _head(row[:4], row[4]) if row else None

    def log_heads(self) -> Iterator[LogHead]:
        after = 0
        while True:
            rows = self._file.rows(
                "SELECT size, root, at, signature FROM log_head WHERE size > ? ORDER BY size LIMIT ?",
                (after, PAGE_ROWS),
            )
            for row in rows:
                yield _head(row, b"")
            if len(rows) < PAGE_ROWS:
                return
            after = rows[-1][0]


def decode_entry(digest: bytes, body: str, file: str, line: int) -> Entry:
    """An entry from its content and its place in the list's file, which are stored apart.

    Raises ``StorageError`` where the content is not what was stored (A16: such a list is held out)."""
    _prove(digest, body, file)
    return decode_object(Entry, {**json.loads(body), "source": {"file": file, "line": line}})


def _prove(digest: bytes, body: str, file: str) -> None:
    if hashlib.sha256(body.encode("utf-8")).digest() != digest:
        raise StorageError(f"an entry of {file} was changed in the workspace")


def _instant(text: Any) -> datetime:
    """An instant of the log. Raises ``StorageError`` for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise _damaged_log() from error
    if found.tzinfo is None:
        raise _damaged_log()
    return found


def _log_record(row: tuple[Any, ...]) -> LogRecord:
    position, consultation_id, kind, at, leaf, salt, payload, sealed = row
    if not (isinstance(leaf, bytes) and isinstance(salt, bytes | None) and isinstance(payload, str | None)):
        raise _damaged_log()
    return LogRecord(
        position=position,
        consultation_id=consultation_id or "",
        kind=kind or "",
        at=_instant(at) if at else None,
        leaf=leaf,
        salt=salt,
        payload=payload,
        sealed=sealed,
    )


def _damaged_log() -> StorageError:
    return StorageError(
        "the consultation log is damaged (a record cannot be read): nothing is run; restore the workspace from a backup"
    )


def _head(row: tuple[int, bytes, str, bytes], edge: bytes) -> LogHead:
    size, root, at, signature = row
    if not all(isinstance(found, bytes) for found in (root, signature, edge)):
        raise _damaged_log()
    return LogHead(size=size, root=root, at=_instant(at), signature=signature, edge=edge)


def _conditions(query: LeadQuery) -> tuple[str, list[object]]:
    clauses: list[str] = []
    values: list[object] = []
    choices: tuple[tuple[str, tuple[object, ...]], ...] = (
        ("state", tuple(state.value for state in query.states)),
        ("band", tuple(int(band) for band in query.bands)),
        *((name, (getattr(query, name),) if getattr(query, name) else ()) for name in _PLAIN_COLUMNS),
    )
    for column, wanted in choices:
        if wanted:
            clauses.append(f"{column} IN ({', '.join('?' * len(wanted))})")
            values.extend(wanted)
    shown = [(name, getattr(query, name)) for name in ("list_id", "entry_id") if getattr(query, name)]
    if shown:
        wanted_entry = " AND ".join(f"{name} = ?" for name, _ in shown)
        clauses.append(f"lead_id IN (SELECT lead_id FROM lead_entry WHERE {wanted_entry})")
        values.extend(value for _, value in shown)
    if query.assigned:
        clauses.append("json_extract(body, '$.assigned.name') = ?")
        values.append(query.assigned)
    if query.new_since is not None:
        clauses.append(f"{_OPENED} >= ?")
        values.append(query.new_since.astimezone(UTC).isoformat())
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _of_pairs(states: Sequence[PairState], group_id: str | None) -> tuple[str, tuple[object, ...]]:
    values = tuple(state.value for state in states or PairState)
    where = f"WHERE state IN ({', '.join('?' * len(values))})"
    return (where, values) if group_id is None else (f"{where} AND group_id = ?", (*values, group_id))


# Instants stand in UTC in one form, so that their texts are in the order of time.
_OPENED = "coalesce(json_extract(body, '$.opened_at'), json_extract(body, '$.created_at'))"
_ORDERS = {
    LeadOrder.BEST: "",
    LeadOrder.OLDEST: f"{_OPENED}, ",
    LeadOrder.NEWEST: f"{_OPENED} DESC, ",
    LeadOrder.LIST: "list_id, ",
    LeadOrder.FEED: "feed_id, ",
    LeadOrder.ASSIGNED: "json_extract(body, '$.assigned.name') NULLS LAST, ",
}
_PLAIN_COLUMNS = ("feed_id", "registration_id", "run_id")
