"""Keys of the link graph: the same thing from two sources is one node, two things never are."""

from __future__ import annotations

import pytest

from netpursuit.links.keys import NORMALISER, address_key, document_key, email_key, phone_key, unit_key
from netpursuit.records import Address, Document, DocumentKind
from netpursuit.records.graph import NodeKind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Flat 3, 12 Mill Lane, Oxford", "12 Mill Ln, Flat 3, Oxford"),
        ("幻市虚构路12号3栋2单元501室", "幻市虚构路12号3-2-501"),
    ],
)
def test_one_flat_written_in_two_forms_is_one_unit(one: str, other: str) -> None:
    assert unit_key(Address(text=one)) == unit_key(Address(text=other)) != ""
    assert address_key(Address(text=one)) == address_key(Address(text=other)) != ""


def test_the_same_flat_number_in_another_town_house_or_flat_is_another_unit() -> None:
    keys = {
        unit_key(Address(text=text))
        for text in (
            "Flat 3, 12 Mill Lane, Oxford",
            "Flat 3, 12 Mill Lane, Reading",
            "Flat 3, 14 Mill Lane, Oxford",
            "Flat 4, 12 Mill Lane, Oxford",
        )
    }
    assert len(keys - {""}) == 4


@pytest.mark.parametrize("text", ["Oxford", "幻市", "Afghanistan", ""])
def test_a_town_or_country_is_no_place_where_people_meet(text: str) -> None:
    assert address_key(Address(text=text)) == ""
    assert unit_key(Address(text=text)) == ""


def test_no_unit_given_is_no_rental_unit_and_a_code_beats_the_text() -> None:
    assert unit_key(Address(text="12 Mill Lane, Oxford")) == ""
    coded = (Address(text="12 Mill Lane, Oxford", unit_code=" ox-7 "), Address(text="elsewhere", unit_code="OX-7"))
    assert unit_key(coded[0]) == unit_key(coded[1]) != ""


def test_telephones_meet_in_every_spelling_and_short_or_masked_ones_have_no_key() -> None:
    assert phone_key("+86 138 0013 8000") == phone_key("13800138000", "CN") != ""
    assert phone_key("13800138000", "CN") != phone_key("13800138001", "CN")
    for text in ("12345", "138****8000", ""):
        assert phone_key(text, "CN") == ""


def test_documents_meet_by_family_and_number_and_unreadable_ones_have_no_key() -> None:
    def key(number: str, kind: DocumentKind = DocumentKind.NATIONAL_ID, country: str = "CN") -> str:
        return document_key(Document(number=number, kind=kind, country=country))

    assert key("990101198503040010") == key("990101 1985 0304 0010") != ""
    assert key("C1234K77", DocumentKind.PASSPORT, "GB") != key("C1234K77", DocumentKind.PASSPORT, "FR")
    assert key("990101********0010") == ""
    assert key("0000000000", DocumentKind.PASSPORT, "GB") == ""


def test_keys_name_the_normaliser_and_mail_boxes_fold_their_case() -> None:
    assert email_key("ZQ@Example.org") == email_key("zq@example.org")
    assert f":{NORMALISER}:" in email_key("zq@example.org")


def test_there_is_no_kind_of_node_for_a_group_of_people_or_a_score() -> None:
    words = " ".join(kind.value.lower() for kind in NodeKind)
    for word in ("group", "ethnic", "community", "tradition", "religion", "nationality", "score", "risk"):
        assert word not in words
