"""What becomes of a match: a new lead, a new revision, nothing, or the quiet of a clearance. Pure.

==================  ==========================  =====================================================================
before              now                         after
==================  ==========================  =====================================================================
nothing             match                       open (``new``)
nothing             match, cleared person       nothing stored (``inherited``); open, ``cleared-before``, if
                                                an identifying field changed
open                same fields, same evidence  untouched (``unchanged``)
open                anything changed            a new revision (``updated``)
open                person cleared elsewhere    cleared, ``inherited-clearance``
confirmed           anything changed            stays confirmed, a new revision, ``changed``
cleared             no identifying change       untouched (``stays-cleared``)
cleared             an identifying change       open again, ``reopened``
cleared             its clearance has ended     open again, ``clearance-ended``
                    (with its entry, or taken
                    back by a named human)
withdrawn           match                       open again, ``returned``
nothing             match, erased by order      nothing stored (``stays-erased``)
any, corrected      its source says of these    they are put into what it says, and that is compared
                    fields what it said         (``stays-corrected`` where it is not reportable)
open                no match any longer         withdrawn
confirmed           no match any longer         stays confirmed, flagged with the reason
open                its entry joined a group    withdrawn, ``grouped``: the lead on the group takes its place
confirmed           its entry joined a group    stays confirmed under its key, shows the group, ``entry-joined``
open                its row has an id now       withdrawn, ``rekeyed``: the lead under that id takes its place
open                its group was dissolved     withdrawn, ``ungrouped``: leads on single entries take its place
==================  ==========================  =====================================================================

A lead on a group changes by what changed on the entries that it showed before and shows now; an entry that is new to it
reads ``entry-joined`` where a human has decided before. It is cleared where each entry that matches is cleared.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from netpursuit.ids.fingerprints import changes, identifying_changes
from netpursuit.policy.standing import ENTRY_EXPIRED, ENTRY_WITHDRAWN
from netpursuit.records import Band, Clearance, EntryKey, Lead, LeadState, Person

Prints = Mapping[str, str]

# Why a lead is no longer reportable; each is also the flag a reviewer reads.
NOT_REPORTED = "not-reported"
NOT_REGISTERED = "not-registered"
GROUPED = "grouped"
UNGROUPED = "ungrouped"
REKEYED = "rekeyed"
GONE = frozenset((ENTRY_WITHDRAWN, ENTRY_EXPIRED, NOT_REPORTED, NOT_REGISTERED, GROUPED, UNGROUPED, REKEYED))
ENTRY_JOINED = "entry-joined"

# The attributes of a person by the field that a fingerprint names.
_ATTRIBUTES = {
    "name": "names",
    "birth-date": "birth_dates",
    "document": "documents",
    "sex": "sex",
    "nationality": "nationalities",
    "phone": "phones",
    "email": "emails",
    "address": "addresses",
}


class Action(StrEnum):
    """What a decision did."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    FLAGGED = "flagged"
    STAYS_CLEARED = "stays-cleared"
    REOPENED = "reopened"
    INHERITED = "inherited"
    WITHDRAWN = "withdrawn"
    STAYS_ERASED = "stays-erased"
    STAYS_CORRECTED = "stays-corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """An action and the lead to store; ``lead`` None: nothing is to be written."""

    action: Action
    lead: Lead | None = None


def decide(previous: Lead | None, clearance: Clearance | None, proposed: Lead) -> Decision:
    """What becomes of a match that is reportable now.

    ``proposed`` is the lead as it would be if nothing were known (open, revision 1); ``previous`` the stored lead of
    the same key; ``clearance`` the one in force for the same person and entry, or all those for the entries of a group
    in one. Raises ``ValueError`` where they are
    about different leads, persons or entries.
    """
    if previous is not None and previous.key != proposed.key:
        raise ValueError("the previous lead has another key")
    if clearance is not None and (
        clearance.entry != proposed.key.entry or clearance.person_digest != proposed.fingerprints.get("person", "")
    ):
        raise ValueError("the clearance is about another person or entry")
    differs = identifying_changes(clearance.fingerprints, proposed.fingerprints) if clearance else ()
    inherits = clearance if clearance is not None and clearance.ended_at is None and not differs else None
    if previous is None or previous.state is LeadState.WITHDRAWN:
        return _appear(previous, inherits, proposed, _join("cleared-before", differs) if differs else "")
    if previous.state is LeadState.CLEARED:
        return _stay_cleared(previous, inherits, proposed)
    if previous.state is LeadState.OPEN and inherits is not None:
        return Decision(action=Action.INHERITED, lead=_cleared(_revised(previous, proposed, ""), inherits))
    return _keep(previous, proposed)


def correct(previous: Lead, clearance: Clearance | None, proposed: Lead, *, reportable: bool) -> Lead:
    """The next revision of a lead whose person was corrected; ``proposed`` is what it would be with the right values.

    No longer reportable, an open lead is withdrawn and a cleared one stays so; else as ``decide``.
    """
    if not reportable and previous.state in (LeadState.OPEN, LeadState.WITHDRAWN):
        return _revised(previous, proposed, NOT_REPORTED, LeadState.WITHDRAWN)
    if not reportable and previous.state is LeadState.CLEARED:
        return _revised(previous, proposed, previous.flag)
    return decide(previous, clearance, proposed).lead or _revised(previous, proposed, previous.flag)


def withdraw(previous: Lead, why: str, at: datetime) -> Decision:
    """What becomes of a lead that is no longer reportable; ``why`` is one of ``GONE``.

    Only an open lead is withdrawn. What a human decided stays; a confirmed lead is flagged. ``run_id`` stays that of
    the run that made the match, so that it can be replayed (A17).
    """
    if why not in GONE:
        raise ValueError(f"{why!r} is no reason for a withdrawal")
    if previous.state is LeadState.OPEN:
        gone = replace(previous, state=LeadState.WITHDRAWN, flag=why, updated_at=at)
        return Decision(action=Action.WITHDRAWN, lead=gone)
    if previous.state is LeadState.CONFIRMED and previous.flag != why:
        return Decision(action=Action.FLAGGED, lead=replace(previous, flag=why, updated_at=at))
    stays = Action.STAYS_CLEARED if previous.state is LeadState.CLEARED else Action.UNCHANGED
    return Decision(action=stays)


def least_band(lead: Lead) -> Band:
    """The band that a corrected lead must reach to be reported: possible, unless a weak match had made the lead."""
    if lead.corrections:
        return lead.corrections[0].least
    return min(max(lead.match.band, Band.WEAK), Band.POSSIBLE)


def left_prints(lead: Lead) -> dict[str, str]:
    """The fingerprints of the registered side."""
    return {name: value for name, value in lead.fingerprints.items() if name.startswith("left.")}


def corrected_fields(lead: Lead) -> dict[str, str]:
    """The fields in which a lead's person is still as it was corrected, and the prints of what the source said."""
    last = {f"left.{field}": correction for correction in lead.corrections for field in correction.fields}
    return {
        print_name: correction.source.get(print_name, "")
        for print_name, correction in last.items()
        if correction.result.get(print_name, "") == lead.fingerprints.get(print_name, "")
    }


