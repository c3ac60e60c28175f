"""A clearance follows the person and hides nobody else, whatever else a registration states (promise A7)."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fake_workbench import DAY, FEED, Bench, RowsSource, open_bench, person, row, wanted
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.engines.local import LocalEngine
from netpursuit.ids.fingerprints import person_digest
from netpursuit.records import (
    Address,
    Document,
    DocumentKind,
    Entry,
    Lead,
    LeadState,
    Name,
    PartialDate,
    Person,
    Registration,
    Sex,
)
from netpursuit.review.leads import clear_lead
from netpursuit.screening.run import ScreenRequest, screen

NUMBER = "N-81-000-123"
BEN = person("Ben Example", "1981-03-04", NUMBER)
LISTED = wanted("B", "Ben Example", "1981-03-04", NUMBER)

# What somebody may state beside: none of it says that this is another person.
PASSING = st.fixed_dictionaries(
    {
        "phones": st.sampled_from([(), ("13800000000",), ("1", "2")]),
        "emails": st.sampled_from([(), ("ben@example.org",)]),
        "addresses": st.sampled_from([(), (Address(text="1 Invented Lane"),), (Address(text="2 Other Road"),)]),
    }
)
STAY = st.fixed_dictionaries(
    {
        "unit": st.sampled_from(["", "3B", "4"]),
        "address": st.sampled_from(["", "1 Invented Lane"]),
        "start_date": st.sampled_from([None, date(2026, 3, 1), date(2026, 4, 1)]),
    }
)
# One identifying field at a time, as it may change on either side; the match stays reportable in all of them.
IDENTIFYING: list[tuple[str, dict[str, Any]]] = [
    ("name", {"names": (Name(text="Ben Example"), Name(text="Benny Example"))}),
    ("birth-date", {"birth_dates": (PartialDate(year=1981, month=3, day=4), PartialDate(year=1982))}),
    ("document", {"documents": (Document(number=NUMBER), Document(number="E7654321"))}),
    ("sex", {"sex": Sex.MALE}),
    ("nationality", {"nationalities": ("FR",)}),
]


def night(bench: Bench, *rows: Registration) -> None:
    screen(bench.desk, ScreenRequest(feed=FEED, source=RowsSource(rows), engine=LocalEngine(), as_of=DAY))


def lead_of(bench: Bench, registration_id: str, entry_id: str = "B") -> Lead | None:
    for lead in bench.truth.leads():
        if (lead.key.registration_id, lead.key.entry.entry_id) == (registration_id, entry_id):
            return lead  # type: ignore[no-any-return]
    return None


def cleared(folder: Path, *others: Entry) -> Bench:
    bench = open_bench(folder)
    bench.add("pub", [LISTED, *others])
    night(bench, row("R1", BEN))
    lead = lead_of(bench, "R1")
    assert lead is not None
    clear_lead(bench.desk, lead.lead_id, reason="other-appearance", cleared_by="Li Hua")
    return bench


@settings(max_examples=25, deadline=None)
@given(PASSING, STAY, st.booleans())
def test_whatever_is_no_mark_of_a_person_leaves_the_clearance_in_force(
    stated: dict[str, Any], stay: dict[str, Any], same: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        bench = cleared(Path(folder))
        night(bench, row("R1" if same else "R2", replace(BEN, **stated), **stay))
        assert [lead.state for lead in bench.truth.leads()] == [LeadState.CLEARED]
        bench.workspace.close()


@pytest.mark.parametrize(("field", "change"), IDENTIFYING, ids=[name for name, _ in IDENTIFYING])
@pytest.mark.parametrize("registration_id", ["R1", "R2"])
def test_an_identifying_change_of_the_person_is_looked_at_again_and_shown(
    tmp_path: Path, field: str, change: dict[str, Any], registration_id: str
) -> None:
    bench = cleared(tmp_path)
    night(bench, row(registration_id, replace(BEN, **change)))
    lead = lead_of(bench, registration_id)
    assert lead is not None
    assert lead.state is LeadState.OPEN
    word = "reopened" if registration_id == "R1" else "cleared-before"
    assert lead.flag == f"{word}:left.{field}"
    bench.workspace.close()


@pytest.mark.parametrize(("field", "change"), IDENTIFYING, ids=[name for name, _ in IDENTIFYING])
@pytest.mark.parametrize("registration_id", ["R1", "R2"])
def test_an_identifying_change_of_the_entry_is_looked_at_again_and_shown(
    tmp_path: Path, field: str, change: dict[str, Any], registration_id: str
) -> None:
    bench = cleared(tmp_path)
    bench.add("pub", [replace(LISTED, person=replace(LISTED.person, **change))])
    night(bench, row(registration_id, BEN))
    lead = lead_of(bench, registration_id)
    assert lead is not None
    assert lead.state is LeadState.OPEN
    assert lead.flag.endswith(f":right.{field}")
    bench.workspace.close()


def test_a_clearance_hides_no_namesake_no_other_entry_and_no_other_list(tmp_path: Path) -> None:
    bench = cleared(tmp_path, wanted("C", "Ben Example", "1981-03-04", "N-99-000-999"))
    bench.add("second", [LISTED])
    namesake = person("Ben Example", "1981-03-04", "N-55-000-555")
    night(bench, row("R2", BEN), row("R3", namesake, line=3))
    open_leads = {
        (lead.key.registration_id, str(lead.key.entry.list_id), lead.key.entry.entry_id)
        for lead in bench.truth.leads()
        if lead.state is LeadState.OPEN
    }
    assert {("R2", "second", "B"), ("R2", "pub", "C"), ("R3", "pub", "B"), ("R3", "pub", "C")} <= open_leads
    assert ("R2", "pub", "B") not in open_leads
    bench.workspace.close()


@pytest.mark.parametrize(
    "document",
    [
        Document(number="3601**********1234", kind=DocumentKind.NATIONAL_ID, country="CN"),
        Document(number="360102XXXXXXXX1234", kind=DocumentKind.NATIONAL_ID, country="CN"),
        Document(number="3601••••••••••1234", kind=DocumentKind.NATIONAL_ID, country="CN"),
        Document(number="360102198503040000", kind=DocumentKind.NATIONAL_ID, country="CN", note="truncated"),
        Document(number="3.60102E+17"),
        Document(number="000000000"),
        Document(number="123456789"),
        Document(number="N/A"),
        Document(number="无"),
        Document(number="12"),
    ],
    ids=lambda document: document.number,
)
def test_a_number_that_several_people_may_show_binds_no_clearance(tmp_path: Path, document: Document) -> None:
    bench = open_bench(tmp_path)
    someone = Person(names=(Name(text="张伟"),), documents=(document,))
    assert person_digest(bench.desk.keys, someone) == ""
    dated = replace(someone, birth_dates=(PartialDate(year=1985, month=3, day=4),))
    assert person_digest(bench.desk.keys, dated) != ""
    march = PartialDate(year=1985, month=3)
    for half in (PartialDate(year=1985), march, replace(march, day=4, circa=True)):
        assert person_digest(bench.desk.keys, replace(someone, birth_dates=(half,))) == ""
    bench.workspace.close()


def test_a_namesake_of_somebody_cleared_is_never_said_to_be_cleared_before(tmp_path: Path) -> None:
    bench = open_bench(tmp_path)
    bench.add("pub", [replace(LISTED, person=replace(LISTED.person, birth_dates=(PartialDate(year=1981),)))])
    half = Person(names=(Name(text="Ben Example"),), birth_dates=(PartialDate(year=1981),))
    night(bench, row("R1", half))
    lead = lead_of(bench, "R1")
    assert lead is not None
    clear_lead(bench.desk, lead.lead_id, reason="other-appearance", cleared_by="Li Hua")
    night(bench, row("R2", half), row("R3", replace(half, nationalities=("FR",)), line=3))
    assert [(found.state, found.flag) for found in (lead_of(bench, "R2"), lead_of(bench, "R3")) if found] == [
        (LeadState.OPEN, ""),
        (LeadState.OPEN, ""),
    ]
    bench.workspace.close()


def test_a_list_that_was_damaged_meanwhile_still_ends_its_clearances(tmp_path: Path) -> None:
    other = wanted("A", "Ana Example")
    bench = cleared(tmp_path, other)
    bench.truth._file.run("UPDATE entry_body SET body = '{}' WHERE body LIKE '%Ben Example%'")
    bench.add("pub", [other])
    bench.add("pub", [other, LISTED])
    night(bench, row("R1", BEN), row("R2", BEN, line=3))
    flags = {lead.key.registration_id: (lead.state, lead.flag) for lead in bench.truth.leads()}
    assert flags == {"R1": (LeadState.OPEN, "clearance-ended"), "R2": (LeadState.OPEN, "")}
    bench.workspace.close()
