"""What goes over from earlier leads on a person into the one that takes their place. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from netpursuit.gate.lead_keys import content_ref
from netpursuit.ports.keys import Digests
from netpursuit.records import Lead, LeadState, Match
from netpursuit.screening.row_task import PersonKey, Screened


def replaced_by(proposed: Lead, known: Iterable[Lead]) -> list[Lead]:
    """Of other leads on the same person those that show an entry which this one shows, too: their entries were grouped,
    their group was dissolved, or their row was known by what it says until it had an id."""
    shown = {match.key for match in proposed.matches}
    others = (lead for lead in known if lead.lead_id != proposed.lead_id)
    return [lead for lead in others if not shown.isdisjoint(match.key for match in lead.matches)]


def assigned_on(proposed: Lead, known: Iterable[Lead]) -> Lead:
    """A lead that takes the place of an open one is assigned as that."""
    before = (lead.assigned for lead in replaced_by(proposed, known) if lead.state is LeadState.OPEN)
    return replace(proposed, assigned=next((item for item in before if item is not None), None))


def corrected_last(leads: Iterable[Lead | None]) -> Lead | None:
    """The lead whose person was corrected last; None: none was."""
    corrected = (lead for lead in leads if lead is not None and lead.corrections)
    return max(corrected, key=lambda lead: lead.corrections[-1].at, default=None)


def best_first(matches: Iterable[Match]) -> list[Match]:
    """Matches by band and bits, those alike by their entries."""
    return sorted(matches, key=lambda match: (-match.band, -match.millibits, match.key))


def whose(lead: Lead) -> PersonKey:
    """The person of a lead."""
    return PersonKey(lead.key.registration_id, lead.key.role, lead.key.person_ref)


def known_without_id(known: Mapping[PersonKey, Sequence[Lead]], digests: Digests, person: Screened) -> Sequence[Lead]:
    """The leads on a person from when the row had no id and was known by what it says."""
    if not known or not person.registration.registration_id:
        return ()
    return known.get(person.key._replace(registration_id=content_ref(digests, person.registration)), ())
