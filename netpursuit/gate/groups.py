"""The accepted groups of entries as every use case asks for them: by entry, and by what a lead calls them."""

from __future__ import annotations

from collections.abc import Iterable

from netpursuit.ports.truth import Truth
from netpursuit.records import EntryGroup, EntryKey

# How a lead is marked where one of its entries has ended and another is in force; its words are ``lead.flag.<value>``.
ENTRY_LEFT = "entry-left"
KIND = "pair"  # of the outbox rows that say that a pair was decided about


class Groups:
    """Which entries are one person, by the word of named users. Read once, so that a run keeps what it began with."""

    def __init__(self, groups: Iterable[EntryGroup] = ()) -> None:
        self._groups = tuple(groups)
        self._of = {key: group for group in self._groups for key in (*group.members, *map(group_key, group.pair_ids))}

    @classmethod
    def of(cls, truth: Truth) -> Groups:
        """The groups of a workspace."""
        return cls(truth.entry_groups())

    @property
    def pinned(self) -> list[tuple[str, list[str]]]:
        """All groups and their members as plain values, sorted."""
        return [(group.group_id, [f"{key.list_id}:{key.entry_id}" for key in group.members]) for group in self._groups]

    def find(self, key: EntryKey) -> EntryGroup | None:
        """The group of an entry, or of a lead's key that names this group or one that was taken into it."""
        return self._of.get(key)


def group_key(group_id: str) -> EntryKey:
    """What stands in the place of an entry where a lead is on a whole group."""
    return EntryKey(list_id="", entry_id=group_id)


def names_group(key: EntryKey) -> bool:
    """Whether a lead's key stands for a group."""
    return not key.list_id
