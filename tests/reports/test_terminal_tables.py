"""Tables are lined on a terminal and plain elsewhere; no value is lost or interpreted."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from rich.console import Console

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.gate.workbench import ListStanding
from netpursuit.policy.standing import ListStatus
from netpursuit.records import Entry, Lead, Match, RunManifest
from netpursuit.reports.tables import Grid, leads_table, lists_table, matches_table, runs_table


def printed(grid: Grid, terminal: bool = False, width: int = 120) -> str:
    out = io.StringIO()
    Console(file=out, width=width, force_terminal=terminal, color_system="standard" if terminal else None).print(grid)
    return out.getvalue()


def test_a_table_outside_a_terminal_has_no_lines_and_no_colours(
    make_match: Callable[..., Match], make_entry: Callable[..., Entry]
) -> None:
    grid = matches_table([(make_match(), make_entry())], Catalogue("en"))
    plain, lined = printed(grid), printed(grid, terminal=True)
    assert "\x1b" not in plain
    assert "─" not in plain
    assert "─" in lined
    assert "\x1b[" in lined


def test_a_match_shows_band_probability_bits_name_and_entry(
    make_match: Callable[..., Match], make_entry: Callable[..., Entry]
) -> None:
    text = printed(matches_table([(make_match(), make_entry())], Catalogue("en")))
    for part in ("strong", "99.9 %", "+9.6", "刘建业", "1983-11-02", "wanted:T1"):
        assert part in text


def test_a_match_without_its_entry_is_still_shown(make_match: Callable[..., Match]) -> None:
    assert "wanted:T1" in printed(matches_table([(make_match(capped="names alone"), None)], Catalogue("en")))


def test_markup_in_a_name_is_text(make_lead: Callable[..., Lead], make_entry: Callable[..., Entry]) -> None:
    text = printed(leads_table([(make_lead("[red]Eve[/red] \x1b[31m"), make_entry())], Catalogue("en")), width=200)
    assert "[red]Eve[/red]" in text
    assert "\x1b" not in text


def test_a_narrow_output_folds_and_loses_nothing(make_lead: Callable[..., Lead]) -> None:
    text = printed(leads_table([(make_lead("q" * 120), None)], Catalogue("en")), width=80)
    assert "…" not in text
    assert text.count("q") == 120
    assert max(len(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lists_show_age_and_status(make_standing: Callable[..., ListStanding], lang: str) -> None:
    missing = ListStanding(list_id="gone", status=ListStatus.MISSING, version=None)
    stale = make_standing(ListStatus.STALE, date(2025, 10, 1))
    text = printed(lists_table([stale, missing], date(2025, 12, 31), Catalogue(lang)))
    assert "91" in text
    assert "gone" in text
    assert Catalogue(lang)("list.status.missing").split(":")[0] in text


def test_runs_show_what_was_read_and_found(run: RunManifest) -> None:
    text = printed(runs_table([run], Catalogue("en")), width=160)
    for part in ("R-1", "xugou.xlsx", "1,000", "2025-12-31"):
        assert part in text
