"""The leads of a run: what each match, and each silence where a match was before, makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from netpursuit.errors import StorageError
from netpursuit.gate.workbench import ListsInForce, Workbench
from netpursuit.ids.fingerprints import (
    entry_fingerprints,
    entry_version,
    has_whole_birth_date,
    identifying_changes,
    is_whole_number,
    keyed_digest,
    person_digest,
    registered_fingerprints,
)
from netpursuit.policy.standing import ENTRY_EXPIRED, ENTRY_WITHDRAWN
from netpursuit.ports.truth import UnitOfWork
from netpursuit.records import (
    Clearance,
    Entry,
    EntryKey,
    Lead,
    LeadState,
    ListVersion,
    Match,
    MatchSet,
    RegisteredPerson,
    Registration,
)
from netpursuit.screening.decide import NOT_REGISTERED, NOT_REPORTED, Action, Decision, decide, withdraw
from netpursuit.screening.intake import Intake, PersonKey, Screened
from netpursuit.screening.keys import lead_id, lead_key

_COUNTED = {
    Action.NEW: "leads_new",
    Action.UPDATED: "leads_updated",
    Action.FLAGGED: "leads_updated",
    Action.REOPENED: "leads_updated",
    Action.UNCHANGED: "leads_unchanged",
    Action.STAYS_CLEARED: "leads_cleared",
    Action.INHERITED: "leads_cleared",
    Action.WITHDRAWN: "leads_withdrawn",
}
_LIVE = frozenset((Action.NEW, Action.UPDATED, Action.FLAGGED, Action.REOPENED, Action.UNCHANGED))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a run is pinned to."""

    run_id: str
    feed_id: str
    policy: str
    lists: ListsInForce

    def version(self, list_id: str) -> ListVersion | None:
        """The version of a list that this run matches against; None: it does not."""
        return next((version for version in self.lists.versions if version.list_id == list_id), None)


