"""What a night says it did: counts, ids of leads and entries, files and lists; nobody's name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from netpursuit.records import RunCounts

WHATS = ("new", "updated", "stopped", "flagged", "cleared")
"""What a night may say of a lead."""

DONE, STORAGE, LEFT_OUT, DIFFERENCE = 0, 1, 3, 6


class ListFate(StrEnum):
    """What a night did with a list."""

    UPDATED = "updated"
    UNCHANGED = "unchanged"  # its files are those it was read from
    KEPT = "kept"  # its files could not be taken: the earlier version stays in force
    ABSENT = "absent"  # its files could not be taken, and there is no earlier version
    WOULD_UPDATE = "would-update"
    WOULD_FETCH = "would-fetch"


class FileFate(StrEnum):
    """What a night did with a file of a feed."""

    NEW = "new"  # screened for the first time, or anew because feed or groups are other than before
    BACKWARDS = "backwards"  # screened again because lists or weights have changed
    KNOWN = "known"  # screened before against the same
    LEFT = "left"  # known, not screened against what has changed since
    FAILED = "failed"
    WOULD_SCREEN = "would-screen"
    WOULD_BACKWARDS = "would-backwards"


class ProblemKind(StrEnum):
    """What could not be done, or must be looked at; the words are ``night.problem.<kind>``."""

    LIST = "list"
    LIST_STALE = "list-stale"
    FEED = "feed"
    FILE = "file"
    STORAGE = "storage"
    GRAPH = "graph"
    LOG = "log"
    DISK = "disk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """``about``: the list, the feed, or feed and file; ``why``: one English sentence without any value of a person."""

    kind: ProblemKind
    about: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListResult:
    """A list after the night. ``expiring``: entries by days ahead; ``status`` as ``ListStatus``, or empty."""

    list_id: str
    fate: ListFate | None  # None: the plan does not name it
    added: int = 0
    changed: int = 0
    withdrawn: int = 0
    leads_marked: int = 0
    status: str = ""
    list_date: date | None = None
    age_days: int | None = None
    people: int = 0
    expired: int = 0
    expiring: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """A file of a feed. ``run_id`` is the run of this night, empty where none ran."""

    file: str
    fate: FileFate
    run_id: str = ""
    counts: RunCounts = field(default_factory=RunCounts)
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedResult:
    """A feed after the night. ``refused``: the code of why it did not run, or empty."""

    feed_id: str
    purpose: str
    expires_on: date
    backwards: str
    refused: str = ""
    files: tuple[FileResult, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryNews:
    """Entries of one list that are new or changed; ``whole``: the files were never screened against this list."""

    list_id: str
    entry_ids: tuple[str, ...]
    whole: bool = False
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """Entries that could not be checked against some files of a feed; ``why``: ``file-gone``, ``feed-refused``,
    ``backwards-off`` or ``failed``."""

    feed_id: str
    why: str
    files: tuple[str, ...]
    entries: tuple[EntryNews, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadNews:
    """A lead that the night made (``new``), changed (``updated``), ended (``stopped``), flagged (``flagged``, of a
    confirmed one) or found cleared elsewhere (``cleared``). ``flag``: the word of its flag."""

    lead_id: str
    what: str
    band: str
    feed_id: str
    flag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """``log_problems`` empty: the log is intact. ``graph_up`` False: the store could not be reached."""

    log_records: int
    log_problems: tuple[str, ...]
    graph_up: bool
    graph_drained: int
    graph_pending: int
    free_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NightAnswer:
    """A whole night; ``health`` None: a dry run. ``retained``: what was purged by kind; None: nobody asked for that."""

    night_id: str
    user: str
    began_at: datetime
    ended_at: datetime
    resumed: bool
    as_of: date
    lists: tuple[ListResult, ...]
    feeds: tuple[FeedResult, ...]
    leads: tuple[LeadNews, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()
    problems: tuple[Problem, ...] = ()
    health: Health | None = None
    retained: Mapping[str, int] | None = None
    consultation_id: str = ""
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """6 where the log differs, 1 where storage failed, 3 where anything was left out or needs a look, else 0."""
        kinds = {problem.kind for problem in self.problems}
        if ProblemKind.LOG in kinds:
            return DIFFERENCE
        return STORAGE if ProblemKind.STORAGE in kinds else LEFT_OUT if kinds else DONE

    @property
    def run_ids(self) -> tuple[str, ...]:
        """The runs of this night, in their order."""
        return tuple(item.run_id for feed in self.feeds for item in feed.files if item.run_id)

    def leads_that(self, *what: str) -> tuple[LeadNews, ...]:
        """The leads of which the night says this."""
        return tuple(item for item in self.leads if item.what in what)


def count_files(feed: FeedResult, *fates: FileFate) -> int:
    """How many files of a feed met one of these fates."""
    return sum(item.fate in fates for item in feed.files)


def sorted_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Problems in the order of their kinds, each once."""
    order = list(ProblemKind)
    return tuple(sorted(dict.fromkeys(problems), key=lambda item: (order.index(item.kind), item.about)))
