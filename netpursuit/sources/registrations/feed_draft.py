"""A first feed file for a register: what its headers say is filled in, what only a person can know is asked."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice
from pathlib import Path

from netpursuit.catalogue import Catalogue
from netpursuit.errors import InputError, SettingsError
from netpursuit.records import Role
from netpursuit.sources.registrations.columns import (
    COLUMNS,
    FAMILY_NAME,
    GIVEN_NAME,
    HEADER_WORDS,
    MIDDLE_NAME,
    RUNNING_NUMBER,
    is_column,
    is_dropped,
    numbered,
    recognise,
)
from netpursuit.sources.registrations.feed_file import BANDS, DATE_ORDERS, DEMANDED, check_setting, read_settings
from netpursuit.sources.registrations.query import query_columns
from netpursuit.sources.registrations.reader import JOINED_BY
from netpursuit.sources.registrations.source_section import feed_source
from netpursuit.sources.registrations.values import document_word, role_of
from netpursuit.sources.tables import Row, Table, count_known, fold_header, open_table

_LOOKED_AT = 300  # rows whose dates show their order

_NAME_PARTS = (("family", FAMILY_NAME), ("given", GIVEN_NAME), ("middle", MIDDLE_NAME))
_TWO_NUMBERS_FIRST = re.compile(r"\s*(\d{1,2})[/.\-](\d{1,2})[/.\-](?:\d{4}|\d{2})\b")
_ZONES = {"CN": "Asia/Shanghai", "HK": "Asia/Hong_Kong", "TW": "Asia/Taipei", "GB": "Europe/London"}
_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person must say. ``key`` is the feed's key; its words are ``feed.question.<key>`` of the catalogue.

    ``suggestion`` may be empty, ``choices`` too (anything goes); ``demanded``: the feed does not run without (A9).
    """

    key: str
    demanded: bool
    suggestion: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something a person should look at: ``feed.note.<key>`` with the headers concerned."""

    key: str
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedDraft:
    """What a register's headers say. ``columns``: program's column -> header, in the program's order; ``source``: the
    section of a database as it was stated."""

    path: Path
    format: str
    encoding: str
    header_line: int
    headers: tuple[str, ...]
    columns: dict[str, str]
    defaults: dict[str, str] = field(default_factory=dict)
    country: str = ""
    date_order: str = ""
    questions: tuple[Question, ...] = ()
    notes: tuple[Note, ...] = ()
    source: dict[str, str | int] = field(default_factory=dict)


def draft_feed(path: Path | str, *, format: str = "", encoding: str = "") -> FeedDraft:  # noqa: A002
    """Recognise a register's headers.

    Raises ``InputError`` for whatever ``open_table`` refuses, and where fewer than two headers are known: what was
    taken for a header may then be a row of somebody's data, which must not get into a feed file (A4).
    """
    table = open_table(path, format=format, encoding=encoding, header_words=HEADER_WORDS)
    if count_known(table.columns, HEADER_WORDS) < 2:
        raise InputError(
            "no header with known column names in the first ten rows",
            where=str(path),
            expected="a row of column names such as name, birth_date, 姓名, 身份证号",
        )
    columns, alternatives = _recognised(table.columns)
    draft = _draft(Path(path), table.columns, columns, alternatives, _date_order(table, columns))
    return replace(draft, format=table.format, encoding=table.encoding, header_line=table.header_line)


def draft_query(path: Path | str) -> FeedDraft:
    """Recognise the columns of a feed's database. The file holds its ``[source]``, which goes into the feed as it
    stands. No row is read, so that how dates are written is asked.

    Raises ``InputError`` where the file cannot be read or the database not be asked for its columns, ``SettingsError``
    with all that is wrong with the section.
    """
    path = Path(path)
    problems: list[str] = []
    settings = read_settings(path)
    source = feed_source(settings.get("source"), path.absolute().parent, problems.append)
    if problems or source is None:
        raise SettingsError(str(path), problems)
    headers = [header for header in query_columns(source) if header.casefold() != source.high_water.casefold()]
    columns, alternatives = _recognised(headers)
    return replace(_draft(path, headers, columns, alternatives, ""), source=dict(settings["source"]))


def _draft(
    path: Path, headers: Sequence[str], columns: dict[str, str], alternatives: tuple[str, ...], order: str
) -> FeedDraft:
    numbers = [header for name, header in columns.items() if name.endswith("id_number")]
    defaults = _implied(columns)
    chinese = any(document_word(header) == "居民身份证" for header in numbers)
    country = "CN" if chinese else ""
    used = {part for header in columns.values() for part in (header, *header.split(JOINED_BY))}
    running = tuple(header for header in headers if fold_header(header) in RUNNING_NUMBER and header not in used)
    dropped = tuple(header for header in headers if is_dropped(header))
    aside = {*running, *dropped, *alternatives}
    unused = tuple(header for header in headers if header not in used and header not in aside)
    notes = (
        Note(key="dropped", headers=dropped),
        Note(key="running-number", headers=running if "registration_id" not in columns else ()),
        Note(key="alternatives", headers=alternatives),
        Note(key="unused", headers=unused),
    )
    return FeedDraft(
        path=path,
        format="",
        encoding="",
        header_line=0,
        headers=tuple(headers),
        columns=columns,
        defaults=defaults,
        country=country,
        date_order=order,
        questions=tuple(_questions(path, columns, country, order, unused)),
        notes=tuple(note for note in notes if note.headers),
    )


def check_answer(draft: FeedDraft, key: str, value: str, known: Mapping[str, str]) -> str:
    """What is wrong with an answer, in a sentence; empty where it can be used, and where nothing is answered.

    ``known`` are the answers before: the end of a period is judged by its beginning.
    """
    value = value.strip()
    if not value:
        return ""
    if key == "columns.name":
        parts = (value,) if value in draft.headers else value.split(JOINED_BY)
        lost = [part.strip() for part in parts if part.strip() not in draft.headers]
        return f"columns.name: {lost[0]!r} is no header of the register" if lost else ""
    problem = check_setting(tomllib.loads(f"{key} = {_demanded_value(key, value)}"), key)
    if not problem and key == "period_to" and known.get("period_from", "") > value:
        problem = f"period_to: lies before period_from ({known['period_from']})"
    return problem


def render_feed(draft: FeedDraft, answers: Mapping[str, str], *, words: Catalogue | None = None) -> str:
    """The text of a feed file from a draft and answers by question key.

    What is not answered takes the question's suggestion; what has none stays an empty text, which ``read_feed``
    reports as missing. With ``words`` every question and note stands as a comment.
    """
    lines: list[str] = []
    asked = {question.key: question for question in draft.questions}
    values = {key: question.suggestion for key, question in asked.items()} | {
        key: value.strip() for key, value in answers.items() if value.strip()
    }
    for key in DEMANDED:
        lines += _comment(words, f"feed.question.{key}")
        lines.append(f"{key} = {_demanded_value(key, values.get(key, ''))}")
    lines.append("")
    optional = {
        "min_band": values.get("min_band", ""),
        "country": values.get("country", draft.country),
        "date_order": values.get("date_order", draft.date_order),
        "format": draft.format,
        "encoding": draft.encoding,
    }
    lines += [f"{key} = {_quoted(value)}" for key, value in optional.items() if value]
    columns = dict(draft.columns)
    if stated := values.get("columns.name", ""):
        columns["name"] = stated
    lines += ["", *_comment(words, "feed.section.columns"), "[columns]"]
    lines += [f"{name} = {_quoted(columns[name])}" for name in sorted(columns, key=_rank)]
    if "registration_id" not in columns:
        lines += _comment(words, "feed.without-id")
    for note in draft.notes:
        shown = ", ".join(note.headers)
        lines += _comment(words, f"feed.note.{note.key}", headers=shown)
    lines += ["", *_comment(words, "feed.section.defaults"), "[defaults]"]
    lines += [f"{name} = {_quoted(value)}" for name, value in draft.defaults.items()]
    if draft.source:
        lines += ["", "[source]"]
        lines += [
            f"{key} = {_quoted(value) if isinstance(value, str) else value}" for key, value in draft.source.items()
        ]
    return "\n".join(lines) + "\n"


def _recognised(headers: Iterable[str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Column -> header, and the headers that meant a column for which a surer one was found."""
    best: dict[str, tuple[int, str]] = {}
    alternatives: list[str] = []
    headers = tuple(headers)
    for header in headers:
        found = recognise(header)
        if found is None:
            continue
        column, rank = found
        if column in best and best[column][0] <= rank:
            alternatives.append(header)
            continue
        if column in best:
            alternatives.append(best[column][1])
        best[column] = (rank, header)
    columns = {column: header for column, (_, header) in best.items()}
    if "name" not in columns and (parts := _name_parts(headers)):
        columns["name"] = parts
    return dict(sorted(columns.items(), key=lambda item: _rank(item[0]))), tuple(alternatives)


