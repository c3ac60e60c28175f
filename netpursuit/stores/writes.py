"""What the truth keeps: records into rows, all of them inside one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from netpursuit.errors import InputError
from netpursuit.ports.truth import LogHead, LogRecord
from netpursuit.stores.codec import as_text, encode, encode_object
from netpursuit.stores.files import SqliteFile
from netpursuit.stores.graph_views import GraphViewWrites
from netpursuit.stores.purges import Purges

if TYPE_CHECKING:
    from netpursuit.records import Case, Clearance, Entry, EntryPair, Lead, ListVersion, Rejected, RunManifest
    from netpursuit.records.case_links import CaseLinks


class SqliteUnitOfWork(Purges, GraphViewWrites):
    """One write transaction; made by ``SqliteTruth.transaction``. ``at`` and ``head`` were read when it held the write
    lock."""

    def __init__(self, file: SqliteFile, at: datetime, head: LogHead | None) -> None:
        self._file = file
        self.at, self.head = at, head
        self.afterwards: list[Callable[[], None]] = []

    def put_list_version(self, version: ListVersion, entries: Iterable[Entry]) -> None:
        run = self._file.run
        run("UPDATE list_version SET in_force = 0 WHERE list_id = ?", (version.list_id,))
        number = run(
            "INSERT INTO list_version (list_id, version, in_force, body) VALUES (?, ?, 1, ?)",
            (version.list_id, version.version, encode(version)),
        )
        before = {
            entry_id: (since, digest, file, line)
            for entry_id, since, digest, file, line in self._file.rows(
                "SELECT entry_id, since, digest, file, line FROM list_entry JOIN entry_body ON list_entry.body = id "
                "WHERE list_id = ? AND until IS NULL",
                (version.list_id,),
            )
        }
        seen: set[str] = set()
        for entry in entries:
            if entry.entry_id in seen:
                raise InputError(
                    f"entry {entry.entry_id!r} of list {version.list_id!r} comes twice",
                    where=entry.source.file,
                    line=entry.source.line,
                    expected="one record for each entry",
                )
            seen.add(entry.entry_id)
            body = content_of(entry)
            digest = hashlib.sha256(body.encode("utf-8")).digest()
            # A body that was altered on disk must not outlive a delivery that brings its content again.
            run(
                "INSERT INTO entry_body (digest, body) VALUES (?, ?) ON CONFLICT (digest) "
                "DO UPDATE SET body = excluded.body WHERE body IS NOT excluded.body",
                (digest, body),
            )
            since, *known = before.get(entry.entry_id, (0,))
            if known == [digest, entry.source.file, entry.source.line]:
                del before[entry.entry_id]
                continue
            if since:
                del before[entry.entry_id]
                self._end_entry(version.list_id, entry.entry_id, since, number)
            run(
                "INSERT INTO list_entry (list_id, entry_id, since, body, file, line) "
                "SELECT ?, ?, ?, id, ?, ? FROM entry_body WHERE digest = ?",
                (version.list_id, entry.entry_id, number, entry.source.file, entry.source.line, digest),
            )
        for entry_id, (since, *_) in before.items():
            self._end_entry(version.list_id, entry_id, since, number)

    def _end_entry(self, list_id: str, entry_id: str, since: int, number: int) -> None:
        self._file.run(
            "UPDATE list_entry SET until = ? WHERE list_id = ? AND entry_id = ? AND since = ?",
            (number, list_id, entry_id, since),
        )

    def remove_list(self, list_id: str) -> None:
        self._file.run("UPDATE list_version SET in_force = 0 WHERE list_id = ?", (list_id,))

    def mark_list(self, version: ListVersion) -> None:
        self._file.run(
            "UPDATE list_version SET body = ? WHERE list_id = ? AND version = ? AND number = "
            "(SELECT max(number) FROM list_version WHERE list_id = ? AND version = ?)",
            (encode(version), version.list_id, version.version, version.list_id, version.version),
        )

    def put_lead(self, lead: Lead) -> None:
        self._file.run(
            "INSERT OR IGNORE INTO lead_past "
            "SELECT lead_id, revision, body FROM lead WHERE lead_id = ? AND revision < ?",
            (lead.lead_id, lead.revision),
        )
        key = lead.key
        self._file.run(
            "INSERT INTO lead VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (lead_id) DO UPDATE SET "
            "state = excluded.state, band = excluded.band, millibits = excluded.millibits, run_id = excluded.run_id, "
            "revision = excluded.revision, body = excluded.body",
            (
                *(lead.lead_id, key.feed_id, key.registration_id, str(key.role), key.person_ref),
                *(key.entry.list_id, key.entry.entry_id, lead.state.value, int(lead.match.band)),
                *(lead.match.millibits, lead.run_id, lead.revision, encode(lead)),
            ),
        )

        self._file.run_many(
            "INSERT OR IGNORE INTO lead_entry VALUES (?, ?, ?)",
            ((match.key.list_id, match.key.entry_id, lead.lead_id) for match in lead.matches),
        )

    def put_entry_pair(self, pair: EntryPair) -> None:
        entry, other = pair.members
        self._file.run(
            "INSERT OR REPLACE INTO entry_pair VALUES (?,?,?,?,?,?,?,?,?)",
            (
                *(pair.pair_id, pair.state.value, pair.group_id, pair.match.millibits),
                *(entry.list_id, entry.entry_id, other.list_id, other.entry_id, encode(pair)),
            ),
        )

    def put_clearance(self, clearance: Clearance) -> None:
        self._file.run(
            "INSERT OR REPLACE INTO clearance VALUES (?, ?, ?, ?)",
            (clearance.person_digest, clearance.entry.list_id, clearance.entry.entry_id, encode(clearance)),
        )

    def put_run(self, run: RunManifest) -> None:
        self._file.run(
            "INSERT OR REPLACE INTO run VALUES (?, ?, ?, ?)",
            (run.run_id, run.feed_id, run.started_at.isoformat(), encode(run)),
        )

    def put_rejected(self, run_id: str, rejected: Iterable[Rejected]) -> None:
        self._file.run_many(
            "INSERT OR REPLACE INTO quarantine VALUES (?, ?, ?, ?, ?, ?, ?)",
            ((run_id, row.file_digest, row.line, row.column, row.reason, row.file, encode(row)) for row in rejected),
        )

    def put_outbox(self, owner: str, kind: str, payload_json: str) -> None:
        self._file.run(
            "INSERT INTO outbox (owner, kind, payload, at) VALUES (?, ?, ?, ?)",
            (owner, kind, payload_json, self.at.isoformat()),
        )

    def drop_outbox(self, through: int) -> None:
        self._file.run("DELETE FROM outbox WHERE number <= ?", (through,))

    def put_case(self, case: Case) -> None:
        self._file.run("INSERT OR REPLACE INTO case_file VALUES (?, ?)", (case.case_id, encode(case)))

    def put_case_links(self, links: CaseLinks) -> None:
        from netpursuit.records.case_links import owner_prefix

        if not links.owner.startswith(owner_prefix(links.case_id)):
            raise ValueError(f"links of case {links.case_id} cannot be owned by {links.owner}")
        self._file.run(
            "INSERT OR REPLACE INTO case_links VALUES (?, ?, ?)", (links.owner, links.case_id, encode(links))
        )

    def drop_case_links(self, case_id: str, owners: Sequence[str] | None = None) -> tuple[str, ...]:
        rows = self._file.rows("SELECT owner FROM case_links WHERE case_id = ? ORDER BY owner", (case_id,))
        chosen = None if owners is None else frozenset(owners)
        found = tuple(owner for (owner,) in rows if chosen is None or owner in chosen)
        if found:
            self._file.run_many("DELETE FROM case_links WHERE owner = ?", ((owner,) for owner in found))
            self.after_commit(self._file.empty_wal_if_free)
        return found

    def put_setting(self, key: str, value: str | None) -> None:
        if value is None:
            self._file.run("DELETE FROM setting WHERE key = ?", (key,))
        else:
            self._file.run("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    def checkpoint(self, run_id: str, rows_done: int) -> None:
        self._file.run("INSERT OR REPLACE INTO run_checkpoint VALUES (?, ?)", (run_id, rows_done))

    def append_log(self, record: LogRecord) -> int:
        if record.at is None or record.salt is None or record.payload is None:
            raise ValueError("a new log record carries its payload, salt and instant")
        position = self._file.run(
            "INSERT INTO log VALUES (ifnull((SELECT max(position) FROM log) + 1, 0), ?)", (record.leaf,)
        )
        self._file.run(
            "INSERT INTO log_payload VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                *(position, record.consultation_id, record.kind, record.at.isoformat()),
                *(record.salt, record.payload, record.sealed),
            ),
        )
        return position

    def put_head(self, head: LogHead) -> None:
        self._file.run(
            "INSERT INTO log_head VALUES (?, ?, ?, ?)", (head.size, head.root, head.at.isoformat(), head.signature)
        )
        self._file.run("INSERT OR REPLACE INTO log_edge VALUES (1, ?)", (head.edge,))
        self.head = head

    def purge_payloads(self, before_position: int) -> tuple[str, ...]:
        rows = self._file.rows(
            "SELECT DISTINCT consultation_id FROM log_payload WHERE position < ? ORDER BY 1", (before_position,)
        )
        self._file.run("DELETE FROM log_payload WHERE position < ?", (before_position,))
        self.after_commit(self._file.empty_wal_if_free)
        return tuple(consultation_id for (consultation_id,) in rows)

    def after_commit(self, action: Callable[[], None]) -> None:
        self.afterwards.append(action)


def content_of(entry: Entry) -> str:
    """What is stored once: where the entry stood in its file is kept apart, so that a moved line is no new content."""
    content = encode_object(entry)
    del content["source"]
    return as_text(content)
