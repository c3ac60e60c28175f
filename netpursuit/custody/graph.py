"""Keeping the link graph equal to the truth: drain what changed, build it anew, compare and mend."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from netpursuit.errors import StorageError
from netpursuit.gate import case_links, groups
from netpursuit.gate.restored import RESTORED
from netpursuit.graph import entry_links, lead_links, pair_links
from netpursuit.ports.graph_store import GraphStore
from netpursuit.ports.truth import LeadQuery, OutboxRow, Truth
from netpursuit.records import Entry, EntryKey, EntryPair, Lead, LeadState, ListVersion, PairState
from netpursuit.records.graph import Contribution, LinkSet, digest_of

DRAINED = "drained"
_AT_ONCE = 2_000  # contributions of one transaction
_HEAVIEST = 10_000  # nodes and links of one transaction, unless one part alone has more
_GONE = 1_000  # what a part that is taken away weighs, of which nobody knows how much it had brought
_NOTHING = LinkSet(nodes=(), edges=())
_LIVE = (LeadState.OPEN, LeadState.CONFIRMED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drained:
    """What a drain brought in: changes of leads, decisions about pairs of entries, parts of cases, lists that changed,
    and contributions written."""

    leads: int = 0
    pairs: int = 0
    cases: int = 0
    lists: int = 0
    contributions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphDifference:
    """Owners whose part of the graph is missing, is not what the truth says, or should not be there."""

    missing: tuple[str, ...]
    changed: tuple[str, ...]
    surplus: tuple[str, ...]

    @property
    def none(self) -> bool:
        return not (self.missing or self.changed or self.surplus)


Tell = Callable[[int], None]
"""Is told now and then how many entries and leads have been brought in, or compared, so far."""


def tell_nobody(_done: int) -> None:
    """The default of ``Tell``."""


def drain(truth: Truth, store: GraphStore, tell: Tell = tell_nobody) -> Drained:
    """Bring into the store what changed since the last drain: lists, then leads, groups and the parts of cases.

    May be killed at any point and repeated: every part replaces what its owner brought before, and the mark of how far
    it came is written with it. A row of the outbox says whose part changed; what it brings is read from the truth.
    """
    marks = store.marks()
    # New, or its building was interrupted; or of a time that a restore has ended, in a server of its own.
    if DRAINED not in marks or marks.get(RESTORED, "") != (truth.setting(RESTORED) or ""):
        return rebuild(truth, store, tell)
    lists, written = _drain_lists(truth, store, tell)
    leads = pairs = cases = 0
    while rows := truth.outbox(after=int(store.marks().get(DRAINED, "0")), limit=_AT_ONCE):
        of_cases = dict.fromkeys(row.owner for row in rows if row.kind == case_links.KIND)
        of_pairs = dict.fromkeys(row.owner for row in rows if row.kind == groups.KIND)
        of_leads = dict.fromkeys(row.owner for row in rows if row.kind not in (case_links.KIND, groups.KIND))
        for some in _in_weighed_lots(_of_case(truth, owner) for owner in of_cases):
            store.put(some)
        parts = [_of_lead(truth, lead_id) for lead_id in of_leads]
        parts += [_of_pair(pair_id, truth.entry_pair(pair_id)) for pair_id in of_pairs]
        store.put(parts, {DRAINED: str(rows[-1].number)})
        leads, pairs, cases = leads + len(of_leads), pairs + len(of_pairs), cases + len(of_cases)
        tell(written + leads + pairs + cases)
    _forget_drained(truth, store)
    return Drained(leads=leads, pairs=pairs, cases=cases, lists=lists, contributions=written + leads + pairs + cases)


def pending(truth: Truth, store: GraphStore) -> tuple[OutboxRow, ...]:
    """Changes of leads, of groups and of what belongs to cases that wait to be drained, at most a thousand."""
    return truth.outbox(after=int(store.marks().get(DRAINED, "0")))


def rebuild(truth: Truth, store: GraphStore, tell: Tell = tell_nobody) -> Drained:
    """Build the graph anew from the truth alone."""
    last = _last_row(truth)
    store.clear()
    lists, written = _drain_lists(truth, store, tell)
    leads = 0
    for some in _in_lots(_of_leads(truth)):
        store.put(some)
        leads += len(some)
        tell(written + leads)
    pairs = list(_of_pairs(truth))
    store.put(pairs)
    cases = 0
    for some in _in_weighed_lots(_of_cases(truth)):
        store.put(some)
        cases += len(some)
    store.put((), {DRAINED: str(last), RESTORED: truth.setting(RESTORED) or ""})
    _forget_drained(truth, store)
    return Drained(
        leads=leads,
        pairs=len(pairs),
        cases=cases,
        lists=lists,
        contributions=written + leads + len(pairs) + cases,
    )


def compare(truth: Truth, store: GraphStore, tell: Tell = tell_nobody) -> GraphDifference:
    """Hold every owner's part of the graph against the truth; what still waits in the outbox shows as a difference."""
    stored = store.owners()
    missing, changed = [], []
    done = 0
    for some in _in_lots(_all_parts(truth)):
        brought = store.brought_by([part.owner for part in some])
        for part in some:
            digest = stored.pop(part.owner, None)
            if digest is None:
                missing.append(part.owner)
            elif digest != digest_of(part.links or _NOTHING, part.case_id) or brought.get(part.owner) != part:
                changed.append(part.owner)
        done += len(some)
        tell(done)
    return GraphDifference(missing=tuple(missing), changed=tuple(changed), surplus=tuple(sorted(stored)))


