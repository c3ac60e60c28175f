"""Which columns each kind of attached table has, and which of them it cannot do without."""

from __future__ import annotations

from collections.abc import Mapping

from netpursuit.records.attachments import TableKind

PARTY = ("name", "document", "document_type", "document_country", "phone", "address", "company", "company_number")
NAMED_BY = ("name", "document", "company")  # what tells who a party is
SPAN = ("from", "to")


def _party(column: str) -> tuple[str, ...]:
    return tuple(f"{column}_{name}" for name in PARTY)


# The parties of each kind of row.
PARTIES: Mapping[TableKind, tuple[str, ...]] = {
    TableKind.CALLS: (),
    TableKind.SUBSCRIBERS: ("subscriber",),
    TableKind.VEHICLES: ("owner",),
    TableKind.ACCOUNTS: ("holder",),
    TableKind.COMPANIES: ("officer", "owner"),
    TableKind.OWNERS: ("owner",),
}
# A cell or a place of a call is no column of anything: calls say who spoke, never where somebody was.
_OWN: Mapping[TableKind, tuple[str, ...]] = {
    TableKind.CALLS: ("caller", "callee", "begin", "duration", "end"),
    TableKind.SUBSCRIBERS: ("phone", *SPAN),
    TableKind.VEHICLES: ("plate", "country", "region", "make", *SPAN),
    TableKind.ACCOUNTS: ("iban", "number", "bank", *SPAN),
    TableKind.COMPANIES: ("name", "number", "jurisdiction", "address", "phone", "officer_role", "owner_role", *SPAN),
    TableKind.OWNERS: ("address", "unit", "unit_code", *SPAN),
}
COLUMNS: Mapping[TableKind, tuple[str, ...]] = {
    kind: (*_OWN[kind], *(name for column in PARTIES[kind] for name in _party(column))) for kind in TableKind
}
# Of each group at least one column (or default).
DEMANDED: Mapping[TableKind, tuple[tuple[str, ...], ...]] = {
    TableKind.CALLS: (("caller",), ("callee",), ("begin",)),
    TableKind.SUBSCRIBERS: (("phone",), ("subscriber_name", "subscriber_document", "subscriber_company")),
    TableKind.VEHICLES: (("plate",),),
    TableKind.ACCOUNTS: (("iban", "number"),),
    TableKind.COMPANIES: (("name",),),
    TableKind.OWNERS: (("address", "unit_code"), ("owner_name", "owner_document", "owner_company")),
}
# What may be the same for every row; all else is each row's own.
CONSTANT = frozenset(
    (
        *("country", "region", "make", "bank", "jurisdiction", "officer_role", "owner_role", "from", "to"),
        *(f"{column}_{name}" for column in ("subscriber", "owner", "holder", "officer") for name in PARTY[2:4]),
    )
)
