"""Which level a pair of values gets, seen from outside through ``compare``."""

from __future__ import annotations

import pytest

from netpursuit.ids.dates import parse_date
from netpursuit.match import compare
from netpursuit.policy.weights import PARTIAL_OTHER_NAME_MILLIBITS
from netpursuit.records import Address, Document, DocumentKind, Evidence, Name, Person

NUMBER = "990101198503040010"


def found(field: str, left: Person, right: Person) -> Evidence:
    """The evidence of one field; the two sides may change places."""
    one, other = ({item.field: item for item in compare(*pair).evidence} for pair in ((left, right), (right, left)))
    assert (one[field].level, one[field].millibits) == (other[field].level, other[field].millibits)
    return one[field]


def numbered(number: str, kind: DocumentKind = DocumentKind.NATIONAL_ID, country: str = "CN", name: str = "") -> Person:
    return Person(
        names=(Name(text=name),) if name else (), documents=(Document(number=number, kind=kind, country=country),)
    )


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("1985-01-15", "1985-03-06", "lunar"),
        ("1984-10-01", "1984-11-23", "lunar"),  # in the leap month
        ("1985-01-15", "1985-03-07", "same-year-other-day"),
        ("1985-03-04", "1986-04-06", "near"),
        ("1985-03-04", "1995-04-06", "near"),
        ("1985-03-04", "1988-04-06", "differs"),
        ("1985-03-14", "1986-03-04", "two-digits"),
        ("45岁 (2020)", "1975-02-03", "within-span"),
        ("45岁 (2020)", "1995-02-03", "differs-widely"),
        ("1405 AH", "1985-03-04", "within-span"),
        ("1985-01-01", "1985-08-21", "same-year"),
    ],
)
def test_levels_of_birth_dates(one: str, other: str, level: str) -> None:
    left, right = (parse_date(text) for text in (one, other))
    assert left is not None
    assert right is not None
    # Lunar days are looked for only where one side writes the name in characters.
    names = (Name(text="欧阳志远"),) if level == "lunar" else ()
    assert found("birth-date", Person(names=names, birth_dates=(left,)), Person(birth_dates=(right,))).level == level


def test_a_lunar_day_is_looked_for_only_where_a_name_is_in_characters_or_hangul() -> None:
    left, right = (parse_date(text) for text in ("1985-01-15", "1985-03-06"))
    assert left is not None
    assert right is not None
    for name, level in (("Oystein Jonsson", "same-year-other-day"), ("김민준", "lunar"), ("张伟", "lunar")):
        one = Person(names=(Name(text=name),), birth_dates=(left,))
        other = Person(names=(Name(text="Oystein Jonsson"),), birth_dates=(right,))
        assert found("birth-date", one, other).level == level


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("幻市虚构路12号3-2-501", "幻市虚构路12号3栋2单元501室", "same-unit"),
        ("幻市虚构路12号3-2-501", "幻市虚构路12号3-2-502", "other-unit"),
        ("幻市虚构路12号3-2-501", "幻市虚构路12号3栋", "same-house"),
        ("幻市虚构路12号3-2-501", "幻市虚构路12号5-2-501", "other-house"),
        ("幻市虚构路12号3-2-501", "幻市虚构路", "same-street"),
        ("幻市虚构路12号3-2-501", "幻市别样路12号3-2-501", "same-city"),
        ("幻市虚构路12号3-2-501", "别市虚构路12号3-2-501", "other"),
        ("幻市虚构路12号幻想花园3-2-501", "幻市幻想花园3-2-501", "same-unit"),
        ("幻市虚构路12号幻想宾馆501室", "幻市虚构路12号幻想宾馆501室", "same-street"),
        ("12 Mill Lane, Oxford", "12 Mil Lane, Oxford", "similar"),
        ("12 Mill Lane, Oxford", "12 Mill Lane, Oxfrod", "similar"),
        ("12 Mill Lane, Oxford", "14 Mil Lane, Oxford", "same-city"),
        ("Flat 3, 12 Mill Lane, Oxford", "Flat 4, 12 Mil Lane, Oxford", "same-city"),
        ("12-14 Mill Lane, Oxford", "14 Mill Lane, Oxford", "same-house"),
        ("12 Mill Lane OX1 2AB", "12 Mill Lane, OX1 2AB", "same-house"),
    ],
)
def test_levels_of_addresses(one: str, other: str, level: str) -> None:
    left, right = (Person(addresses=(Address(text=text),)) for text in (one, other))
    assert found("address", left, right).level == level


