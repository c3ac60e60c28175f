"""What is kept of a match on the link that it makes: how strong the lead is, and who answers for it.

A note reads ``possible, 14.2 bits``, or ``strong, 31.0 bits, confirmed by Li Hua``.
"""

from __future__ import annotations

from collections.abc import Iterable

from netpursuit.records import Band, Match
from netpursuit.records.graph import EdgeKind, GraphEdge

_BANDS = {band.word: band for band in Band if band.word}


def match_note(match: Match, said: str = "") -> str:
    """The note of a match; ``said``: what a named user said of it."""
    return ", ".join(filter(None, (match.band.word, f"{match.bits} bits", said)))


def band_of(edge: GraphEdge) -> str:
    """The strongest band that is stated of a ``same-as`` link; empty for a link of another kind."""
    if edge.kind != EdgeKind.SAME_AS:
        return ""
    return strongest(item.note.partition(",")[0] for item in edge.provenance)


def strongest(words: Iterable[str]) -> str:
    """The strongest of some bands by their words; empty where none of them is one."""
    return max((word for word in words if word in _BANDS), key=_BANDS.__getitem__, default="")
