"""The worked cases: what stands below a command is what it prints, in both languages."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from tools.refresh_cases import CASES, blocks_of, pages, refreshed


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(CASES)))
def test_a_page_shows_what_its_commands_print(page: Path, tmp_path: Path) -> None:
    now, stands = refreshed(page, tmp_path / "case"), page.read_text(encoding="utf-8")
    differs = "\n".join(difflib.unified_diff(stands.split("\n"), now.split("\n"), "the page", "printed now", n=1))
    assert not differs, f"python -m tools.refresh_cases writes what is printed now:\n{differs}"


def said(page: Path) -> list[tuple[str, str, list[str]]]:
    """Who runs what when, as words of commands without what is written in a language of its own."""
    blocks = blocks_of(page.read_text(encoding="utf-8"))
    bare = re.compile(r'"[^"]*"')
    return [
        (block.user, str(block.at), [bare.sub("…", " ".join(command)) for command in block.commands])
        for block in blocks
    ]


def test_there_are_five_cases_and_both_languages_tell_the_same() -> None:
    english = sorted(CASES.glob("[0-9]*.md"))
    assert len(english) == 5
    for page in english:
        assert said(page) == said(CASES / "zh" / page.name), page.name
        for folder in (CASES, CASES / "zh"):
            assert f"({page.name})" in (folder / "README.md").read_text(encoding="utf-8")


def test_the_cases_together_use_what_people_use() -> None:
    from netpursuit.commands.tree import COMMANDS

    used = {
        tuple(command[0].split()[2:4])
        for page in pages()
        for block in blocks_of(page.read_text(encoding="utf-8"))
        for command in block.commands
        if command[0].startswith("$ netpursuit ")
    }
    # Newer commands come into a case when one needs them; the demonstration is a case of its own.
    newer = set(COMMANDS) - {words[0] for words in used} - {"demo"}
    assert not newer & {"match", "compare", "evaluate", "screen", "night", "leads", "lists", "feed"}
    assert not newer & {"graph", "case", "reason", "audit", "quarantine", "index", "policy"}
    leads = {words[1] for words in used if words[0] == "leads"}
    assert leads >= {"list", "show", "open", "sheet", "assign", "outcome", "confirm", "clear", "replay"}


def test_a_changed_output_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "9-none.md"
    page.write_text(
        "```console li 2026-01-08 09:00\n$ netpursuit leads list\nNo leads at all.\n```\n", encoding="utf-8"
    )
    assert "[exit code 2]" in refreshed(page, tmp_path / "case")


@pytest.mark.parametrize("text", ["```console li\n$ ls\n```\n", "```console li 2026-01-08 09:00\nno command\n```\n"])
def test_a_block_that_cannot_be_run_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="line 1"):
        blocks_of(text)


def test_in_a_case_time_goes_on_and_only_what_is_shown_to_fail_fails() -> None:
    for page in pages():
        blocks = blocks_of(page.read_text(encoding="utf-8"))
        assert [block.at for block in blocks] == sorted(block.at for block in blocks), page
        text = page.read_text(encoding="utf-8")
        codes = re.findall(r"^\[(?:exit code|退出码) (\d)\]$", text, re.MULTILINE)
        # Refusals, lists that are not fresh, and one missing fact: no failure of the program, no log that differs.
        assert set(codes) <= {"2", "3", "4"}
        assert codes.count("2") <= 1, page
