"""Erasure under an order, its ledger, and its proof (promises A14, A17).

The ledger lies with the keys, outside the workspace, so that a workspace restored from a backup can be told what must
stay erased. An order is begun in the ledger, carried out in one transaction of the truth with its record, and
finished in the ledger; ``settle_ledger`` ends what a kill left between.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from netpursuit.custody.subjects import GraphsLeft, Holdings, graphs_left, holdings_of, still_there
from netpursuit.custody.view_clearing import IsGone, clear_views, keys_of_lead, keys_of_person, words_of
from netpursuit.errors import InputError, StorageError, UnknownIdError
from netpursuit.gate.case_links import KIND
from netpursuit.gate.erased import entry_digest, find_lead, place_digest
from netpursuit.gate.orders import check_order
from netpursuit.gate.workbench import Workbench, describe_person
from netpursuit.ids.fingerprints import IDENTIFYING, SIDES, has_whole_birth_date, is_whole_number, keyed_digest
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import Clearance, Intent, Lead, Outcome, Person, Verb
from netpursuit.records.case_links import CaseLinks
from netpursuit.records.erasures import ErasedLead, ErasedPair, Erasure, ErasureProof
from netpursuit.records.graph import Edge, LinkSet


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What an order erased. ``left``: leads that are alike and were not named; ``wal_left``: another session kept
    reading, so that the write-ahead log may hold what was deleted until it ends; ``graphs``: imported ones, from which
    nothing is erased."""

    erasure: Erasure
    case_parts: int
    views: int
    clearances: int
    left: tuple[str, ...]
    wal_left: bool
    graphs: GraphsLeft


def erase_leads(desk: Workbench, lead_ids: Sequence[str], order: str) -> Erased:
    """Erase leads with all that hangs on them: revisions, clearances, links, sealed queries they were opened from.

    Raises ``InputError`` where one is not there, ``ErasedError`` where one was erased before.
    """
    about = {"lead": lead_ids[0]} if len(lead_ids) == 1 else {}
    intent = Intent(verb=Verb.SUBJECT_ERASE, authority=desk.authority, about=about)
    return _erase(desk, intent, order, lead_ids, None)


def erase_person(desk: Workbench, person: Person, order: str) -> Erased:
    """Erase all that is the stated person's; what is merely alike stays and is named.

    Raises ``InputError`` where the fields state no single person, ``RefusedError`` under A10.
    """
    fields, _ = describe_person(person)  # what is to be erased is not sealed anew
    intent = Intent(verb=Verb.SUBJECT_ERASE, authority=desk.authority, fields=fields)
    return _erase(desk, intent, order, (), person)


def _erase(desk: Workbench, intent: Intent, order: str, lead_ids: Sequence[str], person: Person | None) -> Erased:
    truth, keys = desk.truth, desk.keys
    with desk.gate.consult(intent, persons=(person,) if person is not None else ()) as consultation:
        number = check_order(order)
        if person is not None and not _is_somebody(person):
            raise InputError(
                "this may be several people",
                where="subject erase",
                expected="a name with a whole birth date, or a whole number; or the ids of the leads",
            )
        settle_ledger(truth, keys)
        begun = False
        # Searched before the lock is taken: nobody waits for it to write while everything is read through.
        leads = [find_lead(truth, keys, lead_id) for lead_id in dict.fromkeys(lead_ids)]
        found = holdings_of(desk, person, None) if person is not None else holdings_of(desk, Person(), leads)
        try:
            with truth.transaction() as unit:
                found = still_there(desk, found, person)
                erasure = _planned(truth, keys, found, person, consultation.consultation_id, number, unit)
                keys.begin_erasure(erasure)
                begun = True
                clearances = _carry_out(unit, found)
                parts, taken = _take_out(truth, keys, unit, frozenset(erasure.contacts))
                named = [word for one in _people(truth, found, person) for word in words_of(one)]
                views = clear_views(truth, unit, _in_views(keys, erasure, taken), named)
                unit.put_setting(_marker(erasure.erasure_id), erasure.at.isoformat())
                counts = {
                    "erased": len(erasure.leads),
                    "clearances": clearances,
                    "case parts": parts,
                    "views": views,
                    "typed values": len(erasure.records),
                }
                about = {"order": number}
                ids = tuple(lead.lead_id for lead in erasure.leads)
                kept = {name: count for name, count in counts.items() if count}
                consultation.conclude(Outcome(counts=kept, lead_ids=ids, about=about), unit)
                unit.after_commit(lambda: keys.finish_erasure(erasure.erasure_id))
        except BaseException:
            if begun and truth.setting(_marker(consultation.consultation_id)) is None:
                with suppress(StorageError):  # or it is settled at the next occasion
                    keys.drop_erasure(consultation.consultation_id)
            raise
    left = tuple(item.lead.lead_id for item in found.leads if not item.same)
    return Erased(
        erasure=erasure,
        case_parts=parts,
        views=views,
        clearances=clearances,
        left=left,
        wal_left=is_wal_left(truth, keys),
        graphs=graphs_left(desk),
    )


