"""All that a truth holds of one kind: what retention and subject access go through."""

from __future__ import annotations

from collections.abc import Iterator

from netpursuit import records
from netpursuit.ports.truth import SealedVersion
from netpursuit.records import EntryKey, ListVersion
from netpursuit.stores.codec import decode
from netpursuit.stores.files import PAGE_ROWS, SqliteFile


class KeptReads:
    """The part of ``ports.truth.Truth`` that reads whole kinds."""

    _file: SqliteFile

    def past_leads(self) -> Iterator[records.Lead]:
        last: tuple[str, int] = ("", 0)
        while rows := self._file.rows(
            "SELECT lead_id, revision, body FROM lead_past WHERE (lead_id, revision) > (?, ?) "
            "ORDER BY lead_id, revision LIMIT ?",
            (*last, PAGE_ROWS),
        ):
            for _, _, body in rows:
                yield decode(records.Lead, body)
            last = (rows[-1][0], rows[-1][1])

    def sealed_versions(self) -> tuple[SealedVersion, ...]:
        rows = self._file.rows("SELECT number, in_force, body FROM list_version ORDER BY list_id, number")
        return tuple(
            SealedVersion(number=number, in_force=bool(in_force), version=decode(ListVersion, body))
            for number, in_force, body in rows
        )

    def all_clearances(self) -> tuple[records.Clearance, ...]:
        rows = self._file.rows("SELECT body FROM clearance ORDER BY person_digest, list_id, entry_id")
        return tuple(decode(records.Clearance, body) for (body,) in rows)

    def quarantined(self) -> tuple[str, ...]:
        return tuple(name for (name,) in self._file.rows("SELECT DISTINCT run_id FROM quarantine ORDER BY run_id"))

    def gone_pairs(self) -> tuple[str, ...]:
        rows = self._file.rows(
            "SELECT pair_id FROM entry_pair p WHERE state <> 'accepted' "
            f"AND NOT ({_SEALED.format('list_id', 'entry_id')} "
            f"AND {_SEALED.format('other_list_id', 'other_entry_id')}) "
            "UNION SELECT pair_id FROM entry_pair p WHERE state = 'accepted' AND NOT EXISTS "
            f"(SELECT 1 FROM entry_pair q WHERE q.state = 'accepted' AND q.group_id = p.group_id "
            f"AND ({_SEALED.replace('p.', 'q.').format('list_id', 'entry_id')} "
            f"OR {_SEALED.replace('p.', 'q.').format('other_list_id', 'other_entry_id')})) ORDER BY pair_id"
        )
        return tuple(pair_id for (pair_id,) in rows)

    def entries_cleared(self, list_id: str) -> frozenset[EntryKey]:
        rows = self._file.rows("SELECT DISTINCT entry_id FROM clearance WHERE list_id = ?", (list_id,))
        return frozenset(EntryKey(list_id=list_id, entry_id=entry_id) for (entry_id,) in rows)


_SEALED = "EXISTS (SELECT 1 FROM list_entry e WHERE e.list_id = p.{} AND e.entry_id = p.{})"
