"""One screening run: a feed's file against the lists in force, resumable, repeatable, one consultation."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from netpursuit.audit.receipts import READ_AGAIN
from netpursuit.errors import StorageError
from netpursuit.gate.feeds import check_feed, feed_date
from netpursuit.gate.gate import OpenConsultation
from netpursuit.gate.groups import Groups
from netpursuit.gate.lead_keys import is_content_ref
from netpursuit.gate.workbench import ListsInForce, Workbench, open_matcher, verify_lists
from netpursuit.ports.blocks import InBlocks
from netpursuit.ports.engine import Engine
from netpursuit.ports.matching import Matching
from netpursuit.ports.readers import QuerySource, RegistrationSource
from netpursuit.ports.receipts import OpenReceipt
from netpursuit.ports.spread import Spread
from netpursuit.ports.truth import LeadQuery, UnitOfWork
from netpursuit.records import (
    Authority,
    Feed,
    Intent,
    Lead,
    Outcome,
    RunCounts,
    RunManifest,
    Verb,
)
from netpursuit.screening.book import LeadBook
from netpursuit.screening.high_water import Progressing, feed_mark
from netpursuit.screening.intake import Intake, Taken, add_counts, raw_chunks
from netpursuit.screening.marks import Work, bears_mark
from netpursuit.screening.progress import claim_of
from netpursuit.screening.receipt import Issued, RunReceipt, statement
from netpursuit.screening.row_task import RawChunk, ReadChunk, RowTask
from netpursuit.screening.sealed import Sealed

CHUNK_ROWS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is; ``rows_estimate`` None: the file does not tell. ``resumed_rows`` were done before."""

    rows_done: int
    rows_estimate: int | None
    resumed_rows: int
    counts: RunCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenRequest:
    """What is to be screened. ``as_of`` None: today in the feed's time zone. ``running_only``: of the
    registrations, those whose stay has not ended by then, and those about which there are leads. ``query``: the source
    again, where it is a database whose mark is to be kept. ``receipt``: for the feed's owner; None: nobody keeps one,
    and nothing can be proved later but how many rows were read."""

    feed: Feed
    source: RegistrationSource
    engine: Engine
    as_of: date | None = None
    chunk_rows: int = CHUNK_ROWS
    running_only: bool = False
    query: QuerySource | None = None
    receipt: OpenReceipt | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenAnswer:
    """A finished run, the ids of the leads it reported (cleared ones left out), and the lists with their standing.

    ``keyed_by`` is the header of the registrations' ids; ``keyed_before`` the one under which the feed's earlier leads
    are known where it is another (empty: by what their rows say), else None. ``earlier_rows_left``: rows of a database
    before the mark were not screened against these lists.
    """

    manifest: RunManifest
    lead_ids: tuple[str, ...]
    lists: ListsInForce
    consultation_id: str
    resumed_rows: int
    keyed_by: str
    keyed_before: str | None
    receipt: Issued
    earlier_rows_left: bool = False


def no_progress(progress: Progress) -> None:
    """Tell nobody."""


