"""Taking records out of the truth for good, inside a transaction. ``secure_delete`` overwrites what they were."""

from __future__ import annotations

from collections.abc import Sequence

from netpursuit.stores.files import SqliteFile


class Purges:
    """The part of ``ports.truth.UnitOfWork`` that deletes."""

    _file: SqliteFile

    def drop_lead(self, lead_id: str) -> None:
        for table, column in (
            ("lead", "lead_id"),
            ("lead_past", "lead_id"),
            ("lead_entry", "lead_id"),
            ("outbox", "owner"),
        ):
            self._file.run(f"DELETE FROM {table} WHERE {column} = ?", (lead_id,))

    def drop_revision(self, lead_id: str, revision: int) -> None:
        self._file.run("DELETE FROM lead_past WHERE lead_id = ? AND revision = ?", (lead_id, revision))

    def drop_clearance(self, person_digest: str, list_id: str, entry_id: str) -> None:
        self._file.run(
            "DELETE FROM clearance WHERE person_digest = ? AND list_id = ? AND entry_id = ?",
            (person_digest, list_id, entry_id),
        )

    def drop_run(self, run_id: str) -> None:
        for table in ("run", "run_checkpoint", "quarantine"):
            self._file.run(f"DELETE FROM {table} WHERE run_id = ?", (run_id,))

    def drop_rejected(self, run_id: str) -> None:
        self._file.run("DELETE FROM quarantine WHERE run_id = ?", (run_id,))

    def drop_case(self, case_id: str) -> None:
        self._file.run("DELETE FROM case_file WHERE case_id = ?", (case_id,))

    def drop_entry_pair(self, pair_id: str) -> None:
        self._file.run("DELETE FROM entry_pair WHERE pair_id = ?", (pair_id,))

    def drop_list_versions(self, list_id: str, numbers: Sequence[int]) -> None:
        run = self._file.run
        run("PRAGMA defer_foreign_keys=ON")  # until the commit: entries go over to the versions that stay
        self._file.run_many(
            "DELETE FROM list_version WHERE list_id = ? AND number = ?", ((list_id, n) for n in numbers)
        )
        stays = "SELECT min(number) FROM list_version v WHERE v.list_id = ?1 AND v.number >= {}"
        run(
            f"DELETE FROM list_entry WHERE list_id = ?1 AND ifnull(({stays.format('since')}) >= until, "
            f"({stays.format('since')}) IS NULL)",
            (list_id,),
        )
        run(
            f"UPDATE list_entry SET since = ({stays.format('since')}), until = ({stays.format('until')}) "
            f"WHERE list_id = ?1 AND (since <> ({stays.format('since')}) OR until IS NOT ({stays.format('until')}))",
            (list_id,),
        )
        run("DELETE FROM entry_body WHERE id NOT IN (SELECT body FROM list_entry)")
