"""Leads are reviewed with the keyboard alone; nothing typed is lost, nothing is done twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from netpursuit.catalogue import Catalogue
from netpursuit.gate.users import user_of_machine
from tests.page import fresh
from tests.page.conftest import (
    FLOWS,
    PATIENCE,
    SIZE,
    Served,
    Watched,
    authorise,
    is_scrolled_sideways,
    open_place,
)
from tests.page.test_sign_in_page import GIVEN, OWN, enter, give_password

WORDS = Catalogue("en")
ROWS = ".queue [role=option]"
CHOSEN = ".queue [aria-selected=true]"


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In place of the demonstration's, whose lists are too old for a decision."""
    return fresh.make(tmp_path_factory.mktemp("fresh"))


@pytest.fixture
def review(glance: Page) -> Page:
    """The review, its queue read, no lead open; each test takes a lead of its own."""
    return queued(glance)


@pytest.fixture
def kept(shared_server: tuple[Served, str]) -> Path:
    """The workspace that ``review`` works on."""
    return shared_server[0].workspace


def queued(page: Page) -> Page:
    open_place(page, "review")
    page.locator(ROWS).first.wait_for()
    return page


def opened(page: Page, name: str) -> str:
    """Open a person's lead from the queue with the keyboard; its id."""
    for _ in fresh.NAMES:
        if name in page.locator(CHOSEN).inner_text():
            break
        page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator(".lead h2")).to_contain_text(name)
    return (page.locator(CHOSEN).get_attribute("id") or "").removeprefix("row-")


def confirm(page: Page, name: str, reason: str) -> None:
    """Confirm with the keyboard alone: both facts, the name, what it rests on."""
    page.keyboard.press("c")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    page.keyboard.type(reason)
    page.keyboard.press("Control+Enter")


def test_a_lead_is_confirmed_by_two_facts_that_nobody_ticked_before(review: Page, kept: Path) -> None:
    lead_id = opened(review, fresh.NAMES[1])
    review.keyboard.press("c")
    boxes = review.locator(".panel input[type=checkbox]")
    assert [box.is_checked() for box in boxes.all()] == [False, False]
    review.keyboard.press("Control+Enter")  # nothing is stated yet
    expect(review.locator(".panel")).to_be_visible()
    assert fresh.lead(kept, lead_id)["state"] == "open"
    review.keyboard.press("Escape")
    confirm(review, "Li Ming", "passport seen, unit rang back")
    expect(review.locator(".panel")).to_have_count(0)
    expect(review.locator(".lead .state.confirmed").first).to_be_visible()
    found = fresh.lead(kept, lead_id)
    assert (found["state"], found["decided_by"]) == ("confirmed", "Li Ming")
    assert found["decision"] == "passport seen, unit rang back"


@pytest.mark.parametrize(("lang", "store"), FLOWS)
def test_a_lead_is_cleared_with_a_reason_chosen_by_its_number(
    page: Page,
    lang: str,
    store: str,
    workspace: Path,
    axe: Callable[[Page], list[str]],
    picture: Callable[[Page, str], Path],
) -> None:
    authorise(page)
    lead_id = opened(queued(page), fresh.NAMES[0])
    assert axe(page) == []
    page.keyboard.press("x")
    assert axe(page) == []
    assert not is_scrolled_sideways(page)
    picture(page, f"review-{lang}")
    page.keyboard.press("2")
    page.keyboard.press("Tab")
    page.keyboard.type("Li Ming")
    page.keyboard.press("Enter")
    expect(page.locator(".panel")).to_have_count(0)
    found = fresh.lead(workspace, lead_id)
    assert (found["state"], found["decision"], found["decided_by"]) == ("cleared", "other-document", "Li Ming")
    # The eye goes on to the next lead that waits; it is opened by a human, not by itself.
    assert page.locator(CHOSEN).get_attribute("id") != f"row-{lead_id}"
    page.emulate_media(color_scheme="dark")
    assert axe(page) == []


