"""What may stand in the log in the clear (promises A1, A4): ids in the program's own forms, never what somebody typed.

A user may give a name where an id is asked, or choose a file that is named after a person. Such a value is left out;
its key stays, so that the log still tells what kind of thing was asked for. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping

from netpursuit.text.patterns import regex

# Keys whose values come from a keyboard, and the form of what this program itself has given out under them.
_FORMS = {
    "lead": regex(r"L-[A-Z2-7]{12}"),
    "group": regex(r"G-[A-Z2-7]{12}"),
    "query": regex(r"C-[a-z2-7]{16}"),
    "run": regex(r"(?:R-\d{8}-\d{6}-[0-9a-f]{12}(?:\.\d{1,6})?|C-[a-z2-7]{16}|[\w.-]{1,64}@[0-9a-f]{16})"),
    "source": regex(r"(?!)"),  # the name of a file
    "file": regex(r"[0-9a-f]{64}"),
    "sequence": regex(r"[0-9a-f]{64}"),
}


def plain(about: Mapping[str, str]) -> dict[str, str]:
    """The values that may be logged; one that has not the form of its key becomes empty.

    >>> plain({"lead": "L-ABCDEFGHIJKL", "source": "li wei.csv", "last": "5"})
    {'lead': 'L-ABCDEFGHIJKL', 'source': '', 'last': '5'}
    """
    return {key: value if key not in _FORMS or _FORMS[key].fullmatch(value) else "" for key, value in about.items()}
