"""Runs as whoever watches them sees them: files, counts and how far a run has come; nobody who was screened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from netpursuit.errors import HeldError
from netpursuit.gate.workbench import Workbench
from netpursuit.ports.truth import Truth
from netpursuit.records import Intent, Outcome, RunManifest, Verb


class RunState(StrEnum):
    FINISHED = "finished"
    RUNNING = "running"
    STOPPED = "stopped"  # killed or failed; the next run of the same file goes on with it


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSeen:
    """``rows_done``: rows up to the last checkpoint. ``rows_before``: those of the last finished run of the feed, a
    first guess at how many there will be; 0 without one."""

    run: RunManifest
    state: RunState
    rows_done: int
    rows_before: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsSeen:
    """The latest runs that were asked for, the latest first; ``total``: how many there are. ``feeds``: of all runs."""

    items: tuple[RunSeen, ...]
    total: int
    feeds: tuple[str, ...]


def claim_of(feed_id: str) -> str:
    """What a run of a feed claims, so that no other one runs beside it."""
    return f"a screening of feed {feed_id!r}"


def is_held(truth: Truth, claim: str, who: str) -> bool:
    """Whether some process holds a claim at this moment."""
    try:
        with truth.alone(claim, who):
            return False
    except HeldError:
        return True


def show_runs(desk: Workbench, *, feed_id: str = "", most: int = 20) -> RunsSeen:
    """The latest runs, of all feeds or of one, on record as a look of its own."""
    intent = Intent(verb=Verb.RUNS_SHOW, authority=desk.authority, fields=("feed",) if feed_id else ())
    with desk.gate.consult(intent) as consultation:
        every = desk.truth.runs()
        wanted = [run for run in every if not feed_id or run.feed_id == feed_id]
        items = _seen(desk, wanted[:most], every)
        consultation.conclude(Outcome(counts={"shown": len(items)}))
    return RunsSeen(items=items, total=len(wanted), feeds=tuple(sorted({run.feed_id for run in every})))


def under_way(desk: Workbench) -> tuple[RunSeen, ...]:
    """The runs that are not finished: ids and counts of rows, asked for again and again, and no consultation.

    Raises ``RefusedError`` for somebody without any role."""
    desk.gate.check_user()
    every = desk.truth.runs()
    return _seen(desk, [run for run in every if run.finished_at is None], every)


def _seen(desk: Workbench, runs: Iterable[RunManifest], every: tuple[RunManifest, ...]) -> tuple[RunSeen, ...]:
    held: dict[str, bool] = {}
    found = []
    for run in runs:
        if run.finished_at is not None:
            found.append(RunSeen(run=run, state=RunState.FINISHED, rows_done=run.counts.read))
            continue
        feed = run.feed_id
        if feed not in held:
            held[feed] = is_held(desk.truth, claim_of(feed), desk.gate.who)
        newest = next(item.run_id for item in every if item.feed_id == feed and item.finished_at is None)
        before = next((item for item in every if item.feed_id == feed and item.finished_at is not None), None)
        running = held[feed] and run.run_id == newest
        seen = RunSeen(
            run=run,
            state=RunState.RUNNING if running else RunState.STOPPED,
            rows_done=desk.truth.rows_done(run.run_id),
            rows_before=before.counts.read if before else 0,
        )
        found.append(seen)
    return tuple(found)