def is_wal_left(truth: Truth, keys: Keys) -> bool:
    """Empty the write-ahead logs of truth and keys; answers whether a session that reads keeps one, so that what was
    deleted may stand in it until that session ends."""
    left = False
    for empty_wal in (truth.empty_wal, keys.empty_wal):
        try:
            empty_wal()
        except StorageError:
            left = True
    return left


def settle_ledger(truth: Truth, keys: Keys) -> None:
    """Finish erasures that were carried out and not finished in the ledger; take back those that were not."""
    if not keys.begun_erasures():
        return
    with truth.transaction():  # whoever carries one out holds the write lock
        for erasure_id in keys.begun_erasures():
            if truth.setting(_marker(erasure_id)) is not None:
                keys.finish_erasure(erasure_id)
            else:
                keys.drop_erasure(erasure_id)


def replay_ledger(truth: Truth, keys: Keys, unit: UnitOfWork) -> tuple[str, ...]:
    """Erase again, after a restore, whatever the ledger names and the truth still holds; answers the ids of the leads.

    Within the caller's unit of work, whose consultation names them; the caller empties the write-ahead log and drains
    the link graph after it. What came anew after an order (a lead made since) stays. The same twice changes nothing.
    Orders that were begun and whose end a backup does not know are carried out: an order was there.
    """
    gone: list[str] = []
    for erasure in keys.erasures():
        for erased in erasure.leads:
            lead = truth.lead(erased.lead_id)
            if lead is not None and lead.created_at <= erasure.at:
                purge_lead(unit, erased.lead_id)
                gone.append(erased.lead_id)
        pairs = {(pair.person, pair.entry) for pair in (*erasure.cleared, *erasure.dropped)}
        for person in sorted({person for person, _ in pairs}):
            for item in truth.clearances(person):
                if (person, entry_digest(keys, item.entry)) in pairs and item.cleared_at <= erasure.at:
                    unit.drop_clearance(person, item.entry.list_id, item.entry.entry_id)
        _, taken = _take_out(truth, keys, unit, frozenset(erasure.contacts), made_until=erasure.at)
        clear_views(truth, unit, _in_views(keys, erasure, taken), None, made_until=erasure.at)
        if truth.setting(_marker(erasure.erasure_id)) is None:
            unit.put_setting(_marker(erasure.erasure_id), erasure.at.isoformat())
    return tuple(gone)


def prove_erased(desk: Workbench, lead_id: str) -> ErasureProof:
    """The ledger's signed record of a lead's erasure. Raises ``InputError`` where it was not erased."""
    intent = Intent(verb=Verb.SUBJECT_PROVE, authority=desk.authority, about={"lead": lead_id})
    with desk.gate.consult(intent) as consultation:
        if desk.truth.lead(lead_id) is not None:
            raise InputError(f"the lead {lead_id} is there", expected="one that was erased")
        found = desk.keys.erasures_about(lead_id)
        proof = desk.keys.prove_erasure(found[0].erasure_id) if found else None
        if proof is None:
            raise UnknownIdError(f"there is no lead {lead_id!r}")
        consultation.conclude(Outcome(counts={"proved": 1}, about={"order": proof.erasure.order}))
    return proof


def purge_lead(unit: UnitOfWork, lead_id: str) -> None:
    """Delete a lead with its revisions, and queue that the link graph forgets what it brought."""
    unit.drop_lead(lead_id)
    unit.put_outbox(lead_id, "remove", "{}")


def _is_somebody(person: Person) -> bool:
    return bool(person.names and has_whole_birth_date(person)) or any(map(is_whole_number, person.documents))


def _people(truth: Truth, found: Holdings, person: Person | None) -> Iterable[Person]:
    """The person as stated, and as the leads have and had it."""
    yield from [person] if person is not None else []
    for lead in found.same:
        yield from (one.person for one in (lead, *truth.lead_revisions(lead.lead_id)))


def _in_views(keys: Keys, erasure: Erasure, taken: Mapping[str, frozenset[str]]) -> IsGone:
    """Which nodes go out of the views of cases: those that the ledger names, and what only they had been tied to."""
    digests = {*erasure.views, *erasure.contacts}
    return lambda case_id, key: (
        key in taken.get(case_id, ()) or (bool(digests) and node_digest(keys, case_id, key) in digests)
    )


def _view_digests(truth: Truth, keys: Keys, found: Holdings, person: Person | None) -> tuple[str, ...]:
    """Digests of what is the person's own, for every case: a backup may hold views that are gone by now."""
    own = {key for one in _people(truth, found, person) for key in keys_of_person(one)}
    own |= {key for lead in found.same for key in keys_of_lead(lead)}
    return tuple(sorted({node_digest(keys, case.case_id, key) for case in truth.cases() for key in own}))


