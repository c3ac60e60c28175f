"""What spares work on a token gives what the long way gives."""

from __future__ import annotations

from itertools import islice, product
from string import ascii_lowercase

from hypothesis import given
from hypothesis import strategies as st

from netpursuit.text import keys, slavic
from netpursuit.text.chinese import _every_syllable, pinyin_of_given
from netpursuit.text.choices import combinations, joined, joined_behind
from netpursuit.text.korean import _syllables_by_spelling, hangul_of_latin
from netpursuit.text.pinyin import is_pinyin_syllable
from netpursuit.text.scripts import Script
from netpursuit.text.tokens import TokenRole

OPTIONS = st.lists(st.lists(st.sampled_from(["", "a", "b", "ab", "c"]), max_size=3), max_size=5)
SYSTEM_LETTERS = [
    *("sch", "tsch", "sz", "cz", "tz", "ou", "iou", "tch", "dj", "j", "w", "x", "y", "ff", "h", "kh", "g", "gue", "ii"),
    *("i", "e", "a", "o", "u", "n", "ine", "v", "va", "ss", "z"),
]
SLAVIC_WORDS = st.lists(st.sampled_from([*SYSTEM_LETTERS, *ascii_lowercase]), min_size=1, max_size=9).map("".join)
SYLLABLES = st.sampled_from(sorted({*_every_syllable(), *_syllables_by_spelling()}))
EAST_ASIAN_WORDS = st.one_of(
    st.tuples(SYLLABLES, SYLLABLES).map("".join), st.tuples(SYLLABLES, SYLLABLES, SYLLABLES).map("".join), SYLLABLES
)


@given(OPTIONS, st.integers(1, 9), st.integers(1, 40))
def test_choices_are_joined_in_the_order_of_their_places(options: list[list[str]], limit: int, looked_at: int) -> None:
    places = list(islice(product(*[range(len(option)) for option in options]), looked_at))
    expected = [
        tuple(option[at] for option, at in zip(options, place, strict=True)) for place in sorted(places, key=sum)
    ]
    assert combinations(options, limit, looked_at) == expected[:limit]
    assert joined(options, limit, looked_at) == list(map("".join, expected[:limit]))


@given(st.lists(st.sampled_from(["a", "ab", "d"])), OPTIONS, st.integers(1, 9))
def test_choices_stand_once_behind_what_is_before_them(before: list[str], options: list[list[str]], limit: int) -> None:
    assert joined_behind(before, options, limit) == tuple(dict.fromkeys([*before, *joined(options)]))[:limit]


@given(EAST_ASIAN_WORDS)
def test_a_word_is_hangul_wherever_it_is_cut(word: str) -> None:
    syllables = _syllables_by_spelling()
    found = list(syllables.get(word, ()))
    if len(word) <= 12:
        for cut in range(2, len(word) - 1):
            halves = (syllables.get(word[:cut], ()), syllables.get(word[cut:], ()))
            found += map("".join, product(*halves))
    assert hangul_of_latin(word) == tuple(dict.fromkeys(found))[:6]


@given(EAST_ASIAN_WORDS)
def test_a_word_is_pinyin_only_where_both_halves_are_syllables(word: str) -> None:
    every = _every_syllable()
    halves = [(word[:cut], word[cut:]) for cut in range(2, len(word) - 1)]
    if pinyin_of_given(word):
        assert any(first in every and second in every for first, second in halves)
    elif 4 <= len(word) <= 12:
        assert not any(is_pinyin_syllable(first) and is_pinyin_syllable(second) for first, second in halves)


@given(st.one_of(EAST_ASIAN_WORDS, SLAVIC_WORDS, st.sampled_from(["li", "ouyang", "annamaria", "shimabukuro"])))
def test_two_neighbours_have_the_variants_that_any_role_gives_them(word: str) -> None:
    assert keys.variants_of_joined(word) == keys._variants(word, Script.LATIN, TokenRole.UNKNOWN, (word,), slavic=False)


@given(SLAVIC_WORDS)
def test_every_plain_form_has_bones_of_its_word(word: str) -> None:
    """What ``_may_be_slavic_given`` leaves out has no form in any table."""
    if word.count("j") <= 1:
        assert set(map(slavic.bones, slavic.slavic_forms(word))) <= set(slavic.bones_of_forms(word))


@given(SLAVIC_WORDS)
def test_a_plain_form_is_what_every_rule_leaves(word: str) -> None:
    text = word.replace("tz", "ts").replace("w", "v").replace("x", "ks")
    text = slavic._DOUBLED.sub(r"\1", text[:-2] + "v" if text.endswith("ff") else text)
    text = slavic._O_AFTER_SH.sub("e", text)
    text = slavic._GLIDE_BEFORE_E.sub(slavic._glide, text)
    text = slavic._OTHER_GLIDE.sub("i", slavic._GLIDE_BEFORE_VOWEL.sub("y", text))
    assert slavic.plain_slavic(word) == text
