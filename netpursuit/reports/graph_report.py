"""What is seen in the graph browser as a page to print for the file: the picture, its paths in sentences, its nodes and
links with their sources, and under which case and consultation it was made. One self-contained HTML file, without
scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from netpursuit.catalogue import Catalogue
from netpursuit.links.call_notes import condensed
from netpursuit.links.views import Findings
from netpursuit.records.graph import GraphEdge, GraphNode, Provenance
from netpursuit.reports.graph_signs import link_word, node_word
from netpursuit.reports.page import page_environment, template_text
from netpursuit.reports.wording import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an analyst wrote of a node: a label of his own, a note, a mark; each may be empty."""

    label: str = ""
    note: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above it: its name, what an export says of itself, and what is wrong with the lists."""

    title: str
    notice: Sequence[str]
    alarms: Sequence[str]


def as_report(
    found: Findings,
    picture: str,
    head: Head,
    sentences: Sequence[str],
    notes: Mapping[str, Told],
    words: Catalogue,
) -> str:
    """The page. ``picture``: an SVG that this program drew; every other value is escaped."""
    names = {node.key: node.label for node in found.nodes}
    environment = page_environment(words)
    environment.globals.update(css=Markup(template_text("graph.css")))
    page = environment.get_template("graph.html.j2").render(
        title=head.title,
        notice=head.notice,
        alarms=head.alarms,
        picture=Markup(picture),
        sentences=sentences,
        nodes=[_node(words, node, notes.get(node.key)) for node in found.nodes],
        edges=[_edge(words, condensed(edge), names) for edge in found.edges],
    )
    return plain(page)


def _node(words: Catalogue, node: GraphNode, told: Told | None) -> dict[str, object]:
    return {
        "kind": node_word(words, node.kind),
        "label": node.label,
        "key": node.key,
        "fact": node.fact,
        "said": [_statement(words, item) for item in node.provenance],
        "told": " · ".join(filter(None, (told.label, told.mark, told.note))) if told else "",
    }


def _edge(words: Catalogue, edge: GraphEdge, names: Mapping[str, str]) -> dict[str, object]:
    return {
        "start": names[edge.start],
        "word": link_word(words, edge.kind),
        "end": names[edge.end],
        "fact": edge.fact,
        "said": [_statement(words, item) for item in edge.provenance],
    }


def _statement(words: Catalogue, item: Provenance) -> str:
    days = f"{item.seen_from or '…'} – {item.seen_to or '…'}" if item.seen_from or item.seen_to else ""
    return "; ".join(filter(None, (words.source(item.source), days, words.remark(item.note))))
