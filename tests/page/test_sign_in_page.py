"""Signing in with a password in a real Chromium: the form, its keyboard, and the cookie that a browser keeps."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from netpursuit.web.endpoints import COOKIE
from tests.cli.conftest import start
from tests.page.conftest import REASON, Served, Watched

GIVEN = "four horses under a bridge"
OWN = "seven lamps over the river"


def give_password(workspace: Path, who: str) -> None:
    call = ("users", "password", who, "--stdin", "--workspace", workspace, "--reason", REASON)
    done = start(*call, stdin=subprocess.PIPE)
    said = done.communicate(f"{GIVEN}\n".encode(), timeout=60)
    assert done.returncode == 0, said


def enter(page: Page, user: str, password: str) -> None:
    page.get_by_label("User").fill(user)
    page.get_by_label("Password", exact=True).fill(password)
    page.keyboard.press("Enter")


def test_a_user_signs_in_by_keyboard_and_chooses_a_password_of_their_own(
    stranger: Page,
    served_page: Served,
    workspace: Path,
    watched: Watched,
    axe: Callable[[Page], list[str]],
    picture: Callable[[Page, str], Path],
) -> None:
    give_password(workspace, "li")
    watched.expect(401)
    stranger.goto(served_page.address)
    expect(stranger.get_by_label("User")).to_be_focused()
    assert axe(stranger) == []
    picture(stranger, "sign-in")
    enter(stranger, "li", OWN)
    expect(stranger.get_by_role("alert").filter(has_text="do not fit")).to_be_visible()
    expect(stranger.get_by_label("Password", exact=True)).to_have_value("")
    enter(stranger, "li", GIVEN)
    expect(stranger.get_by_role("heading", name="Choose a password of your own")).to_be_visible()
    expect(stranger.get_by_role("navigation")).to_have_count(0)
    assert axe(stranger) == []
    stranger.get_by_label("Password until now").fill(GIVEN)
    stranger.get_by_label("New password", exact=True).fill(OWN)
    stranger.get_by_label("New password again").fill(OWN)
    stranger.keyboard.press("Enter")
    stranger.get_by_role("navigation").first.wait_for()
    stranger.get_by_role("button", name="Sign out").click()
    enter(stranger, "li", OWN)
    stranger.get_by_role("navigation").first.wait_for()
    assert GIVEN not in stranger.content()
    assert stranger.evaluate("Object.values({ ...localStorage, ...sessionStorage }).join()").find(OWN) < 0


def test_whoever_guesses_is_told_how_long_to_wait(
    stranger: Page, served_page: Served, workspace: Path, watched: Watched
) -> None:
    give_password(workspace, "li")
    watched.expect(401, 429)
    stranger.goto(served_page.address)
    for _ in range(5):
        enter(stranger, "li", OWN)
        expect(stranger.get_by_label("Password", exact=True)).to_have_value("")
    enter(stranger, "li", GIVEN)
    expect(stranger.get_by_role("alert").filter(has_text="Too many attempts")).to_be_visible()
    expect(stranger.get_by_role("button", name="Sign in (")).to_have_attribute("aria-disabled", "true")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_the_browser_keeps_the_secure_cookie_on_this_machine(
    stranger: Page, context: BrowserContext, served_page: Served, watched: Watched, name: str
) -> None:
    """``Secure`` and the prefix ``__Host-`` without TLS: Chromium trusts its own machine."""
    address = served_page.address.replace("127.0.0.1", name)
    watched.addresses.add(address)
    stranger.goto(served_page.link.replace("127.0.0.1", name))
    stranger.get_by_role("navigation").first.wait_for()
    (kept,) = [cookie for cookie in context.cookies(address) if cookie["name"] == COOKIE]
    assert (kept["secure"], kept["httpOnly"], kept["sameSite"]) == (True, True, "Strict")
    assert stranger.evaluate("document.cookie") == ""
    stranger.reload()
    stranger.get_by_role("navigation").first.wait_for()
