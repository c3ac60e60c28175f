"""Account numbers: IBAN (ISO 13616, by python-stdnum and the registry's structures), and others as they are."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 60  # characters with their separators; an IBAN has at most 34
_MASK = re.compile(r"[*•＊#?●]")


def canonical_number(text: str) -> str:
    """Capitals and digits, full width and separators aside; what is hidden in part, or far too long, has no form.

    >>> canonical_number(" 6222-0201 0001 "), canonical_number("6222****0001")
    ('622202010001', '')
    """
    text = unicodedata.normalize("NFKC", text)
    return (
        "" if _MASK.search(text) or len(text) > _LONGEST else "".join(char for char in text.upper() if char.isalnum())
    )


def read_iban(text: str) -> str:
    """The electronic form of an IBAN with right structure and check digits, else empty. Never raises.

    >>> read_iban("gb82 west 1234 5698 7654 32"), read_iban("GB83 WEST 1234 5698 7654 32")
    ('GB82WEST12345698765432', '')
    """
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        # Rules of single countries beyond the registry's are left aside: banks keep numbers older than them.
        found: str = iban.validate(canonical_number(text), check_country=False)
    except ValidationError:
        return ""
    return found
