"""One question to an imported graph: the same analyses under the same promises, on labels that are free."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import closing

from netpursuit.enquiry.graph import GraphAnswer, GraphRequest, check_reach, find_analysis
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.imports import find_graph, may_ask
from netpursuit.gate.workbench import Workbench
from netpursuit.links.views import View
from netpursuit.policy.labels import names_place
from netpursuit.ports.imported_graphs import ImportedPlaces, ImportedReader
from netpursuit.records import Intent, Outcome, Verb
from netpursuit.records.graph import GraphNode
from netpursuit.records.imports import ImportedGraph

_MOST_NAMED = 10  # nodes shown where a text names several
_ANY = ("", "*", "%")
_WITH_TYPES = ("shared-document", "shared-phone")

NOT_HERE: Mapping[str, str] = {
    "co-residents": "which nodes are rental units and which links are stays",
    "succession": "which nodes are rental units and which links are stays",
    "aliases": "which nodes are documents",
    "hubs": "which nodes are rental units, telephones or documents, and which are people",
    "landlords": "which nodes are rental units and which links are ownership",
    "calls": "which nodes are telephones and which links are calls",
}
"""Analyses that have no sense on free labels: what an imported graph does not say."""


def ask_imported(desk: Workbench, places: ImportedPlaces, name: str, request: GraphRequest) -> GraphAnswer:
    """Run one analysis on an imported graph.

    Raises as ``enquiry.graph.ask_graph``, and ``InputError`` for an analysis that free labels do not allow, for a graph
    that is not there and for a type of links that it does not hold; ``RefusedError`` for a graph of another case, for
    everybody at a place without a case, and for a label in the place of a node (A10).
    """
    analysis = find_analysis(request)
    bounds = request.bounds
    if bounds.with_open_leads:
        raise InputError("an imported graph holds no leads", where="--with-open-leads", expected="--graph without it")
    known = find_graph(desk.truth, name)
    narrowed = {"sources": bounds.sources, "labels": bounds.labels}
    typed = {
        **{name: texts for name, texts in narrowed.items() if texts},
        **(request.step.typed if request.step else {}),
    }
    intent = Intent(
        verb=Verb.EXPORT if request.export else Verb.GRAPH,
        authority=desk.authority,
        fields=("node", "graph") if request.nodes else ("graph",),
        about={
            "analysis": request.analysis,
            "graph": known.name if known else "",  # what names no graph may name anybody
            "nodes": str(len(request.nodes)),
            "hops": str(bounds.hops),
            "limit": str(bounds.limit),
            **({"export": request.export} if request.export else {}),
            **(request.step.about if request.step else {}),
        },
        as_of=request.as_of,
        sealed=json.dumps({"graph": name, "nodes": request.nodes, **typed}, ensure_ascii=False),
    )
    with desk.gate.consult(intent, texts=request.nodes) as consultation:
        under_case = bool(desk.authority.case_id)
        check_reach(analysis, request, under_case)
        graph = admitted(desk, known)
        _check_sense(request)
        with closing(places.open(graph.place)) as reader:
            _check_types(request, reader)
            nodes = [resolve(reader, text) for text in request.nodes]
            if not under_case and any(names_place(label) for node in nodes for label in reader.labels_of(node.key)):
                raise RefusedError("building-case", "everybody at a place is asked for under a case only")
            asked = tuple(dict.fromkeys(node.key for node in nodes))
            if len(asked) < analysis.fewest:
                raise InputError("the same node twice", where=request.analysis, expected="different nodes")
            found = analysis.ask(View(reader, bounds, free=True), asked)
        counts = {"rows": len(found.rows), "nodes": len(found.nodes), "edges": len(found.edges)}
        consultation.conclude(Outcome(counts={**counts, "truncated": int(found.truncated)}))
    return GraphAnswer(
        analysis=request.analysis,
        asked=asked,
        bounds=bounds,
        found=found,
        lists=(),
        consultation_id=consultation.consultation_id,
        graph=graph.name,
    )


def admitted(desk: Workbench, graph: ImportedGraph | None) -> ImportedGraph:
    if graph is None:
        raise InputError("no imported graph is called so", where="--graph", expected="one that 'graph graphs' shows")
    if not may_ask(graph, desk.authority):
        raise RefusedError("graph-of-case", f"the graph was imported under case {graph.case_id!r}")
    return graph


def find_nonsense(analysis: str, kinds: Sequence[str]) -> tuple[str, str]:
    """Why free labels do not allow an analysis on these types of links, and what was expected; or nothing."""
    if unsaid := NOT_HERE.get(analysis):
        return (
            f"the labels of an imported graph are free: it does not say {unsaid}",
            "neighbours, paths, common, between, timeline, expand, brokers or communities",
        )
    if analysis in _WITH_TYPES and not kinds:
        return (
            "the labels of an imported graph are free: it does not say which links lead to what is shared",
            "--edge TYPE, the links from holders to what they hold",
        )
    return "", ""


def _check_sense(request: GraphRequest) -> None:
    what, expected = find_nonsense(request.analysis, request.bounds.kinds)
    if what:
        raise InputError(what, where=request.analysis, expected=expected)


def _check_types(request: GraphRequest, reader: ImportedReader) -> None:
    types = reader.types()
    if any(kind not in types for kind in request.bounds.kinds):
        raise InputError("the graph has no such links", where="--edge", expected=", ".join(types) or "none")


def resolve(reader: ImportedReader, text: str) -> GraphNode:
    """The one node that a text names: its key, ``Label:id``, an id or a name, alone or behind ``Label:``.

    Raises ``InputError`` where there is none, or several (named with their keys); ``RefusedError`` for a label alone.
    """
    exact = reader.nodes([text])
    if exact:
        return exact[text]
    all_labels = reader.labels()
    before, _, rest = (part.strip() for part in text.partition(":"))
    labels = tuple(label for label in all_labels if label.casefold() == before.casefold()) if rest else ()
    called = rest if labels else text.strip()
    found = reader.with_id(called, labels) or reader.named(called, labels, _MOST_NAMED + 1)
    if len(found) == 1:
        return found[0]
    if len(found) > _MOST_NAMED:  # what so many are called is a kind of things: to list some would answer for a group
        raise InputError(f"more than {_MOST_NAMED} nodes are called so", where="NODE", expected="Label:id")
    if found:
        several = ", ".join(f"{node.label} ({node.key})" for node in found)
        raise InputError(f"{len(found)} nodes are called so: {several}", where="NODE", expected="the key of one")
    if before.casefold() in map(str.casefold, all_labels) and rest in _ANY:
        raise RefusedError("label-query", "a label alone asks for a group: name a node")
    raise InputError("no node of the graph is called so", where="NODE", expected="Label:id, an id or a name")
