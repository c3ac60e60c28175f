"""Differences are marked to the character, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpursuit.reports.differences import Span, likeness, mark_differences


def marked(spans: tuple[Span, ...], kind: str = "differs") -> list[str]:
    return [span.text for span in spans if span.kind == kind]


@given(st.text(max_size=40), st.text(max_size=40))
def test_spans_join_to_the_values_again(left: str, right: str) -> None:
    one, other = mark_differences(left, right)
    assert "".join(span.text for span in one) == left
    assert "".join(span.text for span in other) == right


@given(st.text(min_size=1, max_size=30))
def test_equal_values_are_not_marked(text: str) -> None:
    one, other = mark_differences(text, text)
    assert not [span for span in (*one, *other) if span.kind == "differs"]


@pytest.mark.parametrize(
    ("left", "right", "in_left", "in_right"),
    [
        ("590322198311029677", "590322198311026677", ["9"], ["6"]),
        ("1985-03-14", "1985-03-19", ["4"], ["9"]),
        ("龔學軍", "龚学军", ["龔學軍"], ["龚学军"]),
        ("诸葛铭轩", "诸葛明轩", ["铭"], ["明"]),
        ("José", "Jose", ["é"], ["e"]),
        ("", "Ouyang", [], ["Ouyang"]),
    ],
)
def test_characters_that_differ_are_marked(left: str, right: str, in_left: list[str], in_right: list[str]) -> None:
    one, other = mark_differences(left, right)
    assert (marked(one), marked(other)) == (in_left, in_right)


def test_case_and_order_of_words_are_no_difference() -> None:
    one, other = mark_differences("Fathi Ahmad Hammad", "HAMMAD, Fathi Ahmad")
    assert not marked(one)
    assert not marked(other)


def test_a_word_the_other_side_lacks_is_marked_whole() -> None:
    one, other = mark_differences("Mahmoud Khaled Zahhar", "ZAHHAR, Mahmoud")
    assert marked(one) == ["Khaled"]
    assert not marked(other)


def test_masked_characters_are_hidden_not_different() -> None:
    one, other = mark_differences("590681********7553", "590681199703057553")
    assert not marked(one)
    assert marked(other, "hidden") == ["19970305"]


def test_a_wrong_digit_beside_a_mask_is_still_marked() -> None:
    one, other = mark_differences("590681********7558", "590681199703057553")
    assert (marked(one), marked(other)) == (["8"], ["3"])


def test_another_script_is_not_marked_as_different() -> None:
    one, other = mark_differences("Liu Jianye", "刘建业")
    assert [span.kind for span in (*one, *other)] == ["script", "script"]


def test_a_combining_mark_stays_with_its_letter() -> None:
    one, _ = mark_differences("Nguye\u0302\u0303n", "Nguyen")
    assert marked(one) == ["e\u0302\u0303"]


def test_likeness_does_not_depend_on_the_order_of_words() -> None:
    assert likeness("Zhang Wei", "WEI, Zhang") == 1.0
    assert likeness("Zhang Wei", "Ivanov") < 0.5
