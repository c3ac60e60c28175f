"""What an analysis found as a picture for a case file: an SVG that says in itself what it is, for whom and how long.

A fact is drawn solid, an assessment dashed (A11); the nodes that were asked for wear a ring. Above the drawing stand
the warning, purpose, user, case and expiry (A13), below it the signs that occur. Every text is escaped; nothing in the
file is a script or comes from elsewhere. Where a label is cut, the whole stands in the tooltip.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from math import hypot

from netpursuit.catalogue import Catalogue
from netpursuit.links.call_notes import condensed
from netpursuit.links.views import Findings
from netpursuit.records.graph import EdgeKind, GraphEdge, GraphNode, NodeKind, Provenance
from netpursuit.reports.graph_layout import Layout, Places, as_placed, lay_out
from netpursuit.reports.graph_lines import FONTS, broken, fonts_of, width_of
from netpursuit.reports.graph_signs import (
    Sign,
    colours_of,
    is_directed,
    link_sample,
    link_stroke,
    link_word,
    node_word,
    signs_of,
)
from netpursuit.reports.wording import clean, plain

MOST_DRAWN = 300  # nodes: beyond, nobody reads a picture
_MOST_NAMED_LINKS = 45  # beyond, colours alone tell the kinds of links
_MARGIN, _RADIUS = 28.0, 13.0
_LABEL, _LABEL_WIDTH, _LABEL_LINES, _LINE = 11.0, 132.0, 3, 13.5
_WORD = 9.0  # size of a link's word
_HEAD, _HEAD_LINE = 13.0, 19.0
_NARROWEST = 860.0
_NOTED = (EdgeKind.LINKED_TO, EdgeKind.OWNS, EdgeKind.CALLED)  # elsewhere a note is a remark on the evidence
_LINK, _BARE_LINK = 150.0, 112.0  # length of a link with a word upon it, and of one without
_BOW = 26.0  # how far links between the same two nodes stand apart

Box = tuple[float, float, float, float]  # left, top, right, bottom


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """What a picture says besides its nodes and links: the notice, alarms (lists that are not fresh, a bound that cut
    the answer), and the keys of the nodes that were asked for."""

    notice: Sequence[str]
    alarms: Sequence[str] = ()
    asked: frozenset[str] = frozenset()


def as_svg(found: Findings, caption: Caption, catalogue: Catalogue, places: Places | None = None) -> str:
    """The picture. The same answer gives the same bytes. ``places``: where somebody has put the nodes.

    Of more than ``MOST_DRAWN`` nodes those asked for and the best linked are drawn, and the picture says how many are
    not.
    """
    return _Picture(found, caption, catalogue, places).draw()


@dataclass(slots=True)
class _Picture:
    found: Findings
    caption: Caption
    words: Catalogue
    given: Places | None = None
    signs: dict[str, Sign] = field(default_factory=dict)
    colours: dict[str, str] = field(default_factory=dict)
    out: list[str] = field(default_factory=list)

    def draw(self) -> str:
        nodes, edges = _drawn(self.found, self.caption.asked)
        self.signs = signs_of(node.kind for node in nodes)
        self.colours = colours_of(edge.kind for edge in edges)
        lines = {node.key: broken(node.label, _LABEL, _LABEL_WIDTH, _LABEL_LINES) for node in nodes}
        boxes = {node.key: _box(lines[node.key]) for node in nodes}
        length = _LINK if len(edges) <= _MOST_NAMED_LINKS else _BARE_LINK
        if self.given:
            laid = as_placed(boxes, self.given)
        else:
            laid = lay_out(boxes, [(edge.start, edge.end) for edge in edges], length)
        width = max(_NARROWEST, laid.width + 2 * _MARGIN)
        top = self._heading(width, len(self.found.nodes) - len(nodes)) + _MARGIN
        left = (width - laid.width) / 2
        places = _hung(laid, boxes, left, top)
        self._links(edges, places, [_around(places[key], box) for key, box in boxes.items()])
        for node in nodes:
            self._node(node, places[node.key], lines[node.key])
        height = self._legend(nodes, width, top + laid.height + _MARGIN)
        size = f'width="{width:.0f}" height="{height:.0f}" viewBox="0 0 {width:.0f} {height:.0f}"'
        lang = "zh-Hans" if self.words.lang == "zh" else "en"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} xml:lang="{lang}" font-family="{FONTS}">\n'
            f"<title>{_text(self.caption.notice[0])}</title>\n<desc>{_text(' | '.join(self.caption.notice))}</desc>\n"
            f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>\n'
            + "".join(f"{line}\n" for line in self.out)
            + "</svg>\n"
        )

    def _heading(self, width: float, not_drawn: int) -> float:
        """The notice; answers where it ends."""
        name, warning, *rest = self.caption.notice
        room, y = width - 2 * _MARGIN, _MARGIN + 7
        warned = broken(warning, _HEAD, room - 20, 6)
        height = len(warned) * _HEAD_LINE + 16
        self.out.append(
            f'<rect x="{_MARGIN}" y="{_MARGIN - 8}" width="{room:.0f}" height="{height:.0f}" '
            'fill="#fff4f2" stroke="#b00020" stroke-width="1.5"/>'
        )
        for line in warned:
            self.out.append(_written(_MARGIN + 10, y + 5, line, _HEAD, fill="#b00020", weight="bold"))
            y += _HEAD_LINE
        y += 20
        stated = broken("  ·  ".join([name, *rest]), 12, room, 6)
        guarded = broken(self.words("graph.links-not-guilt"), 12, room, 3)
        alarms = list(self.caption.alarms)
        if not_drawn:
            alarms.append(self.words("graph.picture.not-drawn", count=not_drawn))
        alarmed = [line for alarm in alarms for line in broken(alarm, 12, room, 3)]
        for lines, colour in ((stated, "#111111"), (guarded, "#444444"), (alarmed, "#b00020")):
            for line in lines:
                self.out.append(_written(_MARGIN, y, line, 12, fill=colour))
                y += 17
        self.out.append(f'<path d="M{_MARGIN} {y:.0f}H{width - _MARGIN:.0f}" stroke="#999999"/>')
        return y

    def _node(self, node: GraphNode, at: tuple[float, float], lines: Sequence[str]) -> None:
        x, y = at
        kind = node_word(self.words, node.kind)
        told = [f"{kind}: {node.label}", *(self._statement(item) for item in node.provenance)]
        self.out.append(f"<g><title>{_text(chr(10).join(told))}</title>")
        if node.key in self.caption.asked:
            self.out.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{_RADIUS * 1.5:.1f}" fill="#ffe9a8" stroke="#111111" '
                'stroke-width="1.6"/>'
            )
        self.out.append(self.signs[node.kind].drawn(x, y, _RADIUS, fact=node.fact))
        for number, line in enumerate(lines):
            # Lines that leave the sign downwards pass behind the label.
            wide = min(width_of(line, _LABEL) * 0.95, _LABEL_WIDTH)
            self.out.append(
                f'<rect x="{x - wide / 2:.1f}" y="{y + _under(number) - 10:.1f}" width="{wide:.1f}" height="{_LINE}" '
                'fill="#ffffff" fill-opacity="0.85"/>'
            )
            weight = "bold" if node.key in self.caption.asked else "normal"
            self.out.append(_written(x, y + _under(number), line, _LABEL, anchor="middle", weight=weight, halo=True))
        self.out.append("</g>")

    def _links(self, edges: Sequence[GraphEdge], places: dict[str, tuple[float, float]], taken: list[Box]) -> None:
        pairs: dict[frozenset[str], list[GraphEdge]] = defaultdict(list)
        for edge in edges:
            pairs[frozenset((edge.start, edge.end))].append(edge)
        named = len(edges) <= _MOST_NAMED_LINKS
        words: list[str] = []
        for joined in pairs.values():
            for number, edge in enumerate(joined):
                # The bow is measured from the lesser key to the greater, whichever way a link goes.
                ends = sorted((edge.start, edge.end))
                bow = _BOW * (number - (len(joined) - 1) / 2)
                curve = _Curve(*places[ends[0]], *places[ends[1]], bow)
                self._link(edge, curve, reverse=edge.start != ends[0])
                if named:
                    words += self._name(edge, curve, taken)
        self.out += words  # above all lines

    def _link(self, edge: GraphEdge, curve: _Curve, *, reverse: bool) -> None:
        told = [f"{link_word(self.words, edge.kind)} {_days(edge)}".rstrip()]
        told += [self._statement(item) for item in condensed(edge).provenance]
        colour = self.colours[edge.kind]
        self.out.append(
            f'<g fill="none" stroke="{colour}"><title>{_text(chr(10).join(told))}</title>'
            f'<path d="{curve.path()}" {link_stroke(edge.fact, 1.7)}/>'
        )
        if is_directed(edge.kind):
            self.out.append(f'<path d="{curve.arrow(reverse)}" fill="{colour}" stroke="none"/>')
        self.out.append("</g>")

    def _name(self, edge: GraphEdge, curve: _Curve, taken: list[Box]) -> list[str]:
        """The word of a link and its days, on the stretch of it where they cover least."""
        lines = self._told(edge)
        half = max(width_of(line, _WORD) for line in lines) / 2 + 1
        high = len(lines) * (_WORD + 1.5) / 2

        def box(share: float) -> Box:
            x, y = curve.at(share)
            return x - half, y - high, x + half, y + high

        shares = (0.5, 0.42, 0.58, 0.34, 0.66, 0.27, 0.73)
        best = min(shares, key=lambda share: (sum(_shared(box(share), other) for other in taken), abs(share - 0.5)))
        taken.append(box(best))
        x, y = curve.at(best)
        first = y - high + _WORD
        return [
            _written(
                x, first + number * (_WORD + 1.5), line, _WORD, fill=self.colours[edge.kind], anchor="middle", halo=True
            )
            for number, line in enumerate(lines)
        ]

    def _told(self, edge: GraphEdge) -> list[str]:
        """The word of a link, what its source says of it, and its days."""
        confirmed = edge.kind == EdgeKind.SAME_AS and edge.fact
        word = self.words("graph.picture.confirmed") if confirmed else link_word(self.words, edge.kind)
        noted = [item.note for item in condensed(edge).provenance if item.note] if edge.kind in _NOTED else []
        said = map(self.words.remark, noted)
        return [word, *broken("; ".join(dict.fromkeys(said)), _WORD, _LABEL_WIDTH, 1), *filter(None, [_days(edge)])]

    def _word(self, kind: str) -> str:
        """What a kind of link is called; of what is used, which it is."""
        used = {EdgeKind.USES_PHONE: NodeKind.PHONE, EdgeKind.USES_EMAIL: NodeKind.EMAIL}
        word = link_word(self.words, kind)
        return next((f"{word} ({node_word(self.words, thing)})" for link, thing in used.items() if link == kind), word)

    def _statement(self, item: Provenance) -> str:
        word = self.words("graph.fact" if item.fact else "graph.assessment")
        said = (word, self.words.source(item.source), _days(item), self.words.remark(item.note))
        return "; ".join(text for text in said if text)

    def _legend(self, nodes: Iterable[GraphNode], width: float, y: float) -> float:
        """The signs that occur, in rows; answers where the picture ends."""
        signs = [(sign.drawn(9, 0, 8, fact=True), node_word(self.words, kind)) for kind, sign in self.signs.items()]
        asked = '<circle cx="9" cy="0" r="8" fill="#ffe9a8" stroke="#111111" stroke-width="1.6"/>'
        if any(node.key in self.caption.asked for node in nodes):
            signs.append((asked, self.words("graph.picture.asked")))
        lines = [(link_sample(colour, fact=True), self._word(kind)) for kind, colour in self.colours.items()]
        ways = [
            (link_sample("#111111", fact=fact), self.words(f"graph.picture.{'fact' if fact else 'assessment'}"))
            for fact in (True, False)
        ]
        self.out.append(f'<path d="M{_MARGIN} {y:.0f}H{width - _MARGIN:.0f}" stroke="#999999"/>')
        y += 22
        for row in (ways, signs, lines):
            x = _MARGIN
            for sign, word in row:
                wide = 34 + width_of(word, 11) + 16
                if x > _MARGIN and x + wide > width - _MARGIN:
                    x, y = _MARGIN, y + 22
                self.out.append(f'<g transform="translate({x:.0f} {y:.0f})">{sign}</g>')
                self.out.append(_written(x + 34, y + 4, word, 11))
                x += wide
            y += 24 if row else 0
        return y


@dataclass(frozen=True, slots=True)
class _Curve:
    """A link from one place to another, which bows so far to its side."""

    x1: float
    y1: float
    x2: float
    y2: float
    bow: float

    def _middle(self) -> tuple[float, float]:
        long = hypot(self.x2 - self.x1, self.y2 - self.y1) or 1.0
        aside = 2 * self.bow / long
        return (
            (self.x1 + self.x2) / 2 - (self.y2 - self.y1) * aside,
            (self.y1 + self.y2) / 2 + (self.x2 - self.x1) * aside,
        )

    def path(self) -> str:
        if not self.bow:
            return f"M{self.x1:.1f} {self.y1:.1f}L{self.x2:.1f} {self.y2:.1f}"
        mx, my = self._middle()
        return f"M{self.x1:.1f} {self.y1:.1f}Q{mx:.1f} {my:.1f} {self.x2:.1f} {self.y2:.1f}"

    def at(self, share: float) -> tuple[float, float]:
        mx, my = self._middle()
        a, b, c = (1 - share) ** 2, 2 * share * (1 - share), share**2
        return a * self.x1 + b * mx + c * self.x2, a * self.y1 + b * my + c * self.y2

    def arrow(self, reverse: bool) -> str:
        """The head of an arrow just before the sign of its end."""
        mx, my = self._middle()
        x, y = (self.x1, self.y1) if reverse else (self.x2, self.y2)
        long = hypot(x - mx, y - my) or 1.0
        ux, uy = (x - mx) / long, (y - my) / long
        tx, ty = x - ux * (_RADIUS + 4), y - uy * (_RADIUS + 4)
        bx, by = tx - ux * 9, ty - uy * 9
        return f"M{tx:.1f} {ty:.1f}L{bx - uy * 4:.1f} {by + ux * 4:.1f}L{bx + uy * 4:.1f} {by - ux * 4:.1f}Z"


def _drawn(found: Findings, asked: frozenset[str]) -> tuple[list[GraphNode], list[GraphEdge]]:
    """The nodes and links that are drawn."""
    degree: dict[str, int] = defaultdict(int)
    for edge in found.edges:
        degree[edge.start] += 1
        degree[edge.end] += 1
    ranked = sorted(found.nodes, key=lambda node: (node.key not in asked, -degree[node.key], node.key))
    kept = {node.key for node in ranked[:MOST_DRAWN]}
    nodes = [node for node in found.nodes if node.key in kept]
    return nodes, [edge for edge in found.edges if {edge.start, edge.end} <= kept]


def _box(lines: Sequence[str]) -> tuple[float, float]:
    """What a sign and the label below it take up, with air around them."""
    wide = max([2.6 * _RADIUS, *(width_of(line, _LABEL) for line in lines)])
    return wide + 14, 2 * _RADIUS * 1.5 + len(lines) * _LINE + 12


def _under(number: int) -> float:
    """How far below the middle of a sign a line of its label stands."""
    return _RADIUS * 1.5 + 11 + number * _LINE


def _hung(
    laid: Layout, boxes: dict[str, tuple[float, float]], left: float, top: float
) -> dict[str, tuple[float, float]]:
    """The middle of each sign, which stands at the top of its box."""
    return {key: (left + x, top + y - boxes[key][1] / 2 + _RADIUS * 1.5 + 4) for key, (x, y) in laid.places.items()}


def _around(at: tuple[float, float], box: tuple[float, float]) -> Box:
    x, y = at
    top = y - _RADIUS * 1.5
    return x - box[0] / 2 + 5, top, x + box[0] / 2 - 5, top + box[1] - 8


def _shared(one: Box, other: Box) -> float:
    """The area that two boxes both cover."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def _days(stated: GraphEdge | Provenance) -> str:
    return f"{stated.seen_from} – {stated.seen_to}".strip() if stated.seen_from or stated.seen_to else ""


def _written(
    x: float,
    y: float,
    text: str,
    size: float,
    *,
    fill: str = "#111111",
    anchor: str = "start",
    weight: str = "normal",
    halo: bool = False,
) -> str:
    fonts = fonts_of(text)
    family = f' font-family="{fonts}"' if fonts != FONTS else ""
    around = ' stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke"' if halo else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}" text-anchor="{anchor}" '
        f'font-weight="{weight}"{family}{around}>{_text(text)}</text>'
    )


def _text(value: str) -> str:
    """A value as text of the file, whatever it holds."""
    lines = (plain(clean(line)) for line in value.split("\n"))
    return escape("\n".join(lines), quote=True)
