"""What a screening run is pinned to: lists, groups, policy, and the entries in force on them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from netpursuit.errors import StorageError
from netpursuit.gate.groups import Groups
from netpursuit.gate.workbench import ListsInForce
from netpursuit.policy.standing import ENTRY_EXPIRED, ENTRY_WITHDRAWN
from netpursuit.ports.truth import Truth
from netpursuit.records import Entry, EntryKey, ListVersion, Match, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What a run is pinned to. ``explain`` compares a person with one entry whatever its band."""

    run_id: str
    feed_id: str
    policy: str
    lists: ListsInForce
    groups: Groups
    explain: Callable[[Person, EntryKey], Match | None]

    def version(self, list_id: str) -> ListVersion | None:
        """The version of a list that this run matches against; None: it does not."""
        return next((version for version in self.lists.versions if version.list_id == list_id), None)


class SealedEntries:
    """The entries of the lists that a run is pinned to; each is read once."""

    def __init__(self, truth: Truth, sealed: Sealed) -> None:
        self._truth, self._sealed = truth, sealed
        self._entries: dict[EntryKey, Entry] = {}

    def find(self, key: EntryKey) -> Entry | None:
        """An entry of a version that the run matches against; None: it is on none."""
        if key not in self._entries:
            version = self._sealed.version(key.list_id)
            entry = self._truth.entry(key, version.version) if version else None
            if entry is None:
                return None
            self._entries[key] = entry
        return self._entries[key]

    def entry(self, key: EntryKey) -> Entry:
        """As ``find``, of an entry that the index holds. Raises ``StorageError`` where the list does not."""
        entry = self.find(key)
        if entry is None:
            raise StorageError(f"the index holds {key.list_id}:{key.entry_id}, the list does not: build it again")
        return entry

    def is_in_force(self, key: EntryKey) -> bool:
        """Whether the run matches against an entry, and it has not ended as of the run's date."""
        return self.find(key) is not None and not self.why_ended(key)

    def why_ended(self, key: EntryKey) -> str:
        """Why an entry is in force no longer as of the run's date; empty where it is, or where its list is held out."""
        if key in self._sealed.lists.held_out:
            return ENTRY_EXPIRED
        if self.is_held_out(key):
            return ""
        return "" if self.find(key) is not None else ENTRY_WITHDRAWN

    def is_held_out(self, key: EntryKey) -> bool:
        """Whether the list of an entry is in the workspace, but not matched against."""
        listed = any(item.list_id == key.list_id for item in self._sealed.lists.standings)
        return listed and self._sealed.version(key.list_id) is None
