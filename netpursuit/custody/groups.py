"""Entries that may be one person: compared with each other, proposed, shown. Nothing is decided here."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from netpursuit.custody.list_reports import matchable_entries
from netpursuit.custody.references import published_references
from netpursuit.errors import InputError, StorageError
from netpursuit.gate.groups import Groups, group_key
from netpursuit.gate.workbench import ListsInForce, ListStanding, Workbench, open_matcher
from netpursuit.ids.fingerprints import entry_fingerprints, identifying_changes, keyed_digest
from netpursuit.policy.standing import is_expired
from netpursuit.ports.keys import Keys
from netpursuit.ports.truth import Truth, UnitOfWork
from netpursuit.records import (
    Band,
    Entry,
    EntryGroup,
    EntryKey,
    EntryPair,
    Intent,
    Match,
    Outcome,
    PairState,
    Verb,
)

ENTRIES_AT_ONCE = 256  # memory grows with it (290 MB here, 460 MB at 1024, on 6,700 entries), speed does not
PER_ENTRY = 50  # pairs of one entry that are looked at; whoever matches more is nobody in particular

IN_GROUPS = (PairState.ACCEPTED, PairState.PROPOSED)

# Why an entry of a pair matches nobody any more; the words are ``groups.ended.<value>``.
WITHDRAWN, EXPIRED, HELD_OUT = "withdrawn", "expired", "held-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposing:
    """What is to be proposed: pairs from a band on, on different lists unless ``within``."""

    min_band: Band = Band.STRONG
    within: bool = False
    as_of: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """What a comparison of the lists came to; ``waiting`` proposals are open in all."""

    compared: int
    new: int
    updated: int
    known: int
    waiting: int
    lists: tuple[ListStanding, ...]
    consultation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """A pair beside its entries as they stand (``None``: no longer).

    ``ended`` names those that match nobody any more and why; ``changed`` the identifying fields (``left.name``) that
    differ from when it was proposed or decided. ``same_references`` and ``other_references`` (left, right) are
    published numbers.
    """

    pair: EntryPair
    entries: tuple[Entry | None, Entry | None]
    ended: tuple[tuple[EntryKey, str], ...]
    changed: tuple[str, ...]
    same_references: tuple[str, ...]
    other_references: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSheet:
    """All about one id: a pair, or the group it belongs to with every pair that holds it together.

    ``beside`` are comparisons of an open proposal's entries with the members of groups that accepting it would join
    them with, as (entry, match).
    """

    group: EntryGroup | None
    pairs: tuple[PairView, ...]
    beside: tuple[tuple[EntryKey, Match], ...]
    consultation_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPage:
    """One page of proposals, or of groups (each as the views of its pairs); ``total`` counts all of this kind."""

    rows: tuple[GroupSheet, ...]
    total: int
    consultation_id: str


def pair_id(keys: Keys, one: EntryKey, other: EntryKey) -> str:
    """``G-`` and 12 base32 characters (60 bits) of a keyed digest of both entries, in whatever order."""
    first, second = sorted((one, other))
    digest = keyed_digest(keys, "pair", first.list_id, first.entry_id, second.list_id, second.entry_id)
    return "G-" + base64.b32encode(bytes.fromhex(digest)).decode("ascii")[:12]


def pair_fingerprints(keys: Keys, left: Entry, right: Entry) -> dict[str, str]:
    """Fingerprints of both entries of a pair."""
    own = {f"left.{name.removeprefix('right.')}": value for name, value in entry_fingerprints(keys, left).items()}
    return dict(sorted((own | entry_fingerprints(keys, right)).items()))


def propose_groups(
    desk: Workbench, asked: Proposing, progress: Callable[[int], None] = lambda compared: None
) -> Proposed:
    """Compare every entry in force with all lists, by the one scoring path, and keep the pairs that reach the band.

    A pair that a human decided about stays decided, unless an identifying field has changed since it was rejected or
    dissolved: then it is proposed again, flagged. The same lists twice change nothing. ``progress`` is told how many
    entries are compared. Raises as ``open_matcher``.
    """
    day = asked.as_of or desk.today
    about = {"min_band": asked.min_band.word, "within": str(asked.within).lower()}
    intent = Intent(verb=Verb.GROUPS_PROPOSE, authority=desk.authority, about=about, as_of=day)
    with desk.gate.consult(intent) as consultation:
        lists, matcher = open_matcher(desk, day)
        book = _PairBook(desk, lists, matcher.policy_version, asked.within)
        entries = _in_force(desk.truth, lists)
        compared = 0
        while some := list(islice(entries, ENTRIES_AT_ONCE)):
            persons = [entry.person for _, entry in some]
            found = matcher.match(persons, min_band=asked.min_band, limit=PER_ENTRY, held_out=lists.held_out)
            with desk.truth.transaction() as unit:
                for (key, entry), matches in zip(some, found, strict=True):
                    book.record(unit, key, entry, matches.matches)
                compared += len(some)
            progress(compared)
        waiting = desk.truth.count_entry_pairs((PairState.PROPOSED,), group_id="")
        counts = {"compared": compared, "new": book.new, "updated": book.updated, "known": book.known}
        versions = {f"list.{list_id}": version for list_id, version in lists.pinned}
        consultation.conclude(Outcome(counts=counts, about={"policy": matcher.policy_version, **versions}))
    return Proposed(**counts, waiting=waiting, lists=lists.standings, consultation_id=consultation.consultation_id)


class _PairBook:
    """Turns matches among entries into proposals."""

    def __init__(self, desk: Workbench, lists: ListsInForce, policy: str, within: bool) -> None:
        self._desk, self._policy, self._within = desk, policy, within
        self._versions = dict(lists.pinned)
        self._groups = Groups.of(desk.truth)
        self.new = self.updated = self.known = 0

    def record(self, unit: UnitOfWork, key: EntryKey, entry: Entry, matches: Iterable[Match]) -> None:
        """Keep what is new about an entry's matches with others."""
        group = self._groups.find(key)
        for match in matches:
            grouped = group is not None and self._groups.find(match.key) is group
            if match.key == key or grouped or (match.key.list_id == key.list_id and not self._within):
                continue
            other = self._desk.truth.entry(match.key, self._versions[match.key.list_id])
            if other is None:
                raise StorageError(f"the index holds {match.key.list_id}:{match.key.entry_id}, the list does not")
            self._put(
                unit,
                EntryPair(
                    pair_id=pair_id(self._desk.keys, key, match.key),
                    state=PairState.PROPOSED,
                    entry=key,
                    match=match,
                    policy=self._policy,
                    proposed_at=unit.at,
                    fingerprints=pair_fingerprints(self._desk.keys, entry, other),
                ),
            )

    def _put(self, unit: UnitOfWork, proposed: EntryPair) -> None:
        known = self._desk.truth.entry_pair(proposed.pair_id)
        if known is None:
            self.new += 1
            unit.put_entry_pair(proposed)
        elif known.entry == proposed.entry:  # each pair is met from both its ends
            changed = identifying_changes(known.fingerprints, proposed.fingerprints)
            same = known.match == proposed.match and known.fingerprints == proposed.fingerprints
            if known.state is PairState.PROPOSED and not same:
                self.updated += 1
                unit.put_entry_pair(replace(proposed, proposed_at=known.proposed_at, flag=known.flag))
            elif known.state in (PairState.REJECTED, PairState.DISSOLVED) and changed:
                self.updated += 1
                unit.put_entry_pair(replace(proposed, flag=f"changed:{','.join(changed)}"))
            else:
                self.known += 1


