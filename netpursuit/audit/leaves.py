"""Log records in their final form: canonical JSON payloads, salted leaves, and the way back.

A leaf is SHA-256(salt ‖ payload). The payload is JSON with sorted keys and no spaces, in UTF-8:

- ``v`` 1, ``kind`` (``intent``, ``part``, ``outcome``, ``refusal``, ``purge``), ``id``, ``at`` (UTC);
- intent and refusal: ``verb``, ``who``, ``why`` (``{"reason": "CODE:TASK"}``, ``{"case": ID}``, ``{"purpose": TEXT}``
  or ``{}``), ``fields``, ``about``, ``as_of``, ``sealed`` (SHA-256 of the sealed bytes, or empty);
- part, outcome and refusal: ``counts``, ``leads``, ``entries``, ``about_outcome``, ``refused``;
- purge: ``before`` (the first position that is kept), ``who``.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from netpursuit.errors import StorageError
from netpursuit.records import Authority, Intent, Outcome, Reason, Verb

SALT_BYTES = 16
INTENT, PART, OUTCOME, REFUSAL, PURGE = "intent", "part", "outcome", "refusal", "purge"


def new_id(entropy: Callable[[int], bytes]) -> str:
    """A new consultation id (``C-`` and 16 characters); ``entropy`` gives random bytes."""
    return "C-" + base64.b32encode(entropy(10)).decode("ascii").lower()


def leaf_of(salt: bytes, payload: str) -> bytes:
    """SHA-256(salt ‖ payload), 32 bytes."""
    return hashlib.sha256(salt + payload.encode("utf-8", "surrogatepass")).digest()


def write_payload(kind: str, consultation_id: str, at: datetime, content: dict[str, Any]) -> str:
    """The canonical text; ``at`` needs a time zone."""
    if at.tzinfo is None:
        raise ValueError("an instant without time zone cannot be logged")
    whole = {"v": 1, "kind": kind, "id": consultation_id, "at": at.astimezone(UTC).isoformat(), **content}
    return json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def read_payload(payload: str) -> dict[str, Any]:
    """The parsed payload. Raises ``StorageError`` where it is none."""
    try:
        found = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise StorageError("a record of the consultation log is no JSON") from error
    if not isinstance(found, dict):
        raise StorageError("a record of the consultation log is no object")
    return found


def intent_content(intent: Intent, sealed: bytes | None) -> dict[str, Any]:
    authority = intent.authority
    why: dict[str, str] = {}
    if authority.reason is not None:
        why["reason"] = str(authority.reason)
    elif authority.case_id:
        why["case"] = authority.case_id
    elif authority.feed_purpose:
        why["purpose"] = authority.feed_purpose
    return {
        "verb": intent.verb.value,
        "who": authority.who,
        "why": why,
        "fields": list(intent.fields),
        "about": intent.about,
        "as_of": intent.as_of.isoformat() if intent.as_of else None,
        "sealed": hashlib.sha256(sealed).hexdigest() if sealed is not None else "",
    }


def outcome_content(outcome: Outcome) -> dict[str, Any]:
    return {
        "counts": outcome.counts,
        "leads": list(outcome.lead_ids),
        "entries": list(outcome.entry_ids),
        "about_outcome": outcome.about,
        "refused": outcome.refused,
    }


def read_intent(found: dict[str, Any]) -> Intent:
    """The intent of a parsed payload; typed values stay sealed."""
    try:
        code, _, task = found["why"].get("reason", "").partition(":")
        return Intent(
            verb=Verb(found["verb"]),
            authority=Authority(
                who=found["who"],
                reason=Reason(code=code, task=task) if code else None,
                case_id=found["why"].get("case", ""),
                feed_purpose=found["why"].get("purpose", ""),
            ),
            fields=tuple(found["fields"]),
            about=dict(found["about"]),
            as_of=date.fromisoformat(found["as_of"]) if found["as_of"] else None,
        )
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise StorageError("an intent in the consultation log cannot be read") from error


def read_outcome(found: dict[str, Any]) -> Outcome:
    """The outcome of a parsed payload."""
    try:
        return Outcome(
            counts=dict(found["counts"]),
            lead_ids=tuple(found["leads"]),
            entry_ids=tuple(found["entries"]),
            about=dict(found["about_outcome"]),
            refused=found["refused"],
        )
    except (KeyError, ValueError, TypeError) as error:
        raise StorageError("an outcome in the consultation log cannot be read") from error
