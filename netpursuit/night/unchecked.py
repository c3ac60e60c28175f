"""Which entries could not be checked against which files: what is new or changed since those files were screened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netpursuit.errors import StorageError
from netpursuit.night.answer import EntryNews, Unchecked
from netpursuit.ports.truth import Truth

Pinned = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A file that was not screened against the lists in force; ``base``: the list versions it was last screened
    against, none where it never was."""

    why: str
    file: str
    base: Pinned


def name_unchecked(truth: Truth, feed_id: str, now: Pinned, missed: Sequence[Missed]) -> tuple[Unchecked, ...]:
    """What the files missed, those with the same reason and the same lists together; a file that missed nothing is
    left out."""
    together: dict[tuple[str, Pinned], list[str]] = {}
    for item in missed:
        together.setdefault((item.why, item.base), []).append(item.file)
    found = []
    for (why, base), files in sorted(together.items()):
        entries = tuple(filter(None, (_news(truth, list_id, version, dict(base)) for list_id, version in now)))
        if entries:
            found.append(Unchecked(feed_id=feed_id, why=why, files=tuple(sorted(files)), entries=entries))
    return tuple(found)


def _news(truth: Truth, list_id: str, version: str, base: dict[str, str]) -> EntryNews | None:
    """The entries of a version that are new or other than in the base; ``whole`` where the base has no such list."""
    before = base.get(list_id)
    if before == version:
        return None
    try:
        known = set(truth.entry_digests(list_id, before)) if before is not None else set()
    except StorageError:  # the earlier version cannot be read: then nothing of it counts as checked
        known, before = set(), None
    if before is None:
        count = sum(1 for _ in truth.entry_digests(list_id, version))
        return EntryNews(list_id=list_id, entry_ids=(), whole=True, count=count) if count else None
    new = tuple(
        entry_id for entry_id, digest in truth.entry_digests(list_id, version) if (entry_id, digest) not in known
    )
    return EntryNews(list_id=list_id, entry_ids=new, count=len(new)) if new else None
