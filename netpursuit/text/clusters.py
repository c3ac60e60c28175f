"""Clusters of names that are variants or short forms of one name: ``tables/variants.csv``, ``variants_han.csv``, and
what ``tools/build_variants.py`` derives from both.

A cluster of kind ``v`` holds spellings of one name in any script and language (Muhammad, Mehmet, 买买提); one of kind
``n`` short forms and nicknames of it (William, Bill), whose members may stand in several clusters.
"""

from __future__ import annotations

from functools import cache

from netpursuit.text.rows import table_rows
from netpursuit.text.scripts import Script, script_of
from netpursuit.text.slavic import bones

SLAVIC = "s"  # the kind of the rows that hold no members, but plain Slavic forms of them


@cache
def _clusters() -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """(id, kind, folded members) of every cluster."""
    found: dict[tuple[str, str], list[str]] = {}
    for name in ("variants.csv", "variants_han.csv", "variants_derived.csv"):
        for cluster, kind, members in table_rows(name):
            if kind != SLAVIC:
                found.setdefault((cluster, kind), []).extend(members.split())
    return tuple((cluster, kind, tuple(dict.fromkeys(members))) for (cluster, kind), members in found.items())


@cache
def han_parts() -> frozenset[str]:
    """Names of two and more Chinese characters that transcribe a Uyghur, Kazakh, Tibetan or Mongolian name."""
    members = (member for _, _, cells in table_rows("variants_han.csv") for member in cells.split())
    return frozenset(member for member in members if len(member) > 1 and script_of(member) is Script.HAN)


@cache
def clusters_by_member() -> dict[str, tuple[str, ...]]:
    """Folded member, in any script -> the ids of its clusters, in the order of the table."""
    found: dict[str, list[str]] = {}
    for cluster, _, members in _clusters():
        for member in members:
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


@cache
def clusters_by_slavic_form() -> dict[str, tuple[str, ...]]:
    """Plain form of a member in Cyrillic, or of one with ``yo`` (Pyotr) beside it -> its clusters."""
    found: dict[str, tuple[str, ...]] = {}
    for cluster, kind, forms in table_rows("variants_derived.csv"):
        if kind == SLAVIC:
            for form in forms.split():
                found[form] = (*found.get(form, ()), cluster)
    return found


@cache
def bones_of_slavic_forms() -> frozenset[bytes]:
    """The ``bones`` of all of ``clusters_by_slavic_form``."""
    return frozenset(map(bones, clusters_by_slavic_form()))


def known_member(folded: str) -> bool:
    """Whether a folded token stands in any cluster."""
    return folded in clusters_by_member()


def spellings_of(folded: str) -> tuple[str, ...]:
    """All spellings of the name of a token, the token among them; only itself where no cluster of spellings has it."""
    return _spellings_by_member().get(folded, (folded,))
