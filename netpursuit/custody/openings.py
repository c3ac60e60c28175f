"""Opening typed values: one user asks, another approves, and the first opens them once, within a day (promise A1).

All three are consultations, and the log alone says what was asked and approved: there is no other place where an
approval could be written. Each is made by the operating-system user who works; nobody names another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from netpursuit.audit import leaves
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.oversight import APPROVAL_LASTS, REQUEST_WAITS
from netpursuit.records import Consultation, Intent, Outcome, Verb

_STEPS = frozenset((Verb.AUDIT_REQUEST, Verb.AUDIT_APPROVE, Verb.AUDIT_OPEN))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A request to open what was typed in ``consultation_id``; ``until``: when it, or its approval, ends."""

    request_id: str
    consultation_id: str
    asked_by: str
    asked_at: datetime
    reason: str
    until: datetime
    approved_by: str = ""
    approval_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedValues:
    """What was typed, as JSON; None: it was destroyed at its period or with an erasure."""

    opening: Opening
    typed: str | None


def request_opening(desk: Workbench, consultation_id: str) -> Opening:
    """Ask that what was typed in a consultation may be opened. Raises ``InputError`` where nothing was, or where there
    is no such consultation."""
    with desk.gate.consult(_intent(desk, Verb.AUDIT_REQUEST, consultation_id)) as consultation:
        _demand_typed(desk, consultation_id)
        at = desk.gate.now()
        opening = Opening(
            request_id=consultation.consultation_id,
            consultation_id=consultation_id,
            asked_by=desk.gate.who,
            asked_at=at,
            reason=str(desk.authority),
            until=at + REQUEST_WAITS,
        )
        consultation.conclude(Outcome(counts={"requested": 1}))
    return opening


def approve_opening(desk: Workbench, consultation_id: str, *, asked_by: str = "") -> Opening:
    """Approve the request of another user; ``asked_by`` says whose where several wait.

    Raises ``RefusedError`` where no other user's request waits, ``InputError`` where several do."""
    with desk.gate.consult(_intent(desk, Verb.AUDIT_APPROVE, consultation_id)) as consultation:
        waiting = {item.asked_by: item for item in _openings(desk, consultation_id) if not item.approved_by}
        own = waiting.pop(desk.gate.who, None)
        if asked_by:
            waiting = {who: item for who, item in waiting.items() if who == asked_by}
        if not waiting:
            if own is not None and asked_by in ("", desk.gate.who):
                raise RefusedError("opening-own", "nobody approves a request of their own: another user must")
            raise RefusedError("opening-none", "no request of another user to open this consultation waits")
        if len(waiting) > 1:
            raise InputError("several users have asked to open this consultation", expected="--requested-by USER")
        (opening,) = waiting.values()
        until = desk.gate.now() + APPROVAL_LASTS
        consultation.conclude(Outcome(counts={"approved": 1}, about={"request": opening.request_id}))
    return replace(opening, until=until, approved_by=desk.gate.who, approval_id=consultation.consultation_id)


def open_typed(desk: Workbench, consultation_id: str) -> OpenedValues:
    """Open what was typed in a consultation, once, under the approval of another user that one's own request has.

    Raises ``RefusedError`` where there is none, or none any more; ``InputError`` as ``request_opening``."""
    with desk.gate.consult(_intent(desk, Verb.AUDIT_OPEN, consultation_id)) as consultation:
        approved = [
            item
            for item in _openings(desk, consultation_id)
            if item.approved_by and item.asked_by == desk.gate.who and item.until > desk.gate.now()
        ]
        if not approved:
            raise RefusedError(
                "opening-unapproved", "no approval of another user is in force to open this consultation"
            )
        opening = approved[-1]
        _demand_typed(desk, consultation_id)
        typed = desk.gate.log.unseal(consultation_id, opened_by=desk.gate.who, approved_by=opening.approved_by)
        counts = {"opened": 1} if typed is not None else {"destroyed": 1}
        consultation.conclude(Outcome(counts=counts, about={"approval": opening.approval_id}))
    return OpenedValues(opening=opening, typed=typed)


def _intent(desk: Workbench, verb: Verb, consultation_id: str) -> Intent:
    return Intent(verb=verb, authority=desk.authority, about={"query": consultation_id})


def _demand_typed(desk: Workbench, consultation_id: str) -> None:
    records = desk.truth.log_records_of(consultation_id)
    if not records:
        raise InputError(
            "the log holds no such consultation", expected="an id that 'audit show' tells, not purged since"
        )
    if not any(record.kind == leaves.INTENT and record.sealed for record in records):
        raise InputError("nothing that was typed in this consultation is kept", expected="a query, such as a 'match'")


def _openings(desk: Workbench, consultation_id: str) -> tuple[Opening, ...]:
    """The requests for a consultation that wait, or are approved and were not opened yet, by the time of asking."""
    now = desk.gate.now()
    found: dict[str, Opening] = {}
    approvals: dict[str, str] = {}
    for item in desk.gate.log.read(since=now - REQUEST_WAITS - APPROVAL_LASTS):
        if item.intent.verb not in _STEPS or item.intent.about.get("query") != consultation_id or not _was_done(item):
            continue
        about = item.outcome.about if item.outcome else {}
        if item.intent.verb is Verb.AUDIT_REQUEST:
            found[item.consultation_id] = _requested(item, consultation_id)
        elif item.intent.verb is Verb.AUDIT_APPROVE:
            request = found.get(about.get("request", ""))
            # What the log cannot hold by this program's hand is not believed: one user on both sides, or a late one.
            if request and request.asked_by != item.intent.authority.who and item.at <= request.until:
                approvals[item.consultation_id] = request.request_id
                found[request.request_id] = replace(
                    request,
                    approved_by=item.intent.authority.who,
                    approval_id=item.consultation_id,
                    until=(item.finished_at or item.at) + APPROVAL_LASTS,
                )
        else:
            found.pop(approvals.get(about.get("approval", ""), ""), None)
    return tuple(item for item in found.values() if item.until > now)


def _requested(item: Consultation, consultation_id: str) -> Opening:
    authority = item.intent.authority
    return Opening(
        request_id=item.consultation_id,
        consultation_id=consultation_id,
        asked_by=authority.who,
        asked_at=item.at,
        reason=str(authority),
        until=item.at + REQUEST_WAITS,
    )


def _was_done(item: Consultation) -> bool:
    return item.outcome is not None and not item.outcome.refused and "failed" not in item.outcome.about
