"""Leads whose entries are in force no longer, whatever files are screened: they are marked at once (A8)."""

from __future__ import annotations

from collections import Counter
from datetime import date

from netpursuit.gate.gate import OpenConsultation
from netpursuit.gate.groups import Groups
from netpursuit.gate.workbench import Workbench, lists_in_force
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import Lead, LeadState, Outcome
from netpursuit.screening.book import LeadBook
from netpursuit.screening.sealed import Sealed


def end_leads(desk: Workbench, consultation: OpenConsultation, as_of: date) -> int:
    """Withdraw open leads of every feed whose entry was withdrawn or has expired, and flag confirmed ones, in one
    transaction with a part of the consultation that names them; answers how many.

    Raises as ``lists_in_force``.
    """
    lists, groups = lists_in_force(desk.truth, as_of), Groups.of(desk.truth)
    by_feed: dict[str, list[Lead]] = {}
    for lead in desk.truth.leads(LeadQuery(states=(LeadState.OPEN, LeadState.CONFIRMED))):
        by_feed.setdefault(lead.key.feed_id, []).append(lead)
    ended: list[str] = []
    with desk.truth.transaction() as unit:
        for feed_id, known in sorted(by_feed.items()):
            sealed = Sealed(
                run_id="", feed_id=feed_id, policy="", lists=lists, groups=groups, explain=lambda person, key: None
            )
            book = LeadBook(desk, sealed, known)
            book.end_gone(unit, Counter())
            ended += book.take_stored()
        if ended:
            consultation.conclude_part(Outcome(lead_ids=tuple(sorted(ended))), unit)
    return len(ended)
