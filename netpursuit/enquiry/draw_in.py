"""Drawing in under a case: who else is registered in a unit of a lead, read again from the register (A4).

Only a unit that a lead has brought in is read, only from a file that the lead's own feed has screened, and only people
in roles and of a period that the feed covers. They belong to the case: nobody else sees them, and they end with it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from netpursuit.enquiry.graph import resolve
from netpursuit.errors import InputError, RefusedError
from netpursuit.gate.case_links import drop_links, keep_links
from netpursuit.gate.cases import is_over
from netpursuit.gate.feeds import check_feed, feed_date, in_period
from netpursuit.gate.lead_keys import person_ref, registration_ref
from netpursuit.gate.workbench import Workbench
from netpursuit.graph import contact_links, unit_of
from netpursuit.links import NORMALISER, person_key
from netpursuit.policy.limits import DRAWN_IN_MOST, UNIT_ROWS_MOST
from netpursuit.ports.graph_store import GraphStore
from netpursuit.ports.truth import LeadQuery
from netpursuit.ports.units import UnitIndexes, UnitPlaces, UnitQuery, UnitSource
from netpursuit.records import Feed, Intent, Lead, LeadState, Outcome, RegisteredPerson, Registration, Rejected, Verb
from netpursuit.records.case_links import CaseLinks, owner_prefix
from netpursuit.records.graph import EdgeKind, GraphNode, LinkSet, NodeKind

_STAYS = (EdgeKind.STAYED_AT, EdgeKind.LANDLORD_OF)
_REGISTERED = re.compile(r"feed ([\w.-]+), registration (.+)", re.DOTALL)
_LIVE = (LeadState.OPEN, LeadState.CONFIRMED)
_INDEX_VERSION = "1"
COUNTS = ("registrations", "people", "new", "subjects", "other_roles", "outside", "unreadable", "cut")


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawInRequest:
    """``unit``: ``RentalUnit:key``, ``Lead:ID`` whose unit is meant, or a label.

    ``since``/``until``: stays that overlap with these days. ``limit``: people, 1 to ``DRAWN_IN_MOST``. ``typed``: names
    of files as typed, for the seal.
    """

    unit: str
    since: date | None = None
    until: date | None = None
    limit: int = DRAWN_IN_MOST
    typed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRegister:
    """A feed and how its register is opened, which nobody does before the feed may run."""

    feed: Feed
    open: Callable[[], UnitSource | UnitQuery]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnPerson:
    """One of those who were drawn in; ``new``: was not there, or not so, before."""

    key: str
    label: str
    role: str
    registration_id: str
    start: date | None
    end: date | None
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnIn:
    """Who was drawn in, the latest stays first.

    ``counts``: ``registrations`` of the unit, ``people`` drawn in and how many of them ``new``; left out: ``subjects``
    of leads, ``other_roles`` than the feed covers, ``outside`` the feed's period or the days asked for, ``unreadable``
    rows, and ``cut`` by the limit.
    """

    unit: GraphNode
    feed_id: str
    file: str
    people: tuple[DrawnPerson, ...]
    counts: dict[str, int]
    consultation_id: str

    @property
    def truncated(self) -> bool:
        return self.counts["cut"] > 0


@dataclass(frozen=True, slots=True)
class _Found:
    """Somebody of the unit, and the part of the case that he or she would be."""

    registration: Registration
    someone: RegisteredPerson
    reference: str
    owner: str
    links: LinkSet


def draw_in(
    desk: Workbench,
    store: GraphStore,
    indexes: UnitIndexes,
    request: DrawInRequest,
    register_of: Callable[[frozenset[str]], FeedRegister],
) -> DrawnIn:
    """Read the registrations of one unit again and keep their people under the case; the same again changes nothing.

    ``register_of`` answers for one of the feeds that brought the unit in. Raises ``RefusedError`` without a case, for a
    building and for a feed that must not run (A9); ``InputError`` for what is no unit of a lead, for a register that
    this feed has not screened, and for a unit of more than ``UNIT_ROWS_MOST`` registrations.
    """
    if not 1 <= request.limit <= DRAWN_IN_MOST:
        raise InputError(f"a limit of {request.limit}", where="--limit", expected=f"1 to {DRAWN_IN_MOST}")
    typed = {"unit": request.unit, **({"files": request.typed} if request.typed else {})}
    days = {"from": request.since, "to": request.until}
    intent = Intent(
        verb=Verb.GRAPH_DRAW_IN,
        authority=desk.authority,
        fields=("unit", "files") if request.typed else ("unit",),
        about={"limit": str(request.limit), **{name: day.isoformat() for name, day in days.items() if day}},
        sealed=json.dumps(typed, ensure_ascii=False),
    )
    with desk.gate.consult(intent) as consultation:
        case_id = desk.authority.case_id
        if not case_id:
            raise RefusedError("draw-in-case", "people are drawn in under a case only: state one with --case ID")
        unit = _unit(desk, store.under(case_id), request.unit)
        leads = _leads_of(desk, store, unit)
        feeds = frozenset(lead.key.feed_id for lead in leads)
        if not feeds:
            raise InputError("no lead stays in this unit", where="UNIT", expected="the unit of a lead")
        register = register_of(feeds)
        feed = register.feed
        if feed.feed_id not in feeds:
            raise InputError(
                f"no lead of feed {feed.feed_id!r} stays in this unit",
                where="--feed",
                expected=" or ".join(sorted(feeds)),
            )
        check_feed(feed, feed_date(feed, desk.clock()))
        source = register.open()
        runs = desk.truth.runs(feed.feed_id)
        if all(source.file_digest not in (run.file_digest, run.query and run.query.digest) for run in runs):
            raise InputError(
                f"feed {feed.feed_id!r} has not screened this file, or it was changed since",
                where=source.file,
                expected="a register as it was screened; screen it first",
            )
        counts: Counter[str] = Counter()
        if isinstance(source, UnitQuery):
            own = [lead for lead in leads if lead.key.feed_id == feed.feed_id]
            rows = _rows_asked_for(source, own)
        else:
            rows = _rows_found(desk, indexes, source, unit)
        registrations = _registrations(rows, unit, counts)
        on_leads: list[str] = []
        found = list(_people(desk, store, request, feed, registrations, counts, on_leads))
        found.sort(key=lambda item: (-_ordinal(item.registration.start_date), item.registration.line))
        counts["cut"] = max(0, len(found) - request.limit)
        people, parts = _compared(desk, found[: request.limit], consultation.consultation_id)
        counts["people"], counts["new"] = len(people), len(parts)
        with desk.truth.transaction() as work:
            if is_over(desk.gate, case_id):  # since the intent
                raise RefusedError("case-closed", f"case {case_id!r} is over")
            drop_links(work, case_id, on_leads)
            for part in parts:
                keep_links(work, replace(part, made_at=work.at))
            about = {"feed": feed.feed_id, "file": source.file_digest}
            ids = tuple(sorted(lead.lead_id for lead in leads if lead.key.feed_id == feed.feed_id))
            told = {name: counts[name] for name in COUNTS}
            consultation.conclude(Outcome(counts=told, lead_ids=ids, about=about), work)
    return DrawnIn(
        unit=unit,
        feed_id=feed.feed_id,
        file=source.file,
        people=people,
        counts=told,
        consultation_id=consultation.consultation_id,
    )


def _unit(desk: Workbench, store: GraphStore, text: str) -> GraphNode:
    label, _, rest = text.partition(":")
    if label.casefold() == "lead" and (lead := desk.truth.lead(rest)) is not None:
        registration = lead.registration
        text = unit_of(registration.address, registration.unit, registration.unit_code)
        if not text:
            raise InputError("the registration of this lead states no unit", where="UNIT", expected="a unit of a lead")
    node = resolve(desk, store, text, with_open_leads=True)
    if node.kind == NodeKind.ADDRESS:
        raise RefusedError("draw-in-building", "a building is no unit: nobody draws in everybody of a building")
    if node.kind != NodeKind.RENTAL_UNIT:
        raise InputError(f"a node of kind {node.kind}", where="UNIT", expected="RentalUnit:key, or Lead:ID")
    return node


def _leads_of(desk: Workbench, store: GraphStore, unit: GraphNode) -> list[Lead]:
    """The leads whose registrations have brought the unit into the graph."""
    stated = {said.source for edge in store.edges_of([unit.key], kinds=_STAYS) for said in edge.provenance}
    found: dict[str, Lead] = {}
    for source in sorted(stated):
        if match := _REGISTERED.fullmatch(source):
            query = LeadQuery(states=_LIVE, feed_id=match[1], registration_id=match[2])
            for lead in desk.truth.leads(query):
                registration = lead.registration
                if unit_of(registration.address, registration.unit, registration.unit_code) == unit.key:
                    found[lead.lead_id] = lead
    return list(found.values())


def _rows_found(
    desk: Workbench, indexes: UnitIndexes, source: UnitSource, unit: GraphNode
) -> list[Registration | Rejected]:
    places = _index(desk, indexes, source).places(_digest(desk, source, unit.key))
    _check_count(len(places), source.file)
    return source.rows_at(places)


def _rows_asked_for(source: UnitQuery, leads: list[Lead]) -> list[Registration | Rejected]:
    """The rows of the unit as the leads' registrations state it: what else a database finds alike is for it to say."""
    stated = {(item.registration.address, item.registration.unit, item.registration.unit_code) for item in leads}
    rows = source.rows_of(sorted(stated), UNIT_ROWS_MOST)
    _check_count(len(rows), source.file)
    return rows