@pytest.mark.parametrize(
    ("one", "other", "level", "note"),
    [
        (NUMBER, "990101850304001", "same-other-form", ""),
        (NUMBER, "990101********0010", "consistent", ""),
        (NUMBER, "99010119850304001O", "same-other-form", ""),
        (NUMBER, "990101198503040017", "one-slip", "wrong check character: right"),
        (NUMBER, "990101198503040100", "transposed", "wrong check character: right"),
        (NUMBER, "990101198503040037", "differs", ""),
        ("990101198503040017", "990101198503040018", "one-slip", ""),
    ],
)
def test_the_check_character_tells_which_side_of_a_slip_erred(one: str, other: str, level: str, note: str) -> None:
    evidence = found("document", numbered(one), numbered(other))
    assert evidence.level == level
    assert (
        next(item for item in compare(numbered(one), numbered(other)).evidence if item.field == "document").note == note
    )


def test_two_numbers_that_both_keep_the_rules_are_no_slip_of_each_other() -> None:
    """The check digit of a Canadian number (Luhn's) does not notice 09 for 90."""
    one, valid, wrong = (
        numbered(number, DocumentKind.SOCIAL_SECURITY, "CA") for number in ("130093008", "130903008", "130039008")
    )
    assert found("document", one, valid).level == "differs"
    assert found("document", one, wrong).level == "transposed"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("H1234507801", "H1234507802", "same-other-form"),
        ("H12345078", "H87650432", "differs"),
        ("12345078", "87650432", "differs"),
        ("C12345078", "CA1234509", "renewable-differs"),
        ("E00000000", "E00000000", "known-fake"),
    ],
)
def test_permits_that_are_kept_for_life_conflict_and_others_are_renewed(one: str, other: str, level: str) -> None:
    left, right = (numbered(text, DocumentKind.TRAVEL_PERMIT) for text in (one, other))
    assert found("document", left, right).level == level


def test_a_masked_number_does_not_outweigh_another_name() -> None:
    shown = found("document", numbered(f"{NUMBER[:15]}000", name="张伟"), numbered(NUMBER, name="张伟"))
    other = found("document", numbered(f"{NUMBER[:15]}000", name="李娜"), numbered(NUMBER, name="张伟"))
    assert other.millibits == PARTIAL_OTHER_NAME_MILLIBITS < shown.millibits


def test_the_city_that_a_number_begins_with_counts_once() -> None:
    left, right = (
        Person(documents=(Document(number=NUMBER, country="CN"),), addresses=(Address(text="幻市"),)) for _ in range(2)
    )
    assert (found("address", left, right).level, found("address", left, right).millibits) == ("in-number", 0)


@pytest.mark.parametrize("phone", ["13888888888", "+86 188 1234 5678", "010-1234567"])
def test_a_telephone_number_that_forms_are_filled_with_is_not_compared(phone: str) -> None:
    assert found("phone", Person(phones=(phone,)), Person(phones=(phone,))).level == "not-compared"


@pytest.mark.parametrize(
    ("one", "other", "level"),
    [
        ("+86 138 0571 2290", "13805712290", "same"),
        ("138****2290", "13805712290", "consistent"),
        ("13805712291", "13805712290", "one-digit"),
        ("13805712209", "13805712290", "one-digit"),
        ("15912347765", "13805712290", "differs"),
    ],
)
def test_levels_of_telephones(one: str, other: str, level: str) -> None:
    assert found("phone", Person(phones=(one,)), Person(phones=(other,))).level == level
