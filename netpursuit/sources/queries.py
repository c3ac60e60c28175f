"""Records as people type them: options, JSON objects and the two sides of a ``compare`` row, into a ``Person``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from netpursuit.errors import InputError
from netpursuit.ids.dates import parse_date
from netpursuit.ids.documents import cut_by_spreadsheet
from netpursuit.records import Address, AddressKind, Document, DocumentKind, Name, NameKind, Person, Sex
from netpursuit.sources.registrations.values import DOCUMENT_KINDS, SEXES

KEYS = (
    "names",
    "birth_date",
    "sex",
    "nationality",
    "id_country",
    "id_type",
    "id_number",
    "phone",
    "email",
    "address",
    "registered_address",
)
SEPARATOR = "|"


def parse_sex(text: str, where: str = "sex") -> Sex | None:
    """``male``, ``F``, ``男`` ... ; empty is None. Raises ``InputError`` for anything else."""
    if not text.strip():
        return None
    sex = SEXES.get(text.strip().casefold())
    if sex is None:
        raise InputError(f"{text!r} is no sex", where=where, expected="male or female (m, f, 男, 女)")
    return sex


def parse_country(text: str, where: str) -> str:
    """An ISO 3166-1 alpha-2 code; empty stays empty. Raises ``InputError`` for anything else."""
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise InputError(f"{text!r} is no country code", where=where, expected="two letters (ISO 3166-1), such as CN")
    return code


def parse_document(text: str, country: str = "", kind: str = "", where: str = "id_number") -> Document:
    """``NUMBER`` or ``COUNTRY:NUMBER``; the kind in English or Chinese. Raises ``InputError`` for an unknown kind."""
    head, colon, tail = text.partition(":")
    if colon and len(head) == 2 and head.isalpha() and not country:
        country, text = head, tail
    document_kind = DocumentKind.OTHER
    if kind.strip():
        found = DOCUMENT_KINDS.get(kind.strip().casefold())
        if found is None:
            raise InputError(f"{kind!r} is no document type", where=where, expected=", ".join(DocumentKind))
        document_kind = found
    return Document(
        number=text.strip(),
        kind=document_kind,
        country=parse_country(country, where),
        note="truncated" if cut_by_spreadsheet(text.strip(), False) else "",
    )


def texts_of(record: Mapping[str, Any], key: str, where: str) -> list[str]:
    """The values of a key: a string (several behind ``|``), a number, or a list of them."""
    value = record.get(key)
    if value is None:
        return []
    values = value if isinstance(value, list) else str(value).split(SEPARATOR)
    if any(isinstance(item, (dict, list, bool)) for item in values):
        raise InputError(f"the value of {key!r} is not text", where=where, expected="a string or a list of strings")
    return [str(item).strip() for item in values if str(item).strip()]


def person_of(record: Mapping[str, Any], *, where: str = "record", prefix: str = "", strict: bool = True) -> Person:
    """The person behind the keys of ``KEYS`` (``name`` stands for ``names``).

    ``prefix`` is put before every key (``left_``). Raises ``InputError`` for an unknown key where ``strict``, for a
    value that is no date, sex, country or document type.
    """
    known = {prefix + key for key in KEYS} | {prefix + "name"}
    if strict and (unknown := sorted(key for key in record if key not in known)):
        raise InputError(f"unknown key {unknown[0]!r}", where=where, expected=", ".join(KEYS))

    def texts(key: str) -> list[str]:
        return texts_of(record, prefix + key, where)

    names = tuple(
        Name(text=text, kind=NameKind.ALIAS if row else NameKind.PRIMARY)
        for row, text in enumerate([*texts("names"), *texts("name")])
    )
    dates = []
    for text in texts("birth_date"):
        date = parse_date(text)
        if date is None:
            raise InputError(f"{text!r} is no birth date", where=where, expected="1958-07-03, 1958-07 or 1958")
        dates.append(date)
    sexes = texts("sex")
    countries, kinds = texts("id_country"), texts("id_type")
    documents = tuple(
        parse_document(
            text,
            countries[min(row, len(countries) - 1)] if countries else "",
            kinds[min(row, len(kinds) - 1)] if kinds else "",
            where,
        )
        for row, text in enumerate(texts("id_number"))
    )
    addresses = [Address(text=text) for text in texts("address")]
    addresses += [Address(text=text, kind=AddressKind.REGISTERED) for text in texts("registered_address")]
    return Person(
        names=names,
        birth_dates=tuple(dates),
        sex=parse_sex(sexes[0], where) if sexes else None,
        nationalities=tuple(parse_country(text, where) for text in texts("nationality")),
        documents=documents,
        phones=tuple(texts("phone")),
        emails=tuple(texts("email")),
        addresses=tuple(addresses),
    )


def readable_person(record: Mapping[str, Any], *, prefix: str = "") -> tuple[Person, tuple[str, ...]]:
    """The person behind whatever of a record can be read, and the keys whose values cannot (with their prefix)."""
    try:
        return person_of(record, prefix=prefix, strict=False), ()
    except InputError:
        pass
    kept: dict[str, Any] = {}
    left_out = []
    # Numbers come before their countries and types, which are read together with them.
    for key in sorted((prefix + key for key in KEYS), key=lambda key: not key.endswith("id_number")):
        try:
            person_of(kept | {key: record.get(key)}, prefix=prefix, strict=False)
        except InputError:
            left_out.append(key)
        else:
            kept[key] = record.get(key)
    return person_of(kept, prefix=prefix, strict=False), tuple(left_out)
