"""The page of drills names only tests that are there."""

from __future__ import annotations

import ast
import re

import pytest

from tests.contract.test_promises import ROOT, functions_of

PAGE = (ROOT / "docs" / "drills.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| (.+?) \| (.+?) \| (.+) \|$", PAGE, re.MULTILINE)[1:]
NAMED = sorted(set(re.findall(r"`(tests/[^`]+)`", PAGE)))


@pytest.mark.parametrize("place", NAMED)
def test_the_test_of_a_drill_exists(place: str) -> None:
    path, _, name = place.partition("::")
    found = functions_of(path)
    tests = [each for each in found if each.startswith("test_")]
    assert tests, f"{path} has no test"
    assert not name or name in found, f"{path} has no {name}"
    for each in [name] if name else tests:
        marks = [ast.unparse(mark) for mark in found[each].decorator_list]
        assert not [mark for mark in marks if "xfail" in mark or re.search(r"mark\.skip\b", mark)], (
            f"{each} is left out"
        )


def test_every_drill_says_what_must_hold_and_has_a_test() -> None:
    assert len(ROWS) >= 17
    for drill, holds, tests in ROWS:
        assert holds.endswith("."), drill
        assert "`tests/" in tests, drill


def test_every_file_of_drills_is_on_the_page() -> None:
    for path in (ROOT / "tests" / "faults").glob("test_*.py"):
        assert f"`tests/faults/{path.name}" in PAGE, path.name
