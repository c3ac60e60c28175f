"""The link graph's model and its stable keys."""

from netpursuit.links.keys import (
    NORMALISER,
    address_key,
    document_key,
    email_key,
    person_key,
    phone_key,
    subject_key,
    unit_key,
)
from netpursuit.records.graph import Edge, EdgeKind, LinkSet, Node, NodeKind, as_json

__all__ = [
    "NORMALISER",
    "Edge",
    "EdgeKind",
    "LinkSet",
    "Node",
    "NodeKind",
    "address_key",
    "as_json",
    "document_key",
    "email_key",
    "person_key",
    "phone_key",
    "subject_key",
    "unit_key",
]
