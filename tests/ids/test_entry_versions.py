"""The version of an entry stands in stored leads and lists: it must never come to be worked out differently."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields, replace

import pytest

from netpursuit.ids.fingerprints import entry_version
from netpursuit.records import Address, Document, Entry, EntryKind, Name, PartialDate, Person, Sex, SourceRef

ENTRY = Entry(
    entry_id="E-1",
    kind=EntryKind.PERSON,
    person=Person(
        names=(Name(text="张伟"), Name(text="Zhang Wei", weak=True)),
        birth_dates=(PartialDate(year=1985, month=3), PartialDate(year=1986, circa=True)),
        sex=Sex.MALE,
        nationalities=("CN",),
        documents=(Document(number="990101198503040010", country="CN"),),
        addresses=(Address(text="12 Mill Lane"),),
    ),
    source=SourceRef(file="own.csv", line=7),
)


def stated(entry: Entry) -> str:
    """The definition: canonical JSON of all fields but the place in the file and what a reader flagged."""
    content = asdict(entry)
    del content["source"], content["flagged"]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]


def test_a_version_is_the_digest_of_all_that_an_entry_says() -> None:
    assert entry_version(ENTRY) == stated(ENTRY)
    assert entry_version(ENTRY) == "89464cd789b1d618"
    assert entry_version(replace(ENTRY, source=SourceRef(file="other.csv", line=1))) == entry_version(ENTRY)


@pytest.mark.parametrize("name", sorted({field.name for field in fields(Person)} - {"names"}))
def test_whatever_is_left_out_changes_it(name: str) -> None:
    less = replace(ENTRY, person=replace(ENTRY.person, **{name: getattr(Person(), name)}))
    assert entry_version(less) == stated(less)
    assert (entry_version(less) == entry_version(ENTRY)) == (getattr(ENTRY.person, name) == getattr(Person(), name))
