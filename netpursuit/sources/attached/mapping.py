"""The mapping file of a case's own table: which of its columns means what. TOML, validated whole.

::

    kind = "calls"                # calls, subscribers, vehicles, accounts, companies or owners
    title = "…"                   # optional: what the table is
    country = "CN"                # optional: of telephones, numbers and plates that do not state one
    time_zone = "Asia/Shanghai"   # optional: into which instants with an offset are turned
    date_order = "ymd"            # optional, as are format and encoding
    [columns]                     # the program's column = the file's header ("A + B" joins two)
    caller = "主叫号码"
    [defaults]                    # constants for columns that the file lacks or leaves empty
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netpursuit.errors import InputError, RefusedError, SettingsError
from netpursuit.policy.headings import find_forbidden_word
from netpursuit.records.attachments import TableKind
from netpursuit.sources.attached.columns import COLUMNS, CONSTANT, DEMANDED
from netpursuit.sources.registrations.columns import is_dropped
from netpursuit.sources.registrations.reader import parts_of
from netpursuit.sources.settings import country_problem, encoding_problem, zone_problem
from netpursuit.sources.tables import TABLE_FORMATS

DATE_ORDERS = ("ymd", "dmy", "mdy")
_KEYS = ("kind", "title", "country", "time_zone", "date_order", "format", "encoding", "columns", "defaults")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """A valid mapping. ``digest``: SHA-256 of the file's bytes."""

    path: Path
    digest: str
    kind: TableKind
    columns: dict[str, str]
    defaults: dict[str, str]
    title: str = ""
    country: str = ""
    time_zone: str = ""
    date_order: str = "ymd"
    format: str = ""
    encoding: str = ""


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises ``InputError`` where it cannot be read, ``SettingsError`` with all its problems together, and
    ``RefusedError`` (``watch-register``) where it heads a register of watched people.
    """
    try:
        raw = path.read_bytes()
        settings = tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except FileNotFoundError:
        raise InputError("file not found", where=str(path), expected="a mapping file (graph attach --draft)") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from None
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=str(path), expected="a mapping file in TOML, in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", where=str(path), expected="a mapping file") from None
    return mapping_of(settings, path, hashlib.sha256(raw).hexdigest())


def mapping_of(settings: Map[str, Any], path: Path, digest: str = "") -> Mapping:
    """A mapping from parsed settings; raises as ``read_mapping``."""
    check = _Check(settings)
    kind = check.kind()
    columns, defaults = check.table("columns"), check.table("defaults")
    title, country = check.text("title"), check.country()
    time_zone, encoding = check.time_zone(), check.encoding()
    date_order = check.choice("date_order", DATE_ORDERS) or "ymd"
    form = check.choice("format", TABLE_FORMATS)
    if kind is not None:
        check.columns(kind, columns, defaults)
    for heading in (title, *columns.values(), *defaults.values()):
        if word := find_forbidden_word(heading):
            raise RefusedError(
                "watch-register", f"{path}: headed {word!r}: registers of watched people are no records of a case"
            )
    if check.problems or kind is None:
        raise SettingsError(str(path), check.problems)
    return Mapping(
        path=path,
        digest=digest,
        kind=kind,
        columns=columns,
        defaults=defaults,
        title=title,
        country=country,
        time_zone=time_zone,
        date_order=date_order,
        format=form,
        encoding=encoding,
    )


class _Check:
    """Takes values out of settings and gathers what is wrong with them."""

    def __init__(self, settings: Map[str, Any]) -> None:
        self._settings = settings
        self.problems: list[str] = [
            f"{key}: unknown key, expected one of {', '.join(_KEYS)}" for key in settings if key not in _KEYS
        ]

    def text(self, key: str) -> str:
        value = self._settings.get(key, "")
        if not isinstance(value, str):
            self.problems.append(f"{key}: not a text")
            return ""
        return value.strip()

    def choice(self, key: str, known: tuple[str, ...]) -> str:
        value = self.text(key)
        if value and value not in known:
            self.problems.append(f"{key}: {value!r}, expected one of {', '.join(known)}")
            return ""
        return value

    def kind(self) -> TableKind | None:
        known = tuple(kind.value for kind in TableKind)
        value = self.choice("kind", known)
        if not value and not any(problem.startswith("kind:") for problem in self.problems):
            self.problems.append(f"kind: missing, expected one of {', '.join(known)}")
        return TableKind(value) if value else None

    def _checked(self, key: str, problem_of: Callable[[str], str]) -> str:
        value = self.text(key)
        if wrong := problem_of(value):
            self.problems.append(wrong)
        return value

    def country(self) -> str:
        return self._checked("country", country_problem)

    def time_zone(self) -> str:
        return self._checked("time_zone", zone_problem)

    def encoding(self) -> str:
        return self._checked("encoding", encoding_problem)

    def table(self, key: str) -> dict[str, str]:
        table = self._settings.get(key, {})
        if not isinstance(table, dict):
            self.problems.append(f"{key}: expected a table [{key}]")
            return {}
        for name, value in table.items():
            if not isinstance(value, str) or not value.strip():
                self.problems.append(f"{key}.{name}: not a text")
        return {name: value.strip() for name, value in table.items() if isinstance(value, str) and value.strip()}

    def columns(self, kind: TableKind, columns: Map[str, str], defaults: Map[str, str]) -> None:
        """What the columns of a kind of table demand."""
        known = COLUMNS[kind]
        for section, table in (("columns", columns), ("defaults", defaults)):
            for name in table:
                if name not in known:
                    self.problems.append(f"{section}.{name}: unknown for {kind}, expected one of {', '.join(known)}")
                elif section == "defaults" and name not in CONSTANT:
                    self.problems.append(f"defaults.{name}: every row has its own")
        for name, header in columns.items():
            if any(is_dropped(part) for part in (header, *parts_of(header))):
                self.problems.append(f"columns.{name}: {header!r}: ethnicity, native place and religion are never read")
        for group in DEMANDED[kind]:
            if not any(name in columns for name in group):
                self.problems.append(f"columns: missing for {kind}, expected {' or '.join(group)}")
        if kind is TableKind.ACCOUNTS and "number" in columns and "bank" not in {*columns, *defaults}:
            self.problems.append("columns: a number without a bank tells no account apart, expected bank")