def _planned(
    truth: Truth,
    keys: Keys,
    found: Holdings,
    person: Person | None,
    erasure_id: str,
    order: str,
    unit: UnitOfWork,
) -> Erasure:
    leads = tuple(
        ErasedLead(lead_id=lead.lead_id, place=place_digest(keys, lead.key), pairs=tuple(_pairs(keys, lead)))
        for lead in sorted(found.same, key=lambda lead: lead.lead_id)
    )
    contacts = {node_digest(keys, part.case_id, key) for part in found.parts if part.same for key in part.nodes}
    return Erasure(
        erasure_id=erasure_id,
        order=order,
        at=unit.at.astimezone(UTC),
        leads=leads,
        cleared=tuple(_cleared_pair(keys, item) for item in found.clearances if item.ended_at is None),
        dropped=tuple(_cleared_pair(keys, item) for item in found.clearances if item.ended_at is not None),
        contacts=tuple(sorted(contacts)),
        records=found.queries,
        views=_view_digests(truth, keys, found, person),
    )


def _pairs(keys: Keys, lead: Lead) -> Iterable[ErasedPair]:
    """What a lead showed; of a corrected one also what its source says, from which it would be made again."""
    shown = [(item.match.key, item.fingerprints) for item in lead.entries] or [(lead.match.key, {})]
    last = lead.corrections[-1] if lead.corrections else None
    in_force = last is not None and all(lead.fingerprints.get(name) == value for name, value in last.result.items())
    stated = [{}, last.source] if last is not None and in_force else [{}]
    for key, prints in shown:
        for source in stated:
            yield ErasedPair(
                person=lead.fingerprints.get("person", ""),
                entry=entry_digest(keys, key),
                fingerprints=_identifying({**lead.fingerprints, **source, **prints}),
            )


def _cleared_pair(keys: Keys, clearance: Clearance) -> ErasedPair:
    return ErasedPair(
        person=clearance.person_digest,
        entry=entry_digest(keys, clearance.entry),
        fingerprints=_identifying(clearance.fingerprints),
    )


def _identifying(prints: dict[str, str]) -> dict[str, str]:
    names = [f"{side}.{field}" for side in SIDES for field in IDENTIFYING]
    return {name: prints[name] for name in names if prints.get(name)}


def _carry_out(unit: UnitOfWork, found: Holdings) -> int:
    for lead in found.same:
        purge_lead(unit, lead.lead_id)
    for item in found.clearances:
        unit.drop_clearance(item.person_digest, item.entry.list_id, item.entry.entry_id)
    return len(found.clearances)


def _take_out(
    truth: Truth, keys: Keys, unit: UnitOfWork, digests: frozenset[str], *, made_until: datetime | None = None
) -> tuple[int, dict[str, frozenset[str]]]:
    """Take nodes out of cases, with their links and with what only they had been tied to; answers how many parts of
    cases changed, and by case what was taken out. ``made_until``: out of the parts that were made by then, so that what
    a case drew in later stays."""
    changed: list[CaseLinks] = []
    taken: dict[str, frozenset[str]] = {}
    for case_id in truth.cases_with_links() if digests else ():
        parts = [part for part in truth.case_links(case_id) if made_until is None or part.made_at <= made_until]
        known = {key for part in parts for key in _keys_in(part)}
        gone = {key for key in known if node_digest(keys, case_id, key) in digests}
        if not gone:
            continue
        stays = {end for part in parts for edge in part.links.edges if not _touches(edge, gone) for end in _ends(edge)}
        cut = {end for part in parts for edge in part.links.edges if _touches(edge, gone) for end in _ends(edge)}
        changed += [_without(part, gone, gone | (cut - stays)) for part in parts if gone & set(_keys_in(part))]
        lonely = cut - stays - gone
        taken[case_id] = frozenset(gone | lonely)
        done = {part.owner for part in changed}
        changed += [
            _without(part, gone, lonely) for part in parts if part.owner not in done and lonely & set(_keys_in(part))
        ]
    for part in changed:
        unit.put_case_links(part)
        unit.put_outbox(part.owner, KIND, "{}")
    return len(changed), taken


def _without(part: CaseLinks, gone: set[str], nodes: set[str]) -> CaseLinks:
    """A part without the links of some nodes, and without these nodes."""
    links = LinkSet(
        nodes=tuple(node for node in part.links.nodes if node.key not in nodes),
        edges=tuple(edge for edge in part.links.edges if not _touches(edge, gone)),
    )
    return replace(part, links=links)


def _keys_in(part: CaseLinks) -> Iterable[str]:
    yield from (node.key for node in part.links.nodes)
    for edge in part.links.edges:
        yield from _ends(edge)


def _ends(edge: Edge) -> tuple[str, str]:
    return edge.start, edge.end


def _touches(edge: Edge, keys: set[str]) -> bool:
    return edge.start in keys or edge.end in keys


def node_digest(keys: Keys, case_id: str, key: str) -> str:
    """The keyed digest by which the ledger knows a node of a case."""
    return keyed_digest(keys, "erased-node", case_id, key)


def _marker(erasure_id: str) -> str:
    """The setting by which the truth says that it has carried out an erasure."""
    return f"erasure.{erasure_id}"
