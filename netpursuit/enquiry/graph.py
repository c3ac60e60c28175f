"""One question to the link graph: resolve what is named, bracket it in a consultation, answer with provenance."""

from __future__ import annotations

import json
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date

from netpursuit.errors import InputError, RefusedError, StorageError
from netpursuit.gate.workbench import ListStanding, Workbench, list_standings
from netpursuit.links import NORMALISER, subject_key
from netpursuit.links.analyses import ANALYSES, Analysis
from netpursuit.links.views import MOST_HOPS, MOST_NODES, Bounds, Findings, View
from netpursuit.policy.standing import ListStatus
from netpursuit.ports.graph_store import GraphStore
from netpursuit.records import EntryKey, EntryKind, Intent, Outcome, Verb
from netpursuit.records.graph import GraphNode, NodeKind

_MOST_NAMED = 10  # nodes shown where a text names several
_LEAD = re.compile(r"^lead ([A-Z]+-[A-Z0-9]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOf:
    """Which step of which sequence asks. Name and step's name are what somebody wrote: they are logged sealed only."""

    digest: str  # SHA-256 of the sequence's file
    number: int  # from 1
    sequence: str = ""
    step: str = ""

    @property
    def about(self) -> dict[str, str]:
        """What of it stands in the log in the clear."""
        return {"sequence": self.digest, "step": str(self.number)}

    @property
    def typed(self) -> dict[str, str]:
        """What of it stands in the log under seal."""
        return {"sequence": self.sequence, "step": self.step}


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphRequest:
    """An analysis by name and the nodes it is asked of: ``Label:key``, ``Lead:ID`` or a label that one node bears."""

    analysis: str
    nodes: tuple[str, ...]
    bounds: Bounds = field(default_factory=Bounds)
    as_of: date | None = None
    export: str = ""  # the format of a file that the answer is to be written to
    step: StepOf | None = None  # where a sequence asks


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphAnswer:
    """What was found, and the keys of the nodes that were asked of."""

    analysis: str
    asked: tuple[str, ...]
    bounds: Bounds
    found: Findings
    lists: tuple[ListStanding, ...]
    consultation_id: str
    graph: str = ""  # the imported graph that was asked

    @property
    def troubled(self) -> bool:
        """Whether a list in the graph is stale, expired, missing or damaged (A16)."""
        return any(item.status is not ListStatus.FRESH for item in self.lists)


def ask_graph(desk: Workbench, store: GraphStore, request: GraphRequest) -> GraphAnswer:
    """Run one analysis on the graph.

    Raises ``RefusedError`` without reason or case, for an analysis that needs a case without one, and for everybody in
    a building without a case; ``InputError`` for a node that is not there or not the only one so called.
    """
    analysis = find_analysis(request)
    bounds = request.bounds
    typed = {
        **({"nodes": request.nodes} if request.nodes else {}),
        **({"sources": bounds.sources} if bounds.sources else {}),
        **(request.step.typed if request.step else {}),
    }
    intent = Intent(
        verb=Verb.EXPORT if request.export else Verb.GRAPH,
        authority=desk.authority,
        fields=("node",) if request.nodes else (),
        about={
            "analysis": request.analysis,
            "nodes": str(len(request.nodes)),
            "hops": str(bounds.hops),
            "limit": str(bounds.limit),
            "open_leads": str(bounds.with_open_leads).lower(),
            **({"export": request.export} if request.export else {}),
            **(request.step.about if request.step else {}),
        },
        as_of=request.as_of,
        sealed=json.dumps(typed, ensure_ascii=False) if typed else "",
    )
    with desk.gate.consult(intent, texts=request.nodes) as consultation:
        under_case = bool(desk.authority.case_id)
        check_reach(analysis, request, under_case)
        store = store.under(desk.authority.case_id)  # which the gate has let in
        view = View(store, bounds)
        nodes = [resolve(desk, store, text, bounds.with_open_leads) for text in request.nodes]
        if not under_case and any(node.kind is NodeKind.ADDRESS for node in nodes):
            raise RefusedError("building-case", "everybody of a building is asked for under a case only")
        asked = tuple(dict.fromkeys(node.key for node in nodes))
        if len(asked) < analysis.fewest:
            raise InputError("the same node twice", where=request.analysis, expected="different nodes")
        found = analysis.ask(view, asked)
        lists = list_standings(desk.truth, request.as_of or desk.today)
        consultation.conclude(outcome_of(found))
    return GraphAnswer(
        analysis=request.analysis,
        asked=asked,
        bounds=bounds,
        found=found,
        lists=lists,
        consultation_id=consultation.consultation_id,
    )


def find_analysis(request: GraphRequest) -> Analysis:
    """The analysis that is asked for. Raises ``InputError`` for none, and for nodes or bounds that are not its own."""
    analysis = ANALYSES.get(request.analysis)
    if analysis is None:
        raise InputError(f"no analysis is called {request.analysis!r}", expected=", ".join(ANALYSES))
    most = analysis.most
    if len(request.nodes) < analysis.fewest or (most is not None and len(request.nodes) > most):
        wanted = str(analysis.fewest) if most == analysis.fewest else f"{analysis.fewest} or more"
        raise InputError(f"{len(request.nodes)} nodes", where=request.analysis, expected=f"{wanted} nodes")
    check_bounds(request.analysis, request.bounds)
    return analysis


def check_bounds(where: str, bounds: Bounds) -> None:
    """Raise ``InputError`` for bounds further than any question goes."""
    if not 1 <= bounds.hops <= MOST_HOPS:
        raise InputError(f"{bounds.hops} hops", where=where, expected=f"1 to {MOST_HOPS}")
    if not 1 <= bounds.limit <= MOST_NODES:
        raise InputError(f"a limit of {bounds.limit}", where=where, expected=f"1 to {MOST_NODES}")


def check_reach(analysis: Analysis, request: GraphRequest, under_case: bool) -> None:
    """Raise ``RefusedError`` where a question goes further than it may without a case, ``InputError`` where it lacks
    its day."""
    if request.export and not under_case:
        raise RefusedError("export-case", "a part of the graph is written to a file under a case only")
    if analysis.case and not under_case:
        raise RefusedError("graph-case", f"{request.analysis} runs under a case only: state one with --case ID")
    most = analysis.free_hops
    if most is not None and request.bounds.hops > most and not under_case:
        raise RefusedError("graph-hops", f"{request.analysis} goes beyond {most} hop under a case only: --case ID")
    if analysis.dated and not request.bounds.since:
        raise InputError("no day", where=request.analysis, expected="the day from which on: --from YYYY-MM-DD")


_PREFIX = {kind.value.casefold(): kind for kind in NodeKind}
_KEY_OF_KIND = {NodeKind.RENTAL_UNIT: "unit"}


def resolve(desk: Workbench, store: GraphStore, text: str, with_open_leads: bool) -> GraphNode:
    """The one node that a text names: its key, ``Label:`` with the key's last part or its label, ``Lead:ID``, or a
    label alone; by a label open leads are found only ``with_open_leads``. Raises ``InputError`` where there is none, or
    several (named with their keys)."""
    label, _, rest = text.partition(":")
    if (key := lead_named(desk, text)) is not None:
        text, rest = key, ""
    kind = _PREFIX.get(label.casefold()) if rest else None
    keys = keys_named(desk, text)
    exact = store.nodes(keys)
    if exact:
        return next(exact[key] for key in keys if key in exact)
    named = store.find(rest if kind else text, _MOST_NAMED + 1)
    found = [node for node in named if kind in (None, node.kind) and (node.fact or with_open_leads)]
    if len(found) == 1:
        return found[0]
    if not found:
        raise InputError("no node of the graph is called so", where="NODE", expected="Label:key, Lead:ID or a label")
    several = ", ".join(f"{node.kind} {node.key}" for node in found[:_MOST_NAMED])
    raise InputError(f"{len(found)} nodes are called so: {several}", where="NODE", expected="the key of one")


def lead_named(desk: Workbench, text: str) -> str | None:
    """The key of the person of a lead, where a text names one as ``Lead:ID``."""
    label, _, rest = text.partition(":")
    lead = desk.truth.lead(rest) if label.casefold() == "lead" else None
    return subject_key(lead.key) if lead is not None else None


def keys_named(desk: Workbench, text: str) -> list[str]:
    """The keys that a text may stand for: itself, that of a lead's person, and its ``Label:`` with the rest of it."""
    if (key := lead_named(desk, text)) is not None:
        return [key]
    label, _, rest = text.partition(":")
    kind = _PREFIX.get(label.casefold()) if rest else None
    return [text, *([f"{_KEY_OF_KIND.get(kind, kind.value.casefold())}:{NORMALISER}:{rest}"] if kind else [])]


def entry_kinds(desk: Workbench, found: Findings) -> dict[str, EntryKind]:
    """What the entries of an answer are (person, organisation ...), by node key, where their list says so."""
    prefix = f"entry:{NORMALISER}:"
    kinds: dict[str, EntryKind] = {}
    for node in found.nodes:
        if node.kind is NodeKind.ENTRY and node.key.startswith(prefix):
            list_id, _, entry_id = node.key.removeprefix(prefix).partition(":")
            with suppress(StorageError):  # of a damaged list nothing is read
                entry = desk.truth.entry(EntryKey(list_id=list_id, entry_id=entry_id))
                if entry is not None:
                    kinds[node.key] = entry.kind
    return kinds


def outcome_of(found: Findings) -> Outcome:
    """What the log says of an answer: counts, leads and entries."""
    counts = Counter({"rows": len(found.rows), "nodes": len(found.nodes), "edges": len(found.edges)})
    counts["truncated"] = int(found.truncated)
    entries = sorted(
        node.key.removeprefix(f"entry:{NORMALISER}:") for node in found.nodes if node.kind is NodeKind.ENTRY
    )
    stated = {item.source for edge in found.edges for item in edge.provenance}
    leads = sorted(match[1] for match in map(_LEAD.match, stated) if match)
    return Outcome(counts=dict(counts), lead_ids=tuple(leads), entry_ids=tuple(entries))
