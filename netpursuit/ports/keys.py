"""The keys of a workspace, which live outside it: keyed digests, sealing, signatures and anchors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from netpursuit.ports.truth import LogHead


class Digests(Protocol):
    """Keyed digests alone; picklable, so that a worker process can tell rows apart that carry no id."""

    def digest(self, purpose: str, value: str) -> str:
        """Keyed digest for a purpose (``person``, ``row``, ``query`` ...), 32 hex digits."""
        ...


class Keys(Digests, Protocol):
    """Keyed digests are stable within a workspace and useless without its key; different purposes never agree."""

    def digests(self) -> Digests:
        """What gives the same digests in another process, and nothing else."""
        ...

    def fingerprint(self, field: str, value: str) -> str:
        """Keyed digest of one matching field of a lead, 32 hex digits."""
        ...

    def seal(self, record_id: str, text: str) -> bytes:
        """Encrypt under a new key that belongs to this record alone."""
        ...

    def unseal(self, record_id: str, sealed: bytes) -> str | None:
        """Decrypt; None once the record's key is destroyed. Raises ``StorageError`` where the bytes were changed."""
        ...

    def erase(self, *record_ids: str) -> None:
        """Destroy the keys of records; what was sealed under them is gone for good."""
        ...

    def sign(self, message: bytes) -> bytes: ...

    def verify(self, message: bytes, signature: bytes) -> bool: ...

    def anchor(self, head: LogHead) -> None:
        """Remember size and root of the log outside the workspace."""
        ...

    def anchors(self) -> Iterator[tuple[int, bytes]]:
        """Every remembered (size, root), in the order they were made."""
        ...

    def keep_token(self, digest: str, kept: str | None) -> None:
        """Keep what is known of a bearer token by its digest; None: forget it."""
        ...

    def tokens(self) -> Iterator[tuple[str, str]]:
        """(digest, what is known of it) of every bearer token."""
        ...
