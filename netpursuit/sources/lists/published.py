"""What the readers of published lists share: broken records, names, documents, descriptions. Pure.

A record that cannot be used raises ``BrokenRecordError`` while it is converted; its reader turns that into one
``Rejected`` and goes on. A birth date that cannot be read breaks no record: its words go into the description.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from netpursuit.records import (
    Document,
    DocumentKind,
    Entry,
    Instrument,
    Name,
    NameKind,
    PartialDate,
    Rejected,
    SourceRef,
    Unlisted,
    Warrant,
)
from netpursuit.sources.lists.fields import clean, country_code, is_latin, parse_day, parse_partial_date, partial_date

NAME_LIMIT = 500  # characters; the longest name on the lists of 2026 has under 250
TEXT_LIMIT = 20_000  # characters of a description

# Reasons why a record of a list is not loaded (``unlisted.<reason>`` in the catalogue).
REPEATED = "repeated-record"
SUPERSEDED = "superseded-file"
NOT_WANTED = "not-wanted"
LINK = "link"
ATTACHED = "attached-record"
SUPPORTING = "supporting-record"


class BrokenRecordError(Exception):
    """One record that cannot be used. ``reason`` is a key of the catalogue, ``expected`` a fixed text without data."""

    def __init__(self, column: str, reason: str, expected: str = "") -> None:
        super().__init__(f"{column}: {reason}")
        self.column, self.reason, self.expected = column, reason, expected


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPlace:
    """Where a record stands: the file's name and digest, and its 1-based line or ordinal."""

    file: str
    digest: str
    line: int

    @property
    def source(self) -> SourceRef:
        return SourceRef(file=self.file, line=self.line)


def converted(
    convert: Callable[[], Entry | Unlisted], place: RecordPlace, *, entry_id: str = ""
) -> Entry | Unlisted | Rejected:
    """What one record becomes: its entry, or a rejection where the conversion says that it is broken."""
    try:
        return convert()
    except BrokenRecordError as broken:
        return rejection(place, broken, entry_id=entry_id)


def rejection(place: RecordPlace, broken: BrokenRecordError, *, entry_id: str = "") -> Rejected:
    return Rejected(
        file_digest=place.digest,
        file=place.file,
        line=place.line,
        column=broken.column,
        reason=broken.reason,
        expected=broken.expected,
        entry_id=entry_id,
    )


def unlisted(reason: str, place: RecordPlace) -> Unlisted:
    return Unlisted(reason=reason, source=place.source)


def published_warrant(authority: str, *, document_number: str = "", offence: str = "") -> Warrant:
    """The publisher's own authority (A8): nothing else is demanded of a published list."""
    return Warrant(
        instrument=Instrument.PUBLISHED, authority=authority, document_number=document_number, offence=offence
    )


@dataclass(slots=True)
class BirthDates:
    """Birth dates of one record, gathered without repeats; ``words`` keeps what could not be read as a date."""

    found: list[PartialDate] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def add(self, text: str | None, *, circa: bool = False) -> None:
        """Take one date as written. Of a day that no calendar has (``31/06/1965``) the year is kept, as about."""
        written = clean(text)
        bare = _TIME_ZONE.sub("", _PLACEHOLDER.sub("00", written))
        if not bare.strip("0/.- "):
            return
        choices = [parse_partial_date(part) for part in re.split(r"\s+or\s+", bare, flags=re.I)]
        for birth in filter(None, choices):
            self.take(replace(birth, circa=True) if circa else birth)
        if all(choices):
            return
        self.note(written)
        year = _NUMERIC_DATE.fullmatch(bare)
        if year and (about := partial_date(int(year[1] or year[2]), circa=True)):
            self.take(about)

    def take(self, birth: PartialDate) -> None:
        if birth not in self.found:
            self.found.append(birth)

    def note(self, words: str) -> None:
        if words and words not in self.words:
            self.words.append(words)

    @property
    def dates(self) -> tuple[PartialDate, ...]:
        return tuple(self.found)

    @property
    def description(self) -> str:
        """The unread words, for a description; empty where every date was read."""
        return "; ".join(f"DOB: {words}" for words in self.words)


