"""Writes the signs of the page's link graph: those of the pictures, so that a page and a printed picture look alike.

``python -m tools.page_signs`` writes ``web/src/graph/signs.json``; a test tells when it is no longer what it would be.
"""

from __future__ import annotations

import json
from pathlib import Path

from netpursuit.records.graph import EdgeKind, NodeKind
from netpursuit.reports import graph_signs

FILE = Path(__file__).parents[1] / "web/src/graph/signs.json"


def signs() -> str:
    """The file's text: kinds of nodes in a legend's order, those of links, and what imported kinds take in turn."""
    own = {
        kind.value: {"shape": sign.shape, "strokes": sign.strokes, "colour": sign.colour}
        for kind, sign in ((kind, graph_signs.signs_of([kind])[kind]) for kind in NodeKind)
    }
    links = {
        kind.value: {"colour": graph_signs.LINK_COLOURS[kind], "directed": graph_signs.is_directed(kind)}
        for kind in EdgeKind
    }
    free = {"shapes": graph_signs.FREE_SHAPES, "colours": graph_signs.FREE_COLOURS}
    return json.dumps({"nodes": own, "links": links, "free": free}, indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(signs(), encoding="utf-8")
