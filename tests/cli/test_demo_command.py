"""``netpursuit demo``: planted people are found, near misses are not leads, the report stands alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_demonstration_finds_the_planted_and_nobody_else(command: Run, tmp_path: Path, lang: str) -> None:
    answer = command("demo", "--workspace", tmp_path / "demo", "--lang", lang)
    assert answer.code == 0, answer.err
    assert "36" in answer.out
    page = (tmp_path / "demo" / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert not re.search(r"(?:src|@import|url\()\s*=?\s*[\"']?https?:", page)
    assert page.count("<svg") >= 36, "each lead is drawn"


def test_twice_is_once(command: Run, tmp_path: Path) -> None:
    first = command("demo", "--workspace", tmp_path / "demo", "--json").json
    second = command("demo", "--workspace", tmp_path / "demo", "--json").json
    assert [run["counts"]["leads_new"] for run in first["runs"]] == [11, 25]
    assert [run["counts"]["leads_new"] for run in second["runs"]] == [0, 0]
    assert second["found"] == first["found"] == first["planted"] == 36
    assert second["false_leads"] == first["false_leads"] == []


def test_the_help_says_which_workspace_it_uses(command: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = " ".join(command("demo", "--help", "--lang", "en").out.split())
    assert "NETPURSUIT_WORKSPACE" not in shown
    assert "else netpursuit-demo in the current folder" in shown
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NETPURSUIT_WORKSPACE", str(tmp_path / "real"))
    assert command("demo", "--json").code == 0
    assert (tmp_path / "netpursuit-demo" / "truth.sqlite").is_file()
    assert not (tmp_path / "real").exists()
