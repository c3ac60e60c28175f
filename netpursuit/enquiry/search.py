"""One query: a person against the lists in force, and why a certain entry was or was not found."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from netpursuit.errors import StorageError
from netpursuit.gate.groups import Groups
from netpursuit.gate.workbench import (
    ListsInForce,
    ListStanding,
    Workbench,
    describe_person,
    open_matcher,
    past_entry,
    query_digest,
    verify_lists,
)
from netpursuit.policy.standing import ListStatus, is_expired, is_matched
from netpursuit.ports.matching import Matching
from netpursuit.ports.truth import Truth
from netpursuit.records import Band, Entry, EntryKey, Intent, Match, MatchSet, Outcome, Person, Verb

# How far an answer about one entry looks behind the limit of what is shown.
_WHOLE = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """Whom to look for. ``against`` asks why one entry was or was not found. ``limit`` 1 or more.

    ``as_of`` None: today. ``lists`` of whose entries alone the answer tells; none: of all.
    """

    person: Person
    limit: int = 10
    min_band: Band = Band.WEAK
    against: EntryKey | None = None
    as_of: date | None = None
    lists: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntry:
    """A match with its entry and the standing of its list; ``group_id`` where the entry belongs to a group."""

    match: Match
    entry: Entry
    standing: ListStanding
    group_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one entry was or was not found; the words are ``found.<answer>``.

    ``answer``: ``found``, ``cut-by-limit``, ``below-band``, ``capped``, ``missed``, ``expired``, ``withdrawn``,
    ``not-listed``, ``not-a-person``, ``held-out``. ``match`` is the comparison where one was possible.
    """

    key: EntryKey
    answer: str
    entry: Entry | None = None
    match: Match | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """What a query found, best first; entries of one group stand together, all that reach the band, also beyond the
    limit. ``truncated``: more matches reached the band than the limit shows."""

    query: Person
    as_of: date
    lists: tuple[ListStanding, ...]
    policy: str
    matches: tuple[FoundEntry, ...]
    truncated: bool
    against: Explanation | None
    consultation_id: str

    @property
    def troubled(self) -> bool:
        """Whether a list was stale, missing or damaged (A16)."""
        return any(item.status is not ListStatus.FRESH for item in self.lists)


def search(desk: Workbench, request: SearchRequest) -> SearchAnswer:
    """Match one person against the lists in force; stores no lead.

    Raises ``RefusedError`` where the gate says no (reason, limits), ``InputError`` where no list is there.
    """
    person, day = request.person, request.as_of or desk.today
    with desk.gate.consult(_intent(desk, request, day), persons=(person,)) as consultation:
        try:
            answer, found = _answer(desk, request, day, consultation.consultation_id)
        except StorageError:
            # An entry was changed after the index was built: its list is held out, the others answer (A16).
            if not verify_lists(desk.truth):
                raise
            answer, found = _answer(desk, request, day, consultation.consultation_id)
        consultation.conclude(_outcome(desk, answer, found))
    return answer


def _answer(desk: Workbench, request: SearchRequest, day: date, consultation_id: str) -> tuple[SearchAnswer, MatchSet]:
    lists, matcher = open_matcher(desk, day)
    person = request.person
    found = _matches(matcher, request, lists.held_out)
    answer = SearchAnswer(
        query=person,
        as_of=day,
        lists=lists.standings,
        policy=matcher.policy_version,
        matches=_together(desk.truth, lists, matcher, request, found),
        truncated=found.truncated,
        against=_explain(desk.truth, lists, matcher, request, found) if request.against is not None else None,
        consultation_id=consultation_id,
    )
    return answer, found


def _matches(matcher: Matching, request: SearchRequest, held_out: frozenset[EntryKey]) -> MatchSet:
    limit = None if request.lists else request.limit
    found = matcher.match((request.person,), min_band=request.min_band, limit=limit, held_out=held_out)[0]
    if not request.lists:
        return found
    kept = [match for match in found.matches if match.key.list_id in request.lists]
    return replace(found, matches=tuple(kept[: request.limit]), truncated=len(kept) > request.limit)


