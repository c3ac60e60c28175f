"""Reasons for looking: ``CODE:TASK``, the codes a closed set, the task the user's own reference (promise A1)."""

from __future__ import annotations

import re
from datetime import timedelta

from netpursuit.errors import RefusedError
from netpursuit.records import Reason

# A code is a reason of its own kind, not a rank; each has its words in the catalogue as ``reason.<code>``.
CODES = ("check", "lead", "case", "training", "audit")
SHIFT = timedelta(hours=12)  # the longest usual shift; a chosen reason ends with it
TASK_LENGTH = 80

EXPECTED = f"CODE:TASK with a code of {', '.join(CODES)} and your own task reference, as check:2026-1123-07"

# A task is a reference to a piece of work. What is plainly a person's own number must not end up in the log (A4).
_PERSONAL = re.compile(
    r"(?<!\d)(?:\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"  # a citizen number
    r"|(?:\+?86)?1[3-9]\d{9})(?!\d)"  # a mobile number
    r"|[^\s@]+@[^\s@]+\.[^\s@]+"
)


def holds_number(reference: str) -> bool:
    """Whether a reference holds what is plainly a person's own number or address."""
    return _PERSONAL.search(reference) is not None


def parse_reason(text: str) -> Reason:
    """The reason of ``CODE:TASK`` (a full-width colon is one too).

    Raises ``RefusedError``, code ``reason-form``, ``reason-code`` or ``reason-personal``; never repeats the text.

    >>> str(parse_reason("check:2026-1123-07"))
    'check:2026-1123-07'
    """
    code, colon, task = text.strip().replace("\uff1a", ":").partition(":")
    code, task = code.strip().lower(), task.strip()
    if not colon or not code or not task or len(task) > TASK_LENGTH or not task.isprintable():
        raise RefusedError("reason-form", f"this is no reason: expected {EXPECTED}")
    if code not in CODES:
        raise RefusedError("reason-code", f"the code of this reason is unknown: expected {EXPECTED}")
    if holds_number(task):
        raise RefusedError(
            "reason-personal", "the task of a reason holds a person's number or address: expected a task reference"
        )
    return Reason(code=code, task=task)
