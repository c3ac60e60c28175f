"""How much a field of a call may hold, and the shapes that several calls share."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated, Any

import msgspec

from netpursuit.errors import InputError
from netpursuit.ids.lines import MAX_LENGTH
from netpursuit.records import Document, DocumentKind
from netpursuit.sources.queries import parse_document
from netpursuit.web.endpoints import Asked

Short = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=2_000)]
Line = Annotated[str, msgspec.Meta(max_length=MAX_LENGTH)]
_YEARS = range(1900, 2200)


class NumberAsked(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """A number whose kind and country are known."""

    number: Short
    country: Short = ""
    kind: DocumentKind = DocumentKind.OTHER


class PersonAsked(Asked):
    """One person as typed; ``name`` may be a whole pasted line, ``id_numbers`` as NUMBER, COUNTRY:NUMBER or whole."""

    name: Line = ""
    birth_date: Short = ""
    id_numbers: Annotated[tuple[Short | NumberAsked, ...], msgspec.Meta(max_length=20)] = ()
    phones: Annotated[tuple[Short, ...], msgspec.Meta(max_length=20)] = ()
    emails: Annotated[tuple[Short, ...], msgspec.Meta(max_length=20)] = ()
    address: Text = ""
    sex: Short = ""
    nationality: Short = ""

    def fields(self) -> dict[str, Any]:
        """The fields as ``typed_person`` takes them, without the numbers of ``documents``."""
        return {
            "name": self.name.strip(),
            "birth_date": self.birth_date,
            "id_numbers": [item for item in self.id_numbers if isinstance(item, str) and item.strip()],
            "phones": self.phones,
            "emails": self.emails,
            "address": self.address,
            "sex": self.sex,
            "nationality": self.nationality,
        }

    def documents(self) -> tuple[Document, ...]:
        """The numbers whose kind is stated."""
        stated = (item for item in self.id_numbers if isinstance(item, NumberAsked) and item.number.strip())
        return tuple(
            replace(parse_document(item.number, item.country, where="id_numbers"), kind=item.kind) for item in stated
        )


def day_of(value: date | None, where: str) -> date | None:
    """A date that can be reckoned with. Raises ``InputError`` for one of another age."""
    if value is not None and value.year not in _YEARS:
        raise InputError(f"the year {value.year}", where=where, expected=f"{_YEARS[0]} to {_YEARS[-1]}")
    return value
