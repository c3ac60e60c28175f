"""What is compared: a person as a source states them, both sides alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from netpursuit.records.packing import packed


class NameKind(StrEnum):
    PRIMARY = "primary"
    ALIAS = "alias"
    FORMER = "former"
    NATIVE = "native"  # the same name in its original script


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """One name as written. ``family`` and ``given`` only where the source itself tells them apart.

    ``weak`` marks a low-quality alias, which never triggers alone.
    """

    text: str
    kind: NameKind = NameKind.PRIMARY
    weak: bool = False
    family: str = ""
    given: str = ""


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A calendar date as precise as its source: a year, a year and month, or a day; or a span of years.

    ``last_year`` closes a span (``1958`` to ``1962``). ``circa`` means about. ``month`` 1-12, ``day`` 1-31.
    """

    year: int
    month: int | None = None
    day: int | None = None
    circa: bool = False
    last_year: int | None = None

    def __str__(self) -> str:
        text = f"{self.year:04d}"
        if self.month is not None:
            text += f"-{self.month:02d}"
            if self.day is not None:
                text += f"-{self.day:02d}"
        if self.last_year is not None:
            text += f"/{self.last_year:04d}"
        return f"circa {text}" if self.circa else text


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class DocumentKind(StrEnum):
    """What a source calls the document; ``ids`` decides to which family of numbers it belongs."""

    NATIONAL_ID = "national-id"
    PASSPORT = "passport"
    RESIDENCE_PERMIT = "residence-permit"
    TRAVEL_PERMIT = "travel-permit"  # 回乡证, 台胞证, 往来港澳通行证
    DRIVING_LICENCE = "driving-licence"
    TAX_NUMBER = "tax-number"
    SOCIAL_SECURITY = "social-security"
    MRZ = "mrz"  # a machine-readable zone as typed or scanned
    OTHER = "other"


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document number as written. ``country`` is ISO 3166-1 alpha-2 in capitals, or empty."""

    number: str
    kind: DocumentKind = DocumentKind.OTHER
    country: str = ""
    note: str = ""


class AddressKind(StrEnum):
    REGISTERED = "registered"  # 户籍
    RESIDENCE = "residence"
    OTHER = "other"


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address as written; parts only where the source gives them. ``country`` is alpha-2 or empty."""

    text: str
    kind: AddressKind = AddressKind.OTHER
    unit: str = ""
    unit_code: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@packed
@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as stated by one record. Everything may be missing; missing is neither agreement nor conflict.

    ``nationalities`` are alpha-2 codes; phones and e-mails stand as written.
    """

    names: tuple[Name, ...] = ()
    birth_dates: tuple[PartialDate, ...] = ()
    sex: Sex | None = None
    nationalities: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()
