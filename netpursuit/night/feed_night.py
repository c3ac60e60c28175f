"""One feed in one night: which of its files are new, which are known, and which meet lists that have changed.

A file is known by its bytes: a run that has finished the same work (file digest, feed with all its settings, list
versions, policy, groups) on whatever day has screened it. One that was screened under the same feed and groups, but
against other lists or weights, is gone through backwards, as far as the plan says. Everything else is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from netpursuit.custody.policies import policy_in_use
from netpursuit.errors import HeldError, InputError, RefusedError, StorageError
from netpursuit.gate.feeds import check_feed, feed_date
from netpursuit.gate.groups import Groups
from netpursuit.gate.workbench import Workbench, lists_in_force
from netpursuit.night.answer import FeedResult, FileFate, FileResult, Problem, ProblemKind, Unchecked
from netpursuit.night.plan import Backwards, FeedTask, Tools, digest_of
from netpursuit.night.unchecked import Missed, Pinned, name_unchecked
from netpursuit.records import RunManifest
from netpursuit.screening.marks import Work
from netpursuit.screening.run import Progress, ScreenRequest, screen

Complain = Callable[[Problem], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReport:
    """A feed after the night and what could not be checked."""

    result: FeedResult
    unchecked: tuple[Unchecked, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighted:
    """A file of a feed that is there, or a read of its database: its digest, and what is to be done with it."""

    path: Path
    digest: str
    fate: FileFate

    @property
    def name(self) -> str:
        return self.path.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a night goes by: the stated date, when it began, and when the night before it ended with which lists."""

    as_of: date | None
    since: datetime
    last_at: datetime | None = None
    last_lists: tuple[tuple[str, str], ...] = ()


