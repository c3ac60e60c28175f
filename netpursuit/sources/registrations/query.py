"""The registrations of a feed's database: what is new since a mark, what was there up to one, the rows of one unit.

The feed's query stands inside a statement of the program's own, which adds the window of marks and the order, and
fetches the columns that the feed reads and no others. The order is that of the marks, rows with the same mark by
what they say, so that a read goes on behind the row at which another one was ended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from netpursuit.errors import InputError
from netpursuit.ports.readers import ReadPlace
from netpursuit.records import Feed, FeedSource, QueryRead, Registration, Rejected
from netpursuit.sources.registrations.canonical import canonical_rows
from netpursuit.sources.registrations.database import Database, open_database, source_digest
from netpursuit.sources.registrations.persons import slots_of
from netpursuit.sources.registrations.reader import JOINED_BY, ROWS_AT_ONCE, RowReader, reading_of
from netpursuit.sources.registrations.source_section import UNIT_PARAMETERS
from netpursuit.sources.tables import Row, reason_of, text_of
from netpursuit.text.patterns import regex

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select, Subquery

QUERY_FILE = "query"  # what stands in the place of a file's name
UNIT_SECONDS = 10  # the longest that the rows of one unit may take: somebody waits for them
_OVERLAP_SECONDS = 3_600  # a row is seen when its transaction ends, which may be long after it was dated
_OVERLAP_NUMBERS = 1_000  # numbers are given before their transactions end, and those end in any order
_DAY = 86_400
_ENDLESS = regex(r"-?infinity|\d{5,}-.*|.* BC")  # as PostgreSQL writes what no calendar of Python has

Mark = int | date | datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Which rows: from the mark ``since`` on (empty: from the first), or, ``backwards``, those up to the mark."""

    since: str = ""
    backwards: bool = False


