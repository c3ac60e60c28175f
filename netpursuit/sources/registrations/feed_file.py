"""The feed file: everything A9 demands of a source of registrations, in TOML, validated whole.

::

    feed_id = "rental-east"
    legal_basis = "…"            # law, order or agreement under which the register is screened
    area = "…"
    period_from = 2026-01-01     # start dates of the registrations, both ends included
    period_to = 2026-12-31
    purpose = "…"
    screened_roles = ["tenant", "co-tenant", "occupant"]
    time_zone = "Asia/Shanghai"
    expires_on = 2026-12-31      # the permission itself
    min_band = "possible"        # optional, as are country, format, encoding, date_order
    [columns]                    # the program's column = the file's header ("A + B" joins two)
    [defaults]                   # constants for columns that the file lacks
    [source]                     # optional: a database in the place of files, see ``source_section``
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from netpursuit.errors import InputError, SettingsError
from netpursuit.policy.headings import names_landlords
from netpursuit.records import Band, Feed, Role
from netpursuit.sources.registrations.columns import is_column, is_dropped
from netpursuit.sources.registrations.source_section import feed_source
from netpursuit.sources.settings import country_problem, encoding_problem, zone_problem
from netpursuit.sources.tables import TABLE_FORMATS

DATE_ORDERS = ("ymd", "dmy", "mdy")
BANDS = {band.word: band for band in Band if band is not Band.NONE}
DEMANDED = (
    *("feed_id", "legal_basis", "area", "period_from", "period_to", "purpose", "screened_roles", "time_zone"),
    "expires_on",
)
OPTIONAL = ("min_band", "country", "format", "encoding", "date_order", "columns", "defaults", "source")

_CHOICES = {"min_band": (tuple(BANDS), "possible"), "date_order": (DATE_ORDERS, "ymd")}
_FEED_ID = re.compile(r"\w[\w.-]{0,63}")


def read_feed(path: Path | str) -> Feed:
    """Read and validate a feed file. Raises ``InputError`` where it cannot be read, ``SettingsError`` with all its
    problems together."""
    path = Path(path)
    return feed_of(read_settings(path), where=str(path), folder=path.absolute().parent)


def read_settings(path: Path) -> dict[str, Any]:
    """What stands in a feed file, not yet checked. Raises ``InputError`` where it cannot be read."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise InputError("file not found", where=str(path), expected="a feed file (netpursuit feed init)") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", where=str(path)) from None
    try:
        return tomllib.loads(raw.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=str(path), expected="a TOML file in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"not TOML: {error}", where=str(path)) from None


def feed_of(settings: Mapping[str, Any], *, where: str, folder: Path) -> Feed:
    """A feed from parsed settings; the files that they name start at ``folder``. Raises ``SettingsError`` with all
    problems together."""
    check = FeedCheck(settings)
    check.known_keys()
    feed_id = check.feed_id()
    begins, ends = check.day("period_from"), check.day("period_to")
    if begins and ends and ends < begins:
        check.problem("period_to: lies before period_from")
    roles = check.roles()
    purpose = check.text("purpose")
    if Role.LANDLORD in roles and not names_landlords(purpose):
        check.problem("screened_roles: landlords only where the purpose names them (landlord, 房东, 出租人)")
    expires_on = check.day("expires_on")
    legal_basis, area = check.text("legal_basis"), check.text("area")
    time_zone = check.time_zone()
    min_band = check.choice("min_band", *_CHOICES["min_band"])
    date_order = check.choice("date_order", *_CHOICES["date_order"])
    form = check.choice("format", TABLE_FORMATS, "")
    encoding = check.encoding()
    country = check.country()
    columns, defaults = check.columns(), check.defaults()
    source = feed_source(settings["source"], folder, check.problem) if "source" in settings else None
    if source is not None and (form or encoding):
        check.problem("source: format and encoding are of files, a database has neither")
    if check.problems or begins is None or ends is None or expires_on is None:
        raise SettingsError(where, check.problems)
    return Feed(
        feed_id=feed_id,
        legal_basis=legal_basis,
        area=area,
        period_from=begins,
        period_to=ends,
        purpose=purpose,
        screened_roles=roles,
        time_zone=time_zone,
        expires_on=expires_on,
        min_band=BANDS[min_band],
        columns=columns,
        defaults=defaults,
        format=form,
        encoding=encoding,
        country=country,
        date_order=date_order,
        source=source,
    )


def check_setting(settings: Mapping[str, Any], key: str) -> str:
    """What is wrong with one setting that is stated, by itself; empty where nothing is."""
    check = FeedCheck(settings)
    if key in ("period_from", "period_to", "expires_on"):
        check.day(key)
    elif key == "screened_roles":
        check.roles()
    elif key == "time_zone":
        check.time_zone()
    elif key == "country":
        check.country()
    elif key in _CHOICES:
        check.choice(key, *_CHOICES[key])
    elif key == "feed_id":
        check.feed_id()
    return check.problems[0] if check.problems else ""


class FeedCheck:
    """Takes values out of settings and gathers what is wrong with them."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self.problems: list[str] = []

    def problem(self, text: str) -> None:
        self.problems.append(text)

    def known_keys(self) -> None:
        for key in self._settings:
            if key not in DEMANDED and key not in OPTIONAL:
                self.problem(f"{key}: unknown key, expected {', '.join((*DEMANDED, *OPTIONAL))}")

    def feed_id(self) -> str:
        feed_id = self.text("feed_id")
        if feed_id and not _FEED_ID.fullmatch(feed_id):
            self.problem("feed_id: letters, digits, '.', '_' and '-' only, at most 64")
        return feed_id

    def text(self, key: str) -> str:
        value = self._settings.get(key, "")
        if not isinstance(value, str):
            self.problem(f"{key}: not a text")
            return ""
        if not value.strip() and key in DEMANDED:
            self.problem(f"{key}: missing, a feed does not run without it")
        return value.strip()

    def day(self, key: str) -> date | None:
        value = self._settings.get(key)
        if value is None or value == "":
            self.problem(f"{key}: missing, a feed does not run without it")
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.problem(f"{key}: not a date, expected one as 2026-12-31")
            return None

    def roles(self) -> tuple[Role, ...]:
        value = self._settings.get("screened_roles")
        if not value:
            self.problem("screened_roles: missing, a feed does not run without it")
            return ()
        known = {role.value: role for role in Role}
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(f"screened_roles: expected a list of {', '.join(known)}")
            return ()
        for item in value:
            if item not in known:
                self.problem(f"screened_roles: unknown role {item!r}, expected {', '.join(known)}")
        return tuple(dict.fromkeys(known[item] for item in value if item in known))

    def _checked(self, key: str, problem_of: Callable[[str], str]) -> str:
        value = self.text(key)
        if wrong := problem_of(value):
            self.problem(wrong)
        return value

    def time_zone(self) -> str:
        return self._checked("time_zone", zone_problem)

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        value = self.text(key) or default
        if value != default and value not in choices:
            self.problem(f"{key}: {value!r}, expected {', '.join(choices)}")
        return value

    def encoding(self) -> str:
        return self._checked("encoding", encoding_problem)

    def country(self) -> str:
        return self._checked("country", country_problem)

    def columns(self) -> dict[str, str]:
        columns = self._table("columns")
        for name, header in columns.items():
            if not is_column(name):
                self.problem(f"columns: unknown column {name!r}")
            if is_dropped(header):
                self.problem(f"columns: {name} = {header!r}: ethnicity, native place and religion are never read")
        return columns

    def defaults(self) -> dict[str, str]:
        defaults = self._table("defaults")
        for name in defaults:
            if not is_column(name):
                self.problem(f"defaults: unknown column {name!r}")
        return defaults

    def _table(self, key: str) -> dict[str, str]:
        table = self._settings.get(key, {})
        if not isinstance(table, dict):
            self.problem(f"{key}: expected a table [{key}]")
            return {}
        for name, value in table.items():
            if not isinstance(value, str) or not value.strip():
                self.problem(f"{key}: {name}: not a text")
        return {name: value.strip() for name, value in table.items() if isinstance(value, str) and value.strip()}
