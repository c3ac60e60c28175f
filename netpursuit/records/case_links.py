"""Links that belong to a case: seen under it alone, gone with it (A4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from netpursuit.records.graph import LinkSet


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLinks:
    """What one act brought in under a case. ``owner`` names it and begins with ``case:<case id>:``, such as
    ``case:K-1:drawn:9f2c`` or ``case:K-1:attached:calls``; the same owner again replaces what it had brought.

    ``consultation_id`` and ``made_by``: the consultation and the user that brought it last.
    """

    case_id: str
    owner: str
    links: LinkSet
    consultation_id: str
    made_by: str
    made_at: datetime


def owner_prefix(case_id: str) -> str:
    """With what the names of all owners of a case begin."""
    return f"case:{case_id}:"
