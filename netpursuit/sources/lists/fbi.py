"""Items of the FBI Wanted API, JSON: one page, a dump of all, or a bare list.

Most items are no wanted people but victims, missing people, bodies without a name, or calls for information (A11).
Wanted is an item of classification Main or Accomplice (or none) that is not captured, whose subjects and poster are
not of those kinds. Race is never read. Source: https://api.fbi.gov/docs and https://www.fbi.gov/wanted/api.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

from netpursuit.records import Entry, EntryKind, ListHeader, ListItem, Name, NameKind, Person
from netpursuit.sources.lists.fields import clean, parse_day, parse_sex
from netpursuit.sources.lists.published import (
    REPEATED,
    BirthDates,
    BrokenRecordError,
    RecordPlace,
    comma_parts,
    converted,
    country_codes,
    described,
    joined_names,
    name_kind,
    once,
    published_warrant,
    rejection,
    unlisted,
)
from netpursuit.sources.lists.published_files import head_text, json_items, list_files

PUBLISHER: Final = "Federal Bureau of Investigation"
PAGE: Final = "https://www.fbi.gov/wanted"
_EXPECTED = "items of the FBI Wanted API as JSON"
HEAD_CHARACTERS: Final = 200_000
_FIELDS = ("uid", "title", "subjects", "aliases", "dates_of_birth_used", "person_classification", "field_offices")

# Why an item is nobody wanted, with the words that say so. Items of 2020 have no field for the kind of poster; there
# only the folder of the poster's page states it.
_SUBJECTS = (
    ("kidnapping-victim", re.compile(r"kidnapping victim", re.I)),
    ("missing-person", re.compile(r"missing", re.I)),
    ("unidentified-person", re.compile(r"unidentified", re.I)),
    ("seeking-information", re.compile(r"seeking info", re.I)),
)
_POSTERS = (("information", "seeking-information"), ("missing", "missing-person"))
_FOLDERS = (
    ("seeking-information", re.compile(r"/wanted/seeking-info(?:rmation)?(?:/|$)")),
    ("missing-person", re.compile(r"/wanted/(?:kidnap|vicap/missing-persons)(?:/|$)")),
    ("unidentified-person", re.compile(r"/wanted/vicap/unidentified-persons(?:/|$)")),
    ("kidnapping-victim", re.compile(r"/wanted/parental-kidnappings/[^/]+/[^/]")),  # a child, below the abductor's page
)
# Unsolved homicides: victims, unknown and dead offenders. Where the kind of poster is stated, that decides.
_UNSOLVED = re.compile(r"/wanted/vicap(?:/|$)")
_VICTIM = re.compile(r"^(?:homicide )?victim\b", re.I)
# Posters of a group or of somebody whose name is not known: no name to find a person by.
_NAMELESS = re.compile(
    r"\b(?:unknown|unidentified|john doe|jane doe|suspects?|subjects|hackers|actors|members|group|attacks?|hacking|"
    r"offender|shooter|shootings|burglary|homicides?|bombing|investigation|interference|seeking information|"
    r"operation)\b",
    re.I,
)
_TAGS = re.compile(r"<[^>]*>")
_PLACE = re.compile(r"\s+[-\u2013\u2014]\s+.*$")  # "JERRICA LAWS - PARK FOREST, ILLINOIS"
_ROLE = re.compile(r"^(?:offender|suspect|fugitive)\b[^-]*-\s+", re.I)  # "OFFENDER (DECEASED) - RICHARD ORAN"
_NICKNAME = re.compile(r"^(\S+) [\"\u201c]([^\"\u201d]+)[\"\u201d] (.+)$")  # FARHAD "FRED" MONEM
_REMARK = re.compile(r"\([^)]*(?:moniker|unknown|nickname|alias)[^)]*\)", re.I)
_SEVERAL = re.compile(r";|\"\s*,\s*\"?|,\s*\"")
_MARKS = re.compile('["\u201c\u201d]')
_QUOTES = "\"'\u201c\u201d\u2018\u2019"


class FbiReader:
    """Items in file order. Of one ``uid`` in several pages the item modified last counts."""

    format = "fbi-wanted-json"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return bool(paths) and all(
            head_text(path).lstrip().startswith(("{", "[")) and _has_fields(path) for path in paths
        )

    def header(self, paths: Sequence[Path]) -> ListHeader:
        for file in list_files(paths, _EXPECTED):
            next(json_items(file.path, "items", _EXPECTED), None)
        return ListHeader(format=self.format, published_on=None, publisher=PUBLISHER, title="FBI Wanted")

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        files = list_files(paths, _EXPECTED)
        latest = _latest(paths) if len(files) > 1 else {}
        seen: set[str] = set()
        for at, file in enumerate(files):
            for ordinal, item in enumerate(json_items(file.path, "items", _EXPECTED), start=1):
                place = file.at(ordinal)
                if not isinstance(item, dict):
                    yield rejection(place, BrokenRecordError("", "entry-bad-row", "an object"))
                    continue
                uid = _text(item, "uid")
                if uid and (uid in seen or latest.get(uid, at) != at):
                    yield unlisted(REPEATED, place)
                    continue
                seen.add(uid)
                reason = why_not_wanted(item)
                if reason:
                    yield unlisted(reason, place)
                else:
                    yield converted(partial(_entry_of, item, place), place, entry_id=uid)


def _has_fields(path: Path) -> bool:
    """Whether field names of the API stand in the first item, whose long texts may push some far back."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        text = file.read(HEAD_CHARACTERS)
    return '"uid"' in text and sum(f'"{field}"' in text for field in _FIELDS) >= 3


