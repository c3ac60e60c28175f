"""Tests that share a server run on one worker: else each worker starts one of its own, and each is slower for it."""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("neo4j")
def test_a_group_is_told_to_the_workers(request: pytest.FixtureRequest) -> None:
    in_groups = getattr(request.config.option, "loadgroup", False)  # set by pytest-xdist in each of its workers
    assert request.node.nodeid.endswith("@neo4j") is bool(in_groups)
