"""``import netpursuit``: what is public, and that it goes through the same gate."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import netpursuit
from netpursuit import Name, PartialDate, Person, RefusedError
from tests.cli.conftest import AS_OF, Run

PUBLIC = [
    "Address",
    "Band",
    "Document",
    "DocumentKind",
    "Entry",
    "EntryKey",
    "Evidence",
    "InputError",
    "Match",
    "MatchSet",
    "Matcher",
    "Name",
    "NameKind",
    "NetpursuitError",
    "PartialDate",
    "Person",
    "RefusedError",
    "Sex",
    "StorageError",
    "VerificationError",
    "Workspace",
    "compare",
    "open",
]
LISTED = Person(names=(Name(text="Ouyang Zhiyuan"),), birth_dates=(PartialDate(year=1985, month=3, day=4),))


def test_the_public_names_are_these() -> None:
    assert sorted(netpursuit.__all__) == sorted(PUBLIC)
    for name in PUBLIC:
        assert getattr(netpursuit, name) is not None
    with pytest.raises(AttributeError):
        netpursuit.no_such_name  # noqa: B018


def test_a_workspace_answers_as_the_command_does(command: Run, workspace: Path) -> None:
    from datetime import date

    with netpursuit.open(workspace, reason="check:T-2") as opened:
        answer = opened.match(LISTED, as_of=date.fromisoformat(AS_OF))
    assert answer.matches[0].match.key.entry_id == "W1"
    log = command("audit", "show", "--workspace", workspace, "--json", "--last", "1").json
    assert (log[0]["consultation"], log[0]["authority"]) == (answer.consultation_id, "check:T-2")


def test_without_a_reason_nothing_runs(tmp_path: Path) -> None:
    with netpursuit.open(tmp_path / "ws") as opened, pytest.raises(RefusedError):
        opened.match(LISTED)


def test_the_readme_example_runs() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert blocks
    for block in blocks:
        done = subprocess.run(
            [sys.executable, "-c", block], capture_output=True, text=True, encoding="utf-8", check=True
        )
        assert "strong" in done.stdout


def test_every_command_stands_in_the_readme(command: Run) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^  (\w+)  ", command("--help", "--lang", "en").out, re.MULTILINE)
    assert len(commands) >= 12
    for name in commands:
        assert f"`{name}" in readme, name


def test_the_link_graph_answers_as_the_command_does(command: Run, workspace: Path) -> None:
    asked = ("paths", "Entry:wanted:W1", "List:wanted")
    shown = command("graph", *asked, "--edge", "listed-on", "--json", "--workspace", workspace, "--as-of", AS_OF).json
    with netpursuit.open(workspace, reason="check:T-2") as opened:
        answer = opened.graph(*asked, edges=["listed-on"])
        assert [edge.kind for edge in answer.found.edges] == [edge["kind"] for edge in shown["edges"]] == ["listed-on"]
        with pytest.raises(RefusedError):
            opened.graph("hubs")
        with pytest.raises(netpursuit.InputError):
            opened.graph("scores", "Entry:wanted:W1")
    log = command("audit", "show", "--workspace", workspace, "--json", "--last", "3").json
    assert answer.consultation_id in {row["consultation"] for row in log}
