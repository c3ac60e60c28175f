"""The mapping file: how a user's own or another publisher's table is read as a list. TOML, validated whole.

::

    [list]
    publisher = "…"              # who keeps the list
    title = "…"
    own = true                   # a user's own list: everything of A8 is demanded, as a constant here or in a column
    list_date = 2026-11-20       # optional: the day of the delivery
    instrument = "arrest-warrant"
    authority = "…"              # and document_number, issuing_unit, issuing_phone, issue_date, review_by
    [columns]                    # the program's name = the file's header
    name = "姓名"
    [defaults]                   # constants for columns that the file lacks or leaves empty
    nationality = "CN"
    [read]                       # optional: format, encoding, separator (characters between several values), date_order
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as Map
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from netpursuit.errors import InputError, RefusedError, SettingsError
from netpursuit.policy.headings import find_forbidden_word
from netpursuit.policy.standing import REVIEW_WITHIN_DAYS
from netpursuit.records import Instrument
from netpursuit.sources.lists.fields import parse_day
from netpursuit.sources.lists.mapped_words import instrument_of
from netpursuit.sources.tables import TABLE_FORMATS, fold_header

# What A8 demands of every entry of a user's own list.
DEMANDED = ("instrument", "authority", "document_number", "issuing_unit", "issue_date", "review_by")
WARRANT = (*DEMANDED, "issuing_phone", "offence")
COLUMNS = (
    *("entry_id", "operation", "kind", "name", "family_name", "given_name", "aliases", "weak_aliases", "former_names"),
    *("native_name", "birth_date", "birth_place", "sex", "nationality", "id_number", "id_type", "id_country", "phone"),
    *("email", "registered_address", "address", "listed_on", "category", "description", "link"),
    *WARRANT,
)
DATE_ORDERS = ("ymd", "dmy", "mdy")
SEPARATORS = "|;；、,，\n"
_SECTIONS = ("list", "columns", "defaults", "read")
_LIST_KEYS = ("publisher", "title", "own", "list_date", *WARRANT)
_READ_KEYS = ("format", "encoding", "separator", "date_order")
_NAMES = ("name", "family_name", "given_name", "native_name")
_DAYS = ("issue_date", "review_by", "listed_on")
# 民族 and 籍贯 are never read, whatever a mapping asks for (A9).
_DROPPED = frozenset(
    map(
        fold_header,
        ("民族", "籍贯", "籍貫", "族别", "ethnicity", "ethnic group", "race", "native place", "religion", "宗教"),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A valid mapping. ``constants`` hold what [list] and [defaults] state, dates in ISO form; columns beat them."""

    path: Path
    publisher: str
    title: str
    own: bool
    list_date: date | None
    columns: dict[str, str]
    constants: dict[str, str]
    format: str = ""
    encoding: str = ""
    separators: str = SEPARATORS
    date_order: str = "ymd"

    @property
    def is_delta(self) -> bool:
        return "operation" in self.columns


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises ``InputError`` where it cannot be read, ``SettingsError`` with all its problems together, and
    ``RefusedError`` (``watch-register``) where it heads a register of watched people (A8).
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path), expected="a mapping file") from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=str(path), expected="a mapping file in TOML, in UTF-8") from None
    try:
        settings = tomllib.loads(text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"no TOML: {error}", where=str(path), expected="a mapping file") from None
    return mapping_of(settings, path)


def mapping_of(settings: Map[str, Any], path: Path) -> Mapping:
    """A mapping from parsed settings; raises as ``load_mapping`` does."""
    check = _Check(settings)
    check.sections()
    columns, constants = check.columns(), check.constants()
    own, list_date = check.flag("own"), check.day("list", "list_date")
    publisher, title = check.text("list", "publisher"), check.text("list", "title")
    for key, value in (("publisher", publisher), ("title", title)):
        if not value:
            check.problem(f"list.{key} is missing")
    check.names(columns)
    if own:
        check.demands(columns, constants, list_date)
    if "operation" in columns and "entry_id" not in columns:
        check.problem("columns.entry_id is missing: a delta names its entries")
    form = check.choice("format", TABLE_FORMATS)
    date_order = check.choice("date_order", DATE_ORDERS) or "ymd"
    encoding = check.text("read", "encoding")
    separators = check.text("read", "separator", strip=False) or SEPARATORS
    refuse_watched((title, publisher, *columns.values(), constants.get("category", "")), str(path))
    if check.problems:
        raise SettingsError(str(path), check.problems)
    return Mapping(
        path=path,
        publisher=publisher,
        title=title,
        own=own,
        list_date=list_date,
        columns=columns,
        constants=constants,
        format=form,
        encoding=encoding,
        separators=separators,
        date_order=date_order,
    )


