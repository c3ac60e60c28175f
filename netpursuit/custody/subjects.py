"""What a workspace holds of one person (promise A14): found by the fields that the person states.

*The same* is whoever shares a whole document number, or a name and a whole birth date and no differing number. What the
one scoring path calls at least weak is *alike*: it is shown, so that nothing is overlooked, and nothing is done to it
unless it is named.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations

from netpursuit.custody.imports import shown_graphs
from netpursuit.custody.same_person import is_same, may_be_number
from netpursuit.custody.view_clearing import keys_of_person, views_holding, words_of
from netpursuit.errors import InputError, StorageError
from netpursuit.gate.imports import kept_graphs
from netpursuit.gate.workbench import Workbench, describe_person, open_matcher, past_entry, query_digest
from netpursuit.ids.fingerprints import person_digest
from netpursuit.links.keys import email_key, phone_key, subject_key
from netpursuit.match import compare_all
from netpursuit.ports.truth import Truth
from netpursuit.records import (
    Band,
    Clearance,
    Consultation,
    Entry,
    EntryKey,
    Intent,
    Lead,
    Match,
    Outcome,
    Person,
    Verb,
)
from netpursuit.records.graph import NodeKind

PERSONS = (NodeKind.CONTACT, NodeKind.SUBJECT)
# Acts that hand a lead on: what they showed has left the program.
HANDED_ON = frozenset((Verb.EXPORT, Verb.LEADS_SHEET, Verb.SCREEN, Verb.NIGHT))
# What is typed of a person into a query, and about a lead.
_ASKING = frozenset((Verb.MATCH, Verb.SUBJECT_FIND))
_TYPING = frozenset((Verb.LEADS_OPEN, Verb.SUBJECT_CORRECT))
_QUERIED = ("names", "birth_dates", "documents", "phones")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundLead:
    """A lead of whose person, now or in a past revision, the stated one is the same (``same``) or alike."""

    lead: Lead
    same: bool
    revisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPart:
    """What a case holds of the person: keys of the nodes that are theirs (``same``), or of a name, a telephone or an
    address like theirs."""

    case_id: str
    nodes: tuple[str, ...]
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundEntry:
    """An entry that the person matches. ``own``: of a list of the user's own, which is corrected in its file; ``same``:
    it is surely about this person, and not somebody else's."""

    match: Match
    entry: Entry | None
    publisher: str
    own: bool
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """Everything of one person that can be found. ``queries``: consultations that asked for just these fields, or for
    some of them, and whose typed values are still sealed; ``shown``: consultations that named a lead of theirs."""

    leads: tuple[FoundLead, ...]
    clearances: tuple[Clearance, ...]
    parts: tuple[FoundPart, ...]
    queries: tuple[str, ...]
    entries: tuple[FoundEntry, ...] = ()
    shown: tuple[Consultation, ...] = ()

    @property
    def same(self) -> tuple[Lead, ...]:
        """The leads of the person."""
        return tuple(item.lead for item in self.leads if item.same)


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphsLeft:
    """Imported graphs: how many there are, and the names of those that the user may be told of (A4)."""

    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectAnswer:
    """What the person is told. ``lists_left_out``: why lists could not be asked, or empty; ``cases``: of the cases that
    hold the person those that the user is a member of, the others are counted (A4); ``graphs``: imported ones, which
    are not searched."""

    person: Person
    holdings: Holdings
    consultation_id: str
    lists_left_out: str = ""
    cases: tuple[str, ...] = ()
    graphs: GraphsLeft


def find_subject(desk: Workbench, person: Person) -> SubjectAnswer:
    """Search everything for one person, as one consultation under the limits of a query (A10)."""
    fields, sealed = describe_person(person)
    intent = Intent(verb=Verb.SUBJECT_FIND, authority=desk.authority, fields=fields, sealed=sealed)
    with desk.gate.consult(intent, persons=(person,)) as consultation:
        found = holdings_of(desk, person)
        entries, left_out = _entries(desk, person)
        shown = _shown(desk, {item.lead.lead_id for item in found.leads})
        holdings = Holdings(
            leads=found.leads,
            clearances=found.clearances,
            parts=found.parts,
            queries=found.queries,
            entries=entries,
            shown=shown,
        )
        consultation.conclude(
            Outcome(
                counts=counts_of(holdings),
                lead_ids=tuple(item.lead.lead_id for item in found.leads),
                entry_ids=tuple(f"{item.match.key.list_id}:{item.match.key.entry_id}" for item in entries),
                about={"query": query_digest(desk.keys, consultation.consultation_id, person)},
            )
        )
    return SubjectAnswer(
        person=person,
        holdings=holdings,
        consultation_id=consultation.consultation_id,
        lists_left_out=left_out,
        cases=tuple(part.case_id for part in holdings.parts if _is_member(desk, part.case_id)),
        graphs=graphs_left(desk),
    )


