"""The answer to one query as JSON, the same behind every face, and what is said of its fields in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from netpursuit.catalogue import Catalogue
from netpursuit.reports.shapes import entry_json, match_json, person_json
from netpursuit.reports.standings import standing_json
from netpursuit.reports.wording import clean, field_word

if TYPE_CHECKING:
    from netpursuit.enquiry.search import SearchAnswer


def answer_json(answer: SearchAnswer, remarks: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """The answer's stable shape. ``remarks`` have ``kind``, ``field``, ``value``, ``read_as`` and ``other``."""
    shape: dict[str, Any] = {
        "query": person_json(answer.query),
        "remarks": [dict(item) for item in remarks],
        "as_of": answer.as_of.isoformat(),
        "lists": [standing_json(item) for item in answer.lists],
        "policy": answer.policy,
        "matches": [
            match_json(found.match, found.entry) | ({"group": found.group_id} if found.group_id else {})
            for found in answer.matches
        ],
        "truncated": answer.truncated,
        "consultation": answer.consultation_id,
    }
    if answer.against is not None:
        against = answer.against
        shape["against"] = {
            "list": against.key.list_id,
            "id": against.key.entry_id,
            "answer": against.answer,
            "entry": entry_json(against.key, against.entry) if against.entry else None,
            "match": match_json(against.match, against.entry) if against.match else None,
        }
    return shape


def remark_text(words: Catalogue, remark: Mapping[str, str]) -> str:
    """One remark in words."""
    return words(
        f"remark.{remark['kind']}",
        field=field_word(words, remark["field"]),
        value=clean(remark["value"]),
        read_as=remark["read_as"],
        other=remark["other"],
    )
