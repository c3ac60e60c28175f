"""What receipts and proofs say of themselves (A13)."""

from __future__ import annotations

from netpursuit.audit.receipts import HeldReceipt
from netpursuit.catalogue import Catalogue
from netpursuit.records import Feed


def receipt_notice(words: Catalogue, who: str, feed: Feed) -> dict[str, str]:
    """Warning, purpose, user and expiry of a receipt."""
    return {
        "warning": words("receipt.warning"),
        "purpose": feed.purpose,
        "user": who,
        "expires_on": feed.expires_on.isoformat(),
    }


def proof_notice(words: Catalogue, who: str, receipt: HeldReceipt) -> dict[str, str]:
    """Warning, purpose, user and expiry of a proof."""
    return {
        "warning": words("proof.warning"),
        "purpose": receipt.purpose,
        "user": who,
        "expires_on": receipt.expires_on,
    }
