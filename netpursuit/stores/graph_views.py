"""Named views in the truth: read and written as ``ports.graph_views`` says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from netpursuit.records.graph_views import GraphView, ViewLook
from netpursuit.stores.codec import decode, encode
from netpursuit.stores.files import SqliteFile


class GraphViewReads:
    """The part of the truth that reads views."""

    _file: SqliteFile

    def graph_views(self, case_id: str) -> tuple[GraphView, ...]:
        rows = self._file.rows("SELECT body FROM graph_view WHERE case_id = ? ORDER BY view_id", (case_id,))
        return tuple(decode(GraphView, body) for (body,) in rows)

    def graph_view(self, view_id: str) -> tuple[GraphView, str] | None:
        row = self._file.row("SELECT body, state FROM graph_view WHERE view_id = ?", (view_id,))
        return (decode(GraphView, row[0]), str(row[1])) if row else None

    def cases_with_views(self) -> tuple[str, ...]:
        rows = self._file.rows("SELECT DISTINCT case_id FROM graph_view ORDER BY case_id")
        return tuple(case_id for (case_id,) in rows)

    def view_look(self, view_id: str, who: str) -> ViewLook | None:
        row = self._file.row("SELECT at, marks FROM graph_view_look WHERE view_id = ? AND who = ?", (view_id, who))
        return ViewLook(view_id=view_id, who=who, at=datetime.fromisoformat(row[0]), marks=row[1]) if row else None

    def view_looks(self, who: str, case_id: str) -> tuple[ViewLook, ...]:
        rows = self._file.rows(
            "SELECT view_id, l.at FROM graph_view_look l JOIN graph_view USING (view_id) "
            "WHERE who = ? AND case_id = ? ORDER BY view_id",
            (who, case_id),
        )
        return tuple(
            ViewLook(view_id=view_id, who=who, at=datetime.fromisoformat(at), marks=b"") for view_id, at in rows
        )


class GraphViewWrites:
    """The part of a unit of work that keeps views."""

    _file: SqliteFile
    after_commit: Callable[..., None]

    def put_graph_view(self, view: GraphView, state_json: str) -> None:
        self._file.run(
            "INSERT OR REPLACE INTO graph_view VALUES (?, ?, ?, ?)",
            (view.view_id, view.case_id, encode(view), state_json),
        )

    def put_view_look(self, look: ViewLook) -> None:
        at = look.at.astimezone(UTC).isoformat()
        self._file.run(
            "INSERT OR REPLACE INTO graph_view_look VALUES (?, ?, ?, ?)", (look.view_id, look.who, at, look.marks)
        )

    def drop_view_looks(self, view_id: str) -> None:
        self._file.run("DELETE FROM graph_view_look WHERE view_id = ?", (view_id,))

    def drop_graph_views(self, case_id: str, view_ids: Sequence[str] | None = None) -> int:
        rows = self._file.rows("SELECT view_id FROM graph_view WHERE case_id = ?", (case_id,))
        found = [(view_id,) for (view_id,) in rows if view_ids is None or view_id in view_ids]
        for table in ("graph_view_look", "graph_view"):
            self._file.run_many(f"DELETE FROM {table} WHERE view_id = ?", found)
        if found:
            self.after_commit(self._file.empty_wal_if_free)
        return len(found)
