"""The keys of a workspace, which live outside it: keyed digests, sealing, signatures, anchors and users' roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from netpursuit.ports.truth import LogHead

if TYPE_CHECKING:
    from datetime import datetime

    from netpursuit.records.backups import Restoration
    from netpursuit.records.erasures import Erasure, ErasureProof


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

    def seal_ahead(self, record_id: str, text: str) -> bytes | None:
        """Encrypt under a key that was kept ahead for this record; None where it is not there any more."""
        ...

    def forget_ahead(self, record_ids: Sequence[str]) -> None:
        """Destroy keys that were kept ahead and never used: no record bears these ids."""
        ...

    def unseal(self, record_id: str, sealed: bytes) -> str | None:
        """Decrypt; None once the record's key is destroyed. Raises ``StorageError`` where the bytes were changed."""
        ...

    def sealed(self) -> frozenset[str]:
        """The records whose keys are there."""
        ...

    def empty_wal(self) -> None:
        """Cut the write-ahead log, so that keys that were destroyed are in no file. ``erase``, ``destroy`` and
        ``finish_erasure`` do it where nobody reads. Raises ``StorageError`` where another process keeps reading."""
        ...

    def erase(self, *record_ids: str) -> None:
        """Destroy the keys of records whose contents were removed; what was sealed under them is gone for good."""
        ...

    def erased(self) -> frozenset[str]:
        """The records whose contents were removed."""
        ...

    def destroy(self, *record_ids: str) -> None:
        """Destroy the keys of records that stay: what was sealed in them is gone for good."""
        ...

    def destroyed(self) -> frozenset[str]:
        """The records whose keys were destroyed, removed ones included."""
        ...

    def begin_erasure(self, erasure: Erasure) -> None:
        """Write an erasure into the ledger, signed, before it is carried out."""
        ...

    def finish_erasure(self, erasure_id: str) -> None:
        """Say that it was carried out, and destroy the keys of its records."""
        ...

    def drop_erasure(self, erasure_id: str) -> None:
        """Take back what was begun and not carried out."""
        ...

    def begun_erasures(self) -> tuple[str, ...]:
        """The ids of those of which it is not known whether they were carried out."""
        ...

    def erasures(self) -> tuple[Erasure, ...]:
        """The ledger, oldest first, with what was only begun."""
        ...

    def erasures_about(self, lead_id: str, person: str = "", place: str = "") -> tuple[Erasure, ...]:
        """Those that name a lead, the keyed digest of a person or that of a place in a feed, the latest first."""
        ...

    def erased_entries(self) -> frozenset[str]:
        """The keyed digests of the entries that the ledger keeps silent about and that have not ended since."""
        ...

    def ended_entries(self, erasure_id: str) -> frozenset[str]:
        """Those of an erasure that have ended since."""
        ...

    def end_entries(self, entries: Sequence[str], at: datetime) -> None:
        """Say that entries have ended: what the ledger says of them until now silences nobody any more."""
        ...

    def prove_erasure(self, erasure_id: str) -> ErasureProof | None:
        """The record of the ledger with its signature."""
        ...

    def sign(self, message: bytes) -> bytes: ...

    def verify(self, message: bytes, signature: bytes) -> bool: ...

    def public_key(self) -> bytes:
        """The public half of the signing key (Ed25519, 32 bytes), with which anybody verifies."""
        ...

    def anchor(self, head: LogHead, ahead: Sequence[str] = ()) -> None:
        """Remember size and root of the log outside the workspace. ``ahead``: ids of records to come, for which keys
        are made in the same transaction (``seal_ahead``)."""
        ...

    def anchors(self) -> Iterator[tuple[int, bytes]]:
        """Every remembered (size, root), in the order they were made."""
        ...

    def restorations(self) -> Iterator[tuple[Restoration, bool]]:
        """Every restore on record, in order, and whether it carries this workspace's signature."""
        ...

    def keep_token(self, digest: str, kept: str | None) -> None:
        """Keep what is known of a bearer token by its digest; None: forget it."""
        ...

    def token(self, digest: str) -> str | None:
        """What is known of one bearer token; None: nothing."""
        ...

    def tokens(self) -> Iterator[tuple[str, str]]:
        """(digest, what is known of it) of every bearer token."""
        ...

    def keep_password(self, who: str, kept: str | None) -> None:
        """Keep what a user's password is checked by; None: forget it."""
        ...

    def replace_password(self, who: str, before: str, after: str) -> None:
        """Keep ``after`` where still ``before`` is kept; else somebody else has changed it, and that holds."""
        ...

    def password(self, who: str) -> str | None:
        """What a user's password is checked by; None: the user has none."""
        ...

    def password_users(self) -> tuple[str, ...]:
        """The users that have a password, by name."""
        ...

    def keep_mark(self, name: str, *, on: bool) -> None:
        """Remember that something is in use in the workspace, whichever state of it comes back; or forget it."""
        ...

    def has_mark(self, name: str) -> bool: ...

    def roles(self) -> tuple[str, str]:
        """Who holds which role, as it was last settled, or empty; and the consultation whose change is not settled yet,
        or empty."""
        ...

    def propose_roles(self, consultation_id: str, text: str) -> None:
        """Keep a change that comes into force when it is settled; of one that was never settled nothing stays."""
        ...

    def settle_roles(self, consultation_id: str, *, done: bool) -> None:
        """Let a proposed change come into force, or drop it; nothing where there is none (any more)."""
        ...
