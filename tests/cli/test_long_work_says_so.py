"""Work that takes a while says so on standard error, never on standard output; short work says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from netpursuit.audit import verification
from netpursuit.commands import progress
from tests.cli.conftest import AS_OF, Answer, Run

PROPOSE = ("lists", "groups", "propose")


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three people are many, and no time is a long one."""
    monkeypatch.setattr(progress, "WORTH_TELLING", 3)
    monkeypatch.setattr(progress, "SILENT_SECONDS", 0.0)


def ask(command: Run, workspace: Path, *arguments: str, lang: str = "en") -> Answer:
    answer = command(*arguments, "--workspace", workspace, "--as-of", AS_OF, "--lang", lang)
    assert answer.code == 0, answer.err
    return answer


@pytest.mark.usefixtures("long")
def test_the_first_query_says_that_the_index_is_built_and_the_second_does_not(command: Run, workspace: Path) -> None:
    first, second = (ask(command, workspace, "match", "欧阳志远", "--json") for _ in range(2))
    assert first.err.splitlines() == ["Building the index over 3 people; this happens once for each change of a list …"]
    assert first.json["matches"] == second.json["matches"], "the answer alone stands on standard output"
    assert second.err == ""


@pytest.mark.usefixtures("long")
def test_a_run_and_a_build_say_it_too(command: Run, workspace: Path, register: Path, feed: Path) -> None:
    built = ask(command, workspace, "index", "build", "--json", lang="zh")
    assert "正在建立索引，共 3 人" in built.err
    assert built.json["people"] == 3
    assert ask(command, workspace, "screen", str(register), "--feed", str(feed), "--json").err == ""


@pytest.mark.usefixtures("long")
def test_proposing_says_how_many_entries_it_has_compared(command: Run, workspace: Path) -> None:
    ask(command, workspace, "index", "build")
    proposed = ask(command, workspace, *PROPOSE, "--json")
    assert proposed.err == "3 entries compared with all lists …\n"
    assert proposed.json["compared"] == 3


@pytest.mark.usefixtures("long")
def test_verifying_a_log_says_how_many_records_it_has_held_against_their_proofs(
    command: Run, workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_TOLD_EVERY", 1)
    verified = command("audit", "verify", "--workspace", workspace, "--json")
    assert verified.json["intact"]
    assert verified.err.startswith("1 records verified …\n")
    exported = tmp_path / "log.jsonl"
    assert command("audit", "export", exported, "--workspace", workspace, "--reason", "audit:A-1").code == 0
    assert "已核验 1 条记录" in command("audit", "verify", "--file", exported, "--lang", "zh").err
    monkeypatch.setattr(progress, "SILENT_SECONDS", 60.0)
    assert command("audit", "verify", "--workspace", workspace).err == ""


def test_short_work_says_nothing(command: Run, workspace: Path) -> None:
    for asked in (("match", "欧阳志远"), PROPOSE, ("index", "build")):
        assert ask(command, workspace, *asked).err == ""
