"""Identities of leads: stable names that tell nothing to whoever lacks the workspace's key."""

from __future__ import annotations

import base64
import re

from netpursuit.ids.fingerprints import keyed_digest, registration_digest
from netpursuit.ports.keys import Digests, Keys
from netpursuit.records import EntryKey, LeadKey, RegisteredPerson, Registration

_CONTENT = "N-"
_CONTENT_REF = re.compile(f"{_CONTENT}[A-Z2-7]{{16}}")


def lead_id(keys: Keys, lead: LeadKey) -> str:
    """``L-`` and 12 base32 characters (60 bits) of a keyed digest of the lead's key."""
    parts = (lead.feed_id, lead.registration_id, lead.role, lead.person_ref, lead.entry.list_id, lead.entry.entry_id)
    return "L-" + _base32(keyed_digest(keys, "lead", *parts), 12)


def registration_ref(keys: Digests, registration: Registration) -> str:
    """The registration's own id, or ``N-`` and 16 base32 characters of a keyed digest of its matching fields."""
    return registration.registration_id or content_ref(keys, registration)


def content_ref(keys: Digests, registration: Registration) -> str:
    """What a registration is known by where it has no id: ``N-`` and 16 base32 characters of a keyed digest."""
    return _CONTENT + _base32(registration_digest(keys, registration), 16)


def is_content_ref(text: str) -> bool:
    """Whether an id has the form of ``content_ref``."""
    return _CONTENT_REF.fullmatch(text) is not None


def person_ref(someone: RegisteredPerson) -> str:
    """The person's id in the feed, or else the position among persons of the same role, as ``#0``."""
    return person_ref_of(someone.person_id, someone.position)


def person_ref_of(person_id: str, position: int) -> str:
    """The same by its two parts."""
    return person_id or f"#{position}"


def lead_key(feed_id: str, registration_id: str, someone: RegisteredPerson, entry: EntryKey) -> LeadKey:
    """The identity of a lead about this person of this registration and this entry."""
    return LeadKey(
        feed_id=feed_id,
        registration_id=registration_id,
        role=someone.role.value,
        person_ref=person_ref(someone),
        entry=entry,
    )


def _base32(hexadecimal: str, characters: int) -> str:
    return base64.b32encode(bytes.fromhex(hexadecimal)).decode("ascii")[:characters]
