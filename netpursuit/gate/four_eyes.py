"""Whether a confirmation needs two users: a setting of the workspace, on record wherever it is changed."""

from __future__ import annotations

from netpursuit.ports.truth import Truth, UnitOfWork

_SETTING = "four-eyes"


def needs_two(truth: Truth) -> bool:
    """Whether a lead is confirmed by two users only."""
    return truth.setting(_SETTING) is not None


def put_four_eyes(unit: UnitOfWork, *, on: bool) -> None:
    """Ask for two users from now on, or for one."""
    unit.put_setting(_SETTING, "on" if on else None)
