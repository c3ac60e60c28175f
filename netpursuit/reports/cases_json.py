"""A case as JSON."""

from __future__ import annotations

from typing import Any

from netpursuit.records import Case


def case_json(case: Case, state: str) -> dict[str, Any]:
    return {
        "case": case.case_id,
        "state": state,
        "title": case.title,
        "authority": case.authority,
        "legal_basis": case.legal_basis,
        "purpose": case.purpose,
        "members": list(case.members),
        "opened_by": case.opened_by,
        "opened_at": case.opened_at.isoformat(),
        "expires_on": case.expires_on.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
    }
