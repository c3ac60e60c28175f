"""The analyses by name: what each asks for, and whether it needs a case (A10, A12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from netpursuit.links import newness, questions, walks
from netpursuit.links.calls import calls
from netpursuit.links.views import MOST_HOPS, Findings, View


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """``fewest`` to ``most`` nodes are named (``most`` None: any number); ``case``: it runs under a case only.

    ``hops``: how far it goes unless told; ``free_hops``: how far at most without a case (None: as far as with one);
    ``dated``: it needs the day from which on.
    """

    ask: Callable[[View, Sequence[str]], Findings]
    fewest: int = 1
    most: int | None = None
    case: bool = False
    hops: int = 2
    free_hops: int | None = None
    dated: bool = False


ANALYSES: Mapping[str, Analysis] = {
    "neighbours": Analysis(ask=walks.neighbours, most=1),
    "expand": Analysis(ask=walks.expand, case=True),
    "paths": Analysis(ask=walks.paths, fewest=2, most=2, hops=MOST_HOPS),
    "co-residents": Analysis(ask=questions.co_residents),
    "succession": Analysis(ask=questions.succession),
    "shared-document": Analysis(ask=questions.shared_document),
    "shared-phone": Analysis(ask=questions.shared_phone),
    "aliases": Analysis(ask=questions.aliases),
    "hubs": Analysis(ask=questions.hubs, fewest=0, case=True),
    "landlords": Analysis(ask=questions.landlords, fewest=0, case=True),
    "brokers": Analysis(ask=questions.brokers, case=True),
    "communities": Analysis(ask=questions.communities, case=True),
    "timeline": Analysis(ask=questions.timeline),
    "calls": Analysis(ask=calls, case=True),
    "new-since": Analysis(ask=newness.new_since, hops=1, free_hops=1, dated=True),
    "common": Analysis(ask=questions.common, fewest=2),
    "between": Analysis(ask=questions.between, fewest=2),
}
