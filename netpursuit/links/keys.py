"""Stable keys, so that the same thing from two sources is one node. The normaliser's version is part of each key."""

from __future__ import annotations

from netpursuit.ids.accounts import canonical_number
from netpursuit.ids.addresses import prepare_address
from netpursuit.ids.documents import prepare_number
from netpursuit.ids.emails import prepare_email
from netpursuit.ids.phones import prepare_phone
from netpursuit.ids.plates import canonical_plate
from netpursuit.records import Address, Document, LeadKey

NORMALISER = "n2"
MIN_DIGITS = 6  # a shorter telephone number is an extension or a service


def address_key(address: Address) -> str:
    """The key of a house or a place, without its unit; empty where nothing can be told apart."""
    parts = prepare_address(address)
    known = [parts.country, parts.region, parts.city, parts.district, parts.street, parts.house, parts.building]
    if not (parts.street or parts.house or parts.building):
        return ""  # a town is no place where two people meet
    return f"address:{NORMALISER}:" + "|".join(known)


def unit_key(address: Address) -> str:
    """The key of a rental unit: the unit code where there is one, else the normalised text; no unit, no key."""
    if address.unit_code:
        return f"unit:{NORMALISER}:code:{address.unit_code.strip().upper()}"
    parts = prepare_address(address)
    # A High Street is in every town: a flat is the same only within one.
    town = f"{parts.city}|{parts.district}"
    return f"unit:{NORMALISER}:{town}|{parts.unit_key}" if parts.unit_key else ""


def phone_key(text: str, country: str = "") -> str:
    """E.164 where it can be told, else the digits; masked numbers have no key."""
    phone = prepare_phone(text, country)
    number = phone.e164 or phone.digits
    typed = sum(char.isdecimal() for char in text)
    return f"phone:{NORMALISER}:{number}" if typed >= MIN_DIGITS and not phone.masked else ""


def email_key(text: str) -> str:
    box = prepare_email(text)
    return f"email:{NORMALISER}:{box}" if box else ""


def document_key(document: Document) -> str:
    """Family and canonical number; masked, cut and placeholder numbers have no key."""
    number = prepare_number(document)
    if not number.canonical or "?" in number.canonical or number.fake:
        return ""
    country = "" if number.family.startswith("cn-") else number.country
    return f"document:{NORMALISER}:{number.family}:{country}:{number.canonical}"


def subject_key(key: LeadKey) -> str:
    """The person of a lead: by ``person_id`` within the feed, or else by the registration and place in it."""
    return person_key("subject", key.feed_id, key.registration_id, key.role, key.person_ref)


def person_key(kind: str, feed_id: str, registration_id: str, role: str, person_ref: str) -> str:
    """A person whom a registration names, as ``subject`` or ``contact``; the parts as those of a lead's key."""
    own = person_ref if not person_ref.startswith("#") else f"{registration_id}{person_ref}"
    return f"{kind}:{NORMALISER}:{feed_id}:{role}:{own}"


def contact_key(document: Document) -> str:
    """The person who holds a document; no readable number, no key."""
    key = document_key(document)
    return f"contact:{NORMALISER}:{key.split(':', 2)[2]}" if key else ""


def vehicle_key(plate: str, country: str = "", region: str = "") -> str:
    """Country (alpha-2), region where plates are issued by one, and the plate's canonical form."""
    number = canonical_plate(plate)
    place = "/".join(filter(None, (country.upper(), canonical_plate(region))))
    return f"vehicle:{NORMALISER}:{place}:{number}" if number else ""


def iban_key(iban: str) -> str:
    """An IBAN in its electronic form."""
    return f"account:{NORMALISER}:iban:{iban}"


def account_key(number: str, bank: str) -> str:
    """A number that is no IBAN tells an account apart within its bank alone."""
    canonical = canonical_number(number)
    return f"account:{NORMALISER}:{' '.join(bank.casefold().split())}:{canonical}" if canonical and bank else ""


def company_key(number: str, jurisdiction: str) -> str:
    """The number of a company within the register of its jurisdiction (alpha-2, or empty)."""
    canonical = canonical_number(number)
    return f"organisation:{NORMALISER}:reg:{jurisdiction.upper()}:{canonical}" if canonical else ""
