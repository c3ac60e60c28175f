"""A workbench for every test of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_workbench import Bench, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    opened = open_bench(tmp_path)
    yield opened
    opened.workspace.close()