def test_assigning_noting_visiting_and_taking_back_are_one_key_each(review: Page, kept: Path) -> None:
    lead_id = opened(review, fresh.NAMES[2])
    review.keyboard.press("a")
    review.locator(".panel input").fill("Wang Wu")
    review.keyboard.press("Enter")
    expect(review.locator(".lead header")).to_contain_text("Wang Wu")
    review.keyboard.press("n")
    review.keyboard.type("rang the landlord")
    review.keyboard.press("Tab")
    review.keyboard.type("Li Ming")
    review.keyboard.press("Control+Enter")
    expect(review.locator(".history")).to_contain_text("rang the landlord")
    review.keyboard.press("o")
    review.keyboard.press("2")
    review.keyboard.press("Control+Enter")  # the name of the last act is offered again
    expect(review.locator(".history")).to_contain_text(WORDS("spot.another-person"))
    expect(review.locator("button.suggested")).to_contain_text(WORDS("page.review.act.clear"))
    review.keyboard.press("x")
    review.keyboard.press("1")
    review.keyboard.press("Control+Enter")
    expect(review.locator(".lead .state.cleared").first).to_be_visible()
    review.keyboard.press("r")
    review.keyboard.type("the wrong lead")
    review.keyboard.press("Control+Enter")
    expect(review.locator(".lead .state.open").first).to_be_visible()
    found = fresh.lead(kept, lead_id)
    assert (found["state"], found["revision"], found["assigned_to"]) == ("open", 2, "Wang Wu")
    assert [item["outcome"] for item in found["outcomes"]] == ["another-person"]


def test_four_eyes_let_the_first_user_propose_and_not_complete(page: Page, workspace: Path) -> None:
    fresh.run("policy", "four-eyes", "on", "--workspace", workspace, "--reason", fresh.REASON)
    authorise(page)
    lead_id = opened(queued(page), fresh.NAMES[3])
    confirm(page, "Li Ming", "passport seen")
    expect(page.locator(".lead")).to_contain_text("another user must confirm")
    found = fresh.lead(workspace, lead_id)
    assert (found["state"], found["confirmation_proposed"]["by"]) == ("open", "Li Ming")
    page.keyboard.press("c")
    expect(page.locator(".panel")).to_have_count(0)
    expect(page.get_by_role("status").filter(has_text="another user")).not_to_have_count(0)


def arrived(chromium: Browser, served: Served, watched: Watched, user: str) -> Page:
    """A user's own browser: signed in with the password that an administrator gave, and with one of their own."""
    context = chromium.new_context(locale="en-GB", viewport=SIZE)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    watched.follow(page, served.address)
    page.goto(served.address)
    enter(page, user, GIVEN)
    page.get_by_label("Password until now").fill(GIVEN)
    page.get_by_label("New password", exact=True).fill(OWN)
    page.get_by_label("New password again").fill(OWN)
    page.keyboard.press("Enter")
    page.get_by_role("navigation").first.wait_for()
    authorise(page)
    return queued(page)


_CONFIRMED_PAST_THE_PAGE = """async ([lead, name]) => {
    const session = await (await fetch("/api/v1/session")).json();
    const headers = { "X-CSRF-Token": session.csrf, "Content-Type": "application/json" };
    const post = (path, body) => fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
    const { seen } = await (await post(`/api/v1/leads/${lead}`, {})).json();
    const stated = { same_person: true, entry_in_force: true, name, reason: "seen twice" };
    const answered = await post(`/api/v1/leads/${lead}/confirm`, { ...seen, ...stated });
    return [answered.status, (await answered.json()).code];
}"""


