"""The named views of cases as the use cases see them: a part of the truth and of its unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from netpursuit.records.graph_views import GraphView, ViewLook


class ViewReads(Protocol):
    """The part of ``ports.truth.Truth`` that reads views."""

    def graph_views(self, case_id: str) -> tuple[GraphView, ...]:
        """The views of a case, by id, without their states."""
        ...

    def graph_view(self, view_id: str) -> tuple[GraphView, str] | None:
        """A view and its state as JSON."""
        ...

    def cases_with_views(self) -> tuple[str, ...]:
        """The ids of all cases that own views, sorted."""
        ...

    def view_look(self, view_id: str, who: str) -> ViewLook | None: ...

    def view_looks(self, who: str, case_id: str) -> tuple[ViewLook, ...]:
        """When a user last looked at the views of a case; ``marks`` are left empty."""
        ...


class ViewWrites(Protocol):
    """The part of ``ports.truth.UnitOfWork`` that keeps views."""

    def put_graph_view(self, view: GraphView, state_json: str) -> None:
        """Insert or replace by ``view_id``."""
        ...

    def put_view_look(self, look: ViewLook) -> None:
        """Insert or replace by view and user."""
        ...

    def drop_view_looks(self, view_id: str) -> None:
        """Forget who looked at a view when."""
        ...

    def drop_graph_views(self, case_id: str, view_ids: Sequence[str] | None = None) -> int:
        """Delete the views of a case, all of them or these, leaving no byte of them; answers how many."""
        ...