class QueryRegister:
    """``ports.readers.QuerySource`` over an open database."""

    file = QUERY_FILE
    rows_estimate: int | None = None

    def __init__(self, database: Database, feed: Feed, window: Window, now: datetime) -> None:
        assert feed.source is not None, "a feed of files has no query"
        self._database, self._feed, self._source, self._window = database, feed, feed.source, window
        self._now = now
        self._digest = source_digest(feed.source)
        columns = _columns(database, _query(feed.source.query))
        self.reading = reading_of(columns, feed, database.where)
        self._high_water = _named(columns, feed.source.high_water, database.where)
        headers = {header for parts in self.reading.headers.values() for header in parts}
        self._headers = tuple(column for column in columns if column in headers)
        self._rows = _subquery(feed.source.query, columns)
        self._mark: Mark | None = None
        self._ties = 0

    @cached_property
    def file_digest(self) -> str:
        """Of the source and the window: the same read again is the same work."""
        parts = (self._digest, self._window.since, self._window.backwards)
        return hashlib.sha256(json.dumps(parts).encode("ascii")).hexdigest()

    @property
    def keyed_by(self) -> str:
        return JOINED_BY.join(self.reading.headers.get("registration_id", ()))

    @property
    def reader(self) -> RowReader:
        return RowReader(
            reading=self.reading, slots=slots_of(self.reading), file=self.file, file_digest=self.file_digest
        )

    @property
    def canonical(self) -> Callable[[Sequence[Row | Rejected]], list[bytes]]:
        return canonical_rows

    @property
    def read(self) -> QueryRead:
        window = self._window
        if window.backwards:
            return QueryRead(digest=self._digest, until=window.since, backwards=True)
        return QueryRead(digest=self._digest, since=window.since, until=self.reached)

    @property
    def place(self) -> ReadPlace | None:
        return None if self._mark is None else ReadPlace(_text(self._mark), self._ties)

    @property
    def reached(self) -> str:
        """Never ahead of the clock: rows that are dated in the future would hide those that come before they do."""
        if self._mark is None:
            return self._window.since
        mark: Any = min(self._mark, self._latest(self._mark)) if isinstance(self._mark, date) else self._mark
        since: Any = _parse(self._window.since)
        return _text(max(mark, since) if type(since) is type(mark) else mark)

    def raw(self) -> Iterator[Row | Rejected]:
        """Every row of the window in the order of marks. Raises ``InputError`` where a row has none."""
        self._all_have_marks()
        self._mark, self._ties = None, 0
        for line, values in enumerate(self._database.rows(self._select(self._within())), start=1):
            mark = self._mark_of(values[0])
            self._ties = self._ties + 1 if mark == self._mark else 1
            self._mark = mark
            yield self._row(line, values[1:])

    def rows_before(self, place: ReadPlace) -> int:
        from sqlalchemy import func, select

        mark = self._rows.c[self._high_water]
        at = _bound(_parse(place.mark))
        counted = select(func.count()).select_from(self._rows).where(*self._within())
        before = self._database.row(counted.where(mark < at))
        same = self._database.row(counted.where(mark == at))
        return int(before[0] if before else 0) + min(place.ties, int(same[0] if same else 0))

    def rows_of(self, registration_ids: Sequence[str]) -> list[Row | Rejected]:
        from sqlalchemy import bindparam
        from sqlalchemy.types import NullType

        headers = self.reading.headers.get("registration_id", ())
        if len(headers) != 1:
            wanted = set(registration_ids)
            return [row for row, registration in self._registrations() if registration.registration_id in wanted]
        column = self._rows.c[headers[0]]
        found: list[Row | Rejected] = []
        for registration_id in registration_ids:
            # Of no type, so that the database takes it for the column's own.
            is_it = column == bindparam(None, registration_id, type_=NullType())
            rows = self._database.rows(self._select((is_it,)))
            found += [self._row(line, values[1:]) for line, values in enumerate(rows, start=1)]
        return found

    def check(self) -> None:
        """Look at the latest mark, and ask for the unit's query as if there were such a unit; no row is fetched.

        Raises ``InputError`` where a run would, as far as that shows."""
        from sqlalchemy import func, select

        self._all_have_marks()
        latest = self._database.row(select(func.max(self._rows.c[self._high_water])))
        if latest is not None and latest[0] is not None:
            self._mark_of(latest[0])
        if self._source.unit_query:
            query = _query(self._source.unit_query)
            columns = _columns(self._database, query, dict.fromkeys(query.compile().params, ""))
            reading_of(columns, self._feed, "source.unit_query")

    def _registrations(self) -> Iterator[tuple[Row, Registration]]:
        reader, some = self.reader, []
        for line, values in enumerate(self._database.rows(self._select(())), start=1):
            row = self._row(line, values[1:])
            some += [row] if isinstance(row, Row) else []
            if len(some) == ROWS_AT_ONCE:
                yield from _read(reader, some)
                some = []
        yield from _read(reader, some)

    def _select(self, conditions: Sequence[ColumnElement[bool]]) -> Select[Any]:
        from sqlalchemy import select

        mark, others = self._rows.c[self._high_water], [self._rows.c[header] for header in self._headers]
        ties = [column for column in others if column.name != self._high_water]
        return select(mark, *others).where(*conditions).order_by(mark, *ties)

    def _within(self) -> list[ColumnElement[bool]]:
        since = _parse(self._window.since)
        if since is None:
            return []
        mark = self._rows.c[self._high_water]
        if self._window.backwards:
            return [mark <= _bound(since)]
        return [mark >= _bound(_earlier(since, self._source.overlap))]

    def _all_have_marks(self) -> None:
        from sqlalchemy import literal, select

        mark = self._rows.c[self._high_water]
        if self._database.row(select(literal(1)).select_from(self._rows).where(mark.is_(None)).limit(1)):
            raise InputError(
                f"rows without a value of {self._high_water!r}",
                where=self._database.where,
                expected="one in every row, as COALESCE(changed_at, created_at) gives",
            )

    def _mark_of(self, value: Any) -> Mark:
        if isinstance(value, Decimal) and value == value.to_integral_value():
            value = int(value)
        if isinstance(value, str) and _ENDLESS.fullmatch(value):
            raise InputError(
                f"the high-water column {self._high_water!r} holds infinity, or a year before 1 or after 9999",
                where=self._database.where,
                expected="a query without such rows, or another column",
            )
        if isinstance(value, bool) or not isinstance(value, int | date):
            raise InputError(
                f"the high-water column {self._high_water!r} holds {type(value).__name__} values",
                where=self._database.where,
                expected="whole numbers, instants or dates",
            )
        return value

    def _latest(self, mark: date) -> date:
        """The clock as a mark of this kind; of two days or hours that it may be, the earlier one."""
        here = self._now.astimezone(ZoneInfo(self._feed.time_zone))
        if not isinstance(mark, datetime):
            return min(here.date(), self._now.astimezone(UTC).date())
        if mark.tzinfo is not None:
            return self._now
        return min(here.replace(tzinfo=None), self._now.astimezone(UTC).replace(tzinfo=None))

    def _row(self, line: int, values: Sequence[Any]) -> Row | Rejected:
        return _row(line, self._headers, values, self.file_digest)


