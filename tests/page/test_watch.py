"""The watch in a browser: what is stale is shouted, runs and rows, cases, the log, error rates; by keyboard too."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from netpursuit.catalogue import Catalogue
from netpursuit.ports.truth import LeadQuery
from netpursuit.records import EntryKey, LeadState
from netpursuit.review.leads import clear_lead
from netpursuit.wiring import open_desk
from tests.page.conftest import REASON, Watched, authorise, is_scrolled_sideways, open_place

TABS = ("lists", "runs", "nights", "cases", "rates", "log", "unusual")


def tab(page: Page, name: str) -> None:
    page.locator(f"#watch-{name}").click()
    expect(page.locator(".watch-part[aria-busy=false]")).to_be_visible()


def decide(workspace: Path, count: int) -> None:
    """Clear so many leads, each on another person or entry."""
    with open_desk(workspace, REASON) as desk:
        seen = set[tuple[str, EntryKey]]()
        for lead in desk.truth.leads(LeadQuery(states=(LeadState.OPEN,))):
            pair = (lead.fingerprints["person"], lead.match.key)
            now = desk.truth.lead(lead.lead_id)
            if len(seen) < count and pair not in seen and now is not None and now.state is LeadState.OPEN:
                seen.add(pair)
                clear_lead(desk, lead.lead_id, reason="elsewhere", cleared_by="Li Hua")
        assert len(seen) == count


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_stale_lists_are_shouted(glance: Page, lang: str, picture: Callable[[Page, str], Path]) -> None:
    open_place(glance, "watch")
    shouted = glance.locator(".shout")
    expect(shouted).to_have_count(2)
    expect(shouted.first).to_contain_text("ofac")
    row = glance.get_by_role("row").filter(has=glance.get_by_role("rowheader", name="wanted"))
    expect(row).to_contain_text("60")
    expect(row.get_by_role("img")).to_be_visible()
    picture(glance, f"watch-lists-{lang}")


def test_runs_are_told_in_counts_and_their_rows_by_reason(glance: Page, picture: Callable[[Page, str], Path]) -> None:
    open_place(glance, "watch")
    tab(glance, "runs")
    expect(glance.get_by_role("row")).to_have_count(3)
    expect(glance.get_by_role("img").first).to_be_visible()
    picture(glance, "watch-runs")
    glance.get_by_label("Feed").select_option("demo-xugou")
    expect(glance.get_by_role("row")).to_have_count(2)


def test_a_case_is_opened_chosen_and_closed(page: Page) -> None:
    authorise(page, reason=REASON)
    open_place(page, "watch")
    tab(page, "cases")
    page.get_by_role("button", name="Open a case").click()
    until = (datetime.now(UTC).date() + timedelta(days=30)).isoformat()
    for label, text in {
        "Title": "Flat 501",
        "Authority": "prosecutor",
        "Legal basis": "order 7",
        "Purpose": "who lived there",
        "Expires on": until,
        "File number": "K-2026-1",
    }.items():
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Open", exact=True).click()
    row = page.get_by_role("row").filter(has_text="K-2026-1")
    expect(row).to_contain_text("Flat 501")
    page.get_by_role("button", name="Close K-2026-1").click()
    page.get_by_role("button", name="Close the case").click()
    expect(row).to_contain_text("closed")


def test_what_is_missing_from_a_case_is_told_and_what_was_typed_stays(page: Page, watched: Watched) -> None:
    watched.expect(400)
    authorise(page, reason=REASON)
    open_place(page, "watch")
    tab(page, "cases")
    page.get_by_role("button", name="Open a case").click()
    for label in ("Title", "Authority", "Legal basis", "Purpose"):
        page.get_by_label(label, exact=True).fill("x")
    page.get_by_label("Expires on", exact=True).fill("2020-01-01")
    with page.expect_response("**/api/v1/cases") as answered:
        page.get_by_role("button", name="Open", exact=True).click()
    assert answered.value.status == 400
    expect(page.get_by_role("alert").filter(has_text="2020-01-01")).to_be_visible()
    expect(page.get_by_label("Title", exact=True)).to_have_value("x")


@pytest.mark.parametrize("lang", ["zh"])
def test_the_log_names_its_counts_in_the_language_of_the_page(glance: Page, lang: str) -> None:
    open_place(glance, "watch")
    tab(glance, "log")
    expect(glance.locator("table").first).to_contain_text(re.compile(rf"{Catalogue(lang)('count.nodes')} \d"))


def test_the_log_is_narrowed(glance: Page, picture: Callable[[Page, str], Path]) -> None:
    open_place(glance, "watch")
    tab(glance, "log")
    rows = glance.get_by_role("row")
    expect(rows.nth(1)).to_contain_text(REASON)
    picture(glance, "watch-log")
    glance.get_by_label("User", exact=True).fill("nobody")
    glance.get_by_role("button", name="Show", exact=True).click()
    expect(glance.get_by_text("Nothing on record is like that.")).to_be_visible()
    glance.get_by_role("button", name="Show all").click()
    expect(rows.nth(1)).to_contain_text(REASON)


def test_error_rates_by_script_are_drawn_and_few_decisions_are_not(
    workspace: Path, page: Page, picture: Callable[[Page, str], Path]
) -> None:
    authorise(page, reason=REASON)
    open_place(page, "watch")
    tab(page, "rates")
    expect(page.get_by_text("There are not yet 10 decisions")).to_be_visible()
    decide(workspace, 24)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("table").first).to_contain_text("100.0 %")
    expect(page.get_by_role("img").first).to_be_visible()
    picture(page, "watch-rates")


def test_every_tab_is_reached_by_keys_fits_and_is_accessible(glance: Page, axe: Callable[[Page], list[str]]) -> None:
    open_place(glance, "watch")
    glance.locator("#watch-lists").focus()
    for name in TABS:
        expect(glance.locator(f"#watch-{name}")).to_have_attribute("aria-selected", "true")
        expect(glance.locator(".watch-part[aria-busy=false]")).to_be_visible()
        assert not is_scrolled_sideways(glance), name
        for scheme in ("light", "dark"):
            glance.get_by_label("Appearance").select_option(scheme)
            assert axe(glance) == [], (name, scheme)
        glance.locator(f"#watch-{name}").focus()
        glance.keyboard.press("ArrowRight")


def test_without_a_reason_nothing_is_asked_and_with_one_it_asks_by_itself(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("/api/v1/")[2]))
    page.evaluate("location.hash = 'watch'")
    expect(page.locator(".watch-part .notice")).to_be_visible()
    page.locator("#watch-log").click()
    page.get_by_role("button", name="Refresh").click()
    expect(page.locator(".chooser select")).to_be_focused()
    page.locator("#watch-cases").click()  # cases name no one who is looked for
    expect(page.get_by_role("button", name="Open a case")).to_be_visible()
    page.locator("#watch-lists").click()
    assert [path for path in asked if path in ("lists", "log")] == []
    authorise(page, reason=REASON)
    expect(page.get_by_role("rowheader", name="wanted")).to_be_visible()
    expect(page.locator(".watch-part .notice")).to_have_count(0)