def test_with_four_eyes_one_user_proposes_and_another_completes(
    chromium: Browser, served_page: Served, workspace: Path, watched: Watched, axe: Callable[[Page], list[str]]
) -> None:
    watched.expect(401, 403)
    at = ("--workspace", workspace, "--reason", fresh.REASON)
    fresh.run("policy", "four-eyes", "on", *at)
    fresh.run("users", "grant", user_of_machine(), "administrator", "supervisor", *at)
    for user in ("li", "wang"):
        fresh.run("users", "grant", user, "reviewer", *at)
        give_password(workspace, user)
    name = fresh.NAMES[9]
    li = arrived(chromium, served_page, watched, "li")
    lead_id = opened(li, name)
    li.keyboard.press("c")
    expect(li.locator(".panel")).to_contain_text(WORDS("page.review.first"))
    expect(li.locator(".panel button[type=submit]")).to_have_text(WORDS("page.review.propose"))
    li.keyboard.press("Escape")
    confirm(li, "Li Ming", "passport seen")
    expect(li.locator(".lead")).to_contain_text("confirmation proposed by Li Ming (li,")
    # The first user cannot complete it, on the page or past it.
    li.keyboard.press("c")
    expect(li.get_by_role("status").filter(has_text=WORDS("refused.four-eyes"))).to_be_visible()
    expect(li.locator(".panel")).to_have_count(0)
    assert li.evaluate(_CONFIRMED_PAST_THE_PAGE, [lead_id, "Somebody Else"]) == [403, "four-eyes"]
    # The second sees in the queue that he is waited for, and whose word waits.
    wang = arrived(chromium, served_page, watched, "wang")
    expect(wang.locator(f"#row-{lead_id}")).to_contain_text(WORDS("page.review.proposed"))
    assert opened(wang, name) == lead_id
    expect(wang.locator(".lead")).to_contain_text("confirmation proposed by Li Ming (li,")
    expect(wang.locator(".lead")).to_contain_text("passport seen")
    wang.keyboard.press("c")
    expect(wang.locator(".panel")).to_contain_text(WORDS("page.review.second"))
    assert axe(wang) == []
    wang.keyboard.press("Escape")
    confirm(wang, "Li Ming", "rang the unit")  # another user, but not under another name
    expect(wang.get_by_role("alert").filter(has_text=WORDS("refused.four-eyes"))).to_be_visible()
    assert fresh.lead(workspace, lead_id)["state"] == "open"
    wang.get_by_label(WORDS("page.review.your-name")).fill("Wang Wu")
    wang.keyboard.press("Control+Enter")
    expect(wang.locator(".lead .state.confirmed").first).to_be_visible()
    # The first reads it again: it is confirmed, by both.
    li.keyboard.press("u")
    expect(li.locator(f"#row-{lead_id}")).to_have_count(0)
    li.get_by_label(WORDS("report.state")).select_option("confirmed")
    li.locator(f"#row-{lead_id}").click()
    expect(li.locator(".lead .state.confirmed").first).to_be_visible()
    expect(li.locator(".history")).to_contain_text("Wang Wu")
    found = fresh.lead(workspace, lead_id)
    assert (found["state"], found["decided_by"]) == ("confirmed", "Wang Wu")
    log = json.loads(fresh.run("audit", "show", *at, "--verb", "leads-confirm", "--json"))
    done = [f"{item['who']} {(item['outcome'] or {}).get('refused') or 'done'}" for item in log]
    assert sorted(done) == ["li done", "li four-eyes", "wang done", "wang four-eyes"]
    for page in (li, wang):
        page.context.close()


_NOTE_AT_ONCE = """() => new MutationObserver((_, seen) => {
    if (!document.querySelector(".lead h2")) return;
    seen.disconnect();
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "n", bubbles: true }));
}).observe(document.body, { childList: true, subtree: true })"""


def test_a_key_pressed_in_the_moment_a_lead_appears_opens_fields_that_keep_the_focus(review: Page) -> None:
    review.evaluate(_NOTE_AT_ONCE)
    opened(review, fresh.NAMES[4])
    expect(review.locator(".panel textarea")).to_be_visible()
    review.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200)))")
    review.keyboard.type("rang the landlord")
    expect(review.locator(".panel textarea")).to_have_value("rang the landlord")