@contextmanager
def open_query(feed: Feed, window: Window, now: datetime) -> Iterator[QueryRegister]:
    """Open a feed's database on one state of it. Raises ``InputError`` as ``open_database``, for columns that are not
    there and for a query that names nobody."""
    assert feed.source is not None, "a feed of files has no query"
    with open_database(feed.source) as database:
        yield QueryRegister(database, feed, window, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRows:
    """``ports.units.UnitQuery`` over a feed's ``unit_query``."""

    feed: Feed
    source: FeedSource
    file: str = QUERY_FILE

    @property
    def file_digest(self) -> str:
        return source_digest(self.source)

    def rows_of(self, stated: Sequence[tuple[str, str, str]], most: int) -> list[Registration | Rejected]:
        from sqlalchemy import select

        if not self.source.unit_query:
            raise InputError(
                "the feed does not say how the rows of one unit are read",
                where=QUERY_FILE,
                expected="source.unit_query in its file",
            )
        query = _query(self.source.unit_query)
        named = sorted(query.compile().params)
        rows: dict[tuple[Any, ...], None] = {}
        with open_database(self.source, min(UNIT_SECONDS, self.source.timeout_seconds)) as database:
            bound = [{name: dict(zip(UNIT_PARAMETERS, place, strict=True))[name] for name in named} for place in stated]
            columns = _columns(database, query, bound[0])
            reading = reading_of(columns, self.feed, database.where)
            headers = {header for parts in reading.headers.values() for header in parts}
            chosen = tuple(column for column in columns if column in headers)
            inner = _subquery(self.source.unit_query, columns)
            statement = select(*(inner.c[header] for header in chosen)).limit(most + 1)
            for values in bound:  # the same row may answer to two ways of writing one address
                rows |= {tuple(map(_hashable, row)): None for row in database.rows(statement, values)}
        reader = RowReader(reading=reading, slots=slots_of(reading), file=self.file, file_digest=self.file_digest)
        return reader([_row(line, chosen, row, self.file_digest) for line, row in enumerate(rows, start=1)])


def _hashable(value: Any) -> Any:
    return text_of(value) if isinstance(value, list) else value


def _read(reader: RowReader, rows: list[Row]) -> Iterator[tuple[Row, Registration]]:
    for row, registration in zip(rows, reader(rows), strict=True):
        if isinstance(registration, Registration):
            yield row, registration


def _row(line: int, headers: Sequence[str], values: Sequence[Any], digest: str) -> Row | Rejected:
    texts: dict[str, str] = {}
    for header, value in zip(headers, values, strict=True):
        text = value if type(value) is str else text_of(value)
        text = str(value) if text is None and type(value).__name__ == "UUID" else text
        reason = "nested-value" if text is None else reason_of(text)
        if text is None or reason:
            return Rejected(file_digest=digest, file=QUERY_FILE, line=line, column=header, reason=reason)
        texts[header] = text
    # Databases keep whole numbers exactly; of a float the last digits of a long number are lost, as in a sheet.
    floats = frozenset(header for header, value in zip(headers, values, strict=True) if isinstance(value, float))
    return Row(line, texts, floats)


def _query(text: str) -> Any:
    from sqlalchemy import text as sql

    return sql(text + "\n")  # a remark at its end must not swallow what comes behind


def _subquery(text: str, columns: Sequence[str]) -> Subquery:
    from sqlalchemy import column

    found: Subquery = _query(text).columns(*map(column, columns)).subquery("registrations")
    return found


def _columns(database: Database, query: Any, values: dict[str, Any] | None = None) -> tuple[str, ...]:
    """The columns of a query, of which none is asked for its rows."""
    from sqlalchemy import false, select
    from sqlalchemy import text as sql

    inner = query.columns().subquery("registrations")
    columns = database.columns(select(sql("*")).select_from(inner).where(false()), values)
    if len(set(columns)) < len(columns):
        raise InputError("two columns have the same name", where=database.where, expected="a name for each: … AS name")
    return columns


def _named(columns: Sequence[str], name: str, where: str) -> str:
    found = [column for column in columns if column.casefold() == name.casefold()]
    if not found:
        raise InputError(
            f"the query has no column {name!r}", where=where, expected="source.high_water among its columns"
        )
    return found[0]


def _text(mark: Mark) -> str:
    return mark.isoformat() if isinstance(mark, date) else str(mark)


def _parse(text: str) -> Mark | None:
    if not text:
        return None
    if text.removeprefix("-").isdecimal():
        return int(text)
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _earlier(mark: Mark, overlap: int | None) -> Mark:
    if isinstance(mark, int):
        return mark - (_OVERLAP_NUMBERS if overlap is None else overlap)
    seconds = _OVERLAP_SECONDS if overlap is None else overlap
    if isinstance(mark, datetime):
        return mark - timedelta(seconds=seconds)
    return mark - timedelta(days=-(-seconds // _DAY))


def _bound(mark: Mark | None) -> Any:
    from sqlalchemy import BigInteger, Date, DateTime, bindparam

    if isinstance(mark, datetime):
        return bindparam(None, mark, type_=DateTime(timezone=mark.tzinfo is not None))
    return bindparam(None, mark, type_=Date() if isinstance(mark, date) else BigInteger())


def query_columns(source: FeedSource) -> tuple[str, ...]:
    """The columns of a source's query; none of its rows is fetched. Raises ``InputError`` as ``open_database``, and
    where the high-water column is not among them."""
    with open_database(source) as database:
        columns = _columns(database, _query(source.query))
        _named(columns, source.high_water, database.where)
    return columns
