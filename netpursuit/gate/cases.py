"""Cases: the authority under which a person looks. Opening and closing one are consultations of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from netpursuit.errors import InputError, UnknownIdError
from netpursuit.gate.case_links import end_links
from netpursuit.gate.gate import Gate
from netpursuit.policy.reasons import holds_number
from netpursuit.records import Authority, Case, Intent, Outcome, Verb
from netpursuit.text.patterns import regex

_CASE_ID = regex(r"[^\W_][\w.\-/()（）〔〕\[\]]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCase:
    """What opening a case demands; all of it. ``case_id`` may be empty: then one is made (``K-`` and 8 digits)."""

    case_id: str = ""
    title: str
    authority: str
    legal_basis: str
    purpose: str
    members: tuple[str, ...]
    expires_on: date


def open_case(gate: Gate, new: NewCase, *, new_id: Callable[[], str]) -> Case:
    """Open a case; it is the authority of its own opening, which the log records.

    Raises ``InputError`` naming everything that is missing, ``RefusedError`` (``case-exists``) for an id in use.
    """
    case_id = new.case_id.strip() or new_id()
    members = tuple(dict.fromkeys(member.strip() for member in new.members if member.strip()))
    problems = [
        name
        for name, text in (
            ("title", new.title),
            ("authority", new.authority),
            ("legal basis", new.legal_basis),
            ("purpose", new.purpose),
        )
        if not text.strip()
    ]
    if not members:
        problems.append("members")
    if problems:
        raise InputError(f"the case does not state: {', '.join(problems)}", expected="all that authorises it")
    if not _CASE_ID.fullmatch(case_id):
        raise InputError("this is no id for a case", expected="up to 64 letters, digits, dots, dashes and brackets")
    if holds_number(case_id):
        raise InputError("the id of a case holds a person's number or address", expected="a reference to a file")
    if new.expires_on < gate.today():
        raise InputError(f"the case would have expired on {new.expires_on}", expected="a date that is still to come")
    authority = Authority(who=gate.who, case_id=case_id)
    about = {"case": case_id, "expires_on": new.expires_on.isoformat()}
    intent = Intent(verb=Verb.CASE_OPEN, authority=authority, about=about)
    with gate.consult(intent) as consultation, gate.truth.transaction() as unit:
        case = Case(
            case_id=case_id,
            title=new.title.strip(),
            authority=new.authority.strip(),
            legal_basis=new.legal_basis.strip(),
            purpose=new.purpose.strip(),
            members=members,
            opened_by=gate.who,
            opened_at=unit.at,
            expires_on=new.expires_on,
        )
        unit.put_case(case)
        consultation.conclude(Outcome(counts={"members": len(members)}, about={"case": case_id}), unit)
    return case


def close_case(gate: Gate, case_id: str) -> Case:
    """End a case before its time, and with it the links that belong to it; by a member or by whoever opened it."""
    authority = Authority(who=gate.who, case_id=case_id)
    intent = Intent(verb=Verb.CASE_CLOSE, authority=authority, about={"case": case_id})
    with gate.consult(intent) as consultation, gate.truth.transaction() as unit:
        case = gate.truth.case(case_id)
        if case is None:
            raise UnknownIdError(f"there is no case {case_id!r}")
        closed = replace(case, closed_at=unit.at)
        unit.put_case(closed)
        counts = {"links": ended} if (ended := end_links(unit, case_id)) else {}
        consultation.conclude(Outcome(counts=counts, about={"case": case_id}), unit)
    return closed


def is_over(gate: Gate, case_id: str) -> bool:
    """Whether a case is closed or expired; one that is not known is over."""
    case = gate.truth.case(case_id)
    return case is None or case.closed_at is not None or gate.is_expired(case)


def list_cases(gate: Gate) -> tuple[Case, ...]:
    """All cases by id. They show officers and purposes, nobody who is looked for: no consultation.

    Raises ``RefusedError`` for somebody without any role."""
    gate.check_user()
    return gate.truth.cases()


def case_state(gate: Gate, case: Case) -> str:
    """``open``, ``closed`` or ``expired``; the words are ``case.state.<state>``."""
    if case.closed_at is not None:
        return "closed"
    return "expired" if gate.is_expired(case) else "open"
