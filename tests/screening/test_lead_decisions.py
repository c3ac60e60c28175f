"""What becomes of a match: the table of ``screening.decide`` and promise A7, with people who were never there."""

from __future__ import annotations

import hmac
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.gate.lead_keys import lead_id, lead_key, registration_ref
from netpursuit.ids.fingerprints import (
    IDENTIFYING,
    entry_fingerprints,
    keyed_digest,
    person_digest,
    registered_fingerprints,
)
from netpursuit.policy.standing import ENTRY_EXPIRED, ENTRY_WITHDRAWN
from netpursuit.records import (
    Address,
    Band,
    Clearance,
    Document,
    Entry,
    EntryKey,
    EntryKind,
    Evidence,
    Lead,
    LeadState,
    Match,
    MilliBits,
    Name,
    PartialDate,
    Person,
    RegisteredPerson,
    Registration,
    Role,
    Sex,
    SourceRef,
)
from netpursuit.screening.decide import (
    GONE,
    NOT_REPORTED,
    Action,
    decide,
    flag_fields,
    flag_word,
    withdraw,
)


class HmacKeys:
    """Keyed digests and nothing else of the keys' port."""

    def __init__(self, secret: bytes) -> None:
        self.secret = secret

    def fingerprint(self, field: str, value: str) -> str:
        return self.digest(f"field {field}", value)

    def digest(self, purpose: str, value: str) -> str:
        return hmac.new(self.secret, f"{len(purpose)} {purpose}{value}".encode(), "sha256").hexdigest()[:32]


KEY: Any = HmacKeys(b"k" * 32)
OTHER: Any = HmacKeys(b"q" * 32)
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
ENTRY = Entry(
    entry_id="W-7",
    kind=EntryKind.PERSON,
    person=Person(names=(Name(text="Tomas Velkova"),), birth_dates=(PartialDate(year=1981, month=4, day=2),)),
    source=SourceRef(file="wanted.csv", line=8),
)
TENANT = Person(
    names=(Name(text="Tomáš Velkova"),),
    birth_dates=(PartialDate(year=1981, month=4, day=2),),
    documents=(Document(number="PX 104 882"),),
    sex=Sex.MALE,
    nationalities=("CZ",),
    phones=("+420 601 000 001",),
    addresses=(Address(text="12 Invented Lane", unit="3B"),),
)


def proposal(
    person: Person = TENANT, entry: Entry = ENTRY, registration_id: str = "R-1", unit: str = "3B", millibits: int = 9000
) -> Lead:
    someone = RegisteredPerson(role=Role.TENANT, position=0, person_id="p1", person=person)
    registration = Registration(
        registration_id=registration_id, file_digest="f" * 64, file="july.csv", line=2, persons=(someone,), unit=unit
    )
    key = lead_key("nightly", registration_id, someone, EntryKey(list_id="own", entry_id=entry.entry_id))
    prints = registered_fingerprints(KEY, person, registration) | entry_fingerprints(KEY, entry)
    prints["person"] = person_digest(KEY, person) or keyed_digest(KEY, "lead-only", lead_id(KEY, key))
    return Lead(
        lead_id=lead_id(KEY, key),
        key=key,
        state=LeadState.OPEN,
        revision=1,
        match=Match(
            key=key.entry,
            millibits=MilliBits(millibits),
            probability=0.9,
            band=Band.POSSIBLE,
            capped="",
            evidence=(Evidence(field="name", level="same", millibits=MilliBits(millibits)),),
        ),
        registered=someone,
        registration=registration,
        entry_version="e1",
        list_version="v1",
        list_date=date(2026, 11, 20),
        policy="p1",
        run_id="run-2",
        created_at=LATER,
        updated_at=LATER,
        fingerprints=prints,
    )


def stored(lead: Lead, state: LeadState = LeadState.OPEN, flag: str = "") -> Lead:
    decided = state in (LeadState.CONFIRMED, LeadState.CLEARED)
    return replace(
        lead,
        state=state,
        flag=flag,
        created_at=NOW,
        updated_at=NOW,
        run_id="run-1",
        decided_by="li" if decided else "",
        decided_at=NOW if decided else None,
        decision="other-person" if decided else "",
    )


