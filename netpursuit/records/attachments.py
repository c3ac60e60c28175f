"""A case's own records: what the rows of an attached file state, and what a workspace remembers of the file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from netpursuit.records.graph import NodeKind
from netpursuit.records.persons import Address, Document


class TableKind(StrEnum):
    """What each row of an attached table is."""

    CALLS = "calls"
    SUBSCRIBERS = "subscribers"
    VEHICLES = "vehicles"
    ACCOUNTS = "accounts"
    COMPANIES = "companies"
    OWNERS = "owners"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call between two telephones (node keys). ``day``: ISO date; ``second``: of the day, 0 to 86,399; ``seconds``:
    how long; both None where the file does not say."""

    caller: str
    callee: str
    day: str
    second: int | None
    seconds: int | None
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody in a row: a person, or (``company``) an organisation with its number and jurisdiction.

    ``column``: the part of the row (``owner``, ``officer`` ...); ``role``: what the file calls it. Phones are
    node keys.
    """

    column: str
    role: str
    name: str
    document: Document | None = None
    phones: tuple[str, ...] = ()
    address: Address | None = None
    company: bool = False
    number: str = ""
    jurisdiction: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """One row about a thing (a vehicle, an account, a unit, a company, a telephone) and those to whom it belongs.

    ``key`` is empty where nothing but its row tells the thing apart (a company without a number). ``first``/``last``:
    ISO dates or empty. ``address``: where a company sits, or the house and unit that are owned.
    """

    kind: NodeKind
    key: str
    label: str
    line: int
    parties: tuple[Party, ...] = ()
    first: str = ""
    last: str = ""
    phones: tuple[str, ...] = ()
    address: Address | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """An attached file as its case remembers it. ``parts`` name what it brought, each an owner of links of the case.

    ``digest`` and ``mapping_digest``: SHA-256, 64 hex digits. ``left_out``: how many rows or cells were passed over, by
    reason. ``statements``: links, each once per source and time.
    """

    name: str
    case_id: str
    kind: TableKind
    file: str
    digest: str
    mapping_digest: str
    rows: int
    nodes: int
    statements: int
    attached_by: str
    attached_at: datetime
    consultation_id: str
    parts: tuple[str, ...] = ()
    left_out: dict[str, int] = field(default_factory=dict)
