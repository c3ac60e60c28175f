"""The signs of a picture of the link graph: a shape and a colour for each kind of node, a colour for each kind of link.

Kinds differ in shape as well as in colour, so that a copy in grey and a colour-blind eye tell them apart; the colours
are those of Okabe and Ito (2008) and shades of them, dark enough for white paper. Kinds that are none of the program's
own have signs in the order of their names, 28 different ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from netpursuit.catalogue import Catalogue
from netpursuit.records.graph import EdgeKind, NodeKind
from netpursuit.reports.wording import term

_CIRCLE = "M-1 0A1 1 0 1 1 1 0A1 1 0 1 1 -1 0Z"

# Outlines within -1 to 1, drawn around the middle of a node.
SHAPES: Mapping[NodeKind, str] = {
    NodeKind.SUBJECT: _CIRCLE,
    NodeKind.CONTACT: _CIRCLE,
    NodeKind.ENTRY: "M0 -1.15L1.15 0L0 1.15L-1.15 0Z",
    NodeKind.LIST: "M-.8 -1H.8V1H-.8Z",
    NodeKind.ADDRESS: "M0 -1.1L1.1 -.1H.8V1H-.8V-.1H-1.1Z",
    NodeKind.RENTAL_UNIT: "M-.95 -.95H.95V.95H-.95Z",
    NodeKind.PHONE: "M-.6 -.85Q-.6 -1.1 -.35 -1.1H.35Q.6 -1.1 .6 -.85V.85Q.6 1.1 .35 1.1H-.35Q-.6 1.1 -.6 .85Z",
    NodeKind.EMAIL: "M-1.15 -.75H1.15V.75H-1.15Z",
    NodeKind.DOCUMENT: "M-.8 -1.05H.35L.8 -.6V1.05H-.8Z",
    NodeKind.ORGANISATION: "M-1.1 .95L0 -1.1L1.1 .95Z",
    NodeKind.REGISTRATION: "M-.7 -.8H1.15L.7 .8H-1.15Z",
    NodeKind.VEHICLE: "M-1.15 .55V-.05L-.85 -.15L-.5 -.75H.5L.85 -.15L1.15 -.05V.55Z",
    NodeKind.ACCOUNT: "M-1.15 -.75H1.15V.75H-1.15Z",
    NodeKind.CASE: "M-1.1 -.9H-.3L-.05 -.6H1.1V.9H-1.1Z",
}
STROKES: Mapping[NodeKind, str] = {  # drawn upon the outline
    NodeKind.CONTACT: "M-.42 0A.42 .42 0 1 1 .42 0A.42 .42 0 1 1 -.42 0Z",
    NodeKind.EMAIL: "M-1.15 -.75L0 .2L1.15 -.75",
    NodeKind.DOCUMENT: "M-.45 -.1H.45M-.45 .3H.45M-.45 .7H.45",
    NodeKind.VEHICLE: "M-.55 -.15H.55M-.9 .55A.25 .25 0 0 1 -.4 .55M.4 .55A.25 .25 0 0 1 .9 .55",
    NodeKind.ACCOUNT: "M-1.15 -.35H1.15M-.8 .3H-.2",
}
COLOURS: Mapping[NodeKind, str] = {
    NodeKind.SUBJECT: "#0072b2",
    NodeKind.CONTACT: "#56b4e9",
    NodeKind.ENTRY: "#c24e00",
    NodeKind.LIST: "#5f6368",
    NodeKind.ADDRESS: "#00785a",
    NodeKind.RENTAL_UNIT: "#2aa889",
    NodeKind.PHONE: "#b0568b",
    NodeKind.EMAIL: "#7a3f8f",
    NodeKind.DOCUMENT: "#b97c00",
    NodeKind.ORGANISATION: "#6d6a00",
    NodeKind.REGISTRATION: "#7a8794",
    NodeKind.VEHICLE: "#8a4b2a",
    NodeKind.ACCOUNT: "#1f5f3f",
    NodeKind.CASE: "#8c6d46",
}
LINK_COLOURS: Mapping[EdgeKind, str] = {
    EdgeKind.LISTED_ON: COLOURS[NodeKind.LIST],
    EdgeKind.RESIDED_AT: COLOURS[NodeKind.ADDRESS],
    EdgeKind.STAYED_AT: COLOURS[NodeKind.RENTAL_UNIT],
    EdgeKind.UNIT_IN: "#9aa5a0",
    EdgeKind.USES_PHONE: COLOURS[NodeKind.PHONE],
    EdgeKind.USES_EMAIL: COLOURS[NodeKind.EMAIL],
    EdgeKind.HOLDS_DOCUMENT: COLOURS[NodeKind.DOCUMENT],
    EdgeKind.LANDLORD_OF: "#004d40",
    EdgeKind.OWNS: "#8a4b2a",
    EdgeKind.CALLED: "#d0487a",
    EdgeKind.LINKED_TO: "#222222",
    EdgeKind.NAMED_IN: COLOURS[NodeKind.REGISTRATION],
    EdgeKind.SAME_AS: "#d0021b",
    EdgeKind.OPENED_IN: COLOURS[NodeKind.CASE],
}
FREE_SHAPES = (
    "M-1.1 0L-.55 -.95H.55L1.1 0L.55 .95H-.55Z",
    "M-1.1 -.95H1.1L0 1.1Z",
    "M-.4 -1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4Z",
    "M0 -1.15L.35 -.35L1.15 -.3L.5 .25L.75 1.05L0 .6L-.75 1.05L-.5 .25L-1.15 -.3L-.35 -.35Z",
)
FREE_COLOURS = ("#0072b2", "#c24e00", "#00785a", "#b0568b", "#5f6368", "#7a3f8f", "#8a6d00")


@dataclass(frozen=True, slots=True)
class Sign:
    """How a kind of node is drawn: an outline, its colour, and strokes upon it (or empty)."""

    shape: str
    colour: str
    strokes: str = ""

    def drawn(self, x: float, y: float, radius: float, *, fact: bool) -> str:
        """The sign around a point: filled for a fact, hollow and dashed for an assessment."""
        dash = "" if fact else f' stroke-dasharray="{3 / radius:.3f} {2.4 / radius:.3f}"'
        place = f'transform="translate({x:.1f} {y:.1f}) scale({radius:g})"'
        thick = f'stroke-width="{1.8 / radius:.3f}"'
        fill, ink = (self.colour, "#ffffff") if fact else ("#ffffff", self.colour)
        outline = f'<path d="{self.shape}" {place} fill="{fill}" stroke="{self.colour}" {thick}{dash}/>'
        strokes = f'<path d="{self.strokes}" {place} fill="none" stroke="{ink}" {thick}/>' if self.strokes else ""
        return outline + strokes


def signs_of(kinds: Iterable[str]) -> dict[str, Sign]:
    """A sign for each of these kinds of node, in the order of a legend."""
    wanted = set(kinds)
    signs = {kind: Sign(SHAPES[kind], COLOURS[kind], STROKES.get(kind, "")) for kind in NodeKind if kind in wanted}
    found: dict[str, Sign] = {str(kind): sign for kind, sign in signs.items()}
    for number, kind in enumerate(sorted(wanted - found.keys())):
        found[kind] = Sign(FREE_SHAPES[number % len(FREE_SHAPES)], FREE_COLOURS[number % len(FREE_COLOURS)])
    return found


def colours_of(kinds: Iterable[str]) -> dict[str, str]:
    """A colour for each of these kinds of link, in the order of a legend."""
    wanted = set(kinds)
    found: dict[str, str] = {str(kind): LINK_COLOURS[kind] for kind in EdgeKind if kind in wanted}
    for number, kind in enumerate(sorted(wanted - found.keys())):
        found[kind] = FREE_COLOURS[number % len(FREE_COLOURS)]
    return found


def is_directed(kind: str) -> bool:
    """Whether a link needs an arrow: of most kinds the ends tell which way it goes."""
    return kind in (EdgeKind.LINKED_TO, EdgeKind.CALLED) or kind not in set(EdgeKind)


def node_word(words: Catalogue, kind: str) -> str:
    """What a kind of node is called; one that is not the program's own, as it is."""
    return term(words, f"report.node.{kind}", kind)


def link_word(words: Catalogue, kind: str) -> str:
    """What a kind of link is called."""
    return term(words, f"report.edge.{kind}", kind)


def link_stroke(fact: bool, width: float) -> str:
    """A line of a fact is solid, of an assessment dashed (A11)."""
    return f'stroke-width="{width:g}"' + ("" if fact else ' stroke-dasharray="6 4"')


def link_sample(colour: str, *, fact: bool) -> str:
    """A piece of a line for the legend."""
    return f'<path d="M0 0H28" stroke="{colour}" {link_stroke(fact, 2)}/>'
