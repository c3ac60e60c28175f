"""Named views of the link graph: what an analyst keeps of a canvas with a case, by keys; gone with the case (A4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphView:
    """A view without its state. ``revision`` counts from 1; ``graph``: the imported graph that it is of (empty: the
    program's own); ``nodes``: how many it holds."""

    view_id: str
    case_id: str
    name: str
    graph: str = ""
    revision: int
    nodes: int
    made_by: str
    made_at: datetime
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLook:
    """When a user last looked at a view, and what it was then: keyed digests of its nodes and their links, in order
    (``enquiry.graph_changes``)."""

    view_id: str
    who: str
    at: datetime
    marks: bytes
