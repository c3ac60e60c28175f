"""The section ``[source]`` of a feed file: the database that the feed is read from.

::

    [source]
    url = "postgresql+psycopg://reader@db.example/register"   # never with a password; or url_env = "…"
    password_env = "REGISTER_PASSWORD"                        # or password_file = "register.password", mode 0600
    query = "SELECT … FROM …"                                 # or query_file = "register.sql"; no parameters
    high_water = "changed_at"                                 # the column that rises with every new or changed row
    overlap = 3600                                            # optional: seconds, or numbers
    unit_query = "SELECT … WHERE address = :address …"        # optional, as unit_query_file: the rows of one unit
    timeout_seconds = 600                                     # optional: of one statement
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from netpursuit.records import FeedSource
from netpursuit.sources.registrations.statements import one_statement

KEYS = (
    *("url", "url_env", "password_env", "password_file", "query", "query_file", "high_water", "overlap"),
    *("unit_query", "unit_query_file", "timeout_seconds"),
)
UNIT_PARAMETERS = ("address", "unit", "unit_code")
_VARIABLE = re.compile(r"[A-Za-z_]\w*")
# As SQLAlchemy finds them: a colon before a word that is neither a cast nor escaped.
_PARAMETER = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_SQL_MOST = 1 << 20
_LONGEST_OVERLAP = 400 * 86_400
_LONGEST_WAIT = 86_400


def feed_source(section: Any, folder: Path, problem: Callable[[str], None]) -> FeedSource | None:
    """The database of a feed; ``problem`` is told all that is wrong. Relative paths start at ``folder``."""
    if not isinstance(section, Mapping):
        problem("source: expected a table [source]")
        return None
    for key in section:
        if key not in KEYS:
            problem(f"source.{key}: unknown key, expected {', '.join(KEYS)}")
    texts = {key: _text(section, key, problem) for key in KEYS if key not in ("overlap", "timeout_seconds")}
    if bool(texts["url"]) == bool(texts["url_env"]):
        problem("source.url: expected url or url_env, one of the two")
    if texts["url"] and holds_password(texts["url"]):
        problem("source.url: holds a password, expected password_env or password_file")
    if texts["password_env"] and texts["password_file"]:
        problem("source.password_env: expected password_env or password_file, one of the two")
    for key in ("url_env", "password_env"):
        if texts[key] and not _VARIABLE.fullmatch(texts[key]):
            problem(f"source.{key}: expected the name of a variable of the environment")
    query = _sql(texts, "query", folder, problem)
    if not query:
        problem("source.query: missing, expected query or query_file")
    elif found := _PARAMETER.search(query):
        problem(f"source.query: takes no parameter, as :{found[1]}; where a read begins is added to it")
    unit_query = _sql(texts, "unit_query", folder, problem)
    named = set(_PARAMETER.findall(unit_query))
    if unit_query and (not named or not named <= set(UNIT_PARAMETERS)):
        problem(f"source.unit_query: expected parameters among :{', :'.join(UNIT_PARAMETERS)}")
    if not texts["high_water"]:
        problem("source.high_water: missing, expected a column that rises with every new or changed row")
    password_file = texts["password_file"]
    return FeedSource(
        url=texts["url"],
        url_env=texts["url_env"],
        password_env=texts["password_env"],
        password_file=str(folder / Path(password_file).expanduser()) if password_file else "",
        query=query,
        high_water=texts["high_water"],
        overlap=_number(section, "overlap", None, 0, _LONGEST_OVERLAP, problem),
        unit_query=unit_query,
        timeout_seconds=_number(section, "timeout_seconds", 600, 1, _LONGEST_WAIT, problem) or 600,
    )


def holds_password(url: str) -> bool:
    """Whether an address states a password, before its host or among its options."""
    try:
        parts = urlsplit(url)
        options = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return True  # of an address that cannot be taken apart nobody knows
    before_host = parts.netloc.rpartition("@")[0]
    return ":" in before_host or any(re.search("pass|pwd|secret|token", name.casefold()) for name, _ in options)


def _text(section: Mapping[str, Any], key: str, problem: Callable[[str], None]) -> str:
    value = section.get(key, "")
    if not isinstance(value, str):
        problem(f"source.{key}: not a text")
        return ""
    return value.strip()


def _sql(texts: Mapping[str, str], key: str, folder: Path, problem: Callable[[str], None]) -> str:
    """A query as it stands, or from its own file; without the semicolon behind it."""
    text, file = texts[key], texts[f"{key}_file"]
    if text and file:
        problem(f"source.{key}: expected {key} or {key}_file, one of the two")
    if file:
        path = folder / Path(file).expanduser()
        try:
            with path.open("rb") as stream:
                text = stream.read(_SQL_MOST).decode("utf-8-sig").strip()
        except (OSError, UnicodeDecodeError):
            problem(f"source.{key}_file: cannot be read, expected a file in UTF-8")
    statement = one_statement(text, re.split(r"[+:]", texts["url"], maxsplit=1)[0].casefold())
    if text and statement is None:
        problem(f"source.{key}: a semicolon, expected one statement")
    return statement or ""


def _number(
    section: Mapping[str, Any], key: str, default: int | None, least: int, most: int, problem: Callable[[str], None]
) -> int | None:
    value: object = section.get(key, default)
    if value is default:
        return default
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        problem(f"source.{key}: expected a whole number from {least} to {most}")
        return default
    return value
