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
SPECIMENS = frozenset(
    {
        "123456789",
        "1234567890",
        "987654321",
        "111111111111111111",
        "123456789012345678",
        "L898902C3",
        "078051120",
        "219099999",
    }
    | {"11010519491231002X"}  # the example of GB 11643
)
_RUN = "01234567890123456789"


def is_placeholder(canonical: str) -> bool:
    """One character repeated (behind letters), a run of digits up or down, a word for nothing, or a known specimen.

    A Chinese number of somebody born on 1 January 1900 is what a form was filled with.

    >>> [is_placeholder(text) for text in ("0000000", "E00000000", "34567890", "C1234K77")]
    [True, True, True, False]
    """
    known = canonical.replace("?", "")
    if known in _WORDS or canonical in SPECIMENS or len(set(known)) <= 1:
        return True
    digits = known.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if "?" not in canonical and len(digits) >= 6 and len(set(digits)) == 1:
        return True
    if len(canonical) == 18 and canonical[6:14] == "19000101":
        return True
    return len(known) >= 6 and "?" not in canonical and (known in _RUN or known in _RUN[::-1])
