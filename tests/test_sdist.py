"""The source distribution installs by pip alone where there is no compiler and no Node, and runs; it holds the sources,
the built page and nothing else that was built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest

from tests.conftest import ROOT, leave_out
from tests.test_wheel import PAGE, build

OTHERS = ("cc", "gcc", "clang", "c++", "zig", "make", "node", "npm", "git", "sh")
NO_SOURCES = (".ci/", ".gitignore")  # tracked, and for developers alone or added by the build itself


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", tmp_path_factory.mktemp("sdist") / "dist")


def names_in(archive: Path) -> set[str]:
    with tarfile.open(archive) as opened:
        return {member.name.partition("/")[2] for member in opened.getmembers() if member.isfile()}


def test_it_holds_every_source_the_page_and_nothing_else(sdist: Path) -> None:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        leave_out("needs the repository to compare with")
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    tracked = set(subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\n"))
    sources = {name for name in tracked if name and (ROOT / name).is_file() and not name.startswith(NO_SOURCES)}
    found = names_in(sdist)
    assert sources - found == set()
    more = {name for name in found - sources if not name.startswith(PAGE)}
    assert more == {"PKG-INFO", ".gitignore"}
    built = {name.removeprefix(PAGE) for name in found if name.startswith(PAGE)}
    assert {"web/package-lock.json", "web/src/main.tsx", "tools/page.py"} <= found
    assert built >= {"index.html", "LICENCES.txt", "SOURCES.sha256"}


def without_page(sdist: Path, folder: Path) -> Path:
    """The same source distribution as one makes where no page was built before."""
    stripped = folder / sdist.name
    with tarfile.open(sdist) as archive, tarfile.open(stripped, "w:gz") as other:
        for member in archive.getmembers():
            if PAGE not in member.name:
                other.addfile(member, archive.extractfile(member) if member.isfile() else None)
    assert not [name for name in names_in(stripped) if name.startswith(PAGE)]
    return stripped


@pytest.mark.slow
def test_it_installs_by_pip_alone_and_runs(sdist: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "env", with_pip=True)
    if os.name == "nt":
        leave_out("needs a PATH of links")
    # Nothing but Python is on the path: the compiler and the Node are those that pip fetches for the build.
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "python3").symlink_to(sys.executable)
    assert [name for name in OTHERS if shutil.which(name, path=str(alone))] == []
    dropped = ("PYTHON", "NETPURSUIT", "CC", "VIRTUAL_ENV")
    kept = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    environment = {**kept, "PATH": str(alone), "NETPURSUIT_WHOLE": "1"}

    def run(*command: object) -> str:
        named = [str(part) for part in command]
        done = subprocess.run(named, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done.stdout

    python = tmp_path / "env" / "bin" / "python"
    install = (python, "-m", "pip", "install", "-q", "--disable-pip-version-check")
    run(*install, without_page(sdist, tmp_path))
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    (unpacked,) = (tmp_path / "unpacked").iterdir()
    tried = run(python, unpacked / "tools" / "smoke.py")
    assert "36 of 36 found, no false lead" in tried
    assert "kernel: native" in tried
    assert "page: served" in tried
    assert (tmp_path / "env" / "share" / "man" / "man1" / "netpursuit-leads.1").is_file()

    # With the page in it, as it is handed on, the build has no use for Node.
    run(*install, "--force-reinstall", "--no-deps", sdist)
    asked = (
        "from netpursuit.web.page import is_built; from netpursuit.kernel.native import kernel_name; "
        "print(kernel_name(), is_built())"
    )
    assert run(python, "-P", "-c", asked).split() == ["native", "True"]
