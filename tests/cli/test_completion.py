"""What a shell completes: the program's own words and names of files, never what stands in a workspace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from netpursuit.catalogue import LANGUAGES, Catalogue
from netpursuit.commands import build_cli
from netpursuit.commands.completion import SHELLS
from tests.cli.conftest import Run, environment
from tests.cli.test_start import LOADED, OF_MATCHING, OF_OTHERS, OF_WORKSPACES
from tests.conftest import leave_out

KNOWN = ("W1", "欧阳", "wanted", "L-", "T-1", "Lead:", "Entry:", "C-")  # of the workspace of these tests


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the shells stand: a file, and the program by its name on the path."""
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "register.csv").touch()
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "netpursuit"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m netpursuit "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return tmp_path / "here"


def shell(name: str, folder: Path, script: str, **more: str) -> list[str]:
    """What a shell prints that runs a script with the program on its path."""
    found = shutil.which(name)
    if found is None:
        leave_out(f"needs {name} (tools/system_packages.sh installs it)")
    path = os.pathsep.join((str(folder.parent / "bin"), os.environ["PATH"]))
    root = str(Path(__file__).resolve().parents[2])
    quiet = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    done = subprocess.run(
        [found, *quiet, "-c", script],
        cwd=folder,
        env=environment(PATH=path, PYTHONPATH=root, HOME=str(folder), LC_ALL="C.UTF-8", **more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )
    assert not done.stderr, done.stderr
    return done.stdout.splitlines()


def in_bash(folder: Path, *typed: str, **more: str) -> list[str]:
    """What bash offers for the last of the words typed: the function of the script, called as readline does."""
    words = " ".join(f"'{word}'" for word in ("netpursuit", *typed))
    script = (
        f"source <(netpursuit completion bash)\nCOMP_WORDS=({words})\nCOMP_CWORD={len(typed)}\n"
        'compopt() { echo "$@"; }\n'
        '"$(complete -p netpursuit | sed -E "s/.*-F ([^ ]+).*/\\1/")" netpursuit\nprintf "%s\\n" "${COMPREPLY[@]}"\n'
    )
    return [line for line in shell("bash", folder, script, **more) if line]


def test_bash_completes_commands_options_words_and_files(folder: Path) -> None:
    assert in_bash(folder, "le") == ["leads"]
    assert in_bash(folder, "leads", "cl") == ["clear"]
    assert in_bash(folder, "leads", "list", "--assi") == ["--assigned"]
    assert in_bash(folder, "leads", "list", "--state", "c") == ["confirmed", "cleared"]
    assert in_bash(folder, "screen", "reg") == ["-o default"], "bash itself completes names of files"
    assert in_bash(folder, "policy", "use", "") == ["-o default"]


def test_zsh_and_fish_complete_with_a_word_on_each(folder: Path) -> None:
    script = (
        'autoload -U compinit; compinit -u -d "$HOME/.dump"; source <(netpursuit completion zsh)\n'
        'compadd() { print -l -- "${completions[@]}" }\n'
        '_describe() { print -l -- "${completions_with_descriptions[@]}" }\n'
        "words=(netpursuit leads cl) CURRENT=3; _netpursuit_completion\n"
    )
    (line,) = shell("zsh", folder, script)
    assert line.startswith("clear:")
    offered = shell("fish", folder, "netpursuit completion fish | source; complete -C 'netpursuit le'")
    assert offered == ["leads\tList"], "its script takes the help up to the first comma"


@pytest.mark.parametrize("name", SHELLS)
def test_the_script_is_printed_alone_and_as_json(command: Run, name: str) -> None:
    plain, as_json = command("completion", name), command("completion", name, "--json")
    assert (plain.code, plain.err) == (0, "")
    assert "_NETPURSUIT_COMPLETE" in plain.out
    assert as_json.json == {"shell": name, "script": plain.out}
    assert command("completion", "tcsh").code == 2


def parameters(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Parameter]]:
    yield from ((path, parameter) for parameter in command.params)
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from parameters(child, f"{path} {name}".strip())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_parameter_completes_anything_but_fixed_words_and_files(
    command: Run, workspace: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setenv("NETPURSUIT_WORKSPACE", str(workspace))
    found = list(parameters(build_cli(Catalogue(lang))))
    assert len(found) > 500
    context = click.Context(click.Command("any"))
    for path, parameter in found:
        items = parameter.shell_complete(context, "")
        if isinstance(parameter.type, click.Choice):
            assert [item.value for item in items] == list(parameter.type.choices), (path, parameter.name)
        else:
            assert {item.type for item in items} <= {"file", "dir"}, (path, parameter.name)
            assert not any(item.value for item in items), (path, parameter.name)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            ("leads", "show", ""),
            ("match", ""),
            ("graph", "neighbours", ""),
            ("graph", "paths", "L"),
            ("audit", "open", "C-"),
        ),
        *(("leads", "list", "--case", ""), ("lists", "remove", ""), ("subject", "find", "欧"), ("users", "grant", "")),
    ],
    ids=" ".join,
)
def test_nothing_of_a_workspace_appears_and_none_is_opened(workspace: Path, typed: tuple[str, ...]) -> None:
    before = {file: file.read_bytes() for file in workspace.rglob("*") if file.is_file()}
    asked = {
        "_NETPURSUIT_COMPLETE": "bash_complete",
        "COMP_WORDS": "\n".join(("netpursuit", *typed)),
        "COMP_CWORD": str(len(typed)),
    }
    done = subprocess.run(
        [sys.executable, "-c", LOADED],
        env=environment(NETPURSUIT_WORKSPACE=str(workspace), **asked),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    assert not [word for word in KNOWN if word in done.stdout]
    assert set(done.stderr.split()) & (OF_OTHERS | OF_MATCHING | OF_WORKSPACES - {"netpursuit.records"}) == set()
    assert {file: file.read_bytes() for file in workspace.rglob("*") if file.is_file()} == before


def test_the_first_word_is_completed_without_a_command_being_read(tmp_path: Path) -> None:
    asked = {"_NETPURSUIT_COMPLETE": "bash_complete", "COMP_WORDS": "netpursuit", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", LOADED], env=environment(**asked), capture_output=True, text=True, encoding="utf-8"
    )
    assert "plain,leads" in done.stdout.splitlines()
    read = {module for module in done.stderr.split() if module.startswith("netpursuit.commands.")}
    assert read == {f"netpursuit.commands.{name}" for name in ("tree", "worded", "saying")}, done.stderr


def test_a_version_typed_before_is_not_shown_among_what_is_offered(folder: Path) -> None:
    assert in_bash(folder, "--version", "le") == ["leads"]