def still_corrected(lead: Lead, prints: Prints) -> tuple[str, ...]:
    """The fields (``birth-date``) whose correction holds: of the registered side, which has these fingerprints now, the
    source says there what it said when it was corrected. What it says of other fields is its word."""
    return tuple(
        name.removeprefix("left.") for name, said in corrected_fields(lead).items() if prints.get(name, "") == said
    )


def as_corrected(stated: Person, lead: Lead, held: Iterable[str]) -> Person:
    """The person that a source states, with the fields in which the lead's correction holds."""
    return replace(stated, **{_ATTRIBUTES[field]: getattr(lead.person, _ATTRIBUTES[field]) for field in held})


def flag_word(flag: str) -> str:
    """The word of a flag, whose text is ``lead.flag.<word>``: ``changed`` of ``changed:left.name``."""
    return flag.partition(":")[0]


def flag_fields(flag: str) -> tuple[str, ...]:
    """The fields that a flag names, as ``left.name``."""
    return tuple(field for field in flag.partition(":")[2].split(",") if field)


def _appear(previous: Lead | None, inherits: Clearance | None, proposed: Lead, flag: str) -> Decision:
    if inherits is not None:
        return Decision(action=Action.INHERITED)
    if previous is None:
        return Decision(action=Action.NEW, lead=replace(proposed, flag=flag))
    return Decision(action=Action.UPDATED, lead=_revised(previous, proposed, flag or "returned", LeadState.OPEN))


