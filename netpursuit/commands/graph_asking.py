"""Which graph a question goes to: the program's own, or one from elsewhere by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from netpursuit.commands.options import Settings
from netpursuit.commands.progress import telling

if TYPE_CHECKING:
    from netpursuit.enquiry.graph import GraphAnswer, GraphRequest
    from netpursuit.gate.workbench import Workbench


@contextmanager
def asking(desk: Workbench, settings: Settings, graph: str) -> Iterator[Callable[[GraphRequest], GraphAnswer]]:
    """The use case of one question on the graph that is meant, which stays open for all that are asked in the block."""
    from netpursuit.enquiry.graph import ask_graph
    from netpursuit.enquiry.imported import ask_imported
    from netpursuit.wiring import end_cases, imported_places, open_graph

    if graph:
        end_cases(desk, settings.workspace)
        yield partial(ask_imported, desk, imported_places(settings.workspace), graph)
        return
    with telling(settings.words, "graph.progress") as tell, open_graph(desk, settings.workspace, tell=tell) as store:
        yield partial(ask_graph, desk, store)
