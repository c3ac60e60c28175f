"""The calls of the watch: lists, runs, nights, quarantine and error rates. Counts, ids of leads and places in files; no
person."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict
from typing import Annotated, Any, TypedDict

from msgspec import Meta

from netpursuit.custody.list_reports import show_lists
from netpursuit.errors import InputError, UnknownIdError
from netpursuit.night.past import NightSeen, show_nights
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.reports.standings import banner_lines, report_json
from netpursuit.review.rates import LEAST, error_rates
from netpursuit.screening.progress import RunSeen, show_runs, under_way
from netpursuit.web.answers import Refused
from netpursuit.web.endpoints import Asked, Call, Endpoint

Id = Annotated[str, Meta(min_length=1, max_length=200)]
_NIGHT = re.compile(r"N-\d{8}-\d{6}-\d{3}")
_MOST_REPORT = 32 << 20  # bytes of a night's report that are read


class Runs(Asked):
    """``feed``: of one feed alone."""

    feed: Annotated[str, Meta(max_length=200)] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 20


class Quarantine(Asked):
    """``run``: a run, or LIST@VERSION. ``rows``: the places too, from ``offset`` on; else the counts alone."""

    run: Id
    rows: bool = False
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    offset: Annotated[int, Meta(ge=0, le=10_000_000)] = 0


class Night(Asked):
    night: Id


class ListsAnswer(TypedDict):
    """As ``lists show --json``, with the age in days."""

    as_of: str
    lists: list[dict[str, Any]]
    banners: list[str]


class RunsAnswer(TypedDict):
    runs: list[dict[str, Any]]
    total: int
    feeds: list[str]


class ProgressAnswer(TypedDict):
    """The runs that are not finished: id, state, rows done and those of the run before."""

    runs: list[dict[str, Any]]


class NightsAnswer(TypedDict):
    """``reports``: whether the server was told where the reports are."""

    nights: list[dict[str, Any]]
    reports: bool


class QuarantineAnswer(TypedDict):
    total: int
    reasons: list[dict[str, Any]]
    rows: list[dict[str, Any]]


class RatesAnswer(TypedDict):
    """``least``: decisions below which a script or a reason is not told apart."""

    scripts: list[dict[str, Any]]
    reasons: dict[str, int]
    left_out: int
    least: int


def lists(call: Call) -> dict[str, Any]:
    desk = call.desk
    reports = show_lists(desk)
    shown = []
    for report in reports:
        version = report.standing.version
        age = (desk.today - version.list_date).days if version else None
        shown.append(report_json(report) | {"age_days": age})
    return {
        "as_of": desk.today.isoformat(),
        "lists": shown,
        "banners": list(banner_lines(call.words, (report.standing for report in reports))),
    }


def runs(call: Call) -> dict[str, Any]:
    body: Runs = call.body
    seen = show_runs(call.desk, feed_id=body.feed, most=body.limit)
    return {"runs": [_run_json(item) for item in seen.items], "total": seen.total, "feeds": list(seen.feeds)}


def _run_json(item: RunSeen) -> dict[str, Any]:
    run = item.run
    return _progress_json(item) | {
        "feed": run.feed_id,
        "file": run.file,
        "lists": [{"id": list_id, "version": version} for list_id, version in run.lists],
        "policy": run.policy,
        "as_of": run.as_of.isoformat(),
        "started_at": run.started_at.isoformat(),
        "finished_at": run.finished_at.isoformat() if run.finished_at else None,
        "seconds": round(run.seconds, 3),
        "counts": asdict(run.counts),
        "backwards": run.query is not None and run.query.backwards,
    }


def _progress_json(item: RunSeen) -> dict[str, Any]:
    return {
        "run": item.run.run_id,
        "state": item.state.value,
        "rows_done": item.rows_done,
        "rows_before": item.rows_before,
    }


def progress(call: Call) -> dict[str, Any]:
    return {"runs": [_progress_json(item) for item in under_way(call.desk)]}


def nights(call: Call) -> dict[str, Any]:
    found = [_night_json(item) for item in show_nights(call.desk)]
    return {"nights": found, "reports": call.room.reports is not None}


def _night_json(item: NightSeen) -> dict[str, Any]:
    return {
        "night": item.night_id or None,
        "began_at": item.began_at.isoformat(),
        "state": item.state,
        "user": item.who,
        "as_of": item.as_of.isoformat() if item.as_of else None,
        "counts": item.counts,
        "why": item.why or None,
        "consultation": item.consultation_id,
    }


def night_report(call: Call) -> dict[str, Any]:
    """What ``night --json`` said, out of the folder that the server was told of."""
    body: Night = call.body
    desk, folder = call.desk, call.room.reports
    if not _NIGHT.fullmatch(body.night):
        raise InputError("this is no id of a night", where="night", expected="N-20260101-000000-000")
    intent = Intent(verb=Verb.RUNS_SHOW, authority=desk.authority, about={"night": body.night})
    with desk.gate.consult(intent) as consultation:
        path = folder / f"{body.night}.json" if folder is not None else None
        try:
            if path is None or path.stat().st_size > _MOST_REPORT:
                raise FileNotFoundError
            report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise Refused(404, "no-report", "there is no report of this night") from None
        leads = tuple(item["lead"] for item in report.get("leads", ()))
        consultation.conclude(Outcome(counts={"leads": len(leads)}, lead_ids=leads))
    for problem in report.get("problems", ()):
        problem["why"] = call.words.sentence(problem["why"])
    return report


def quarantine(call: Call) -> dict[str, Any]:
    """Why rows could not be used, and where they are; their values are read by ``quarantine show --source`` alone."""
    body: Quarantine = call.body
    desk = call.desk
    known = desk.truth.run(body.run) is not None or body.run in desk.truth.quarantined()
    intent = Intent(verb=Verb.QUARANTINE_SHOW, authority=desk.authority, about={"run": body.run if known else ""})
    with desk.gate.consult(intent) as consultation:
        if not known and "@" not in body.run:  # of a list's version without such rows nothing is kept
            raise UnknownIdError("there is no such run")
        found = desk.truth.quarantine(run_id=body.run)
        page = found[body.offset : body.offset + body.limit] if body.rows else ()
        consultation.conclude(Outcome(counts={"rows": len(found), "shown": len(page)}))
    reasons = Counter((row.reason, row.column, row.expected) for row in found)
    words = call.words
    return {
        "total": len(found),
        "reasons": [
            {
                "reason": reason,
                "text": words(f"rejected.{reason}") if f"rejected.{reason}" in words else reason,
                "column": column,
                "expected": words.sentence(expected) if expected else "",
                "count": count,
            }
            for (reason, column, expected), count in reasons.most_common()
        ],
        "rows": [{"file": row.file, "line": row.line, "column": row.column, "reason": row.reason} for row in page],
    }


def rates(call: Call) -> dict[str, Any]:
    found = error_rates(call.desk)
    return {
        "scripts": [
            {
                "script": rate.script,
                "decided": rate.decided,
                "confirmed": rate.confirmed,
                "cleared": rate.cleared,
                "share": round(rate.cleared / rate.decided, 4),
                "low": round(rate.low, 4),
                "high": round(rate.high, 4),
            }
            for rate in found.scripts
        ],
        "reasons": found.reasons,
        "left_out": found.left_out,
        "least": LEAST,
    }


ENDPOINTS = (
    Endpoint(method="GET", path="/lists", summary="Lists with age and changes", handle=lists, answers=ListsAnswer),
    Endpoint(method="POST", path="/runs", summary="The latest runs", handle=runs, asks=Runs, answers=RunsAnswer),
    Endpoint(
        method="GET",
        path="/runs/progress",
        summary="How far unfinished runs have come",
        handle=progress,
        answers=ProgressAnswer,
    ),
    Endpoint(method="POST", path="/nights", summary="The last nights", handle=nights, answers=NightsAnswer),
    Endpoint(method="POST", path="/nights/report", summary="The report of a night", handle=night_report, asks=Night),
    Endpoint(
        method="POST",
        path="/quarantine",
        summary="Rows that could not be used",
        handle=quarantine,
        asks=Quarantine,
        answers=QuarantineAnswer,
    ),
    Endpoint(method="GET", path="/error-rates", summary="Decisions by script (A15)", handle=rates, answers=RatesAnswer),
)