def listing_day(text: str | None) -> date | None:
    """A calendar day of the list itself, such as ``2011-10-21-04:00``; None where the text states none."""
    return parse_day(_TIME_ZONE.sub("", clean(text)))


_PLACEHOLDER = re.compile(r"\b(?:dd|mm)\b", re.I)  # dd/mm/1945 in the UK Sanctions List
_TIME_ZONE = re.compile(r"(?<=\d\d)(?:Z|[+-]\d\d:\d\d)$")  # an xs:date may end in one
_NUMERIC_DATE = re.compile(r"(?:(\d{4})[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}))")


def joined_names(names: Iterable[Name]) -> tuple[Name, ...]:
    """Names without repeats, the primary first; of two spellings alike the stronger stays, at the earlier place.

    Raises ``BrokenRecordError`` where no name is left or the primary one is longer than ``NAME_LIMIT``; what runs on
    as an alias (a whole list of them in one field) is cut there.
    """
    kept: dict[str, Name] = {}
    for name in names:
        text = clean(name.text)
        if not any(char.isalnum() for char in text):
            continue
        if len(text) > NAME_LIMIT and name.kind is NameKind.PRIMARY:
            raise BrokenRecordError("name", "entry-too-long", f"at most {NAME_LIMIT} characters")
        text = text[:NAME_LIMIT]
        name = replace(name, text=text, family=clean(name.family), given=clean(name.given))
        key = text.casefold()
        before = kept.get(key)
        if before is None or (before.weak and not name.weak):
            kept[key] = name
    if not kept:
        raise BrokenRecordError("name", "entry-no-name")
    return tuple(sorted(kept.values(), key=lambda name: name.kind is not NameKind.PRIMARY))


def name_kind(text: str, kind: NameKind = NameKind.ALIAS) -> NameKind:
    """``NATIVE`` for an alias in another script than Latin, else the kind given."""
    return NameKind.NATIVE if kind is NameKind.ALIAS and not is_latin(text) else kind


_PARENTHESES = re.compile(r"[(（]([^()（）]*)[)）]?")
_ORIGINAL = re.compile(r"(?:in )?(?:original script|arabic|chinese|russian|farsi|persian|cyrillic)\s*:?\s*", re.I)
_FORMER = re.compile(r"\b(?:previously|formerly) listed as\b|\bformerly\b|\bformer name\b|\bbirth name\b", re.I)
_FACTS = re.compile(r",?\s*\b(?:born (?:in|on|\d)|DOB|D?POB|passport|nationality)\b.*$", re.I | re.S)
_LETTERED = re.compile(r"(?:^|\s)[a-z]\)\s+")
_COMMA_NAME = re.compile(r"^([^,]+),\s*([^,]+)$")
_SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "i", "ii", "iii", "iv"})
_QUOTES = "\"“”„«»‘’'`"


def alias_names(text: str, *, weak: bool = False, former: bool = False) -> Iterator[Name]:
    """The names that one alias of a person holds: ``A; B``, ``A b) C``, ``Latin (original script)`` and the reverse.

    Remarks in parentheses (``(birth name)``) are no part of a name. Family and given name only from ``Family, Given``.
    """
    kind = NameKind.FORMER if former or _FORMER.search(text) else NameKind.ALIAS
    inner = [_ORIGINAL.sub("", part).strip() for part in _PARENTHESES.findall(text)]
    outer = _FACTS.sub("", _PARENTHESES.sub(" ", text))
    outer_is_latin = is_latin(outer)
    for part in (piece for chunk in outer.split(";") for piece in _LETTERED.split(chunk)):
        for written in filter(None, map(_bare, by_script(part))):
            family, given = comma_parts(written)
            yield Name(text=written, kind=name_kind(written, kind), weak=weak, family=family, given=given)
    for part in inner:
        if not is_latin(part):
            native = "".join(re.findall(r"[^A-Za-z0-9]+", part)).strip(" .,;:")
            yield Name(text=native, kind=NameKind.NATIVE, weak=weak)
        elif not outer_is_latin:
            yield from (Name(text=_bare(piece), kind=kind, weak=weak) for piece in part.split(";") if _bare(piece))


