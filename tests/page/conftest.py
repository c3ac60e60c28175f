"""The page in a real Chromium: the demonstration's workspace, a server of its own for each test, and a browser.

A flow that runs on both stores and in both languages takes its pairs from ``FLOWS``::

    @pytest.mark.parametrize(("lang", "store"), FLOWS)
    def test_a_flow(page: Page, lang: str, store: str) -> None: ...

Without them a test runs in English on the embedded store. ``page`` has a server and a workspace of its own; a test that
changes nothing takes ``glance`` instead, which shares a server with the others of its module and is there at once.
``NETPURSUIT_PAGE_PICTURES=docs/pictures/page`` writes the
pictures of the documentation; else they go to the test's own folder.
"""

from __future__ import annotations

import json
import os
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    ViewportSize,
    expect,
)

from netpursuit.web.endpoints import COOKIE, CSRF
from tests.cli.conftest import environment, start
from tests.conftest import ROOT, leave_out
from tests.page import fresh
from tests.page.flows import FLOWS
from tests.page.seed import Forked, seed
from tools import page as page_builder

__all__ = ["FLOWS"]

REASON = "check:2026-0417"
SIZE: ViewportSize = {"width": 1280, "height": 720}
PATIENCE = 15_000  # milliseconds for what a page shows
expect.set_options(timeout=PATIENCE)
_MAKING_SECONDS = 180.0
LOCALES = {"en": "en-GB", "zh": "zh-CN"}


@dataclass(frozen=True, slots=True)
class Served:
    """A running server; ``link`` signs its user in, once."""

    address: str
    link: str
    workspace: Path


@dataclass
class Watched:
    """What a page said that it should not: errors in its console, breaches of its policy, requests to others.

    ``expected``: statuses of answers that a test provokes, which a browser writes to the console.
    """

    addresses: set[str] = field(default_factory=set)
    said: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def expect(self, *statuses: int) -> None:
        self.expected.update(statuses)

    def follow(self, page: Page, address: str) -> None:
        self.addresses.add(address)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in ("error", "warning"):
            return
        text = message.text
        if text.startswith("Failed to load resource") and any(f"status of {code} " in text for code in self.expected):
            return
        if 0 in self.expected and "net::ERR_" in text:
            return
        self.said.append(f"console: {text} {message.location.get('url', '')}")

    def _request(self, request: Request) -> None:
        own = tuple(f"{address}/" for address in self.addresses)
        if not request.url.startswith((*own, "blob:", "data:")):
            self.said.append(f"request: {request.url}")


@pytest.fixture(scope="session")
def demo_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace of ``netpursuit demo``, made once for all who test in parallel; not to be changed."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "page-demo"
    done, folder = shared / "done", shared / "ws"
    try:
        shared.mkdir()
    except FileExistsError:
        until = time.monotonic() + _MAKING_SECONDS
        while not done.exists():
            assert time.monotonic() < until, "the demonstration's workspace was not made"
            time.sleep(0.2)
        return folder
    made = start("demo", "--workspace", folder)
    said = made.communicate(timeout=_MAKING_SECONDS)
    assert made.returncode == 0, said
    done.touch()
    return folder


