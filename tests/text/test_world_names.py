"""Spelling systems outside Chinese: what meets, and what must stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.records import Name
from netpursuit.text.alphabets import hebrew_consonants
from netpursuit.text.indic import indic_readings
from netpursuit.text.japanese import japanese_given_readings, spellings_of_kana
from netpursuit.text.keys import MAX_READINGS, MAX_VARIANTS, token_keys
from netpursuit.text.rows import table_rows
from netpursuit.text.scripts import Script
from netpursuit.text.slavic import common_gender, plain_slavic, slavic_forms
from netpursuit.text.tokens import TokenRole, parse_name

ASCII_WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=24)


def keys_of(folded: str) -> set[str]:
    keys = token_keys(folded, Script.LATIN, TokenRole.UNKNOWN)
    return {*keys.readings, *keys.variants}


@pytest.mark.parametrize(
    "spellings",
    [
        "yeltsin jelzin eltsine",
        "khrushchev chruschtschow khrouchtchev chruszczow",
        "tchaikovsky tschaikowski chaykovskiy czajkowski",
        "yushchenko juschtschenko iouchtchenko juszczenko",
        "zhukov schukow joukov",
        "gritsenko hrytsenko",
        "solovyov soloviev solovev",
        "saakashvili saakaschwili saakachvili",
    ],
)
def test_one_surname_in_several_systems_shares_a_key(spellings: str) -> None:
    first, *others = spellings.split()
    for other in others:
        assert keys_of(first) & keys_of(other), other


@pytest.mark.parametrize(
    "pair",
    [
        "sukhov shukhov",
        "gromov khromov",
        "chumakov shumakov",
        "martin martine",
        "sajid said",
        "mitchell michel",
        "andreev andrew",
        "justin justine",
        "kalinin kalina",
    ],
)
def test_two_names_a_letter_apart_share_no_key(pair: str) -> None:
    one, other = pair.split()
    assert not keys_of(one) & keys_of(other)


def test_a_wife_bears_the_surname_of_her_husband_with_another_ending() -> None:
    assert common_gender(plain_slavic("ivanova")) == common_gender(plain_slavic("ivanov")) is not None
    assert common_gender(plain_slavic("verkhovska")) == common_gender(plain_slavic("verkhovskaya")) is not None
    assert common_gender(plain_slavic("marina")) is None, "Marina is no Marin"


@given(ASCII_WORDS)
def test_slavic_forms_are_few_and_begin_with_the_plain_one(word: str) -> None:
    forms = slavic_forms(word)
    assert len(forms) <= 16
    assert not forms or forms[0] == plain_slavic(word)


@given(ASCII_WORDS)
def test_keys_of_any_latin_word_are_bounded(word: str) -> None:
    keys = token_keys(word, Script.LATIN, TokenRole.UNKNOWN)
    assert keys.readings[0] == word
    assert len(keys.readings) <= MAX_READINGS
    assert len(keys.variants) <= MAX_VARIANTS


@given(st.text(max_size=12))
def test_indic_readings_of_any_text_are_ascii(text: str) -> None:
    assert all(form.isascii() for form in indic_readings(text))


@given(st.text("אבגדהוזחטיכלמנסעפצקרשת", min_size=1, max_size=12))
def test_hebrew_consonants_of_any_word_are_ascii(text: str) -> None:
    assert all(letter.isascii() for letter in hebrew_consonants(text))


def test_vav_is_a_consonant_only_first_or_doubled() -> None:
    assert "".join(hebrew_consonants("וולטר")) == "vltr"
    assert "".join(hebrew_consonants("שרונ")) == "shrun"


@pytest.mark.parametrize(
    ("text", "reading"), [("देशमुख", "deshmukh"), ("मोहन", "mohan"), ("नरेंद्र", "narendra"), ("ராஜன்", "rajan")]
)
def test_inherent_vowels_are_written_where_they_are_heard(text: str, reading: str) -> None:
    assert reading in indic_readings(text)


def test_long_vowels_have_every_passport_spelling() -> None:
    assert {"shouta", "shota", "shohta"} <= set(spellings_of_kana("shouta"))
    assert {"ono", "ohno", "oono"} <= set(spellings_of_kana("oono"))


def test_a_given_name_has_all_its_readings_but_no_short_one_of_a_single_character() -> None:
    assert {"yuko", "hiroko"} <= set(japanese_given_readings("裕子"))
    assert "ken" not in japanese_given_readings("健"), "a Zhang Jian may call himself Ken"
    assert "makoto" in japanese_given_readings("诚")


@pytest.mark.parametrize("kind", ["G", "F"])
def test_japanese_rows_are_in_order_of_use_and_readings_in_ascii(kind: str) -> None:
    rows = [row for row in table_rows("japanese.csv") if row[0] == kind]
    assert rows
    assert all(row[1].replace(" ", "").isascii() and not row[2].isascii() for row in rows)


@pytest.mark.parametrize(
    ("text", "generation", "tokens"),
    [
        ("Zoltan Quarrington Jr", 2, ["zoltan", "quarrington"]),
        ("Quarrington, Zoltan, Sr.", 1, ["quarrington", "zoltan"]),
        ("Zoltan Quarrington III", 3, ["zoltan", "quarrington"]),
        ("Zoltan Quarrington the Elder", 1, ["zoltan", "quarrington"]),
        ("Zoltan Quarrenberg der Jüngere", 2, ["zoltan", "quarrenberg"]),
        ("Zoltan Quarrington fils", 2, ["zoltan", "quarrington"]),
        ("Антон Грищенков старший", 1, ["антон", "грищенков"]),
        ("Robert Junior", 0, ["robert", "junior"]),
        ("Agostinho Neto", 0, ["agostinho", "neto"]),
        ("Zoltan Quarrington", 0, ["zoltan", "quarrington"]),
    ],
)
def test_a_word_that_tells_father_from_son_is_kept_beside_the_name(
    text: str, generation: int, tokens: list[str]
) -> None:
    (parsed,) = parse_name(Name(text=text))
    assert (parsed.generation, [token.folded for token in parsed.tokens]) == (generation, tokens)
