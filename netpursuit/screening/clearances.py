"""What is known of a person who was cleared before: of one entry, or of those entries of a group that match (A7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from netpursuit.gate.lead_keys import lead_id
from netpursuit.gate.workbench import Workbench
from netpursuit.ids.fingerprints import has_whole_birth_date, identifying_changes, is_whole_number, keyed_digest
from netpursuit.records import Clearance, EntryKey, Lead

CLEARED_IN_PART = "cleared-in-part"


class ClearedEntries:
    """The clearances that concern a proposed lead; ``matched`` are those of its entries that are reportable."""

    def __init__(self, desk: Workbench, proposed: Lead, matched: Sequence[EntryKey]) -> None:
        self._desk, self._lead = desk, proposed
        own = {item.match.key: item.fingerprints for item in proposed.entries}
        self._prints = {key: proposed.fingerprints | own.get(key, {}) for key in matched}
        self._kept = {key: self._clearance(key) for key in matched}

    def as_one(self) -> Clearance | None:
        """The clearance in force for the lead; None where an entry that matches has none.

        Of several it is in force only where all are, and differs from the lead in whatever one of them differs.
        """
        kept = [(item, self._prints[key]) for key, item in self._kept.items() if item is not None]
        if not kept or len(kept) < len(self._kept):
            return None
        differs = {name for item, prints in kept for name in identifying_changes(item.fingerprints, prints)}
        prints = self._lead.fingerprints
        return replace(
            kept[0][0],
            person_digest=prints.get("person", ""),
            entry=self._lead.key.entry,
            fingerprints=prints | {name: f"{prints.get(name, '')}~" for name in differs},
            ended_at=next((item.ended_at for item, _ in kept if item.ended_at is not None), None),
        )

    def before(self) -> str:
        """The flag of a new lead on somebody who was cleared of one of these entries, under another name, birth date or
        number, or of some of them only. With a digest of its own it is a new lead, and the difference is shown."""
        person = self._lead.registered.person
        # Never a name alone, nor one with half a birth date: a namesake would be taken for somebody cleared.
        marks = [{"left.name", "left.birth-date"}] if has_whole_birth_date(person) else []
        if any(map(is_whole_number, person.documents)):
            marks.append({"left.document"})
        for key, prints in self._prints.items():
            for known in self._desk.truth.clearances_of_entry(key):
                differs = identifying_changes(known.fingerprints, prints)
                if known.ended_at is None and differs and any(mark.isdisjoint(differs) for mark in marks):
                    return f"cleared-before:{','.join(differs)}"
        return CLEARED_IN_PART if any(item and item.ended_at is None for item in self._kept.values()) else ""

    def _clearance(self, key: EntryKey) -> Clearance | None:
        """The person's clearance of an entry. Of somebody whom no clearance could follow it stayed with the lead, which
        was another one while the entry was in no group, or in another."""
        digests = [self._lead.fingerprints["person"]]
        if self._lead.entries:
            alone = lead_id(self._desk.keys, replace(self._lead.key, entry=key))
            digests.append(keyed_digest(self._desk.keys, "lead-only", alone))
        kept = (item for digest in digests for item in self._desk.truth.clearances(digest) if item.entry == key)
        return next(kept, None)
