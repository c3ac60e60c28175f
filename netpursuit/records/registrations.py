"""What is screened: registrations, the feed they come from, and rows that could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from netpursuit.records.matches import Band
from netpursuit.records.persons import Person


class Role(StrEnum):
    TENANT = "tenant"
    CO_TENANT = "co-tenant"
    OCCUPANT = "occupant"
    LANDLORD = "landlord"
    GUEST = "guest"


class StayKind(StrEnum):
    RENTAL = "rental"
    TEMPORARY = "temporary"
    LODGING = "lodging"
    HOTEL = "hotel"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredPerson:
    """A person of a registration. ``position`` counts persons of the same role in the row, from 0."""

    role: Role
    position: int
    person_id: str
    person: Person
    truncated_numbers: int = 0  # document numbers a spreadsheet has cut


@dataclass(frozen=True, slots=True, kw_only=True)
class UnnamedPerson:
    """Somebody of a row of whom neither a name nor a number stands. ``column``: where the name should stand."""

    role: Role
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One row to be screened. ``registration_id`` may be empty; the lead key then uses a keyed digest of the row.

    ``line`` is the 1-based physical line (text files) or row (sheets) where the record begins. ``unnamed`` are those
    who cannot be screened: they matter while the row is read and are never stored.
    """

    registration_id: str
    file_digest: str
    file: str
    line: int
    persons: tuple[RegisteredPerson, ...]
    address: str = ""
    unit: str = ""
    unit_code: str = ""
    stay_kind: StayKind | None = None
    start_date: date | None = None
    end_date: date | None = None
    unnamed: tuple[UnnamedPerson, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """A row that could not be used: where and why, never the value (A4).

    ``reason`` is a stable key of the catalogue (``rejected.<reason>``), ``expected`` a fixed text without data.
    ``entry_id`` only for list records (published data), so that the previous version can stay in force.
    """

    file_digest: str
    file: str
    line: int
    column: str
    reason: str
    expected: str = ""
    entry_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """A database that a feed's registrations are read from; never its password.

    ``url`` names it (or the environment's ``url_env`` does); ``query`` takes no parameters; ``high_water`` is the
    column that rises with every new or changed row. ``overlap``: how far before the last mark a read begins, in seconds
    of instants or in numbers (None: as the column's kind demands). ``unit_query`` gives the rows of one unit.
    """

    query: str
    high_water: str
    url: str = ""
    url_env: str = ""
    password_env: str = ""
    password_file: str = ""
    overlap: int | None = None
    unit_query: str = ""
    timeout_seconds: int = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source of registrations with everything A9 demands recorded.

    ``columns`` maps the program's column names to those of the file; ``defaults`` gives constant values.
    ``period_from``/``period_to`` bound the registrations' start dates; ``expires_on`` ends the permission itself.
    """

    feed_id: str
    legal_basis: str
    area: str
    period_from: date
    period_to: date
    purpose: str
    screened_roles: tuple[Role, ...]
    time_zone: str
    expires_on: date
    min_band: Band = Band.POSSIBLE
    columns: dict[str, str] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)
    format: str = ""
    encoding: str = ""
    country: str = ""  # ISO alpha-2: country of numbers and phones that do not state one
    date_order: str = "ymd"  # how 03/04/1985 is read: ymd, dmy or mdy
    source: FeedSource | None = None  # None: files
