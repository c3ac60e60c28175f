"""Graphs from elsewhere as the use cases see them: tables that are read, and the places where they are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol

from netpursuit.ports.graph_store import CountedReader
from netpursuit.records.graph import GraphNode
from netpursuit.records.imports import ImportedEdge, ImportedNode, LeftOut, SourceFile


class GraphTables(Protocol):
    """Opened node and edge tables. Everything raises ``InputError`` with file and line for what cannot be read."""

    @property
    def source(self) -> str:
        """The folder or the files, as the user named them."""
        ...

    @property
    def files(self) -> tuple[SourceFile, ...]: ...

    def nodes(self) -> Iterator[ImportedNode]:
        """Every node once."""
        ...

    def edges(self) -> Iterator[ImportedEdge]:
        """Every link, both ends of which are among the nodes; to be read after them."""
        ...

    def left_out(self) -> LeftOut:
        """What was not read, once all is read."""
        ...


class ImportedReader(CountedReader, Protocol):
    """One imported graph, to be read only."""

    def named(self, text: str, labels: Sequence[str], limit: int) -> tuple[GraphNode, ...]:
        """Nodes called so, capitals and spaces aside, that bear one of these labels (none: whatever they bear), by key,
        at most ``limit``."""
        ...

    def with_id(self, own: str, labels: Sequence[str]) -> tuple[GraphNode, ...]:
        """Nodes whose file gives them this id and one of these labels (none: whatever they bear), by key."""
        ...

    def labels_of(self, key: str) -> tuple[str, ...]:
        """All labels of a node, its kind first; none where there is no such node."""
        ...

    def labels(self) -> tuple[str, ...]:
        """All labels, sorted."""
        ...

    def types(self) -> tuple[str, ...]:
        """All types of links, sorted."""
        ...


class ImportedPlaces(Protocol):
    """Where imported graphs are kept, each in a place of its own. Raises ``StorageError`` where it cannot be used."""

    def write(self, name: str, tables: GraphTables) -> tuple[str, int, int]:
        """Read the tables into a new place, whole or not at all: (place, nodes, edges). Nobody knows of the place until
        the workspace does."""
        ...

    def open(self, place: str) -> ImportedReader: ...

    def remove(self, place: str) -> None:
        """Remove a place; one that is not there is gone already."""
        ...

    def sweep(self, known: AbstractSet[str]) -> None:
        """Remove what an interrupted import has left behind: places that are not ``known`` and that nobody writes."""
        ...
