"""One person is asked about on the page: nothing without a reason, and the answer as it would be read out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from netpursuit.catalogue import Catalogue
from tests.page.conftest import FLOWS, Watched, authorise, is_scrolled_sideways, open_place
from tests.page.fresh import run

DEMO_DAY = "2025-12-31"
# Planted in the demonstration: an entry of its list, asked with one character of the name another one.
LISTED = "丁索菲亚"
LINE = "丁索菲娅 女 1993-03-13 590524199303138124"


def ask(page: Page, words: Catalogue, line: str, as_of: str = DEMO_DAY) -> None:
    """Paste a line, let it be split, and ask as of a day."""
    field = page.get_by_label(words("page.ask.line"))
    field.fill(line)
    field.press("Enter")
    expect(page.get_by_label(words("field.name"), exact=True)).not_to_have_value("")
    if as_of:
        page.locator(".further summary").click()
        page.get_by_label(words("report.as-of"), exact=True).fill(as_of)
    field.press("Enter")
    page.locator(".summary h2").wait_for()


def test_without_a_reason_nothing_is_asked_and_the_page_goes_to_the_chooser(page: Page, workspace: Path) -> None:
    words = Catalogue("en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_label(words("field.name"), exact=True).fill("Ouyang Zhiyuan")
    page.keyboard.press("Enter")
    chooser = page.get_by_label(words("page.parts.authority.which"))
    expect(chooser).to_be_focused()
    expect(page.get_by_text(words("page.parts.authority.none"))).to_be_visible()
    assert not [url for url in asked if url.endswith("/match")]
    chooser.select_option("reason:check")
    page.get_by_label(words("page.parts.authority.task")).fill("2026-1126-07")
    page.keyboard.press("Enter")
    expect(page.locator("header .authority")).to_contain_text("2026-1126-07")
    page.get_by_label(words("field.name"), exact=True).press("Enter")
    expect(page.locator(".summary")).to_be_visible()
    log = json.loads(run("audit", "show", "--workspace", workspace, "--reason", "audit:T-1", "--json"))
    assert [item["authority"] for item in log if item["verb"] == "match"] == ["check:2026-1126-07"]


@pytest.mark.parametrize(("lang", "store"), FLOWS)
def test_a_pasted_line_is_split_asked_and_read_out(
    page: Page, lang: str, store: str, picture: Callable[[Page, str], Path], axe: Callable[[Page], list[str]]
) -> None:
    words = Catalogue(lang)
    authorise(page)
    ask(page, words, LINE)
    expect(page.get_by_label(words("field.name"), exact=True)).to_have_value("丁索菲娅")
    expect(page.get_by_label(words("field.sex"), exact=True)).to_have_value("female")
    first = page.locator(".match").first
    expect(first.locator("summary").first).to_contain_text(LISTED)
    # One character differs, and is marked on both sides; the rest is not.
    name = first.locator("tr", has=page.get_by_role("rowheader", name=words("field.name"), exact=True))
    assert name.locator("mark").all_inner_texts() == ["娅", "亚"]
    # The bits are a sum that anyone can follow: the last running sum is the total.
    rows = first.locator("tbody tr")
    sums = [row.locator("td").last.inner_text() for row in rows.all() if row.locator("svg").count()]
    assert first.locator("tr.sum td.num").inner_text() == next(text for text in reversed(sums) if text)
    # What the entry tells a human stands beside it, and is never scored.
    expect(first.get_by_text("0600-55500003")).to_be_visible()
    expect(page.get_by_text(words("cli.lead-not-verdict"))).to_be_visible()
    assert axe(page) == []
    assert not is_scrolled_sideways(page)
    picture(page, f"ask-{lang}")
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []


def test_a_stale_list_is_told_first(glance: Page) -> None:
    """The demonstration's lists are of a year ago: as of today none of them is fresh."""
    words = Catalogue("en")
    ask(glance, words, LINE, as_of="")
    results = glance.locator(".results > *")
    expect(results.first).to_have_class("banner")
    expect(results.first).to_contain_text("ofac")
    expect(glance.locator(".list-ages .stale").first).to_be_visible()


def test_nothing_found_is_said_as_clearly_with_what_was_searched(glance: Page) -> None:
    words = Catalogue("en")
    ask(glance, words, "Zebulon Quillfeather 1951-02-03")
    expect(glance.locator(".summary.nothing h2")).to_have_text(words("match.none", count=2))
    expect(glance.locator(".list-ages")).to_contain_text("2025-12-20")
    age = (date(2025, 12, 31) - date(2025, 12, 20)).days
    expect(glance.locator(".list-ages")).to_contain_text(words("report.days-old", days=age))
    expect(glance.get_by_text(words("page.ask.nothing-means"))).to_be_visible()
    assert glance.locator(".match").count() == 0


def test_a_group_is_refused_in_words(glance: Page, watched: Watched) -> None:
    watched.expect(403)
    words = Catalogue("en")
    glance.get_by_label(words("field.nationality"), exact=True).fill("RU")
    glance.keyboard.press("Enter")
    expect(glance.get_by_role("alert").filter(has_text="group").first).to_be_visible()
    assert glance.locator(".match").count() == 0


def test_a_match_becomes_a_lead_and_goes_to_review_and_graph(glance: Page) -> None:
    words = Catalogue("en")
    ask(glance, words, LINE)
    first = glance.locator(".match").first
    first.get_by_role("button", name=words("page.ask.open-lead")).click()
    first.get_by_role("button", name=words("page.ask.to-review")).click()
    expect(glance.locator(".lead h2")).to_contain_text(LISTED)
    expect(glance.locator(".lead")).to_contain_text("query")
    open_place(glance, "ask")
    first.get_by_role("button", name=words("page.parts.to-graph")).click()
    glance.wait_for_url("**/#graph")


def test_nothing_of_a_person_is_in_the_address_or_kept_by_the_browser(glance: Page) -> None:
    words = Catalogue("en")
    addresses: list[str] = []
    glance.on("request", lambda request: addresses.append(request.url))
    ask(glance, words, LINE)
    kept = glance.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, location.href, document.title])")
    for part in ("590524199303138124", "1993", "索菲", "%E7%B4%A2"):
        assert part not in kept
        assert not [url for url in addresses if part in url]
    assert glance.evaluate("indexedDB.databases ? indexedDB.databases().then((all) => all.length) : 0") == 0
