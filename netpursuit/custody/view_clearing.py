"""Taking a person out of the views of cases: nodes, links, notes about them, and texts that name them (A14)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from netpursuit.links.keys import NORMALISER, address_key, document_key, email_key, phone_key, subject_key
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import AddressKind, Lead, Person

_TEXTS = ("label", "note", "mark")
IsGone = Callable[[str, str], bool]
"""Whether a node (case, key) is to be taken out."""


def keys_of_lead(lead: Lead) -> Iterator[str]:
    """The nodes that are the lead's own: its person and registration, and what is the person's."""
    yield subject_key(lead.key)
    yield f"registration:{NORMALISER}:{lead.key.feed_id}:{lead.key.registration_id}"
    yield from keys_of_person(lead.person)


def keys_of_person(person: Person) -> Iterator[str]:
    """The nodes of a person's documents, telephones, e-mails and addresses."""
    homes = [home for home in person.addresses if home.kind is not AddressKind.RESIDENCE]
    found = (*map(document_key, person.documents), *map(phone_key, person.phones), *map(email_key, person.emails))
    yield from filter(None, (*found, *map(address_key, homes)))


def words_of(person: Person) -> Iterator[str]:
    """What names a person in a text: names and numbers as they are written."""
    yield from (name.text for name in person.names)
    yield from (document.number for document in person.documents)
    yield from (*person.phones, *person.emails)


def views_holding(truth: Truth, is_gone: IsGone, words: Sequence[str]) -> Iterator[str]:
    """The ids of the cases (one each) with views that hold such a node, or a text that holds such a word."""
    for case_id in truth.cases_with_views():
        for view in truth.graph_views(case_id):
            found = truth.graph_view(view.view_id)
            state: dict[str, Any] = json.loads(found[1]) if found else {}
            holds = any(is_gone(case_id, key) for key in state.get("positions", ()))
            if holds or _names(view.name, words) or _without_words(state, words) != state:
                yield case_id
                break


def clear_views(
    truth: Truth,
    unit: UnitOfWork,
    is_gone: IsGone,
    words: Sequence[str] | None,
    *,
    made_until: datetime | None = None,
) -> int:
    """Take nodes out of all views, with their links and notes, and texts that hold one of ``words``; answers how many
    views changed. ``words`` None: nobody knows them any more, and every text of a view that held a node goes.

    A changed view has a new revision, so that nobody keeps again what he still has before him, and forgets who looked.
    """
    changed = 0
    for case_id in truth.cases_with_views():
        for view in truth.graph_views(case_id):
            found = truth.graph_view(view.view_id)
            if found is None or (made_until is not None and view.changed_at > made_until):
                continue
            state: dict[str, Any] = json.loads(found[1])
            gone = {key for key in state["positions"] if is_gone(case_id, key)}
            cleared = _without_nodes(state, gone)
            if words is None:
                cleared = _without_texts(cleared) if gone else cleared
                name = view.view_id if gone else view.name
            else:
                cleared = _without_words(cleared, words)
                name = view.view_id if _names(view.name, words) else view.name
            if (cleared, name) == (state, view.name):
                continue
            nodes = len(cleared["positions"])
            text = json.dumps(cleared, ensure_ascii=False, separators=(",", ":"))
            unit.put_graph_view(replace(view, name=name, nodes=nodes, revision=view.revision + 1), text)
            unit.drop_view_looks(view.view_id)
            changed += 1
    return changed


def _without_nodes(state: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    kept = dict(state)
    for part in ("positions", "notes"):
        kept[part] = {key: value for key, value in state.get(part, {}).items() if key not in gone}
    for part in ("hidden", "pinned"):
        kept[part] = [key for key in state.get(part, ()) if key not in gone]
    kept["edges"] = [edge for edge in state.get("edges", ()) if gone.isdisjoint(edge[1:])]
    return kept


def _without_words(state: Mapping[str, Any], words: Sequence[str]) -> dict[str, Any]:
    """The state without every text that holds one of these words."""
    return _with_texts(state, lambda text: "" if _names(text, words) else text)


def _without_texts(state: Mapping[str, Any]) -> dict[str, Any]:
    return _with_texts(state, lambda _: "")


def _with_texts(state: Mapping[str, Any], told: Callable[[str], str]) -> dict[str, Any]:
    kept = dict(state)
    kept["notes"] = {
        key: note | {part: told(note.get(part, "")) for part in _TEXTS if note.get(part)}
        for key, note in state.get("notes", {}).items()
    }
    kept["text"] = told(state.get("text", ""))
    if filters := state.get("filters"):
        kept["filters"] = filters | {"text": told(filters.get("text", ""))}
    return kept


def _names(text: str, words: Sequence[str]) -> bool:
    folded = _folded(text)
    return any(_folded(word) in folded for word in words if len(word.strip()) > 1)


def _folded(text: str) -> str:
    return "".join(text.split()).casefold()
