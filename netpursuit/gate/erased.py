"""What was erased under an order stays erased: asked for it is told so, screened again it is not made again (A14, A17).

A lead that was erased is not made again from its own registration, and a person of whom a human had said that they are
not a certain entry is not shown with it again, as long as no identifying field has changed on either side, as with a
clearance, and no longer than the entry stands on its list. Of a person of whom nobody had said so, another registration
makes a lead: an order to erase what is stored does not say that somebody is not wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from netpursuit.errors import ErasedError, StorageError, UnknownIdError
from netpursuit.ids.fingerprints import identifying_changes, keyed_digest
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import EntryKey, Lead, LeadKey
from netpursuit.records.erasures import Erasure


def refuse_erased(keys: Keys, lead_id: str) -> None:
    """Raise ``ErasedError`` where the ledger names this lead."""
    for erasure in keys.erasures_about(lead_id):
        raise ErasedError(lead_id, on=erasure.at.astimezone().date(), order=erasure.order)


def find_lead(truth: Truth, keys: Keys, lead_id: str) -> Lead:
    """A lead. Raises ``ErasedError`` where it was erased, ``UnknownIdError`` where there is none."""
    lead = truth.lead(lead_id)
    if lead is None:
        refuse_erased(keys, lead_id)
        raise UnknownIdError(f"there is no lead {lead_id!r}")
    return lead


def stays_erased(truth: Truth, keys: Keys, proposed: Lead, matched: frozenset[EntryKey]) -> bool:
    """Whether every match of a lead that is not there was erased before with the same identifying fields."""
    person = proposed.fingerprints.get("person", "")
    place = place_digest(keys, proposed.key)
    found = keys.erasures_about(proposed.lead_id, person, place)
    if not found:
        return False
    own = {item.match.key: item.fingerprints for item in proposed.entries}
    pairs = [
        pair
        for erasure in found
        for pair in (
            *(pair for lead in erasure.leads if lead.place == place for pair in lead.pairs),
            *(pair for pair in erasure.cleared if pair.person == person),
        )
        if not _has_ended(truth, keys, erasure, pair.entry)
    ]
    return all(
        any(
            pair.entry == entry_digest(keys, key)
            and not identifying_changes(pair.fingerprints, proposed.fingerprints | own.get(key, {}))
            for pair in pairs
        )
        for key in matched
    )


def end_erased(keys: Keys, unit: UnitOfWork, list_id: str, ended: Iterable[str]) -> None:
    """Let the ledger's silence about entries that end in this transaction end with them.

    The ledger is told after the commit; should that fail, the truth still says so.
    """
    silent = keys.erased_entries()
    digests = (entry_digest(keys, EntryKey(list_id=list_id, entry_id=entry_id)) for entry_id in ended if silent)
    named = sorted(silent.intersection(digests))
    for digest in named:
        unit.put_setting(_ended_setting(digest), unit.at.isoformat())
    at = unit.at

    def tell() -> None:
        with suppress(StorageError):
            keys.end_entries(named, at)

    if named:
        unit.after_commit(tell)


def _has_ended(truth: Truth, keys: Keys, erasure: Erasure, entry: str) -> bool:
    if entry in keys.ended_entries(erasure.erasure_id):
        return True
    ended = truth.setting(_ended_setting(entry))
    return ended is not None and datetime.fromisoformat(ended) > erasure.at


def _ended_setting(entry: str) -> str:
    """The setting by which the truth says when an entry, by its digest, ended last."""
    return f"ended.{entry}"


def place_digest(keys: Keys, key: LeadKey) -> str:
    """The keyed digest by which the ledger knows who a lead was about: feed, registration, role and place in it."""
    return keyed_digest(keys, "erased-place", key.feed_id, key.registration_id, key.role, key.person_ref)


def entry_digest(keys: Keys, key: EntryKey) -> str:
    """The keyed digest by which the ledger knows an entry."""
    return keyed_digest(keys, "erased-entry", key.list_id, key.entry_id)