def clearance_of(lead: Lead) -> Clearance:
    return Clearance(
        person_digest=lead.fingerprints["person"],
        entry=lead.key.entry,
        fingerprints=lead.fingerprints,
        reason="other-person",
        cleared_by="li",
        cleared_at=NOW,
        lead_id=lead.lead_id,
    )


CONTACTS = st.fixed_dictionaries(
    {},
    optional={
        "phones": st.lists(st.text("0123456789", min_size=6, max_size=12), max_size=2).map(tuple),
        "emails": st.lists(st.just("a@example.org"), max_size=1).map(tuple),
        "addresses": st.lists(st.text(min_size=1, max_size=12).map(lambda text: Address(text=text)), max_size=2).map(
            tuple
        ),
    },
)
IDENTITIES = {
    "left.name": replace(TENANT, names=(Name(text="Tomas Welkova"),)),
    "left.birth-date": replace(TENANT, birth_dates=(PartialDate(year=1981, month=4, day=3),)),
    "left.document": replace(TENANT, documents=(Document(number="PX104883"),)),
    "left.sex": replace(TENANT, sex=Sex.FEMALE),
    "left.nationality": replace(TENANT, nationalities=("SK",)),
}
ENTRIES = {
    "right.name": replace(ENTRY, person=replace(ENTRY.person, names=(Name(text="Tomas Velkov"),))),
    "right.birth-date": replace(ENTRY, person=replace(ENTRY.person, birth_dates=(PartialDate(year=1982),))),
    "right.document": replace(ENTRY, person=replace(ENTRY.person, documents=(Document(number="1"),))),
    "right.sex": replace(ENTRY, person=replace(ENTRY.person, sex=Sex.MALE)),
    "right.nationality": replace(ENTRY, person=replace(ENTRY.person, nationalities=("CZ",))),
}


def test_a_match_about_which_nothing_is_known_opens_a_lead() -> None:
    decision = decide(None, None, proposal())
    assert decision.action is Action.NEW
    assert decision.lead == proposal()


@pytest.mark.parametrize("state", list(LeadState))
def test_the_same_night_twice_changes_nothing(state: LeadState) -> None:
    before = stored(proposal(), state)
    if state is LeadState.WITHDRAWN:
        before = stored(decide(before, None, proposal()).lead or before)
    clearance = clearance_of(before) if state is LeadState.CLEARED else None
    decision = decide(before, clearance, proposal())
    assert decision.lead is None
    assert decision.action in (Action.UNCHANGED, Action.STAYS_CLEARED)


@given(CONTACTS, st.text(max_size=4))
def test_thirty_later_registrations_of_a_cleared_person_make_no_new_lead(contacts: dict[str, tuple], unit: str) -> None:
    clearance = clearance_of(proposal())
    moved = replace(TENANT, **contacts)
    for night in range(30):
        decision = decide(None, clearance, proposal(moved, registration_id=f"R-{night + 2}", unit=unit))
        assert decision.action is Action.INHERITED
        assert decision.lead is None, "nothing of a cleared person's later registrations is stored"


@given(st.permutations([Name(text="Tomáš Velkova"), Name(text="Velkova  TOMÁŠ")]), st.booleans())
def test_the_order_width_and_case_of_what_is_stated_do_not_end_a_clearance(names: list[Name], wide: bool) -> None:
    cleared = replace(TENANT, names=(Name(text="tomáš velkova"), Name(text="VELKOVA tomáš")))
    again = replace(TENANT, names=tuple(names), documents=(Document(number="ＰＸ104882" if wide else "px-104-882"),))
    assert decide(None, clearance_of(proposal(cleared)), proposal(again)).action is Action.INHERITED


def test_clearing_one_pair_never_hides_another_candidate() -> None:
    other = replace(ENTRY, entry_id="W-8")
    with pytest.raises(ValueError, match="another person or entry"):
        decide(None, clearance_of(proposal()), proposal(entry=other))
    assert decide(None, None, proposal(entry=other)).action is Action.NEW