def list_groups(
    desk: Workbench, states: Sequence[PairState], *, limit: int = 50, offset: int = 0, as_of: date | None = None
) -> GroupPage:
    """One page of pairs in these states, those with most bits first; where ``states`` is accepted, of groups."""
    day = as_of or desk.today
    about = {"states": ",".join(state.value for state in states)}
    intent = Intent(verb=Verb.GROUPS_LIST, authority=desk.authority, about=about, as_of=day)
    with desk.gate.consult(intent) as consultation:
        look = PairLook(desk, day)
        bracket = consultation.consultation_id
        if tuple(states) == (PairState.ACCEPTED,):
            groups = desk.truth.entry_groups()
            total, chosen = len(groups), groups[offset : offset + limit]
            rows = tuple(look.group(group, bracket) for group in chosen)
        else:
            total = desk.truth.count_entry_pairs(states, group_id="")
            pairs = desk.truth.entry_pairs(states, group_id="", limit=limit, offset=offset)
            rows = tuple(
                GroupSheet(group=None, pairs=(look.pair(pair),), beside=(), consultation_id=bracket) for pair in pairs
            )
        counts = {"shown": len(rows), "total": total}
        consultation.conclude(Outcome(counts=counts, entry_ids=entry_ids(rows)))
    return GroupPage(rows=rows, total=total, consultation_id=bracket)