def graphs_left(desk: Workbench) -> GraphsLeft:
    """The imported graphs, in which nobody is searched for or erased."""
    names = tuple(graph.name for graph in shown_graphs(desk))
    return GraphsLeft(count=len(kept_graphs(desk.truth)), names=names)


def _is_member(desk: Workbench, case_id: str) -> bool:
    case = desk.truth.case(case_id)
    return case is not None and desk.gate.who in case.members


def holdings_of(desk: Workbench, person: Person, leads: Sequence[Lead] | None = None) -> Holdings:
    """What of a person could be erased. ``leads``: these alone, with what hangs on them, and nobody is searched for."""
    if leads is None:
        found = tuple(_leads(desk.truth, person))
        stated = [person]
    else:
        found = tuple(
            FoundLead(lead=lead, same=True, revisions=len(desk.truth.lead_revisions(lead.lead_id))) for lead in leads
        )
        stated = []
    same = [item.lead for item in found if item.same]
    return Holdings(
        leads=found,
        clearances=_clearances(desk, stated, same),
        parts=tuple(part for one in stated for part in (*_parts(desk.truth, one), *_views(desk.truth, one, same))),
        queries=_queries(desk, stated, {lead.lead_id for lead in same}, {lead.run_id for lead in same}),
    )


def still_there(desk: Workbench, found: Holdings, person: Person | None) -> Holdings:
    """What was found, as it stands now: leads and clearances are read again by their names, and nobody is searched for.

    ``person``: whoever the leads must still be the same as; None: the leads were named themselves."""
    leads = []
    for item in found.leads:
        lead = desk.truth.lead(item.lead.lead_id)
        if lead is None:
            continue
        before = desk.truth.lead_revisions(lead.lead_id)
        same = item.same and (person is None or any(is_same(person, one.person) for one in (lead, *before)))
        leads.append(FoundLead(lead=lead, same=same, revisions=len(before)))
    same_leads = [item.lead for item in leads if item.same]
    stated = [person] if person is not None else []
    return replace(found, leads=tuple(leads), clearances=_clearances(desk, stated, same_leads))


def counts_of(holdings: Holdings) -> dict[str, int]:
    """How many of each were found; none is left out."""
    counts = {
        "leads": len(holdings.leads),
        "clearances": len(holdings.clearances),
        "case parts": len(holdings.parts),
        "queries": len(holdings.queries),
        "entries": len(holdings.entries),
    }
    return {name: count for name, count in counts.items() if count}


def _leads(truth: Truth, person: Person) -> Iterator[FoundLead]:
    past: dict[str, list[Lead]] = {}
    for item in truth.past_leads():
        past.setdefault(item.lead_id, []).append(item)
    leads = truth.leads()
    scored = compare_all([(person, lead.person) for lead in leads])
    for lead, match in zip(leads, scored, strict=True):
        before = past.get(lead.lead_id, [])
        same = any(is_same(person, item.person) for item in (lead, *before))
        if same or match.band >= Band.WEAK or _shares_contact(person, lead.person):
            yield FoundLead(lead=lead, same=same, revisions=len(before))


def _shares_contact(one: Person, other: Person) -> bool:
    keys = {phone_key(phone) for phone in one.phones} | {email_key(email) for email in one.emails}
    return not (keys - {""}).isdisjoint({*map(phone_key, other.phones), *map(email_key, other.emails)})


def _clearances(desk: Workbench, stated: Sequence[Person], leads: Sequence[Lead]) -> tuple[Clearance, ...]:
    """Those of the person; where only leads are named, those of their entries."""
    digests = {person_digest(desk.keys, person) for person in stated}
    digests |= {lead.fingerprints.get("person", "") for lead in leads}
    found = [item for digest in sorted(digests - {""}) for item in desk.truth.clearances(digest)]
    shown = {match.key for lead in leads for match in lead.matches}
    return tuple(item for item in found if stated or item.entry in shown)


