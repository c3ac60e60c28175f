"""Sealed versions of lists as an index takes them in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from netpursuit.errors import StorageError
from netpursuit.index.renewal import Mark
from netpursuit.ports.truth import Truth
from netpursuit.records import Entry, EntryKey, ListVersion

READ_ONE_BY_ONE = 8
"""Fewer than one entry in so many is looked up by itself; of more the whole list is read through."""


class SealedLists:
    """What sealed versions of lists hold, and the entries at some of the places."""

    def __init__(self, truth: Truth, versions: Sequence[ListVersion]) -> None:
        self._truth = truth
        self._versions = versions
        self._ids: list[list[str]] = []

    def marks(self) -> Iterator[Mark]:
        """One for each entry of every kind, list after list."""
        self._ids = []
        for version in self._versions:
            ids: list[str] = []
            self._ids.append(ids)
            for entry_id, digest in self._truth.entry_digests(version.list_id, version.version):
                ids.append(entry_id)
                yield Mark(version.list_id, entry_id, digest)

    def read(self, places: Sequence[int]) -> Iterator[Entry]:
        """The entries at these ascending places, after ``marks`` has named all."""
        begin = at = 0
        for version, ids in zip(self._versions, self._ids, strict=True):
            end = bisect_left(places, begin + len(ids), at)
            wanted = [ids[place - begin] for place in places[at:end]]
            yield from self._entries(version, wanted, len(ids))
            begin, at = begin + len(ids), end

    def _entries(self, version: ListVersion, wanted: list[str], held: int) -> Iterator[Entry]:
        if len(wanted) * READ_ONE_BY_ONE < held:
            for entry_id in wanted:
                entry = self._truth.entry(EntryKey(list_id=version.list_id, entry_id=entry_id), version.version)
                if entry is None:
                    raise StorageError(f"entry {entry_id!r} of list {version.list_id!r} is gone from the workspace")
                yield entry
            return
        chosen = set(wanted)
        for entry in self._truth.entries(version.list_id, version.version):
            if entry.entry_id in chosen:
                yield entry