def show_group(desk: Workbench, asked: str, *, as_of: date | None = None) -> GroupSheet:
    """All about a pair or a group, by its id. Raises ``InputError`` where there is none."""
    day = as_of or desk.today
    intent = Intent(verb=Verb.GROUPS_SHOW, authority=desk.authority, about={"group": asked}, as_of=day)
    with desk.gate.consult(intent) as consultation:
        look = PairLook(desk, day)
        group = look.groups.find(group_key(asked))
        if group is not None:
            sheet = look.group(group, consultation.consultation_id)
        else:
            pair = known_pair(desk.truth, asked)
            sheet = GroupSheet(
                group=None,
                pairs=(look.pair(pair),),
                beside=_beside(desk, look.groups, pair, day),
                consultation_id=consultation.consultation_id,
            )
        consultation.conclude(Outcome(counts={"shown": 1}, entry_ids=entry_ids((sheet,))))
    return sheet


class PairLook:
    """Looks at pairs as of a date."""

    def __init__(self, desk: Workbench, as_of: date) -> None:
        self._desk, self._as_of = desk, as_of
        self._lists = {version.list_id: version for version in desk.truth.list_versions()}
        self.groups = Groups.of(desk.truth)

    def group(self, group: EntryGroup, consultation_id: str) -> GroupSheet:
        """A group with the views of all pairs within it: those accepted, then those that follow."""
        truth = self._desk.truth
        pairs = [pair for state in IN_GROUPS for pair in truth.entry_pairs((state,), group_id=group.group_id)]
        views = tuple(map(self.pair, pairs))
        return GroupSheet(group=group, pairs=views, beside=(), consultation_id=consultation_id)

    def pair(self, pair: EntryPair) -> PairView:
        """A pair beside its entries."""
        found = [self._entry(key) for key in pair.members]
        left, right = (entry for entry, _ in found)
        changed: tuple[str, ...] = ()
        same: frozenset[str] = frozenset()
        other: tuple[str, str] | None = None
        if left is not None and right is not None:
            changed = identifying_changes(pair.fingerprints, pair_fingerprints(self._desk.keys, left, right))
            quoted = published_references(left), published_references(right)
            same = quoted[0] & quoted[1]
            if all(quoted) and not same:
                other = ", ".join(sorted(quoted[0])), ", ".join(sorted(quoted[1]))
        return PairView(
            pair=pair,
            entries=(left, right),
            ended=tuple((key, why) for key, (_, why) in zip(pair.members, found, strict=True) if why),
            changed=changed,
            same_references=tuple(sorted(same)),
            other_references=other,
        )

    def fingerprints(self, view: PairView) -> dict[str, str]:
        """Those of a pair's entries as they stand; those that were kept where one stands no more."""
        left, right = view.entries
        return pair_fingerprints(self._desk.keys, left, right) if left and right else view.pair.fingerprints

    def _entry(self, key: EntryKey) -> tuple[Entry | None, str]:
        version = self._lists.get(key.list_id)
        if version is not None and version.damaged:
            return None, HELD_OUT
        try:
            entry = self._desk.truth.entry(key)
        except StorageError:
            return None, HELD_OUT
        if entry is None:
            return None, WITHDRAWN
        return entry, EXPIRED if is_expired(entry, self._as_of) else ""


def known_pair(truth: Truth, asked: str) -> EntryPair:
    """The pair of an id. Raises ``InputError`` where there is none."""
    pair = truth.entry_pair(asked)
    if pair is None:
        raise InputError(f"there is no proposal {asked!r}", expected="an id that 'lists groups list' shows")
    return pair


def entry_ids(sheets: Iterable[GroupSheet]) -> tuple[str, ...]:
    """The entries that sheets show, as the log names them."""
    members = (key for sheet in sheets for view in sheet.pairs for key in view.pair.members)
    return tuple(dict.fromkeys(f"{key.list_id}:{key.entry_id}" for key in members))


def _in_force(truth: Truth, lists: ListsInForce) -> Iterator[tuple[EntryKey, Entry]]:
    for list_id, entry in matchable_entries(truth, lists.versions):
        key = EntryKey(list_id=list_id, entry_id=entry.entry_id)
        if key not in lists.held_out:
            yield key, entry


def _beside(desk: Workbench, groups: Groups, pair: EntryPair, day: date) -> tuple[tuple[EntryKey, Match], ...]:
    """How the entries of a proposal compare with whom accepting it would join them with."""
    joined = [(asked, groups.find(other)) for asked, other in (pair.members, pair.members[::-1])]
    if pair.state is PairState.ACCEPTED or not any(group for _, group in joined):
        return ()
    _, matcher = open_matcher(desk, day)
    found = []
    for key, group in joined:
        entry = desk.truth.entry(key)
        for member in group.members if group and entry else ():
            match = matcher.explain(entry.person, member) if entry and member not in pair.members else None
            found += [(key, match)] if match is not None else []
    return tuple(found)