def _name_parts(headers: Iterable[str]) -> str:
    """``FirstName + LastName``, or ``姓 + 名``, where family and given name stand apart."""
    by_word: dict[str, str] = {}
    for header in headers:
        folded = fold_header(header)
        for kind, known in _NAME_PARTS:
            if folded in known:
                by_word.setdefault(kind, header)
    if "family" not in by_word or "given" not in by_word:
        return ""
    order = ("given", "middle", "family") if by_word["family"].isascii() else ("family", "given")
    return JOINED_BY.join(by_word[kind] for kind in order if kind in by_word)


def _implied(columns: Mapping[str, str]) -> dict[str, str]:
    """The kind of document that a number's own header states, where no column does."""
    defaults: dict[str, str] = {}
    for name, header in columns.items():
        if not name.endswith("id_number"):
            continue
        kind = name.removesuffix("id_number") + "id_type"
        # Where a column states the kind row by row (护照, 居民身份证), that column counts.
        if kind not in columns and is_column(kind) and (word := document_word(header)):
            defaults[kind] = word
    return defaults


def _date_order(table: Table, columns: Mapping[str, str]) -> str:
    """``ymd``, ``dmy`` or ``mdy`` as the first rows show it; empty where they leave it open."""
    dates = [header for name, header in columns.items() if name.endswith("_date")]
    ambiguous = False
    for row in islice(table.rows(), _LOOKED_AT):
        if not isinstance(row, Row):
            continue
        for header in dates:
            match = _TWO_NUMBERS_FIRST.match(row.values.get(header, ""))
            if match is None:
                continue
            if int(match[1]) > 12:
                return "dmy"
            if int(match[2]) > 12:
                return "mdy"
            ambiguous = True
    return "" if ambiguous else "ymd"


