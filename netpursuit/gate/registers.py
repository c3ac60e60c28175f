"""Where the register that a feed last screened stands, so that it can be read again under a case."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from netpursuit.ports.truth import Truth, UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPlace:
    """The feed's file and the register's, as absolute paths."""

    feed: str
    source: str


def keep_place(unit: UnitOfWork, feed_id: str, place: RegisterPlace) -> None:
    """Remember where a feed's register stands; the last one takes the place of the one before."""
    unit.put_setting(_setting(feed_id), json.dumps(asdict(place), ensure_ascii=False))


def kept_place(truth: Truth, feed_id: str) -> RegisterPlace | None:
    """Where the register of a feed stood when it was last screened."""
    kept = truth.setting(_setting(feed_id))
    return RegisterPlace(**json.loads(kept)) if kept else None


def _setting(feed_id: str) -> str:
    return f"register.{feed_id}"
