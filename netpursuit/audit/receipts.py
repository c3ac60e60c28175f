"""The receipt of a screening run (promise A18): a Merkle root over individually salted rows.

The workspace keeps the leaves and the root; the secret from which the salts follow goes to the feed's owner alone. A
holder of a row and the secret can prove that the row was screened; without the secret no guess can be tested.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from netpursuit.audit.merkle import Edge, includes, prove_inclusion

SECRET_BYTES = 32


def row_leaf(secret: bytes, number: int, row: bytes) -> bytes:
    """The salted leaf of row ``number`` (counted from 0): SHA-256(HMAC(secret, number) ‖ row)."""
    salt = hmac.digest(secret, number.to_bytes(8, "big"), hashlib.sha256)
    return hashlib.sha256(salt + row).digest()


class Receipt:
    """Collects rows while a run reads them; memory does not grow with the rows.

    ``row`` is the record's canonical bytes as the feed's owner can rebuild them."""

    def __init__(self, secret: bytes, edge: Edge | None = None) -> None:
        if len(secret) < SECRET_BYTES:
            raise ValueError(f"a receipt's secret has {SECRET_BYTES} bytes")
        self._secret, self._edge = secret, edge or Edge()

    def add(self, row: bytes) -> bytes:
        """Count a row in; answers its leaf, which may be stored."""
        leaf = row_leaf(self._secret, self._edge.size, row)
        self._edge = self._edge.append(leaf)
        return leaf

    @property
    def rows(self) -> int:
        return self._edge.size

    @property
    def root(self) -> str:
        """64 hex digits."""
        return self._edge.root().hex()


def prove_row(secret: bytes, leaves: Sequence[bytes], row: bytes) -> tuple[int, tuple[bytes, ...]] | None:
    """Position and proof of a row among a run's leaves, or None: it was not screened (or the secret is another)."""
    for number, leaf in enumerate(leaves):
        if hmac.compare_digest(row_leaf(secret, number, row), leaf):
            return number, prove_inclusion(leaves, number)
    return None


def proves_row(root: str, rows: int, secret: bytes, row: bytes, *, position: int, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that this row was screened under the receipt with this root."""
    return includes(bytes.fromhex(root), rows, row_leaf(secret, position, row), position, proof)
