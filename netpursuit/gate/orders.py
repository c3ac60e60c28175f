"""The number of an order under which somebody's data are corrected or erased."""

from __future__ import annotations

from netpursuit.errors import InputError
from netpursuit.policy.reasons import holds_number
from netpursuit.text.patterns import regex

_ORDER = regex(r"[^\W_][\w.\-/()（）〔〕\[\]]{0,63}")


def check_order(order: str) -> str:
    """The number as it is kept, in the log and in the ledger. Raises ``InputError`` for what is none, or holds a
    person's number."""
    number = order.strip()
    if not _ORDER.fullmatch(number) or holds_number(number):
        raise InputError(
            "this is no number of an order",
            where="--order",
            expected="up to 64 letters, digits, dots, dashes, slashes and brackets, and no person's number",
        )
    return number