def _latest(paths: Sequence[Path]) -> dict[str, int]:
    """For each uid the position of the file whose item was modified last; of equals the first."""
    modified: dict[str, tuple[str, int]] = {}
    for at, path in enumerate(paths):
        for item in json_items(path, "items", _EXPECTED):
            if isinstance(item, dict) and (uid := _text(item, "uid")):
                when = _text(item, "modified")
                if uid not in modified or when > modified[uid][0]:
                    modified[uid] = (when, at)
    return {uid: at for uid, (_, at) in modified.items()}


def why_not_wanted(item: Mapping[str, Any]) -> str:
    """The reason (a key of ``unlisted.<reason>``) why an item is nobody wanted; empty for a wanted person."""
    classification = _text(item, "person_classification").casefold()
    if classification == "victim":
        return "victim"
    if classification not in {"", "main", "accomplice"}:
        return "not-wanted"
    subjects = " | ".join(_texts(item, "subjects"))
    for reason, pattern in _SUBJECTS:
        if pattern.search(subjects):
            return reason
    poster, folder = _text(item, "poster_classification").casefold(), _text(item, "path").casefold()
    for word, reason in _POSTERS:
        if word in poster:
            return reason
    for reason, pattern in _FOLDERS:
        if pattern.search(folder):
            return reason
    if _VICTIM.search(_text(item, "title")) or _VICTIM.search(_text(item, "description")):
        return "victim"
    if not poster and _UNSOLVED.search(folder):
        return "seeking-information"
    status = _text(item, "status").casefold()
    if status in {"captured", "surrendered"}:
        return "captured"
    return "not-wanted" if status in {"located", "recovered", "deceased"} else ""


def _entry_of(item: Mapping[str, Any], place: RecordPlace) -> Entry:
    """One wanted person. Raises ``BrokenRecordError`` without uid or title."""
    uid = _text(item, "uid")
    if not uid:
        raise BrokenRecordError("uid", "no-id")
    births = BirthDates()
    for written in _texts(item, "dates_of_birth_used"):
        births.add(_birth_words(written))
    offence = _text(item, "description")
    nameless = _is_nameless(item)
    return Entry(
        entry_id=uid,
        kind=EntryKind.UNSTATED if nameless else EntryKind.PERSON,
        person=Person(
            names=joined_names(_names(item, nameless=nameless)),
            birth_dates=births.dates,
            sex=parse_sex(_text(item, "sex")),
            nationalities=country_codes([_text(item, "nationality")]),
        ),
        source=place.source,
        programmes=once(_texts(item, "subjects")),
        warrant=published_warrant(PUBLISHER, document_number=_text(item, "ncic"), offence=offence),
        listed_on=parse_day(_text(item, "publication")),
        link=_text(item, "url") or PAGE,
        description=described(
            offence, _text(item, "warning_message"), births.description, _text(item, "scars_and_marks")
        ),
        birth_places=once([_text(item, "place_of_birth")]),
    )


def _is_nameless(item: Mapping[str, Any]) -> bool:
    """Neither birth date nor alias, and a title that names no person."""
    return (
        not _texts(item, "dates_of_birth_used")
        and not _texts(item, "aliases")
        and bool(_NAMELESS.search(_text(item, "title")))
    )


def _names(item: Mapping[str, Any], *, nameless: bool) -> Iterator[Name]:
    """The title without the place behind it, and the aliases. A title that names nobody is weak: it never triggers."""
    title = _text(item, "title")
    if nameless:
        yield Name(text=title, kind=NameKind.PRIMARY, weak=True)
    else:
        name = _PLACE.sub("", _ROLE.sub("", title)) or title
        family, given = comma_parts(name)
        yield Name(text=name, kind=NameKind.PRIMARY, family=family, given=given)
        if found := _NICKNAME.match(name):
            yield from (Name(text=f"{first} {found[3]}", kind=NameKind.ALIAS) for first in (found[1], found[2]))
    for alias in _texts(item, "aliases"):
        for text in _SEVERAL.split(_REMARK.sub(" ", alias)):
            bare = _MARKS.sub("", clean(text)).strip(_QUOTES + " ,.")
            yield Name(text=bare, kind=name_kind(bare))


def _birth_words(text: str) -> str:
    """A date without what stands around it: ``September 21, 1981 (True)``, ``Kaylah:  November 8, 2007``."""
    words = clean(re.sub(r"\([^)]*\)", " ", text))
    return words.rpartition(":")[2].strip() if not re.search(r"\d:\d", words) else words


def _plain(text: str) -> str:
    return clean(html.unescape(_TAGS.sub(" ", text)))


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return _plain(value) if isinstance(value, str) else ""


def _texts(item: Mapping[str, Any], key: str) -> list[str]:
    value = item.get(key)
    values = value if isinstance(value, list) else [value]
    return [text for element in values if isinstance(element, str) and (text := _plain(element))]
