"""The feeds of a night, one after the other; what goes wrong with one leaves the others alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.gate.workbench import Workbench
from netpursuit.night.answer import FeedResult, FileFate, FileResult, Problem, ProblemKind
from netpursuit.night.feed_night import Before, Complain, FeedNight, FeedReport, feed_result
from netpursuit.night.plan import Backwards, FeedTask, NightPlan, Tools
from netpursuit.night.query_night import NEW_ROWS, QueryNight
from netpursuit.records import Authority, Intent, Verb


def screen_feeds(
    desk: Workbench, plan: NightPlan, tools: Tools, before: Before, complain: Complain
) -> tuple[FeedReport, ...]:
    """Every feed's files in the order of feeds and names; a feed that must not run is refused, on record, and named."""
    reports = []
    for task in sorted(plan.feeds, key=lambda task: task.feed.feed_id):
        feed_id = task.feed.feed_id
        try:
            night = _night_of(desk, task, before, complain, tools)
        except (InputError, StorageError) as error:  # no list to match against
            complain(Problem(kind=ProblemKind.FEED, about=feed_id, why=str(error)))
            reports.append(FeedReport(result=feed_result(task, "", ()), unchecked=()))
            continue
        refusal = night.refused()
        sighted = night.sight()
        if refusal is not None:
            _refuse(desk, task, refusal)
            complain(Problem(kind=ProblemKind.FEED, about=feed_id, why=str(refusal)))
            tools.tell("refused", feed=feed_id, code=refusal.code)
        else:
            done = []
            for item in sighted:
                fate = item.fate
                if fate in (FileFate.NEW, FileFate.BACKWARDS):
                    fate = night.screen(item)
                tools.tell("file", feed=feed_id, file=item.name, fate=fate.value)
                done.append(replace(item, fate=fate))
            sighted = tuple(done)
        reports.append(night.report(sighted, refusal))
    return tuple(reports)


def foresee_feeds(
    desk: Workbench, plan: NightPlan, tools: Tools, as_of: date | None, lists_change: bool, complain: Complain
) -> tuple[FeedResult, ...]:
    """What ``screen_feeds`` would do, by digests alone: nobody is read, nothing is written.

    Where ``lists_change``, a known file is gone through backwards if the lists turn out to differ.
    """
    results = []
    would = {FileFate.NEW: FileFate.WOULD_SCREEN, FileFate.BACKWARDS: FileFate.WOULD_BACKWARDS}
    for task in sorted(plan.feeds, key=lambda task: task.feed.feed_id):
        try:
            night = _night_of(desk, task, Before(as_of=as_of, since=desk.clock()), complain, tools)
        except (InputError, StorageError):  # no list yet: every file is new
            results.append(feed_result(task, "", _all_new(task, complain)))
            continue
        refusal = night.refused()
        if refusal is not None:
            complain(Problem(kind=ProblemKind.FEED, about=task.feed.feed_id, why=str(refusal)))
        again = lists_change and task.backwards is not Backwards.OFF
        files = tuple(
            FileResult(
                file=item.name,
                fate=FileFate.WOULD_BACKWARDS
                if again and item.fate is FileFate.KNOWN
                else would.get(item.fate, item.fate),
            )
            for item in night.sight()
        )
        results.append(feed_result(task, refusal.code if refusal else "", () if refusal else files))
    return tuple(results)


def _night_of(desk: Workbench, task: FeedTask, before: Before, complain: Complain, tools: Tools) -> FeedNight:
    return (FeedNight if task.feed.source is None else QueryNight)(desk, task, before, complain, tools)


def _all_new(task: FeedTask, complain: Complain) -> tuple[FileResult, ...]:
    if task.feed.source is not None:
        return (FileResult(file=NEW_ROWS, fate=FileFate.WOULD_SCREEN),)
    try:
        return tuple(FileResult(file=path.name, fate=FileFate.WOULD_SCREEN) for path in task.present())
    except InputError as error:
        complain(Problem(kind=ProblemKind.FEED, about=task.feed.feed_id, why=str(error)))
        return ()


def _refuse(desk: Workbench, task: FeedTask, refusal: RefusedError) -> None:
    authority = Authority(who=desk.authority.who, feed_purpose=task.feed.purpose)
    intent = Intent(verb=Verb.SCREEN, authority=authority, about={"feed": task.feed.feed_id})
    desk.gate.log.refuse(intent, refusal.code)
