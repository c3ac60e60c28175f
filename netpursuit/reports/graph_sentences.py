"""A path of the link graph in one sentence: each link with who states it and from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from netpursuit.catalogue import Catalogue
from netpursuit.links.views import Findings
from netpursuit.records.graph import GraphEdge, GraphNode, NodeKind, Provenance
from netpursuit.reports.graph_signs import link_word
from netpursuit.reports.wording import clean

_MOST_STATED = 3  # statements of one link that a sentence names
_PEOPLE = (NodeKind.SUBJECT, NodeKind.ENTRY, NodeKind.CONTACT)


def path_sentence(words: Catalogue, found: Findings, path: Sequence[str]) -> str:
    """One sentence over the nodes of a path, in their order; empty for a path of a single node.

    Every link is told in its own direction. Where several join two nodes, all of them are told.
    """
    nodes = {node.key: node for node in found.nodes}
    between: dict[frozenset[str], list[GraphEdge]] = {}
    for edge in found.edges:
        between.setdefault(frozenset((edge.start, edge.end)), []).append(edge)
    parts = []
    for number, (near, far) in enumerate(pairwise(path)):
        first, *others = between[frozenset((near, far))]
        form = "whole" if not number else "on" if first.start == near else "back"
        said = _clause(words, nodes, first, form)
        besides = (_clause(words, nodes, edge, "whole") for edge in others)
        parts.append(words("graph.sentence.and").join((said, *besides)))
    return words("graph.sentence.whole", said=words("graph.sentence.then").join(parts)) if parts else ""


def is_joined(found: Findings, path: Sequence[str]) -> bool:
    """Whether each two neighbours of a path are linked in what was found."""
    linked = {frozenset((edge.start, edge.end)) for edge in found.edges}
    return all(frozenset(step) in linked for step in pairwise(path))


def _clause(words: Catalogue, nodes: dict[str, GraphNode], edge: GraphEdge, form: str) -> str:
    """``whole``: with both its ends; ``on``: behind a clause that ended with its start, ``back``: with its end."""
    start, end = nodes[edge.start], nodes[edge.end]
    key = f"graph.sentence.{edge.kind}.{form}"
    known = key in words
    before = end if form == "back" else start
    return words(
        key if known else "graph.sentence.other",
        start=clean(start.label),
        end=clean(end.label),
        who=words(f"graph.sentence.{'who' if before.kind in _PEOPLE else 'which'}"),
        said=_stated(words, edge),
        **({} if known else {"kind": link_word(words, edge.kind)}),
    )


def _stated(words: Catalogue, edge: GraphEdge) -> str:
    """Who states a link, from when to when, and what is an assessment of the program."""
    told = list(dict.fromkeys(_statement(words, item) for item in edge.provenance))
    if (more := len(told) - _MOST_STATED) > 0:
        told = [*told[:_MOST_STATED], words("graph.sentence.more", count=more)]
    return "; ".join(told)


def _statement(words: Catalogue, item: Provenance) -> str:
    assumed = "" if item.fact else words("graph.assessment")
    return ", ".join(filter(None, (assumed, clean(words.source(item.source)), _days(words, item))))


def _days(words: Catalogue, item: Provenance) -> str:
    if item.seen_from and item.seen_to:
        if item.seen_from == item.seen_to:
            return item.seen_from
        return words("graph.sentence.from-to", first=item.seen_from, last=item.seen_to)
    if item.seen_from:
        return words("graph.sentence.from", first=item.seen_from)
    return words("graph.sentence.to", last=item.seen_to) if item.seen_to else ""
