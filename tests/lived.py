"""A workspace that has lived: leads, decisions, a case with records of its own, an imported graph."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from netpursuit.cli import run
from tests.cli.conftest import AS_OF, HEADER, MAPPING, PEOPLE, Answer, Run, feed_text, register_text

REASON = ("--reason", "check:T-1")
FIXTURES = Path(__file__).parent / "fixtures"
ROWS = (
    "R1,欧阳志远,1985-03-04,990101198503040010,13800138000,幻县虚构路12号501,2026-04-02",
    "R2,章玉琴,1971-11-23,,,幻县虚构路13号101室,2026-04-04",
    "R3,李明,1990-05-06,,13800138001,幻县虚构路12号502,2026-04-03",
)
FILES = {
    "wanted.csv": "\n".join([HEADER, *PEOPLE, ""]),
    "mapping.toml": MAPPING,
    "rental.toml": feed_text(),
    "register.csv": register_text(*ROWS),
    "phones.csv": "机主,电话\n欧阳志远,13800138000\n",
    "phones.toml": 'kind = "subscribers"\ncountry = "CN"\n[columns]\nphone = "电话"\nsubscriber_name = "机主"\n',
}


def tell(*arguments: object) -> Any:
    """Run a command that must succeed; answers its JSON, where it gives any."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    assert code == 0, err.getvalue()
    return json.loads(out.getvalue()) if "--json" in arguments else out.getvalue()


def build(folder: Path) -> Path:
    """Make it as ``folder/ws``, its keys as ``folder/ws-keys``."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    workspace = folder / "ws"
    there = ("--workspace", workspace)
    tell("reason", "set", "check:T-1", *there)
    listed = ("--list", "wanted", "--mapping", folder / "mapping.toml", "--as-of", AS_OF)
    tell("lists", "add", folder / "wanted.csv", *listed, *there)
    tell("screen", folder / "register.csv", "--feed", folder / "rental.toml", "--as-of", AS_OF, *there)
    first, second = tell("leads", "list", "--as-of", AS_OF, "--json", *there)["leads"]
    stated = ("--same-person", "--entry-in-force", "--name", "Li Hua", "--note", "seen", "--as-of", AS_OF)
    tell("leads", "confirm", first["lead"], *stated, *there)
    tell("leads", "clear", second["lead"], "--why", "elsewhere", "--name", "Li Hua", *there)
    case = ("--title", "t", "--authority", "a", "--legal-basis", "l", "--purpose", "p", "--expires", "2099-01-01")
    tell("case", "open", "--id", "K-1", *case, *there)
    tell("graph", "attach", folder / "phones.csv", "--mapping", folder / "phones.toml", "--case", "K-1", *there)
    tell("graph", "import", FIXTURES / "graphs" / "ring", "--graph", "ring", *there)
    return workspace


def copy(workspace: Path, folder: Path) -> Path:
    """A copy of it in another folder."""
    for path in (workspace, keys_of(workspace)):
        shutil.copytree(path, folder / path.name)
    for name in FILES:
        shutil.copy(workspace.parent / name, folder / name)
    return folder / workspace.name


def keys_of(workspace: Path) -> Path:
    return workspace.with_name(f"{workspace.name}-keys")


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("house"))


@pytest.fixture
def lived(house: Path, tmp_path: Path) -> Path:
    return copy(house, tmp_path)


def act(command: Run, folder: Path, *arguments: object) -> Answer:
    """A command on a workspace."""
    return command(*arguments, "--workspace", folder)
