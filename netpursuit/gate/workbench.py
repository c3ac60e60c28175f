"""What every use case works with, gathered by the composition root, and which lists are in force as of a date."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from netpursuit.errors import InputError, StorageError
from netpursuit.gate.gate import Gate
from netpursuit.ids.fingerprints import entry_version, list_digest, person_fields, record_digest
from netpursuit.policy.standing import ListStatus, is_expired, judge_list
from netpursuit.ports.keys import Keys
from netpursuit.ports.matching import Matching
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import Authority, Entry, EntryKey, ListVersion, Person

if TYPE_CHECKING:
    from netpursuit.records import Lead

KEPT_LISTS = "lists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The collaborators of the use cases.

    ``matcher_for`` opens the index over the entries of the given versions that are matched as people, expired ones
    included: those are held out query by query. ``links`` gives what a lead and its entries bring to the link graph, as
    JSON for the outbox. ``authority`` is who works here and why. ``clock`` gives the instant in the user's time zone.
    """

    truth: Truth
    gate: Gate
    keys: Keys
    matcher_for: Callable[[Sequence[ListVersion]], Matching]
    links: Callable[[Lead, Mapping[EntryKey, Entry]], str]
    authority: Authority
    clock: Callable[[], datetime]

    @property
    def today(self) -> date:
        """The calendar date where the user is, by which is judged where nobody states a date."""
        return self.clock().date()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListStanding:
    """A list and how far it can be relied on; ``version`` None: it is missing."""

    list_id: str
    status: ListStatus
    version: ListVersion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ListsInForce:
    """All lists as of a date, those that are matched against, and the entries that must not match."""

    as_of: date
    standings: tuple[ListStanding, ...]
    versions: tuple[ListVersion, ...]
    held_out: frozenset[EntryKey]

    @property
    def pinned(self) -> tuple[tuple[str, str], ...]:
        """(list id, version) of what is matched against, sorted."""
        return tuple(sorted((version.list_id, version.version) for version in self.versions))

    @property
    def troubled(self) -> bool:
        """Whether a list is stale, missing or damaged, which the exit code says (A16)."""
        return any(item.status is not ListStatus.FRESH for item in self.standings)


def open_matcher(desk: Workbench, as_of: date) -> tuple[ListsInForce, Matching]:
    """The lists in force as of a date and the matcher over them.

    Where the matcher cannot be opened because a list cannot be read, that list is marked damaged and held out, and the
    others still answer (A16). Raises as ``lists_in_force``, and ``StorageError`` where no list is to blame.
    """
    lists = lists_in_force(desk.truth, as_of)
    try:
        return lists, desk.matcher_for(lists.versions)
    except StorageError:
        if not verify_lists(desk.truth):
            raise
    lists = lists_in_force(desk.truth, as_of)
    return lists, desk.matcher_for(lists.versions)


def lists_in_force(truth: Truth, as_of: date) -> ListsInForce:
    """The lists of a workspace as of a date; damaged and missing ones are held out.

    Raises ``InputError`` where no list was ever added, ``StorageError`` where none is left to match against.
    """
    standings = list_standings(truth, as_of)
    versions = tuple(
        item.version for item in standings if item.version is not None and item.status is not ListStatus.DAMAGED
    )
    if not standings:
        raise InputError("the workspace holds no list to match against", expected="a list added with 'lists add'")
    if not versions:
        raise StorageError("every list is damaged or missing: add them again from their files")
    return ListsInForce(
        as_of=as_of,
        standings=standings,
        versions=versions,
        held_out=frozenset(key for version in versions for key in expired_keys(truth, version, as_of)),
    )


def list_standings(truth: Truth, as_of: date) -> tuple[ListStanding, ...]:
    """Every list that was added and not removed, by id; one that is not there any more is missing."""
    there = [standing(truth, version, as_of) for version in truth.list_versions()]
    absent = kept_lists(truth) - {item.list_id for item in there}
    missing = [ListStanding(list_id=list_id, status=ListStatus.MISSING, version=None) for list_id in absent]
    return tuple(sorted((*there, *missing), key=lambda item: item.list_id))


