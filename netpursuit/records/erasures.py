"""What the erasure ledger keeps of what was erased: keyed digests, a day and an order's number, nothing of anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedPair:
    """A person and an entry: keyed digests of both, and the fingerprints of the identifying fields of both sides.

    ``person`` is what a clearance follows; ``entry`` is a keyed digest of list and entry id.
    """

    person: str
    entry: str
    fingerprints: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedLead:
    """A lead that was erased: its id, which is a keyed digest itself, and the pairs that it showed.

    ``place``: keyed digest of the lead's key without its entry, which changes as entries are grouped.
    """

    lead_id: str
    place: str
    pairs: tuple[ErasedPair, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One order carried out. ``erasure_id`` is the consultation that did it.

    ``cleared``: pairs of which a human had said that they are not the same; the ledger keeps that silence.
    ``dropped``: those of which it had been taken back, or had ended, which silence nobody and go at a restore.
    ``contacts``: keyed digests of the nodes that were taken out of the parts of cases, ``views``: of those that go
    out of their views. ``records``: consultations whose typed values were destroyed.
    """

    erasure_id: str
    order: str
    at: datetime
    leads: tuple[ErasedLead, ...] = ()
    cleared: tuple[ErasedPair, ...] = ()
    dropped: tuple[ErasedPair, ...] = ()
    contacts: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    views: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureProof:
    """A record of the ledger. ``signature`` (Ed25519) covers ``message`` in UTF-8 under ``public_key``."""

    erasure: Erasure
    message: str
    signature: bytes
    public_key: bytes
