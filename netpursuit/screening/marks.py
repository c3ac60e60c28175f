"""What makes two runs the same work, and by that whether a file has been screened already."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
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
        feed = json.dumps(asdict(self.feed), sort_keys=True, default=str)
        work = [feed, file_digest, list(self.lists), self.policy]
        limits = ["running-only"] if self.running_only else []
        text = json.dumps([*work, as_of.isoformat(), *self.groups.pinned, *limits])
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]

    def is_done_by(self, run: RunManifest) -> bool:
        """Whether a run has finished this very work, on whatever day."""
        if run.finished_at is None or (run.lists, run.policy) != (self.lists, self.policy):
            return False  # most runs differ in these, and a mark costs more than a look
        return bears_mark(run, self.mark(run.file_digest, run.as_of))


def bears_mark(run: RunManifest, mark: str) -> bool:
    """Whether a run is the work of a mark; its id ends with it, or with it and a number."""
    return run.run_id.partition(".")[0].endswith(mark)
