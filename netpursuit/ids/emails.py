"""E-mail addresses: the same box in another spelling."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"[^\s@<>()\",;:]+@[^\s@<>()\",;:]+\.[^\s@<>()\",;:.]{2,}")
# Providers that ignore dots and whatever follows a plus sign (Google's help pages, "Dots don't matter in Gmail").
_DOTLESS = frozenset({"gmail.com", "googlemail.com"})


def prepare_email(text: str) -> str:
    """The box in one spelling: lower case, width folded, Gmail's dots and tags dropped; empty where there is none.

    >>> prepare_email("<J.Smith+x@GoogleMail.com>")
    'jsmith@gmail.com'
    """
    found = _ADDRESS.search(unicodedata.normalize("NFKC", text[:2_000]).casefold())
    if not found:
        return ""
    box, _, domain = found[0].rstrip(".").rpartition("@")
    if domain in _DOTLESS:
        box, domain = box.partition("+")[0].replace(".", ""), "gmail.com"
    return f"{box}@{domain}" if box else ""
