"""Placeholders that stand where a number should be: agreeing on one says nothing."""

from __future__ import annotations

_WORDS = frozenset(
    {
        "",
        "NA",
        "NONE",
        "NIL",
        "NULL",
        "UNKNOWN",
        "NOTAVAILABLE",
        "NOTKNOWN",
        "PENDING",
        "TEST",
        "SAMPLE",
        "XXX",
        "MISSING",
    }
)
# Number printed on specimen cards and in teaching material of several authorities.
_SPECIMENS = frozenset(
    {"123456789", "1234567890", "987654321", "111111111111111111", "123456789012345678", "L898902C3", "078051120"}
)
_RUN = "01234567890123456789"


def is_placeholder(canonical: str) -> bool:
    """One character repeated, a run of digits up or down, a word for nothing, or a known specimen.

    >>> is_placeholder("0000000"), is_placeholder("34567890"), is_placeholder("C1234K77")
    (True, True, False)
    """
    known = canonical.replace("?", "")
    if known in _WORDS or canonical in _SPECIMENS or len(set(known)) <= 1:
        return True
    return len(known) >= 6 and "?" not in canonical and (known in _RUN or known in _RUN[::-1])
