"""Who is surely the same person: a number typed without its kind is the number that a feed states with one (A14)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fake_workbench import Bench, open_bench, person, row, wanted

from netpursuit.custody.erasure import erase_person
from netpursuit.custody.same_person import is_same, may_be_number
from netpursuit.links.keys import contact_key, document_key
from netpursuit.records import Document, DocumentKind, Person
from netpursuit.sources.queries import parse_document
from tests.custody.test_erasure import night, registrations

CITIZEN, NAMESAKE = "11010119900307001X", "310101199003070029"
NATIONAL, PASSPORT, PERMIT = DocumentKind.NATIONAL_ID, DocumentKind.PASSPORT, DocumentKind.TRAVEL_PERMIT
WEI = person("Zhang Wei", "1990-03-07")


def having(*documents: Document) -> Person:
    return replace(WEI, documents=documents)


def of(number: str, kind: DocumentKind, country: str = "") -> Document:
    return Document(number=number, kind=kind, country=country)


@pytest.mark.parametrize(
    ("typed", "stored", "same"),
    [
        (CITIZEN, of(CITIZEN, NATIONAL), True),
        (CITIZEN, of("110101 19900307 001x", NATIONAL, "CN"), True),
        ("E12345678", of("E12345678", PASSPORT, "CN"), True),
        ("CN:E12345678", of("E12345678", PASSPORT), True),
        ("CN:E12345678", of("E12345678", PASSPORT, "US"), False),
        ("H1234567801", of("H1234567802", PERMIT), True),
        ("1234567801", of("1234567802", DocumentKind.OTHER), False),
        (CITIZEN, of(NAMESAKE, NATIONAL), False),
        ("E12345678", of("G87654321", PASSPORT), False),
        ("110101********001X", of(CITIZEN, NATIONAL), False),
        ("000000000000000000", of("000000000000000000", NATIONAL), False),
    ],
)
def test_a_number_alone_is_compared_as_the_scorer_compares_it(typed: str, stored: Document, same: bool) -> None:
    stated = Person(documents=(parse_document(typed),))
    assert is_same(stated, having(stored)) is same
    assert is_same(having(stored), stated) is same


@pytest.mark.parametrize(
    ("stated", "stored", "same"),
    [
        ((parse_document(CITIZEN),), (of(NAMESAKE, NATIONAL),), False),
        ((parse_document("E12345678"),), (of("G87654321", PASSPORT),), False),
        ((parse_document(CITIZEN),), (of("310101********0029", NATIONAL),), False),
        ((parse_document(CITIZEN),), (of("110101********001X", NATIONAL),), True),
        ((parse_document(CITIZEN),), (of("E12345678", PASSPORT),), True),
        ((parse_document(CITIZEN), parse_document("E12345678")), (of(NAMESAKE, NATIONAL), of("E12345678", PASSPORT)),
         False),
        ((parse_document(CITIZEN), parse_document("E12345678")), (of(CITIZEN, NATIONAL), of("G87654321", PASSPORT)),
         True),
        ((), (of(CITIZEN, NATIONAL),), True),
    ],
)  # fmt: skip
def test_of_namesakes_of_one_day_a_number_decides(
    stated: tuple[Document, ...], stored: tuple[Document, ...], same: bool
) -> None:
    assert is_same(having(*stated), having(*stored)) is same
    assert is_same(having(*stored), having(*stated)) is same


def test_an_erasure_by_a_typed_number_takes_this_person_and_no_namesake(tmp_path: Path) -> None:
    bench: Bench = open_bench(tmp_path)
    bench.add("pub", [wanted("A", "Zhang Wei", "1990-03-07")])
    rows = (row("R1", having(of(CITIZEN, NATIONAL))), row("R2", having(of(NAMESAKE, NATIONAL)), line=3))
    night(bench, *rows)
    assert registrations(bench) == {"R1", "R2"}
    done = erase_person(bench.desk, having(parse_document(CITIZEN)), "E-1")
    assert (registrations(bench), len(done.left)) == ({"R2"}, 1)
    erase_person(bench.desk, Person(documents=(parse_document(NAMESAKE),)), "E-2")
    assert registrations(bench) == set()
    bench.workspace.close()


def test_a_typed_number_is_found_in_a_case_under_whatever_kind_it_has_there() -> None:
    is_own = may_be_number(Person(documents=(parse_document("E12345678"), parse_document(CITIZEN))))
    for document in (of("E12345678", PASSPORT, "CN"), of("E12345678", DocumentKind.OTHER), of(CITIZEN, NATIONAL)):
        assert is_own(document_key(document)), document
        assert is_own(contact_key(document)), document
    for document in (of("E12345679", PASSPORT, "CN"), of(NAMESAKE, NATIONAL)):
        assert not is_own(document_key(document)), document
    stated = may_be_number(Person(documents=(of("E12345678", PASSPORT, "CN"),)))
    assert stated(document_key(of("E12345678", DocumentKind.OTHER)))
    assert not stated(document_key(of("E12345678", PASSPORT, "US")))
    assert not any(map(stated, ("", "contact:1", "phone:n2:+8613800138000")))
