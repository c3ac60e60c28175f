"""Whether a confirmation needs two users: a setting of the workspace, on record wherever it is changed.

One user switches it on. Switching it off takes two, as what it guards does: one asks for it, another completes it. The
key folder is marked, so that an older state of the workspace that comes back does not switch it off.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import Truth, UnitOfWork

ASKED_FOR = timedelta(days=7)  # within a week somebody else completes it, or it is asked for anew

_SETTING = "four-eyes"
_ASKED = "four-eyes.off"


@dataclass(frozen=True, slots=True, kw_only=True)
class OffAsked:
    """Who has asked for four eyes to be switched off, and when (UTC)."""

    user: str
    at: datetime


def needs_two(truth: Truth) -> bool:
    """Whether a lead is confirmed by two users only."""
    return truth.setting(_SETTING) is not None


def off_asked(truth: Truth, now: datetime) -> OffAsked | None:
    """Who waits for a second user to switch it off, as long as that is good."""
    kept = json.loads(truth.setting(_ASKED) or "{}")
    if not kept or not needs_two(truth):
        return None
    asked = OffAsked(user=kept["user"], at=datetime.fromisoformat(kept["at"]))
    return asked if asked.at <= now <= asked.at + ASKED_FOR else None


def is_marked(keys: Keys) -> bool:
    """Whether the key folder knows that two users are needed."""
    return keys.has_mark(_SETTING)


def unmark(truth: Truth, keys: Keys) -> None:
    """Take the mark back where what it was made for was not committed; nobody can switch it on meanwhile."""
    with truth.transaction():
        if not needs_two(truth):
            keys.keep_mark(_SETTING, on=False)


def put_four_eyes(keys: Keys, unit: UnitOfWork, *, on: bool) -> None:
    """Ask for two users from now on, or for one."""
    # The mark stands from before the commit until behind it: one too many, as a kill may leave, can only keep four eyes
    # on where an older state of the workspace comes back.
    if on:
        keys.keep_mark(_SETTING, on=True)
    else:
        unit.after_commit(lambda: keys.keep_mark(_SETTING, on=False))
    unit.put_setting(_SETTING, "on" if on else None)
    unit.put_setting(_ASKED, None)


def keep_four_eyes(truth: Truth, keys: Keys, unit: UnitOfWork) -> bool:
    """In a workspace that was restored: on again where the key folder knows that it was. Answers whether it was off."""
    if needs_two(truth) or not keys.has_mark(_SETTING):
        return False
    put_four_eyes(keys, unit, on=True)
    return True


def ask_off(unit: UnitOfWork, user: str) -> None:
    """Remember who asks for it to be switched off."""
    unit.put_setting(_ASKED, json.dumps({"user": user, "at": unit.at.isoformat()}))