def test_where_somebody_was_faster_the_text_stays_and_is_sent_again(review: Page, kept: Path, watched: Watched) -> None:
    watched.expect(409)
    lead_id = opened(review, fresh.NAMES[4])
    review.keyboard.press("n")
    review.keyboard.type("rang the landlord")
    review.keyboard.press("Tab")
    review.keyboard.type("Li Ming")
    other = review.context.new_page()
    other.goto(f"{review.url.partition('/#')[0]}/#review")
    other.locator(ROWS).first.wait_for()
    assert opened(other, fresh.NAMES[4]) == lead_id
    other.keyboard.press("a")
    other.locator(".panel input").fill("Wang Wu")
    other.keyboard.press("Enter")
    expect(other.locator(".lead header")).to_contain_text("Wang Wu")
    review.bring_to_front()
    review.keyboard.press("Control+Enter")
    expect(review.get_by_role("alert").filter(has_text=WORDS("page.review.conflict", state="open"))).to_be_visible()
    expect(review.locator(".lead header")).to_contain_text("Wang Wu")
    expect(review.locator(".panel textarea")).to_have_value("rang the landlord")
    assert fresh.lead(kept, lead_id)["notes"] == []
    review.keyboard.press("Control+Enter")
    expect(review.locator(".history")).to_contain_text("rang the landlord")
    assert [item["note"] for item in fresh.lead(kept, lead_id)["notes"]] == ["rang the landlord"]


def test_a_dropped_connection_loses_nothing_and_does_nothing_twice(review: Page, kept: Path, watched: Watched) -> None:
    watched.expect(0)
    lead_id = opened(review, fresh.NAMES[5])
    review.keyboard.press("n")
    review.keyboard.type("rang the landlord")
    review.keyboard.press("Tab")
    review.keyboard.type("Li Ming")
    dropped: list[str] = []

    def drop(route: Any) -> None:  # the change arrives, its answer does not
        route.fetch()
        dropped.append(route.request.headers["x-request-id"])
        route.abort("connectionreset")

    review.route("**/note", drop)
    review.keyboard.press("Control+Enter")
    expect(review.get_by_text(WORDS("page.parts.connection-lost"))).to_be_visible()
    expect(review.locator(".panel textarea")).to_have_value("rang the landlord")
    review.unroute("**/note")
    review.get_by_role("button", name=WORDS("page.parts.try-again")).click()
    expect(review.locator(".history")).to_contain_text("rang the landlord")
    assert len(set(dropped)) == 1
    assert [item["note"] for item in fresh.lead(kept, lead_id)["notes"]] == ["rang the landlord"]


def test_leaving_with_something_unsent_warns(review: Page) -> None:
    opened(review, fresh.NAMES[6])
    review.keyboard.press("n")
    review.keyboard.type("rang the landlord")
    with review.expect_event("dialog") as asked:
        review.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    review.keyboard.press("Escape")
    expect(review.locator(".queue")).to_contain_text(WORDS("page.review.draft"))


def test_the_check_sheet_opens_to_be_printed(review: Page) -> None:
    lead_id = opened(review, fresh.NAMES[7])
    with review.expect_popup() as popup:
        review.keyboard.press("p")
    sheet = popup.value
    expect(sheet.get_by_role("heading", level=1)).to_contain_text(lead_id)
    expect(sheet.get_by_text(WORDS("report.reminder"))).to_be_visible()
    # Its own style came along: a table without it would have no lines.
    assert sheet.evaluate("document.adoptedStyleSheets[0].cssRules.length") > 10


def test_keys_are_told_and_can_be_switched_off(review: Page) -> None:
    review.keyboard.press("?")
    dialog = review.get_by_role("dialog")
    expect(dialog).to_contain_text(WORDS("page.review.key.confirm"))
    dialog.get_by_role("checkbox").uncheck()
    review.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    before = review.locator(CHOSEN).get_attribute("id")
    review.keyboard.press("j")
    assert review.locator(CHOSEN).get_attribute("id") == before
    review.locator(ROWS).first.click()
    review.locator(".lead h2").wait_for()


def test_the_queue_narrows_and_says_so(review: Page) -> None:
    review.keyboard.press("/")
    expect(review.get_by_label(WORDS("report.state"))).to_be_focused()
    review.get_by_label(WORDS("report.state")).select_option("cleared")
    expect(review.get_by_text(WORDS("page.review.empty"))).to_be_visible()
    review.get_by_role("button", name=WORDS("page.review.all")).click()
    review.locator(ROWS).first.wait_for()


def test_the_other_candidates_and_what_the_entry_says_stand_beside(review: Page) -> None:
    opened(review, fresh.NAMES[8])
    expect(review.locator(".lead .facts").first).to_contain_text("幻县公安局")
    expect(review.get_by_role("heading", name=WORDS("page.review.others"))).to_be_visible()
    assert "欧阳" not in review.url
