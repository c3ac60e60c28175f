"""Fixtures for all tests: where the shared data lies, and loud words about what is left out without it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real lists and registrations; its absence is a failure where ``CI=true``, else a loud skip."""
    folder = Path(os.environ.get("NETPURSUIT_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not (folder / "lists").is_dir():
        message = f"LEFT OUT: needs the shared data folder (looked in {folder}; set NETPURSUIT_TEST_DATA)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """Small hand-written files that the repository itself carries."""
    return ROOT / "tests" / "fixtures"
