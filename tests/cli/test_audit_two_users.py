"""Two users of the operating system, each a process of its own: one asks, the other approves, the first opens (A1).

Only the superuser can become somebody else; where the tests run as another user this drill is left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import AS_OF, environment

# The real user is what the system says of who works; the effective one, which opens files, stays as it is.
AS = """
import os, sys
os.setresuid(int(sys.argv[1]), -1, -1)
sys.argv[1:] = sys.argv[2:]
from netpursuit.cli import main
main()
"""
ONE, OTHER = 65534, 1


def as_user(workspace: Path, user: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``netpursuit`` as a process that a user of the operating system has started."""
    return subprocess.run(
        [sys.executable, "-c", AS, str(user), *arguments],
        env=environment(LOGNAME="somebody-else", USER="somebody-else", NETPURSUIT_WORKSPACE=str(workspace)),
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody reads, unlike those of pytest."""
    folder = Path(tempfile.mkdtemp(prefix="netpursuit-two-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="needs to become another user")
def test_what_one_user_asks_another_user_of_the_system_approves(
    tmp_path: Path, wanted: tuple[Path, Path], open_folder: Path
) -> None:
    def run(user: int, *arguments: str) -> subprocess.CompletedProcess[str]:
        return as_user(tmp_path / "ws", user, *arguments, "--reason", "audit:A-1")

    listed, mapping = (shutil.copy(file, open_folder) for file in wanted)
    added = run(ONE, "lists", "add", listed, "--list", "w", "--mapping", mapping, "--as-of", AS_OF)
    assert added.returncode == 0, added.stderr
    typed = run(ONE, "match", "Canarystein Quux", "--birth-date", "1911-11-11", "--as-of", AS_OF)
    assert typed.returncode == 0, typed.stderr
    shown = run(ONE, "audit", "show", "--verb", "match").stdout
    (query,) = [word for word in shown.split() if word.startswith("C-")]
    assert run(ONE, "audit", "request", query).returncode == 0
    own = run(ONE, "audit", "approve", query)
    assert (own.returncode, own.stdout) == (4, "")
    assert run(ONE, "audit", "open", query).returncode == 4
    approved = run(OTHER, "audit", "approve", query)
    assert approved.returncode == 0, approved.stderr
    assert run(OTHER, "audit", "open", query).returncode == 4, "who approves does not open"
    opened = run(ONE, "audit", "open", query)
    assert "Canarystein Quux" in opened.stdout, opened.stderr
    log = run(ONE, "audit", "show").stdout
    assert "somebody-else" not in log, "the environment decides nothing"
    assert "Canarystein" not in log
