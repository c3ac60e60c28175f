"""Registration plates of vehicles in one comparable form."""

from __future__ import annotations

import re
import unicodedata

_MASK = re.compile(r"[*•＊#?●]")


def canonical_plate(text: str) -> str:
    """Capitals and digits, full width and separators aside; a plate of which something is hidden has no form.

    >>> canonical_plate(" 幻a·12345 "), canonical_plate("ab-12 cde"), canonical_plate("幻A1**45")
    ('幻A12345', 'AB12CDE', '')
    """
    text = unicodedata.normalize("NFKC", text[:100])
    return "" if _MASK.search(text) else "".join(char for char in text.upper() if char.isalnum())
