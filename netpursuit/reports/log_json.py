"""Consultations and signs of unusual use as JSON."""

from __future__ import annotations

from typing import Any

from netpursuit.audit.unusual import Sign
from netpursuit.policy import oversight
from netpursuit.records import Consultation, Outcome


def consultation_json(item: Consultation) -> dict[str, Any]:
    """One consultation; where it was interrupted ``outcome`` is null, and ``stored`` what its parts had stored."""
    return {
        "consultation": item.consultation_id,
        "at": item.at.isoformat(),
        "verb": item.intent.verb.value,
        "who": item.intent.authority.who,
        "authority": str(item.intent.authority),
        "fields": list(item.intent.fields),
        "about": item.intent.about,
        "as_of": item.intent.as_of.isoformat() if item.intent.as_of else None,
        "outcome": _outcome_json(item.outcome),
        "stored": _outcome_json(item.stored),
    }


def _outcome_json(outcome: Outcome | None) -> dict[str, Any] | None:
    if outcome is None:
        return None
    return {
        "counts": outcome.counts,
        "leads": list(outcome.lead_ids),
        "entries": list(outcome.entry_ids),
        "about": outcome.about,
        "refused": outcome.refused or None,
    }


def sign_json(sign: Sign) -> dict[str, Any]:
    return {
        "rule": sign.rule,
        "who": sign.who,
        "first": sign.first.isoformat(timespec="seconds"),
        "last": sign.last.isoformat(timespec="seconds"),
        "reason": sign.reason or None,
        "counts": sign.counts,
        "consultations": list(sign.consultation_ids),
    }


def thresholds() -> dict[str, dict[str, Any]]:
    """What each rule goes by, as it is stated with every answer."""
    return {
        "own-name": {"looks": oversight.OWN_NAME_LOOKS},
        "sweep": {
            "looks": oversight.SWEEP_LOOKS,
            "minutes": int(oversight.SWEEP_WITHIN.total_seconds()) // 60,
        },
        "reason-days": {"days": oversight.REASON_DAYS},
        "reason-looks": {"looks": oversight.REASON_LOOKS},
        "volume": {
            "times": oversight.VOLUME_TIMES,
            "looks": oversight.VOLUME_LOOKS,
            "weeks": oversight.VOLUME_WEEKS,
            "least": oversight.VOLUME_WEEKS_LEAST,
        },
        "night": {
            "looks": oversight.NIGHT_LOOKS,
            "from": oversight.NIGHT_FROM.isoformat("minutes"),
            "until": oversight.NIGHT_UNTIL.isoformat("minutes"),
            "share": oversight.NIGHT_SHARE,
            "before": oversight.NIGHT_BEFORE_LEAST,
        },
        "refusals": {"refusals": oversight.REFUSALS},
        "unknown-ids": {"tries": oversight.UNKNOWN_IDS},
        "sign-ins": {"tries": oversight.SIGN_INS},
    }
