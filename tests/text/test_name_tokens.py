"""Golden names and what must hold for any text."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netpursuit.records import Name
from netpursuit.text.folding import clean, fold
from netpursuit.text.scripts import Script, script_of
from netpursuit.text.tokens import MAX_PARSES, MAX_TOKENS, ParsedName, TokenRole, parse_name

GOLDEN = Path(__file__).parent.parent / "golden" / "tokens.csv"


def rows() -> list[dict[str, str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def noted(parses: tuple[ParsedName, ...]) -> str:
    """``family/F given/G+ given/G | other parse``: the notation of the golden file."""
    marks = {TokenRole.UNKNOWN: "", TokenRole.FAMILY: "/F", TokenRole.GIVEN: "/G"}
    return " | ".join(
        " ".join(token.folded + marks[token.role] + "+" * token.joins for token in parse.tokens) for parse in parses
    )


@pytest.mark.parametrize("row", rows(), ids=lambda row: repr(row["text"])[:40])
def test_golden_name_is_read_as_written_in_the_table(row: dict[str, str]) -> None:
    name = Name(text=row["text"], family=row["family"], given=row["given"])
    assert noted(parse_name(name)) == row["parses"]


def test_surface_keeps_traditional_forms_and_diacritics() -> None:
    (han,) = parse_name(Name(text="張偉"))
    assert [token.surface for token in han.tokens] == ["張", "偉"]
    (latin,) = parse_name(Name(text="José\u200b García"))
    assert [token.surface for token in latin.tokens] == ["josé", "garcía"]


def test_scripts_are_told_apart() -> None:
    texts = ["Zhāng", "張", "Иван", "محمد", "김", "さクラ", "Νίκος", "דוד", "สมชาย", "12"]
    assert [script_of(text).name for text in texts] == [
        "LATIN",
        "HAN",
        "CYRILLIC",
        "ARABIC",
        "HANGUL",
        "KANA",
        "GREEK",
        "HEBREW",
        "OTHER",
        "OTHER",
    ]


def test_twelve_tokens_of_a_long_name_are_kept() -> None:
    (parse,) = parse_name(Name(text=" ".join(f"name{chr(97 + at % 26)}" for at in range(200))))
    assert len(parse.tokens) == MAX_TOKENS


@pytest.mark.parametrize("char", ["a", "张", "é", "\u0301", "ﷺ", "김", "ア", "-", ",", "(", "Jo "])
def test_ten_megabytes_are_read_no_further_than_a_long_name(char: str) -> None:
    long, short = char * (10_000_000 // len(char)), char * 600
    parses = parse_name(Name(text=long, family=long, given=long))
    assert parses == parse_name(Name(text=short[:600], family=short, given=short))
    assert all(len(token.folded) < 1_000 for parse in parses for token in parse.tokens)


ALPHABETS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="abdulrahmn al-'.,()vdeinz ", max_size=40),
    st.text(alphabet="张偉欧阳修东方明买提·・ 某先生女士x*", max_size=12),
    st.text(alphabet="김정은남궁 님씨", max_size=8),
    st.text(alphabet="عبدالرحمن بنأإةىـَُّ ", max_size=30),
    st.text(alphabet="Иванеёй -.", max_size=30),
    st.text(alphabet="タナカたなかー田中 ・", max_size=12),
)


@settings(max_examples=400, deadline=None)
@given(ALPHABETS, ALPHABETS, ALPHABETS)
def test_any_text_is_parsed_and_bounded(text: str, family: str, given_name: str) -> None:
    parses = parse_name(Name(text=text, family=family, given=given_name))
    assert len(parses) <= MAX_PARSES
    for parse in parses:
        assert 1 <= len(parse.tokens) <= MAX_TOKENS
        for token in parse.tokens:
            assert token.folded
            assert token.surface
            assert not token.joins or token is not parse.tokens[-1]


@settings(max_examples=400, deadline=None)
@given(ALPHABETS)
def test_cleaning_and_folding_twice_change_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    for script in Script:
        folded = fold(once, script)
        assert fold(folded, script) == folded


@settings(max_examples=200, deadline=None)
@given(ALPHABETS)
def test_a_folded_token_parses_to_itself_in_latin(text: str) -> None:
    for parse in parse_name(Name(text=text)):
        for token in parse.tokens:
            if token.script is Script.LATIN and len(parse.tokens) == 1:
                (again,) = parse_name(Name(text=token.folded))
                assert [other.folded for other in again.tokens] == [token.folded]