def _bare(text: str) -> str:
    words = clean(text).strip(" ,;:.()")
    if len(words) > 1 and words[0] in _QUOTES and words[-1] in _QUOTES:
        words = words[1:-1].strip(" ,;:")
    return _ORIGINAL.sub("", words) if _ORIGINAL.match(words) else words


def comma_parts(text: str) -> tuple[str, str]:
    """Family and given name where a comma tells them apart, else two empty texts.

    >>> comma_parts("Zhang, Wei"), comma_parts("Hilarion Santos, III")
    (('Zhang', 'Wei'), ('', ''))
    """
    if (found := _COMMA_NAME.match(text)) and found[2].casefold() not in _SUFFIXES:
        return found[1].strip(), found[2].strip()
    return "", ""


def by_script(text: str) -> list[str]:
    """One name written twice, in Latin and in another script, taken apart.

    A word is of another script where one letter is: Belarusian names are often typed with a Latin ``i``.

    >>> by_script("Agha Jan اغا جان"), by_script("Карчэўскi A. Сяргей")
    (['Agha Jan', 'اغا جان'], ['Карчэўскi A. Сяргей'])
    """
    runs: list[tuple[bool, list[str]]] = []
    for word in text.split():
        latin = is_latin(word)
        neutral = latin and sum(char.isalpha() for char in word) < 2
        if runs and (neutral or runs[-1][0] == latin):
            runs[-1][1].append(word)
        else:
            runs.append((latin, [word]))
    return [" ".join(words) for _, words in runs]


_NUMBERED = re.compile(r"\(\d{1,2}\)(?:\s*-\s*\(\d{1,2}\))?\s*")


def numbered(text: str | None) -> list[str]:
    """The items of ``(1) Tiaret (2)-(3) Algiers (4) -``; a text without numbers is one item.

    >>> numbered("(1) Tiaret (2)-(3) Algiers (4) -"), numbered("Tunis")
    (['Tiaret', 'Algiers'], ['Tunis'])
    """
    return [item for part in _NUMBERED.split(clean(text)) if (item := clean(part.strip(" ,;")))]


_KINDS: tuple[tuple[re.Pattern[str], DocumentKind], ...] = (
    (re.compile(r"driv|permis de conduire", re.I), DocumentKind.DRIVING_LICENCE),
    (re.compile(r"fiscal|\btax\b|\binn\b|\btin\b", re.I), DocumentKind.TAX_NUMBER),
    (re.compile(r"social security|\bssn\b|\bss no\b", re.I), DocumentKind.SOCIAL_SECURITY),
    (re.compile(r"resid|alien registration|aufenthalt", re.I), DocumentKind.RESIDENCE_PERMIT),
    (re.compile(r"laissez|travel document|reiseausweis|\btravel permit", re.I), DocumentKind.TRAVEL_PERMIT),
    (re.compile(r"birth|certificate|student|voter|ration|military|serviceman|other|phone", re.I), DocumentKind.OTHER),
    (re.compile(r"passport|passeport|pasaporte", re.I), DocumentKind.PASSPORT),
    (re.compile(r"identi|\bid\b|tazkira|national|nid\b|civil|personal", re.I), DocumentKind.NATIONAL_ID),
)
_TAIL = re.compile(
    r"\s*(?:[.,;]?\s*\b(?:issued?|expire[sd]?|expiry|expiration|valid|date of|serial|under name)\b"
    r"|\(|,\s|;|\.\s).*$",
    re.I | re.S,
)
_SERIES = re.compile(r"[A-Z]{1,4}(?:-[A-Z]{0,4})?")
_NUMBER_SIGN = re.compile(r"[:：]|\bno\.?\s*(?=[A-Z]{0,3}[\s-]?\d)|\bn°\s*", re.I)
_LABEL_WORDS = frozenset({"NO", "ID", "SSN", "INN", "TIN", "NR", "N", "NUMBER", "CAR", "DOB"})


