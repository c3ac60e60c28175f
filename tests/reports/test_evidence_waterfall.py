"""The waterfall is the sum it claims to be."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.records import Match
from netpursuit.reports.page import draw
from netpursuit.reports.waterfall import draw_waterfall, not_compared, waterfall_steps
from netpursuit.reports.wording import level_word


def printed(match: Match, lang: str = "en", width: int = 80) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=False).print(draw_waterfall(match, Catalogue(lang)))
    return out.getvalue()


@given(weights=st.lists(st.integers(-30_000, 30_000), min_size=1, max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_bar_begins_where_the_one_before_ended(make_match: Callable[..., Match], weights: list[int]) -> None:
    match = make_match(tuple(("name", "same", weight, "", "") for weight in weights))
    steps = waterfall_steps(match)
    assert [step.start for step in steps] == [0, *(step.end for step in steps)][:-1]
    assert steps[-1].end == match.millibits


@given(weights=st.lists(st.integers(-30_000, 30_000), max_size=8))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_bar_of_the_page_lies_within_its_drawing(make_match: Callable[..., Match], weights: list[int]) -> None:
    drawing = draw(make_match(tuple(("name", "same", weight, "", "") for weight in weights)))
    for x, width in [(bar.x, bar.width) for bar in drawing.bars]:
        assert x >= 0
        assert x + width <= 100
    assert all(0 <= x <= 100 for x in (drawing.zero, drawing.total, *(x for _, x in drawing.floors)))


def test_the_prior_comes_first_wherever_it_stands(make_match: Callable[..., Match]) -> None:
    match = make_match((("name", "same", 9000, "", ""), ("prior", "prior", -15000, "", "")))
    assert [step.evidence.field for step in waterfall_steps(match)] == ["prior", "name"]


def test_what_was_not_compared_has_no_bar_but_is_named(make_match: Callable[..., Match]) -> None:
    match = make_match()
    assert [item.field for item in not_compared(match)] == ["phone"]
    assert "phone" not in [step.evidence.field for step in waterfall_steps(match)]
    assert "Not compared: telephone" in printed(match)


def test_a_terminal_shows_bits_sum_posterior_and_band(make_match: Callable[..., Match]) -> None:
    text = printed(make_match(), width=100)
    for part in ("−15.0", "+14.5", "+9.6", "99.9 %", "strong", "one character wrong", "█"):
        assert part in text


def test_a_capped_match_says_why(make_match: Callable[..., Match]) -> None:
    assert "names alone" in printed(make_match(capped="names alone"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [60, 80, 140])
def test_no_line_is_wider_than_the_terminal(make_match: Callable[..., Match], lang: str, width: int) -> None:
    from rich.cells import cell_len

    assert max(cell_len(line) for line in printed(make_match(), lang, width).splitlines()) <= width


def test_a_value_cannot_steer_the_terminal(make_match: Callable[..., Match]) -> None:
    match = make_match((("name", "same", 9000, "A\x1b[2Jlice\u202e", "[bold]B[/bold]"),))
    text = printed(match)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]B[/bold]" in text


def test_a_level_without_words_shows_its_key() -> None:
    assert level_word(Catalogue("en"), "name", "brand-new-level") == "brand-new-level"


def test_every_level_of_the_policy_has_words() -> None:
    from netpursuit.policy.weights import TABLES

    words = Catalogue("zh")
    missing = [
        f"level.{table}.{level.key}"
        for table, levels in TABLES.items()
        if table != "token"
        for level in levels
        if f"level.{table}.{level.key}" not in words
    ]
    assert missing == []
