"""What is decided about the rows of a chunk together is what is decided about each row alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from fake_workbench import FEED, ReadAlready, TableMatcher, person, row, wanted, written_rows
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.audit.receipts import RowSeals, new_key
from netpursuit.gate.feeds import in_period
from netpursuit.gate.lead_keys import content_ref, person_ref, registration_ref
from netpursuit.records import RegisteredPerson, Registration, Rejected, Role, UnnamedPerson
from netpursuit.screening.intake import Intake
from netpursuit.screening.row_task import Fate, PersonKey, RawChunk, ReadChunk, RowTask

LISTED = [("pub", wanted("A", "Ana Example", "1980-01-02")), ("pub", wanted("B", "Ben Example", "1981-03-04", "N-81"))]
PEOPLE = (
    person("Ana Example", "1980-01-02"),
    person("Ben Example", "1981-03-04", "N-81"),
    person("Zoephira Canary", "1990-09-09", "CANARY-77"),
)
SCREENED = replace(FEED, screened_roles=(Role.TENANT, Role.OCCUPANT))
TODAY = date(2026, 6, 15)
FATES = {
    Fate.SCREENED: "screened",
    Fate.UNSCREENED_ROLE: "role-not-screened",
    Fate.OUT_OF_PERIOD: "out-of-period",
}
DAYS = st.sampled_from([None, date(2026, 6, 1), date(2026, 7, 1), date(2031, 1, 1)])
ROLES = st.sampled_from([Role.TENANT, Role.OCCUPANT, Role.LANDLORD])


class Hashed:
    """Digests under no key."""

    def digest(self, purpose: str, value: str) -> str:
        return hashlib.sha256(f"{purpose}\0{value}".encode()).hexdigest()[:32]


REGISTERED = st.builds(
    RegisteredPerson,
    role=ROLES,
    position=st.integers(0, 1),
    person_id=st.sampled_from(["", "p1"]),
    person=st.sampled_from(PEOPLE),
)
REGISTRATIONS = st.builds(
    Registration,
    registration_id=st.sampled_from(["", "R1", "R2", "R3"]),
    file=st.just("night.csv"),
    file_digest=st.just("d" * 64),
    line=st.integers(2, 40),
    persons=st.lists(REGISTERED, min_size=1, max_size=3).map(tuple),
    unit=st.sampled_from(["", "3B"]),
    start_date=DAYS,
    end_date=DAYS,
    unnamed=st.lists(st.builds(UnnamedPerson, role=ROLES, column=st.just("name")), max_size=2).map(tuple),
)
REJECTIONS = st.builds(
    Rejected,
    file=st.just("night.csv"),
    file_digest=st.just("d" * 64),
    line=st.integers(2, 40),
    column=st.just("birth_date"),
    reason=st.just("bad-date"),
)
ROWS = st.lists(st.one_of(REGISTRATIONS, REGISTRATIONS, REJECTIONS), max_size=6)


def task(known: Sequence[PersonKey] = (), **more: Any) -> RowTask:
    return RowTask(
        read=ReadAlready().columns,
        canonical=written_rows,
        seals=RowSeals(new_key(), "d" * 64),
        feed=SCREENED,
        digests=Hashed(),
        known=frozenset(known),
        matcher=TableMatcher(LISTED),
        held_out=frozenset(),
        **more,
    )


def run(rows: list[Registration | Rejected], **more: Any) -> ReadChunk:
    return task(**more)(RawChunk(list(rows), len(rows), again=False))


def key_of(registration: Registration, someone: RegisteredPerson) -> PersonKey:
    return PersonKey(registration_ref(Hashed(), registration), someone.role, person_ref(someone))


def unnamed_of(registration: Registration) -> list[UnnamedPerson]:
    within = in_period(SCREENED, registration.start_date)
    return [one for one in registration.unnamed if within and one.role in SCREENED.screened_roles]


def fate_of(registration: Registration, someone: RegisteredPerson) -> Fate:
    if someone.role not in SCREENED.screened_roles:
        return Fate.UNSCREENED_ROLE
    return Fate.SCREENED if in_period(SCREENED, registration.start_date) else Fate.OUT_OF_PERIOD


def mark_of(item: Registration | Rejected, over: Sequence[Registration]) -> str:
    if isinstance(item, Rejected):
        return "rejected:bad-date"
    if item in over:
        return "stay-ended"
    said = [f"{someone.role}:{FATES[fate_of(item, someone)]}" for someone in item.persons]
    return " ".join([*said, *(f"{one.role}:unnamed" for one in unnamed_of(item))])


@given(rows=ROWS, known=st.lists(st.tuples(REGISTRATIONS, st.integers(0, 2))), running=st.booleans(), data=st.data())
def test_a_chunk_is_its_rows(
    rows: list[Registration | Rejected],
    known: list[tuple[Registration, int]],
    running: bool,
    data: st.DataObject,
) -> None:
    registrations = [item for item in rows if isinstance(item, Registration)]
    known_keys = [key_of(one, one.persons[at % len(one.persons)]) for one, at in known]
    known_keys += [key_of(one, one.persons[-1]) for one in registrations if data.draw(st.booleans())]
    # Some were known by what they say before they had an id.
    known_keys += [
        key_of(replace(one, registration_id=""), one.persons[0]) for one in registrations if data.draw(st.booleans())
    ]
    kept = frozenset(data.draw(st.lists(st.sampled_from(["R1", "R2"]))))
    over = [
        one
        for one in registrations
        if running and one.end_date and one.end_date < TODAY and registration_ref(Hashed(), one) not in kept
    ]
    counting = [one for one in registrations if one not in over]
    people = [(one, someone) for one in counting for someone in one.persons]

    found = run(rows, known=known_keys, running_on=TODAY if running else None, kept=kept)

    assert found.marks == [mark_of(item, over) for item in rows]
    places = found.places
    assert [rows[at] for at in places.rows] == [one for one, _ in people]
    assert places.lines.tolist() == [one.line for one, _ in people]
    assert places.fates.tolist() == [fate_of(one, someone) for one, someone in people]
    keys = [key_of(one, someone) for one, someone in people]
    hashes = dict(zip(places.shorts, keys, strict=True))
    assert len(set(hashes.values())) == len(hashes) == len(set(keys))
    assert [hashes[short] for short in places.shorts] == keys
    screened = [fate_of(one, someone) is Fate.SCREENED for one, someone in people]
    assert places.candidates.tolist() == [2 * is_screened for is_screened in screened]
    reported = [
        (at, key, someone, one)
        for at, (key, (one, someone)) in enumerate(zip(keys, people, strict=True))
        if screened[at] and (someone.person is not PEOPLE[2] or key in known_keys)
    ]
    assert [(at, who.key, who.registered, who.registration) for at, who, _ in found.found] == reported
    assert all(bool(matches.matches) == (who.registered.person != PEOPLE[2]) for _, who, matches in found.found)
    assert found.rejected == [
        *(item for item in rows if isinstance(item, Rejected)),
        *(
            Rejected(
                file="night.csv",
                file_digest="d" * 64,
                line=one.line,
                column="name",
                reason="unnamed-person",
                expected="a name or a document number",
            )
            for one in counting
            for _ in unnamed_of(one)
        ),
    ]
    assert found.persons_again == set(keys) & set(known_keys)
    ids = {key.registration_id for key in known_keys}
    assert found.registrations_again == ids & {registration_ref(Hashed(), one) for one in counting}
    assert found.rekeyed == {
        key_of(one, someone)._replace(registration_id=content_ref(Hashed(), one))
        for (one, someone), is_screened in zip(people, screened, strict=True)
        if is_screened and one.registration_id and content_ref(Hashed(), one) in ids
    }
    assert +found.counts == +Counter(
        read=len(rows),
        stays_ended=len(over),
        without_id=sum(not one.registration_id for one in counting),
        persons=len(people),
        out_of_period=sum(not in_period(SCREENED, one.start_date) for one in counting),
        unscreened_unnamed=sum(len(unnamed_of(one)) for one in counting),
    )


@given(chunks=st.lists(ROWS, max_size=4))
def test_who_was_named_before_is_not_screened_again(chunks: list[list[Registration | Rejected]]) -> None:
    whole, intake = task(), Intake("night.csv", "d" * 64)
    seen: set[PersonKey] = set()
    for rows in chunks:
        taken = intake.take(whole(RawChunk(list(rows), len(rows), again=False)))
        screened = []
        lines = []
        for one in rows:
            for someone in one.persons if isinstance(one, Registration) else ():
                key = key_of(one, someone)
                if key in seen:
                    lines.append(one.line)
                elif fate_of(one, someone) is Fate.SCREENED:
                    screened.append((key, someone.person))
                seen.add(key)
        assert taken.counts.screened == len(screened)
        assert taken.counts.candidates == 2 * len(screened)
        assert [who.key for who, _ in taken.found] == [key for key, one in screened if one is not PEOPLE[2]]
        repeated = [item.line for item in taken.rejected if item.reason == "repeated-key"]
        assert repeated == sorted(set(lines))
        marks = " ".join(taken.marks).split()
        assert sum(mark.endswith(":repeated") for mark in marks) == len(lines)
        assert sum(mark.endswith(":screened") for mark in marks) == len(screened)


def test_rows_done_before_are_read_and_nobody_is_matched() -> None:
    rows = [row("R1", PEOPLE[0]), row("R2", PEOPLE[1], line=3)]
    again = task()(RawChunk(list(rows), 2, again=True))
    assert again.found == []
    assert again.places.candidates.tolist() == [0, 0]
    assert [place for place, _, _ in task()(RawChunk(list(rows), 2, again=False)).found] == [0, 1]