def _check_count(count: int, where: str) -> None:
    if count > UNIT_ROWS_MOST:
        raise InputError(
            f"{count} registrations of one unit",
            where=where,
            expected=f"at most {UNIT_ROWS_MOST}: what so many share is a building, or a unit code that is none",
        )


def _registrations(rows: list[Registration | Rejected], unit: GraphNode, counts: Counter[str]) -> list[Registration]:
    found = []
    for row in rows:
        if isinstance(row, Rejected):
            counts["unreadable"] += 1
        elif unit_of(row.address, row.unit, row.unit_code) == unit.key:
            found.append(row)
    counts["registrations"] = len(found) + counts["unreadable"]
    return found


def _index(desk: Workbench, indexes: UnitIndexes, source: UnitSource) -> UnitPlaces:
    """The index of the register, made where there is none; it holds for this content read in this way alone."""
    read = (source.file_digest, source.unit_columns, NORMALISER, _INDEX_VERSION)
    name = desk.keys.digest("unit index", "\0".join(read))
    return indexes.find(name) or indexes.write(name, _digests(desk, source))


def _digests(desk: Workbench, source: UnitSource) -> Iterator[tuple[int, int, int]]:
    known: dict[tuple[str, str, str], int | None] = {}
    for line, offset, *stated in source.units():
        place = (stated[0], stated[1], stated[2])
        if place not in known:
            key = unit_of(*place)
            known[place] = _digest(desk, source, key) if key else None
        if (digest := known[place]) is not None:
            yield digest, line, offset


