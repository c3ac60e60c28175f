"""The built wheel carries everything it needs: installed in an empty folder, it runs the demonstration; the page in
it is whole and small."""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from tools import man_pages

ROOT = Path(__file__).resolve().parent.parent
PAGE = "netpursuit/web/built/"
FIRST_LOAD = 300_000  # bytes zipped


def build(kind: str, folder: Path) -> Path:
    built = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    subprocess.run(built, cwd=ROOT, check=True, capture_output=True)
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("dist") / "wheel")


def first_load(parts: dict[str, bytes]) -> set[str]:
    """What a browser loads before anybody asks for more: the page, all it names, and what these import at once."""
    wanted, found = ["index.html"], set[str]()
    while wanted:
        name = wanted.pop()
        if name in found:
            continue
        found.add(name)
        text = parts[name].decode()
        if name.endswith(".html"):
            wanted += re.findall(r'(?:src|href)="/([^"]+)"', text)
        elif name.endswith(".js"):
            imported = re.findall(r'(?:from|import)\s*"\./([^"]+)"', text)
            wanted += [f"assets/{part}" for part in imported]
    return found


def test_the_page_is_in_the_wheel_whole_and_small(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        parts = {name.removeprefix(PAGE): archive.read(name) for name in archive.namelist() if name.startswith(PAGE)}
    loaded = first_load(parts)
    assert {Path(name).suffix for name in loaded} >= {".html", ".js", ".css"}
    named = re.findall(rb"[\w.-]+-[\w-]{8}\.(?:js|css|svg)", b"".join(parts.values()))
    assert {name.decode() for name in named} <= {Path(name).name for name in parts}, "of the parts loaded later too"
    assert sum(len(gzip.compress(parts[name], 6)) for name in loaded) <= FIRST_LOAD
    assert not [name for name in parts if name.endswith(".map")]


def test_the_wheel_bears_the_manual_and_names_what_others_wrote_of_the_page(wheel: Path, tmp_path: Path) -> None:
    pages = {
        file.relative_to(tmp_path).as_posix(): file.read_text(encoding="utf-8") for file in man_pages.write(tmp_path)
    }
    with zipfile.ZipFile(wheel) as archive:
        place = re.compile(r"netpursuit-[^/]+\.data/data/share/man/(.*)")
        inside = {found[1]: archive.read(name).decode() for name in archive.namelist() if (found := place.match(name))}
        (bill,) = (name for name in archive.namelist() if name.endswith(".dist-info/sboms/netpursuit-page.cdx.json"))
        named = json.loads(archive.read(bill))
        notices = archive.read(f"{PAGE}LICENCES.txt").decode()
    assert inside == pages
    assert {item["name"] for item in named["components"]} >= {"preact", "signals", "sigma", "graphology"}
    assert "preact" in notices


@pytest.mark.slow
def test_the_wheel_runs_the_demonstration_in_an_empty_folder(tmp_path: Path, wheel: Path) -> None:
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
