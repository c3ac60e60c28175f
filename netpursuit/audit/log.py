"""The consultation log: who looked, why, and what they were shown (promises A1, A2, A3).

``begin`` commits the intent before anything runs; ``finish`` commits the outcome before anything is shown, for writes
in the same transaction as the action. Every record is followed by a signed tree head, whose size and root are kept
outside the workspace as an anchor.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from netpursuit.audit import leaves
from netpursuit.audit.commits import Commits, CommitsAlone
from netpursuit.audit.heads import Anchor, head_message
from netpursuit.audit.merkle import Edge, damaged_log
from netpursuit.audit.reading import read_consultations
from netpursuit.audit.verification import Tell, find_problems, shared_records, tell_nobody
from netpursuit.errors import RefusedError
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import LogHead, LogRecord, Truth, UnitOfWork
from netpursuit.records import Consultation, Intent, Outcome
from netpursuit.records.backups import Restoration

Entropy = Callable[[int], bytes]


class ConsultationLog:
    """The log of one workspace. ``entropy`` gives random bytes for ids and salts. ``commits``: how records that are no
    part of a transaction of somebody else's are committed; None: each alone."""

    def __init__(
        self, truth: Truth, keys: Keys, *, entropy: Entropy = secrets.token_bytes, commits: Commits | None = None
    ) -> None:
        self._truth, self._keys, self._entropy = truth, keys, entropy
        self._commits = commits or CommitsAlone(truth, keys)

    @property
    def keys(self) -> Keys:
        """The keys of the workspace."""
        return self._keys

    def begin(self, intent: Intent) -> str:
        """Commit an intent; answers its consultation id (``C-`` and 16 characters).

        Raises ``StorageError`` where it cannot be written: then nothing may run."""
        begun: list[str] = []

        def append(unit: UnitOfWork) -> LogHead:
            consultation_id, sealed = self._sealed(intent.sealed)
            begun.append(consultation_id)
            content = leaves.intent_content(intent, sealed)
            return self._append(unit, leaves.INTENT, consultation_id, content, sealed)

        self._commits.commit(append, shows=False)
        return begun[0]

    def _sealed(self, text: str) -> tuple[str, bytes | None]:
        """A new consultation's id, and what was typed in it. Under the transaction's lock no key stands without its
        record: see ``purge``."""
        if text and (ready := self._commits.seal(text)):
            return ready
        consultation_id = self._new_id()
        return consultation_id, self._keys.seal(consultation_id, text) if text else None

    def finish(
        self,
        unit_of_work: UnitOfWork | None,
        consultation_id: str,
        outcome: Outcome,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """Record the outcome, in the action's own transaction or, for reads, in one of its own.

        ``committed`` is called once it is, before it is anchored."""
        content = leaves.outcome_content(outcome)

        def append(unit: UnitOfWork) -> LogHead:
            unit.after_commit(committed)
            return self._append(unit, leaves.OUTCOME, consultation_id, content, None)

        if unit_of_work is None:
            self._commits.commit(append, shows=True)
        else:
            self._anchor_behind(unit_of_work, append(unit_of_work))

    def record_part(self, unit_of_work: UnitOfWork, consultation_id: str, outcome: Outcome) -> None:
        """Record what a part of a long consultation stored, in the transaction that stored it.

        Its lead and entry ids and counts belong to the whole consultation, also when that is interrupted."""
        content = leaves.outcome_content(outcome)
        self._anchor_behind(unit_of_work, self._append(unit_of_work, leaves.PART, consultation_id, content, None))

    def refuse(self, intent: Intent, why: str) -> str:
        """Record that something was refused before it ran; ``why`` is the refusal's code. Typed values are not kept."""
        consultation_id = self._new_id()
        content = leaves.intent_content(intent, None) | leaves.outcome_content(Outcome(refused=why))
        self._commits.commit(
            lambda unit: self._append(unit, leaves.REFUSAL, consultation_id, content, None), shows=True
        )
        return consultation_id

    def purge(self, before: datetime, *, who: str) -> int:
        """Remove payloads and destroy sealed values of records before an instant; answers of how many consultations.

        What is removed is the log's beginning, up to the first record that is young enough. The leaves stay, and a
        record of its own says who did it and from which position on payloads must exist."""
        purged = self._purge(self._first_kept(before), who)
        self._erase_orphans()
        return purged

    def _purge(self, keep_from: int, who: str) -> int:
        with self._truth.transaction() as unit_of_work:
            ids = unit_of_work.purge_payloads(keep_from)
            if ids:
                unit_of_work.after_commit(lambda: self._keys.erase(*ids))
                content = {"before": keep_from, "who": who}
                head = self._append(unit_of_work, leaves.PURGE, self._new_id(), content, None)
                self._anchor_behind(unit_of_work, head)
        return len(ids)

    def _erase_orphans(self) -> None:
        """Destroy the keys of records that a purge has removed and a kill has kept from theirs.

        Not where a restore has lost records, or the log is not the one that was anchored: another copy may hold them.
        """
        with self._truth.transaction():
            kept = {item.consultation_id for item in self._truth.log_records() if item.payload is not None}
            orphans = self._keys.sealed() - kept
            if orphans and not any(item.lost > 0 for item in self.restorations()):
                shared, anchored = self.shared_records()
                if shared == anchored:
                    self._keys.erase(*sorted(orphans))

    def count_before(self, before: datetime) -> int:
        """Of how many consultations ``purge`` would remove the payloads."""
        keep_from = self._first_kept(before)
        return len({item.consultation_id for item in self._truth.log_records() if _is_due(item, keep_from)})

    def _first_kept(self, before: datetime) -> int:
        for record in self._truth.log_records():
            if record.at is not None and record.at >= before:
                return record.position
        head = self._truth.log_head()
        return head.size if head else 0

    def unseal(self, consultation_id: str, *, opened_by: str, approved_by: str) -> str | None:
        """The typed values of a consultation, for an auditor whom a second person approves; None once destroyed.

        Raises ``RefusedError`` where auditor and approver are not two people. The caller brackets this with a
        consultation of its own."""
        if not opened_by or not approved_by or opened_by == approved_by:
            raise RefusedError("second-person", "typed values are opened only under a second person's approval")
        for record in self._truth.log_records_of(consultation_id):
            if record.kind == leaves.INTENT:
                return self._keys.unseal(consultation_id, record.sealed) if record.sealed else None
        return None

    def read(self, *, since: datetime | None = None, until: datetime | None = None) -> Iterator[Consultation]:
        """Consultations in the order in which they began; ``since`` inclusive, ``until`` exclusive.

        An intent without outcome has ``outcome`` None: it reads ``interrupted``. Parts count towards their whole."""
        return read_consultations(self._truth, since=since, until=until)

    def verify(self, outside: Sequence[Anchor] = (), tell: Tell = tell_nobody) -> list[str]:
        """Every way in which the log is not what was written, as English sentences; empty when all is well.

        ``outside``: anchors that were kept apart from workspace and keys, which the log is held against too. Raises
        ``StorageError`` only where the log cannot be read at all."""
        return find_problems(self._truth, self._keys, outside, tell=tell)

    def verify_alone(self) -> list[str]:
        """As ``verify``, without the anchors: of a log that was restored and may be older than they are."""
        return find_problems(self._truth, self._keys, anchored=False)

    def restorations(self) -> list[Restoration]:
        """The restores on record outside the workspace: what they ended is no tampering, and is named."""
        return [item for item, signed in self._keys.restorations() if signed]

    def shared_records(self) -> tuple[int, int]:
        """Up to which size this log is the one that was anchored, and how long that one is."""
        return shared_records(self._truth, self._keys)

    def purge_again(self, *, who: str) -> int:
        """Remove again what a restore brought back: the log's beginning as far as the erasure ledger knows it."""
        erased, keep_from = self._keys.erased(), 0
        for record in self._truth.log_records():
            if record.payload is not None and record.consultation_id not in erased:
                break
            keep_from = record.position + 1
        return self._purge(keep_from, who)

    def _new_id(self) -> str:
        return leaves.new_id(self._entropy)

    def _anchor_behind(self, unit_of_work: UnitOfWork, head: LogHead) -> None:
        unit_of_work.after_commit(lambda: self._keys.anchor(head))

    def _append(
        self, unit_of_work: UnitOfWork, kind: str, consultation_id: str, content: dict[str, Any], sealed: bytes | None
    ) -> LogHead:
        """Append one leaf and sign the head that follows. The tree is trusted only if it gives the last signed root."""
        at = unit_of_work.at.astimezone(UTC)
        payload, salt = leaves.write_payload(kind, consultation_id, at, content), self._entropy(leaves.SALT_BYTES)
        leaf = leaves.leaf_of(salt, payload)
        last = unit_of_work.head
        edge = Edge.from_bytes(last.size, last.edge) if last else Edge()
        if last is not None and edge.root() != last.root:
            raise damaged_log("its end is not the one that was signed")
        # Whoever brings a key folder of his own, in which he holds every role, goes no further than this.
        if last is not None and not self._keys.verify(self._message(last), last.signature):
            raise damaged_log("its end was signed with other keys than these")
        position = unit_of_work.append_log(
            LogRecord(
                position=-1,
                consultation_id=consultation_id,
                kind=kind,
                at=at,
                leaf=leaf,
                salt=salt,
                payload=payload,
                sealed=sealed,
            )
        )
        edge = edge.append(leaf)
        if edge.size != position + 1:
            raise damaged_log("records are missing at its end")
        head = LogHead(size=edge.size, root=edge.root(), at=at, signature=b"", edge=edge.as_bytes())
        head = replace(head, signature=self._keys.sign(self._message(head)))
        unit_of_work.put_head(head)
        return head

    def _message(self, head: LogHead) -> bytes:
        return head_message(self._truth.workspace_id, head.size, head.root, head.at)


def _is_due(record: LogRecord, keep_from: int) -> bool:
    return record.payload is not None and record.position < keep_from
