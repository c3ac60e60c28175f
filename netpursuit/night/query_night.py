"""A feed with a database in one night: its new rows, and those before its mark where lists have changed.

What has been screened is told by the feed's mark and the lists that it names. A night that was killed takes what it had
done by then for done.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.night.answer import FileFate, FileResult, ProblemKind
from netpursuit.night.feed_night import FeedNight, Sighted
from netpursuit.night.plan import Backwards
from netpursuit.night.unchecked import Missed, Pinned
from netpursuit.records import RunManifest
from netpursuit.screening.high_water import FeedMark, feed_mark
from netpursuit.screening.run import ScreenRequest, screen

NEW_ROWS, EARLIER_ROWS = "query", "query-earlier"  # what stands in the place of a file's name


class QueryNight(FeedNight):
    """One feed with a database in one night."""

    def sight(self) -> tuple[Sighted, ...]:
        """What is to be read: the rows before the mark, where there is one, and those from it on."""
        try:
            mark = self._mark
        except InputError as error:
            self._say(ProblemKind.FEED, "", error)
            return ()
        new = FileFate.KNOWN if self._of_tonight(self._runs, backwards=False) else FileFate.NEW
        sighted = (Sighted(path=Path(NEW_ROWS), digest=self._digest, fate=new),)
        if mark is None:
            return sighted
        return (Sighted(path=Path(EARLIER_ROWS), digest=self._digest, fate=self._fate_of_earlier(mark)), *sighted)

    @cached_property
    def _digest(self) -> str:
        return self._tools.source_digest(self._task.feed)

    @cached_property
    def _mark(self) -> FeedMark | None:
        """As it was when the night came to this feed."""
        return feed_mark(self._desk.truth, self._work, self._digest)

    def _fate_of_earlier(self, mark: FeedMark) -> FileFate:
        asked = replace(self._work, running_only=self._task.backwards is Backwards.RUNNING)
        if mark.is_against(asked):
            return FileFate.KNOWN
        return FileFate.LEFT if self._task.backwards is Backwards.OFF else FileFate.BACKWARDS

    def _screen(self, sighted: Sighted) -> None:
        backwards = sighted.fate is FileFate.BACKWARDS
        since = self._mark.mark if self._mark else ""
        with self._tools.open_query(self._task.feed, since, backwards) as source:
            request = ScreenRequest(
                feed=self._task.feed,
                source=source,
                query=source,
                engine=self._tools.engine,
                as_of=self._as_of,
                running_only=backwards and self._task.backwards is Backwards.RUNNING,
                receipt=self._tools.receipts(self._task.feed) if self._tools.receipts else None,
            )
            screen(self._desk, request, lambda done: self._tell(sighted, done))

    def _of_tonight(self, runs: Sequence[RunManifest], *, backwards: bool) -> RunManifest | None:
        """The last run of this night over the same source against the same lists."""
        for run in runs:
            if run.query is None or run.finished_at is None or run.finished_at < self._before.since:
                continue
            read = (run.query.digest, run.query.backwards, run.as_of, run.lists, run.policy)
            if read == (self._digest, backwards, self._as_of, self._work.lists, self._work.policy):
                return run
        return None

    def _result(self, item: Sighted, runs: Sequence[RunManifest], since: datetime) -> FileResult:
        backwards = item.name == EARLIER_ROWS
        run = self._of_tonight(runs, backwards=backwards)
        if run is None or item.fate is FileFate.FAILED:
            return FileResult(file=item.name, fate=item.fate)
        fate = FileFate.BACKWARDS if backwards else FileFate.NEW
        return FileResult(file=item.name, fate=fate, run_id=run.run_id, counts=run.counts, seconds=run.seconds)

    def _base(self, item: Sighted, runs: Sequence[RunManifest]) -> Pinned:
        return self._mark.lists if self._mark and item.name == EARLIER_ROWS else ()

    def _gone(self, sighted: Iterable[Sighted]) -> list[Missed]:
        return []  # a database that is gone has failed