class LeadBook:
    """Turns matches into leads, inside the unit of work it is given.

    ``known`` are the leads of the feed when the run began, by person: few, beside the registrations.
    """

    def __init__(self, desk: Workbench, sealed: Sealed, known: Iterable[Lead]) -> None:
        self._desk, self._sealed = desk, sealed
        self._known: dict[PersonKey, list[Lead]] = {}
        for lead in known:
            self._known.setdefault(whose(lead), []).append(lead)
        self._entries: dict[EntryKey, Entry] = {}
        self._stored: list[str] = []

    @property
    def known(self) -> Iterable[PersonKey]:
        """The persons about whom there were leads."""
        return self._known.keys()

    def take_stored(self) -> tuple[str, ...]:
        """The ids of the leads stored since this was last asked."""
        stored, self._stored = tuple(self._stored), []
        return stored

    def record(self, unit: UnitOfWork, person: Screened, found: MatchSet, tally: Counter[str]) -> list[str]:
        """Store what the matches of one person make of its leads; answers the ids of the leads that are reported."""
        tally["candidates"] += found.candidates
        tally["candidates_cut"] += found.cut
        reported = []
        for match in found.matches:
            proposed = self.propose(unit, person.key.registration_id, person.registered, person.registration, match)
            action = self.keep(unit, proposed, tally)
            if action in _LIVE:
                reported.append(proposed.lead_id)
                tally[match.band.word] += 1
        matched = {match.key for match in found.matches}
        for lead in self._known.get(person.key, ()):
            if lead.key.entry not in matched:
                self._end(unit, lead, self._why_gone(lead) or NOT_REPORTED, tally)
        return reported

    def close(self, unit: UnitOfWork, intake: Intake, tally: Counter[str]) -> None:
        """After the last row: leads whose entry has ended, or whose person left a registration that was read again."""
        for person, leads in self._known.items():
            gone = person.registration_id in intake.registrations_again and person not in intake.persons_again
            for lead in leads:
                why = self._why_gone(lead) or (NOT_REGISTERED if gone else "")
                if why:
                    self._end(unit, lead, why, tally)

    def propose(
        self,
        unit: UnitOfWork,
        registration_id: str,
        registered: RegisteredPerson,
        registration: Registration,
        match: Match,
    ) -> Lead:
        """The lead of a match as if nothing were known about it."""
        entry = self._entry(match.key)
        version = self._sealed.version(match.key.list_id)
        keys = self._desk.keys
        key = lead_key(self._sealed.feed_id, registration_id, registered, match.key)
        name = lead_id(keys, key)
        prints = registered_fingerprints(keys, registered.person, registration) | entry_fingerprints(keys, entry)
        # Somebody of whom only a name is known is no person that a clearance could follow: it stays with the lead.
        prints["person"] = person_digest(keys, registered.person) or keyed_digest(keys, "lead-only", name)
        return Lead(
            lead_id=name,
            key=key,
            state=LeadState.OPEN,
            revision=1,
            match=match,
            registered=registered,
            # Those registered beside who are on no lead leave no trace: a lead keeps its own person only (A4).
            registration=replace(registration, persons=()),
            entry_version=entry_version(entry),
            list_version=version.version if version else "",
            list_date=version.list_date if version else date.min,
            policy=self._sealed.policy,
            run_id=self._sealed.run_id,
            created_at=unit.at,
            updated_at=unit.at,
            fingerprints=dict(sorted(prints.items())),
        )

    def keep(self, unit: UnitOfWork, proposed: Lead, tally: Counter[str]) -> Action:
        """Decide about a proposed lead and store what was decided, with its change of the link graph."""
        previous = self._desk.truth.lead(proposed.lead_id)
        decision = decide(previous, self._clearance(proposed), proposed)
        if decision.action is Action.NEW and decision.lead is not None and not decision.lead.flag:
            decision = replace(decision, lead=replace(decision.lead, flag=self._cleared_before(proposed)))
        self._store(unit, decision, tally)
        return decision.action

    def _clearance(self, proposed: Lead) -> Clearance | None:
        kept = self._desk.truth.clearances(proposed.fingerprints["person"])
        return next((item for item in kept if item.entry == proposed.key.entry), None)

    def _cleared_before(self, proposed: Lead) -> str:
        """The flag of a new lead on somebody who was cleared of this entry under another name, birth date or number:
        with a digest of its own it is a new lead, and the difference is shown (A7). Or empty."""
        prints, person = proposed.fingerprints, proposed.registered.person
        # Never a name alone, nor one with half a birth date: a namesake would be taken for somebody cleared.
        marks = [{"left.name", "left.birth-date"}] if has_whole_birth_date(person) else []
        if any(map(is_whole_number, person.documents)):
            marks.append({"left.document"})
        for known in self._desk.truth.clearances_of_entry(proposed.key.entry):
            differs = identifying_changes(known.fingerprints, prints)
            if known.ended_at is None and differs and any(mark.isdisjoint(differs) for mark in marks):
                return f"cleared-before:{','.join(differs)}"
        return ""

    def _end(self, unit: UnitOfWork, known: Lead, why: str, tally: Counter[str]) -> None:
        lead = self._desk.truth.lead(known.lead_id)
        if lead is None or self._is_unmatched(lead):
            return
        decision = withdraw(lead, why, unit.at)
        if decision.lead is not None:
            self._store(unit, decision, tally)

    def _store(self, unit: UnitOfWork, decision: Decision, tally: Counter[str]) -> None:
        tally[_COUNTED[decision.action]] += 1
        lead = decision.lead
        if lead is None:
            return
        unit.put_lead(lead)
        self._stored.append(lead.lead_id)
        if lead.state in (LeadState.OPEN, LeadState.CONFIRMED):
            entry = self._find(lead.key.entry)
            if entry is not None:
                unit.put_outbox(lead.lead_id, "upsert", self._desk.links(lead, entry))
        else:
            unit.put_outbox(lead.lead_id, "remove", "{}")

    def _why_gone(self, lead: Lead) -> str:
        """Why a lead's entry is not in force as of this run's date; empty where it is."""
        if lead.key.entry in self._sealed.lists.held_out:
            return ENTRY_EXPIRED
        if self._is_unmatched(lead):
            return ""
        return "" if self._find(lead.key.entry) is not None else ENTRY_WITHDRAWN

    def _is_unmatched(self, lead: Lead) -> bool:
        """Whether the lead's list is in the workspace but held out: then its silence says nothing."""
        listed = any(item.list_id == lead.key.entry.list_id for item in self._sealed.lists.standings)
        return listed and self._sealed.version(lead.key.entry.list_id) is None

    def _entry(self, key: EntryKey) -> Entry:
        entry = self._find(key)
        if entry is None:
            raise StorageError(f"the index holds {key.list_id}:{key.entry_id}, the list does not: build it again")
        return entry

    def _find(self, key: EntryKey) -> Entry | None:
        if key not in self._entries:
            version = self._sealed.version(key.list_id)
            entry = self._desk.truth.entry(key, version.version) if version else None
            if entry is None:
                return None
            self._entries[key] = entry
        return self._entries[key]


def whose(lead: Lead) -> PersonKey:
    """The person of a lead."""
    return PersonKey(lead.key.registration_id, lead.key.role, lead.key.person_ref)
