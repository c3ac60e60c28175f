"""Whether two records are surely of one person, and which keys of the link graph a number may have.

Numbers are compared in the canonical form of the scoring path, within one family and of countries that may be one. A
number of unstated kind, as people type it, is read as of the kind that it is compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from netpursuit.ids.documents import PreparedNumber, SlipKind, number_slips, prepare_number
from netpursuit.ids.fingerprints import has_whole_birth_date, is_whole_number, person_fields
from netpursuit.links.keys import contact_key, document_key
from netpursuit.records import Document, DocumentKind, Person


def is_same(stated: Person, stored: Person) -> bool:
    """Whether two records share a whole document number, or a name and a whole birth date, and nothing stands against
    it: of two namesakes who may be born on one day any numbers of one family that differ, and beside a shared number
    any that people keep for life."""
    shared = any(
        one.canonical == other.canonical
        for one, other in _compared(stated, stored)
        if not (_is_partial(one) or _is_partial(other))
    )
    if shared:
        return not _differs(stated, stored, lifelong=True)
    one, other = person_fields(stated), person_fields(stored)
    alike = all(set(one[name]) & set(other[name]) for name in ("name", "birth-date")) and has_whole_birth_date(stored)
    return alike and not _differs(stated, stored, lifelong=False)


def may_be_number(person: Person) -> Callable[[str], bool]:
    """A test of whether a node's key is that of a document of the person, or of whoever holds it."""
    known: dict[tuple[str, ...], set[str]] = {}
    for document in person.documents:
        kinds = tuple(DocumentKind) if document.kind is DocumentKind.OTHER else (document.kind, DocumentKind.OTHER)
        for kind in kinds:
            read = replace(document, kind=kind)
            for key in filter(None, (document_key(read), contact_key(read))):
                *start, country, number = key.split(":")
                known.setdefault((*start, number), set()).add(country)

    def is_own(key: str) -> bool:
        *start, country, number = key.split(":") if key.count(":") > 1 else ("", "", "")
        countries = known.get((*start, number), set())
        return bool(countries) and (not country or country in countries or "" in countries)

    return is_own


def _compared(stated: Person, stored: Person) -> Iterator[tuple[PreparedNumber, PreparedNumber]]:
    """Every two numbers that can be compared; placeholders and scraps cannot."""
    for one in stated.documents:
        for other in stored.documents:
            left, right = prepare_number(_read_as(one, other.kind)), prepare_number(_read_as(other, one.kind))
            countries = {left.country, right.country} - {""}
            readable = all(_is_readable(document, number) for document, number in ((one, left), (other, right)))
            if readable and left.family == right.family and len(countries) < 2:
                yield left, right


def _read_as(document: Document, kind: DocumentKind) -> Document:
    """A document of unstated kind as one of this kind; a citizen's number says by its form that it is no passport."""
    if document.kind is not DocumentKind.OTHER:
        return document
    read = replace(document, kind=DocumentKind.PASSPORT if kind is DocumentKind.MRZ else kind)
    families = {prepare_number(document).family, prepare_number(read).family}
    is_kept = any(family.startswith("cn-") for family in families) and any(
        not family.startswith("cn-") for family in families - {"other"}
    )
    return document if is_kept else read


def _is_readable(document: Document, number: PreparedNumber) -> bool:
    return not number.fake and (_is_partial(number) or is_whole_number(document))


def _is_partial(number: PreparedNumber) -> bool:
    return number.masked or number.truncated or "?" in number.canonical


def _differs(stated: Person, stored: Person, *, lifelong: bool) -> bool:
    """Whether numbers of one family differ and none of that family agrees; ``lifelong``: of those kept for life alone,
    since passports are renewed."""
    agreed: set[str] = set()
    against: set[str] = set()
    for one, other in _compared(stated, stored):
        if number_slips(one.canonical, other.canonical) is SlipKind.SAME:
            agreed.add(one.family)
        elif _is_partial(one) or _is_partial(other):
            if len(one.canonical) == len(other.canonical):
                against.add(one.family)
        elif not lifelong or (one.lifelong and other.lifelong):
            against.add(one.family)
    return bool(against - agreed)
