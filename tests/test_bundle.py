"""The bundle for machines without a network: unpacked in an empty folder, it installs and runs with none."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tools import bundle


def offline() -> list[str]:
    """What a command is put behind to have no network; empty where the system does not allow it."""
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [unshare, "-n"]
    return []


def environment() -> dict[str, str]:
    """Nothing of the developer's Python; where a network is left, no way through it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NETPURSUIT", "PIP_"))}
    dead = "http://127.0.0.1:9"
    return kept | {"PIP_INDEX_URL": dead, "PIP_NO_CACHE_DIR": "1", "HTTPS_PROXY": dead, "HTTP_PROXY": dead}


@pytest.mark.slow
def test_the_bundle_installs_and_runs_without_a_network(tmp_path: Path) -> None:
    assert bundle.main(["--out", str(tmp_path / "dist")]) == 0
    (tar,) = (tmp_path / "dist").iterdir()
    assert tar.name.startswith("netpursuit-")
    assert tar.name.endswith(f"-{bundle.this_python()}-{bundle.this_platform()}.tar")
    with tarfile.open(tar) as archive:
        archive.extractall(tmp_path / "empty", filter="data")
    (unpacked,) = (tmp_path / "empty").iterdir()
    env, place = environment(), tmp_path / "env"

    def install() -> subprocess.CompletedProcess[str]:
        command = [*offline(), str(unpacked / "install.sh"), str(place), sys.executable]
        return subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    # What is in it stands in its bill of materials, with the hash that the installer checks.
    (bill,) = unpacked.glob("*.cdx.json")
    (report,) = unpacked.glob("*-licences.md")
    assert "## click " in report.read_text(encoding="utf-8")
    hashed = {item["hashes"][0]["content"] for item in json.loads(bill.read_bytes())["components"]}
    required = (unpacked / "requirements.txt").read_text(encoding="utf-8").split("\n")
    others = [line.partition("sha256:")[2] for line in required if line and not line.startswith("netpursuit")]
    assert len(others) > 30
    assert set(others) <= hashed

    # A file that was changed on its way: nothing is installed.
    wheel = next((unpacked / "wheels").glob("netpursuit-*.whl"))
    assert "netpursuit/web/built/index.html" in zipfile.ZipFile(wheel).namelist()
    whole = wheel.read_bytes()
    wheel.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    refused = install()
    assert refused.returncode == 1
    assert "not what it was" in refused.stderr
    assert not place.exists()
    wheel.write_bytes(whole)

    for _ in ("a first time", "over itself"):
        done = install()
        assert done.returncode == 0, done.stderr
    ran = subprocess.run(
        [*offline(), str(place / "bin" / "netpursuit"), "demo", "--workspace", "ws", "--json"],
        cwd=tmp_path / "empty",
        env=env,
        capture_output=True,
        check=True,
    )
    answer = json.loads(ran.stdout)
    assert answer["found"] == answer["planted"] == 36
    assert answer["false_leads"] == []


def test_a_requirement_is_pinned_and_has_its_hash(tmp_path: Path) -> None:
    for name in ("resvg_py-0.4.1-cp311-abi3-linux_x86_64.whl", "Anyascii-0.3.3-py3-none-any.whl"):
        (tmp_path / name).write_bytes(b"")
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert bundle.requirements(list(tmp_path.iterdir())).splitlines() == [
        f"anyascii==0.3.3 --hash=sha256:{empty}",
        f"resvg-py==0.4.1 --hash=sha256:{empty}",
    ]


def test_another_python_is_refused_by_the_installer(tmp_path: Path) -> None:
    text = (bundle.TEXTS / "install.sh").read_text(encoding="utf-8")
    script = tmp_path / "install.sh"
    script.write_text(text.replace("@PYTHON@", "2.7").replace("@PLATFORM@", "none"), encoding="utf-8")
    command = ["sh", str(script), str(tmp_path / "env"), sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "for Python 2.7" in done.stderr
    assert not (tmp_path / "env").exists()