@pytest.mark.parametrize("field", [*IDENTITIES, *ENTRIES])
def test_a_cleared_lead_is_looked_at_again_when_an_identifying_field_changed_and_says_which(field: str) -> None:
    before = stored(proposal(), LeadState.CLEARED)
    now = proposal(IDENTITIES.get(field, TENANT), ENTRIES.get(field, ENTRY))
    same_person = now.fingerprints["person"] == before.fingerprints["person"]
    decision = decide(before, clearance_of(before) if same_person else None, now)
    assert decision.action is Action.REOPENED
    assert decision.lead is not None
    assert (decision.lead.state, decision.lead.revision, decision.lead.decided_by) == (LeadState.OPEN, 2, "")
    assert flag_word(decision.lead.flag) == "reopened"
    assert flag_fields(decision.lead.flag) == (field,)
    assert decision.lead.created_at == NOW


@pytest.mark.parametrize("field", ["left.sex", "left.nationality", *ENTRIES])
def test_a_new_registration_of_a_cleared_person_opens_when_an_identifying_field_changed(field: str) -> None:
    now = proposal(IDENTITIES.get(field, TENANT), ENTRIES.get(field, ENTRY), registration_id="R-2")
    decision = decide(None, clearance_of(proposal()), now)
    assert decision.action is Action.NEW
    assert decision.lead is not None
    assert decision.lead.flag == f"cleared-before:{field}"


@given(CONTACTS, st.text(max_size=4))
def test_contacts_and_units_never_reopen_a_cleared_lead(contacts: dict[str, tuple], unit: str) -> None:
    before = stored(proposal(), LeadState.CLEARED)
    now = proposal(replace(TENANT, **contacts), unit=unit)
    assert decide(before, clearance_of(before), now).action is Action.STAYS_CLEARED


def test_a_clearance_that_ended_with_its_entry_no_longer_silences() -> None:
    before = stored(proposal(), LeadState.CLEARED)
    for clearance in (None, replace(clearance_of(before), ended_at=NOW)):
        decision = decide(before, clearance, proposal())
        assert decision.action is Action.REOPENED
        assert decision.lead is not None
        assert decision.lead.flag == "clearance-ended"
    ended = replace(clearance_of(before), ended_at=NOW)
    assert decide(None, ended, proposal(registration_id="R-2")).action is Action.NEW


def test_an_open_lead_of_a_person_cleared_elsewhere_is_cleared_in_the_name_of_who_cleared() -> None:
    decision = decide(stored(proposal()), clearance_of(proposal(registration_id="R-9")), proposal())
    assert decision.action is Action.INHERITED
    assert decision.lead is not None
    assert (decision.lead.state, decision.lead.flag) == (LeadState.CLEARED, "inherited-clearance")
    assert (decision.lead.decided_by, decision.lead.decision) == ("li", "other-person")


def test_a_changed_field_makes_a_new_revision_of_an_open_lead() -> None:
    decision = decide(stored(proposal()), None, proposal(replace(TENANT, phones=("+420 601 000 002",))))
    assert decision.action is Action.UPDATED
    assert decision.lead is not None
    assert (decision.lead.revision, decision.lead.state, decision.lead.created_at) == (2, LeadState.OPEN, NOW)
    assert decision.lead.registered.person.phones == ("+420 601 000 002",)


def test_a_confirmed_lead_is_flagged_and_stays_confirmed_by_its_human() -> None:
    before = stored(proposal(), LeadState.CONFIRMED)
    first = decide(before, None, proposal(IDENTITIES["left.birth-date"]))
    assert first.action is Action.FLAGGED
    assert first.lead is not None
    assert (first.lead.state, first.lead.decided_by) == (LeadState.CONFIRMED, "li")
    assert first.lead.flag == "changed:left.birth-date"
    second = decide(first.lead, None, proposal(replace(IDENTITIES["left.birth-date"], sex=None)))
    assert second.lead is not None
    assert second.lead.flag == "changed:left.birth-date,left.sex", "what changed since the decision adds up"