def _parts(truth: Truth, person: Person) -> Iterator[FoundPart]:
    """What each case holds of a person. Nodes and what ties them may stand in different parts of a case."""
    is_own = may_be_number(person)
    near = {*map(phone_key, person.phones), *map(email_key, person.emails)} - {""}
    names = {_folded(name.text) for name in person.names}
    for case_id in truth.cases_with_links():
        there: set[str] = set()
        persons: set[str] = set()
        named: set[str] = set()
        ties: list[tuple[str, str]] = []
        own: set[str] = set()
        for part in truth.case_links(case_id):
            keys = {node.key for node in part.links.nodes} | {edge.end for edge in part.links.edges}
            own |= {key for key in keys if is_own(key)}
            there |= {node.key for node in part.links.nodes}
            persons |= {node.key for node in part.links.nodes if node.kind in PERSONS}
            named |= {node.key for node in part.links.nodes if node.kind in PERSONS and _folded(node.label) in names}
            ties += [(edge.start, edge.end) for edge in part.links.edges]
        tied = {start for start, end in ties if end in own or end in near}
        holds = {start for start, end in ties if end in own} & persons
        there &= own | near
        same = (own & there) | holds | (named & tied)
        for found, is_theirs in ((same, True), ((named | there) - same, False)):
            if found:
                yield FoundPart(case_id=case_id, nodes=tuple(sorted(found)), same=is_theirs)


def _views(truth: Truth, person: Person, leads: Sequence[Lead]) -> Iterator[FoundPart]:
    """Cases whose named views hold the person's number or lead, or name somebody so."""
    is_own = may_be_number(person)
    own = {subject_key(lead.key) for lead in leads}
    theirs = set(views_holding(truth, lambda _, key: key in own or is_own(key), ()))
    near = set(keys_of_person(person))
    for case_id in sorted({*theirs, *views_holding(truth, lambda _, key: key in near, tuple(words_of(person)))}):
        yield FoundPart(case_id=case_id, nodes=(), same=case_id in theirs)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _queries(desk: Workbench, stated: Sequence[Person], lead_ids: set[str], run_ids: set[str]) -> tuple[str, ...]:
    """Consultations whose sealed values are about the person as far as that can be told without opening them: queries
    for these fields or for some of them, those from which a lead of theirs was opened, and the openings from any of
    them, also where it made no lead."""
    records = (record for record in desk.truth.log_records() if record.sealed is not None)
    sealed = {record.consultation_id for record in records} - desk.keys.destroyed()
    if not sealed:
        return ()
    asked = [part for person in stated for part in _asked_parts(person)]
    found, theirs = [], set(run_ids)  # also a query whose own values are gone: what was opened from it may not be
    for item in desk.gate.log.read():
        if item.outcome is None and item.consultation_id not in run_ids:
            continue
        about, lead_ids_of = (item.outcome.about, item.outcome.lead_ids) if item.outcome else ({}, ())
        digest = about.get("query", "") if item.intent.verb in _ASKING else ""
        digests = (query_digest(desk.keys, item.consultation_id, part) for part in asked) if digest else ()
        if digest in digests:
            theirs.add(item.consultation_id)
        # What was refused or failed may have named somebody else than the query.
        opened = item.intent.verb is Verb.LEADS_OPEN and item.outcome is not None and bool(item.outcome.entry_ids)
        typed = item.intent.verb in _TYPING and not lead_ids.isdisjoint(lead_ids_of)
        is_theirs = item.consultation_id in theirs or typed or (opened and item.intent.about.get("query") in theirs)
        if is_theirs and item.consultation_id in sealed:
            found.append(item.consultation_id)
    return tuple(found)


def _asked_parts(person: Person) -> list[Person]:
    """The person as stated, and by every choice of name, birth date, numbers and telephones."""
    stated = [name for name in _QUERIED if getattr(person, name)]
    chosen = chain.from_iterable(combinations(stated, count) for count in range(1, len(stated) + 1))
    return [person, *(Person(**{name: getattr(person, name) for name in names}) for names in chosen)]


def _entries(desk: Workbench, person: Person) -> tuple[tuple[FoundEntry, ...], str]:
    try:
        lists, matcher = open_matcher(desk, desk.today)
    except (InputError, StorageError) as error:
        return (), str(error)
    versions = {version.list_id: version for version in lists.versions}
    found = matcher.match((person,), min_band=Band.WEAK, limit=None)[0].matches
    return tuple(
        FoundEntry(
            match=match,
            entry=desk.truth.entry(match.key),
            same=is_of(desk.truth, person, match.key),
            publisher=versions[match.key.list_id].publisher,
            own=versions[match.key.list_id].own,
        )
        for match in found
    ), ""


def is_of(truth: Truth, person: Person, key: EntryKey) -> bool:
    """Whether an entry, as it stands or last stood on its list, is surely about a person."""
    entry = past_entry(truth, key)
    return entry is not None and is_same(person, entry.person)


def _shown(desk: Workbench, lead_ids: set[str]) -> tuple[Consultation, ...]:
    if not lead_ids:
        return ()
    return tuple(item for item in desk.gate.log.read() if item.outcome and lead_ids.intersection(item.outcome.lead_ids))
