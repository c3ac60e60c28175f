"""The Denied Persons List of the US Bureau of Industry and Security: tab-separated, one denial order's party a row.

The file has no type, no id and no date of its own. Source: BIS "Denied Persons List" download (``dpl.txt``).
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from netpursuit.errors import InputError
from netpursuit.records import (
    Address,
    Entry,
    EntryKind,
    ListHeader,
    ListItem,
    Name,
    NameKind,
    Person,
    Warrant,
)
from netpursuit.sources.lists.fields import clean, country_code, parse_day
from netpursuit.sources.lists.published import BrokenRecordError, RecordPlace, converted, joined_names, rejection
from netpursuit.sources.lists.published_files import head_text, list_files, text_encoding

_EXPECTED = "the tab-separated Denied Persons List"
_PUBLISHER = "US Department of Commerce, Bureau of Industry and Security"
_LINK = "https://www.bis.gov/licensing/guidance-on-end-user-and-end-use-controls-and-us-person-controls"
_COLUMNS = frozenset({"name", "street_address", "country", "effective_date", "expiration_date"})

# Words that only organisations carry in their names; judged on whole words, so that "Coral" or "Incardona" are people.
_ORGANISATION_WORDS = """
agency airline airlines airways anstalt association associates aviation bauelemente centre center college company
components computers contracting corp corporation department electronics elektronik engineering enterprise enterprises
equipment export exports factory foundation freight fzc fzco fze gmbh group handels holding holdings imports inc
incorporated industrial industrie industries industry institute international internacional investment investments
laboratories limited limitada llc llp logistics ltd ltda machinery metals microwave ministry organization organisation
partners plc products pte pty pvt results sdn services shipping solutions spa srl supplier suppliers supply systems
technik technologies technology telecom trade traders trading transport university vertriebs
"""
_ORGANISATION = frozenset(_ORGANISATION_WORDS.split())
# Legal forms that are also names or syllables of names: only at the end, or with their dots.
_LAST_WORDS = frozenset({"ab", "ag", "bv", "co", "kg", "nv", "oy", "net", "com"})
_DOTTED_FORM = re.compile(r"\b(?:s\.\s?a|s\.\s?l|s\.\s?r\.\s?l|a\.\s?g|b\.\s?v|n\.\s?v|co)\.(?:\s|,|$)", re.I)
_ALSO_KNOWN = re.compile(r"\(?\s*\ba\.?/?k\.?/?a\.?(?=[\s:])[\s:]*([^()]*)\)?", re.I)


class BisReader:
    """Entries of kind ``unstated``, or ``organisation`` where a word of an organisation stands in the name.

    The id is a digest of name, address and effective date, so that it outlives changes of the other columns.
    """

    format = "bis-dpl"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return bool(paths) and all(_columns(path) is not None for path in paths)

    def header(self, paths: Sequence[Path]) -> ListHeader:
        for file in list_files(paths, _EXPECTED):
            if _columns(file.path) is None:
                raise InputError("columns are missing", where=file.path.name, expected=_EXPECTED)
        return ListHeader(format=self.format, published_on=None, publisher=_PUBLISHER, title="Denied Persons List")

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        self.header(paths)
        repeats: dict[str, int] = {}
        for file in list_files(paths, _EXPECTED):
            columns = _columns(file.path) or ()
            for number, row in _rows(file.path):
                place = file.at(number)
                if row is None or len(row) != len(columns):
                    yield rejection(place, BrokenRecordError("", "entry-bad-row", f"{len(columns)} columns"))
                else:
                    values = {column: clean(value) for column, value in zip(columns, row, strict=True)}
                    entry_id = _entry_id(values, repeats)
                    yield converted(partial(_entry, values, entry_id, place), place, entry_id=entry_id)


def _columns(path: Path) -> tuple[str, ...] | None:
    """The columns of the first line in lower case, or None where it is no header of this list."""
    line = head_text(path).partition("\n")[0].rstrip("\r")
    names = tuple(clean(name).casefold() for name in _split(line) or ())
    return names if names and _COLUMNS.issubset(names) else None


def _rows(path: Path) -> Iterator[tuple[int, list[str] | None]]:
    """Rows below the header with their lines. No value spans lines: an open quotation mark breaks one row only."""
    with path.open(encoding=text_encoding(path), newline=None) as lines:
        for number, line in enumerate(lines, start=1):
            if number > 1 and line.strip("\x1a \t\r\n"):
                yield number, _split(line.rstrip("\n"))


def _split(line: str) -> list[str] | None:
    try:
        return next(csv.reader([line], delimiter="\t", strict=True), None)
    except csv.Error:
        return None


def _entry_id(values: dict[str, str], repeats: dict[str, int]) -> str:
    fields = ("name", "street_address", "city", "country", "effective_date")
    key = "\x1f".join(values.get(column, "").casefold() for column in fields)
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    repeats[digest] = repeats.get(digest, 0) + 1
    return f"DPL-{digest}" if repeats[digest] == 1 else f"DPL-{digest}-{repeats[digest]}"


def _entry(values: dict[str, str], entry_id: str, place: RecordPlace) -> Entry:
    name = values["name"]
    effective, expires = _day(values, "effective_date"), _day(values, "expiration_date")
    names = joined_names(_names(name))
    return Entry(
        entry_id=entry_id,
        kind=EntryKind.ORGANISATION if is_organisation(name) else EntryKind.UNSTATED,
        person=Person(names=names, addresses=_addresses(values)),
        source=place.source,
        programmes=("DPL",),
        # A denial order ends by itself on its expiration date; whoever it named must not be matched from then on,
        # and the review date is what ends an entry by date.
        warrant=Warrant(
            authority=_PUBLISHER,
            document_number=values.get("fr_citation", ""),
            issue_date=effective,
            review_by=expires,
        ),
        listed_on=effective,
        link=_LINK,
        description=f"denial order expires {expires}" if expires else "",
    )


def _names(name: str) -> list[Name]:
    """``FUYI SUN A/K/A FRANK SUN`` and ``PEARL (A.K.A. NEI-CHIEN CHU) LI`` hold two names each."""
    names = [Name(text=clean(_ALSO_KNOWN.sub(" ", name)) or name)]
    names += [Name(text=alias, kind=NameKind.ALIAS) for alias in map(clean, _ALSO_KNOWN.findall(name)) if alias]
    return names


def _addresses(values: dict[str, str]) -> tuple[Address, ...]:
    street, city, state, postcode = (values.get(key, "") for key in ("street_address", "city", "state", "postal_code"))
    country = values.get("country", "")
    text = ", ".join(filter(None, (street, city, state, postcode, country)))
    if not text:
        return ()
    code = country_code(country)
    return (Address(text=text, city=city, region=state, postcode=postcode, country=code),)


def _day(values: dict[str, str], column: str) -> date | None:
    text = values.get(column, "")
    if not text:
        return None
    day = parse_day(text, order="mdy")
    if day is None:
        raise BrokenRecordError(column, "entry-bad-date", "a date as MM/DD/YYYY")
    return day


def is_organisation(name: str) -> bool:
    """Whether a name holds a word that only organisations carry.

    >>> is_organisation("AQUA-LOOP COOLING TOWERS, CO."), is_organisation("JIN, ZHONGDA")
    (True, False)
    """
    words = re.findall(r"[^\W_]+", name.casefold())
    return (
        any(word in _ORGANISATION for word in words)
        or (len(words) > 1 and words[-1] in _LAST_WORDS)
        or bool(_DOTTED_FORM.search(name))
    )