def mend(truth: Truth, store: GraphStore, difference: GraphDifference) -> None:
    """Bring every owner that differs to what the truth says."""
    wrong = {*difference.missing, *difference.changed, *difference.surplus}
    # Removed first: a part whose digest looks right, but whose rows were changed, would otherwise be kept.
    store.put(Contribution(owner=owner, links=None) for owner in sorted(wrong))
    for some in _in_lots(part for part in _all_parts(truth) if part.owner in wrong):
        store.put(some)


def _forget_drained(truth: Truth, store: GraphStore) -> None:
    drained = int(store.marks().get(DRAINED, "0"))
    if truth.outbox(limit=1) and drained:
        with truth.transaction() as unit:
            unit.drop_outbox(drained)


def _last_row(truth: Truth) -> int:
    last = 0
    while rows := truth.outbox(after=last):
        last = rows[-1].number
    return last


def _drain_lists(truth: Truth, store: GraphStore, tell: Tell) -> tuple[int, int]:
    """(lists that changed, contributions written). A list is in when its mark names its version."""
    marks = {name[5:]: value for name, value in store.marks().items() if name.startswith("list:")}
    current = {version.list_id: version for version in truth.list_versions() if not version.damaged}
    changed = written = 0
    for list_id in sorted(marks.keys() | current.keys()):
        version = current.get(list_id)
        if version is not None and marks.get(list_id) == version.version:
            continue
        changed += 1
        there = store.owners(_owner_of_list(list_id))
        if version is not None:
            for some in _in_lots(_of_list(truth, version)):
                for part in some:
                    there.pop(part.owner, None)
                store.put(some)
                written += len(some)
                tell(written)
        # What a lead says of an entry depends on the entry being there.
        leads = [_of_lead(truth, lead.lead_id) for lead in truth.leads(LeadQuery(list_id=list_id))]
        gone = [Contribution(owner=owner, links=None) for owner in sorted(there)]
        store.put([*gone, *leads], {f"list:{list_id}": version.version if version else None})
        written += len(gone) + len(leads)
    return changed, written


def _owner_of_list(list_id: str) -> str:
    return f"entry:{list_id}:"


def _of_list(truth: Truth, version: ListVersion) -> Iterator[Contribution]:
    """What each entry of a list brings."""
    named = _primary_names(truth, version)
    for entry in truth.entries(version.list_id, version.version):
        key = EntryKey(list_id=version.list_id, entry_id=entry.entry_id)
        yield Contribution(
            owner=f"{_owner_of_list(version.list_id)}{entry.entry_id}", links=entry_links(key, entry, named)
        )


def _primary_names(truth: Truth, version: ListVersion) -> Mapping[str, str]:
    """Folded primary name -> entry id, of names that one entry alone bears."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for entry in truth.entries(version.list_id, version.version):
        for name in entry.person.names[:1]:
            folded = name.text.casefold()
            if folded in found:
                shared.add(folded)
            found[folded] = entry.entry_id
    return {name: entry_id for name, entry_id in found.items() if name not in shared}


def _of_lead(truth: Truth, lead_id: str) -> Contribution:
    lead = truth.lead(lead_id)
    return Contribution(owner=f"lead:{lead_id}", links=_links(truth, lead) if lead and lead.state in _LIVE else None)


def _of_leads(truth: Truth) -> Iterator[Contribution]:
    for lead in truth.leads(LeadQuery(states=_LIVE)):
        part = Contribution(owner=f"lead:{lead.lead_id}", links=_links(truth, lead))
        if part.links is not None and part.links.nodes:
            yield part


def _links(truth: Truth, lead: Lead) -> LinkSet:
    entries: dict[EntryKey, Entry] = {}
    for match in lead.matches:
        with suppress(StorageError):  # of a damaged list nothing is read
            entry = truth.entry(match.key)
            if entry is not None:
                entries[match.key] = entry
    return lead_links(lead, entries)


def _of_pair(pair_id: str, pair: EntryPair | None) -> Contribution:
    links = pair_links(pair) if pair is not None else _NOTHING
    return Contribution(owner=f"pair:{pair_id}", links=links if links.edges else None)


def _of_pairs(truth: Truth) -> Iterator[Contribution]:
    for pair in truth.entry_pairs((PairState.ACCEPTED,)):
        yield _of_pair(pair.pair_id, pair)


def _of_case(truth: Truth, owner: str) -> Contribution:
    own = truth.case_links_of(owner)
    return Contribution(owner=owner, links=own.links if own else None, case_id=own.case_id if own else "")


def _of_cases(truth: Truth) -> Iterator[Contribution]:
    for own in truth.case_links():
        yield Contribution(owner=own.owner, links=own.links, case_id=own.case_id)


def _all_parts(truth: Truth) -> Iterator[Contribution]:
    for version in truth.list_versions():
        if not version.damaged:
            yield from _of_list(truth, version)
    yield from _of_leads(truth)
    yield from _of_pairs(truth)
    yield from _of_cases(truth)


def _in_lots(parts: Iterator[Contribution]) -> Iterator[list[Contribution]]:
    while some := list(islice(parts, _AT_ONCE)):
        yield some


def _in_weighed_lots(parts: Iterable[Contribution]) -> Iterator[list[Contribution]]:
    """Parts together as long as they are small: each may be large, and a transaction for each is slow on a server."""
    lot: list[Contribution] = []
    weight = 0
    for part in parts:
        own = len(part.links.nodes) + len(part.links.edges) if part.links else _GONE
        if lot and weight + own > _HEAVIEST:
            yield lot
            lot, weight = [], 0
        lot.append(part)
        weight += own
    if lot:
        yield lot
