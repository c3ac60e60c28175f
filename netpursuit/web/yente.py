"""Queries and answers in the shape of OpenSanctions' yente, so that its clients can ask here.

A query is a FollowTheMoney ``Person``; what it states of ethnicity, religion, politics, birth place or residence is not
read. Source: https://www.opensanctions.org/docs/api/matching and https://followthemoney.tech/explorer/schemata/Person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from netpursuit.enquiry.search import FoundEntry, SearchAnswer
from netpursuit.errors import InputError
from netpursuit.ids.dates import parse_date
from netpursuit.records import Address, Band, Document, DocumentKind, Name, NameKind, Person
from netpursuit.reports.leads_file import evidence_json
from netpursuit.sources.lists.countries import country_code
from netpursuit.sources.queries import parse_sex

MOST_QUERIES = 100
MOST_VALUES = 50  # of one property
LONGEST_VALUE = 1_000
_NAMES = {
    "name": NameKind.PRIMARY,
    "alias": NameKind.ALIAS,
    "previousName": NameKind.FORMER,
    "weakAlias": NameKind.ALIAS,
}
_NUMBERS = {
    "idNumber": DocumentKind.NATIONAL_ID,
    "passportNumber": DocumentKind.PASSPORT,
    "taxNumber": DocumentKind.TAX_NUMBER,
    "innCode": DocumentKind.TAX_NUMBER,
    "socialSecurityNumber": DocumentKind.SOCIAL_SECURITY,
}
_PARTS = ("firstName", "secondName", "middleName", "fatherName", "lastName")
_READ = frozenset(
    (*_NAMES, *_NUMBERS, *_PARTS, "birthDate", "gender", "nationality", "citizenship", "phone", "email", "address")
)
_SEXES = {"male": "male", "female": "female"}
_PROPERTY_OF = {kind: name for name, kind in reversed(_NUMBERS.items())}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One person asked about, by the name that the client gave the question; ``unread``: properties left aside."""

    name: str
    person: Person
    unread: tuple[str, ...]


def queries_of(body: object) -> list[tuple[str, Query | InputError]]:
    """The questions of a request's body, in its order; of one that cannot be read, why.

    Raises ``InputError`` where the body is no set of questions.
    """
    asked = body.get("queries") if isinstance(body, dict) else None
    if not isinstance(asked, dict) or not asked:
        raise InputError("no queries", where="body", expected='{"queries": {"NAME": {"schema", "properties"}}}')
    if len(asked) > MOST_QUERIES:
        raise InputError(f"{len(asked)} queries", where="body", expected=f"at most {MOST_QUERIES}")
    found: list[tuple[str, Query | InputError]] = []
    for name, entity in asked.items():
        try:
            found.append((name, _query(name, entity)))
        except InputError as error:
            found.append((name, error))
    return found


def _query(name: str, entity: object) -> Query:
    if not isinstance(entity, dict) or not isinstance(entity.get("properties"), dict):
        raise InputError("not an entity", where="query", expected="schema and properties")
    if entity.get("schema") != "Person":
        raise InputError("only people are looked for", where="schema", expected="Person")
    stated: Mapping[str, Any] = entity["properties"]
    values = {key: list(_values(key, stated[key])) for key in stated if key in _READ}
    return Query(name=name, person=_person(values), unread=tuple(sorted(set(stated) - _READ)))


def _values(key: str, value: object) -> Iterator[str]:
    items = value if isinstance(value, list) else [value]
    if len(items) > MOST_VALUES:
        raise InputError(f"{len(items)} values", where=key, expected=f"at most {MOST_VALUES}")
    for item in items:
        if item is None:
            continue
        if not isinstance(item, str):
            raise InputError("not text", where=key, expected="a string or a list of strings")
        if len(item) > LONGEST_VALUE:
            raise InputError(f"{len(item)} characters", where=key, expected=f"at most {LONGEST_VALUE}")
        if item.strip():
            yield item.strip()


