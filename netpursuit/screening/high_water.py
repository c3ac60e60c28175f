"""How far a feed's database has been screened: one mark a feed, of no person and no registration.

Of a run under way two things are kept beside its leads: behind which row it goes on, and the mark at which it was
first interrupted. What was committed in the database with an earlier mark while nobody read it is behind the place at
which the run goes on; therefore the next run begins from that mark, not from the end of this one.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from netpursuit.gate.groups import Groups
from netpursuit.ports.readers import QuerySource, ReadPlace
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import Feed, RunManifest
from netpursuit.screening.marks import Work

Pinned = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedMark:
    """Up to ``mark`` everything has been screened against ``lists`` under ``policy``, or, ``running_only``, the stays
    that had not ended; all of it under one feed file, source and set of groups (``under``)."""

    mark: str
    under: str
    lists: Pinned
    policy: str
    running_only: bool = False

    def is_against(self, work: Work) -> bool:
        """Whether lists and policy are those of a work, and as much was gone through as it asks for."""
        same = (self.lists, self.policy) == (work.lists, work.policy)
        return same and (work.running_only or not self.running_only)


def feed_mark(truth: Truth, work: Work, source_digest: str) -> FeedMark | None:
    """The mark of a feed; None where nothing has been screened under this feed file, source and groups."""
    kept = truth.setting(_setting(work.feed.feed_id))
    if kept is None:
        return None
    shape = json.loads(kept)
    mark = FeedMark(**{**shape, "lists": tuple((list_id, version) for list_id, version in shape["lists"])})
    return mark if mark.under == work.under(source_digest) else None


def mark_to_begin_from(truth: Truth, feed: Feed, source_digest: str) -> str:
    """The mark from which the rows of a feed's database are new; empty: all of them are."""
    work = Work(feed=feed, lists=(), policy="", groups=Groups.of(truth))
    mark = feed_mark(truth, work, source_digest)
    return mark.mark if mark else ""


class Progressing:
    """Where the run of a query stands, kept with each of its chunks."""

    def __init__(self, truth: Truth, run_id: str, source: QuerySource) -> None:
        kept = truth.setting(f"run.{run_id}.place")
        shape = json.loads(kept) if kept else None
        self._setting, self._source = f"run.{run_id}.place", source
        self._places: dict[int, tuple[ReadPlace, str]] = {}
        self._low = (shape["low"] or shape["reached"]) if shape else ""
        # Where the run goes on: as many rows of the window are done.
        self.rows_before = source.rows_before(ReadPlace(shape["mark"], shape["ties"])) if shape else 0

    def note(self, rows_done: int) -> None:
        """Remember behind which row the read stands when it has given so many."""
        if (place := self._source.place) is not None:
            self._places[rows_done] = place, self._source.reached

    def keep(self, unit: UnitOfWork, rows_done: int) -> None:
        """So many rows are done with this transaction."""
        if rows_done in self._places:
            place, reached = self._places[rows_done]
            shape = {**place._asdict(), "reached": reached, "low": self._low}
            unit.put_setting(self._setting, json.dumps(shape))
        self._places = {rows: place for rows, place in self._places.items() if rows > rows_done}

    def finish(self, unit: UnitOfWork, before: FeedMark | None, work: Work, run: RunManifest) -> FeedMark | None:
        """Move the feed's mark, in the transaction that ends the run; answers it."""
        unit.put_setting(self._setting, None)
        read = self._source.read
        mark = FeedMark(
            mark=self._low or self._source.reached,
            under=work.under(read.digest),
            lists=run.lists,
            policy=run.policy,
            running_only=work.running_only,
        )
        if read.backwards:
            mark = replace(mark, mark=before.mark if before else "")
        elif before is not None and read.since:
            # What is before the mark stays as it was; a read from the beginning makes good for all of it.
            mark = replace(before, mark=mark.mark)
        if not mark.mark:  # nothing was there
            return None
        unit.put_setting(_setting(work.feed.feed_id), json.dumps(asdict(mark)))
        return mark


def _setting(feed_id: str) -> str:
    return f"feed.{feed_id}.high-water"
