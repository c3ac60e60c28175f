"""The grammar of OFAC's free-text Remarks: items separated by semicolons, each a label and a value.

Source: the "Remarks" field of OFAC's SDN data specification; the labels are those met in the published files.
"""

from __future__ import annotations

import re

from netpursuit.sources.lists.fields import clean
from netpursuit.sources.lists.ofac_facts import LINKED_TO, Facts, name_kind, split_name

_ALTERNATIVE = re.compile(r"^alt\.\s+", re.I)
_BORN = re.compile(r"^(?:DOB|D\.O\.B\.|Date of Birth):?\s+(.+)$", re.I)
_BIRTH_PLACE = re.compile(r"^(?:POB|P\.O\.B\.|Place of Birth):?\s+(.+)$", re.I)
_SEX = re.compile(r"^(?:Gender|Sex):?\s+(\w+)$", re.I)
_NATIONALITY = re.compile(r"^(?:nationality|citizen(?:ship)?(?: of)?):?\s+(.+)$", re.I)
_ALIAS = re.compile(r"^([afn])\.?k\.?a\.?,?\s+(['‘\"“]?)(.+?)['’\"”]?$", re.I)
_LINKED = re.compile(r"^Linked To:?\s+(.+)$", re.I)
_CONTACT = re.compile(r"^((?:Tele)?phone(?: (?:Number|No\.?))?|E-?mail(?: Address)?|Website):?\s+(\S.*)$", re.I)

# A label ends with one of these words, or is one of the names that Latin American registers go by.
_LABEL = (
    r"(?:[^\W\d][\w.'/&-]*\s+){0,6}?(?:No\.?|Number|Num\.?|#|ID|Card|Booklet|Passport|Certificate)(?![\w'])"
    r"(?:\s+(?:No\.?|#|Number|Card|Booklet|ID|RNE)(?![\w']))*:?"
)
_REGISTER = (
    r"(?:D\.?N\.?I\.?|C\.?U\.?I\.?[TLP]?\.?|C\.?U\.?R\.?P\.?|I\.?F\.?E\.?|R\.?F\.?C\.?|N\.?I\.?E\.?|SSN|RUC|RIF|NIT|RTN"
    r"|VisaNumberID|Cedula(?: de \w+)*|Numero de Identidad|Credencial electoral|(?:Italian )?Fiscal Code"
    r"|Cartilla de Servicio Militar(?: Nacional)?|Tazkira(?: National ID Card)?|CNP \(Personal Numerical Code\)"
    r"|Seafarer's Identification Document|UAE Identification)(?:\s+No\.?)?"
)
_DOCUMENT = re.compile(rf"^((?:{_REGISTER}|{_LABEL})(?:\s*#)?:?)\s+(\S.*)$", re.I)
_VALIDITY = re.compile(r"[\s,]*\b(?:issued|issue date|expires|expired|expiration)\b.*$", re.I)
_COUNTRY = re.compile(r"\s*\(((?:Region: )?[^()\d]{2,60})\)$")
# Numbers of laws, courts and accounts read like numbers of documents.
_NO_DOCUMENT = re.compile(
    r"^(?:Executive Order|CAATSA|Public Law|Digital Currency|Chinese Commercial Code|Secondary sanctions|Additional "
    r"Sanctions|Transactions|UN\b|Case|Security Council|Fax)",
    re.I,
)
_NUMBER_LENGTH = 60
_ABBREVIATIONS = frozenset({"co.", "inc.", "ltd.", "corp.", "bros.", "jr.", "sr.", "est.", "ltda."})


def read_remarks(remarks: str, facts: Facts, *, person: bool, cut: bool = False) -> None:
    """Put every item of the Remarks where it belongs; what has no place of its own goes to the notes, unshortened.

    ``cut``: the text ends in the middle of an item, which is then no more than a note (half a number is another's).
    """
    *items, last = re.split(r";\s*", clean(remarks))
    for item in items:
        _read_item(item.strip(), facts, person)
    if cut:
        facts.add_note(f"{last} ...")
    else:
        _read_item(_without_full_stop(last.strip()), facts, person)


def _read_item(item: str, facts: Facts, person: bool) -> None:
    whole = _ALTERNATIVE.sub("", item)
    bare = whole.rstrip(".").rstrip()
    if not bare:
        return
    if found := _BORN.match(bare):
        facts.add_birth_date(found[1])
    elif found := _BIRTH_PLACE.match(bare):
        facts.add_birth_place(found[1])
    elif found := _SEX.match(bare):
        facts.add_identifier("Gender", found[1])
    elif found := _NATIONALITY.match(bare):
        facts.add_nationality(found[1])
    elif found := _ALIAS.match(bare):
        _add_alias(found, facts, person)
    elif found := _LINKED.match(whole):
        facts.add_relation(LINKED_TO, found[1])
    elif found := _CONTACT.match(bare):
        facts.add_identifier(found[1], found[2])
    elif not _add_document(bare, facts):
        facts.add_note(whole)


def _add_alias(found: re.Match[str], facts: Facts, person: bool) -> None:
    # OFAC puts weak aliases, and only those, into the Remarks of the CSV files, in single quotes.
    kind = name_kind(f"{found[1]}ka")
    facts.add_name(split_name(found[3], kind, person=person, weak=bool(found[2])))


def _add_document(item: str, facts: Facts) -> bool:
    if _NO_DOCUMENT.match(item):
        return False
    found = _DOCUMENT.match(item)
    if found is None:
        return False
    number, country = _VALIDITY.sub("", found[2]).strip(" ,"), ""
    if place := _COUNTRY.search(number):
        number, country = number[: place.start()].strip(" ,"), place[1]
    if not any(char.isdigit() for char in number) or len(number) > _NUMBER_LENGTH:
        return False
    facts.add_identifier(found[1].rstrip(":"), number, country)
    return True


def _without_full_stop(text: str) -> str:
    """Drop the full stop that ends the Remarks, not that of an abbreviation (``S.A.``, ``CO.``, ``INC.``)."""
    words = text.split()
    if not words or not text.endswith("."):
        return text
    abbreviated = words[-1].count(".") > 1 or words[-1].casefold() in _ABBREVIATIONS
    return text if abbreviated else text[:-1].rstrip()
