"""Leads as JSON for the page of a reviewer: what ``lead_json`` has, and beside it the words of one language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from netpursuit.catalogue import Catalogue
from netpursuit.records import Person
from netpursuit.reports.compared import compared_json
from netpursuit.reports.lead_json import beside_json, entry_view_json, queued_json, sheet_json
from netpursuit.reports.lead_words import decision_word, handled_lines, obstacle_word, stay_line
from netpursuit.reports.standings import banner_lines, standing_json
from netpursuit.reports.wording import band_word, clean, field_word, flag_word, percent, term
from netpursuit.review.seen import seen_of

if TYPE_CHECKING:
    from netpursuit.gate.workbench import ListStanding
    from netpursuit.records import Lead
    from netpursuit.review.leads import LeadSheet
    from netpursuit.review.views import EntryView, LeadView


def standing_worded(words: Catalogue, item: ListStanding, as_of: date) -> dict[str, Any]:
    """A list with its standing in words and its age in days (None: it is missing)."""
    age = (as_of - item.version.list_date).days if item.version else None
    return {**standing_json(item), "status_label": words(f"list.status.{item.status.value}"), "age_days": age}


def seen_json(lead: Lead) -> dict[str, Any]:
    """What a change of this lead states again."""
    seen = seen_of(lead)
    return {"revision": seen.revision, "updated_at": seen.updated_at.isoformat()}


def queue_worded(words: Catalogue, view: LeadView) -> dict[str, Any]:
    """A lead in a queue."""
    return queued_json(view) | _queued_words(words, view)


def banners_of(words: Catalogue, views: Iterable[LeadView]) -> list[str]:
    """A line for each list of these leads that is not fresh (A16)."""
    standings = {item.key.list_id: item.standing for view in views for item in view.entries}
    return list(banner_lines(words, standings.values()))


def sheet_worded(words: Catalogue, sheet: LeadSheet) -> dict[str, Any]:
    """Everything that a reviewer needs before deciding."""
    view, lead = sheet.view, sheet.view.lead
    shape = sheet_json(sheet)
    if lead.entries:
        shape["entries"] = [_entry_worded(words, lead.person, item) for item in view.entries]
    for told, past in zip(shape["revisions"], sheet.revisions, strict=True):
        told |= {
            "state_label": words(f"lead.state.{past.state.value}"),
            "flag_label": flag_word(words, past.flag),
            "decision_label": decision_word(words, past),
        }
    for told, visit in zip(shape["outcomes"], lead.outcomes, strict=True):
        told["outcome_label"] = words(f"spot.{visit.result.value}")
    if sheet.clearance is not None:
        reason = sheet.clearance.reason
        shape["clearance"]["reason_label"] = term(words, f"clear.reason.{reason}", reason)
    standings = {item.key.list_id: item.standing for item in view.entries}
    names = lead.person.names
    return {
        **shape,
        **compared_json(words, lead.person, lead.match, view.entry),
        **_queued_words(words, view),
        "others": [beside_json(other, lead) | _queued_words(words, other) for other in sheet.others],
        "changed_labels": [_changed_word(words, name) for name in sheet.changed],
        "decision_label": decision_word(words, lead),
        "person": names[0].text if names else "",
        "key": f"{lead.match.key.list_id}:{lead.match.key.entry_id}",
        "stay": stay_line(lead, words),
        "handled": handled_lines(lead, words),
        "lists": [standing_worded(words, item, sheet.as_of) for item in standings.values()],
        "banners": list(banner_lines(words, standings.values())),
        "notice": words("cli.lead-not-verdict"),
    }


def _entry_worded(words: Catalogue, person: Person, item: EntryView) -> dict[str, Any]:
    compared = compared_json(words, person, item.match, item.entry) if item.match is not None else {}
    return {
        **entry_view_json(item),
        **compared,
        "key": f"{item.key.list_id}:{item.key.entry_id}",
        "obstacle_label": obstacle_word(words, item, item.obstacle),
        "list_status_label": words(f"list.status.{item.standing.status.value}"),
    }


def _queued_words(words: Catalogue, view: LeadView) -> dict[str, Any]:
    lead = view.lead
    last = lead.outcomes[-1].result.value if lead.outcomes else ""
    return {
        "state_label": words(f"lead.state.{lead.state.value}"),
        "flag_label": flag_word(words, lead.flag),
        "band_label": band_word(words, lead.match.band),
        "probability_label": percent(lead.match.probability),
        "role_label": term(words, f"role.{lead.key.role}", lead.key.role),
        "obstacle_label": obstacle_word(words, view.entries[0], view.obstacle),
        "last_outcome_label": words(f"spot.{last}") if last else "",
        "seen": seen_json(lead),
    }


def _changed_word(words: Catalogue, name: str) -> str:
    """``left.birth-date`` -> ``birth date``, with the side that changed."""
    side, _, field = name.partition(".")
    sides = {"left": "leads.registered", "right": "leads.listed"}
    return clean(f"{words(sides[side])}: {field_word(words, field)}") if side in sides else name
