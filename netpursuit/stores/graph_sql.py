"""Conditions that both kinds of graph files share: kinds of edges, and days over all that is said of an edge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from netpursuit.ports.graph_store import Sight

_FEW_KINDS = 3


def of_kinds(kinds: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The condition on the kind of an edge and its values. Many kinds are not looked up one by one: most of what hangs
    on a node is of one of them."""
    if not kinds:
        return "", ()
    column = "e.kind" if len(kinds) <= _FEW_KINDS else "+e.kind"
    return f" AND {column} IN ({','.join('?' * len(kinds))})", tuple(map(str, kinds))


def grouped(sight: Sight, least: int) -> tuple[str, tuple[str, ...]]:
    """The end of a query for steps: by statement, or by edge where days count, over all that is said of it."""
    dated, days = sql_of_days(sight)
    if not dated:
        return f" AND e.fact >= {least:d}", ()
    return f" GROUP BY e.start, e.kind, e.end HAVING max(e.fact) >= {least:d} AND {dated}", days


def by_edge(sight: Sight, least: int) -> tuple[str, tuple[str, ...]]:
    """As ``grouped``, always by edge."""
    dated, days = sql_of_days(sight)
    return f" GROUP BY e.start, e.kind, e.end HAVING max(e.fact) >= {least:d}{dated and f' AND {dated}'}", days


def counting(edges: str) -> str:
    """How many rows (near, kind, far) of each there are."""
    return f"SELECT near, kind, far, count(*) FROM ({edges}) GROUP BY near, kind, far"


def summed(rows: Iterable[Sequence[Any]]) -> list[tuple[str, str, str, int]]:
    """Counts of both directions together, sorted."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for near, kind, far, count in rows:
        counts[near, kind, far] += count
    return [(*at, counts[at]) for at in sorted(counts)]


def sql_of_days(sight: Sight) -> tuple[str, tuple[str, ...]]:
    """What ``links.views`` demands of the days of an edge, over all that is said of it (the rows ``e`` of its group),
    and the values; nothing where no day is asked for."""
    conditions, values = [], []
    if sight.until:
        conditions.append("coalesce(min(nullif(e.seen_from, '')), '') <= ?")
        values.append(sight.until)
    if sight.since:
        conditions.append(
            "(max(e.seen_from <> '' AND e.seen_to = '') = 1 OR max(e.seen_to) = '' OR max(e.seen_to) >= ?)"
        )
        values.append(sight.since)
    return " AND ".join(conditions), tuple(values)
