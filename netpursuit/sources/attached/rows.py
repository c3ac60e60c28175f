"""One row of a table of subscribers, vehicles, accounts, companies or owners: a thing and those whose it is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from netpursuit.ids.accounts import canonical_number, read_iban
from netpursuit.links.keys import account_key, address_key, company_key, iban_key, unit_key, vehicle_key
from netpursuit.records import Address, AddressKind, Document
from netpursuit.records.attachments import Holding, Party, TableKind
from netpursuit.records.graph import NodeKind
from netpursuit.sources.attached.columns import NAMED_BY, PARTIES, PARTY
from netpursuit.sources.attached.values import day_of
from netpursuit.sources.registrations.values import (
    clean_name,
    clean_number,
    country_of,
    document_kind_of,
    split_phones,
)

LONGEST_CELL = 300  # characters of a name or an address; what is longer is no cell of its column


class WrongCellError(Exception):
    """A cell that cannot be used: the program's column, what is wrong and what was expected; never the value."""

    def __init__(self, column: str, what: str, expected: str) -> None:
        super().__init__(column)
        self.column, self.what, self.expected = column, what, expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of a row by the program's columns, empty where they say nothing.

    ``telephone`` gives a number's key, or why there is none; ``left`` counts what is passed over.
    """

    line: int
    texts: Mapping[str, str]
    country: str
    date_order: str
    telephone: Callable[[str], tuple[str, str]]
    left: Counter[str]

    def text(self, column: str) -> str:
        text = self.texts.get(column, "")
        if len(text) > LONGEST_CELL:
            raise WrongCellError(column, "a cell that is too long", f"at most {LONGEST_CELL} characters")
        return text

    def day(self, column: str) -> str:
        text = self.text(column)
        day = day_of(text, self.date_order) if text else ""
        if text and not day:
            raise WrongCellError(column, "no day", f"a whole day as 2026-03-01 (date_order {self.date_order})")
        return day

    def country_in(self, column: str) -> str:
        """The country that a cell names, or else the mapping's."""
        text = self.text(column)
        code = country_of(text) if text else self.country
        if text and not code:
            raise WrongCellError(column, "no country", "one country by its name or two letters")
        return code

    def telephones(self, column: str) -> tuple[str, ...]:
        keys = []
        for text in split_phones(self.text(column)):
            key, why = self.telephone(text)
            if why == "wrong":
                raise WrongCellError(column, "no telephone number", "one number, or several parted by ';'")
            if key:
                keys.append(key)
            elif why != "withheld":
                self.left[why] += 1
        return tuple(dict.fromkeys(keys))

    def address(self, column: str) -> Address | None:
        # Without a country, as registrations have theirs: the same house from both is one node.
        text = " ".join(self.text(column).split())
        return Address(text=text, kind=AddressKind.OTHER) if text else None

    def parties(self, kind: TableKind) -> tuple[Party, ...]:
        return tuple(party for column in PARTIES[kind] for party in self._parties(column))

    def _parties(self, column: str) -> list[Party]:
        """The person and the organisation that a row names in one place; a row may leave it empty."""
        stated = {name: self.text(f"{column}_{name}") for name in PARTY}
        role = self.text(f"{column}_role") or column
        name, company = clean_name(stated["name"]), clean_name(stated["company"])
        number = clean_number(stated["document"])
        phones, address = self.telephones(f"{column}_phone"), self.address(f"{column}_address")
        if not (name or number or company):
            if phones or address or stated["company_number"]:
                expected = " or ".join(f"{column}_{by}" for by in NAMED_BY)
                raise WrongCellError(f"{column}_name", "nobody is named", f"{expected} beside the rest")
            return []
        found = []
        if name or number:
            person = Party(column=column, role=role, name=name, document=self._document(column, number))
            # What the row says of telephone and address is said of the person, where it names one.
            found.append(replace(person, phones=phones, address=address))
        if company:
            organisation = Party(
                column=column,
                role=role,
                name=company,
                company=True,
                number=clean_number(stated["company_number"]),
                jurisdiction=self.country,
            )
            found.append(organisation if found else replace(organisation, phones=phones, address=address))
        return found

    def _document(self, column: str, number: str) -> Document | None:
        if not number:
            return None
        kind, country = document_kind_of(self.text(f"{column}_document_type"))
        return Document(number=number, kind=kind, country=country or self.country_in(f"{column}_document_country"))


