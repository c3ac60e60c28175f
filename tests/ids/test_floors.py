"""The floor of a unit is read where an address says it, and is unknown where it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.ids.floors import unit_place


@pytest.mark.parametrize(
    ("text", "number", "floor"),
    [
        ("幻县虚构路12号501室", "501", 5),
        ("幻县虚构路12号1203室", "1203", 12),
        ("虚构路12号3栋2单元1203室", "3-2-1203", 12),
        ("虚构路12号3楼201室", "3-201", 2),  # the third building: its room says the second floor
        ("虚构路12号5楼501室", "501", 5),
        ("虚构路12号十二层东户", "", 12),
        ("虚构路12号负一层", "", -1),
        ("虚构路12号3室", "3", None),
        ("虚构路12号10203室", "10203", None),
        ("虚构路12号", "", None),
        ("虚构路12号501室隔断2", "501/2", 5),
        ("Flat 3, 12 Mill Lane, Oxford", "3", None),
        ("Apt 1203, 12 Mill Lane, Oxford", "1203", 12),
        ("Flat 3, 2nd floor, 12 Mill Lane, Oxford", "3", 2),
        ("Ground floor, 12 Mill Lane, Oxford", "", 0),
    ],
)
def test_where_in_its_house_a_unit_is(text: str, number: str, floor: int | None) -> None:
    place = unit_place(text)
    assert place.floor == floor
    if number:
        assert place.number == number


def test_a_code_is_the_number_where_the_address_names_none() -> None:
    assert unit_place("虚构路12号 3301", "3301").number in ("3301", "12-3301")
    assert unit_place("", "3301").number == "3301"


@given(st.text(max_size=60))
def test_any_text_has_a_place_or_none(text: str) -> None:
    place = unit_place(text)
    assert place.floor is None or -999 <= place.floor <= 999
