"""Links of a case: kept with the row that brings them to the graph, and ended with their case (A3, A4)."""

from __future__ import annotations

from collections.abc import Sequence

from netpursuit.gate.attachments import keep_attachments
from netpursuit.ports.truth import UnitOfWork
from netpursuit.records.case_links import CaseLinks

KIND = "case"


def keep_links(unit: UnitOfWork, links: CaseLinks) -> None:
    """Keep what was brought in under a case, in the unit of work that records the outcome; the same owner again
    replaces what it had brought."""
    unit.put_case_links(links)
    # What they are is read from the truth: values of persons stand in one place.
    unit.put_outbox(links.owner, KIND, "{}")


def end_links(unit: UnitOfWork, case_id: str) -> int:
    """Delete all links and views of a case, and what is remembered of its attached files; answers how many parts there
    were."""
    keep_attachments(unit, case_id, ())
    owners = unit.drop_case_links(case_id)
    for owner in owners:
        unit.put_outbox(owner, KIND, "{}")
    return len(owners) + unit.drop_graph_views(case_id)


def drop_links(unit: UnitOfWork, case_id: str, owners: Sequence[str]) -> None:
    """Delete the links of these owners."""
    for owner in unit.drop_case_links(case_id, owners):
        unit.put_outbox(owner, KIND, "{}")