def _intent(desk: Workbench, request: SearchRequest, day: date) -> Intent:
    about = {"min_band": request.min_band.word}
    fields, sealed = describe_person(request.person, request.against)
    return Intent(
        verb=Verb.MATCH,
        authority=desk.authority,
        fields=fields,
        about=about,
        as_of=day,
        sealed=sealed,
    )


def _outcome(desk: Workbench, answer: SearchAnswer, found: MatchSet) -> Outcome:
    counts = {"matches": len(answer.matches), "candidates": found.candidates, "cut": found.cut}
    for item in answer.matches:
        counts[item.match.band.word] = counts.get(item.match.band.word, 0) + 1
    shown = [item.match.key for item in answer.matches]
    if answer.against is not None and answer.against.entry is not None and answer.against.key not in shown:
        shown.append(answer.against.key)
    lists = {f"list.{item.list_id}": item.version.version for item in answer.lists if item.version is not None}
    digest = query_digest(desk.keys, answer.consultation_id, answer.query)
    return Outcome(
        counts=counts,
        entry_ids=tuple(f"{key.list_id}:{key.entry_id}" for key in shown),
        about={"query": digest, "policy": answer.policy, **lists},
    )


def _together(
    truth: Truth, lists: ListsInForce, matcher: Matching, request: SearchRequest, found: MatchSet
) -> tuple[FoundEntry, ...]:
    """The matches in their order, each of a group followed by the others of that group."""
    groups = Groups.of(truth)
    known = {match.key: match for match in found.matches}
    shown: dict[EntryKey, FoundEntry] = {}
    for match in found.matches:
        group = groups.find(match.key)
        others = [key for key in group.members if key != match.key and key not in lists.held_out] if group else []
        others = [key for key in others if not request.lists or key.list_id in request.lists]
        beside = (known.get(key) or matcher.explain(request.person, key) for key in others)
        reached = [item for item in beside if item is not None and item.band >= request.min_band]
        for item in (match, *sorted(reached, key=lambda one: (-one.band, -one.millibits, one.key))):
            if item.key not in shown:
                shown[item.key] = _found(truth, lists, item, group.group_id if group else "")
    return tuple(shown.values())


def _found(truth: Truth, lists: ListsInForce, match: Match, group_id: str) -> FoundEntry:
    standing = _standing(lists, match.key.list_id)
    entry = truth.entry(match.key, standing.version.version if standing.version else "")
    if entry is None:
        raise StorageError(f"the index holds {match.key.list_id}:{match.key.entry_id}, the list does not")
    return FoundEntry(match=match, entry=entry, standing=standing, group_id=group_id)


def _standing(lists: ListsInForce, list_id: str) -> ListStanding:
    return next(item for item in lists.standings if item.list_id == list_id)


def _explain(
    truth: Truth, lists: ListsInForce, matcher: Matching, request: SearchRequest, found: MatchSet
) -> Explanation:
    key = request.against
    assert key is not None
    version = next((item for item in lists.versions if item.list_id == key.list_id), None)
    if version is None and any(item.list_id == key.list_id for item in lists.standings):
        return Explanation(key=key, answer="held-out")
    entry = truth.entry(key, version.version) if version is not None else None
    if entry is None:
        past = past_entry(truth, key)
        return Explanation(key=key, answer="withdrawn" if past else "not-listed", entry=past)
    if not is_matched(entry):
        return Explanation(key=key, answer="not-a-person", entry=entry)
    match = next((item for item in found.matches if item.key == key), None)
    if match is not None:
        return Explanation(key=key, answer="found", entry=entry, match=match)
    match = matcher.explain(request.person, key)
    return Explanation(key=key, answer=_why_not(matcher, lists, request, entry, match), entry=entry, match=match)


def _why_not(matcher: Matching, lists: ListsInForce, request: SearchRequest, entry: Entry, match: Match | None) -> str:
    if is_expired(entry, lists.as_of):
        return "expired"
    if match is None:
        return "missed"
    if match.band < request.min_band:
        return "capped" if match.capped else "below-band"
    whole = matcher.match((request.person,), min_band=request.min_band, limit=_WHOLE, held_out=lists.held_out)[0]
    return "cut-by-limit" if any(item.key == match.key for item in whole.matches) else "missed"
