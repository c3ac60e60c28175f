"""What a named user says about a proposal: one person, or not; and what was said taken back. Nothing here by itself."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from netpursuit.custody.groups import HELD_OUT, IN_GROUPS, PairLook, PairView, known_pair, pair_id
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.groups import KIND, Groups, group_key
from netpursuit.gate.workbench import Workbench
from netpursuit.policy.grouping import REJECT_REASONS
from netpursuit.ports.truth import Truth
from netpursuit.records import EntryGroup, EntryKey, EntryPair, Intent, Outcome, PairState, Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided about a pair; ``group`` is what it now belongs to, or what was dissolved."""

    pair: EntryPair
    group: EntryGroup | None
    consultation_id: str


def accept_group(desk: Workbench, asked: str, *, accepted_by: str, as_of: date | None = None) -> Decided:
    """Record that a named user says: these two entries, and whomever they are grouped with already, are one person.

    The oldest group that it joins keeps its id. Two entries that somebody has rejected as one person are not joined
    through others. A pair accepted before can be accepted again where an identifying field
    has changed since. Raises ``InputError`` without a name, for an unknown id and where it is accepted as it stands;
    ``RefusedError`` where an entry is not in force (``entry-ended``) or its list cannot be read (``list-held-out``).
    """
    day = as_of or desk.today
    intent = Intent(verb=Verb.GROUPS_ACCEPT, authority=desk.authority, about={"group": asked}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        _check_name(accepted_by)
        with desk.truth.transaction() as unit:
            look = PairLook(desk, day)
            view = look.pair(known_pair(desk.truth, asked))
            pair = view.pair
            _refuse_ended(view)
            if pair.state is PairState.ACCEPTED and not view.changed:
                raise InputError(f"{asked} is accepted already", expected="a proposal, or one that has changed since")
            between = _between(desk, look, pair)
            joined = {group.group_id for key in pair.members if (group := look.groups.find(key))}
            eldest = min(joined, key=lambda group_id: _age(desk.truth, group_id), default=pair.pair_id)
            for group_id in joined - {eldest}:
                for held in desk.truth.entry_pairs(IN_GROUPS, group_id=group_id):
                    unit.put_entry_pair(replace(held, group_id=eldest))
                    unit.put_outbox(held.pair_id, KIND, "{}")
            for implied in between:
                unit.put_entry_pair(replace(implied, group_id=eldest))
            accepted = replace(
                pair,
                state=PairState.ACCEPTED,
                group_id=eldest,
                flag="",
                fingerprints=look.fingerprints(view),
                decided_by=accepted_by.strip(),
                decided_at=unit.at,
                decision="",
            )
            unit.put_entry_pair(accepted)
            unit.put_outbox(accepted.pair_id, KIND, "{}")
            group = Groups.of(desk.truth).find(accepted.entry)
            consultation.conclude(_outcome("accepted", accepted, group), unit)
    return Decided(pair=accepted, group=group, consultation_id=consultation.consultation_id)


def reject_group(
    desk: Workbench, asked: str, *, reason: str, rejected_by: str = "", as_of: date | None = None
) -> Decided:
    """Record that a named user (the user of the gate where left out) says: these are not one person.

    ``reason`` is one of ``REJECT_REASONS``. Raises ``InputError`` for another, and where the pair is no open proposal.
    """
    day = as_of or desk.today
    intent = Intent(verb=Verb.GROUPS_REJECT, authority=desk.authority, about={"group": asked}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        if reason not in REJECT_REASONS:
            raise InputError("this is no reason to reject a proposal", expected=f"one of {', '.join(REJECT_REASONS)}")
        with desk.truth.transaction() as unit:
            pair = known_pair(desk.truth, asked)
            if pair.state is not PairState.PROPOSED:
                raise InputError(f"{asked} is {pair.state.value}", expected="an open proposal")
            groups = Groups.of(desk.truth)
            if (group := groups.find(pair.entry)) is not None and group is groups.find(pair.match.key):
                raise InputError(f"both entries belong to {group.group_id}", expected="a dissolved group first")
            rejected = replace(
                pair,
                state=PairState.REJECTED,
                flag="",
                decided_by=rejected_by.strip() or desk.gate.who,
                decided_at=unit.at,
                decision=reason,
            )
            unit.put_entry_pair(rejected)
            consultation.conclude(_outcome("rejected", rejected, None), unit)
    return Decided(pair=rejected, group=None, consultation_id=consultation.consultation_id)


def dissolve_group(desk: Workbench, asked: str, *, dissolved_by: str = "", as_of: date | None = None) -> Decided:
    """Record that a named user (the user of the gate where left out) takes a whole group back, by its id or that of one
    of its pairs. Each of its pairs can be accepted again. Raises ``InputError`` where there is no such group."""
    about = {"group": asked}
    intent = Intent(verb=Verb.GROUPS_DISSOLVE, authority=desk.authority, about=about, as_of=as_of or desk.today)
    with desk.gate.consult(intent) as consultation, desk.truth.transaction() as unit:
        group = Groups.of(desk.truth).find(group_key(asked))
        if group is None:
            raise InputError(f"there is no group {asked!r}", expected="an id that 'lists groups list --accepted' shows")
        by = dissolved_by.strip() or desk.gate.who
        for implied in desk.truth.entry_pairs((PairState.PROPOSED,), group_id=group.group_id):
            unit.put_entry_pair(replace(implied, group_id=""))
        for pair in desk.truth.entry_pairs((PairState.ACCEPTED,), group_id=group.group_id):
            dissolved = replace(
                pair, state=PairState.DISSOLVED, group_id="", decided_by=by, decided_at=unit.at, decision=""
            )
            unit.put_entry_pair(dissolved)
            unit.put_outbox(dissolved.pair_id, KIND, "{}")
        consultation.conclude(_outcome("dissolved", dissolved, group), unit)
    return Decided(pair=dissolved, group=group, consultation_id=consultation.consultation_id)


def _check_name(name: str) -> None:
    if not name.strip():
        raise InputError("nobody says that these are one person", expected="a name")


def _refuse_ended(view: PairView) -> None:
    for key, why in view.ended:
        if why == HELD_OUT:
            raise RefusedError("list-held-out", f"the list of {_name(key)} is damaged or missing", about=_name(key))
        raise RefusedError("entry-ended", f"the entry {_name(key)} is {why}", about=_name(key))


def _between(desk: Workbench, look: PairLook, pair: EntryPair) -> list[EntryPair]:
    """The other proposals that accepting a pair decides with it, between whom it joins. Raises ``InputError`` where a
    human has told two of them apart."""
    sides = [group.members if (group := look.groups.find(key)) else (key,) for key in pair.members]
    ids = {pair_id(desk.keys, one, other) for one in sides[0] for other in sides[1]} - {pair.pair_id}
    known = [found for found in map(desk.truth.entry_pair, sorted(ids)) if found is not None]
    for found in known:
        if found.state is PairState.REJECTED:
            one, other = map(_name, found.members)
            raise InputError(
                f"{one} and {other} were rejected as one person by {found.decided_by}",
                expected=f"{found.pair_id} accepted first, where that was wrong",
            )
    return [found for found in known if found.state is PairState.PROPOSED]


def _age(truth: Truth, group_id: str) -> tuple[str, str]:
    """What orders groups by age: when the pair was accepted after which a group is called."""
    pair = truth.entry_pair(group_id)
    return (pair.decided_at.isoformat() if pair and pair.decided_at else "", group_id)


def _outcome(word: str, pair: EntryPair, group: EntryGroup | None) -> Outcome:
    members = group.members if group else pair.members
    return Outcome(counts={word: 1, "entries": len(members)}, entry_ids=tuple(map(_name, members)))


def _name(key: EntryKey) -> str:
    return f"{key.list_id}:{key.entry_id}"
