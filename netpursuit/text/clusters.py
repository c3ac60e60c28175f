"""Clusters of names that are variants or short forms of one name, from ``tables/variants.csv``.

A cluster of kind ``v`` holds spellings of one name in any script and language (Muhammad, Mehmet, 买买提); one of kind
``n`` short forms and nicknames of it (William, Bill), whose members may stand in several clusters.
"""

from __future__ import annotations

from functools import cache

from netpursuit.text.rows import table_rows


@cache
def _clusters() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(id, kind, folded members) of every cluster."""
    return tuple((cluster, kind, tuple(members.split())) for cluster, kind, members in table_rows("variants.csv"))


@cache
def clusters_by_member() -> dict[str, tuple[str, ...]]:
    """Folded member, in any script -> the ids of its clusters, in the order of the table."""
    found: dict[str, list[str]] = {}
    for cluster, _, members in _clusters():
        for member in dict.fromkeys(members):
            found.setdefault(member, []).append(cluster)
    return {member: tuple(clusters) for member, clusters in found.items()}


@cache
def _spellings_by_member() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for _, kind, members in _clusters():
        if kind == "v":
            for member in members:
                found.setdefault(member, members)
    return found


def known_member(folded: str) -> bool:
    """Whether a folded token stands in any cluster."""
    return folded in clusters_by_member()


def spellings_of(folded: str) -> tuple[str, ...]:
    """All spellings of the name of a token, the token among them; only itself where no cluster of spellings has it."""
    return _spellings_by_member().get(folded, (folded,))
