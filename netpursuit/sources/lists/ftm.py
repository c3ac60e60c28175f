"""FollowTheMoney entities, one JSON object a line, as OpenSanctions and others publish them.

People need a topic of sanction, wanted or crime; a politically exposed person or a relative of a sanctioned one is
nobody wanted. Companies, vessels and aircraft with such a topic are kept for links. Edges (ownership, family ...),
addresses, sanctions and passports stand on lines of their own and are joined to the entries they belong to, which takes
two passes.
Ethnicity, religion and political views are never read.
Source: https://followthemoney.tech/explorer/schemata and https://www.opensanctions.org/docs/topics.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from netpursuit.errors import InputError
from netpursuit.records import (
    Address,
    Document,
    DocumentKind,
    Entry,
    EntryKind,
    ListHeader,
    ListItem,
    Name,
    NameKind,
    Person,
    Relation,
)
from netpursuit.sources.lists.fields import clean, country_code, is_latin, parse_day, parse_sex
from netpursuit.sources.lists.published import (
    ATTACHED,
    LINK,
    NOT_WANTED,
    REPEATED,
    SUPPORTING,
    BirthDates,
    BrokenRecordError,
    RecordPlace,
    comma_parts,
    converted,
    described,
    joined_names,
    name_kind,
    once,
    published_warrant,
    rejection,
    unlisted,
)
from netpursuit.sources.lists.published_files import checked_head, head_text, list_files

TITLE: Final = "FollowTheMoney entities"
_EXPECTED = "FollowTheMoney entities: one JSON object a line with id, schema and properties"
_ID_IN_DAMAGE = re.compile(r'"id"\s*:\s*"([^"\\]{1,200})"')
_SHARES_NO_FATE = frozenset({"sanction.linked"})  # a company or relative of a sanctioned one, itself not sanctioned
_KINDS = {
    "Person": EntryKind.PERSON,
    "Vessel": EntryKind.VESSEL,
    "Airplane": EntryKind.AIRCRAFT,
    **dict.fromkeys(("Company", "Organization", "LegalEntity", "PublicBody"), EntryKind.ORGANISATION),
}
# Edges: the property of each end, and what the one is to the other.
_EDGES = {
    "Ownership": ("owner", "asset", "owner of", "owned by"),
    "Directorship": ("director", "organization", "director of", "directed by"),
    "Employment": ("employee", "employer", "employed by", "employer of"),
    "Membership": ("member", "organization", "member of", "has member"),
    "Family": ("person", "relative", "family of", "family of"),
    "Associate": ("person", "associate", "associate of", "associate of"),
    "Representation": ("agent", "client", "agent of", "represented by"),
    "Succession": ("predecessor", "successor", "succeeded by", "successor of"),
    "UnknownLink": ("subject", "object", "linked to", "linked to"),
}
_NUMBERS = {
    "idNumber": (DocumentKind.NATIONAL_ID, ""),
    "passportNumber": (DocumentKind.PASSPORT, ""),
    "taxNumber": (DocumentKind.TAX_NUMBER, ""),
    "innCode": (DocumentKind.TAX_NUMBER, "RU"),
    "vatCode": (DocumentKind.TAX_NUMBER, ""),
    "socialSecurityNumber": (DocumentKind.SOCIAL_SECURITY, ""),
    "registrationNumber": (DocumentKind.OTHER, ""),
    "ogrnCode": (DocumentKind.OTHER, "RU"),
    "leiCode": (DocumentKind.OTHER, ""),
    "imoNumber": (DocumentKind.OTHER, ""),
    "mmsi": (DocumentKind.OTHER, ""),
}

Record = Mapping[str, Any]


@dataclass(slots=True)
class _Attached:
    """What other lines say about entities, by the entity's id. ``entries`` are the ids that become entries."""

    entries: set[str] = field(default_factory=set)
    captions: dict[str, str] = field(default_factory=dict)
    relations: dict[str, list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))
    places: dict[str, Address] = field(default_factory=dict)
    used_places: set[str] = field(default_factory=set)
    sanctions: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))
    papers: dict[str, list[Record]] = field(default_factory=lambda: defaultdict(list))


