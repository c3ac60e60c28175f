"""The table of promises in the docs is what its generator makes of the tests."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.contract.test_promises import PROMISES, ROOT, stated
from tools.promise_table import PAGE, SAYS, page, promises, sentence


def test_the_table_is_what_the_generator_makes() -> None:
    tool = ROOT / "tools" / "promise_table.py"
    checked = subprocess.run([sys.executable, "-S", str(tool), "--check"], check=False)
    assert checked.returncode == 0, "docs/promises.md is another: run `make docs-tables`"


def test_the_table_names_every_promise_and_every_test_and_links_to_files_that_exist() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert list(SAYS) == list(stated()) == re.findall(r"^\| (A\d+) \|", text, re.MULTILINE)
    for promise, nodes in PROMISES.items():
        row = next(line for line in text.splitlines() if line.startswith(f"| {promise} |"))
        assert all(sentence(node) in row for node in nodes)
        assert row.count("](../tests/") == len(nodes)
    for place in set(re.findall(r"\]\(([^)]+)\)", text)):
        assert (PAGE.parent / place).exists(), place


def test_what_is_read_from_the_text_of_the_tests_is_what_they_say() -> None:
    source = (ROOT / "tests" / "contract" / "test_promises.py").read_text(encoding="utf-8")
    assert promises(source) == PROMISES
    assert promises('X = "a::"\nPROMISES: dict = {"A1": (X + "test_b", "c::test_d")}') == {
        "A1": ("a::test_b", "c::test_d")
    }


@pytest.mark.parametrize(
    "source", ["", "PROMISES: dict = 3", 'PROMISES: dict = {"A1": tests()}', "PROMISES: d = {A: ()}"]
)
def test_a_source_that_cannot_be_read_is_an_error(source: str) -> None:
    with pytest.raises(ValueError, match=r"PROMISES|expected"):
        promises(source)


def test_a_promise_without_a_test_says_so() -> None:
    assert "| A1 | " in page({})
    assert page({}).count("**none yet**") == len(SAYS)
