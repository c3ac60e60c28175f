"""A workbench on the real store with a matcher of a few lines: what the tests of the use cases stand on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from netpursuit.audit.log import ConsultationLog
from netpursuit.audit.row_form import canonical_row, unread_row
from netpursuit.custody.list_reports import matchable_entries
from netpursuit.custody.lists import ListReceipt, NewList, add_list
from netpursuit.gate import Gate
from netpursuit.gate.workbench import Workbench
from netpursuit.records import (
    Authority,
    Band,
    Document,
    Entry,
    EntryKey,
    EntryKind,
    Evidence,
    Feed,
    Instrument,
    Lead,
    ListHeader,
    ListItem,
    ListVersion,
    Match,
    MatchSet,
    MilliBits,
    Name,
    PartialDate,
    Person,
    Reason,
    RegisteredPerson,
    Registration,
    Rejected,
    Role,
    SourceRef,
    Warrant,
)
from netpursuit.records.columns import Coded, PersonColumns
from netpursuit.records.register import RegisteredColumns, RegisterRows, StayColumns
from netpursuit.stores.workspace import Workspace, open_workspace

DAY = date(2026, 11, 23)
WHO = "officer"


class TableMatcher:
    """Same name 6 bits, same birth date 9, same number 20; strong from 24, possible from 12, weak from 5."""

    policy_version = "table-1"

    def __init__(self, entries: Iterable[tuple[str, Entry]]) -> None:
        self.entries = {EntryKey(list_id=list_id, entry_id=entry.entry_id): entry for list_id, entry in entries}

    def match(
        self,
        persons: Sequence[Person],
        *,
        min_band: Band = Band.WEAK,
        limit: int | None = 10,
        held_out: frozenset[EntryKey] = frozenset(),
    ) -> list[MatchSet]:
        return [self._one(person, min_band, limit, held_out) for person in persons]

    def _one(self, person: Person, min_band: Band, limit: int | None, held_out: frozenset[EntryKey]) -> MatchSet:
        scored = [compare(person, entry.person, key) for key, entry in self.entries.items() if key not in held_out]
        found = sorted((match for match in scored if match.band >= min_band), key=lambda m: (-m.millibits, m.key))
        shown = found if limit is None else found[:limit]
        return MatchSet(matches=tuple(shown), candidates=len(scored), truncated=len(shown) < len(found))

    def explain(self, person: Person, key: EntryKey) -> Match | None:
        entry = self.entries.get(key)
        return compare(person, entry.person, key) if entry else None


def compare(left: Person, right: Person, key: EntryKey) -> Match:
    evidence = []
    for field, bits, mine, theirs in (
        ("name", 6000, {n.text.casefold() for n in left.names}, {n.text.casefold() for n in right.names}),
        ("birth-date", 9000, set(map(str, left.birth_dates)), set(map(str, right.birth_dates))),
        ("document", 20000, {d.number for d in left.documents}, {d.number for d in right.documents}),
    ):
        if mine and theirs:
            same = sorted(mine & theirs)
            level = "same" if same else "differs"
            weight = MilliBits(bits if same else -2000)
            evidence.append(Evidence(field=field, level=level, millibits=weight, left="".join(same)))
    total = sum(item.millibits for item in evidence)
    band = Band.STRONG if total >= 24000 else Band.POSSIBLE if total >= 12000 else Band(total >= 5000)
    return Match(
        key=key,
        millibits=MilliBits(total),
        probability=1 / (1 + 2 ** -(total / 1000)),
        band=band,
        capped="",
        evidence=tuple(evidence),
    )


class ReadAlready:
    """Reads rows that are registrations and rejections."""

    def __call__(self, rows: Sequence[Any], /) -> list[Registration | Rejected]:
        return list(rows)

    def columns(self, rows: Sequence[Any], /) -> RegisterRows:
        good = {row: item for row, item in enumerate(rows) if isinstance(item, Registration)}
        people = [someone for item in good.values() for someone in item.persons]
        files = [(item.file, item.file_digest) for item in rows] or [("night.csv", "")]
        return RegisterRows(
            file=files[0][0],
            file_digest=files[0][1],
            size=len(rows),
            rejected={row: item for row, item in enumerate(rows) if row not in good},
            rows=np.array(list(good), np.int64),
            ids=[item.registration_id for item in good.values()],
            lines=np.array([item.line for item in good.values()], np.int64),
            stays=StayColumns(
                *(Coded([getattr(item, name) for item in good.values()]) for name in StayColumns._fields)
            ),
            unnamed={at: item.unnamed for at, item in enumerate(good.values()) if item.unnamed},
            person_start=np.cumsum([0, *(len(item.persons) for item in good.values())]),
            persons=RegisteredColumns(
                Coded([someone.role for someone in people]),
                np.array([someone.position for someone in people], np.int64),
                Coded([someone.person_id for someone in people]),
                PersonColumns.of(someone.person for someone in people),
            ),
        )


@dataclass
class RowsSource:
    """Registrations from memory."""

    rows: Sequence[Registration | Rejected]
    file: str = "night.csv"
    keyed_by: str = "id"

    @property
    def file_digest(self) -> str:
        return hashlib.sha256(repr(self.rows).encode()).hexdigest()

    @property
    def rows_estimate(self) -> int | None:
        return len(self.rows)

    def raw(self) -> Iterator[Registration | Rejected]:
        return iter(self.rows)

    @property
    def reader(self) -> ReadAlready:
        return ReadAlready()

    @property
    def canonical(self) -> Callable[[Sequence[Any]], list[bytes]]:
        return written_rows


def written_rows(rows: Sequence[Registration | Rejected]) -> list[bytes]:
    return [
        unread_row(item.line)
        if isinstance(item, Rejected)
        else canonical_row({"id": item.registration_id, "line": str(item.line)})
        for item in rows
    ]


@dataclass
class ItemsReader:
    """A list from memory."""

    items: Sequence[ListItem]
    own: bool = False
    published_on: date | None = DAY
    title: str = "Wanted persons"
    format: str = "memory"

    def recognises(self, paths: Sequence[Path]) -> bool:
        return True

    def header(self, paths: Sequence[Path]) -> ListHeader:
        return ListHeader(
            format=self.format,
            published_on=self.published_on,
            publisher="Example Bureau",
            title=self.title,
            own=self.own,
        )

    def read(self, paths: Sequence[Path]) -> Iterator[ListItem]:
        return iter(self.items)


def wanted(entry_id: str, name: str, born: str = "", number: str = "", **more: Any) -> Entry:
    return Entry(
        entry_id=entry_id,
        kind=more.pop("kind", EntryKind.PERSON),
        person=person(name, born, number),
        source=SourceRef(file="wanted.csv", line=more.pop("line", 2)),
        **more,
    )


def warrant(review_by: date | None, **more: Any) -> Warrant:
    stated = {
        "instrument": Instrument.ARREST_WARRANT,
        "document_number": "A-1",
        "authority": "Example Court",
        "issue_date": date(2026, 11, 1),
        "review_by": review_by,
        "offence": "theft",
    }
    return Warrant(**{**stated, **more})


def person(name: str, born: str = "", number: str = "", **more: Any) -> Person:
    dates = ()
    if born:
        year, month, day = map(int, born.split("-"))
        dates = (PartialDate(year=year, month=month, day=day),)
    documents = (Document(number=number),) if number else ()
    return Person(names=(Name(text=name),), birth_dates=dates, documents=documents, **more)


def row(registration_id: str, *people: Person, line: int = 2, role: Role = Role.TENANT, **more: Any) -> Registration:
    ids = more.pop("ids", [""] * len(people))
    persons = tuple(
        RegisteredPerson(role=role, position=position, person_id=ids[position], person=someone)
        for position, someone in enumerate(people)
    )
    return Registration(
        registration_id=registration_id, file_digest="d" * 64, file="night.csv", line=line, persons=persons, **more
    )


FEED = Feed(
    feed_id="nightly",
    legal_basis="Example Act s. 1",
    area="Invented District",
    period_from=date(2026, 1, 1),
    period_to=date(2026, 12, 31),
    purpose="find wanted tenants",
    screened_roles=(Role.TENANT, Role.CO_TENANT, Role.OCCUPANT, Role.GUEST),
    time_zone="Europe/London",
    expires_on=date(2026, 12, 31),
)


@dataclass
class Bench:
    """An open workspace, its workbench, and a clock that the test sets."""

    workspace: Workspace
    now: datetime
    desk: Workbench = None  # type: ignore[assignment]

    @property
    def truth(self) -> Any:
        return self.workspace.truth

    def add(self, list_id: str, items: Sequence[ListItem], *, as_of: date = DAY, **more: Any) -> ListReceipt:
        options = {name: more.pop(name) for name in ("delta", "accept_withdrawals", "list_date") if name in more}
        if "max_age_days" in more:
            options["max_age_days"] = more.pop("max_age_days")
        new = NewList(list_id=list_id, paths=(Path("wanted.csv"),), as_of=as_of, **options)
        return add_list(self.desk, new, ItemsReader(items, **more))

    def as_user(self, authority: Authority) -> Workbench:
        return replace(self.desk, authority=authority)

    def of(self, who: str, *groups: str) -> Workbench:
        """The workbench of another user, who belongs to these groups."""
        log = self.desk.gate.log
        gate = Gate(
            self.truth,
            log,
            who=who,
            clock=lambda: self.now,
            zone=UTC,
            groups=lambda name: frozenset(groups) if name == who else frozenset(),
        )
        return replace(self.desk, gate=gate, authority=replace(self.desk.authority, who=who))


def links(lead: Lead, entries: Mapping[EntryKey, Entry]) -> str:
    return f'{{"lead":"{lead.lead_id}","entry":"{",".join(entry.entry_id for entry in entries.values())}"}}'


def open_bench(folder: Path, now: datetime = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)) -> Bench:
    bench = Bench.__new__(Bench)
    bench.now = now
    bench.workspace = open_workspace(folder / "workspace", folder / "keys", clock=lambda: bench.now)
    truth = bench.workspace.truth

    def matcher_for(versions: Sequence[ListVersion]) -> TableMatcher:
        return TableMatcher(matchable_entries(truth, versions))

    log = ConsultationLog(truth, bench.workspace.keys)
    bench.desk = Workbench(
        truth=truth,
        gate=Gate(truth, log, who=WHO, clock=lambda: bench.now, zone=UTC),
        keys=bench.workspace.keys,
        matcher_for=matcher_for,
        links=links,
        authority=Authority(who=WHO, reason=Reason(code="check", task="T-1")),
        clock=lambda: bench.now,
    )
    return bench
