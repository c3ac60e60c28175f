"""The link graph of a server, which stays open between questions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.errors import StorageError
from netpursuit.wiring.graphs import drop_local_graph, end_cases, graph_store, imported_places, unit_indexes

if TYPE_CHECKING:
    from netpursuit.enquiry.graph import GraphAnswer, GraphRequest
    from netpursuit.gate.workbench import Workbench
    from netpursuit.ports.graph_store import GraphReader, GraphStore
    from netpursuit.ports.imported_graphs import ImportedPlaces
    from netpursuit.ports.units import UnitIndexes

_SERVER = ("NETPURSUIT_NEO4J_URI", "NETPURSUIT_NEO4J_DATABASE")


class KeptGraph:
    """The graph of one workspace, embedded or in a server, brought up to the truth before each question.

    Opened by the first question. A file that was built anew beside it, and a server that went away and came back, are
    noticed by the next one. Used by one question at a time.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: tuple[object, GraphStore] | None = None

    @property
    def places(self) -> ImportedPlaces:
        """Where imported graphs are kept."""
        return imported_places(self._folder)

    @property
    def units(self) -> UnitIndexes:
        """Where the indexes of registers by unit are kept."""
        return unit_indexes(self._folder)

    @contextmanager
    def opened(self, desk: Workbench) -> Iterator[GraphStore]:
        """The graph, brought up to the truth without what belonged to cases that are over.

        Raises ``StorageError`` where it cannot be used; then the next question opens it anew.
        """
        from netpursuit.custody.graph import drain

        self.end_cases(desk)
        try:
            store = self._current()
            drain(desk.truth, store)
            yield store
        except StorageError:
            self.close()
            raise

    @contextmanager
    def asked(self, desk: Workbench, graph: str = "") -> Iterator[Callable[[GraphRequest], GraphAnswer]]:
        """The use case of one question on the program's own graph, or on an imported one by its name."""
        from netpursuit.enquiry.graph import ask_graph
        from netpursuit.enquiry.imported import ask_imported

        if graph:
            self.end_cases(desk)
            yield partial(ask_imported, desk, self.places, graph)
            return
        with self.opened(desk) as store:
            yield partial(ask_graph, desk, store)

    @contextmanager
    def reader(self, desk: Workbench, graph: str = "") -> Iterator[GraphReader]:
        """What the case of a desk sees of the program's own graph, or of an imported one by its name."""
        from netpursuit.enquiry.imported import admitted
        from netpursuit.gate.imports import find_graph

        if not graph:
            with self.opened(desk) as store:
                yield store.under(desk.authority.case_id)
            return
        self.end_cases(desk)
        imported = self.places.open(admitted(desk, find_graph(desk.truth, graph)).place)
        try:
            yield imported
        finally:
            imported.close()

    def end_cases(self, desk: Workbench) -> None:
        """Remove what belongs to cases that are over, before an imported graph is asked."""
        end_cases(desk, self._folder)

    def close(self) -> None:
        """Close what is open; the next question opens it again."""
        held, self._held = self._held, None
        if held is not None:
            with suppress(StorageError):
                held[1].close()

    def _current(self) -> GraphStore:
        if self._held is not None and self._held[0] == self._stands():
            store = self._held[1]
            try:
                store.reach()
            except StorageError:  # it may be there again
                self.close()
            else:
                return store
        self.close()
        store = graph_store(self._folder)
        if store.name != "embedded":
            drop_local_graph(self._folder)
        self._held = self._stands(), store
        return store

    def _stands(self) -> object:
        """What tells whether the open graph is the one to ask: the server that is named, or the file that is there."""
        server = tuple(os.environ.get(name, "") for name in _SERVER)
        if server[0]:
            return server
        try:
            there = (self._folder / "graph.sqlite").stat()
        except FileNotFoundError:
            return None
        return there.st_dev, there.st_ino
