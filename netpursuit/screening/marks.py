"""What makes two runs the same work, and by that whether a file has been screened already."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import date

from netpursuit.gate.groups import Groups
from netpursuit.records import Feed, RunManifest


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a file is screened under: the feed with all its settings, (list id, version) sorted, policy and groups.

    ``running_only``: of its registrations, only the stays that had not ended.
    """

    feed: Feed
    lists: tuple[tuple[str, str], ...]
    policy: str
    groups: Groups
    running_only: bool = False

    def mark(self, file_digest: str, as_of: date) -> str:
        """12 hex digits of this work on a file, judged as of a date."""
        work = [_settings(self.feed), file_digest, list(self.lists), self.policy]
        limits = ["running-only"] if self.running_only else []
        text = json.dumps([*work, as_of.isoformat(), *self.groups.pinned, *limits])
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]

    def under(self, source_digest: str) -> str:
        """32 hex digits of what makes marks of a database worth keeping: the feed, its source, and the groups. Lists
        and weights may change: then what is before the mark is gone through backwards."""
        text = json.dumps([_settings(self.feed), source_digest, *self.groups.pinned])
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]

    def is_done_by(self, run: RunManifest) -> bool:
        """Whether a run has finished this very work, on whatever day."""
        if run.finished_at is None or (run.lists, run.policy) != (self.lists, self.policy):
            return False  # most runs differ in these, and a mark costs more than a look
        return bears_mark(run, self.mark(run.file_digest, run.as_of))


def _settings(feed: Feed) -> str:
    """All settings of a feed as text. Where its rows come from is told by the digest of that; a password that is kept
    elsewhere changes nothing of it."""
    settings = asdict(replace(feed, source=None))
    del settings["source"]
    return json.dumps(settings, sort_keys=True, default=str)


def bears_mark(run: RunManifest, mark: str) -> bool:
    """Whether a run is the work of a mark; its id ends with it, or with it and a number."""
    return run.run_id.partition(".")[0].endswith(mark)
