"""``netpursuit demo``: planted people are found, near misses are not leads, the report stands alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_the_demonstration_finds_the_planted_and_nobody_else_and_twice_is_once(
    command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETPURSUIT_WORKSPACE", str(tmp_path / "real"))
    first = command("demo", "--json", "--lang", "en").json
    folder = tmp_path / "netpursuit-demo"
    assert (folder / "truth.sqlite").is_file()
    assert not (tmp_path / "real").exists(), "the workspace of real work is not the demonstration's"
    assert_stands_alone(folder)
    second = command("demo", "--workspace", folder, "--json", "--lang", "zh").json
    assert_stands_alone(folder)
    assert [run["counts"]["leads_new"] for run in first["runs"]] == [11, 25]
    assert [run["counts"]["leads_new"] for run in second["runs"]] == [0, 0]
    assert second["found"] == first["found"] == first["planted"] == 36
    assert second["false_leads"] == first["false_leads"] == []


def assert_stands_alone(folder: Path) -> None:
    """Of the report: every lead is drawn, and nothing is loaded from elsewhere."""
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|@import|url\()\s*=?\s*[\"']?https?:", page)
    assert page.count("<svg") >= 36, "each lead is drawn"


def test_the_help_says_which_workspace_it_uses(command: Run) -> None:
    shown = " ".join(command("demo", "--help", "--lang", "en").out.split())
    assert "NETPURSUIT_WORKSPACE" not in shown
    assert "else netpursuit-demo in the current folder" in shown
