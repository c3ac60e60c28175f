"""The signs of a picture of the link graph: a shape and a colour for each kind of node, a colour for each kind of link.

Kinds differ in shape as well as in colour, so that a copy in grey and a colour-blind eye tell them apart; the colours
are those of Okabe and Ito (2008) and shades of them, dark enough for white paper.
"""

from __future__ import annotations

from collections.abc import Mapping

from netpursuit.records.graph import EdgeKind, NodeKind

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
}
STROKES: Mapping[NodeKind, str] = {  # drawn upon the outline
    NodeKind.EMAIL: "M-1.15 -.75L0 .2L1.15 -.75",
    NodeKind.DOCUMENT: "M-.45 -.1H.45M-.45 .3H.45M-.45 .7H.45",
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
    EdgeKind.LINKED_TO: "#222222",
    EdgeKind.NAMED_IN: COLOURS[NodeKind.REGISTRATION],
    EdgeKind.SAME_AS: "#d0021b",
}
