"""What the link graph answers, as JSON in its stable shape: the same at the command line and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netpursuit.catalogue import Catalogue
from netpursuit.enquiry.draw_in import COUNTS, DrawnIn
from netpursuit.enquiry.graph import GraphAnswer
from netpursuit.links.match_notes import band_of
from netpursuit.records.graph import GraphEdge, GraphNode
from netpursuit.reports.graph_sentences import path_sentence
from netpursuit.reports.standings import standing_json

LEFT_OUT = tuple(name for name in COUNTS if name not in ("registrations", "people", "new"))
"""Why somebody of a unit is not drawn in."""


def answer_json(answer: GraphAnswer, words: Catalogue) -> dict[str, Any]:
    """The answer of one analysis. A row of ``paths`` has its nodes as ``keys`` and is told in a ``sentence``."""
    bounds, found = answer.bounds, answer.found
    rows: list[dict[str, Any]] = [dict(row) for row in found.rows]
    for row, path in zip(rows, found.paths, strict=False):
        row |= {"keys": list(path), "sentence": path_sentence(words, found, path)}
    return {
        "analysis": answer.analysis,
        **({"graph": answer.graph, "imported": True} if answer.graph else {}),
        "parameters": {
            "nodes": list(answer.asked),
            "hops": bounds.hops,
            "limit": bounds.limit,
            "from": bounds.since or None,
            "to": bounds.until or None,
            "edges": [str(kind) for kind in bounds.kinds],
            "labels": [str(label) for label in bounds.labels],
            "sources": list(bounds.sources),
            "max_links": bounds.most_links or None,
            "with_open_leads": bounds.with_open_leads,
        },
        "nodes": [node_json(node, found.bands) for node in found.nodes],
        "edges": list(map(edge_json, found.edges)),
        "rows": rows,
        "truncated": found.truncated,
        "lists": list(map(standing_json, answer.lists)),
        "consultation": answer.consultation_id,
    }


_NO_BANDS: Mapping[str, str] = {}


def node_json(node: GraphNode, bands: Mapping[str, str] = _NO_BANDS) -> dict[str, Any]:
    """A node with all that is stated of it, and the band of a lead on it where ``bands`` names one."""
    return {
        "kind": str(node.kind),
        "key": node.key,
        "label": node.label,
        "fact": node.fact,
        **({"band": bands[node.key]} if node.key in bands else {}),
        "provenance": _provenance_json(node),
    }


def edge_json(edge: GraphEdge) -> dict[str, Any]:
    """A link with all that is stated of it; one that a lead makes with the lead's band."""
    band = band_of(edge)
    return {
        "kind": str(edge.kind),
        "start": edge.start,
        "end": edge.end,
        "fact": edge.fact,
        **({"band": band} if band else {}),
        "provenance": _provenance_json(edge),
    }


def _provenance_json(item: GraphNode | GraphEdge) -> list[dict[str, Any]]:
    return [
        {
            "source": stated.source,
            "fact": stated.fact,
            "from": stated.seen_from or None,
            "to": stated.seen_to or None,
            "note": stated.note,
            **({"properties": dict(stated.properties)} if stated.properties else {}),
            **({"case": stated.case_id} if stated.case_id else {}),
        }
        for stated in item.provenance
    ]


def drawn_json(answer: DrawnIn) -> dict[str, Any]:
    """What was drawn in under a case."""
    return {
        "unit": {"key": answer.unit.key, "label": answer.unit.label},
        "feed": answer.feed_id,
        "file": answer.file,
        "people": [
            {
                "key": person.key,
                "label": person.label,
                "role": person.role,
                "registration": person.registration_id,
                "from": person.start.isoformat() if person.start else None,
                "to": person.end.isoformat() if person.end else None,
                "new": person.new,
            }
            for person in answer.people
        ],
        "counts": answer.counts,
        "truncated": answer.truncated,
        "consultation": answer.consultation_id,
    }