class FeedNight:
    """One feed in one night. Raises as ``lists_in_force`` where there is nothing to match against."""

    def __init__(self, desk: Workbench, task: FeedTask, before: Before, complain: Complain, tools: Tools) -> None:
        self._desk, self._task, self._before, self._complain, self._tools = desk, task, before, complain, tools
        self._as_of = before.as_of or feed_date(task.feed, desk.clock())
        self._runs = [run for run in desk.truth.runs(task.feed.feed_id) if run.finished_at is not None]
        lists = lists_in_force(desk.truth, self._as_of)
        self._work = Work(
            feed=task.feed,
            lists=lists.pinned,
            policy=policy_in_use(desk.truth).version,
            groups=Groups.of(desk.truth),
        )

    def refused(self) -> RefusedError | None:
        """Why the feed must not run on this day; None: it may."""
        try:
            check_feed(self._task.feed, self._as_of)
        except RefusedError as refusal:
            return refusal
        return None

    def sight(self) -> tuple[Sighted, ...]:
        """The files that are there, in the order of their names, each digest once."""
        try:
            paths = self._task.present()
        except InputError as error:
            self._say(ProblemKind.FEED, "", error)
            return ()
        found: dict[str, Sighted] = {}
        for path in paths:
            try:
                digest = digest_of(path)
            except InputError as error:
                self._say(ProblemKind.FILE, path.name, error)
                continue
            found.setdefault(digest, Sighted(path=path, digest=digest, fate=self._fate(digest)))
        return tuple(found.values())

    def _fate(self, digest: str) -> FileFate:
        runs = [run for run in self._runs if run.file_digest == digest]
        works = [self._work]
        if self._task.backwards is Backwards.RUNNING:
            works.append(replace(self._work, running_only=True))
        if any(work.is_done_by(run) for work in works for run in runs):
            return FileFate.KNOWN
        if not any(self._is_ours(run) for run in runs):
            return FileFate.NEW
        return FileFate.LEFT if self._task.backwards is Backwards.OFF else FileFate.BACKWARDS

    def _is_ours(self, run: RunManifest) -> bool:
        """Whether a run was made under this feed and these groups as they are, against whatever lists and weights."""
        under = replace(self._work, lists=run.lists, policy=run.policy)
        return under.is_done_by(run) or replace(under, running_only=True).is_done_by(run)

    def screen(self, sighted: Sighted) -> FileFate:
        """Screen one file; a file or feed that cannot be, and why, is told, and the others go on."""
        for last in (False, True):
            try:
                self._screen(sighted)
                return sighted.fate
            except (InputError, RefusedError, HeldError) as error:
                self._say(ProblemKind.FILE, sighted.name, error)
                return FileFate.FAILED
            except StorageError as error:
                # A list that turned out to be damaged is held out from the next run on (A16): this is the next run.
                if last:
                    self._say(ProblemKind.STORAGE, sighted.name, error)
        return FileFate.FAILED

    def _screen(self, sighted: Sighted) -> None:
        running = sighted.fate is FileFate.BACKWARDS and self._task.backwards is Backwards.RUNNING
        source = self._tools.open_file(sighted.path, self._task.feed)
        request = ScreenRequest(
            feed=self._task.feed,
            source=source,
            engine=self._tools.engine,
            as_of=self._as_of,
            running_only=running,
            receipt=self._tools.receipts(self._task.feed) if self._tools.receipts else None,
        )
        screen(self._desk, request, lambda done: self._tell(sighted, done))

    def report(self, sighted: Sequence[Sighted], refusal: RefusedError | None) -> FeedReport:
        """What became of the files, runs of this night before a kill included."""
        runs = [run for run in self._desk.truth.runs(self._task.feed.feed_id) if run.finished_at is not None]
        files = tuple(self._result(item, runs, self._before.since) for item in sighted)
        why = {FileFate.LEFT: "backwards-off", FileFate.FAILED: "failed"}
        missed = [
            Missed(why="feed-refused" if refusal else why[item.fate], file=item.name, base=self._base(item, runs))
            for item in sighted
            if item.fate in why or (refusal and item.fate is not FileFate.KNOWN)
        ]
        missed += self._gone(sighted)
        return FeedReport(
            result=feed_result(self._task, refusal.code if refusal else "", files),
            unchecked=name_unchecked(self._desk.truth, self._task.feed.feed_id, self._work.lists, missed),
        )

    def _gone(self, sighted: Iterable[Sighted]) -> list[Missed]:
        """Files screened before that are there no longer, neither their bytes nor their name. What the night before
        has named is not named again."""
        sighted = tuple(sighted)
        digests = {item.digest for item in sighted}
        names = {item.name for item in sighted}
        gone: dict[str, Missed] = {}
        for run in self._runs:  # the latest first
            if run.file_digest not in digests and run.file not in names:
                named = run.finished_at and self._before.last_at and run.finished_at < self._before.last_at
                base = self._before.last_lists if named else run.lists
                gone.setdefault(run.file_digest, Missed(why="file-gone", file=run.file, base=base))
        return list(gone.values())

    def _result(self, item: Sighted, runs: Sequence[RunManifest], since: datetime) -> FileResult:
        of_tonight = [
            run for run in runs if run.file_digest == item.digest and run.finished_at and run.finished_at >= since
        ]
        if not of_tonight:
            return FileResult(file=item.name, fate=item.fate)
        run = of_tonight[0]
        fate = item.fate
        if fate is FileFate.KNOWN:  # it was screened before this night was killed
            before = any(other.file_digest == item.digest and other.run_id != run.run_id for other in runs)
            fate = FileFate.BACKWARDS if before else FileFate.NEW
        return FileResult(file=item.name, fate=fate, run_id=run.run_id, counts=run.counts, seconds=run.seconds)

    def _base(self, item: Sighted, runs: Sequence[RunManifest]) -> Pinned:
        """The list versions that a file was last screened against; none where it never was."""
        return next((run.lists for run in runs if run.file_digest == item.digest), ())

    def _tell(self, sighted: Sighted, done: Progress) -> None:
        self._tools.tell("rows", feed=self._task.feed.feed_id, file=sighted.name, rows=done.rows_done)

    def _say(self, kind: ProblemKind, file: str, error: Exception) -> None:
        about = f"{self._task.feed.feed_id}/{file}" if file else self._task.feed.feed_id
        self._complain(Problem(kind=kind, about=about, why=str(error)))


def feed_result(task: FeedTask, refused: str, files: tuple[FileResult, ...]) -> FeedResult:
    """What a night says of a feed."""
    return FeedResult(
        feed_id=task.feed.feed_id,
        purpose=task.feed.purpose,
        expires_on=task.feed.expires_on,
        backwards=task.backwards.value,
        refused=refused,
        files=files,
    )
