"""The lists of a night: read again where their files are others than those they were read from."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from netpursuit.custody.list_reports import ListReport, show_lists
from netpursuit.custody.lists import NewList, add_list, source_of
from netpursuit.errors import HeldError, InputError, RefusedError, StorageError
from netpursuit.gate.workbench import Workbench, verify_lists
from netpursuit.night.answer import ListFate, ListResult, Problem, ProblemKind
from netpursuit.night.plan import ListTask, NightPlan, Tools, digest_of
from netpursuit.policy.standing import ListStatus
from netpursuit.ports.readers import ListReader
from netpursuit.records import Verb

_COUNTS = ("added", "changed", "withdrawn", "leads_marked")


def update_lists(
    desk: Workbench, plan: NightPlan, tools: Tools, as_of: date, complain: Callable[[Problem], None]
) -> dict[str, ListFate]:
    """Bring every list of the plan up to its files, by id: what a list's new version withdraws ends with it, before
    anybody is screened. A list whose files cannot be taken stays as it is, and the others go on."""
    verify_lists(desk.truth)  # one that was damaged here is read again from its files
    fates = {}
    for task in sorted(plan.lists, key=lambda task: task.list_id):
        fates[task.list_id] = fate = _update(desk, task, tools, as_of, complain)
        tools.tell("list", list=task.list_id, fate=fate.value)
    return fates


def foresee_lists(
    desk: Workbench, plan: NightPlan, tools: Tools, complain: Callable[[Problem], None]
) -> dict[str, ListFate]:
    """What ``update_lists`` would do, by digests alone; no list is read, no address asked."""
    fates = {}
    for task in sorted(plan.lists, key=lambda task: task.list_id):
        if task.urls:
            fates[task.list_id] = ListFate.WOULD_FETCH
            continue
        try:
            known = _delivery(task, tools)[0].source == source_of(desk.truth, task.list_id)
            fates[task.list_id] = ListFate.UNCHANGED if known else ListFate.WOULD_UPDATE
        except InputError as error:
            complain(Problem(kind=ProblemKind.LIST, about=task.list_id, why=str(error)))
            fates[task.list_id] = _failed(desk, task)
    return fates


def _update(
    desk: Workbench, task: ListTask, tools: Tools, as_of: date, complain: Callable[[Problem], None]
) -> ListFate:
    try:
        new, reader = _delivery(task, tools)
        if new.source == source_of(desk.truth, task.list_id):
            return ListFate.UNCHANGED
        add_list(desk, replace(new, as_of=as_of), reader)
        return ListFate.UPDATED
    except (InputError, RefusedError, HeldError) as error:
        complain(Problem(kind=ProblemKind.LIST, about=task.list_id, why=str(error)))
    except StorageError as error:
        complain(Problem(kind=ProblemKind.STORAGE, about=task.list_id, why=str(error)))
    return _failed(desk, task)


def _delivery(task: ListTask, tools: Tools) -> tuple[NewList, ListReader]:
    """What is to be added, with a digest of its files and of how they are read. Raises ``InputError`` where a file is
    not there or of no known format."""
    files, reader = tools.read_list(task)
    stated = _written(files) if task.by_file_date else task.list_date
    read = [(path.name, digest_of(path)) for path in files]
    mapping = digest_of(task.mapping) if task.mapping is not None else ""
    how = [read, task.format, mapping, str(stated), task.max_age_days]
    new = NewList(
        list_id=task.list_id,
        paths=files,
        list_date=stated,
        max_age_days=task.max_age_days,
        source=hashlib.sha256(json.dumps(how).encode("ascii")).hexdigest(),
    )
    return new, reader


def _failed(desk: Workbench, task: ListTask) -> ListFate:
    return ListFate.ABSENT if desk.truth.list_version(task.list_id) is None else ListFate.KEPT


def _written(files: tuple[Path, ...]) -> date:
    """The day on which the newest of the files was written, where the machine is."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in files)).astimezone().date()


def list_results(desk: Workbench, fates: dict[str, ListFate], since: datetime, as_of: date) -> tuple[ListResult, ...]:
    """Every list with its standing, and what the deliveries since an instant changed, as the log has it: a delivery
    before a kill counts. Raises as ``show_lists``."""
    changed: dict[str, Counter[str]] = {}
    for item in desk.gate.log.read(since=since):
        if item.intent.verb is Verb.LISTS_ADD and item.outcome is not None and "version" in item.outcome.about:
            tally = changed.setdefault(item.intent.about.get("list", ""), Counter())
            tally.update({name: item.outcome.counts.get(name, 0) for name in _COUNTS})
    results = {}
    for report in show_lists(desk, as_of):
        list_id = report.standing.list_id
        fate = fates.get(list_id)
        if list_id in changed and fate is ListFate.UNCHANGED:
            fate = ListFate.UPDATED
        results[list_id] = _result(report, fate, changed.get(list_id, Counter()), as_of)
    for list_id in fates.keys() - results.keys():
        results[list_id] = ListResult(list_id=list_id, fate=fates[list_id], status=ListStatus.MISSING.value)
    return tuple(results[list_id] for list_id in sorted(results))


def list_problems(results: tuple[ListResult, ...]) -> list[Problem]:
    """Lists that are not fresh (A16)."""
    return [
        Problem(
            kind=ProblemKind.LIST_STALE, about=item.list_id, why=f"{item.status}, dated {item.list_date or 'never'}"
        )
        for item in results
        if item.status != ListStatus.FRESH.value
    ]


def _result(report: ListReport, fate: ListFate | None, tally: Counter[str], as_of: date) -> ListResult:
    version = report.standing.version
    result = ListResult(
        list_id=report.standing.list_id,
        fate=fate,
        status=report.standing.status.value,
        expired=report.expired,
        expiring=dict(report.about_to_expire),
        added=tally["added"],
        changed=tally["changed"],
        withdrawn=tally["withdrawn"],
        leads_marked=tally["leads_marked"],
    )
    if version is None:
        return result
    age = (as_of - version.list_date).days
    return replace(result, list_date=version.list_date, age_days=age, people=version.people)
