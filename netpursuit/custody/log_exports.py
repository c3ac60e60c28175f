"""What is given out of the consultation log: anchors, exports, and the proof of one consultation."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, BinaryIO

from netpursuit.audit.exported import ExportNotice, as_line, write_export
from netpursuit.audit.heads import Anchor, Growth, anchor_problems, head_message
from netpursuit.audit.merkle import prove_growth, root_of
from netpursuit.audit.record_proof import record_proof
from netpursuit.errors import InputError, StorageError
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.oversight import EXPORT_DAYS, EXPORT_DAYS_MOST
from netpursuit.records import Intent, Outcome, Verb

Place = AbstractContextManager[BinaryIO]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What an export says of itself, and until when it may be kept (None: a quarter)."""

    warning: str
    expires_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogExport:
    """What was given out: how many records, the digest of an export, and what it says of itself."""

    records: int
    digest: str
    notice: ExportNotice


def make_anchor(desk: Workbench, after: Anchor | None = None) -> Anchor:
    """The last signed head of the log, to be kept outside; with ``after``, proved to go on from that one.

    It tells nothing of anybody. Raises ``InputError`` for an empty log, or an earlier anchor that is none of this log;
    ``StorageError`` where the head does not carry the workspace's signature or the log is not the one anchored."""
    head = desk.truth.log_head()
    if head is None:
        raise InputError("the log is empty: there is nothing to anchor yet")
    if not desk.keys.verify(head_message(desk.truth.workspace_id, head.size, head.root, head.at), head.signature):
        raise StorageError("the log's last head is not signed by this workspace; 'netpursuit audit verify' says more")
    return Anchor.of(desk.truth.workspace_id, head, desk.keys.public_key(), _growth(desk, after, head.size))


def _growth(desk: Workbench, after: Anchor | None, size: int) -> Growth | None:
    if after is None:
        return None
    _own_anchor(desk, after)
    leaves = [record.leaf for record in desk.truth.log_records() if record.position < size]
    if after.size > len(leaves) or root_of(leaves[: after.size]) != after.root:
        raise StorageError("the log is not the one that was anchored; 'netpursuit audit verify' says where")
    return Growth(size=after.size, root=after.root, proof=prove_growth(leaves, after.size))


def _own_anchor(desk: Workbench, anchor: Anchor) -> None:
    """Raises ``InputError`` for an anchor that is none of this log."""
    for problem in anchor_problems((anchor,), desk.truth.workspace_id, desk.keys.public_key()):
        raise InputError(problem, expected="an anchor of this log, as it was written")


def export_log(desk: Workbench, request: ExportRequest, place: Place) -> LogExport:
    """Write the whole log up to this very look, for somebody outside to verify; on record as an export.

    ``place`` opens the file, and keeps it where the block ends well. Raises ``InputError`` for an expiry that is past
    or too far, ``StorageError`` where the log or the file fails: then there is no file."""
    notice = _notice(desk, request)
    intent = Intent(verb=Verb.AUDIT_EXPORT, authority=desk.authority, about={"expires": notice.expires_on})
    with desk.gate.consult(intent) as consultation, place as out:
        head = desk.truth.log_head()
        size = head.size if head else 0
        digest = write_export(desk.truth, desk.keys, notice, size, out)
        consultation.conclude(Outcome(counts={"records": size}, about={"digest": digest}))
    return LogExport(records=size, digest=digest, notice=notice)


def prove_consultation(
    desk: Workbench, consultation_id: str, request: ExportRequest, anchor: Anchor | None, place: Place
) -> LogExport:
    """Write the proof that a consultation's records stand in the log: in the one that was anchored, or in the present
    one; on record as an export. Raises as ``export_log``, and ``InputError`` for an unknown consultation."""
    notice = _notice(desk, request)
    about = {"query": consultation_id, "expires": notice.expires_on}
    intent = Intent(verb=Verb.AUDIT_PROVE_RECORD, authority=desk.authority, about=about)
    with desk.gate.consult(intent) as consultation, place as out:
        if anchor is not None:
            _own_anchor(desk, anchor)
        records = desk.truth.log_records_of(consultation_id)
        if not records:
            raise InputError(
                "the log holds no such consultation", expected="an id that 'audit show' tells, not purged since"
            )
        shape: dict[str, Any]
        shape, count = record_proof(desk.truth, records, anchor or make_anchor(desk), notice)
        out.write(as_line(shape))
        consultation.conclude(Outcome(counts={"records": count}))
    return LogExport(records=count, digest="", notice=notice)


def _notice(desk: Workbench, request: ExportRequest) -> ExportNotice:
    """Purpose and expiry of the case where there is one; else the reason, and a quarter from today."""
    today, authority = desk.today, desk.authority
    case = desk.truth.case(authority.case_id) if authority.case_id else None
    latest = today + timedelta(days=EXPORT_DAYS_MOST)
    expires = request.expires_on or today + timedelta(days=EXPORT_DAYS)
    if not today <= expires <= latest:
        raise InputError("an export cannot be kept until that day", expected=f"a day from today to {latest}")
    return ExportNotice(
        warning=request.warning,
        purpose=case.purpose if case else str(authority),
        user=desk.gate.who,
        case_id=authority.case_id,
        expires_on=(min(expires, case.expires_on) if case else expires).isoformat(),
        made_at=desk.clock(),
    )
