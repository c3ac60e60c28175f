"""Golden readings, pairs that must meet or must not, and what must hold for any token."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.text.folding import clean, fold
from netpursuit.text.keys import MAX_READINGS, MAX_VARIANTS, TokenKeys, token_keys
from netpursuit.text.particles import standard_compound
from netpursuit.text.pinyin import split_pinyin, wade_giles
from netpursuit.text.rows import table_rows
from netpursuit.text.scripts import Script, script_of
from netpursuit.text.surnames import splits_of_han
from netpursuit.text.tokens import TokenRole

GOLDEN = Path(__file__).parent.parent / "golden"


def rows(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", rows("readings.csv"), ids=lambda row: f"{row['token']}-{row['role']}")
def test_golden_token_has_its_readings(row: dict[str, str]) -> None:
    found = token_keys(row["token"], Script[row["script"]], TokenRole[row["role"]]).readings
    assert set(row["readings"].split()) - set(found) == set()
    assert not set(row["not_readings"].split()) & set(found)


def keys_of(row: dict[str, str], side: str) -> TokenKeys:
    return token_keys(row[side], Script[row[f"{side}_script"]], TokenRole[row[f"{side}_role"]])


@pytest.mark.parametrize("row", rows("same_names.csv"), ids=lambda row: f"{row['left']}-{row['right']}")
def test_tokens_of_one_name_meet_and_others_do_not(row: dict[str, str]) -> None:
    left, right = keys_of(row, "left"), keys_of(row, "right")
    met = {
        "reading": bool(set(left.readings) & set(right.readings)),
        "variant": bool(set(left.variants) & set(right.variants)),
        "sound": bool(left.sound) and left.sound == right.sound,
        "skeleton": bool(left.skeleton) and left.skeleton == right.skeleton,
    }
    assert not any(met.values()) if row["meet"] == "nothing" else met[row["meet"]]


def test_homophones_are_no_variants_of_each_other() -> None:
    left = token_keys("张", Script.HAN, TokenRole.FAMILY)
    right = token_keys("章", Script.HAN, TokenRole.FAMILY)
    assert not set(left.variants) & set(right.variants)


def test_wade_giles_follows_the_table_of_the_library_of_congress() -> None:
    expected = {
        "zhang": "chang", "cao": "tsao", "xie": "hsieh", "qiang": "chiang", "jie": "chieh", "shi": "shih", "zi": "tzu",
        "si": "szu", "guo": "kuo", "gui": "kuei",
        "ge": "ko", "he": "ho", "tian": "tien", "xiong": "hsiung", "yong": "yung",
        "yue": "yueh", "ren": "jen",
        "rong": "jung", "duo": "to", "luo": "lo", "bai": "pai", "deng": "teng", "yan": "yen",
        "lv": "lu", "xue": "hsueh", "zhou": "chou", "er": "erh", "zhu": "chu",
    }  # fmt: skip
    assert {pinyin: wade_giles(pinyin) for pinyin in expected} == expected


def test_joined_pinyin_is_cut_into_few_syllables() -> None:
    assert split_pinyin("weiming") == ("wei", "ming")
    assert split_pinyin("xian") == ("xian",)
    assert split_pinyin("xiaoping") == ("xiao", "ping")
    assert split_pinyin("tikriti") == ()


def test_compound_surnames_are_known() -> None:
    assert splits_of_han("欧阳修") == (("欧阳", "修"),)
    assert splits_of_han("东方明") == (("东方", "明"), ("东", "方明"))
    assert splits_of_han("约翰逊") == ()


def test_servant_names_have_one_form() -> None:
    forms = "abdulrahman abdurrahman abdelrahman abdarrahman abderrahmane abdirahman abdalrahman".split()  # noqa: SIM905
    assert {standard_compound(form) for form in forms} == {"abdalrahman"}
    assert standard_compound("abdomen") == "abdomen"


def test_members_of_clusters_are_folded_and_spelt_once_a_cluster() -> None:
    owner: dict[str, str] = {}
    names = []
    for cluster, kind, members in table_rows("variants.csv"):
        names.append(cluster)
        for member in members.split():
            script = script_of(member)
            folded = fold(clean(member), script)
            assert (standard_compound(folded) if script is Script.LATIN else folded) == member, cluster
            if kind == "v":
                assert owner.setdefault(member, cluster) == cluster, member
    assert len(names) == len(set(names)) >= 250


def test_surname_table_is_simplified_and_unique() -> None:
    surnames = [row[0] for row in table_rows("surnames.csv")]
    assert len(surnames) == len(set(surnames)) > 200
    assert [surname for surname in surnames if fold(surname, Script.HAN) != surname] == []


TOKENS = st.one_of(
    st.text(min_size=1, max_size=60),
    st.text(alphabet="张伟明乐长单吕绿俟万𠮷", min_size=1, max_size=8),
    st.text(alphabet="김정은철수", min_size=1, max_size=6),
    st.text(alphabet="щёхьъюяжцеи", min_size=1, max_size=20),
    st.text(alphabet="ρουντκμπσ", min_size=1, max_size=20),
    st.text(alphabet="ァャッーンンキョ", min_size=1, max_size=20),
    st.text(alphabet="lvnyuzhchsei", min_size=1, max_size=40),
)


@settings(max_examples=500, deadline=None)
@given(TOKENS, st.sampled_from(Script), st.sampled_from(TokenRole))
def test_any_token_has_bounded_ascii_keys(token: str, script: Script, role: TokenRole) -> None:
    keys = token_keys(fold(clean(token), script), script, role)
    assert len(keys.readings) <= MAX_READINGS
    assert len(keys.variants) <= MAX_VARIANTS
    if script is not Script.LATIN:  # a Latin reading is the token itself
        assert all(reading.isascii() and reading.isalpha() for reading in keys.readings)
    assert len(set(keys.readings)) == len(keys.readings)
    assert len(keys.skeleton) != 1
