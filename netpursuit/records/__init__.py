"""The vocabulary of the whole program: frozen dataclasses, enums and NewTypes, without behaviour of their own.

``persons`` what is compared; ``lists`` wanted lists and their entries; ``deliveries`` what files of lists bring;
``registrations`` what is screened; ``matches`` evidence and matches; ``leads`` leads, clearances and runs;
``consultations`` who looked and why.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from netpursuit.records.consultations import (
    OWN,
    OWN_NAME,
    Authority,
    Case,
    Consultation,
    Intent,
    Outcome,
    Reason,
    Verb,
)
from netpursuit.records.lists import (
    Entry,
    EntryGroup,
    EntryKind,
    EntryPair,
    Instrument,
    ListVersion,
    PairState,
    Relation,
    SourceRef,
    Warrant,
)
from netpursuit.records.matches import (
    Band,
    EntryKey,
    Evidence,
    Match,
    MatchSet,
    MilliBits,
)
from netpursuit.records.persons import (
    Address,
    AddressKind,
    Document,
    DocumentKind,
    Name,
    NameKind,
    PartialDate,
    Person,
    Sex,
)

if TYPE_CHECKING:
    from netpursuit.records.deliveries import (
        ListChange,
        ListHeader,
        ListItem,
        Operation,
        Unlisted,
    )
    from netpursuit.records.leads import (
        Clearance,
        Correction,
        Lead,
        LeadKey,
        LeadState,
        MatchedEntry,
        QueryRead,
        RunCounts,
        RunManifest,
        SpotOutcome,
        SpotResult,
        Statement,
    )
    from netpursuit.records.registrations import (
        Feed,
        FeedSource,
        RegisteredPerson,
        Registration,
        Rejected,
        Role,
        StayKind,
        UnnamedPerson,
    )

__all__ = [
    "OWN",
    "OWN_NAME",
    "Address",
    "AddressKind",
    "Authority",
    "Band",
    "Case",
    "Clearance",
    "Consultation",
    "Correction",
    "Document",
    "DocumentKind",
    "Entry",
    "EntryGroup",
    "EntryKey",
    "EntryKind",
    "EntryPair",
    "Evidence",
    "Feed",
    "FeedSource",
    "Instrument",
    "Intent",
    "Lead",
    "LeadKey",
    "LeadState",
    "ListChange",
    "ListHeader",
    "ListItem",
    "ListVersion",
    "Match",
    "MatchSet",
    "MatchedEntry",
    "MilliBits",
    "Name",
    "NameKind",
    "Operation",
    "Outcome",
    "PairState",
    "PartialDate",
    "Person",
    "QueryRead",
    "Reason",
    "RegisteredPerson",
    "Registration",
    "Rejected",
    "Relation",
    "Role",
    "RunCounts",
    "RunManifest",
    "Sex",
    "SourceRef",
    "SpotOutcome",
    "SpotResult",
    "Statement",
    "StayKind",
    "Unlisted",
    "UnnamedPerson",
    "Verb",
    "Warrant",
]


def __getattr__(name: str) -> Any:
    """A record of ``registrations``, ``deliveries`` or ``leads`` where it is first asked for: a query has none of them,
    and they take a while to make."""
    if name in __all__:
        for home in ("registrations", "deliveries", "leads"):
            module = import_module(f"{__name__}.{home}")
            if hasattr(module, name):
                return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