def _questions(
    path: Path, columns: Mapping[str, str], country: str, date_order: str, unused: tuple[str, ...]
) -> Iterable[Question]:
    roles = ", ".join(role.value for role in Role if role is not Role.LANDLORD)
    suggestions = {
        "feed_id": re.sub(r"[^\w.-]+", "-", path.stem).strip("-.")[:64],
        "screened_roles": roles,
        "time_zone": _ZONES.get(country, ""),
    }
    if not any(name.endswith(("name", "id_number")) for name in columns):
        yield Question(key="columns.name", demanded=True, choices=unused)
    for key in DEMANDED:
        choices = tuple(role.value for role in Role) if key == "screened_roles" else ()
        yield Question(key=key, demanded=True, suggestion=suggestions.get(key, ""), choices=choices)
    yield Question(key="min_band", demanded=False, suggestion="possible", choices=tuple(BANDS))
    if not country:
        yield Question(key="country", demanded=False)
    if not date_order:
        yield Question(key="date_order", demanded=False, suggestion="dmy", choices=DATE_ORDERS)


def _demanded_value(key: str, value: str) -> str:
    if key == "screened_roles":
        parts = [part for part in re.split(r"[,，、;；\s]+", value) if part]
        roles = [role.value if (role := role_of(part)) else part for part in parts]
        return "[" + ", ".join(_quoted(role) for role in roles) + "]"
    if key in ("period_from", "period_to", "expires_on"):
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            return _quoted(value)
    return _quoted(value)


def _comment(words: Catalogue | None, key: str, **values: str) -> list[str]:
    if words is None:
        return []
    return [f"# {line}" for line in words(key, **values).splitlines()]


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are a subset of TOML's but for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _rank(column: str) -> tuple[int, int, str]:
    if found := numbered(column):
        return len(COLUMNS), found[1], column
    return COLUMNS.index(column), 0, column