def _subscriber(cells: Cells) -> Holding | None:
    text = cells.text("phone")
    key, why = cells.telephone(text)
    if why in ("wrong", "withheld"):
        raise WrongCellError("phone", "no telephone number", "one number")
    if why:
        cells.left[why] += 1
        return None
    return _holding(cells, NodeKind.PHONE, TableKind.SUBSCRIBERS, key, key.split(":", 2)[2])


def _vehicle(cells: Cells) -> Holding:
    plate, country = cells.text("plate"), cells.country_in("country")
    key = vehicle_key(plate, country, cells.text("region"))
    if not key:
        raise WrongCellError("plate", "no whole plate", "letters and digits of one plate, none of them hidden")
    make = cells.text("make")
    label = " ".join(plate.split()) + (f" ({make})" if make else "")
    return _holding(cells, NodeKind.VEHICLE, TableKind.VEHICLES, key, label)


def _account(cells: Cells) -> Holding:
    stated, number, bank = clean_number(cells.text("iban")), clean_number(cells.text("number")), cells.text("bank")
    if stated:
        iban = read_iban(stated)
        if not iban:
            raise WrongCellError("iban", "no IBAN", "an IBAN of its country's length with right check digits")
        return _holding(cells, NodeKind.ACCOUNT, TableKind.ACCOUNTS, iban_key(iban), iban)
    key = account_key(number, bank)
    if not canonical_number(number):
        column = "number" if "number" in cells.texts and cells.text("number") else "iban"
        raise WrongCellError(column, "no whole account number", "an IBAN, or a number with its bank, nothing hidden")
    if not key:
        raise WrongCellError("bank", "a number without its bank", "the bank, which tells one number from another's")
    return _holding(cells, NodeKind.ACCOUNT, TableKind.ACCOUNTS, key, f"{' '.join(number.split())} ({bank})")


def _company(cells: Cells) -> Holding:
    name, number = clean_name(cells.text("name")), clean_number(cells.text("number"))
    if not (name or number):
        raise WrongCellError("name", "no company", "a name or a number")
    key = company_key(number, cells.country_in("jurisdiction"))
    if number and not key:
        raise WrongCellError("number", "no whole number", "the number of the register, nothing hidden")
    holding = _holding(cells, NodeKind.ORGANISATION, TableKind.COMPANIES, key, name or number)
    return replace(holding, phones=cells.telephones("phone"), address=cells.address("address"))


def _owned(cells: Cells) -> Holding:
    text = " ".join(cells.text("address").split())
    address = Address(text=text, unit=cells.text("unit"), unit_code=cells.text("unit_code"))
    key = unit_key(address) or address_key(address)
    if not key:
        raise WrongCellError("address", "no house and no unit", "an address down to the house, or a unit code")
    kind = NodeKind.RENTAL_UNIT if unit_key(address) else NodeKind.ADDRESS
    holding = _holding(cells, kind, TableKind.OWNERS, key, text)
    if not holding.parties:
        raise WrongCellError("owner_name", "nobody is named", "owner_name, owner_document or owner_company")
    return replace(holding, address=address)


def _holding(cells: Cells, kind: NodeKind, table: TableKind, key: str, label: str) -> Holding:
    first, last = cells.day("from"), cells.day("to")
    if first and last and last < first:
        raise WrongCellError("to", "a last day before the first", "the same day or a later one")
    return Holding(
        kind=kind,
        key=key,
        label=label,
        line=cells.line,
        parties=cells.parties(table),
        first=first,
        last=last,
    )


HOLDINGS: Mapping[TableKind, Callable[[Cells], Holding | None]] = {
    TableKind.SUBSCRIBERS: _subscriber,
    TableKind.VEHICLES: _vehicle,
    TableKind.ACCOUNTS: _account,
    TableKind.COMPANIES: _company,
    TableKind.OWNERS: _owned,
}