def _digest(desk: Workbench, source: UnitSource, unit_key: str) -> int:
    """64 bits of the unit's keyed digest, another one in every register."""
    return int(desk.keys.digest(f"unit of {source.file_digest}", unit_key)[:16], 16)


def _people(
    desk: Workbench,
    store: GraphStore,
    request: DrawInRequest,
    feed: Feed,
    registrations: list[Registration],
    counts: Counter[str],
    on_leads: list[str],
) -> Iterator[_Found]:
    """Who of these registrations may be drawn in, each once; ``on_leads`` gets the owners of those who are subjects."""
    case_id = desk.authority.case_id
    seen: set[str] = set()
    for registration in registrations:
        if not in_period(feed, registration.start_date) or not _overlaps(registration, request):
            counts["outside"] += len(registration.persons)
            continue
        reference = registration_ref(desk.keys, registration)
        for someone in registration.persons:
            if someone.role not in feed.screened_roles:
                counts["other_roles"] += 1
                continue
            own = person_ref(someone)
            place = (feed.feed_id, reference, someone.role.value, own)
            owner = f"{owner_prefix(case_id)}drawn:{desk.keys.digest('drawn in', chr(0).join(place))}"
            if store.nodes([person_key("subject", *place)]):
                counts["subjects"] += 1
                on_leads.append(owner)  # drawn in before there was a lead: nobody is in the graph twice
            elif owner not in seen:
                seen.add(owner)
                links = contact_links(feed.feed_id, reference, registration, {own: someone}, case_id)
                yield _Found(registration, someone, reference, owner, links)


def _overlaps(registration: Registration, request: DrawInRequest) -> bool:
    """Whether a stay overlaps with the days asked for; one without a beginning or an end is open there."""
    begins_after = request.until and registration.start_date and registration.start_date > request.until
    ended_before = request.since and registration.end_date and registration.end_date < request.since
    return not (begins_after or ended_before)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def _compared(
    desk: Workbench, found: list[_Found], consultation_id: str
) -> tuple[tuple[DrawnPerson, ...], list[CaseLinks]]:
    """The people, and the parts of the case that are new or say something else than before."""
    people, parts = [], []
    for item in found:
        known = desk.truth.case_links_of(item.owner)
        new = known is None or known.links != item.links
        if new:
            parts.append(
                CaseLinks(
                    case_id=desk.authority.case_id,
                    owner=item.owner,
                    links=item.links,
                    consultation_id=consultation_id,
                    made_by=desk.gate.who,
                    made_at=desk.gate.now(),
                )
            )
        contact = next(node for node in item.links.nodes if node.kind is NodeKind.CONTACT)
        people.append(
            DrawnPerson(
                key=contact.key,
                label=contact.label,
                role=item.someone.role.value,
                registration_id=item.reference,
                start=item.registration.start_date,
                end=item.registration.end_date,
                new=new,
            )
        )
    return tuple(people), parts