def refuse_watched(headings: tuple[str, ...], where: str) -> None:
    """Raise ``RefusedError`` where one of these heads or categorises a register of watched people (A8)."""
    for heading in headings:
        if word := find_forbidden_word(heading):
            raise RefusedError(
                "watch-register", f"{where}: headed {word!r}: registers of watched people are not wanted lists"
            )


class _Check:
    """Takes values out of settings and gathers what is wrong with them."""

    def __init__(self, settings: Map[str, Any]) -> None:
        self._settings = settings
        self.problems: list[str] = []

    def problem(self, text: str) -> None:
        self.problems.append(text)

    def sections(self) -> None:
        for name in self._settings:
            if name not in _SECTIONS:
                self.problem(f"unknown section or key {name!r}, expected one of {', '.join(_SECTIONS)}")
            elif not isinstance(self._settings[name], dict):
                self.problem(f"{name} is no section, expected [{name}]")
        for name, known in (("list", _LIST_KEYS), ("columns", COLUMNS), ("defaults", COLUMNS), ("read", _READ_KEYS)):
            for key in self._section(name):
                if key not in known:
                    self.problem(f"unknown key {name}.{key}, expected one of {', '.join(known)}")

    def text(self, section: str, key: str, *, strip: bool = True) -> str:
        value = self._section(section).get(key, "")
        if isinstance(value, bool) or not isinstance(value, (str, int, date)):
            self.problem(f"{section}.{key} is no text")
            return ""
        text = value.isoformat() if isinstance(value, date) else str(value)
        return text.strip() if strip else text

    def flag(self, key: str) -> bool:
        value = self._section("list").get(key, False)
        if not isinstance(value, bool):
            self.problem(f"list.{key} is neither true nor false")
            return False
        return value

    def day(self, section: str, key: str) -> date | None:
        value = self._section(section).get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        found = parse_day(value) if isinstance(value, str) else None
        if found is None:
            self.problem(f"{section}.{key} is no date, expected YYYY-MM-DD")
        return found

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        value = self.text("read", key)
        if value and value not in known:
            self.problem(f"read.{key} is {value!r}, expected one of {', '.join(known)}")
            return ""
        return value

    def columns(self) -> dict[str, str]:
        columns = {}
        for key in self._section("columns"):
            header = self.text("columns", key)
            if not header:
                self.problem(f"columns.{key} names no header")
            elif fold_header(header) in _DROPPED:
                self.problem(f"columns.{key}: {header!r} is never read")
            elif key in COLUMNS:
                columns[key] = header
        if not columns:
            self.problem("[columns] is missing or empty")
        return columns

    def constants(self) -> dict[str, str]:
        constants = {}
        for section, keys in (("defaults", COLUMNS), ("list", WARRANT)):
            for key in keys:
                if key in _DAYS:
                    day = self.day(section, key)
                    value = day.isoformat() if day else ""
                else:
                    value = self.text(section, key)
                if value:
                    constants[key] = value
        stated = constants.get("instrument", "")
        if stated and instrument_of(stated) is None:
            self.problem(f"instrument {stated!r} is none of {_instruments()}")
        for key in ("entry_id", "name", "native_name", "id_number", "operation"):
            if key in constants:
                self.problem(f"defaults.{key}: every entry has its own")
        return constants

    def names(self, columns: dict[str, str]) -> None:
        if columns and not any(key in columns for key in _NAMES):
            self.problem("no column with a name, expected columns.name")

    def demands(self, columns: dict[str, str], constants: dict[str, str], list_date: date | None) -> None:
        for key in DEMANDED:
            if key not in columns and key not in constants:
                self.problem(f"an own list states its {key}, expected list.{key} or columns.{key}")
        review = parse_day(constants.get("review_by", ""))
        if review and list_date and review > list_date + timedelta(days=REVIEW_WITHIN_DAYS):
            self.problem(f"review_by lies more than {REVIEW_WITHIN_DAYS} days after list_date")

    def _section(self, name: str) -> dict[str, Any]:
        section = self._settings.get(name, {})
        return section if isinstance(section, dict) else {}


def _instruments() -> str:
    return ", ".join(item.value for item in Instrument if item is not Instrument.PUBLISHED)