def test_only_a_human_ends_what_a_human_decided() -> None:
    for why in GONE:
        assert withdraw(stored(proposal(), LeadState.CLEARED), why, LATER).lead is None
        flagged = withdraw(stored(proposal(), LeadState.CONFIRMED), why, LATER)
        assert flagged.lead is not None
        assert (flagged.lead.state, flagged.lead.flag) == (LeadState.CONFIRMED, why)
        assert withdraw(flagged.lead, why, LATER).lead is None
        gone = withdraw(stored(proposal()), why, LATER)
        assert gone.lead is not None
        assert (gone.lead.state, gone.lead.flag) == (LeadState.WITHDRAWN, why)
        assert withdraw(gone.lead, why, LATER).lead is None


def test_a_withdrawn_lead_that_matches_again_returns() -> None:
    gone = withdraw(stored(proposal()), NOT_REPORTED, LATER).lead
    assert gone is not None
    back = decide(gone, None, proposal())
    assert back.lead is not None
    assert (back.lead.state, back.lead.flag, back.lead.revision) == (LeadState.OPEN, "returned", 2)


def test_the_mark_of_an_ended_entry_goes_when_the_entry_is_in_force_again() -> None:
    for mark in (ENTRY_EXPIRED, ENTRY_WITHDRAWN):
        decision = decide(stored(proposal(), flag=mark), None, proposal())
        assert decision.lead is not None
        assert decision.lead.flag == ""


STATES = st.sampled_from([None, *LeadState])


@given(STATES, st.booleans(), st.booleans(), st.sampled_from([TENANT, *IDENTITIES.values()]), st.integers(1, 3))
def test_no_decision_but_a_humans_confirms_or_clears(
    state: LeadState | None, cleared: bool, ended: bool, person: Person, bits: int
) -> None:
    now = proposal(person, millibits=bits * 4500)
    before = stored(proposal(), state) if state else None
    clearance = None
    if cleared and now.fingerprints["person"] == proposal().fingerprints["person"]:
        clearance = replace(clearance_of(proposal()), ended_at=NOW if ended else None)
    after = decide(before, clearance, now).lead
    if after is None:
        return
    if after.state is LeadState.CONFIRMED:
        assert before is not None
        assert before.state is LeadState.CONFIRMED
        assert after.decided_by == before.decided_by
    if after.state is LeadState.CLEARED:
        assert clearance is not None
        assert not ended
        assert after.decided_by == clearance.cleared_by
    again = decide(after, clearance, now)
    assert again.lead is None, "deciding twice is deciding once"


def test_a_name_alone_is_no_person_that_a_clearance_could_follow() -> None:
    name = (Name(text="张伟"),)
    assert person_digest(KEY, Person(names=name)) == ""
    assert person_digest(KEY, Person(names=name, birth_dates=(PartialDate(year=1981),))) == ""
    assert person_digest(KEY, Person(names=name, documents=(Document(number="1", note="truncated"),))) == ""
    assert person_digest(KEY, Person(names=name, documents=(Document(number="E1234567"),))) != ""
    assert person_digest(KEY, TENANT) != person_digest(OTHER, TENANT), "without the key nothing can be tried"


def test_identities_are_stable_and_told_apart() -> None:
    keys = [
        proposal().key,
        proposal(registration_id="R-2").key,
        proposal(entry=replace(ENTRY, entry_id="W-8")).key,
        replace(proposal().key, person_ref="#0"),
        replace(proposal().key, role="landlord"),
    ]
    assert len({lead_id(KEY, key) for key in keys}) == len(keys)
    assert all(len(lead_id(KEY, key)) == 14 for key in keys)
    assert lead_id(KEY, keys[0]) != lead_id(OTHER, keys[0])


def test_a_row_without_an_id_is_known_again_by_what_it_states() -> None:
    row = replace(proposal().registration, registration_id="")
    assert registration_ref(KEY, row) == registration_ref(KEY, replace(row, line=77, file_digest="0" * 64))
    assert registration_ref(KEY, row) != registration_ref(KEY, replace(row, unit="3C"))
    assert registration_ref(KEY, replace(row, registration_id="R-5")) == "R-5"


def test_every_identifying_field_of_either_side_is_covered_here() -> None:
    assert {f"left.{field}" for field in IDENTIFYING} == set(IDENTITIES)
    assert {f"right.{field}" for field in IDENTIFYING} == set(ENTRIES)
