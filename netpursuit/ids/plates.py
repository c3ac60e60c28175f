"""Registration plates of vehicles in one comparable form."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 20  # characters with their separators
_MASK = re.compile(r"[*•＊#?●]")


def canonical_plate(text: str) -> str:
    """Capitals and digits, full width and separators aside; what is hidden in part, or far too long, has no form.

    >>> canonical_plate(" 幻a·12345 "), canonical_plate("ab-12 cde"), canonical_plate("幻A1**45")
    ('幻A12345', 'AB12CDE', '')
    """
    text = unicodedata.normalize("NFKC", text)
    return (
        "" if _MASK.search(text) or len(text) > _LONGEST else "".join(char for char in text.upper() if char.isalnum())
    )