def screen(desk: Workbench, request: ScreenRequest, progress: Callable[[Progress], None] = no_progress) -> ScreenAnswer:
    """Screen a file under its feed and store the leads; continue a run of the same work that was interrupted.

    A run is the same work where file, feed, list versions, groups, policy and date agree. Every chunk is one
    transaction with its leads, their changes of the link graph, quarantined rows, counters and checkpoint. Raises
    ``RefusedError`` where the feed must not run, ``InputError`` where no list is there, ``StorageError`` where another
    process runs this feed.
    """
    feed = request.feed
    as_of = request.as_of or feed_date(feed, desk.clock())
    intent = Intent(
        verb=Verb.SCREEN,
        authority=Authority(who=desk.authority.who, feed_purpose=feed.purpose),
        fields=tuple(sorted(feed.columns)),
        about={"feed": feed.feed_id, "file": request.source.file_digest},
        as_of=as_of,
    )
    with desk.gate.consult(intent) as consultation, _alone(desk, feed):
        check_feed(feed, as_of)
        lists, matcher = open_matcher(desk, as_of)
        run = _Run(desk, request, lists, matcher, consultation)
        with request.receipt(run.manifest) if request.receipt else nullcontext() as sink:
            receipt = RunReceipt(request.source.file_digest, sink)
            with _changed_lists_held_out(desk):
                for done in run.chunks(receipt):
                    progress(done)
            issued = receipt.issue()
            with desk.truth.transaction() as unit:
                lead_ids = run.finish(unit)
                manifest = run.manifest
                touched = tuple(sorted({*lead_ids, *run.take_stored()}))
                consultation.conclude_part(statement(manifest, issued), unit)
                consultation.conclude(_outcome(manifest, touched, run.resumed_rows), unit)
    return ScreenAnswer(
        manifest=manifest,
        lead_ids=lead_ids,
        lists=lists,
        consultation_id=consultation.consultation_id,
        resumed_rows=run.resumed_rows,
        keyed_by=request.source.keyed_by,
        keyed_before=run.keyed_before,
        receipt=issued,
        earlier_rows_left=run.earlier_rows_left,
    )


def _alone(desk: Workbench, feed: Feed) -> AbstractContextManager[None]:
    """Two runs of one feed at once would each continue the other and count its rows."""
    return desk.truth.alone(claim_of(feed.feed_id), desk.authority.who)


@contextmanager
def _changed_lists_held_out(desk: Workbench) -> Iterator[None]:
    """Where a run stops because an entry is not what was sealed, its list is held out from the next run on (A16)."""
    try:
        yield
    except StorageError as error:
        changed: tuple[str, ...] = ()
        with suppress(StorageError):  # the disk itself may be what failed; the first error says so
            changed = verify_lists(desk.truth)
        if not changed:
            raise
        names = ", ".join(changed)
        raise StorageError(
            f"changed in the workspace and held out from now on: {names}; add it again, or run without it"
        ) from error


