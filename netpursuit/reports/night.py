"""A night as JSON, as a page for people, as metrics, and as the notice that may leave the machine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from typing import Any

from netpursuit.catalogue import Catalogue
from netpursuit.night.answer import WHATS, FeedResult, FileFate, FileResult, NightAnswer, Unchecked, count_files
from netpursuit.reports.notices import NightNotice

_SCREENED = (FileFate.NEW, FileFate.BACKWARDS)
_SHOWN = 10  # ids of entries that a line names


def night_json(answer: NightAnswer) -> dict[str, Any]:
    """The whole night; what the page shortens stands here in full."""
    return {
        "night": answer.night_id or None,
        "dry_run": answer.dry_run,
        "exit_code": answer.exit_code,
        "user": answer.user,
        "as_of": answer.as_of.isoformat(),
        "began_at": answer.began_at.isoformat(),
        "ended_at": answer.ended_at.isoformat(),
        "resumed": answer.resumed,
        "consultation": answer.consultation_id or None,
        "lists": [
            {
                "list": item.list_id,
                "fate": item.fate.value if item.fate else None,
                "status": item.status or None,
                "date": item.list_date.isoformat() if item.list_date else None,
                "age_days": item.age_days,
                "people": item.people,
                "added": item.added,
                "changed": item.changed,
                "withdrawn": item.withdrawn,
                "leads_marked": item.leads_marked,
                "expired": item.expired,
                "about_to_expire": {str(days): count for days, count in item.expiring.items()},
            }
            for item in answer.lists
        ],
        "feeds": [
            {
                "feed": feed.feed_id,
                "purpose": feed.purpose,
                "expires_on": feed.expires_on.isoformat(),
                "backwards": feed.backwards,
                "refused": feed.refused or None,
                "files": [_file_json(item) for item in feed.files],
            }
            for feed in answer.feeds
        ],
        "leads": [
            {
                "lead": item.lead_id,
                "what": item.what,
                "band": item.band,
                "feed": item.feed_id,
                "flag": item.flag or None,
            }
            for item in answer.leads
        ],
        "unchecked": [
            {
                "feed": item.feed_id,
                "why": item.why,
                "files": list(item.files),
                "entries": [
                    {"list": news.list_id, "count": news.count, "whole_list": news.whole, "ids": list(news.entry_ids)}
                    for news in item.entries
                ],
            }
            for item in answer.unchecked
        ],
        "problems": [{"kind": item.kind.value, "about": item.about, "why": item.why} for item in answer.problems],
        "health": asdict(answer.health) if answer.health else None,
        "retained": dict(answer.retained) if answer.retained is not None else None,
    }


def _file_json(item: FileResult) -> dict[str, Any]:
    shape: dict[str, Any] = {"file": item.file, "fate": item.fate.value}
    if item.run_id:
        shape |= {"run": item.run_id, "counts": asdict(item.counts), "seconds": item.seconds}
    return shape


def notice_of(answer: NightAnswer) -> NightNotice:
    """What is told outside: counts and ids of leads."""
    kinds = Counter(f"problems_{item.kind.value.replace('-', '_')}" for item in answer.problems)
    counts = {
        "files_screened": sum(count_files(feed, *_SCREENED) for feed in answer.feeds),
        "rows": sum(item.counts.read for feed in answer.feeds for item in feed.files if item.run_id),
        "problems": len(answer.problems),
        **{f"leads_{what}": len(answer.leads_that(what)) for what in WHATS},
        **kinds,
    }
    leads = {what: tuple(item.lead_id for item in answer.leads_that(what)) for what in WHATS}
    return NightNotice(
        night=answer.night_id, as_of=answer.as_of.isoformat(), exit_code=answer.exit_code, counts=counts, leads=leads
    )


def summary_lines(answer: NightAnswer, words: Catalogue) -> Iterator[str]:
    """The night in a few lines for a terminal: what was done, then everything that was not."""
    for item in answer.lists:
        if item.fate is not None:
            yield words(
                "night.line.foreseen" if answer.dry_run else "night.line.list",
                list=item.list_id,
                fate=words(f"night.fate.{item.fate.value}"),
                added=item.added,
                changed=item.changed,
                withdrawn=item.withdrawn,
                marked=item.leads_marked,
            )
    for feed in answer.feeds:
        yield words("night.line.feed", feed=feed.feed_id, files=_tally(feed, words) or words("night.no-files"))
    if not answer.dry_run:
        # Whom a clearance covers gets no lead: how many there were stands in the counts of the runs.
        cleared = sum(item.counts.leads_cleared for feed in answer.feeds for item in feed.files)
        counts = {what: len(answer.leads_that(what)) for what in WHATS} | {"cleared": cleared}
        yield words("night.line.leads", **counts)
    if answer.retained is not None:
        yield words("night.line.retained", purged=_purged(answer, words))
    for missed in answer.unchecked:
        yield unchecked_line(missed, words)
    for problem in answer.problems:
        yield f"{words(f'night.problem.{problem.kind.value}')}: {problem.about}: {problem.why}"


def _purged(answer: NightAnswer, words: Catalogue) -> str:
    purged = answer.retained or {}
    told = (f"{words(f'kept.{kind}')} {count}" for kind, count in purged.items())
    return words("night.comma").join(told) or words("night.purged-none")


def _tally(feed: FeedResult, words: Catalogue) -> str:
    if feed.refused:
        return words("night.refused")
    tally = Counter(item.fate for item in feed.files)
    return words("night.comma").join(
        f"{words(f'night.fate.{fate.value}')} {tally[fate]}" for fate in FileFate if tally[fate]
    )


def unchecked_line(item: Unchecked, words: Catalogue) -> str:
    """Which entries were not checked against which files, and why; of many, the first ids."""
    parts = []
    for news in item.entries:
        if news.whole:
            parts.append(words("night.whole-list", list=news.list_id, count=news.count))
        else:
            shown = " ".join(news.entry_ids[:_SHOWN]) + (" …" if news.count > _SHOWN else "")
            parts.append(words("night.entries", list=news.list_id, count=news.count, ids=shown))
    return words(
        "night.line.unchecked",
        feed=item.feed_id,
        files=" ".join(item.files[:_SHOWN]) + (" …" if len(item.files) > _SHOWN else ""),
        why=words(f"night.why.{item.why}"),
        entries="; ".join(parts),
    )


def night_page(answer: NightAnswer, words: Catalogue) -> str:
    """The night as one HTML file, without scripts or anything from elsewhere; of people, ids of leads alone."""
    title = words("night.title", night=answer.night_id)
    health = answer.health
    facts = [
        (words("night.as-of"), answer.as_of.isoformat()),
        (words("night.began"), answer.began_at.isoformat(timespec="seconds")),
        (words("night.ended"), answer.ended_at.isoformat(timespec="seconds")),
        (words("report.user"), answer.user),
        (words("report.purpose"), "; ".join(dict.fromkeys(feed.purpose for feed in answer.feeds))),
        (
            words("report.expires-on"),
            min((feed.expires_on for feed in answer.feeds), default=words("report.no-expiry")),
        ),
        (words("night.exit-code"), f"{answer.exit_code} – {words(f'night.exit.{answer.exit_code}')}"),
    ]
    if health is not None:
        intact = words("night.log-intact" if not health.log_problems else "night.log-differs", count=health.log_records)
        graph = words("night.graph-up" if health.graph_up else "night.graph-down", count=health.graph_pending)
        facts += [
            (words("night.log"), intact),
            (words("night.graph"), graph),
            (words("night.disk"), f"{health.free_bytes / 2**30:.1f} GiB"),
        ]
    if answer.retained is not None:
        facts.append((words("night.retained"), _purged(answer, words)))
    problems = [(words(f"night.problem.{item.kind.value}"), item.about, item.why) for item in answer.problems]
    lists = [
        (
            item.list_id,
            words(f"night.fate.{item.fate.value}") if item.fate else "–",
            words(f"list.status.{item.status}") if item.status else "–",
            item.list_date or "–",
            "–" if item.age_days is None else item.age_days,
            item.people,
            item.added,
            item.changed,
            item.withdrawn,
            item.leads_marked,
            *(item.expiring.get(days, 0) for days in (30, 7)),
        )
        for item in answer.lists
    ]
    files = [
        (
            feed.feed_id,
            item.file,
            words(f"night.fate.{item.fate.value}"),
            *_figures(item),
        )
        for feed in answer.feeds
        for item in feed.files
    ]
    leads = [
        (
            item.lead_id,
            words(f"night.what.{item.what}"),
            words(f"band.{item.band}"),
            item.feed_id,
            words(f"lead.flag.{item.flag}") if f"lead.flag.{item.flag}" in words else item.flag,
        )
        for item in answer.leads
    ]
    unchecked = [(unchecked_line(item, words),) for item in answer.unchecked]
    none = words("night.none")
    parts = [
        f"<h1>{escape(title)}</h1><p class='w'>{escape(words('report.warning'))}</p>",
        _table("", (), facts, none),
        _table(words("night.problems"), _heads(words, "kind about why"), problems, none),
        _table(words("night.leads"), _heads(words, "lead what band feed flag"), leads, none),
        _table(
            words("night.lists"),
            _heads(words, "list fate status date age people added changed withdrawn marked in-30 in-7"),
            lists,
            none,
        ),
        _table(
            words("night.files"), _heads(words, "feed file fate read rejected screened over seconds run"), files, none
        ),
        _table(words("night.unchecked"), (), unchecked, none),
    ]
    style = (
        "body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem}"
        "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.25rem .6rem;"
        "text-align:left;vertical-align:top}h2{margin:2rem 0 .5rem;font-size:1.1rem}.w{font-weight:600}"
    )
    return (
        f"<!doctype html>\n<html lang='{words.lang}'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<meta name='viewport' content='width=device-width'><style>{style}</style></head>\n<body>"
        + "\n".join(parts)
        + "</body></html>\n"
    )


def _figures(item: FileResult) -> tuple[object, ...]:
    if not item.run_id:
        return ("–",) * 6
    counts = item.counts
    return counts.read, counts.rejected, counts.screened, counts.stays_ended, f"{item.seconds:.1f}", item.run_id


def _heads(words: Catalogue, names: str) -> tuple[str, ...]:
    return tuple(words(f"night.head.{name}") for name in names.split())


def _table(title: str, heads: tuple[str, ...], rows: list[Any], none: str) -> str:
    head = f"<h2>{escape(title)}</h2>" if title else ""
    if not rows:
        return f"{head}<p>{escape(none)}</p>"
    top = "<tr>" + "".join(f"<th>{escape(name)}</th>" for name in heads) + "</tr>" if heads else ""
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"{head}<table>{top}{body}</table>"
