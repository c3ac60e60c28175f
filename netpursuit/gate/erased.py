"""What was erased under an order stays erased: asked for it is told so, screened again it is not made again (A14, A17).

A lead that was erased is not made again from its own registration, and a person of whom a human had said that they are
not a certain entry is not shown with it again, as long as no identifying field has changed on either side, as with a
clearance. Of a person of whom nobody had said so, another registration makes a lead: an order to erase what is stored
does not say that somebody is not wanted.
"""

from __future__ import annotations

from netpursuit.errors import ErasedError, InputError
from netpursuit.ids.fingerprints import identifying_changes, keyed_digest
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import Truth
from netpursuit.records import EntryKey, Lead


def refuse_erased(keys: Keys, lead_id: str) -> None:
    """Raise ``ErasedError`` where the ledger names this lead."""
    for erasure in keys.erasures_about(lead_id):
        raise ErasedError(lead_id, on=erasure.at.date(), order=erasure.order)


def find_lead(truth: Truth, keys: Keys, lead_id: str) -> Lead:
    """A lead. Raises ``ErasedError`` where it was erased, ``InputError`` where there is none."""
    lead = truth.lead(lead_id)
    if lead is None:
        refuse_erased(keys, lead_id)
        raise InputError(f"there is no lead {lead_id!r}")
    return lead


def stays_erased(keys: Keys, proposed: Lead, matched: frozenset[EntryKey]) -> bool:
    """Whether every match of a lead that is not there was erased before with the same identifying fields."""
    person = proposed.fingerprints.get("person", "")
    found = keys.erasures_about(proposed.lead_id, person)
    if not found:
        return False
    own = {item.match.key: item.fingerprints for item in proposed.entries}
    pairs = [
        pair
        for erasure in found
        for pair in (
            *(pair for lead in erasure.leads if lead.lead_id == proposed.lead_id for pair in lead.pairs),
            *(pair for pair in erasure.cleared if pair.person == person),
        )
    ]
    return all(
        any(
            pair.entry == entry_digest(keys, key)
            and not identifying_changes(pair.fingerprints, proposed.fingerprints | own.get(key, {}))
            for pair in pairs
        )
        for key in matched
    )


def entry_digest(keys: Keys, key: EntryKey) -> str:
    """The keyed digest by which the ledger knows an entry."""
    return keyed_digest(keys, "erased-entry", key.list_id, key.entry_id)
