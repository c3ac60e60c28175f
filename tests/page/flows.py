"""The pairs of language and store in which a flow of the page runs."""

from __future__ import annotations

import pytest

ONE_SERVER = pytest.mark.xdist_group("neo4j")
FLOWS = (
    pytest.param("en", "embedded", id="en-embedded"),
    pytest.param("zh", "neo4j", id="zh-neo4j", marks=ONE_SERVER),
    pytest.param("zh", "embedded", id="zh-embedded", marks=pytest.mark.slow),
    pytest.param("en", "neo4j", id="en-neo4j", marks=[ONE_SERVER, pytest.mark.slow]),
)
"""Each of ``lang`` and ``store`` once, then the rest of the product."""
PAIRS = tuple(pytest.param(flow.values, id=flow.id, marks=flow.marks) for flow in FLOWS)
"""The same for a fixture, whose parameter is one value: the pair."""
