"""The pairs of language and store in which a flow of the page runs."""

from __future__ import annotations

import pytest

FLOWS = (
    pytest.param("en", "embedded", id="en-embedded"),
    pytest.param("zh", "neo4j", id="zh-neo4j", marks=pytest.mark.slow),
    pytest.param("zh", "embedded", id="zh-embedded", marks=pytest.mark.slow),
    pytest.param("en", "neo4j", id="en-neo4j", marks=pytest.mark.slow),
)
"""Each of ``lang`` and ``store`` once, then the rest of the product."""