class _Run:
    """The state of one run while it lasts."""

    def __init__(
        self,
        desk: Workbench,
        request: ScreenRequest,
        lists: ListsInForce,
        matcher: Matching,
        consultation: OpenConsultation,
    ) -> None:
        self._desk, self._request, self._matcher, self._consultation = desk, request, matcher, consultation
        self._began = desk.clock()
        self._groups = Groups.of(desk.truth)
        self.manifest = self._continued(lists) or self._new(lists)
        self._seconds_before = self.manifest.seconds
        query = request.query
        self.earlier_rows_left = False
        self._place = Progressing(desk.truth, self.manifest.run_id, query) if query else None
        self.resumed_rows = self._place.rows_before if self._place else desk.truth.rows_done(self.manifest.run_id)
        self._reported = self._reported_before()
        self._held_out, self._as_of = lists.held_out, lists.as_of
        sealed = Sealed(
            run_id=self.manifest.run_id,
            feed_id=request.feed.feed_id,
            policy=matcher.policy_version,
            lists=lists,
            groups=self._groups,
            explain=matcher.explain,
        )
        known = desk.truth.leads(LeadQuery(feed_id=request.feed.feed_id))
        self.keyed_before = self._keyed_before(known)
        # A run that goes on judges by the leads that it found when it began, as an undisturbed one does.
        began, own = self.manifest.started_at, self.manifest.run_id
        self._kept = frozenset(
            lead.key.registration_id for lead in known if lead.created_at < began or lead.run_id != own
        )
        self._book = LeadBook(desk, sealed, known)
        self._intake = Intake(request.source.file, request.source.file_digest)

    def chunks(self, receipt: RunReceipt) -> Iterator[Progress]:
        """Screen and store chunk by chunk; the receipt takes in all rows, those of an earlier part of the run too."""
        source, rows_done = self._request.source, self.resumed_rows
        task = RowTask(
            read=source.reader.columns,
            canonical=source.canonical,
            seals=receipt.seals,
            feed=self._request.feed,
            digests=self._desk.keys.digests(),
            known=frozenset(self._book.known),
            matcher=self._matcher,
            held_out=self._held_out,
            running_on=self._as_of if self._request.running_only else None,
            kept=self._kept,
        )
        # Closed at once when the run stops early: an engine with processes must not outlive an error.
        results = self._results(task)
        try:
            for chunk in results:
                taken = self._intake.take(chunk)
                receipt.add(chunk.bodies, self._marks(chunk, taken))
                if not chunk.again:
                    rows_done = chunk.rows_done
                    self._store(rows_done, taken)
                yield Progress(
                    rows_done=rows_done,
                    rows_estimate=source.rows_estimate,
                    resumed_rows=self.resumed_rows,
                    counts=self.manifest.counts,
                )
            self._read_whole_registrations(task)
        finally:
            close = getattr(results, "close", None)
            if close is not None:
                with suppress(ValueError):
                    close()

    def _results(self, task: RowTask) -> Iterator[ReadChunk]:
        source = self._request.source
        if isinstance(source, Spread):
            return source.spread(task.of_rows, size=self._request.chunk_rows, done=self.resumed_rows)
        return self._request.engine.map(task, self._raw_chunks())

    def _raw_chunks(self) -> Iterator[RawChunk]:
        source = self._request.source
        rows = source.blocks() if isinstance(source, InBlocks) else source.raw()
        for chunk in raw_chunks(rows, size=self._request.chunk_rows, done=self.resumed_rows):
            if self._place:
                self._place.note(chunk.rows_done)
            yield chunk

    def _marks(self, chunk: ReadChunk, taken: Taken) -> list[str]:
        """What became of the rows of a chunk. A database may answer otherwise when a run goes on: of its rows that are
        read a second time nobody can say that they are those that were screened."""
        return [READ_AGAIN] * len(taken.marks) if chunk.again and self._request.query is not None else taken.marks

    def _read_whole_registrations(self, task: RowTask) -> None:
        """Of a registration in several rows a query gives those that are new: whether somebody about whom there is a
        lead has left it, all its rows say. Where it is not found again, its silence says nothing."""
        if self._request.query is None:
            return
        for some in _in_parts(self._book.read_in_part(self._intake), self._request.chunk_rows):
            whole = task(RawChunk(self._request.query.rows_of(some), 0, True))
            self._intake.take(whole)
            self._intake.registrations_again -= set(some) - whole.registrations_again

    def finish(self, unit: UnitOfWork) -> tuple[str, ...]:
        """End what is no longer reportable and seal the manifest; answers the leads reported."""
        tally: Counter[str] = Counter()
        self._book.close(unit, self._intake, tally)
        self._advance(RunCounts(**tally), finished_at=unit.at)
        if self._place and self._request.query:
            read, work = self._request.query.read, self._work(self.manifest.lists)
            self.manifest = replace(self.manifest, query=read)
            before = feed_mark(self._desk.truth, work, read.digest)
            mark = self._place.finish(unit, before, work, self.manifest)
            self.earlier_rows_left = mark is not None and not mark.is_against(replace(work, running_only=True))
        unit.put_run(self.manifest)
        unit.put_setting(self._reported_setting, None)
        unit.put_setting(self._keyed_setting, self._request.source.keyed_by)
        return tuple(sorted(self._reported))

    def take_stored(self) -> tuple[str, ...]:
        """The leads stored since the last chunk, as those that the end of the run has withdrawn."""
        return self._book.take_stored()

    def _store(self, rows_done: int, taken: Taken) -> None:
        tally: Counter[str] = Counter()
        before = len(self._reported)
        with self._desk.truth.transaction() as unit:
            for person, matches in taken.found:
                self._reported.update(self._book.record(unit, person, matches, tally))
            unit.put_rejected(self.manifest.run_id, taken.rejected)
            self._advance(add_counts(taken.counts, RunCounts(**tally)))
            unit.put_run(self.manifest)
            unit.checkpoint(self.manifest.run_id, rows_done)
            if self._place:
                self._place.keep(unit, rows_done)
            if stored := self._book.take_stored():
                # Should the run be interrupted, the log still names every lead that it has stored.
                self._consultation.conclude_part(Outcome(lead_ids=stored), unit)
            if len(self._reported) > before:
                unit.put_setting(self._reported_setting, json.dumps(sorted(self._reported)))

    def _advance(self, counts: RunCounts, finished_at: datetime | None = None) -> None:
        elapsed = (self._desk.clock() - self._began).total_seconds()
        self.manifest = replace(
            self.manifest,
            counts=add_counts(self.manifest.counts, counts),
            seconds=round(self._seconds_before + elapsed, 3),
            finished_at=finished_at,
        )

    def _continued(self, lists: ListsInForce) -> RunManifest | None:
        """The interrupted run of the same work, if there is one."""
        mark = self._mark(lists)
        for run in self._desk.truth.runs(self._request.feed.feed_id):
            if run.finished_at is None and bears_mark(run, mark):
                return run
        return None

    def _new(self, lists: ListsInForce) -> RunManifest:
        name = f"R-{self._began:%Y%m%d-%H%M%S}-{self._mark(lists)}"
        again = 1
        while self._desk.truth.run(name if again == 1 else f"{name}.{again}") is not None:
            again += 1
        return RunManifest(
            run_id=name if again == 1 else f"{name}.{again}",
            feed_id=self._request.feed.feed_id,
            file=self._request.source.file,
            file_digest=self._request.source.file_digest,
            lists=lists.pinned,
            policy=self._matcher.policy_version,
            as_of=lists.as_of,
            started_at=self._began,
            query=self._request.query.read if self._request.query else None,
        )

    def _mark(self, lists: ListsInForce) -> str:
        return self._work(lists.pinned).mark(self._request.source.file_digest, lists.as_of)

    def _work(self, lists: tuple[tuple[str, str], ...]) -> Work:
        return Work(
            feed=self._request.feed,
            lists=lists,
            policy=self._matcher.policy_version,
            groups=self._groups,
            running_only=self._request.running_only,
        )

    @property
    def _reported_setting(self) -> str:
        return f"run.{self.manifest.run_id}.reported"

    @property
    def _keyed_setting(self) -> str:
        return f"feed.{self._request.feed.feed_id}.keyed-by"

    def _keyed_before(self, known: Sequence[Lead]) -> str | None:
        """Under which header the feed's leads are known where it is not that of this file; None: it is, or no lead is
        there. A workspace that has not kept it tells by the leads."""
        before = self._desk.truth.setting(self._keyed_setting)
        if before is None and all(is_content_ref(lead.key.registration_id) for lead in known):
            before = ""
        return before if known and before != self._request.source.keyed_by else None

    def _reported_before(self) -> set[str]:
        return set(json.loads(self._desk.truth.setting(self._reported_setting) or "[]"))


def _outcome(manifest: RunManifest, lead_ids: tuple[str, ...], resumed_rows: int) -> Outcome:
    counts = {name: count for name, count in asdict(manifest.counts).items() if count}
    if resumed_rows:
        counts["resumed_rows"] = resumed_rows
    lists = {f"list.{list_id}": version for list_id, version in manifest.lists}
    about = {"run": manifest.run_id, "file": manifest.file_digest, "policy": manifest.policy, **lists}
    if (read := manifest.query) is not None:
        marks = {"query": read.digest, "from": read.since, "to": read.until}
        about |= {key: text for key, text in marks.items() if text}
    return Outcome(counts=counts, lead_ids=lead_ids, about=about)


def _in_parts(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    yield from (ids[at : at + size] for at in range(0, len(ids), size))