@pytest.fixture
def workspace(demo_workspace: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change, with the keys beside it."""
    return copied(demo_workspace, tmp_path)


def copied(workspace: Path, folder: Path) -> Path:
    for item in (workspace, workspace.with_name("ws-keys")):
        shutil.copytree(item, folder / item.name)
    return folder / workspace.name


@pytest.fixture
def lang() -> str:
    """The language of the browser: en or zh."""
    return "en"


@pytest.fixture
def store() -> str:
    """Where the link graph is: embedded or neo4j."""
    return "embedded"


@pytest.fixture
def surroundings(store: str, workspace: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment of the server, with the graph in its store."""
    return named_store(store, workspace, request)


def named_store(store: str, workspace: Path, request: pytest.FixtureRequest) -> dict[str, str]:
    """The environment that names a store of the link graph, after the workspace's graph was put into it."""
    if store == "embedded":
        return environment()
    server = request.getfixturevalue("neo4j_server")
    named = {
        "NETPURSUIT_NEO4J_URI": server.uri,
        "NETPURSUIT_NEO4J_USER": "neo4j",
        "NETPURSUIT_NEO4J_PASSWORD": server.password,
    }
    with pytest.MonkeyPatch.context() as patched:
        for name, value in named.items():
            patched.setenv(name, value)
        fresh.run("graph", "rebuild", "--workspace", workspace)
    return environment(**named)


@contextmanager
def serving(workspace: Path, surroundings: dict[str, str], folder: Path) -> Iterator[Served]:
    """A server on a workspace; what it says goes into the folder."""
    errors = folder / "server.err"
    command = ("web", "--workspace", workspace, "--port", 0, "--no-browser", "--lang", "en")
    with errors.open("wb") as stream:
        process = seed().fork(command, surroundings, stream)
    try:
        yield _listening(process, errors, workspace)
    finally:
        process.close()


@pytest.fixture
def served_page(workspace: Path, surroundings: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    """A server on the test's own workspace."""
    with serving(workspace, surroundings, tmp_path) as served:
        yield served


@pytest.fixture(scope="module")
def shared_server(demo_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, str]]:
    """A server for all tests of a module that change nothing, and the cookie of a session with a reason."""
    folder = tmp_path_factory.mktemp("shared")
    with serving(copied(demo_workspace, folder), environment(), folder) as served:
        link = served.link.partition("#link=")[2]
        answered = _call(served, "POST", "/sign-in", {"link": link})
        cookie = str(answered.headers["Set-Cookie"]).split(";")[0].partition("=")[2]
        token = json.load(answered)["csrf"]
        _call(served, "PUT", "/session/authority", {"reason": REASON}, Cookie=f"{COOKIE}={cookie}", **{CSRF: token})
        yield served, cookie


def _call(served: Served, method: str, path: str, body: object, **headers: str) -> Any:
    request = urllib.request.Request(
        f"{served.address}/api/v1{path}", json.dumps(body).encode(), headers, method=method
    )
    return urllib.request.urlopen(request, timeout=30)


def _listening(process: Forked, errors: Path, workspace: Path) -> Served:
    until = time.monotonic() + 60
    while True:
        said = errors.read_text(encoding="utf-8")
        address, linked = said.find("http://"), said.find("/#link=")
        if linked >= 0 and said.endswith("\n"):
            found = said[address:].split(";")[0]
            link = said[said.rfind("http://", 0, linked) :].split()[0]
            return Served(found, link, workspace)
        assert not process.has_ended(), said
        assert time.monotonic() < until, said
        time.sleep(0.02)


@pytest.fixture
def context(chromium: Browser, lang: str) -> Iterator[BrowserContext]:
    """A profile of its own, of the size that the page has to work at."""
    opened = chromium.new_context(locale=LOCALES[lang], viewport=SIZE, color_scheme="light", accept_downloads=True)
    opened.set_default_timeout(PATIENCE)
    yield opened
    opened.close()


@pytest.fixture
def watched() -> Iterator[Watched]:
    """What pages said that they should not; nothing, at the end of a test."""
    found = Watched()
    yield found
    assert found.said == []


@pytest.fixture
def stranger(context: BrowserContext, served_page: Served, watched: Watched) -> Page:
    """A page that nobody is signed in to, not yet opened."""
    opened = context.new_page()
    watched.follow(opened, served_page.address)
    return opened


@pytest.fixture
def page(stranger: Page, served_page: Served) -> Page:
    """The page, signed in by its link; no reason is chosen yet (``authorise``)."""
    stranger.goto(served_page.link)
    stranger.get_by_role("navigation").first.wait_for()
    return stranger


def keep_cookie(context: BrowserContext, served: Served, cookie: str) -> None:
    """Give a browser the cookie of a session."""
    kept: Any = {
        "name": COOKIE,
        "value": cookie,
        "url": served.address.replace("http:", "https:"),
        "secure": True,
        "httpOnly": True,
    }
    context.add_cookies([kept])


@pytest.fixture
def glance(context: BrowserContext, shared_server: tuple[Served, str], watched: Watched) -> Page:
    """The page of somebody signed in who has chosen a reason, for a test that changes nothing."""
    served, cookie = shared_server
    keep_cookie(context, served, cookie)
    opened = context.new_page()
    watched.follow(opened, served.address)
    opened.goto(served.address)
    opened.get_by_role("navigation").first.wait_for()
    return opened


def ask(page: Page, method: str, path: str, body: object) -> Any:
    """A call as the page's own program makes it; it must succeed."""
    return page.evaluate(
        """async ([method, path, body]) => {
            const session = await (await fetch("/api/v1/session")).json();
            const headers = { "X-CSRF-Token": session.csrf, "Content-Type": "application/json" };
            const answered = await fetch(`/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
            if (!answered.ok) throw new Error(await answered.text());
            return answered.json();
        }""",
        [method, path, body],
    )


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Look again until something holds that no locator tells."""
    end = time.monotonic() + PATIENCE / 1000
    while not holds():
        assert time.monotonic() < end, "it did not come to hold"
        page.wait_for_timeout(50)


def authorise(page: Page, *, reason: str = "", case: str = "") -> None:
    """State why the user looks, as the chooser in the head does, and load the page again."""
    chosen = {"reason": reason, "case": case} if reason or case else {"reason": REASON}
    ask(page, "PUT", "/session/authority", chosen)
    page.reload()
    page.get_by_role("navigation").first.wait_for()


def open_place(page: Page, name: str) -> None:
    """Go to a place of the page: ask, review, graph or watch."""
    page.locator(f'header nav a[href="#{name}"]').click()
    page.locator("main > section:not([hidden])").wait_for()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The sources of axe-core."""
    path = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        try:
            page_builder.prepare(ROOT, page_builder.find_node())
        except page_builder.PageError as error:
            leave_out(f"needs axe-core: {error}")
    return path.read_text(encoding="utf-8")


@pytest.fixture
def axe(axe_source: str) -> Callable[[Page], list[str]]:
    """What axe-core finds on a page as it is: one line a violation of WCAG 2.2 A and AA."""

    def find(page: Page) -> list[str]:
        page.evaluate(axe_source)  # by the debugger, which the page's policy does not concern
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
        found: list[dict[str, Any]] = page.evaluate(
            "(tags) => axe.run(document, { runOnly: tags, resultTypes: ['violations'] }).then((run) => run.violations)",
            tags,
        )
        return [f"{item['id']}: {node['html'][:200]}" for item in found for node in item["nodes"]]

    return find


@pytest.fixture
def picture(tmp_path: Path) -> Callable[[Page, str], Path]:
    """Take a picture of what is seen."""
    chosen = os.environ.get("NETPURSUIT_PAGE_PICTURES")
    folder = (ROOT / chosen) if chosen else tmp_path / "pictures"

    def take(page: Page, name: str) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, animations="disabled")
        return path

    return take


def is_scrolled_sideways(page: Page) -> bool:
    """Whether something stands out of the page to the right."""
    wide: bool = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return wide
