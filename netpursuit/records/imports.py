"""Graphs from elsewhere: what their files state, and what a workspace remembers of each import."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file of an import; ``digest``: SHA-256 of its bytes, 64 hex digits."""

    name: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedNode:
    """A row of a node table. ``key`` tells it apart within its graph; ``own`` is its id as the file writes it.

    ``labels``: at least one, the first is its kind. ``name``: by what people call it. ``file`` counts the files of the
    import from 0, ``line`` is the physical line. ``seen_from``/``seen_to``: ISO dates or empty. ``properties``: column
    and value of every cell that is not empty, as written.
    """

    key: str
    own: str
    labels: tuple[str, ...]
    name: str
    file: int
    line: int
    seen_from: str = ""
    seen_to: str = ""
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedEdge:
    """A row of a table of links between two nodes, named by their keys; see ``ImportedNode``."""

    kind: str
    start: str
    end: str
    file: int
    line: int
    seen_from: str = ""
    seen_to: str = ""
    properties: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What is never read (A9, A10): columns of ethnicity, native place and religion, nodes that stand for a group of
    people by such a trait or by nationality, and the links to them."""

    columns: tuple[str, ...] = ()
    nodes: int = 0
    edges: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedGraph:
    """An imported graph as its workspace remembers it. ``place`` is its file's name; ``source`` the folder or the files
    as the user named them; ``case_id``: under whose case it came, and is asked, alone; empty: under a reason."""

    name: str
    place: str
    source: str
    files: tuple[SourceFile, ...]
    nodes: int
    edges: int
    left_out: LeftOut
    imported_by: str
    imported_at: datetime
    case_id: str = ""
