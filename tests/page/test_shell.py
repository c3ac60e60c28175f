"""The frame of the page: signing in and out, language, theme, what it asks of whom, and what it tells."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from netpursuit.wiring import open_desk
from tests.page.conftest import FLOWS, REASON, Served, Watched, ask, authorise, is_scrolled_sideways, open_place, until

PLACES = ("ask", "review", "graph", "watch")
TITLES = {"en": ("Ask", "Review", "Graph", "Watch"), "zh": ("查询", "复核", "关系图", "值守")}


def test_a_link_signs_in_once_and_stands_in_no_address(
    page: Page, context: BrowserContext, served_page: Served, watched: Watched
) -> None:
    assert page.url in (f"{served_page.address}/", f"{served_page.address}/#ask")
    watched.expect(401)
    context.clear_cookies()
    second = context.new_page()
    watched.follow(second, served_page.address)
    second.goto(served_page.link)
    expect(second.get_by_role("alert").filter(has_text=re.compile("signs nobody in|has been used"))).to_be_visible()
    expect(second.get_by_role("navigation")).to_have_count(0)
    assert "link" not in second.url


def test_signing_out_ends_the_session(page: Page, watched: Watched) -> None:
    watched.expect(401)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("navigation")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("heading", name="netpursuit")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_place_is_in_the_browsers_language_until_another_is_chosen(glance: Page, lang: str) -> None:
    other = "zh" if lang == "en" else "en"
    links = glance.get_by_role("navigation").first.get_by_role("link")
    assert links.all_inner_texts() == list(TITLES[lang])
    assert glance.locator("html").get_attribute("lang") == ("zh-Hans" if lang == "zh" else "en")
    glance.get_by_role("button", name="中文" if lang == "en" else "English").click()
    expect(links.first).to_have_text(TITLES[other][0])
    glance.reload()
    expect(links.first).to_have_text(TITLES[other][0])


def test_no_text_is_missing_from_the_catalogue(glance: Page) -> None:
    for name in PLACES:
        open_place(glance, name)
        glance.wait_for_load_state("networkidle")
        assert not re.findall(r"\b(?:page|field|level|band|graph)\.[a-z-]+(?:\.[a-z-]+)*\b", glance.inner_text("body"))


def test_light_and_dark_are_the_systems_until_one_is_chosen(glance: Page) -> None:
    def ground() -> str:
        return str(glance.evaluate("getComputedStyle(document.body).backgroundColor"))

    light = ground()
    glance.emulate_media(color_scheme="dark")
    dark = ground()
    assert light != dark
    glance.get_by_label("Appearance").select_option("light")
    assert ground() == light
    glance.get_by_label("Appearance").select_option("dark")
    glance.emulate_media(color_scheme="light")
    glance.reload()
    glance.get_by_role("navigation").first.wait_for()
    assert ground() == dark


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_place_fits_a_small_screen(glance: Page, lang: str) -> None:
    for name in PLACES:
        open_place(glance, name)
        glance.wait_for_load_state("networkidle")
        assert not is_scrolled_sideways(glance), name


@pytest.mark.parametrize("place", PLACES)
def test_every_place_is_accessible_in_light_and_dark(
    glance: Page, place: str, axe: Callable[[Page], list[str]]
) -> None:
    open_place(glance, place)
    glance.wait_for_load_state("networkidle")
    for scheme in ("light", "dark"):
        glance.get_by_label("Appearance").select_option(scheme)
        assert axe(glance) == [], scheme


def test_the_sign_in_is_accessible(
    context: BrowserContext, shared_server: tuple[Served, str], watched: Watched, axe: Callable[[Page], list[str]]
) -> None:
    watched.expect(401)
    address = shared_server[0].address
    stranger = context.new_page()
    watched.follow(stranger, address)
    stranger.goto(address)
    stranger.get_by_role("heading").first.wait_for()
    assert axe(stranger) == []
    stranger.emulate_media(color_scheme="dark")
    assert axe(stranger) == []


def test_the_first_that_keys_reach_leads_to_the_content(glance: Page) -> None:
    first = glance.locator("a[href], button, input, select").first
    expect(first).to_have_text("To the content")
    first.focus()
    expect(first).to_be_in_viewport()
    glance.keyboard.press("Enter")
    assert glance.evaluate("document.activeElement.id") == "main"
    assert glance.url.endswith(("/", "#ask"))


@pytest.mark.parametrize(("lang", "store"), FLOWS)
def test_the_page_finds_the_graph_of_a_lead_on_its_store(page: Page, lang: str, store: str, workspace: Path) -> None:
    authorise(page)
    with open_desk(workspace, REASON) as desk:
        lead = desk.truth.leads()[0]
    found = ask(page, "POST", "/graph/find", {"text": f"Lead:{lead.lead_id}", "with_open_leads": True})
    assert [node["label"] for node in found["nodes"]] == [lead.person.names[0].text]


_SHUT_AND_CALLED_AGAIN = """async (chord) => {
    document.querySelector("dialog").requestClose(); // as Escape does
    await null;
    await null;
    document.body.dispatchEvent(new KeyboardEvent("keydown", { ...chord, bubbles: true }));
}"""


def test_the_key_right_behind_the_shutting_of_a_dialog_is_heard(glance: Page) -> None:
    """A browser says that a dialog is shut a moment after it is: on a slow machine several keys later."""
    glance.keyboard.press("Control+k")
    typed = glance.get_by_role("combobox", name="Type what you want to do")
    expect(typed).to_be_focused()
    glance.evaluate(_SHUT_AND_CALLED_AGAIN, {"key": "?", "shiftKey": True})
    keys = glance.get_by_role("dialog", name="Keys")
    expect(keys).to_be_visible()
    glance.evaluate(_SHUT_AND_CALLED_AGAIN, {"key": "k", "ctrlKey": True})
    expect(typed).to_be_focused()
    glance.keyboard.type("watch")
    glance.keyboard.press("Enter")
    expect(glance).to_have_url(re.compile("#watch$"))
    expect(typed).to_have_count(0)


def test_a_session_that_is_over_leaves_what_was_opened(page: Page, context: BrowserContext, watched: Watched) -> None:
    watched.expect(401)
    page.clock.install()
    page.reload()
    open_place(page, "review")
    page.evaluate("document.querySelector('main > section:not([hidden])').dataset.mine = 'kept'")
    cookies = context.cookies()
    context.clear_cookies()
    page.clock.fast_forward("31:00")
    expect(page.get_by_text("Your session is over")).to_be_visible()
    expect(page.locator("main#main")).to_be_hidden()
    context.add_cookies(cookies)  # type: ignore[arg-type]
    assert page.locator("[data-mine=kept]").count() == 1


def test_a_silence_is_told_before_it_ends_the_session(glance: Page) -> None:
    glance.clock.install()
    glance.reload()
    glance.get_by_role("navigation").first.wait_for()
    glance.clock.fast_forward("28:30")
    stay = glance.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_visible()
    stay.click()
    expect(stay).to_be_hidden()
    glance.clock.fast_forward("20:00")
    expect(glance.get_by_role("navigation").first).to_be_visible()


def test_a_server_that_does_not_answer_is_told_and_found_again(
    glance: Page, context: BrowserContext, watched: Watched
) -> None:
    watched.expect(0)
    told = glance.get_by_text("The server does not answer")
    failed: list[str] = []
    glance.on("requestfailed", lambda request: failed.append(request.url))
    context.set_offline(True)
    glance.get_by_role("button", name="中文").click()
    expect(told).to_be_visible()
    until(glance, lambda: sum("/words/" in url for url in failed) == 3)  # the page has given this call up
    context.set_offline(False)
    expect(told).to_be_hidden()
    glance.get_by_role("button", name="中文").click()
    expect(glance.get_by_role("button", name="English")).to_be_visible()


def test_a_part_that_does_not_load_is_tried_again(glance: Page, watched: Watched) -> None:
    watched.expect(0)
    glance.route("**/assets/watch-*.js", lambda route: route.abort())
    open_place(glance, "watch")
    again = glance.get_by_role("button", name="Try again")
    again.wait_for()
    glance.unroute("**/assets/watch-*.js")
    glance.reload()
    expect(glance.locator("main > section:not([hidden])")).not_to_contain_text("could not be loaded")
