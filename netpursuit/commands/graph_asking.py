"""Which graph a question goes to: the program's own, or one from elsewhere by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from netpursuit.commands.options import Settings
from netpursuit.commands.progress import telling

if TYPE_CHECKING:
    from netpursuit.enquiry.graph import GraphAnswer, GraphRequest
    from netpursuit.gate.workbench import Workbench


@contextmanager
def asking(desk: Workbench, settings: Settings, graph: str) -> Iterator[Callable[[GraphRequest], GraphAnswer]]:
    """``wiring.asked_graph``, which says on standard error how far it is where bringing the graph up takes long."""
    from netpursuit.wiring import asked_graph

    with (
        telling(settings.words, "graph.progress") as tell,
        asked_graph(desk, settings.workspace, graph, tell) as ask,
    ):
        yield ask
