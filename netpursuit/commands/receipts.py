"""Receipts of runs as a user asks for them, and what receipts and proofs say of themselves (A13)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from netpursuit.catalogue import Catalogue
from netpursuit.records import Feed

if TYPE_CHECKING:
    from netpursuit.audit.receipts import HeldReceipt
    from netpursuit.gate.workbench import Workbench
    from netpursuit.ports.receipts import OpenReceipt


def receipt_of(desk: Workbench, words: Catalogue, feed: Feed, path: Path | None) -> OpenReceipt | None:
    """Opens the receipt of a run at a path, where one is asked for."""
    if path is None:
        return None
    from netpursuit.reports.receipt_file import receipt_at

    return receipt_at(lambda manifest: path, receipt_notice(words, desk.gate.who, feed))


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
