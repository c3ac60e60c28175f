"""The built wheel carries everything it needs: installed in an empty folder, it runs the demonstration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_the_wheel_runs_the_demonstration_in_an_empty_folder(tmp_path: Path) -> None:
    built = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    wheel = next((tmp_path / "dist").glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("catalogue/words/core.toml", "demo/demo.toml", "reports/templates/report.html.j2", "py.typed"):
        assert f"netpursuit/{needed}" in names
    assert not [name for name in names if name.startswith("tests/")]
    venv.create(tmp_path / "env", with_pip=True)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "-q", str(wheel)], check=True, capture_output=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NETPURSUIT"))}
    done = subprocess.run(
        [scripts / "netpursuit", "demo", "--workspace", "ws", "--json"],
        cwd=empty,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    answer = json.loads(done.stdout)
    assert answer["found"] == answer["planted"] == 36
    assert answer["false_leads"] == []
    assert (empty / answer["report"]).is_file()
