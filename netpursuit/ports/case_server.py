"""A server of somebody's own that a case's part of the link graph is loaded into, to be looked at there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

from netpursuit.records.graph import GraphEdge, GraphNode


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLoad:
    """What is loaded, and what it says of itself (A13): on a node of its own and on every other.

    ``besides``: lines for the notice, such as that a bound was reached or that a list is not fresh.
    """

    case_id: str
    consultation_id: str
    warning: str
    purpose: str
    user: str
    expires_on: date
    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]
    besides: tuple[str, ...] = ()


class CaseServer(Protocol):
    """Nothing is connected to before the first call."""

    @property
    def name(self) -> str:
        """Address and database, without credentials."""
        ...

    def check(self, case_id: str) -> None:
        """Raises ``RefusedError`` where the server is the program's own, or its database holds anything but an earlier
        load of this case; ``InputError`` where it cannot be asked for, ``StorageError`` where it does not answer."""
        ...

    def replace(self, load: CaseLoad) -> int:
        """Put the load in the place of an earlier one of its case, whole or not at all; answers how many nodes that
        had. Raises as ``check``."""
        ...

    def close(self) -> None: ...