class FtmReader:
    """Entities in file order."""

    format = "ftm-jsonl"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return bool(paths) and all(
            (head := head_text(path)).startswith("{")
            and '"id"' in head
            and ('"schema"' in head or '"properties"' in head)
            and _first_is_entity(path)
            for path in paths
        )

    def header(self, paths: Sequence[Path]) -> ListHeader:
        list_files(paths, _EXPECTED)
        datasets: list[str] = []
        for path in paths:
            if not _first_is_entity(path):
                raise InputError("the first line is no entity", where=path.name, line=1, expected=_EXPECTED)
            first = next(_lines(path))[1]
            datasets += _strings(first.get("datasets")) if isinstance(first, dict) else []
        return ListHeader(
            format=self.format, published_on=None, publisher=", ".join(once(datasets)) or "FollowTheMoney", title=TITLE
        )

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        files = list_files(paths, _EXPECTED)
        attached = _gather(paths)
        seen: set[str] = set()
        for file in files:
            for line, record, damaged_id in _lines(file.path):
                place = file.at(line)
                if record is None:
                    yield rejection(place, BrokenRecordError("", "entry-bad-row", "a JSON object"), entry_id=damaged_id)
                    continue
                entity_id = clean(record.get("id")) if isinstance(record.get("id"), str) else ""
                if entity_id and entity_id in seen:
                    yield unlisted(REPEATED, place)
                    continue
                seen.add(entity_id)
                yield _item(record, entity_id, attached, place)


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | None, str]]:
    """Objects with their lines; None and the id as far as readable for a damaged line.

    Raises ``InputError`` at the end where the last line is cut short.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as file:
        for line, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                record = json.loads(text)
            except (ValueError, RecursionError):
                if not text.endswith("\n"):
                    raise InputError("cut short", where=path.name, line=line, expected=_EXPECTED) from None
                found = _ID_IN_DAMAGE.search(text[:2000])
                yield line, None, found[1] if found else ""
                continue
            yield line, record if isinstance(record, dict) else None, ""


def _first_is_entity(path: Path) -> bool:
    checked_head(path, _EXPECTED)
    try:
        first = next(_lines(path), None)
    except InputError:
        return False
    record = first[1] if first else None
    return record is not None and "schema" in record and isinstance(record.get("properties"), dict)


def _gather(paths: Sequence[Path]) -> _Attached:
    """The first pass. A file that is cut short is read as far as it goes; the second pass reports it."""
    found = _Attached()
    address_of: dict[str, list[str]] = {}
    for path in paths:
        try:
            for _, record, _ in _lines(path):
                if record is not None:
                    _take(found, record, address_of)
        except InputError:
            continue
    for entry_id in found.entries:
        found.used_places.update(address_of.get(entry_id, ()))
    return found


def _take(found: _Attached, record: Record, address_of: dict[str, list[str]]) -> None:
    schema, entity_id = _schema(record), str(record.get("id"))
    if schema in _EDGES:
        start, end, forth, back = _EDGES[schema]
        words = _values(record, "relationship") or _values(record, "role")
        detail = f" ({words[0]})" if words else ""
        for one in _values(record, start):
            for other in _values(record, end):
                found.relations[one].append((forth + detail, other))
                found.relations[other].append((back + detail, one))
    elif schema == "Address":
        if text := ", ".join(_values(record, "full")[:1]) or ", ".join(once(_parts_of_address(record))):
            found.places[entity_id] = Address(
                text=text,
                city=next(iter(_values(record, "city")), ""),
                region=next(iter(_values(record, "region")), ""),
                postcode=next(iter(_values(record, "postalCode")), ""),
                country=next((code for word in _values(record, "country") if (code := country_code(word))), ""),
            )
    elif schema == "Sanction":
        for entity in _values(record, "entity"):
            found.sanctions[entity].append(record)
    elif schema in {"Passport", "Identification"}:
        for holder in _values(record, "holder"):
            found.papers[holder].append(record)
    elif schema in _KINDS:
        found.captions[entity_id] = clean(record.get("caption")) or next(iter(_values(record, "name")), "")
        if is_wanted(record):
            found.entries.add(entity_id)
            address_of[entity_id] = _values(record, "addressEntity")


def _parts_of_address(record: Record) -> Iterator[str]:
    for key in ("street", "postalCode", "city", "region", "country"):
        yield from _values(record, key)[:1]


def is_wanted(record: Record) -> bool:
    """Whether a topic says that the entity itself is under sanctions, wanted, or tied to a crime as its doer."""
    return any(
        topic.partition(".")[0] in {"sanction", "wanted", "crime"} and topic not in _SHARES_NO_FATE
        for topic in _values(record, "topics")
    )


def _item(record: Record, entity_id: str, attached: _Attached, place: RecordPlace) -> ListItem:
    """What one line becomes. A line joined to an entry is counted as ``attached-record``."""
    schema = _schema(record)
    if not schema or not isinstance(record.get("properties"), dict):
        return rejection(
            place, BrokenRecordError("schema", "entry-bad-row", "schema and properties"), entry_id=entity_id
        )
    if schema in _EDGES:
        ends = (*_values(record, _EDGES[schema][0]), *_values(record, _EDGES[schema][1]))
        return unlisted(ATTACHED if attached.entries.intersection(ends) else LINK, place)
    if schema not in _KINDS:
        owners = (*_values(record, "entity"), *_values(record, "holder"))
        belongs = entity_id in attached.used_places or bool(attached.entries.intersection(owners))
        return unlisted(ATTACHED if belongs else SUPPORTING, place)
    if not is_wanted(record):
        return unlisted(NOT_WANTED, place)
    return converted(partial(_entry_of, record, entity_id, attached, place), place, entry_id=entity_id)


def _entry_of(record: Record, entity_id: str, attached: _Attached, place: RecordPlace) -> Entry:
    """One wanted person or an organisation. Raises ``BrokenRecordError`` without id or name."""
    if not entity_id:
        raise BrokenRecordError("id", "no-id")
    kind = _KINDS[_schema(record)]
    person = kind is EntryKind.PERSON
    births = BirthDates()
    for written in _values(record, "birthDate") if person else ():
        births.add(written)
    sanctions, papers = attached.sanctions.get(entity_id, []), attached.papers.get(entity_id, [])
    authorities = once(word for sanction in sanctions for word in _values(sanction, "authority"))
    nations = (*_values(record, "nationality"), *_values(record, "citizenship")) if person else ()
    days = (
        parse_day(word)
        for sanction in sanctions
        for word in (*_values(sanction, "listingDate"), *_values(sanction, "startDate"))
    )
    return Entry(
        entry_id=entity_id,
        kind=kind,
        person=Person(
            names=joined_names(_names(record, person=person)),
            birth_dates=births.dates,
            sex=next((sex for word in _values(record, "gender") if (sex := parse_sex(word))), None) if person else None,
            nationalities=once(country_code(nation) for nation in nations),
            documents=tuple(dict.fromkeys(_documents(record, papers))),
            phones=once(_values(record, "phone")),
            emails=once(_values(record, "email")),
            addresses=tuple(dict.fromkeys(_addresses(record, attached))),
        ),
        source=place.source,
        relations=tuple(
            dict.fromkeys(
                Relation(kind=words, target_name=attached.captions.get(other, ""), target_id=other)
                for words, other in attached.relations.get(entity_id, ())
            )
        ),
        programmes=once(
            [
                *_values(record, "programId"),
                *(word for sanction in sanctions for word in _values(sanction, "program")),
            ]
        ),
        warrant=published_warrant(", ".join(authorities) or ", ".join(_strings(record.get("datasets"))) or TITLE),
        listed_on=min((day for day in days if day), default=None),
        link=_link(record, entity_id, sanctions),
        description=described(
            *_values(record, "position"), births.description, *_values(record, "notes"), *_values(record, "summary")
        ),
        birth_places=once(_values(record, "birthPlace")),
    )


def _link(record: Record, entity_id: str, sanctions: Sequence[Record]) -> str:
    stated = (*_values(record, "sourceUrl"), *(url for found in sanctions for url in _values(found, "sourceUrl")))
    return next((url for url in stated if url.startswith(("https://", "http://"))), "")


def _names(record: Record, *, person: bool) -> Iterator[Name]:
    """The caption, else the first Latin name, is the primary one; the rest are as strong but rank as aliases."""
    written, caption = _values(record, "name"), clean(record.get("caption"))
    primary = caption if caption in written else next(filter(is_latin, written), next(iter(written), caption))
    first, last = _values(record, "firstName"), _values(record, "lastName")
    alone = person and len(first) == len(last) == 1
    yield Name(
        text=primary,
        kind=NameKind.PRIMARY,
        family=last[0] if alone else "",
        given=first[0] if alone else "",
    )
    for key, kind, weak in (
        ("name", NameKind.ALIAS, False),
        ("alias", NameKind.ALIAS, False),
        ("previousName", NameKind.FORMER, False),
        ("weakAlias", NameKind.ALIAS, True),
    ):
        for text in _values(record, key):
            family, given = comma_parts(text) if person else ("", "")
            yield Name(text=text, kind=name_kind(text, kind), weak=weak, family=family, given=given)


def _documents(record: Record, papers: Sequence[Record]) -> Iterator[Document]:
    """One number often stands under two names (``taxNumber``, ``innCode``): the one that tells the country counts."""
    found: dict[tuple[str, DocumentKind], str] = {}
    for key, (kind, country) in _NUMBERS.items():
        for number in _values(record, key):
            found[number, kind] = found.get((number, kind)) or country
    for (number, kind), country in found.items():
        yield Document(number=number, kind=kind, country=country)
    for paper in papers:
        kind = DocumentKind.PASSPORT if _schema(paper) == "Passport" else DocumentKind.NATIONAL_ID
        countries = [code for word in _values(paper, "country") if (code := country_code(word))]
        for number in (*_values(paper, "number"), *_values(paper, "passportNumber")):
            note = "; ".join(_values(paper, "type"))
            yield Document(number=number, kind=kind, country=countries[0] if countries else "", note=note)


def _addresses(record: Record, attached: _Attached) -> Iterator[Address]:
    for entity_id in _values(record, "addressEntity"):
        if place := attached.places.get(entity_id):
            yield place
    known = {attached.places[found].text for found in _values(record, "addressEntity") if found in attached.places}
    yield from (Address(text=text) for text in _values(record, "address") if text not in known)


def _schema(record: Record) -> str:
    schema = record.get("schema")
    return schema if isinstance(schema, str) else ""


def _values(record: Record, key: str) -> list[str]:
    properties = record.get("properties")
    return _strings(properties.get(key)) if isinstance(properties, dict) else []


def _strings(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for found in values if isinstance(found, str) and (text := clean(found))]
