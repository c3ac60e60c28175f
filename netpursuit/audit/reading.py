"""Consultations out of the log's records: streamed, in the order in which they began."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from netpursuit.audit import leaves
from netpursuit.ports.truth import LogRecord, Truth
from netpursuit.records import Consultation, Outcome


def read_consultations(
    truth: Truth, *, since: datetime | None = None, until: datetime | None = None
) -> Iterator[Consultation]:
    """As ``ConsultationLog.read``. Two passes, so that of the consultations only those that run at one time are held:
    the first finds the last record of each."""
    start = first_position(truth, since) if since is not None else 0
    last: dict[str, int] = {}
    end = start
    for record in truth.log_records(after=start - 1):
        if record.payload is not None:
            last[record.consultation_id] = record.position
        end = record.position

    running: dict[str, Consultation] = {}  # in the order in which they began; whoever is done waits for those before
    done: set[str] = set()
    parts: dict[str, Outcome] = {}
    for record in truth.log_records(after=start - 1):
        if record.position > end or (
            until is not None and record.at is not None and record.at >= until and not running
        ):
            break
        if record.payload is None or record.at is None:
            continue
        known = running.get(record.consultation_id)
        if record.kind in (leaves.INTENT, leaves.REFUSAL):
            if (since is None or record.at >= since) and (until is None or record.at < until):
                running[record.consultation_id] = _begun(record)
        elif known is not None and record.kind in (leaves.PART, leaves.OUTCOME):
            running[record.consultation_id] = _went_on(known, record, parts)
        if record.consultation_id in running and last[record.consultation_id] == record.position:
            done.add(record.consultation_id)
        while running and (first := next(iter(running))) in done:
            done.discard(first)
            consultation = running.pop(first)
            yield replace(consultation, stored=parts.pop(first, None)) if consultation.outcome is None else consultation
    yield from running.values()


def first_position(truth: Truth, since: datetime) -> int:
    """The position of the first record at an instant or later; instants in the log are ordered as their records are."""
    head = truth.log_head()
    low, high = 0, head.size if head else 0
    while low < high:
        middle = (low + high) // 2
        record = next(truth.log_records(after=middle - 1), None)
        if record is not None and record.at is not None and record.at >= since:
            high = middle
        else:  # earlier, or purged, which the beginning of the log is
            low = middle + 1
    return low


def _begun(record: LogRecord) -> Consultation:
    content = leaves.read_payload(record.payload or "")
    refusal = record.kind == leaves.REFUSAL
    assert record.at is not None
    return Consultation(
        consultation_id=record.consultation_id,
        at=record.at,
        intent=leaves.read_intent(content),
        outcome=leaves.read_outcome(content) if refusal else None,
        finished_at=record.at if refusal else None,
    )


def _went_on(known: Consultation, record: LogRecord, parts: dict[str, Outcome]) -> Consultation:
    told = leaves.read_outcome(leaves.read_payload(record.payload or ""))
    if record.kind == leaves.PART:
        parts[record.consultation_id] = _join(parts.get(record.consultation_id, Outcome()), told)
        return known
    if part := parts.pop(record.consultation_id, None):
        told = replace(_join(part, told), counts=told.counts or part.counts)
    return replace(known, outcome=told, finished_at=record.at)


def _join(first: Outcome, second: Outcome) -> Outcome:
    counts = dict(first.counts)
    for key, value in second.counts.items():
        counts[key] = counts.get(key, 0) + value
    return Outcome(
        counts=counts,
        lead_ids=tuple(dict.fromkeys(first.lead_ids + second.lead_ids)),
        entry_ids=tuple(dict.fromkeys(first.entry_ids + second.entry_ids)),
        about={**first.about, **second.about},
        refused=second.refused,
    )