def document_kind(text: str, default: DocumentKind = DocumentKind.OTHER) -> DocumentKind:
    """What the words around a number call the document.

    >>> document_kind("German Federal ID Card").value, document_kind("", DocumentKind.PASSPORT).value
    ('national-id', 'passport')
    """
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), default)


def read_document(text: str | None, *, kind: DocumentKind, country: str = "", note: str = "") -> Document | None:
    """A document from words such as ``Civil ID no 1028745097 (Saudi Arabian). Issued 1997``; None without a number.

    ``kind`` holds where the words name none; ``country`` likewise.

    >>> read_document("R512768 (Afghan)", kind=DocumentKind.PASSPORT).country
    'AF'
    """
    words = clean(_NUMBER_SIGN.sub(" ", clean(text)))
    head = _TAIL.sub("", words)
    pieces = head.split()
    first = next((at for at, piece in enumerate(pieces) if any(char.isdigit() for char in piece)), None)
    if first is None:
        return None
    while first and _SERIES.fullmatch(pieces[first - 1]) and pieces[first - 1] not in _LABEL_WORDS:
        first -= 1
    last = max(at for at, piece in enumerate(pieces) if any(char.isdigit() for char in piece))
    label, number = " ".join(pieces[:first]), " ".join(pieces[first : last + 1]).strip(".,;#")
    around = f"{label} {words[len(head) :]}"
    remark = "; ".join(part for part in (clean(label), clean(words[len(head) :].strip(" .,;")), clean(note)) if part)
    if kind is not DocumentKind.PASSPORT:  # "Begg960705 (UK driving licence number)"
        kind = document_kind(" ".join(_PARENTHESES.findall(words[len(head) :])), kind)
    return Document(
        number=number,
        kind=document_kind(label, kind),
        country=country or country_within(around),
        note=remark[:TEXT_LIMIT],
    )


def country_within(text: str) -> str:
    """The country that the words around a number name, in parentheses before others; empty where none."""
    inside = _PARENTHESES.findall(text)
    words = re.findall(r"[^\W\d_]+", text)
    pairs = [" ".join(words[at : at + 2]) for at in range(min(len(words), 4) - 1)]
    for candidate in (*inside, *(word for part in inside for word in part.split()), *pairs, *words[:4]):
        if len(candidate) > 3 and (code := country_code(candidate)):
            return code
    return ""


_CITIZEN = re.compile(r"\b(?:national(?:ity)?|citizen(?:ship)?|by birth|former(?:ly)?|claims?)\b", re.I)


def country_codes(texts: Iterable[str | None]) -> tuple[str, ...]:
    """Alpha-2 codes of nationalities as written, each once: ``Iranian national and US citizen`` gives two."""
    codes: dict[str, None] = {}
    for text in texts:
        for item in numbered(text):
            if code := country_code(item):
                codes[code] = None
                continue
            for part in re.split(r"\b(?:and|or|also|possibly|dual|believed to hold)\b|[,;/.]", item, flags=re.I):
                bare = _CITIZEN.sub(" ", part)
                if code := country_code(clean(bare)):
                    codes[code] = None
    return tuple(codes)


_SENTENCE = re.compile(r"(?<=[.;])\s+(?=[^\W\d_])")
_TRAITS = re.compile(r"\b(?:tribes?|tribal|clan|sub-clan|ethnic\w*|ethnicity|race|religio\w*|sect|caste)\b", re.I)


def described(*parts: str | None) -> str:
    """A description from its parts, without the sentences on tribe, ethnicity or religion, which are never kept.

    >>> described("Deputy head. Belongs to Xyz tribe. Lives abroad.")
    'Deputy head. Lives abroad.'
    """
    texts = (
        " ".join(sentence for sentence in _SENTENCE.split(clean(part)) if not _TRAITS.search(sentence))
        for part in parts
        if part
    )
    return " · ".join(dict.fromkeys(text for text in texts if text))[:TEXT_LIMIT]


def once(values: Iterable[str | None]) -> tuple[str, ...]:
    """Cleaned texts in order, each once, without the empty ones."""
    return tuple(dict.fromkeys(text for value in values if (text := clean(value))))
