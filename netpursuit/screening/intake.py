"""From rows of a file to the persons to be screened, chunk by chunk; nothing of the others is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from netpursuit.ports.keys import Keys
from netpursuit.records import Feed, RegisteredPerson, Registration, Rejected, RunCounts
from netpursuit.screening.feeds import in_period
from netpursuit.screening.keys import person_ref, registration_ref


@dataclass(frozen=True, slots=True)
class PersonKey:
    """Which person of which registration, whatever the entry."""

    registration_id: str
    role: str
    person_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """A person to be screened and the row it stands in."""

    key: PersonKey
    registered: RegisteredPerson
    registration: Registration


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Some rows of a file: whom to screen, what to quarantine, what to count. ``rows_done`` counts from the file's
    first row; ``again`` says that an earlier run of the same work has done these rows already."""

    rows_done: int
    persons: tuple[Screened, ...]
    rejected: tuple[Rejected, ...]
    counts: RunCounts
    again: bool


class Intake:
    """Reads the rows of one file once.

    Remembers, in memory only, a hash of every person key, to notice those that are repeated, and which of the leads
    known before have their registration or their person in this file.
    """

    def __init__(self, feed: Feed, keys: Keys, known: Iterable[PersonKey]) -> None:
        self._feed, self._keys = feed, keys
        self._known = frozenset(known)
        self._known_registrations = frozenset(key.registration_id for key in self._known)
        self._seen: set[int] = set()
        self.registrations_again: set[str] = set()
        self.persons_again: set[PersonKey] = set()

    def chunks(self, rows: Iterable[Registration | Rejected], *, size: int, done: int) -> Iterator[Chunk]:
        """Chunks of at most ``size`` rows; the first ``done`` rows come marked ``again``, in chunks of their own."""
        waiting: list[Registration | Rejected] = []
        count = 0
        for row in rows:
            waiting.append(row)
            count += 1
            if len(waiting) == size or count == done:
                yield self._chunk(waiting, count, again=count <= done)
                waiting = []
        if waiting:
            yield self._chunk(waiting, count, again=count <= done)

    def _chunk(self, rows: list[Registration | Rejected], rows_done: int, *, again: bool) -> Chunk:
        persons: list[Screened] = []
        rejected: list[Rejected] = []
        tally: Counter[str] = Counter(read=len(rows))
        for row in rows:
            if isinstance(row, Rejected):
                rejected.append(row)
                continue
            chosen, repeated = self._row(row, tally)
            persons += chosen
            if repeated:
                rejected.append(_repeated(row))
        counts = RunCounts(rejected=len(rejected), screened=len(persons), **tally)
        return Chunk(rows_done=rows_done, persons=tuple(persons), rejected=tuple(rejected), counts=counts, again=again)

    def _row(self, row: Registration, tally: Counter[str]) -> tuple[list[Screened], bool]:
        """Who of a row is to be screened, and whether one of its persons came before; the others are tallied."""
        registration_id = registration_ref(self._keys, row)
        if registration_id in self._known_registrations:
            self.registrations_again.add(registration_id)
        within = in_period(self._feed, row)
        chosen: list[Screened] = []
        repeated = False
        for someone in row.persons:
            key = PersonKey(registration_id, someone.role, person_ref(someone))
            if key in self._known:
                self.persons_again.add(key)
            if self._is_repeated(key):
                repeated = True
            elif someone.role not in self._feed.screened_roles:
                tally["unscreened_role"] += 1
            elif within:
                chosen.append(Screened(key=key, registered=someone, registration=row))
            tally["truncated_numbers"] += someone.truncated_numbers
        tally["persons"] += len(row.persons)
        tally["out_of_period"] += not within
        return chosen, repeated

    def _is_repeated(self, key: PersonKey) -> bool:
        # 64 bits; two of ten million keys agree by chance once in 370,000 files. Of this process only, never stored.
        short = hash((key.registration_id, key.role, key.person_ref))
        if short in self._seen:
            return True
        self._seen.add(short)
        return False


def add_counts(left: RunCounts, right: RunCounts) -> RunCounts:
    """The counters of two parts of a run together."""
    return RunCounts(**{item.name: getattr(left, item.name) + getattr(right, item.name) for item in fields(RunCounts)})


def _repeated(row: Registration) -> Rejected:
    return Rejected(
        file_digest=row.file_digest,
        file=row.file,
        line=row.line,
        column="registration_id",
        reason="repeated-key",
        expected="another registration id, role or person id than the rows before",
    )