def verify_lists(truth: Truth) -> tuple[str, ...]:
    """Read every list again and hold out (``damaged``) what is not what was sealed; answers the ids of those."""
    damaged = []
    for version in truth.list_versions():
        sound = is_sound(truth, version)
        if sound == version.damaged:
            with truth.transaction() as unit:
                unit.mark_list(replace(version, damaged=not sound))
        if not sound:
            damaged.append(version.list_id)
    return tuple(damaged)


def is_sound(truth: Truth, version: ListVersion) -> bool:
    """Whether the entries of a version can be read and are what was sealed."""
    try:
        parts = ((entry.entry_id, entry_version(entry)) for entry in truth.entries(version.list_id, version.version))
        return list_digest(parts) == version.version
    except StorageError:
        return False


def standing(truth: Truth, version: ListVersion, as_of: date) -> ListStanding:
    """How far one list can be relied on as of a date."""
    _, last = review_dates(truth, version)
    status = judge_list(version, as_of, last_review=last)
    return ListStanding(list_id=version.list_id, status=status, version=version)


def expired_keys(truth: Truth, version: ListVersion, as_of: date) -> frozenset[EntryKey]:
    """The entries of a list that are past their review date."""
    first, _ = review_dates(truth, version)
    if first is None or first >= as_of:
        return frozenset()
    return frozenset(
        EntryKey(list_id=version.list_id, entry_id=entry.entry_id)
        for entry in truth.entries(version.list_id, version.version)
        if is_expired(entry, as_of)
    )


def review_dates(truth: Truth, version: ListVersion) -> tuple[date | None, date | None]:
    """The first and the last review date on a list, kept beside it so that a query need not read every entry."""
    kept = truth.setting(review_setting(version.list_id, version.version))
    if not kept:
        return None, None
    first, _, last = kept.partition("/")
    return date.fromisoformat(first), date.fromisoformat(last)


def review_setting(list_id: str, version: str) -> str:
    """The name under which the first and the last review date of a list's version are kept."""
    return f"review.{list_id}.{version}"


def describe_person(person: Person, key: EntryKey | None = None) -> tuple[tuple[str, ...], str]:
    """The names of the fields that a query uses, and their values as JSON, which only the sealed payload may hold.

    ``key`` is the entry asked for beside them: typed too, and named in the clear only by an outcome that knows it.
    """
    stated = {name: value for name, value in asdict(person).items() if value}
    used = tuple(name for name, values in person_fields(person).items() if values)
    if key is not None:
        stated["entry"] = f"{key.list_id}:{key.entry_id}"
        used = (*used, "entry")
    return used, json.dumps(stated, ensure_ascii=False, default=str)


def query_digest(keys: Keys, consultation_id: str, person: Person) -> str:
    """What the outcome of a query keeps of its fields, so that a lead can be opened from it with the same fields.

    Bound to the consultation: two queries about one person cannot be told to be so.
    """
    return record_digest(keys, f"query {consultation_id}", person)


def past_entry(truth: Truth, key: EntryKey) -> Entry | None:
    """An entry as it last stood on its list, looking back through the list's sealed versions; None: it never did."""
    version = truth.setting(last_setting(key.list_id))
    looked: set[str] = set()
    while version and version not in looked:
        looked.add(version)
        entry = truth.entry(key, version)
        if entry is not None:
            return entry
        version = truth.setting(before_setting(key.list_id, version))
    return None


def kept_lists(truth: Truth) -> frozenset[str]:
    """The ids of the lists that were added and not removed, kept apart from the lists themselves."""
    return frozenset(json.loads(truth.setting(KEPT_LISTS) or "[]"))


def keep_list(truth: Truth, unit: UnitOfWork, list_id: str, *, kept: bool) -> None:
    """Remember that a list should be there (``kept``), or that it should not."""
    ids = kept_lists(truth)
    ids = ids | {list_id} if kept else ids - {list_id}
    unit.put_setting(KEPT_LISTS, json.dumps(sorted(ids)))


def last_setting(list_id: str) -> str:
    """The name under which the last version of a list is kept, also when the list has been removed."""
    return f"last.{list_id}"


def changes_setting(list_id: str, version: str) -> str:
    """The name under which is kept how many entries a version of a list added, changed and withdrew, as JSON."""
    return f"changes.{list_id}.{version}"


def before_setting(list_id: str, version: str) -> str:
    """The name under which the version before a list's version is kept."""
    return f"before.{list_id}.{version}"
