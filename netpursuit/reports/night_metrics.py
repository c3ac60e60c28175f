"""A night in the text format of Prometheus, for its node exporter's text files or any agent that reads them.

https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from netpursuit.night.answer import WHATS, NightAnswer, ProblemKind
from netpursuit.policy.standing import ListStatus

Sample = tuple[dict[str, str], float]
_BANDS = ("weak", "possible", "strong")


def metrics_text(answer: NightAnswer, notices_failed: int) -> str:
    """All gauges of one night; ``notices_failed``: how many of the configured notices could not be given."""
    health = answer.health
    files = Counter((feed.feed_id, item.fate.value) for feed in answer.feeds for item in feed.files)
    news = Counter((item.what, item.band) for item in answer.leads)
    kinds = Counter(item.kind for item in answer.problems)
    ran = [(feed.feed_id, item) for feed in answer.feeds for item in feed.files if item.run_id]
    rows: Counter[tuple[str, str]] = Counter()
    for feed_id, item in ran:
        for kind in ("read", "rejected", "screened"):
            rows[feed_id, kind] += getattr(item.counts, kind)
    blocks = [
        _gauge("night_end_timestamp_seconds", "When the last night ended.", [({}, answer.ended_at.timestamp())]),
        _gauge("night_exit_code", "Exit code of the last night.", [({}, answer.exit_code)]),
        _gauge(
            "night_duration_seconds",
            "From the beginning of the night, before a kill, to its end.",
            [({}, (answer.ended_at - answer.began_at).total_seconds())],
        ),
        _gauge(
            "night_problems",
            "What could not be done or needs a look.",
            [({"kind": k.value}, kinds[k]) for k in ProblemKind],
        ),
        _gauge(
            "night_leads",
            "Leads that the night made, changed or ended.",
            [({"what": what, "band": band}, news[what, band]) for what in WHATS for band in _BANDS],
        ),
        _gauge("night_notices_failed", "Notices that could not be given.", [({}, notices_failed)]),
        _gauge(
            "night_unchecked_entries",
            "Entries that could not be checked against some files.",
            [
                ({"feed": item.feed_id, "why": item.why, "list": entry.list_id}, entry.count)
                for item in answer.unchecked
                for entry in item.entries
            ],
        ),
        _gauge(
            "feed_files",
            "Files of a feed by what the night did.",
            [({"feed": f, "fate": x}, n) for (f, x), n in files.items()],
        ),
        _gauge("feed_rows", "Rows of the night's runs.", [({"feed": f, "kind": k}, n) for (f, k), n in rows.items()]),
        _gauge(
            "list_age_days",
            "Days since the list's date.",
            [({"list": item.list_id}, item.age_days) for item in answer.lists if item.age_days is not None],
        ),
        _gauge(
            "list_fresh",
            "Whether the list is there, sound and not stale.",
            [({"list": item.list_id}, item.status == ListStatus.FRESH.value) for item in answer.lists],
        ),
        _gauge(
            "list_entries_expiring",
            "Entries that expire within so many days.",
            [
                ({"list": item.list_id, "days": str(days)}, count)
                for item in answer.lists
                for days, count in sorted(item.expiring.items())
            ],
        ),
    ]
    if health is not None:
        blocks += [
            _gauge("log_records", "Records of the consultation log.", [({}, health.log_records)]),
            _gauge("log_problems", "Differences that its verification found.", [({}, len(health.log_problems))]),
            _gauge("graph_up", "Whether the link graph's store could be reached.", [({}, health.graph_up)]),
            _gauge("graph_pending", "Changes that wait for the link graph.", [({}, health.graph_pending)]),
            _gauge("disk_free_bytes", "Room where the workspace lies.", [({}, health.free_bytes)]),
        ]
    return "".join(blocks)


def _gauge(name: str, said: str, samples: Iterable[Sample]) -> str:
    lines = [f"# HELP netpursuit_{name} {said}", f"# TYPE netpursuit_{name} gauge"]
    lines += [f"netpursuit_{name}{_labels(labels)} {_number(value)}" for labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: dict[str, str]) -> str:
    inside = ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
