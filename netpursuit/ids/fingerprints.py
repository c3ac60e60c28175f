"""Keyed fingerprints of a record's fields: what changed can be seen, what it was cannot.

A fingerprint is a digest under the workspace's key over the folded values of one field, the order of the values left
out of account. A field that states nothing has the empty fingerprint. Only with the key can a value be tried against a
fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from netpursuit.ids.documents import prepare_number
from netpursuit.policy.limits import NUMBER_MIN_CHARACTERS
from netpursuit.ports.keys import Digests, Keys
from netpursuit.records import Document, Entry, Person

if TYPE_CHECKING:
    from netpursuit.records import Registration

# Fields whose change makes a cleared pair worth another look (promise A7); never address, unit, phone or dates.
IDENTIFYING = ("name", "birth-date", "document", "sex", "nationality")
SIDES = ("left", "right")
CUT = "truncated"  # the note of a number that a spreadsheet has cut; several people share what is left of it
_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), default=str).encode


def keyed_digest(keys: Digests, purpose: str, *values: str) -> str:
    """32 hex digits that bind the purpose and every value, so that no two lists of values run together."""
    return keys.digest(purpose, json.dumps(values, separators=(",", ":")))


def person_fields(person: Person) -> dict[str, tuple[str, ...]]:
    """The comparable values of a person, folded (width, case, spaces, separators) and sorted, by field."""
    return {
        "name": _sorted(_fold(name.text) + ("~" if name.weak else "") for name in person.names),
        "birth-date": _sorted(str(day) for day in person.birth_dates),
        "document": _sorted(_number(item.number) + ("~" if item.note == CUT else "") for item in person.documents),
        "sex": (person.sex.value,) if person.sex else (),
        "nationality": _sorted(country.upper() for country in person.nationalities),
        "phone": _sorted(_number(phone) for phone in person.phones),
        "email": _sorted(_fold(email) for email in person.emails),
        "address": _sorted(
            "|".join((_fold(place.text), _fold(place.unit), _fold(place.unit_code), place.kind.value))
            for place in person.addresses
        ),
    }


def registered_fingerprints(keys: Keys, person: Person, registration: Registration) -> dict[str, str]:
    """Fingerprints of the registered side (``left.*``): the person's fields, the unit and the dates of the stay."""
    fields = person_fields(person)
    unit = (_fold(registration.address), _fold(registration.unit), _fold(registration.unit_code))
    fields["unit"] = unit if any(unit) else ()
    stay = (registration.start_date, registration.end_date)
    fields["dates"] = tuple(str(day or "") for day in stay) if any(stay) else ()
    return _digests(keys, "left", fields)


def entry_fingerprints(keys: Keys, entry: Entry) -> dict[str, str]:
    """Fingerprints of the listed side (``right.*``)."""
    return _digests(keys, "right", person_fields(entry.person))


def person_digest(keys: Keys, person: Person) -> str:
    """The digest that a clearance follows: document, name and birth date; empty where that is no person.

    A name alone, or a name with half a birth date, is shared by strangers: such a clearance must stay with its lead.
    """
    fields = person_fields(person)
    if not fields["name"] or not (has_whole_birth_date(person) or any(map(is_whole_number, person.documents))):
        return ""
    return _digest(keys, "person", {field: fields[field] for field in ("document", "name", "birth-date")})


def has_whole_birth_date(person: Person) -> bool:
    """Whether a day of birth is stated: half a date, a span or a guess is shared by too many."""
    return any(day.day is not None and not day.circa and day.last_year is None for day in person.birth_dates)


def is_whole_number(document: Document) -> bool:
    """Whether a number belongs to one person: readable, nothing hidden or cut, no placeholder, not a mere part."""
    number = prepare_number(document)
    whole = not (number.masked or number.truncated or number.fake) and "?" not in number.canonical
    return whole and len(number.canonical) >= NUMBER_MIN_CHARACTERS and any(map(str.isdigit, number.canonical))


def record_digest(keys: Digests, purpose: str, person: Person) -> str:
    """A digest of everything that a person's record states and that can be matched."""
    return _digest(keys, purpose, person_fields(person))


def registration_digest(keys: Digests, registration: Registration) -> str:
    """A digest of the matching fields of a whole row, for rows that carry no id of their own."""
    parts = [
        _fold(registration.address),
        _fold(registration.unit),
        _fold(registration.unit_code),
        str(registration.start_date or ""),
    ]
    for someone in registration.persons:
        parts += [someone.role.value, str(someone.position), someone.person_id]
        parts.append(record_digest(keys, "registered-person", someone.person))
    return keyed_digest(keys, "registration", *parts)


def entry_version(entry: Entry) -> str:
    """16 hex digits of what an entry says, whatever line of whatever file it was read from. Not keyed: it is published.

    Two versions of an entry agree exactly where every field but ``source`` and ``flagged`` agrees.
    """
    content = {name: _as_json(getattr(entry, name)) for name in _names(Entry) if name not in ("source", "flagged")}
    return hashlib.sha256(_canonical(content).encode("ascii")).hexdigest()[:16]


def _as_json(value: Any) -> Any:
    """Records as objects of all their fields, as ``dataclasses.asdict`` gives them, without copying what they hold."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [_as_json(part) for part in value]
    if isinstance(value, dict):
        return {key: _as_json(part) for key, part in value.items()}
    names = _names(value.__class__)
    return {name: _as_json(getattr(value, name)) for name in names} if names else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()


def list_digest(entries: Iterable[tuple[str, str]]) -> str:
    """16 hex digits over (entry id, entry version) in the order of ids: the version of a list."""
    state = hashlib.sha256()
    for pair in entries:
        state.update(json.dumps(pair).encode("ascii") + b"\n")
    return state.hexdigest()[:16]


def identifying_changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """The identifying fields of either side whose fingerprints differ, as ``left.name``; sorted."""
    names = (f"{side}.{field}" for side in SIDES for field in IDENTIFYING)
    return tuple(sorted(name for name in names if before.get(name, "") != after.get(name, "")))


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """All fields of either side whose fingerprints differ; sorted."""
    names = {name for name in (*before, *after) if name.startswith(("left.", "right."))}
    return tuple(sorted(name for name in names if before.get(name, "") != after.get(name, "")))


def _digests(keys: Keys, side: str, fields: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {
        f"{side}.{name}": keys.fingerprint(name, json.dumps(values)) if values else ""
        for name, values in fields.items()
    }


def _digest(keys: Digests, purpose: str, fields: Mapping[str, tuple[str, ...]]) -> str:
    parts: list[str] = []
    for name, values in fields.items():
        parts += [name, str(len(values)), *values]
    return keyed_digest(keys, purpose, *parts)


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _number(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum() or char in "*+")


def _sorted(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({value for value in values if value}))
