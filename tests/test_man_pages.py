"""The manual pages say of every command and option what the program says of it, and any formatter reads them."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from netpursuit.catalogue import Catalogue
from netpursuit.commands import build_cli
from netpursuit.commands.tree import COMMANDS
from tests.conftest import ROOT, leave_out
from tools import man_pages


@pytest.fixture(scope="module")
def manual(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("man")
    man_pages.write(folder)
    return folder


def leaves(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    yield context.command_path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from leaves(child, click.Context(child, info_name=name, parent=context))


def read(page: Path) -> str:
    """The text of a page without what is for the formatter."""
    text = page.read_text(encoding="utf-8")
    text = re.sub(r"\\(?:&|:|f[BR])", "", text)
    for escape, character in (
        ("\\-", "-"),
        ("\\(aq", "'"),
        ("\\(dq", '"'),
        ("\\(ga", "`"),
        ("\\(ti", "~"),
        ("\\e", "\\"),
    ):
        text = text.replace(escape, character)
    return text


@pytest.mark.parametrize("lang", list(man_pages.FOLDERS))
def test_there_is_a_page_for_each_command_and_every_option_stands_in_it(manual: Path, lang: str) -> None:
    folder, words = manual / man_pages.FOLDERS[lang], Catalogue(lang)
    assert {file.name for file in folder.iterdir()} == {
        "netpursuit.1",
        *(f"netpursuit-{name}.1" for name in COMMANDS),
    }
    tree = build_cli(words)
    texts = {file.name: read(file) for file in folder.iterdir()}
    for path, command in leaves(tree, click.Context(tree, info_name="netpursuit")):
        text = texts["-".join(path.split(" ")[:2]) + ".1"]
        assert path in text, path
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert all(option in text for option in parameter.opts), (path, parameter.opts)
                assert " ".join((parameter.help or "").split()) in text, (path, parameter.name)
        assert " ".join((command.help or "").split("\n\n")[0].split()) in text, path


def test_a_formatter_finds_nothing_to_warn_of(manual: Path) -> None:
    pages = [str(page) for page in sorted(manual.rglob("*.1"))]
    if (mandoc := shutil.which("mandoc")) is None:
        leave_out("needs mandoc (tools/system_packages.sh installs it)")
    said = subprocess.run([mandoc, "-T", "lint", "-W", "warning", *pages], capture_output=True, text=True, check=False)
    # No date: the pages are made by the build, and the same sources make the same bytes.
    assert [line for line in said.stdout.split("\n") if line and "missing date" not in line] == []
    shown = subprocess.run([mandoc, "-T", "utf8", *pages[:1]], capture_output=True, text=True, check=True).stdout
    assert "netpursuit-audit" in re.sub(r".\x08", "", shown)


def test_what_groff_makes_of_the_pages_has_no_warning_either(manual: Path) -> None:
    if (man := shutil.which("man")) is None:
        leave_out("needs man (tools/system_packages.sh installs it)")
    for page in (manual / "man1" / "netpursuit-audit.1", manual / "zh_CN" / "man1" / "netpursuit-screen.1"):
        command = [man, "--warnings=w", "-E", "UTF-8", "-l", str(page)]
        environment = {"LC_ALL": "C.UTF-8", "MANWIDTH": "80", "PATH": "/usr/bin:/bin"}
        shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=True)
        assert shown.stderr == ""
        assert "netpursuit audit prove" in shown.stdout or "数据源文件" in shown.stdout


def test_text_that_looks_like_a_request_is_none() -> None:
    assert man_pages.plain(".SH x") == "\\&.SH x"
    assert man_pages.plain("'t") == "\\(aqt"
    assert man_pages.plain("a\\b-c") == "a\\eb\\-c"


def test_every_variable_of_the_environment_that_the_program_reads_is_named() -> None:
    read_by = re.compile(r"NETPURSUIT_[A-Z0-9_]*[A-Z0-9]\b")
    code = [file.read_text(encoding="utf-8") for file in (ROOT / "netpursuit").rglob("*.py")]
    named = {name for text in code for name in read_by.findall(text)} - {"NETPURSUIT_COMPLETE"}
    of_server = {f"NETPURSUIT_NEO4J_{name}" for name in ("USER", "PASSWORD", "DATABASE")}  # made from their prefix
    assert set(man_pages.VARIABLES) == named | of_server
