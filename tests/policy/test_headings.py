"""Registers of watched people are told from lists of wanted ones (A8)."""

from __future__ import annotations

import pytest

from netpursuit.policy.headings import find_forbidden_offence, find_forbidden_word, names_landlords


@pytest.mark.parametrize(
    "heading",
    [
        "2026年重点人员名单",
        "重 點 人 員",
        "信访人员台账.xlsx",
        "上訪人員",
        "穩控对象",
        "有前科人员",
        "Key-Population register",
        "key_populations_2026.csv",
        "PETITIONERS",
        "Ethnic minorities",
    ],
)
def test_registers_of_watched_people_are_known_by_their_headings(heading: str) -> None:
    assert find_forbidden_word(heading)


@pytest.mark.parametrize(
    "heading", ["在逃人员名单", "通缉名单（涉毒）", "Arrest warrants, Keyperson Street", "", "人员"]
)
def test_lists_of_wanted_people_are_not_mistaken_for_them(heading: str) -> None:
    assert not find_forbidden_word(heading)


@pytest.mark.parametrize("offence", ["重点人员（稳控对象）", "信訪", "Petitioners"])
def test_being_watched_is_no_offence(offence: str) -> None:
    assert find_forbidden_offence(offence)


@pytest.mark.parametrize("offence", ["盗窃，有前科", "故意伤害", "", "theft by a former prisoner"])
def test_an_offence_beside_a_record_is_still_an_offence(offence: str) -> None:
    assert not find_forbidden_offence(offence)


@pytest.mark.parametrize(
    ("purpose", "named"), [("查找在逃租客及房东", True), ("tenants and landlords", True), ("tenants", False)]
)
def test_a_purpose_names_landlords_or_does_not(purpose: str, named: bool) -> None:
    assert names_landlords(purpose) is named