def _stay_cleared(previous: Lead, inherits: Clearance | None, proposed: Lead) -> Decision:
    differs = _differences(previous, proposed, identifying_changes)
    if inherits is not None and differs:
        return Decision(action=Action.INHERITED, lead=_cleared(_revised(previous, proposed, ""), inherits))
    if inherits is not None:
        return Decision(action=Action.STAYS_CLEARED)
    flag = _join("reopened", differs) if differs else _joined(previous, proposed) or "clearance-ended"
    return Decision(action=Action.REOPENED, lead=_revised(previous, proposed, flag, LeadState.OPEN))


def _keep(previous: Lead, proposed: Lead) -> Decision:
    """An open lead is updated, a confirmed one flagged; what the same night brings twice changes nothing."""
    differs = _differences(previous, proposed, changes)
    back = previous.flag in GONE
    if not differs and previous.matches == proposed.matches and not back:
        return Decision(action=Action.UNCHANGED)
    if previous.state is LeadState.CONFIRMED:
        named = tuple(sorted({*differs, *flag_fields(previous.flag)}))
        word = "changed" if named else "returned" if back else _joined(previous, proposed) or "rescored"
        return Decision(action=Action.FLAGGED, lead=_revised(previous, proposed, _join(word, named)))
    return Decision(action=Action.UPDATED, lead=_revised(previous, proposed, "" if back else previous.flag))


def _differences(before: Lead, after: Lead, compare: Callable[[Prints, Prints], tuple[str, ...]]) -> tuple[str, ...]:
    """What differs on the registered side and on the entries that both show."""
    old, new = _prints(before), _prints(after)
    shared = old.keys() & new.keys()
    if not shared:  # of groups whose entries were all exchanged
        found = compare(before.fingerprints, after.fingerprints)
        return tuple(name for name in found if name.startswith("left."))
    return tuple(sorted({name for key in shared for name in compare(old[key], new[key])}))


def _prints(lead: Lead) -> dict[EntryKey, dict[str, str]]:
    """The fingerprints of both sides by entry."""
    return {item.match.key: lead.fingerprints | item.fingerprints for item in lead.entries} or {
        lead.match.key: lead.fingerprints
    }


def _joined(previous: Lead, proposed: Lead) -> str:
    """The flag of a lead that shows an entry which it did not show before; or empty."""
    return ENTRY_JOINED if _prints(proposed).keys() - _prints(previous).keys() else ""


def _revised(previous: Lead, proposed: Lead, flag: str, state: LeadState | None = None) -> Lead:
    """The next revision: what is now known, with the identity, the age, what people did with the lead and, unless it
    opens again, the decision. A first of two confirmations was about the revision before, and lapses."""
    opens = state is LeadState.OPEN
    return replace(
        proposed,
        lead_id=previous.lead_id,
        state=state or previous.state,
        revision=previous.revision + 1,
        created_at=previous.created_at,
        opened_at=proposed.updated_at if opens else previous.opened_at,
        assigned=previous.assigned,
        reopened=previous.reopened,
        outcomes=previous.outcomes,
        notes=previous.notes,
        corrections=proposed.corrections or previous.corrections,
        flag=flag,
        decided_by="" if opens else previous.decided_by,
        decided_at=None if opens else previous.decided_at,
        decision="" if opens else previous.decision,
    )


def _cleared(lead: Lead, clearance: Clearance) -> Lead:
    return replace(
        lead,
        state=LeadState.CLEARED,
        flag="inherited-clearance",
        decided_by=clearance.cleared_by,
        decided_at=clearance.cleared_at,
        decision=clearance.reason,
    )


def _join(word: str, fields: tuple[str, ...]) -> str:
    return f"{word}:{','.join(fields)}" if fields else word
