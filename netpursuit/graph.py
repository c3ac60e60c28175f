"""The link graph: what a lead brings into it.

``links_for`` gives the nodes and edges of one lead. Those of the lead's person are assessments while the lead is
open; what the list publishes about its entry is fact. Nobody who is not part of a lead becomes a node, unless drawn in
under a case (``contact_links``), which alone sees them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from netpursuit.links import (
    NORMALISER,
    Edge,
    EdgeKind,
    LinkSet,
    Node,
    NodeKind,
    address_key,
    document_key,
    email_key,
    person_key,
    phone_key,
    subject_key,
    unit_key,
)
from netpursuit.links.cases import opened_in
from netpursuit.links.match_notes import match_note
from netpursuit.records import (
    Address,
    AddressKind,
    Entry,
    EntryKey,
    EntryKind,
    EntryPair,
    Lead,
    LeadState,
    PairState,
    Person,
    RegisteredPerson,
    Registration,
    Role,
    StayKind,
)

__all__ = [
    "Edge",
    "EdgeKind",
    "LinkSet",
    "Node",
    "NodeKind",
    "contact_links",
    "entry_links",
    "lead_links",
    "links_for",
    "pair_links",
    "registration_source",
    "unit_of",
]

_NOBODY: Mapping[str, str] = {}


class _Collector:
    """Gathers nodes and edges once each."""

    def __init__(self) -> None:
        self.nodes: dict[str, Node] = {}
        self.edges: dict[tuple[str, str, str], Edge] = {}

    def node(self, node: Node) -> str:
        # A fact outweighs an assessment of the same thing.
        if node.key not in self.nodes or (node.fact and not self.nodes[node.key].fact):
            self.nodes[node.key] = node
        return node.key

    def edge(self, edge: Edge) -> None:
        self.edges.setdefault((edge.kind, edge.start, edge.end), edge)

    def links(self) -> LinkSet:
        return LinkSet(
            nodes=tuple(self.nodes[key] for key in sorted(self.nodes)),
            edges=tuple(self.edges[key] for key in sorted(self.edges)),
        )


def entry_node_key(key: EntryKey) -> str:
    """The node key of a list entry."""
    return f"entry:{NORMALISER}:{key.list_id}:{key.entry_id}"


def _label(person: Person, fallback: str) -> str:
    return person.names[0].text if person.names else fallback


def _add_belongings(
    found: _Collector, owner: str, person: Person, source: str, fact: bool, country: str, seen: str
) -> None:
    """Documents, telephones, e-mails and addresses of one person."""
    for document in person.documents:
        if key := document_key(document):
            found.node(Node(kind=NodeKind.DOCUMENT, key=key, label=document.number, source=source, fact=fact))
            found.edge(Edge(kind=EdgeKind.HOLDS_DOCUMENT, start=owner, end=key, source=source, fact=fact))
    for phone in person.phones:
        if key := phone_key(phone, country):
            found.node(Node(kind=NodeKind.PHONE, key=key, label=phone, source=source, fact=fact))
            found.edge(Edge(kind=EdgeKind.USES_PHONE, start=owner, end=key, source=source, fact=fact))
    for email in person.emails:
        if key := email_key(email):
            found.node(Node(kind=NodeKind.EMAIL, key=key, label=email, source=source, fact=fact))
            found.edge(Edge(kind=EdgeKind.USES_EMAIL, start=owner, end=key, source=source, fact=fact))
    for address in person.addresses:
        # The rental unit of a registration has an edge of its own (stayed-at).
        if address.kind is AddressKind.RESIDENCE and not fact:
            continue
        if key := address_key(address):
            found.node(Node(kind=NodeKind.ADDRESS, key=key, label=address.text, source=source, fact=fact))
            found.edge(Edge(kind=EdgeKind.RESIDED_AT, start=owner, end=key, source=source, fact=fact, seen_from=seen))


def _list_source(list_id: str) -> str:
    return f"list {list_id}"


def _add_entry(found: _Collector, key: EntryKey, entry: Entry, named: Mapping[str, str] = _NOBODY) -> str:
    """What the list publishes: facts, with the list as their source. ``named`` gives the entry of a name."""
    source = _list_source(key.list_id)
    listed = entry.listed_on.isoformat() if entry.listed_on else ""
    own = found.node(
        Node(
            kind=NodeKind.ENTRY,
            key=entry_node_key(key),
            label=_label(entry.person, entry.entry_id),
            source=source,
            seen_from=listed,
        )
    )
    list_key = found.node(
        Node(kind=NodeKind.LIST, key=f"list:{NORMALISER}:{key.list_id}", label=key.list_id, source=source)
    )
    found.edge(Edge(kind=EdgeKind.LISTED_ON, start=own, end=list_key, source=source, seen_from=listed))
    country = entry.person.nationalities[0] if entry.person.nationalities else ""
    _add_belongings(found, own, entry.person, source, True, country, "")
    for relation in entry.relations:
        name = relation.target_name or relation.target_id
        if not name:
            continue
        target_id = relation.target_id or named.get(name.casefold(), "")
        if target_id == key.entry_id:
            continue
        other = found.node(
            Node(
                kind=NodeKind.ENTRY if target_id else NodeKind.ORGANISATION,
                key=entry_node_key(EntryKey(list_id=key.list_id, entry_id=target_id))
                if target_id
                else f"organisation:{NORMALISER}:{key.list_id}:{name.casefold()}",
                label=name,
                source=source,
            )
        )
        found.edge(Edge(kind=EdgeKind.LINKED_TO, start=own, end=other, source=source, note=relation.kind))
    return own


def entry_links(key: EntryKey, entry: Entry, named: Mapping[str, str] = _NOBODY) -> LinkSet:
    """What a list publishes about one entry: its addresses, documents, telephones and relations, all of them facts.

    ``named``: folded primary name -> entry id, for relations that a list publishes by name alone.
    """
    found = _Collector()
    _add_entry(found, key, entry, named)
    return found.links()


def pair_links(pair: EntryPair) -> LinkSet:
    """The edge between two entries of which a named user said that they are one person; none for any other pair."""
    if pair.state is not PairState.ACCEPTED:
        return LinkSet(nodes=(), edges=())
    start, end = map(entry_node_key, pair.members)
    edge = Edge(
        kind=EdgeKind.SAME_AS,
        start=start,
        end=end,
        source=f"group {pair.group_id}",
        seen_from=pair.decided_at.date().isoformat() if pair.decided_at else "",
        note=match_note(pair.match, f"accepted by {pair.decided_by}"),
    )
    return LinkSet(nodes=(), edges=(edge,))


def lead_links(lead: Lead, entries: Mapping[EntryKey, Entry]) -> LinkSet:
    """``links_for`` without what the lists publish, which their entries bring themselves."""
    links = links_for(lead, entries)
    published = {_list_source(match.key.list_id) for match in lead.matches}
    return LinkSet(
        nodes=tuple(node for node in links.nodes if node.source not in published),
        edges=tuple(edge for edge in links.edges if edge.source not in published),
    )


def links_for(lead: Lead, entries: Mapping[EntryKey, Entry]) -> LinkSet:
    """The nodes and edges of one lead: its person, the registration, the unit, others it names, and its entries.

    Cleared and withdrawn leads bring nothing, nor does an entry that ``entries`` does not hold. The ``same-as`` edges
    are assessments until a person confirms the lead.
    """
    found = _Collector()
    people = (EntryKind.PERSON, EntryKind.UNSTATED)
    matches = [match for match in lead.matches if match.key in entries and entries[match.key].kind in people]
    if lead.state in (LeadState.CLEARED, LeadState.WITHDRAWN) or not matches:
        return found.links()
    confirmed = lead.state is LeadState.CONFIRMED
    registration = lead.registration
    source = registration_source(lead.key.feed_id, lead.key.registration_id)
    start, end = _days(registration)
    person = found.node(
        Node(
            kind=NodeKind.SUBJECT,
            key=subject_key(lead.key),
            label=_label(lead.person, lead.key.registration_id),
            source=source,
            fact=confirmed,
            seen_from=start,
            seen_to=end,
        )
    )
    for match in matches:
        found.edge(
            Edge(
                kind=EdgeKind.SAME_AS,
                start=person,
                end=_add_entry(found, match.key, entries[match.key]),
                source=f"lead {lead.lead_id}",
                fact=confirmed,
                note=match_note(match, f"confirmed by {lead.decided_by}" if confirmed else ""),
            )
        )
    held = found.node(
        Node(
            kind=NodeKind.REGISTRATION,
            key=f"registration:{NORMALISER}:{lead.key.feed_id}:{lead.key.registration_id}",
            label=lead.key.registration_id,
            source=source,
            seen_from=start,
            seen_to=end,
        )
    )
    found.edge(Edge(kind=EdgeKind.NAMED_IN, start=person, end=held, source=source, seen_from=start, seen_to=end))
    _add_belongings(found, person, lead.person, source, confirmed, "", start)
    place = _add_place(found, registration, lead.key.role, source)
    if place:
        kind = EdgeKind.LANDLORD_OF if lead.key.role == Role.LANDLORD else EdgeKind.STAYED_AT
        found.edge(Edge(kind=kind, start=person, end=place, source=source, seen_from=start, seen_to=end))
    return found.links()


def registration_source(feed_id: str, registration_id: str) -> str:
    """Who states what a registration brings."""
    return f"feed {feed_id}, registration {registration_id}"


def _days(registration: Registration) -> tuple[str, str]:
    start, end = registration.start_date, registration.end_date
    return start.isoformat() if start else "", end.isoformat() if end else ""


def unit_of(address: str, unit: str, unit_code: str) -> str:
    """The key of the rental unit that a registration states, or empty."""
    return unit_key(Address(text=address, unit=unit, unit_code=unit_code)) if address or unit_code else ""


def contact_links(
    feed_id: str, registration_id: str, registration: Registration, people: Mapping[str, RegisteredPerson], case_id: str
) -> LinkSet:
    """People of one registration who are drawn in under a case, by their ``person_ref``; facts, as the register states
    them. Where they are registered as residents besides is told; the unit itself has its own edge."""
    found = _Collector()
    source, drawn = registration_source(feed_id, registration_id), f"drawn in under case {case_id}"
    start, end = _days(registration)
    held = found.node(
        Node(
            kind=NodeKind.REGISTRATION,
            key=f"registration:{NORMALISER}:{feed_id}:{registration_id}",
            label=registration_id,
            source=source,
            seen_from=start,
            seen_to=end,
        )
    )
    keys = []
    for reference, someone in people.items():
        key = person_key("contact", feed_id, registration_id, someone.role, reference)
        person = replace(
            someone.person,
            addresses=tuple(home for home in someone.person.addresses if home.kind is not AddressKind.RESIDENCE),
        )
        label, note = _label(person, registration_id), f"{someone.role}, {drawn}"
        found.node(Node(kind=NodeKind.CONTACT, key=key, label=label, source=source, seen_from=start, seen_to=end))
        _add_belongings(found, key, person, source, True, "", start)
        ties = [(EdgeKind.NAMED_IN, held)]
        if place := _add_place(found, registration, someone.role, source):
            ties.append((EdgeKind.LANDLORD_OF if someone.role is Role.LANDLORD else EdgeKind.STAYED_AT, place))
        for kind, end_key in ties:
            found.edge(Edge(kind=kind, start=key, end=end_key, source=source, seen_from=start, seen_to=end, note=note))
        keys.append(key)
    return opened_in(found.links(), case_id, keys)


def _add_place(found: _Collector, registration: Registration, role: str, source: str) -> str:
    """The rental unit and its house; without a unit the house alone; its key, or empty.

    Guests of a house that takes guests meet in a room at most: such a house is no node.
    """
    if not (registration.address or registration.unit_code):
        return ""
    address = Address(text=registration.address, unit=registration.unit, unit_code=registration.unit_code)
    passing = role == Role.GUEST or registration.stay_kind in (StayKind.HOTEL, StayKind.LODGING)
    house = "" if passing else address_key(address)
    if house:
        found.node(Node(kind=NodeKind.ADDRESS, key=house, label=registration.address, source=source))
    unit = unit_key(address)
    if not unit:
        return house
    label = " ".join(filter(None, (registration.address, registration.unit or registration.unit_code)))
    found.node(Node(kind=NodeKind.RENTAL_UNIT, key=unit, label=label, source=source))
    if house:
        found.edge(Edge(kind=EdgeKind.UNIT_IN, start=unit, end=house, source=source))
    return unit
