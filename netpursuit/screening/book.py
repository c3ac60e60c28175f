"""The leads of a run: what each match, and each silence where a match was before, makes of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from netpursuit.errors import InputError
from netpursuit.gate.erased import stays_erased
from netpursuit.gate.groups import group_key, names_group
from netpursuit.gate.lead_keys import is_content_ref, lead_id, lead_key
from netpursuit.gate.workbench import Workbench
from netpursuit.ids.fingerprints import (
    entry_fingerprints,
    entry_version,
    keyed_digest,
    person_digest,
    registered_fingerprints,
)
from netpursuit.match import scored_by
from netpursuit.policy.standing import ENTRY_EXPIRED, ENTRY_WITHDRAWN
from netpursuit.ports.truth import UnitOfWork
from netpursuit.records import (
    Band,
    Correction,
    EntryGroup,
    EntryKey,
    Lead,
    LeadState,
    Match,
    MatchedEntry,
    MatchSet,
    Person,
    RegisteredPerson,
    Registration,
)
from netpursuit.screening.clearances import ClearedEntries
from netpursuit.screening.decide import (
    GROUPED,
    NOT_REGISTERED,
    NOT_REPORTED,
    REKEYED,
    UNGROUPED,
    Action,
    Decision,
    as_corrected,
    correct,
    corrected_fields,
    decide,
    least_band,
    left_prints,
    still_corrected,
    withdraw,
)
from netpursuit.screening.intake import Intake
from netpursuit.screening.row_task import PersonKey, Screened
from netpursuit.screening.sealed import Sealed, SealedEntries
from netpursuit.screening.succession import (
    assigned_on,
    best_first,
    corrected_last,
    known_without_id,
    replaced_by,
    whose,
)

_COUNTED = {
    Action.NEW: "leads_new",
    Action.UPDATED: "leads_updated",
    Action.FLAGGED: "leads_updated",
    Action.REOPENED: "leads_updated",
    Action.UNCHANGED: "leads_unchanged",
    Action.STAYS_CLEARED: "leads_cleared",
    Action.INHERITED: "leads_cleared",
    Action.WITHDRAWN: "leads_withdrawn",
    Action.STAYS_ERASED: "leads_erased",
    Action.STAYS_CORRECTED: "leads_unchanged",
}
_LIVE = frozenset((Action.NEW, Action.UPDATED, Action.FLAGGED, Action.REOPENED, Action.UNCHANGED))


class LeadBook:
    """Turns matches into leads, inside the unit of work it is given.

    ``known`` are the leads of the feed when the run began, by person: few, beside the registrations.
    """

    def __init__(self, desk: Workbench, sealed: Sealed, known: Iterable[Lead]) -> None:
        self._desk, self._sealed = desk, sealed
        self._known: dict[PersonKey, list[Lead]] = {}
        for lead in known:
            self._known.setdefault(whose(lead), []).append(lead)
        self._listed = SealedEntries(desk.truth, sealed)
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
        reported = []
        known = self._known.get(person.key, ())
        before = (*known, *known_without_id(self._known, self._desk.keys, person))
        matched: dict[EntryKey, list[Match]] = {}
        for match in found.matches:
            matched.setdefault(self._subject(match.key, known), []).append(match)
        for subject, matches in matched.items():
            proposed = self.propose(
                unit, person.key.registration_id, person.registered, person.registration, matches, subject
            )
            action = self.keep(unit, proposed, matches, tally, before)
            if action in _LIVE:
                reported.append(proposed.lead_id)
                tally[matches[0].band.word] += 1
        for lead in known:
            if lead.key.entry in matched:
                continue
            # As it now is: somebody may have decided on it, or erased it, since the run began.
            now = self._desk.truth.lead(lead.lead_id) if lead.corrections else None
            held = still_corrected(now, self._prints(person)) if now is not None else ()
            again = None
            if (
                now is not None
                and held
                and not any(self._subject(match.key, known) in matched for match in now.matches)
            ):
                stated = replace(now, registered=person.registered, registration=person.registration)
                again = self._as_corrected(unit, now, stated, held)
            if again is not None and self._decide(unit, now, *again, tally) in _LIVE:
                reported.append(lead.lead_id)
                tally[again[1][0].band.word] += 1
            if again is None:
                self._end(unit, lead, self._why_gone(lead) or self._moved(lead, matched) or NOT_REPORTED, tally)
        return reported

    def read_in_part(self, intake: Intake) -> list[str]:
        """The ids of registrations that were read again without somebody about whom there are leads, sorted."""
        return sorted(
            {
                person.registration_id
                for person in self._known
                if person.registration_id in intake.registrations_again
                and person not in intake.persons_again
                and not is_content_ref(person.registration_id)
            }
        )

    def close(self, unit: UnitOfWork, intake: Intake, tally: Counter[str]) -> None:
        """After the last row: leads whose entry has ended, or whose person left a registration that was read again."""
        for person, leads in self._known.items():
            gone = person.registration_id in intake.registrations_again and person not in intake.persons_again
            for lead in leads:
                why = self._why_gone(lead) or (REKEYED if person in intake.rekeyed else NOT_REGISTERED if gone else "")
                if why in (ENTRY_WITHDRAWN, ENTRY_EXPIRED):  # unless this run has found it another entry of its group
                    why = self._why_gone(self._desk.truth.lead(lead.lead_id) or lead)
                if why:
                    self._end(unit, lead, why, tally)
            if person not in intake.persons_again:
                self._move(unit, leads, tally)

    def end_gone(self, unit: UnitOfWork, tally: Counter[str]) -> None:
        """Leads of which no entry is in force, though no registration was read again."""
        for lead in (lead for leads in self._known.values() for lead in leads):
            if why := self._why_gone(lead):
                self._end(unit, lead, why, tally)

    def subject(self, key: EntryKey) -> EntryKey:
        """What a lead on an entry is about: its group, or else the entry itself."""
        return self._subject(key, ())

    def propose(
        self,
        unit: UnitOfWork,
        registration_id: str,
        registered: RegisteredPerson,
        registration: Registration,
        matches: Sequence[Match],
        subject: EntryKey,
    ) -> Lead:
        """The lead of the matches with one entry, or with those of one group (the best first), as if nothing were known
        about it."""
        keys = self._desk.keys
        group = self._sealed.groups.find(subject)
        shown = [self._matched(match) for match in self._whole(registered.person, matches, group)]
        best = shown[0]
        key = lead_key(self._sealed.feed_id, registration_id, registered, subject)
        name = lead_id(keys, key)
        prints = registered_fingerprints(keys, registered.person, registration) | best.fingerprints
        # Somebody of whom only a name is known is no person that a clearance could follow: it stays with the lead.
        prints["person"] = person_digest(keys, registered.person) or keyed_digest(keys, "lead-only", name)
        return Lead(
            lead_id=name,
            key=key,
            state=LeadState.OPEN,
            revision=1,
            match=best.match,
            registered=registered,
            # Those registered beside who are on no lead leave no trace: a lead keeps its own person only (A4).
            registration=replace(registration, persons=(), unnamed=()),
            entry_version=best.entry_version,
            list_version=best.list_version,
            list_date=best.list_date,
            policy=self._sealed.policy,
            run_id=self._sealed.run_id,
            created_at=unit.at,
            updated_at=unit.at,
            fingerprints=dict(sorted(prints.items())),
            entries=tuple(shown) if group else (),
            code=scored_by(),
        )

    def keep(
        self,
        unit: UnitOfWork,
        proposed: Lead,
        matches: Sequence[Match],
        tally: Counter[str],
        known: Sequence[Lead] = (),
    ) -> Action:
        """Decide about a proposed lead and store what was decided, with its change of the link graph. Of the ``known``
        leads on the person it takes over whose place it takes: to whom they were assigned, and what was corrected."""
        previous = self._desk.truth.lead(proposed.lead_id)
        keys = frozenset(match.key for match in matches)
        if previous is None and stays_erased(self._desk.truth, self._desk.keys, proposed, keys):
            tally[_COUNTED[Action.STAYS_ERASED]] += 1
            return Action.STAYS_ERASED
        replaced = (self._desk.truth.lead(lead.lead_id) for lead in replaced_by(proposed, known))
        corrected = corrected_last((previous, *replaced))
        if corrected is not None and (held := still_corrected(corrected, left_prints(proposed))):
            again = self._as_corrected(unit, corrected, proposed, held)
            if again is None:
                return self._stay_corrected(unit, previous, tally)
            proposed, matches = again
        return self._decide(unit, previous, assigned_on(proposed, known), matches, tally)

    def _decide(
        self, unit: UnitOfWork, previous: Lead | None, proposed: Lead, matches: Sequence[Match], tally: Counter[str]
    ) -> Action:
        cleared = ClearedEntries(self._desk, proposed, [match.key for match in matches])
        decision = decide(previous, cleared.as_one(), proposed)
        if decision.action is Action.NEW and decision.lead is not None and not decision.lead.flag:
            decision = replace(decision, lead=replace(decision.lead, flag=cleared.before()))
        self._store(unit, decision, tally)
        return decision.action

    def correct(self, unit: UnitOfWork, lead: Lead, person: Person, *, order: str, stated: tuple[str, ...]) -> Lead:
        """Store a lead with its person corrected. Raises ``InputError`` where none of its entries is in force."""
        matches = self._reported(person, lead)
        if not matches:
            raise InputError(
                f"the entries of lead {lead.lead_id} are in force no longer", expected="a lead that can be scored again"
            )
        registered = replace(lead.registered, person=person)
        proposed = self.propose(unit, lead.key.registration_id, registered, lead.registration, matches, lead.key.entry)
        source = left_prints(lead) | corrected_fields(lead)
        correction = Correction(
            at=unit.at,
            user=self._desk.gate.who,
            order=order,
            fields=stated,
            source=source,
            result=left_prints(proposed),
            least=least_band(lead),
        )
        proposed = replace(proposed, corrections=(*lead.corrections, correction), lists=self._sealed.lists.pinned)
        cleared = ClearedEntries(self._desk, proposed, [match.key for match in matches]).as_one()
        after = correct(lead, cleared, proposed, reportable=matches[0].band >= least_band(lead))
        self._store(unit, Decision(action=Action.UPDATED, lead=after), Counter())
        return after

    def _prints(self, person: Screened) -> dict[str, str]:
        return registered_fingerprints(self._desk.keys, person.registered.person, person.registration)

    def _as_corrected(
        self, unit: UnitOfWork, lead: Lead, stated: Lead, held: Iterable[str]
    ) -> tuple[Lead, list[Match]] | None:
        """``stated``, which is as the source says, with the corrections of ``lead`` that hold; None: not reportable."""
        registered = replace(stated.registered, person=as_corrected(stated.registered.person, lead, held))
        matches = self._reported(registered.person, stated)
        if not matches or matches[0].band < least_band(lead):
            return None
        key = stated.key
        again = self.propose(unit, key.registration_id, registered, stated.registration, matches, key.entry)
        return replace(again, corrections=lead.corrections), matches

    def _stay_corrected(self, unit: UnitOfWork, lead: Lead | None, tally: Counter[str]) -> Action:
        if lead is None or lead.state is not LeadState.OPEN:
            tally[_COUNTED[Action.STAYS_CORRECTED]] += 1
            return Action.STAYS_CORRECTED
        self._end(unit, lead, NOT_REPORTED, tally)
        return Action.WITHDRAWN

    def _reported(self, person: Person, lead: Lead) -> list[Match]:
        """The comparison of a person with the entries of a lead that are in force, the best first."""
        keys = filter(self._listed.is_in_force, self._keys(lead))
        found = [match for match in (self._sealed.explain(person, key) for key in keys) if match is not None]
        return best_first(found)

    def _subject(self, key: EntryKey, known: Sequence[Lead]) -> EntryKey:
        """The group of an entry. Whom a human confirmed as one of its entries stays confirmed there: the lead goes on
        under its key, shows the whole group, and nobody is asked about it a second time."""
        group = self._sealed.groups.find(key)
        if group is None:
            return key
        for lead in known:
            if lead.state is LeadState.CONFIRMED and self._sealed.groups.find(lead.key.entry) is group:
                return lead.key.entry
        return group_key(group.group_id)

    def _whole(self, person: Person, matches: Sequence[Match], group: EntryGroup | None) -> list[Match]:
        """The matches and the comparison with each other entry of the group that is in force, the best first."""
        shown = list(matches)
        for key in group.members if group else ():
            if all(match.key != key for match in matches) and self._listed.is_in_force(key):
                match = self._sealed.explain(person, key)
                shown += [match] if match is not None else []
        return best_first(shown)

    def _matched(self, match: Match) -> MatchedEntry:
        entry = self._listed.entry(match.key)
        version = self._sealed.version(match.key.list_id)
        return MatchedEntry(
            match=match,
            entry_version=entry_version(entry),
            list_version=version.version if version else "",
            list_date=version.list_date if version else date.min,
            fingerprints=entry_fingerprints(self._desk.keys, entry),
        )

    def _moved(self, lead: Lead, matched: Iterable[EntryKey]) -> str:
        """Whether another lead takes the place of this one, because entries were grouped or a group was dissolved."""
        group = self._sealed.groups.find(lead.key.entry)
        if group is None:
            return UNGROUPED if names_group(lead.key.entry) else ""
        return GROUPED if any(self._sealed.groups.find(key) is group for key in matched) else ""

    def _move(self, unit: UnitOfWork, leads: Sequence[Lead], tally: Counter[str]) -> None:
        """Open leads whose entries were grouped since, or whose group was dissolved, go over into those that take their
        place, though the registration was not read again. Where a list of theirs is held out, they wait."""
        for known in leads:
            lead = self._desk.truth.lead(known.lead_id)
            if lead is None or lead.state is not LeadState.OPEN or self._is_unmatched(lead):
                continue
            subjects = {match.key: self._subject(match.key, leads) for match in lead.matches}
            if lead.key.entry in subjects.values():
                continue
            again = (self._sealed.explain(lead.person, key) for key in subjects if not self._listed.why_ended(key))
            found = [match for match in again if match is not None and match.band is not Band.NONE]
            for subject in {subjects[match.key]: None for match in found}:
                matches = [match for match in found if subjects[match.key] == subject]
                registered = (lead.key.registration_id, lead.registered, lead.registration)
                proposed = replace(self.propose(unit, *registered, matches, subject), corrections=lead.corrections)
                self.keep(unit, proposed, matches, tally, leads)
            if found:
                self._end(unit, lead, self._moved(lead, subjects.values()), tally)

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
            found = ((match.key, self._listed.find(match.key)) for match in lead.matches)
            entries = {key: entry for key, entry in found if entry is not None}
            if entries:
                unit.put_outbox(lead.lead_id, "upsert", self._desk.links(lead, entries))
        else:
            unit.put_outbox(lead.lead_id, "remove", "{}")

    def _why_gone(self, lead: Lead) -> str:
        """Why no entry of a lead is in force as of this run's date; empty where one is."""
        reasons = [self._listed.why_ended(key) for key in self._keys(lead)]
        return reasons[0] if all(reasons) else ""

    def _keys(self, lead: Lead) -> tuple[EntryKey, ...]:
        """The entries that a lead is about: what it shows, and what has joined its group since."""
        group = self._sealed.groups.find(lead.key.entry) if names_group(lead.key.entry) else None
        return group.members if group else tuple(match.key for match in lead.matches)

    def _is_unmatched(self, lead: Lead) -> bool:
        """Whether a list of the lead is in the workspace but held out: then its silence says nothing."""
        return any(map(self._listed.is_held_out, self._keys(lead)))
