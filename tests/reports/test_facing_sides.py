"""Both records face each other value by value, and the verdict says what the evidence says."""

from __future__ import annotations

from collections.abc import Callable

from netpursuit.records import (
    Address,
    AddressKind,
    Document,
    DocumentKind,
    Entry,
    Lead,
    Match,
    Name,
    NameKind,
    Person,
)
from netpursuit.reports.sides import SHOWN, FieldPair, face_fields


def text_of(spans: object) -> str:
    return "".join(span.text for span in spans)  # type: ignore[attr-defined]


def fields(pairs: tuple[FieldPair, ...]) -> dict[str, FieldPair]:
    return {pair.field: pair for pair in pairs}


def test_the_alias_that_is_most_alike_stands_first(make_match: Callable[..., Match]) -> None:
    left = Person(names=(Name(text="Hatem Rabah Kafeesheh"),))
    aliases = ("QEFEISHA, Hatem", "KAFEESHEH, Hatem Rabah", "ABU ANED, Hadj Hatem", "X", "Y")
    right = Person(names=(Name(text="QFEISHEH, Hatem"), *(Name(text=one, kind=NameKind.ALIAS) for one in aliases)))
    names = fields(face_fields(left, right, make_match()))["name"]
    assert text_of(names.right[0]) == "KAFEESHEH, Hatem Rabah"
    assert len(names.right) == SHOWN
    assert len(names.right) + len(names.right_more) == 6


def test_verdicts_follow_the_evidence(
    make_lead: Callable[..., Lead], make_entry: Callable[..., Entry], make_match: Callable[..., Match]
) -> None:
    match = make_match(
        (("name", "same", 9000, "", ""), ("document", "differs", -7000, "", ""), ("sex", "same", 0, "", ""))
    )
    pairs = fields(face_fields(make_lead().person, make_entry().person, match))
    assert pairs["name"].verdict == "agrees"
    assert pairs["document"].verdict == "disagrees"
    assert pairs["sex"].verdict == "neutral"
    assert pairs["birth-date"].verdict == "not-compared"
    assert pairs["phone"].verdict == "only-one"
    assert "email" not in pairs


def test_a_number_cut_by_a_spreadsheet_shows_what_is_unknown(make_match: Callable[..., Match]) -> None:
    number = Document(number="590322196602176000", kind=DocumentKind.NATIONAL_ID, note="truncated")
    listed = Document(number="590322196602176991", kind=DocumentKind.NATIONAL_ID)
    (pair,) = face_fields(Person(documents=(number,)), Person(documents=(listed,)), make_match())
    assert text_of(pair.left[0]) == "590322196602176???"
    assert [span.kind for span in pair.right[0]] == ["same", "hidden"]


def test_quite_another_value_is_not_marked_all_over(make_match: Callable[..., Match]) -> None:
    left, right = Person(names=(Name(text="苏文彬"),)), Person(names=(Name(text="马骏驰"),))
    (pair,) = face_fields(left, right, make_match())
    assert [span.kind for span in (*pair.left[0], *pair.right[0])] == ["same", "same"]


def test_registered_addresses_face_registered_ones(make_match: Callable[..., Match]) -> None:
    def at(text: str, kind: AddressKind) -> Address:
        return Address(text=text, kind=kind, unit="201")

    left = Person(addresses=(at("青石巷9号", AddressKind.REGISTERED), at("虚构路18号", AddressKind.RESIDENCE)))
    right = Person(addresses=(at("青石巷9号", AddressKind.REGISTERED),))
    match = make_match((("address", "same-house", 6000, "", ""),))
    pairs = fields(face_fields(left, right, match))
    assert pairs["registered-address"].verdict == "agrees"
    assert pairs["address"].verdict == "only-one"
    assert text_of(pairs["address"].left[0]) == "虚构路18号 201"


def test_a_lead_without_its_entry_shows_one_side(
    make_lead: Callable[..., Lead], make_match: Callable[..., Match]
) -> None:
    pairs = face_fields(make_lead().person, None, make_match())
    assert {pair.verdict for pair in pairs} == {"only-one"}
    assert all(pair.right == () for pair in pairs)
