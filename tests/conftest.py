"""Fixtures for all tests: where the shared data lies, and loud words about what is left out without it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from tools.neo4j_server import CURRENT, ORDINARY, MissingError, Server, running

settings.register_profile("busy", suppress_health_check=[HealthCheck.too_slow], deadline=None)
settings.load_profile("busy")  # how slow a machine is says nothing of what is tested

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
_RENDERING = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes by itself is begun first, so that no worker waits for another one at the end.

    The tests of a module of ``tests/page`` stay together: they share a server, which is long in coming.
    """
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if item.path.parent.name == "page" and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


def leave_out(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"LEFT OUT: {reason}")
    pytest.skip(f"LEFT OUT: {reason}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real lists and registrations; its absence is a failure where ``CI=true``, else a loud skip."""
    folder = Path(os.environ.get("NETPURSUIT_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "lists").is_dir():
        leave_out(f"needs the shared data folder (looked in {folder}; set NETPURSUIT_TEST_DATA)")
    return folder


@pytest.fixture(scope="session")
def browser() -> str:
    """A Chromium that renders pages; its absence is a failure where ``CI=true``, else a loud skip."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        leave_out("needs Chromium (tools/system_packages.sh installs it)")
    return found


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """Small hand-written files that the repository itself carries."""
    return ROOT / "tests" / "fixtures"


@pytest.fixture(scope="session")
def chromium(browser: str) -> Iterator[Browser]:
    """That browser, driven by Playwright, of which one process can run one alone."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=browser, args=_RENDERING)
        yield opened
        opened.close()


def _server(version: str) -> Iterator[Server]:
    try:
        with running(version) as server:
            yield server
    except MissingError as error:
        leave_out(f"Neo4j {version} needs {error}")


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Server]:
    yield from _server(ORDINARY)


@pytest.fixture(scope="session")
def current_server() -> Iterator[Server]:
    yield from _server(CURRENT)