def _person(values: Mapping[str, list[str]]) -> Person:
    def texts(*keys: str) -> list[str]:
        return [text for key in keys for text in values.get(key, ())]

    names = [Name(text=text, kind=kind, weak=key == "weakAlias") for key, kind in _NAMES.items() for text in texts(key)]
    given, family = texts(*_PARTS[:-1]), texts("lastName")
    if (given or family) and not names:
        names.append(Name(text=" ".join((*given, *family)), family=" ".join(family), given=" ".join(given)))
    dates = []
    for text in texts("birthDate"):
        date = parse_date(text)
        if date is None:
            raise InputError("not a date", where="birthDate", expected="1958-07-03, 1958-07 or 1958")
        dates.append(date)
    sexes = [_SEXES[text.casefold()] for text in texts("gender") if text.casefold() in _SEXES]
    nations = dict.fromkeys(code for text in texts("nationality", "citizenship") if (code := country_code(text)))
    return Person(
        names=tuple(names),
        birth_dates=tuple(dates),
        sex=parse_sex(sexes[0]) if len(set(sexes)) == 1 else None,
        nationalities=tuple(nations),
        documents=tuple(
            Document(number=text, kind=kind, country="RU" if key == "innCode" else "")
            for key, kind in _NUMBERS.items()
            for text in texts(key)
        ),
        phones=tuple(texts("phone")),
        emails=tuple(texts("email")),
        addresses=tuple(Address(text=text) for text in texts("address")),
    )


def answer_json(answer: SearchAnswer, query: Query, lists: frozenset[str], threshold: float) -> dict[str, Any]:
    """One answer. ``match`` is true from ``possible`` on and at or above the threshold: a lead, never a verdict."""
    results = [_result(found, threshold) for found in answer.matches]
    return {
        "status": 200,
        "results": results,
        "total": {"value": len(results), "relation": "gte" if answer.truncated else "eq"},
        "query": {"schema": "Person", "properties": _properties(query.person)},
        "unread": list(query.unread),
        "as_of": answer.as_of.isoformat(),
        "lists": [
            {
                "id": item.list_id,
                "version": item.version.version if item.version else None,
                "date": item.version.list_date.isoformat() if item.version else None,
                "status": item.status.value,
            }
            for item in answer.lists
            if not lists or item.list_id in lists
        ],
        "policy": answer.policy,
        "consultation": answer.consultation_id,
    }


def _result(found: FoundEntry, threshold: float) -> dict[str, Any]:
    match, entry = found.match, found.entry
    names = entry.person.names
    return {
        "id": match.key.entry_id,
        "caption": names[0].text if names else match.key.entry_id,
        "schema": "Person",
        "properties": _properties(entry.person),
        "datasets": [match.key.list_id],
        "referents": [],
        "target": True,
        "first_seen": entry.listed_on.isoformat() if entry.listed_on else None,
        "last_seen": found.standing.version.list_date.isoformat() if found.standing.version else None,
        "last_change": None,
        "score": round(match.probability, 6),
        "match": match.band >= Band.POSSIBLE and match.probability >= threshold,
        "band": match.band.word,
        "bits": match.bits,
        "capped": match.capped,
        "features": {item.field: item.bits for item in match.evidence if item.level != "not-compared"},
        "evidence": evidence_json(match),
        "group": found.group_id or None,
        "list_status": found.standing.status.value,
    }


def _properties(person: Person) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in person.names:
        key = "weakAlias" if name.weak else "name" if name.kind is NameKind.PRIMARY else "alias"
        found.setdefault(key, []).append(name.text)
    for document in person.documents:
        found.setdefault(_PROPERTY_OF.get(document.kind, "idNumber"), []).append(document.number)
    found["birthDate"] = [str(date) for date in person.birth_dates]
    found["gender"] = [person.sex.value] if person.sex else []
    found["nationality"] = [code.lower() for code in person.nationalities]
    found["phone"], found["email"] = list(person.phones), list(person.emails)
    found["address"] = [address.text for address in person.addresses]
    return {key: values for key, values in found.items() if values}
